/* SPDX-License-Identifier: MIT */
/* Whole simulations: against analytic answers, against themselves turned round, continued and
 * branched, and where they cannot go on. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "failing_allocator.h"
#include "sim_models.h"

static bw_ctx ctx;
static bw_arena arena;

static bw_sim *start(const char *text)
{
    bw_sim *sim = NULL;
    const bw_node *model = sim_model(&ctx, &arena, text);

    CHECK(model != NULL);
    return CHECK_OK(&ctx, bw_sim_new(&ctx, model, &sim)) ? sim : NULL;
}

static bw_node *read_part(bw_sim *sim, bw_sim_part part)
{
    bw_node *tree = NULL;

    CHECK_OK(&ctx, bw_sim_read(&ctx, sim, part, &arena, &tree));
    return tree;
}

/* Buckley and Leverett ------------------------------------------------------------------- */

#define DISPLACEMENT                                                                               \
    "{'phases':['water','oil'],'grid':{'nx':%d,'ny':1,'nz':1,'dx':%.17g,'dy':100,'dz':10,"         \
    "'tops':5000},'rock':{'porosity':0.2,'permx':500,'permy':500,'permz':500},"                    \
    "'water':{'pref':3000,'bw':1,'cw':1e-9,'muw':1},'density':{'oil':62.4,'water':62.4},"          \
    "'oil':{'type':'dead','pvdo':[[100,1.00001,%g],[9000,1,%g]]},"                                 \
    "'relperm':{'type':'brooks_corey','nw':2,'no':2,'endpoints':{'swir':0.2,'sorw':0.2}},"         \
    "'initial':{'type':'explicit','pressure':3000,'sw':0.2},"                                      \
    "'wells':[{'name':'I','type':'injector','radius':0.3,'perforations':[{'i':0,'j':0,'k':0}]},"   \
    "{'name':'P','type':'producer','radius':0.3,'perforations':[{'i':%d,'j':0,'k':0}]}],"          \
    "'schedule':[{'day':0,'wells':{'I':{'control':'rate','rate':50,'bhp':1e5},"                    \
    "'P':{'control':'bhp','bhp':2000}}}],'options':{'maximum_step':%g},'report_days':[%.17g]}"

/* Pore volumes injected when the water cut passes half of the shock's. */
static double breakthrough(int cells, double oil_viscosity, double shock_cut)
{
    char text[3000];
    double volume = 1000.0 * 100 * 10 * 0.2 / 5.614583, end = volume / 50, before = 0, cut = 0;
    bw_sim *sim = NULL;

    (void)snprintf(text, sizeof text, DISPLACEMENT, cells, 1000.0 / cells, oil_viscosity,
                   oil_viscosity, cells - 1, end / (4 * cells), end);
    sim = start(text);
    while (sim != NULL && bw_sim_day(sim) < end) {
        double day = bw_sim_day(sim), last = cut;
        if (!CHECK_OK(&ctx, bw_sim_step(&ctx, sim, end))) {
            break;
        }
        cut = sim_value(read_part(sim, BW_SIM_SUMMARY), "curves.FWCT");
        if (cut > 0.5 * shock_cut) {
            before = day + (bw_sim_day(sim) - day) * (0.5 * shock_cut - last) / (cut - last);
            break;
        }
    }
    bw_sim_free(&ctx, sim);
    return before * 50 / volume;
}

/* Welge's construction for Corey exponents 2 and Swc = Sor = 0.2: with the mobility ratio M the
 * front is at (Sw - Swc)/(1 - Swc - Sor) = 1/sqrt(1 + M), and breaks through after 1/f'(Sf). */
static void displacement_converges_to_buckley_leverett(void)
{
    static const double viscosity[2] = {1, 5}, injected[2] = {0.49706, 0.34788};
    static const double cut[2] = {0.85355, 0.70412};

    for (int i = 0; i < 2; i++) {
        double coarse = breakthrough(50, viscosity[i], cut[i]) / injected[i] - 1;
        double fine = breakthrough(200, viscosity[i], cut[i]) / injected[i] - 1;
        CHECK_NEAR(fine, 0, 0.03);
        CHECK(fabs(fine) < 0.5 * fabs(coarse));
    }
}

/* Symmetry, rotation, balance --------------------------------------------------------------- */

