/* SPDX-License-Identifier: MIT */
/*
 * Fluids from a model: PVTO, PVDO, PVDG and PVTW, or tables over pressure and temperature. Since
 * temperature does not change with time, each temperature of the grid gets tables of its own over
 * pressure alone, and nothing below knows of it.
 */
#include <math.h>
#include <string.h>

#include "pvt.h"
#include "sim/sim_read.h"

/* A table over pressure and temperature, temperature fastest. */
typedef struct plane {
    size_t np, nt;
    const double *p, *t, *value;
} plane;

static void curve_new(bw_sim_reader *r, bw_sim_curve *curve, size_t n)
{
    curve->x = bw__sim_keep(r, n, sizeof(double));
    curve->y = bw__sim_keep(r, n, sizeof(double));
    curve->z = bw__sim_keep(r, n, sizeof(double));
    curve->n = r->st == BW_OK ? (int32_t)n : 0;
}

/* Rows [p, B, μ] as a curve of 1/B and 1/(B μ). */
static void curve_from_rows(bw_sim_reader *r, const double *rows, size_t n, const char *where,
                            bw_sim_curve *curve)
{
    curve_new(r, curve, n);
    for (int32_t i = 0; i < curve->n; i++) {
        const double *row = rows + 3 * i;
        if (!(row[1] > 0 && row[2] > 0)) {
            bw__sim_wrong(r, where, NULL, "row %d has B %g and viscosity %g, both must be above 0",
                          (int)i, row[1], row[2]);
        }
        curve->x[i] = row[0];
        curve->y[i] = row[1] > 0 ? 1 / row[1] : 1;
        curve->z[i] = row[1] > 0 && row[2] > 0 ? 1 / (row[1] * row[2]) : 1;
    }
}

/* A branch of its saturated row alone takes the relative changes of the one above it. */
static void extend_branch(bw_sim_reader *r, const bw_sim_curve *above, bw_sim_curve *branch)
{
    bw_sim_curve longer = {0};

    curve_new(r, &longer, (size_t)above->n);
    if (r->st != BW_OK) {
        return;
    }
    longer.x[0] = branch->x[0];
    longer.y[0] = branch->y[0];
    longer.z[0] = branch->z[0];
    for (int32_t i = 1; i < above->n; i++) {
        double b0 = 1 / above->y[i - 1], b1 = 1 / above->y[i];
        double m0 = above->y[i - 1] / above->z[i - 1], m1 = above->y[i] / above->z[i];
        double x = 2 * (b1 - b0) / (b1 + b0), y = 2 * (m1 - m0) / (m1 + m0);
        double b = 1 / longer.y[i - 1] * (1 + 0.5 * x) / (1 - 0.5 * x);
        double m = longer.y[i - 1] / longer.z[i - 1] * (1 + 0.5 * y) / (1 - 0.5 * y);
        longer.x[i] = longer.x[i - 1] + above->x[i] - above->x[i - 1];
        longer.y[i] = 1 / b;
        longer.z[i] = 1 / (b * m);
    }
    *branch = longer;
}

static void finish_branches(bw_sim_reader *r, bw_sim_pvt *pvt)
{
    for (int32_t i = pvt->nbranch - 2; i >= 0 && r->st == BW_OK; i--) {
        if (pvt->branch[i].n < 2) {
            extend_branch(r, &pvt->branch[i + 1], &pvt->branch[i]);
        }
    }
}

static bool branches_new(bw_sim_reader *r, bw_sim_pvt *pvt, size_t n)
{
    pvt->rs = bw__sim_keep(r, n, sizeof(double));
    pvt->pb = bw__sim_keep(r, n, sizeof(double));
    pvt->branch = bw__sim_keep(r, n, sizeof *pvt->branch);
    return r->st == BW_OK;
}

