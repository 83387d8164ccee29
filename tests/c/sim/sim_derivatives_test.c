/* SPDX-License-Identifier: MIT */
/* The simulator's derivatives against central differences, and its linear solver against Gaussian
 * elimination. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sim/fluid/pvt.h"
#include "sim/fluid/satfun.h"
#include "sim/sim_parts.h"
#include "sim_models.h"

/* Two wells, one of them in several cells, and a boundary; cells with and without free gas. */
#define MODEL                                                                                      \
    "{'grid':{'nx':4,'ny':2,'nz':3,'dx':200,'dy':150,'dz':[20,15,30],"                             \
    "'tops':[5000,5010,5020,5030,5005,5015,5025,5035]},"                                           \
    "'rock':{'porosity':[0.2,0.18,0.22],'permx':[120,60,200],'permy':[80,50,150],"                 \
    "'permz':[10,5,20],'compressibility':4e-6,'pref':3000}," FLUIDS TABLES ","                     \
    "'initial':{'type':'explicit','pressure':[2400,2410,2420],'sw':[0.3,0.35,0.5],"                \
    "'sg':[0.1,0,0.02],'rs':[0.6,0.4,0.7]},"                                                       \
    "'wells':[{'name':'P','type':'producer','radius':0.3,'perforations':[{'i':3,'j':1,'k':0},"     \
    "{'i':3,'j':1,'k':1},{'i':3,'j':1,'k':2},{'i':2,'j':1,'k':2,'dir':'x'}]},"                     \
    "{'name':'I','type':'injector','fluid':'gas','radius':0.3,'perforations':[{'i':0,'j':0,'k':0}" \
    ",{'i':0,'j':0,'k':1}]}],"                                                                     \
    "'schedule':[{'day':0,'wells':{'P':{'control':'lrat','lrat':300,'bhp':500},"                   \
    "'I':{'control':'rate','rate':400,'bhp':6000}}}],"                                             \
    "'boundaries':[{'face':'y-','type':'pressure','pressure':2450},"                               \
    "{'face':'x+','type':'flux','rate':-50},"                                                      \
    "{'face':'z+','type':'carter_tracy','initial_pressure':2600,'constant':50,'time_factor':0.1}],"\
    "'report_days':[30]}"

static bw_ctx ctx;
static bw_arena arena;

/* At a state inside a step: cells moved off what they began with. */
static bw_sim *prepared(double dt)
{
    bw_sim *sim = NULL;
    const bw_node *model = sim_model(&ctx, &arena, MODEL);

    if (!CHECK_OK(&ctx, bw_sim_new(&ctx, model, &sim))) {
        return NULL;
    }
    bw__sim_apply(sim, &sim->events[0]);
    bw__sim_apply(sim, &sim->events[1]);
    memcpy(sim->acc_old, sim->acc_begin, 3 * (size_t)sim->grid.n * sizeof(double));
    bw__sim_vars_copy(&sim->old, &sim->vars, sim->grid.n);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        sim->mean_fvf[phase] = 1.1;
    }
    bw__sim_heads(sim);
    bw__sim_boundaries_begin(sim, dt);
    for (int32_t c = 0; c < sim->grid.n; c++) {
        sim->vars.p[c] += 7.3 * ((c * 7) % 11 - 5);
        sim->vars.sw[c] += 0.0031 * ((c * 5) % 7 - 3);
        if (sim->vars.sat[c]) {
            sim->vars.x[c] += 0.0023 * ((c * 3) % 5);
        }
    }
    return sim;
}

static double *unknown(bw_sim *sim, int32_t c, int32_t j)
{
    return j == 0 ? &sim->vars.p[c] : j == 1 ? &sim->vars.sw[c] : &sim->vars.x[c];
}