#define SQUARE                                                                                     \
    "{'grid':{'nx':%d,'ny':%d,'nz':2,'dx':150,'dy':150,'dz':[20,30],'tops':5000},"                 \
    "'rock':{'porosity':0.2,'permx':80,'permy':80,'permz':8,'compressibility':4e-6,'pref':3000},"  \
    FLUIDS TABLES ",'initial':{'type':'equil','datum_depth':5010,'datum_pressure':2900,"           \
    "'woc':5300,'goc':4700,'rsvd':[[5000,0.5]]},'wells':[{'name':'I','type':'injector',"           \
    "'fluid':'water','perforations':[{'i':%d,'j':%d,'k':0},{'i':%d,'j':%d,'k':1}]},"               \
    "{'name':'A','type':'producer','perforations':[{'i':0,'j':0,'k':0}]},"                         \
    "{'name':'B','type':'producer','perforations':[{'i':%d,'j':%d,'k':0}]}],"                      \
    "'schedule':[{'day':0,'wells':{'I':{'control':'rate','rate':500,'bhp':5000},"                  \
    "'A':{'control':'orat','orat':200,'bhp':1500},'B':{'control':'orat','orat':200,'bhp':1500}}}],"\
    "'options':{'linear_tolerance':1e-10,'cnv_tolerance':1e-11,'mb_tolerance':1e-13},"             \
    "'report_days':[30,200,400]}"

static bw_sim *square(int nx, int ny)
{
    char text[4000];

    (void)snprintf(text, sizeof text, SQUARE, nx, ny, nx / 2, ny / 2, nx / 2, ny / 2, nx - 1,
                   ny - 1);
    return start(text);
}

static void a_symmetric_model_gives_a_symmetric_answer(void)
{
    bw_sim *sim = square(5, 5);
    const double *p = NULL, *sw = NULL;

    if (sim == NULL || !sim_run(&ctx, sim)) {
        return;
    }
    {
        const bw_node *state = read_part(sim, BW_SIM_STATE);
        p = sim_array(state, "cells.pressure");
        sw = sim_array(state, "cells.sw");
    }
    for (int i = 0; i < 5; i++) { /* about both diagonals */
        for (int j = 0; j < 5; j++) {
            for (int k = 0; k < 2; k++) {
                size_t at = (size_t)(k + 2 * (j + 5 * i)), turned = (size_t)(k + 2 * (i + 5 * j));
                size_t other = (size_t)(k + 2 * (4 - i + 5 * (4 - j)));
                CHECK_NEAR(p[turned] / p[at], 1, 1e-9);
                CHECK_NEAR(p[other] / p[at], 1, 1e-9);
                CHECK_NEAR(sw[other], sw[at], 1e-9);
            }
        }
    }
    CHECK(p[2 * (2 + 5 * 2)] > p[0] + 1);
    bw_sim_free(&ctx, sim);
}

static void a_turned_grid_gives_the_turned_answer(void)
{
    bw_sim *a = square(6, 4), *b = square(4, 6);

    if (a != NULL && b != NULL && sim_run(&ctx, a) && sim_run(&ctx, b)) {
        const bw_node *sa = read_part(a, BW_SIM_STATE), *sb = read_part(b, BW_SIM_STATE);
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 4; j++) {
                size_t at = (size_t)(2 * (j + 4 * i)), turned = (size_t)(2 * (i + 6 * j));
                CHECK_NEAR(sim_array(sb, "cells.pressure")[turned] /
                           sim_array(sa, "cells.pressure")[at], 1, 1e-9);
                CHECK_NEAR(sim_array(sb, "cells.sg")[turned], sim_array(sa, "cells.sg")[at], 1e-9);
            }
        }
    }
    bw_sim_free(&ctx, a);
    bw_sim_free(&ctx, b);
}

static void what_goes_in_and_out_is_what_is_missing(void)
{
    bw_sim *sim = square(5, 5);
    const bw_node *summary = NULL;

    if (sim == NULL || !sim_run(&ctx, sim)) {
        return;
    }
    summary = read_part(sim, BW_SIM_SUMMARY);
    CHECK_NEAR(sim_value(summary, "material_balance.oil"), 0, 1e-9);
    CHECK_NEAR(sim_value(summary, "material_balance.water"), 0, 1e-9);
    CHECK_NEAR(sim_value(summary, "material_balance.gas"), 0, 1e-9);
    CHECK_NEAR(sim_value(summary, "curves.FOIP") + sim_value(summary, "curves.FOPT"),
               sim_value(summary, "in_place_initial.oil"), 1e-3);
    CHECK(sim_value(summary, "curves.FOPT") > 1e4);
    bw_sim_free(&ctx, sim);
}