static void read_pvto(bw_sim_reader *r, const bw_node *list, bw_sim_pvt *pvt)
{
    uint32_t n = list != NULL && list->type == BW_NODE_LIST ? list->children.len : 0;

    if (n < 2 || !branches_new(r, pvt, n)) {
        bw__sim_wrong(r, "oil", "pvto", "needs at least two values of Rs");
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        const bw_node *item = list->children.items[i];
        size_t rows = 0;
        double *row = bw__sim_rows(r, bw_map_get_text(item, "branch"), "oil.pvto", "branch", 3, 1,
                                   &rows);

        pvt->rs[i] = bw__sim_number(r, item, "oil.pvto", "rs", NAN, 0, 1e6);
        if (row == NULL) {
            return;
        }
        curve_from_rows(r, row, rows, "oil.pvto", &pvt->branch[i]);
        pvt->pb[i] = row[0];
        if (i > 0 && (pvt->rs[i] <= pvt->rs[i - 1] || pvt->pb[i] <= pvt->pb[i - 1])) {
            bw__sim_wrong(r, "oil", "pvto", "Rs %g at %g psi does not rise from %g at %g psi",
                          pvt->rs[i], pvt->pb[i], pvt->rs[i - 1], pvt->pb[i - 1]);
            return;
        }
    }
    if (r->st == BW_OK && pvt->branch[n - 1].n < 2) {
        bw__sim_wrong(r, "oil", "pvto", "the highest Rs needs undersaturated rows");
        return;
    }
    pvt->nbranch = (int32_t)n;
    pvt->live = true;
    finish_branches(r, pvt);
}

/* Tables over pressure and temperature ------------------------------------------------------ */

static bool read_plane(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                       plane *out)
{
    size_t count = 0;

    out->p = bw__sim_rows(r, bw_map_get_text(map, "pressures"), where, "pressures", 1, 2, &out->np);
    out->t = bw__sim_rows(r, bw_map_get_text(map, "temperatures"), where, "temperatures", 1, 1,
                          &out->nt);
    out->value = bw__sim_numbers(r, bw_map_get_text(map, key), where, key, &count);
    if (out->p == NULL || out->t == NULL || out->value == NULL) {
        return false;
    }
    if (count != out->np * out->nt) {
        bw__sim_wrong(r, where, key, "has %zu values for %zu pressures and %zu temperatures", count,
                      out->np, out->nt);
        return false;
    }
    return true;
}

/* The column of one temperature, held at the table's edges. */
static double *column(bw_sim_reader *r, const plane *in, double temperature)
{
    double *out = bw__sim_scratch(r, in->np, sizeof *out);
    int32_t i = in->nt > 1 ? bw__sim_interval(in->t, (int32_t)in->nt, temperature) : 0;
    double a = in->nt > 1 ? (temperature - in->t[i]) / (in->t[i + 1] - in->t[i]) : 0;

    a = a < 0 ? 0 : a > 1 ? 1 : a;
    for (size_t p = 0; out != NULL && p < in->np; p++) {
        const double *row = in->value + p * in->nt + i;
        out[p] = in->nt > 1 ? (1 - a) * row[0] + a * row[1] : row[0];
    }
    return out;
}

/* One temperature's [p, B, μ] as a curve. */
static void plane_curve(bw_sim_reader *r, const plane *fvf, const plane *mu, double temperature,
                        const char *where, bw_sim_curve *curve)
{
    double *b = column(r, fvf, temperature), *m = column(r, mu, temperature);
    double *rows = bw__sim_scratch(r, 3 * fvf->np, sizeof *rows);

    if (b == NULL || m == NULL || rows == NULL) {
        return;
    }
    for (size_t i = 0; i < fvf->np; i++) {
        rows[3 * i] = fvf->p[i];
        rows[3 * i + 1] = b[i];
        rows[3 * i + 2] = m[i];
    }
    curve_from_rows(r, rows, fvf->np, where, curve);
}

typedef struct oil_planes {
    plane rs, fvf, mu;
    const double *bubble; /* by temperature, or NULL */
} oil_planes;

/* Where Rs stops rising: given, or the first of the table's last value. */
static double saturation_end(const oil_planes *in, const double *rs, double temperature)
{
    size_t last = in->rs.np - 1, i = last;

    if (in->bubble != NULL) {
        return bw__sim_clamped(in->rs.t, in->bubble, (int32_t)in->rs.nt, temperature, NULL);
    }
    while (i > 0 && rs[i - 1] >= rs[last] * (1 - 1e-9)) {
        i--;
    }
    return in->rs.p[i];
}

/* The first row above `end`. */
static int32_t first_above(const double *p, int32_t n, double end)
{
    int32_t i = 0;

    while (i < n && !(p[i] > end * (1 + 1e-9))) {
        i++;
    }
    return i;
}

