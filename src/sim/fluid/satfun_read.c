/* SPDX-License-Identifier: MIT */
/* Saturation functions from a model: tables of family I or II, or curves with end points. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "satfun.h"
#include "sim/sim_read.h"

/* Columns x and y of a table as a curve; `from_end` takes x as `from_end` - x, turned round. */
static void curve_of(bw_sim_reader *r, const double *rows, size_t n, size_t width, size_t column,
                     const double *from_end, bw_sim_curve *curve)
{
    curve->x = bw__sim_keep(r, n, sizeof(double));
    curve->y = bw__sim_keep(r, n, sizeof(double));
    if (r->st != BW_OK) {
        return;
    }
    curve->n = (int32_t)n;
    for (size_t i = 0; i < n; i++) {
        const double *row = rows + width * (from_end != NULL ? n - 1 - i : i);
        curve->x[i] = from_end != NULL ? *from_end - row[0] : row[0];
        curve->y[i] = row[column];
    }
}

/* Saturations and relative permeabilities within [0, 1]; what must rise or fall does. */
static void check_table(bw_sim_reader *r, const char *key, const double *rows, size_t n,
                        size_t width, size_t krs)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c <= krs; c++) {
            double value = rows[width * i + c];
            if (!(value >= -1e-12 && value <= 1 + 1e-9)) {
                bw__sim_wrong(r, "relperm", key, "row %zu has %g, it must be within 0 and 1", i,
                              value);
                return;
            }
        }
        for (size_t c = 1; i > 0 && c <= krs; c++) {
            double before = rows[width * (i - 1) + c], now = rows[width * i + c];
            bool falls = c == 2 && width == 4; /* oil, over water's or gas's saturation */
            if (falls ? now > before + 1e-12 : now < before - 1e-12) {
                bw__sim_wrong(r, "relperm", key, "row %zu %s from %g to %g in column %zu", i,
                              falls ? "rises" : "falls", before, now, c);
                return;
            }
        }
    }
}

static double *read_table(bw_sim_reader *r, const bw_node *map, const char *key, size_t width,
                          size_t krs, size_t *n)
{
    double *rows = bw__sim_rows(r, bw_map_get_text(map, key), "relperm", key, width, 2, n);

    if (rows != NULL) {
        check_table(r, key, rows, *n, width, krs);
    }
    return rows;
}

/* Without gas: krg is 0, and oil's curve against water stands for the other. */
static void no_gas(bw_sim_reader *r, bw_sim_satfun *s, bool has_pc)
{
    static const double flat[4] = {0, 0, 1, 0};

    curve_of(r, flat, 2, 2, 1, NULL, &s->gas);
    s->oil_g = s->oil_w;
    s->pcgo.n = 0;
    s->sg_max = 0;
    (void)has_pc;
}

static void read_family_1(bw_sim_reader *r, const bw_node *map, bw_sim *sim)
{
    bw_sim_satfun *s = &sim->satfun;
    bool gas = sim->fluids.has[BW_GAS], water = sim->fluids.has[BW_WATER];
    size_t nw = 0, ng = 0;
    double end = 1, *w = NULL, *g = NULL;
    static const double dry[8] = {0, 0, 1, 0, 1, 0, 0, 0};

    if (water) {
        w = read_table(r, map, "swof", 4, 2, &nw);
    }
    if (gas) {
        g = read_table(r, map, "sgof", 4, 2, &ng);
    }
    if ((water && w == NULL) || (gas && g == NULL)) {
        return;
    }
    if (!water) {
        curve_of(r, dry, 2, 4, 1, NULL, &s->water);
        curve_of(r, g, ng, 4, 2, &end, &s->oil_w);
        s->sw_max = 0;
    } else {
        curve_of(r, w, nw, 4, 1, NULL, &s->water);
        curve_of(r, w, nw, 4, 2, &end, &s->oil_w);
        curve_of(r, w, nw, 4, 3, NULL, &s->pcow);
        s->swco = w[0];
        s->sw_max = w[4 * (nw - 1)];
    }
    if (!gas) {
        no_gas(r, s, true);
        return;
    }
    end = 1 - s->swco;
    curve_of(r, g, ng, 4, 1, NULL, &s->gas);
    curve_of(r, g, ng, 4, 2, &end, &s->oil_g);
    curve_of(r, g, ng, 4, 3, NULL, &s->pcgo);
    s->sg_max = g[4 * (ng - 1)];
}