/* Water in the open at the same pressure everywhere: an aquifer at that pressure gives nothing,
 * one above it what the cells take up. */
static void an_aquifer_fills_what_it_touches(void)
{
    bw_sim *sim = start(
        "{'phases':['water','oil'],'grid':{'nx':4,'ny':1,'nz':1,'dx':100,'dy':100,'dz':10,"
        "'tops':5000},'rock':{'porosity':0.2,'permx':100,'permy':100,'permz':100},"
        "'water':{'pref':3000,'bw':1,'cw':3e-6,'muw':1},'density':{'oil':50,'water':62.4},"
        "'oil':{'type':'dead','pvdo':[[100,1.02,2],[9000,1,2]]},"
        "'relperm':{'type':'brooks_corey','endpoints':{'swir':0.2,'sorw':0.2}},"
        "'initial':{'type':'explicit','pressure':3000,'sw':0.3},"
        "'boundaries':[{'face':'x-','type':'carter_tracy','initial_pressure':3500,'constant':50,"
        "'time_factor':0.1}],'report_days':[10000]}");

    if (sim != NULL && sim_run(&ctx, sim)) {
        const bw_node *summary = read_part(sim, BW_SIM_SUMMARY);
        const double *p = sim_array(read_part(sim, BW_SIM_STATE), "cells.pressure");
        CHECK_NEAR(p[0], 3500, 1); /* the aquifer is without end */
        CHECK_NEAR(p[3], 3500, 1);
        CHECK_NEAR(sim_value(summary, "material_balance.water"), 0, 1e-9);
    }
    bw_sim_free(&ctx, sim);
}

/* Outside a model without water is what it has: nothing has to say so. */
static void a_boundary_without_water_brings_what_there_is(void)
{
    bw_sim *sim = start(
        "{'phases':['oil','gas'],'grid':{'nx':4,'ny':1,'nz':1,'dx':100,'dy':100,'dz':10,'tops':5000},"
        "'rock':{'porosity':0.2,'permx':100,'permy':100,'permz':100},'density':{'oil':50,'gas':0.06},"
        "'oil':{'type':'dead','pvdo':[[100,1.02,2],[9000,1,2]]},"
        "'gas':{'pvdg':[[100,30,0.01],[4000,0.75,0.02],[9000,0.4,0.03]]},"
        "'relperm':{'type':'brooks_corey'},'initial':{'type':'explicit','pressure':3000,'sg':0.1},"
        "'boundaries':[{'face':'x-','type':'pressure','pressure':3500}],'report_days':[3000]}");

    if (sim != NULL && sim_run(&ctx, sim)) {
        const bw_node *summary = read_part(sim, BW_SIM_SUMMARY);
        const double *p = sim_array(read_part(sim, BW_SIM_STATE), "cells.pressure");
        CHECK_NEAR(p[0], 3500, 1);
        CHECK_NEAR(p[3], 3500, 1);
        CHECK(sim_value(summary, "curves.FGIP") > 1.05 * sim_value(summary, "in_place_initial.gas"));
        CHECK_NEAR(sim_value(summary, "material_balance.gas"), 0, 1e-9);
    }
    bw_sim_free(&ctx, sim);
}

/* Going on ----------------------------------------------------------------------- */

static void a_continued_run_is_the_same_to_the_bit(void)
{
    bw_sim *whole = square(5, 4), *first = square(5, 4), *second = square(5, 4);

    if (whole == NULL || first == NULL || second == NULL) {
        return;
    }
    for (int i = 0; i < 5; i++) {
        CHECK_OK(&ctx, bw_sim_step(&ctx, first, 400));
    }
    CHECK_OK(&ctx, bw_sim_restore(&ctx, second, read_part(first, BW_SIM_SAVED)));
    CHECK_NEAR(bw_sim_day(second), bw_sim_day(first), 0);
    if (sim_run(&ctx, whole) && sim_run(&ctx, second)) {
        const bw_node *a = read_part(whole, BW_SIM_SAVED), *b = read_part(second, BW_SIM_SAVED);
        CHECK_BYTES(sim_array(a, "pressure"), sim_array(b, "pressure"), 40 * 8);
        CHECK_BYTES(sim_array(a, "third"), sim_array(b, "third"), 40 * 8);
        CHECK_NEAR(sim_value(read_part(whole, BW_SIM_SUMMARY), "curves.FGPT"),
                   sim_value(read_part(second, BW_SIM_SUMMARY), "curves.FGPT"), 0);
    }
    CHECK_STATUS(&ctx, bw_sim_restore(&ctx, second, read_part(whole, BW_SIM_RECORD)),
                 BW_ERR_VALIDATION);
    bw_sim_free(&ctx, whole);
    bw_sim_free(&ctx, first);
    bw_sim_free(&ctx, second);
}