static void the_residual_has_the_jacobian_as_its_slope(void)
{
    const double steps[3] = {1e-3, 1e-7, 1e-7};
    bw_sim *sim = prepared(5);
    int32_t n = sim != NULL ? sim->grid.n : 0;
    double *plus = calloc(3 * (size_t)n + 1, sizeof *plus);
    double *jacobian = calloc(9 * (size_t)n * (size_t)n + 1, sizeof *jacobian);
    double worst = 0;

    if (sim == NULL || plus == NULL || jacobian == NULL) {
        return;
    }
    CHECK(bw__sim_props(sim));
    bw__sim_assemble(sim, 5);
    for (int32_t c = 0; c < n; c++) {
        for (int32_t at = sim->solver.m.row[c]; at < sim->solver.m.row[c + 1]; at++) {
            for (int32_t e = 0; e < 9; e++) {
                size_t row = 3 * (size_t)c + (size_t)(e / 3);
                size_t col = 3 * (size_t)sim->solver.m.col[at] + (size_t)(e % 3);
                jacobian[row * 3 * (size_t)n + col] += sim->solver.m.a[9 * (size_t)at + (size_t)e];
            }
        }
    }
    for (int32_t c = 0; c < n; c++) {
        for (int32_t j = 0; j < 3; j++) {
            double h = steps[j], *x = unknown(sim, c, j), keep = *x, scale = 0;
            *x = keep + h;
            CHECK(bw__sim_props(sim));
            bw__sim_assemble(sim, 5);
            memcpy(plus, sim->residual, 3 * (size_t)n * sizeof *plus);
            *x = keep - h;
            CHECK(bw__sim_props(sim));
            bw__sim_assemble(sim, 5);
            *x = keep;
            for (int32_t row = 0; row < 3 * n; row++) {
                double exact = jacobian[(size_t)row * 3 * (size_t)n + 3 * (size_t)c + (size_t)j];
                scale = fabs(exact) > scale ? fabs(exact) : scale;
            }
            for (int32_t row = 0; row < 3 * n; row++) {
                double exact = jacobian[(size_t)row * 3 * (size_t)n + 3 * (size_t)c + (size_t)j];
                double error = fabs((plus[row] - sim->residual[row]) / (2 * h) - exact) / scale;
                worst = error > worst ? error : worst;
            }
        }
    }
    CHECK_NEAR(worst, 0, 2e-5);
    free(plus);
    free(jacobian);
    bw_sim_free(&ctx, sim);
}

/* Sums over the field, by volume: what is left of each component. */
static void left_over(const bw_sim *sim, double out[3])
{
    memset(out, 0, 3 * sizeof *out);
    for (int32_t i = 0; i < 3 * sim->grid.n; i++) {
        out[i % 3] += sim->grid.volume[i / 3] * sim->residual[i];
    }
}

static void a_residual_alone_is_the_same_to_the_bit(void)
{
    bw_sim *sim = prepared(5);
    size_t n = sim != NULL ? 3 * (size_t)sim->grid.n : 0;
    double *with = calloc(n + 1, sizeof *with);

    if (sim == NULL || with == NULL) {
        return;
    }
    CHECK(bw__sim_props(sim));
    for (int32_t gas = 1; gas >= 0; gas--) { /* and where there is a phase less */
        sim->fluids.has[BW_GAS] = gas == 1;
        bw__sim_assemble(sim, 5);
        memcpy(with, sim->residual, n * sizeof *with);
        memset(sim->residual, 0xff, n * sizeof *with);
        bw__sim_residual(sim, 5);
        CHECK(memcmp(with, sim->residual, n * sizeof *with) == 0);
    }
    free(with);
    bw_sim_free(&ctx, sim);
}

static void add_update(bw_sim *sim)
{
    for (int32_t i = 0; i < 3 * sim->grid.n; i++) {
        *unknown(sim, i / 3, i % 3) += sim->update[i];
    }
}

/* The Jacobian that the update's correction comes from is checked above; here what it is to do: sums that a system
 * has left to the equations' curvature are hardly there any more where the correction leads to. */
static void sums_are_made_right_by_the_last_system(void)
{
    bw_sim *sim = prepared(5);
    double before[3], after[3];

    if (sim == NULL) {
        return;
    }
    sim->solver.has_sums = false;
    CHECK(!bw__sim_settle(sim));
    CHECK(bw__sim_props(sim));
    sim->options.mb = 1; /* until cells have converged, whatever the sums are */
    CHECK(bw__sim_newton(sim, 5) == BW_STEP_OK);
    left_over(sim, before);
    CHECK(bw__sim_settle(sim));
    add_update(sim);
    CHECK(bw__sim_props(sim));
    bw__sim_residual(sim, 5);
    left_over(sim, after);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        CHECK(fabs(after[phase]) < 0.1 * fabs(before[phase]));
    }
    bw_sim_free(&ctx, sim);
}