/*
 * The rows from the bubble point upwards, that one first. Between two rows it is a knot: Rs is
 * already that above it, and B and μ go on down from the rows above as they run there.
 */
static void undersaturated(bw_sim_reader *r, const oil_planes *in, const double *b,
                           const double *mu, double end, bw_sim_curve *branch)
{
    const double *p = in->rs.p;
    int32_t np = (int32_t)in->rs.np, from = first_above(p, np, end);
    double *rows = bw__sim_scratch(r, 3 * (size_t)(np - from + 2), sizeof *rows);
    bool knot = np - from >= 2 && !(from > 0 && fabs(p[from - 1] - end) <= 1e-9 * end);
    size_t n = 1;

    if (rows == NULL) {
        return;
    }
    rows[0] = end;
    rows[1] = knot ? bw__sim_linear(p + from, b + from, 2, end, NULL)
                   : bw__sim_clamped(p, b, np, end, NULL);
    rows[2] = knot ? bw__sim_linear(p + from, mu + from, 2, end, NULL)
                   : bw__sim_clamped(p, mu, np, end, NULL);
    for (int32_t i = from; i < np; i++, n++) {
        rows[3 * n] = p[i], rows[3 * n + 1] = b[i], rows[3 * n + 2] = mu[i];
    }
    if (n == 1) { /* saturated to the table's end: as good as incompressible above it */
        rows[3] = end + 1000, rows[4] = rows[1] * (1 - 1e-5 * 1000), rows[5] = rows[2];
        n = 2;
    }
    curve_from_rows(r, rows, n, "oil", branch);
}

/* The table runs along one curve: saturated up to the bubble point, undersaturated above it. The
 * rows below become bubble points of less Rs, and Rs_sat is capped. */
static void plane_oil(bw_sim_reader *r, const oil_planes *in, double temperature, bw_sim_pvt *pvt)
{
    double *rs = column(r, &in->rs, temperature), *b = column(r, &in->fvf, temperature);
    double *mu = column(r, &in->mu, temperature);
    int32_t np = (int32_t)in->rs.np, n = 0, above = 0;
    const double *p = in->rs.p;
    double end = 0, cap = 0, row[3];

    if (rs == NULL || b == NULL || mu == NULL || !branches_new(r, pvt, in->rs.np + 1)) {
        return;
    }
    end = saturation_end(in, rs, temperature);
    above = first_above(p, np, end);
    cap = rs[above < np ? above : np - 1];
    for (int32_t i = 0; i < np && p[i] < end * (1 - 1e-9); i++) {
        if ((n > 0 && rs[i] <= pvt->rs[n - 1] * (1 + 1e-12)) || rs[i] >= cap * (1 - 1e-12)) {
            continue; /* equal beginnings of a table hold no gas yet */
        }
        row[0] = p[i], row[1] = b[i], row[2] = mu[i];
        curve_from_rows(r, row, 1, "oil", &pvt->branch[n]);
        pvt->rs[n] = rs[i];
        pvt->pb[n++] = p[i];
    }
    pvt->rs[n] = cap;
    pvt->pb[n] = end;
    undersaturated(r, in, b, mu, end, &pvt->branch[n++]);
    pvt->nbranch = n;
    pvt->live = n > 1;
    pvt->capped = true;
    finish_branches(r, pvt);
}

/* Model ------------------------------------------------------------------------------------- */

/* What the regions are made from. */
typedef struct fluid_source {
    const bw_node *water, *oil, *gas;
    bool water_table, oil_table, gas_table;
    plane water_fvf, water_mu, gas_fvf, gas_mu;
    oil_planes oil_planes;
} fluid_source;

static bool is_type(const bw_node *map, const char *name)
{
    bw_view text = {0};

    return bw_map_get_string(map, "type", &text) && bw_view_equal(text, bw_view_text(name));
}