/* What no run has saved is refused by its name before anything has changed. */
static void a_state_that_none_has_is_refused(void)
{
    enum { NEXT_EVENT = 3, REASON = 4, STEP = 5, CUTS = 9, FLUID = 3, CONTROL = 4 };
    const double far = 1e300, beyond = 2147483648.0;
    const struct {
        const char *list;
        int at;
        double is;
        const char *says;
    } cases[] = {
        {"scalars", NEXT_EVENT, -1, "saved.scalars: next_event is -1"},
        {"scalars", NEXT_EVENT, 4, "next_event is 4"}, {"scalars", NEXT_EVENT, NAN, "next_event is nan"},
        {"scalars", NEXT_EVENT, -beyond, "next_event"}, {"scalars", NEXT_EVENT, 0.5, "next_event is 0.5"},
        {"scalars", REASON, far, "next_reason is 1e+300"}, {"scalars", REASON, 99, "next_reason is 99"},
        {"scalars", STEP, far, "step is 1e+300"}, {"scalars", STEP, NAN, "step is nan"},
        {"scalars", CUTS, -1, "total_cuts is -1"},
        {"wells", FLUID, 3, "saved.wells: a well's fluid is 3"}, {"wells", FLUID, -1, "fluid is -1"},
        {"wells", FLUID, beyond, "fluid is"}, {"wells", FLUID, NAN, "fluid is nan"},
        {"wells", FLUID, 1, "an injector's fluid is 1"}, {"wells", CONTROL, -far, "control is -1e+300"},
        {"wells", CONTROL, 7, "a well's control is 7"}};
    bw_sim *first = square(3, 3), *second = square(3, 3);

    if (first == NULL || second == NULL) {
        return;
    }
    CHECK_OK(&ctx, bw_sim_step(&ctx, first, 400));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bw_node *saved = read_part(first, BW_SIM_SAVED);
        double *list = (double *)(uintptr_t)sim_array(saved, cases[i].list);

        list[cases[i].at] = cases[i].is;
        CHECK_STATUS(&ctx, bw_sim_restore(&ctx, second, saved), BW_ERR_VALIDATION);
        CHECK_CONTAINS(ctx.error.message, cases[i].says);
        CHECK_NEAR(bw_sim_day(second), 0, 0);
    }
    {
        const bw_node *saved = read_part(first, BW_SIM_SAVED);
        bw_map_get_text(saved, "water")->array->dtype.kind = 'i';
        CHECK_STATUS(&ctx, bw_sim_restore(&ctx, second, saved), BW_ERR_VALIDATION);
        CHECK_CONTAINS(ctx.error.message, "saved.water: is of type i8, not f8");
    }
    CHECK_OK(&ctx, bw_sim_restore(&ctx, second, read_part(first, BW_SIM_SAVED)));
    bw_sim_free(&ctx, first);
    bw_sim_free(&ctx, second);
}

static void wells_change_when_told_to(void)
{
    bw_sim *sim = square(5, 5);
    const bw_node *summary = NULL;

    if (sim == NULL) {
        return;
    }
    CHECK_OK(&ctx, bw_sim_step(&ctx, sim, 30));
    CHECK_OK(&ctx, bw_sim_change(&ctx, sim, sim_model(&ctx, &arena,
                   "{'A':{'status':'shut'},'B':{'control':'bhp','bhp':2750}}")));
    CHECK_STATUS(&ctx, bw_sim_change(&ctx, sim, sim_model(&ctx, &arena, "{'Z':{}}")),
                 BW_ERR_VALIDATION);
    CHECK_CONTAINS(ctx.error.message, "no such well");
    CHECK_STATUS(&ctx, bw_sim_change(&ctx, sim, sim_model(&ctx, &arena, "{'I':{'fluid':'oil'}}")),
                 BW_ERR_VALIDATION);
    CHECK_CONTAINS(ctx.error.message, "schedule.I.fluid: is oil, which cannot be injected here");
    CHECK_OK(&ctx, bw_sim_step(&ctx, sim, 30));
    summary = read_part(sim, BW_SIM_SUMMARY);
    CHECK_NEAR(sim_value(summary, "wells.A.WOPR"), 0, 0);
    CHECK_NEAR(sim_value(summary, "wells.B.WBHP"), 2750, 0); /* the limit is met exactly */
    CHECK(sim_value(summary, "wells.B.WOPR") > 0);
    bw_sim_free(&ctx, sim);
}