static void read_family_2(bw_sim_reader *r, const bw_node *map, bw_sim *sim)
{
    bw_sim_satfun *s = &sim->satfun;
    bool gas = sim->fluids.has[BW_GAS], water = sim->fluids.has[BW_WATER];
    const bw_node *two = bw_map_get_text(map, "sof2");
    size_t nw = 0, ng = 0, no = 0, width = two != NULL ? 2 : 3;
    double *w = NULL, *g = NULL, *o = NULL;
    static const double dry[4] = {0, 0, 1, 0};

    if (water) {
        w = read_table(r, map, "swfn", 3, 1, &nw);
    }
    if (gas) {
        g = read_table(r, map, "sgfn", 3, 1, &ng);
    }
    o = read_table(r, map, two != NULL ? "sof2" : "sof3", width, width - 1, &no);
    if ((water && w == NULL) || (gas && g == NULL) || o == NULL) {
        return;
    }
    curve_of(r, water ? w : dry, water ? nw : 2, water ? 3 : 2, 1, NULL, &s->water);
    curve_of(r, o, no, width, 1, NULL, &s->oil_w);
    curve_of(r, o, no, width, width - 1, NULL, &s->oil_g);
    if (water) {
        curve_of(r, w, nw, 3, 2, NULL, &s->pcow);
        s->swco = w[0];
        s->sw_max = w[3 * (nw - 1)];
    }
    if (!gas) {
        no_gas(r, s, true);
        return;
    }
    curve_of(r, g, ng, 3, 1, NULL, &s->gas);
    curve_of(r, g, ng, 3, 2, NULL, &s->pcgo);
    s->sg_max = g[3 * (ng - 1)];
}

/* Models ------------------------------------------------------------------------------------ */

/* `where`: relperm or capillary. */
static void read_end_points(bw_sim_reader *r, const bw_node *map, bw_sim *sim, const char *where,
                            double *end[BW_END_COUNT])
{
    static const char *const names[BW_END_COUNT] = {"swc", "swir", "sorw", "sorg", "sgr"};
    char path[32];

    (void)snprintf(path, sizeof path, "%s.endpoints", where);

    for (int32_t i = BW_END_COUNT - 1; i >= 0; i--) {
        const bw_node *node = bw_map_get_text(map, names[i]);
        if (i == BW_END_SWC && (node == NULL || node->type == BW_NODE_NULL)) {
            end[i] = end[BW_END_SWIR];
        } else {
            end[i] = bw__sim_active_cells(r, &sim->grid, node, path, names[i], 0, 0, 1);
        }
    }
    for (int32_t c = 0; r->st == BW_OK && c < sim->grid.n; c++) {
        double left = 1 - end[BW_END_SWIR][c] - end[BW_END_SORW][c];
        double right = 1 - end[BW_END_SWIR][c] - end[BW_END_SORG][c] - end[BW_END_SGR][c];
        if (!(left > 1e-6) || (sim->fluids.has[BW_GAS] && !(right > 1e-6))) {
            int32_t at = sim->grid.flat_of[c];
            bw__sim_wrong(r, where, "endpoints",
                          "leave nothing that moves in cell (%d, %d, %d)",
                          (int)(at % sim->grid.nx), (int)(at / sim->grid.nx % sim->grid.ny),
                          (int)(at / (sim->grid.nx * sim->grid.ny)));
            return;
        }
    }
}

static void read_corey(bw_sim_reader *r, const bw_node *map, bw_sim_satfun *s)
{
    static const char *const exponents[BW_CURVE_COUNT] = {"nw", "no", "nog", "ng"};
    static const char *const maxima[BW_CURVE_COUNT] = {"krw", "krow", "krog", "krg"};
    static const char *const kinds[] = {"corey", "bores", NULL};
    double no = bw__sim_number(r, map, "relperm", "no", 2, 1e-3, 100);

    s->kr = bw__sim_word(r, map, "relperm", "oil", kinds, 0) == 1 ? BW_KR_COREY_BORES
                                                                   : BW_KR_COREY;
    for (int32_t i = 0; i < BW_CURVE_COUNT; i++) {
        bool oil = i == BW_CURVE_OW || i == BW_CURVE_OG;
        s->curve[i].l = bw__sim_number(r, map, "relperm", exponents[i], oil ? no : 2, 1e-3, 100);
        s->curve[i].max = bw__sim_number(r, map, "relperm", maxima[i], 1, 1e-12, 1);
    }
    s->curve[BW_CURVE_OW].l = bw__sim_number(r, map, "relperm", "now", s->curve[BW_CURVE_OW].l,
                                             1e-3, 100);
}