static void read_planes(bw_sim_reader *r, fluid_source *in)
{
    size_t count = 0;
    const bw_node *bubble = NULL;

    if (in->water_table) {
        (void)read_plane(r, in->water, "water", "fvf", &in->water_fvf);
        (void)read_plane(r, in->water, "water", "viscosity", &in->water_mu);
    }
    if (in->gas_table) {
        (void)read_plane(r, in->gas, "gas", "fvf", &in->gas_fvf);
        (void)read_plane(r, in->gas, "gas", "viscosity", &in->gas_mu);
    }
    if (in->oil_table) {
        (void)read_plane(r, in->oil, "oil", "rs", &in->oil_planes.rs);
        (void)read_plane(r, in->oil, "oil", "fvf", &in->oil_planes.fvf);
        (void)read_plane(r, in->oil, "oil", "viscosity", &in->oil_planes.mu);
        bubble = bw_map_get_text(in->oil, "bubble_points");
        if (bubble != NULL && bubble->type != BW_NODE_NULL) {
            in->oil_planes.bubble = bw__sim_numbers(r, bubble, "oil", "bubble_points", &count);
            if (in->oil_planes.bubble != NULL && count != in->oil_planes.rs.nt) {
                bw__sim_wrong(r, "oil", "bubble_points", "has %zu values for %zu temperatures",
                              count, in->oil_planes.rs.nt);
            }
        }
    }
}

static void read_region(bw_sim_reader *r, const bw_sim_fluids *fluids, const fluid_source *in,
                        double temperature, bw_sim_pvt *pvt)
{
    size_t rows = 0;
    double *row = NULL;

    if (in->water_table) {
        plane_curve(r, &in->water_fvf, &in->water_mu, temperature, "water", &pvt->water);
    } else {
        bool need = fluids->has[BW_WATER];
        pvt->water_pref = bw__sim_number(r, in->water, "water", "pref", need ? NAN : 14.7, 0, 1e6);
        pvt->water_bw = bw__sim_number(r, in->water, "water", "bw", need ? NAN : 1, 1e-3, 100);
        pvt->water_c = bw__sim_number(r, in->water, "water", "cw", need ? NAN : 0, 0, 1);
        pvt->water_mu = bw__sim_number(r, in->water, "water", "muw", need ? NAN : 1, 1e-6, 1e6);
        pvt->water_cv = bw__sim_number(r, in->water, "water", "viscosibility", 0, -1, 1);
    }
    if (in->gas_table) {
        plane_curve(r, &in->gas_fvf, &in->gas_mu, temperature, "gas", &pvt->gas);
    } else if (fluids->has[BW_GAS]) {
        row = bw__sim_rows(r, bw_map_get_text(in->gas, "pvdg"), "gas", "pvdg", 3, 2, &rows);
        if (row != NULL) {
            curve_from_rows(r, row, rows, "gas.pvdg", &pvt->gas);
        }
    } else { /* never looked at: something regular */
        double none[6] = {14.7, 1, 1, 1e5, 0.5, 1};
        curve_from_rows(r, none, 2, "gas", &pvt->gas);
    }
    if (in->oil_table) {
        plane_oil(r, &in->oil_planes, temperature, pvt);
    } else if (is_type(in->oil, "dead") ||
               (!is_type(in->oil, "live") && bw_map_get_text(in->oil, "pvdo") != NULL)) {
        row = bw__sim_rows(r, bw_map_get_text(in->oil, "pvdo"), "oil", "pvdo", 3, 1, &rows);
        if (row != NULL && branches_new(r, pvt, 1)) {
            curve_from_rows(r, row, rows, "oil.pvdo", &pvt->branch[0]);
            pvt->nbranch = 1;
        }
    } else {
        read_pvto(r, bw_map_get_text(in->oil, "pvto"), pvt);
    }
    if (!fluids->has[BW_GAS]) {
        pvt->live = false;
    }
}

static void read_phases(bw_sim_reader *r, const bw_node *model, bw_sim_fluids *fluids)
{
    static const char *const names[BW_PHASES] = {"water", "oil", "gas"};
    const bw_node *list = bw_map_get_text(model, "phases");

    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        fluids->has[phase] = list == NULL || list->type != BW_NODE_LIST;
        for (uint32_t i = 0; !fluids->has[phase] && i < list->children.len; i++) {
            const bw_node *item = list->children.items[i];
            fluids->has[phase] = item->type == BW_NODE_STRING &&
                                 bw_view_equal(item->text, bw_view_text(names[phase]));
        }
    }
    for (uint32_t i = 0; list != NULL && list->type == BW_NODE_LIST && i < list->children.len; i++) {
        const bw_node *item = list->children.items[i];
        bool known = false;
        for (int32_t phase = 0; item->type == BW_NODE_STRING && phase < BW_PHASES; phase++) {
            known = known || bw_view_equal(item->text, bw_view_text(names[phase]));
        }
        if (!known) {
            bw__sim_wrong(r, "phases", NULL, "number %u is none of water, oil and gas", i);
        }
    }
    if (!fluids->has[BW_OIL]) {
        bw__sim_wrong(r, "phases", NULL, "must have oil");
        fluids->has[BW_OIL] = true;
    }
}