static void oil_and_gas_slopes(void)
{
    bw_sim *sim = prepared(1);
    const bw_sim_pvt *pvt = sim != NULL ? &sim->fluids.region[0] : NULL;

    for (int32_t i = 0; pvt != NULL && i < 40; i++) {
        double p = 400 + 137.31 * i, rs = 0.02 + 0.0163 * i, h = 1e-4;
        bw_sim_oil a, b, o;
        bw__pvt_oil(pvt, p, rs, &o);
        bw__pvt_oil(pvt, p + h, rs, &a);
        bw__pvt_oil(pvt, p - h, rs, &b);
        CHECK_NEAR((a.b - b.b) / (2 * h), o.b_p, 1e-9);
        CHECK_NEAR((a.bm - b.bm) / (2 * h), o.bm_p, 1e-9);
        bw__pvt_oil(pvt, p, rs + 1e-7, &a);
        bw__pvt_oil(pvt, p, rs - 1e-7, &b);
        CHECK_NEAR((a.b - b.b) / 2e-7, o.b_rs, 1e-6);
        CHECK_NEAR((a.bm - b.bm) / 2e-7, o.bm_rs, 1e-6);
    }
    if (sim != NULL) { /* at the bubble point both readings meet; between rows 1/B is linear */
        bw_sim_oil o;
        double rs = bw__pvt_rs_sat(pvt, 2250, NULL), b, b_p, bm, bm_p;
        CHECK_NEAR(rs, 0.5, 1e-14);
        CHECK_NEAR(bw__pvt_bubble_point(pvt, rs), 2250, 1e-10);
        bw__pvt_oil(pvt, 2250, rs, &o);
        CHECK_NEAR(1 / o.b, 1 / (0.5 / 1.18 + 0.5 / 1.35), 1e-14);
        bw__pvt_gas(pvt, 2000, &b, &b_p, &bm, &bm_p);
        CHECK_NEAR(1 / b, 1 / (0.5 / 2.9 + 0.5 / 0.95), 1e-14);
        CHECK_NEAR(b / bm, (0.5 / 2.9 + 0.5 / 0.95) / (0.5 / (2.9 * 0.014) + 0.5 / (0.95 * 0.02)),
                   1e-14);
        bw_sim_free(&ctx, sim);
    }
}

#define MODELS_MODEL                                                                               \
    "{'grid':{'nx':1,'ny':1,'nz':1,'dx':1,'dy':1,'dz':1,'tops':5000},'rock':{'porosity':0.2,"      \
    "'permx':100,'permy':100,'permz':100}," FLUIDS "%s,'initial':{'type':'explicit',"              \
    "'pressure':3000,'sw':0.3,'sg':0.1},'report_days':[1]}"

/* Every rule and model, off its kinks. */
static void saturation_function_slopes(void)
{
    static const char *const curves[] = {
        TABLES, ("'relperm':{'type':'brooks_corey','nw':2.5,'no':3,'ng':1.5,'krw':0.4,'krg':0.8,"
                "'endpoints':{'swir':0.15,'swc':0.15,'sorw':0.2,'sorg':0.1,'sgr':0.05}},"
                "'capillary':{'type':'brooks_corey','ow':{'pd':5,'lambda':2},'go':{'pd':1,"
                "'lambda':1.5},'wettability':'mixed_wet'}"),
        ("'relperm':{'type':'let','water':{'L':2,'E':3,'T':1.5,'max':0.5},'oil_water':{'L':2.5},"
        "'endpoints':{'swir':0.15,'sorw':0.2,'sorg':0.1,'sgr':0.05}},"
        "'capillary':{'type':'van_genuchten'}"),
        ("'relperm':{'type':'brooks_corey','oil':'bores','endpoints':{'swir':0.15,'sorw':0.2}},"
        "'capillary':{'type':'leverett_j'}")};

    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        char text[4000];
        const char *at = strstr(MODELS_MODEL, "%s");
        bw_sim *sim = NULL;
        size_t head = (size_t)(at - MODELS_MODEL);
        memcpy(text, MODELS_MODEL, head);
        memcpy(text + head, curves[i], strlen(curves[i]));
        memcpy(text + head + strlen(curves[i]), at + 2, strlen(at + 2) + 1);
        if (!CHECK_OK(&ctx, bw_sim_new(&ctx, sim_model(&ctx, &arena, text), &sim))) {
            continue;
        }
        for (int32_t rule = 0; rule < BW_MIX_COUNT; rule++) {
            sim->satfun.mixing = (bw_sim_mixing)rule;
            for (int32_t k = 0; k < 12; k++) {
                double sw = 0.21 + 0.0313 * k, sg = 0.32 - 0.0211 * k, h = 1e-7;
                bw_sim_kr o, a, b;
                bw__satfun(&sim->satfun, 0, sw, sg, &o);
                CHECK(o.kro >= 0 && o.kro <= 1.5);
                bw__satfun(&sim->satfun, 0, sw + h, sg, &a);
                bw__satfun(&sim->satfun, 0, sw - h, sg, &b);
                CHECK_NEAR((a.krw - b.krw) / (2 * h), o.krw_w, 1e-5);
                CHECK_NEAR((a.kro - b.kro) / (2 * h), o.kro_w, 2e-5);
                CHECK_NEAR((a.pcow - b.pcow) / (2 * h), o.pcow_w, 1e-4 * (1 + fabs(o.pcow_w)));
                bw__satfun(&sim->satfun, 0, sw, sg + h, &a);
                bw__satfun(&sim->satfun, 0, sw, sg - h, &b);
                CHECK_NEAR((a.krg - b.krg) / (2 * h), o.krg_g, 1e-5);
                CHECK_NEAR((a.kro - b.kro) / (2 * h), o.kro_g, 2e-5);
                CHECK_NEAR((a.pcgo - b.pcgo) / (2 * h), o.pcgo_g, 1e-4 * (1 + fabs(o.pcgo_g)));
            }
        }
        bw_sim_free(&ctx, sim);
    }
}