static void read_let(bw_sim_reader *r, const bw_node *map, bw_sim_satfun *s)
{
    static const char *const names[BW_CURVE_COUNT] = {"water", "oil_water", "oil_gas", "gas"};

    s->kr = BW_KR_LET;
    for (int32_t i = 0; i < BW_CURVE_COUNT; i++) {
        const bw_node *one = bw_map_get_text(map, names[i]);
        s->curve[i].l = bw__sim_number(r, one, names[i], "L", 2, 1e-3, 100);
        s->curve[i].e = bw__sim_number(r, one, names[i], "E", 1, 1e-12, 1e6);
        s->curve[i].t = bw__sim_number(r, one, names[i], "T", 2, 1e-3, 100);
        s->curve[i].max = bw__sim_number(r, one, names[i], "max", 1, 1e-12, 1);
    }
}

static void read_pc_model(bw_sim_reader *r, const bw_node *map, bw_sim *sim)
{
    static const char *const sides[3] = {"ow", "go", "ow_oil_wet"};
    bw_sim_satfun *s = &sim->satfun;
    const bw_sim_grid *g = &sim->grid;
    double given_k = bw__sim_number(r, map, "capillary", "permeability", 0, 0, 1e9);
    double given_phi = bw__sim_number(r, map, "capillary", "porosity", 0, 0, 1);

    for (int32_t i = 0; i < 3; i++) {
        const bw_node *one = bw_map_get_text(map, sides[i]);
        if (i == 2 && one == NULL) {
            one = bw_map_get_text(map, sides[0]);
        }
        if (s->pc == BW_PC_BROOKS_COREY) {
            s->pc_a[i] = bw__sim_number(r, one, "capillary", "pd", i == 1 ? 1 : 5, 0, 1e6);
            s->pc_b[i] = bw__sim_number(r, one, "capillary", "lambda", 2, 1e-3, 1e3);
        } else if (s->pc == BW_PC_VAN_GENUCHTEN) {
            s->pc_a[i] = bw__sim_number(r, one, "capillary", "alpha", 0.01, 1e-12, 1e12);
            s->pc_b[i] = bw__sim_number(r, one, "capillary", "n", 2, 1.0001, 1e3);
        } else {
            double sigma = bw__sim_number(r, one, "capillary", "sigma", i == 1 ? 20 : 30, 0, 1e6);
            double theta = bw__sim_number(r, one, "capillary", "theta", 0, 0, 180);
            s->pc_a[i] = sigma / 0.21645 * cos(theta * 3.14159265358979323846 / 180) *
                         bw__sim_number(r, one, "capillary", "a", 0.5, -1e6, 1e6);
            s->pc_b[i] = bw__sim_number(r, one, "capillary", "b", 0.5, 0, 100);
        }
    }
    s->pc_scale = bw__sim_keep(r, (size_t)g->n, sizeof *s->pc_scale);
    for (int32_t c = 0; s->pc_scale != NULL && c < g->n; c++) {
        int32_t at = g->flat_of[c];
        double k = given_k > 0 ? given_k : g->permx[at];
        double phi = given_phi > 0 ? given_phi : g->porosity[at];
        s->pc_scale[c] = k > 0 ? sqrt(phi / k) : 0;
    }
}

static void read_pc_tables(bw_sim_reader *r, const bw_node *map, bw_sim_satfun *s)
{
    size_t n = 0;
    double *rows = NULL;

    s->pcow.n = s->pcgo.n = 0;
    if (bw_map_get_text(map, "pcow") != NULL) {
        rows = bw__sim_rows(r, bw_map_get_text(map, "pcow"), "capillary", "pcow", 2, 2, &n);
        if (rows != NULL) {
            curve_of(r, rows, n, 2, 1, NULL, &s->pcow);
        }
    }
    if (bw_map_get_text(map, "pcgo") != NULL) {
        rows = bw__sim_rows(r, bw_map_get_text(map, "pcgo"), "capillary", "pcgo", 2, 2, &n);
        if (rows != NULL) {
            curve_of(r, rows, n, 2, 1, NULL, &s->pcgo);
        }
    }
}