/* Where it cannot go on ---------------------------------------------------------------------- */

/* SQUARE of 3 by 3 with `find` replaced by `with`. */
static const char *changed(const char *find, const char *with)
{
    static char text[4000], out[4400];
    const char *at = NULL;

    (void)snprintf(text, sizeof text, SQUARE, 3, 3, 1, 1, 1, 1, 2, 2);
    at = strstr(text, find);
    if (!CHECK(at != NULL)) {
        return text;
    }
    (void)snprintf(out, sizeof out, "%.*s%s%s", (int)(at - text), text, with, at + strlen(find));
    return out;
}

static void refuses(const char *find, const char *with, const char *says)
{
    bw_sim *sim = NULL;
    const bw_node *model = sim_model(&ctx, &arena, changed(find, with));

    CHECK_STATUS(&ctx, bw_sim_new(&ctx, model, &sim), BW_ERR_VALIDATION);
    CHECK_CONTAINS(ctx.error.message, says);
    bw_sim_free(&ctx, sim);
}

static void a_bad_model_is_refused_by_its_path(void)
{
    refuses("'permx':80", "'permx':[80,-3]", "rock.permx: is -3 in cell (0, 0, 1)");
    refuses("'porosity':0.2", "'porosity':NaN", "rock.porosity: is nan in cell (0, 0, 0)");
    refuses("'dz':[20,30]", "'dz':[20,30,40]", "grid.dz: has 3 values");
    refuses("'datum_pressure':2900", "'datum_pressure':'high'", "initial.datum_pressure");
    refuses("'i':2,'j':2,'k':0", "'i':9,'j':2,'k':0", "wells.B.i: is 9");
    refuses("'A':{'control':'orat','orat':200", "'A':{'control':'orat','lrat':200", "orat");
    refuses("'A':{", "'Q':{", "schedule.Q: no such well");
    refuses("'I':{", "'I':{'fluid':'oil',", "schedule.I.fluid: is oil, which cannot be injected");
    refuses("[1000,2.9,0.014]", "[3000,2.9,0.014]", "gas.pvdg: row 2 begins with 3000 after 3000");
    refuses("[0.4,0.05,0.5,4]", "[0.4,1.5,0.5,4]", "relperm.swof");
    refuses("[0.4,0.05,0.5,4]", "[0.4,0.05,1,4]", "relperm.swof: row 1 rises");
    refuses("'i':2,'j':2,'k':0", "'i':1.5,'j':2,'k':0", "wells.B.i: is 1.5, a whole number");
    refuses("'grid':{", "'grid':{'dip':'steep',", "grid.dip: is neither true nor false");
    refuses("'grid':{", "'grid':{'geometry':'radial',", "grid.geometry: is \"radial\"");
    refuses("'grid':{", "'grid':{'nnc':{'file':'n.bin'},", "grid.nnc: is in a file");
    refuses("'grid':{", "'phases':['oil','steam'],'grid':{", "phases: number 1");
}