/* Gauss with row pivoting. */
static void eliminate(double *a, double *b, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k; i < n; i++) {
            pivot = fabs(a[i * n + k]) > fabs(a[pivot * n + k]) ? i : pivot;
        }
        for (size_t j = 0; j < n; j++) {
            double t = a[k * n + j];
            a[k * n + j] = a[pivot * n + j];
            a[pivot * n + j] = t;
        }
        double t = b[k];
        b[k] = b[pivot];
        b[pivot] = t;
        for (size_t i = k + 1; i < n; i++) {
            double f = a[i * n + k] / a[k * n + k];
            for (size_t j = k; j < n; j++) {
                a[i * n + j] -= f * a[k * n + j];
            }
            b[i] -= f * b[k];
        }
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++) {
            b[i] -= a[i * n + j] * b[j];
        }
        b[i] /= a[i * n + i];
    }
}

/* Of one system, with and without multigrid. */
static void solves_as_gauss_does(void)
{
    bw_sim *sim = prepared(5);
    size_t n = sim != NULL ? 3 * (size_t)sim->grid.n : 0;
    double *a = calloc(n * n + 1, sizeof *a), *b = calloc(n + 1, sizeof *b);

    if (sim == NULL || a == NULL || b == NULL) {
        return;
    }
    CHECK(bw__sim_props(sim));
    bw__sim_assemble(sim, 5);
    for (size_t c = 0; c < n / 3; c++) {
        for (int32_t at = sim->solver.m.row[c]; at < sim->solver.m.row[c + 1]; at++) {
            for (size_t e = 0; e < 9; e++) {
                a[(3 * c + e / 3) * n + 3 * (size_t)sim->solver.m.col[at] + e % 3] +=
                    sim->solver.m.a[9 * (size_t)at + e];
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        b[i] = -sim->residual[i];
    }
    eliminate(a, b, n);
    sim->options.linear = 1e-13;
    for (int32_t with = 0; with < 2; with++) {
        double worst = 0, most = 0, sum[3] = {0, 0, 0}, begin[3] = {0, 0, 0};
        if (with == 1) {
            CHECK_OK(&ctx, bw__sim_amg_new(&ctx, sim->grid.n, sim->solver.m.row[sim->grid.n],
                                           &sim->solver.amg));
        }
        CHECK(bw__sim_linear_solve(sim, true, 1e-13) > 0);
        for (size_t i = 0; i < n; i++) {
            most = fabs(b[i]) > most ? fabs(b[i]) : most;
            worst = fabs(sim->update[i] - b[i]) > worst ? fabs(sim->update[i] - b[i]) : worst;
        }
        CHECK_NEAR(worst / most, 0, 1e-9);
        /* However loose a solution is, nothing is left of the components' sums. */
        CHECK(bw__sim_linear_solve(sim, true, 0.3) > 0);
        bw__sim_multiply(&sim->solver.m, sim->update, sim->solver.work);
        for (size_t i = 0; i < n; i++) {
            double volume = sim->grid.volume[i / 3];
            begin[i % 3] += volume * fabs(sim->residual[i]);
            sum[i % 3] += volume * (sim->residual[i] + sim->solver.work[i]);
        }
        for (int32_t phase = 0; phase < 3; phase++) {
            CHECK_NEAR(sum[phase] / begin[phase], 0, 1e-9);
        }
    }
    free(a);
    free(b);
    bw_sim_free(&ctx, sim);
}

int main(void)
{
    bw_ctx_init(&ctx);
    RUN(the_residual_has_the_jacobian_as_its_slope);
    RUN(a_residual_alone_is_the_same_to_the_bit);
    RUN(sums_are_made_right_by_the_last_system);
    RUN(oil_and_gas_slopes);
    RUN(saturation_function_slopes);
    RUN(solves_as_gauss_does);
    bw_arena_free(&ctx, &arena);
    return check_summary();
}