static void read_capillary(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    static const char *const types[] = {"none", "table", "brooks_corey", "van_genuchten",
                                        "leverett_j", NULL};
    static const char *const wettabilities[] = {"water_wet", "oil_wet", "mixed_wet", NULL};
    bw_sim_satfun *s = &sim->satfun;
    const bw_node *map = bw_map_get_text(model, "capillary");
    int32_t type = 0, wet = bw__sim_word(r, map, "capillary", "wettability", wettabilities, 0);

    s->pc = s->kr == BW_KR_TABLE ? BW_PC_TABLE : BW_PC_NONE;
    s->pc_strength = bw__sim_number(r, map, "capillary", "strength", 1, 0, 1e3);
    s->pc_min_se = bw__sim_number(r, map, "capillary", "min_se", 0.01, 1e-9, 0.5);
    s->pc_water_wet = wet == 1 ? 0 : 1;
    if (wet == 2) {
        s->pc_water_wet = bw__sim_number(r, map, "capillary", "mixed_wet_water_fraction", 0.5,
                                         0, 1);
    }
    if (map == NULL || map->type == BW_NODE_NULL) {
        return;
    }
    type = bw__sim_word(r, map, "capillary", "type", types, BW_PC_TABLE);
    s->pc = type < 0 ? BW_PC_NONE : (bw_sim_pc_type)type;
    if (s->pc == BW_PC_TABLE && (bw_map_get_text(map, "pcow") != NULL ||
                                 bw_map_get_text(map, "pcgo") != NULL || s->kr != BW_KR_TABLE)) {
        read_pc_tables(r, map, s);
    } else if (s->pc > BW_PC_TABLE) {
        const bw_node *own = bw_map_get_text(map, "endpoints");
        if (s->end[BW_END_SWIR] == NULL || (own != NULL && own->type == BW_NODE_MAP)) {
            read_end_points(r, own, sim, "capillary", s->pc_end);
        } else {
            memcpy(s->pc_end, s->end, sizeof s->pc_end);
        }
        read_pc_model(r, map, sim);
    }
}

void bw__sim_read_satfun(bw_sim_reader *r, const bw_node *model, bw_sim *sim)
{
    static const char *const types[] = {"table", "brooks_corey", "let", NULL};
    static const char *const rules[] = {
        "default", "stone_i", "stone_ii", "min", "max", "arithmetic", "geometric", "harmonic",
        "baker", "blunt", "hustad_hansen", "aziz_settari", "bores_eclipse", "product", NULL};
    const bw_node *map = bw_map_get_text(model, "relperm");
    bw_sim_satfun *s = &sim->satfun;
    int32_t type = bw__sim_word(r, map, "relperm", "type", types, 0);
    int32_t rule = bw__sim_word(r, map, "relperm", "mixing", rules, 0);

    s->mix_a = bw__sim_number(r, map, "relperm", "mixing_a", 0.5, 0, 10);
    s->mix_b = bw__sim_number(r, map, "relperm", "mixing_b", 0.5, 0, 10);
    s->mixing = rule < 0 ? BW_MIX_DEFAULT : (bw_sim_mixing)rule;
    if (map == NULL || map->type != BW_NODE_MAP) {
        bw__sim_wrong(r, "relperm", NULL, "is missing");
        return;
    }
    if (type > 0) {
        read_end_points(r, bw_map_get_text(map, "endpoints"), sim, "relperm", s->end);
        if (type == 1) {
            read_corey(r, map, s);
        } else {
            read_let(r, map, s);
        }
    } else {
        s->kr = BW_KR_TABLE;
        if (bw__sim_whole(r, map, "relperm", "family", 1, 1, 2) == 1) {
            read_family_1(r, map, sim);
        } else {
            read_family_2(r, map, sim);
        }
    }
    read_capillary(r, model, sim);
}