/* The first of `n` rising values that is not below `value`. */
static int32_t lower_bound(const double *values, int32_t n, double value)
{
    int32_t low = 0, high = n;

    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (values[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The distinct temperatures of the active cells, and whose each cell is. */
static double *find_temperatures(bw_sim_reader *r, bw_sim *sim, int32_t *count)
{
    bw_sim_fluids *fluids = &sim->fluids;
    const bw_sim_grid *g = &sim->grid;
    double *found = bw__sim_scratch(r, (size_t)g->n, sizeof *found);

    *count = 0;
    fluids->region_of = bw__sim_keep(r, (size_t)g->n, sizeof *fluids->region_of);
    if (found == NULL || fluids->region_of == NULL) {
        return NULL;
    }
    for (int32_t c = 0; c < g->n; c++) {
        double t = sim->temperature[g->flat_of[c]];
        int32_t at = lower_bound(found, *count, t);
        if (at == *count || found[at] != t) {
            memmove(found + at + 1, found + at, (size_t)(*count - at) * sizeof *found);
            found[at] = t;
            (*count)++;
        }
    }
    for (int32_t c = 0; c < g->n; c++) {
        fluids->region_of[c] = lower_bound(found, *count, sim->temperature[g->flat_of[c]]);
    }
    return found;
}

void bw__sim_read_fluids(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    static const char *const names[BW_PHASES] = {"water", "oil", "gas"};
    static const char *const water_types[] = {"pvtw", "table", NULL};
    static const char *const oil_types[] = {"live", "dead", "table", NULL};
    static const char *const gas_types[] = {"dry", "pvdg", "table", NULL};
    bw_sim_fluids *fluids = &sim->fluids;
    const bw_node *density = bw_map_get_text(model, "density");
    const bw_node *options = bw_map_get_text(model, "options");
    fluid_source in = {.water = bw_map_get_text(model, "water"),
                       .oil = bw_map_get_text(model, "oil"),
                       .gas = bw_map_get_text(model, "gas")};
    double *temperatures = NULL, one = 60;
    int32_t count = 1;

    read_phases(r, model, fluids);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        fluids->surface[phase] = bw__sim_number(r, density, "density", names[phase],
                                                fluids->has[phase] ? NAN : 0, 0, 1e4);
    }
    fluids->drsdt = bw__sim_number(r, options, "options", "drsdt", BW_SIM_NONE, 0, 1e300);
    (void)bw__sim_word(r, in.water, "water", "type", water_types, 0);
    (void)bw__sim_word(r, in.oil, "oil", "type", oil_types, 0);
    (void)bw__sim_word(r, in.gas, "gas", "type", gas_types, 0);
    in.water_table = is_type(in.water, "table");
    in.oil_table = is_type(in.oil, "table");
    in.gas_table = is_type(in.gas, "table");
    read_planes(r, &in);
    if (bw_map_get_text(model, "temperature") != NULL) {
        sim->temperature = bw__sim_cells(r, &sim->grid, bw_map_get_text(model, "temperature"),
                                         "temperature", NULL, NAN, -459, 2000);
        if (sim->temperature != NULL && (in.water_table || in.oil_table || in.gas_table)) {
            temperatures = find_temperatures(r, sim, &count);
        }
    }
    if (temperatures == NULL && (in.water_fvf.nt > 1 || in.gas_fvf.nt > 1 ||
                                 in.oil_planes.rs.nt > 1)) {
        bw__sim_wrong(r, "temperature", NULL, "is missing, which the tables are over");
    }
    if (r->st != BW_OK || r->errors > 0) {
        return;
    }
    fluids->region = bw__sim_keep(r, (size_t)count, sizeof *fluids->region);
    fluids->nregion = fluids->region != NULL ? count : 0;
    for (int32_t i = 0; i < fluids->nregion && r->errors == 0 && r->st == BW_OK; i++) {
        read_region(r, fluids, &in, temperatures != NULL ? temperatures[i] : one,
                    &fluids->region[i]);
    }
}