static void what_is_not_simulated_is_refused_by_its_path(void)
{
    static const char *const cases[][3] = {
        {"'grid':{", "'units':'metric','grid':{", "units: are \"metric\""},
        {"'A':{", "'A':{'resv':100,", "schedule[0].wells.A.resv: is not simulated"},
        {"'permx':", "'rocktab':[[1,2]],'permx':", "rock.rocktab: is not simulated"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bw_sim *sim = NULL;
        const bw_node *model = sim_model(&ctx, &arena, changed(cases[i][0], cases[i][1]));
        CHECK_STATUS(&ctx, bw_sim_new(&ctx, model, &sim), BW_ERR_UNSUPPORTED);
        CHECK_CONTAINS(ctx.error.message, cases[i][2]);
        bw_sim_free(&ctx, sim);
    }
}

static void every_problem_is_listed(void)
{
    bw_node *problems = NULL;
    const bw_node *model = sim_model(&ctx, &arena, "{'grid':{'nx':2,'ny':1,'nz':1,'dx':-1,'dy':1,"
                                                   "'dz':1,'tops':0},'report_days':[3,2]}");

    CHECK_OK(&ctx, bw_sim_problems(&ctx, &arena, model, &problems));
    CHECK(problems->children.len > 8);
}

static void a_step_that_cannot_be_made_says_where(void)
{
    bw_sim *sim = start(changed("'linear_tolerance':1e-10",
                                "'maximum_newton_iterations':1,'maximum_cuts':1"));
    const bw_node *failure = NULL;

    if (sim == NULL) {
        return;
    }
    CHECK_STATUS(&ctx, bw_sim_step(&ctx, sim, 400), BW_ERR_SOLVER);
    CHECK_CONTAINS(ctx.error.message, "day 0, cell (");
    CHECK_CONTAINS(ctx.error.message, "equation");
    failure = read_part(sim, BW_SIM_FAILURE);
    CHECK_NEAR(sim_value(failure, "day"), 0, 0);
    CHECK_NEAR(bw_sim_day(sim), 0, 0);
    CHECK_NEAR(sim_array(read_part(sim, BW_SIM_STATE), "cells.sw")[0], 0.2, 1e-12);
    bw_sim_free(&ctx, sim);
}

/* Producers whose limit is above the field's pressure give nothing, and take nothing. */
static void a_well_that_cannot_deliver_stands_open(void)
{
    bw_sim *sim = square(3, 3);

    if (sim == NULL) {
        return;
    }
    CHECK_OK(&ctx, bw_sim_change(&ctx, sim, sim_model(&ctx, &arena, "{'I':{'status':'shut'}}")));
    CHECK_OK(&ctx, bw_sim_step(&ctx, sim, 1));
    CHECK_OK(&ctx, bw_sim_change(&ctx, sim, sim_model(&ctx, &arena,
                   "{'I':{'status':'shut'},'A':{'control':'bhp','bhp':4000},"
                   "'B':{'control':'orat','orat':100,'bhp':4000}}")));
    CHECK_OK(&ctx, bw_sim_step(&ctx, sim, 30));
    CHECK_NEAR(sim_value(read_part(sim, BW_SIM_SUMMARY), "curves.FOPR"), 0, 0);
    bw_sim_free(&ctx, sim);
}

static void memory_may_run_out_anywhere(void)
{
    char text[4000];
    bw_arena own = {0};
    bw_node *model = NULL;
    bw_ctx failing;
    bw_status st = BW_OK;

    (void)snprintf(text, sizeof text, SQUARE, 3, 3, 1, 1, 1, 1, 2, 2);
    model = sim_model(&ctx, &own, text);
    FOR_EACH_FAILING_ALLOCATION(&failing, st) {
        bw_sim *sim = NULL;
        bw_arena parts = {0};
        bw_node *tree = NULL, *saved = NULL;
        st = bw_sim_new(&failing, model, &sim);
        if (st == BW_OK) {
            st = bw_sim_step(&failing, sim, 1);
        }
        for (int part = 0; part < BW_SIM_PART_COUNT && st == BW_OK; part++) {
            st = bw_sim_read(&failing, sim, (bw_sim_part)part, &parts, &tree);
            saved = part == BW_SIM_SAVED ? tree : saved;
        }
        if (st == BW_OK) {
            st = bw_sim_restore(&failing, sim, saved);
        }
        if (st == BW_OK) {
            st = bw_sim_problems(&failing, &parts, model, &tree);
        }
        bw_arena_free(&failing, &parts);
        bw_sim_free(&failing, sim);
    }
    bw_arena_free(&ctx, &own);
}

int main(void)
{
    bw_ctx_init(&ctx);
    RUN(displacement_converges_to_buckley_leverett);
    RUN(a_symmetric_model_gives_a_symmetric_answer);
    RUN(a_turned_grid_gives_the_turned_answer);
    RUN(what_goes_in_and_out_is_what_is_missing);
    RUN(an_aquifer_fills_what_it_touches);
    RUN(a_boundary_without_water_brings_what_there_is);
    RUN(a_continued_run_is_the_same_to_the_bit);
    RUN(a_state_that_none_has_is_refused);
    RUN(wells_change_when_told_to);
    RUN(what_is_not_simulated_is_refused_by_its_path);
    RUN(a_bad_model_is_refused_by_its_path);
    RUN(every_problem_is_listed);
    RUN(a_step_that_cannot_be_made_says_where);
    RUN(a_well_that_cannot_deliver_stands_open);
    RUN(memory_may_run_out_anywhere);
    bw_arena_free(&ctx, &arena);
    return check_summary();
}
