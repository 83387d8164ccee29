/* SPDX-License-Identifier: MIT */
/*
 * The members that a model's maps may have. One that is not among them has no effect, which is said;
 * one that would change the answer if it were simulated is refused (docs/simulation.md, "The neutral
 * form"; a test compares both tables, and looks for whoever reads a member).
 */
#include <stdio.h>
#include <string.h>

#include "sim_read.h"

/* Names between blanks; "*" is any. A path ends with [] where the maps are in a list. */
typedef struct members {
    const char *path, *known, *refused;
} members;

/* Members of a map that are known, but not looked at with what else it says. */
typedef struct idle {
    const char *path, *kind, *names;
} idle;

#define OF_MODELS "nw no nog ng now krw krow krog krg oil water oil_water oil_gas gas"
#define OF_TABLES "family swof sgof swfn sgfn sof2 sof3"
#define PLANES    "pressures temperatures fvf viscosity"

static const idle idles[] = {
    {"water", "pvtw", PLANES},
    {"water", "table", "pref bw cw muw viscosibility"},
    {"oil", "live", "pvdo rs bubble_points " PLANES},
    {"oil", "dead", "pvto rs bubble_points " PLANES},
    {"oil", "table", "pvto pvdo"},
    {"gas", "dry", PLANES},
    {"gas", "pvdg", PLANES},
    {"gas", "table", "pvdg"},
    {"relperm", "family 1", "swfn sgfn sof2 sof3 " OF_MODELS},
    {"relperm", "family 2", "swof sgof " OF_MODELS},
    {"relperm", "brooks_corey", OF_TABLES " water oil_water oil_gas gas"},
    {"relperm", "let", OF_TABLES " nw no nog ng now krw krow krog krg oil"},
    {"capillary", "none", "pcow pcgo ow go ow_oil_wet endpoints permeability porosity"},
    {"capillary", "table", "ow go ow_oil_wet endpoints permeability porosity"},
    {"capillary", "brooks_corey", "pcow pcgo"},
    {"capillary", "van_genuchten", "pcow pcgo"},
    {"capillary", "leverett_j", "pcow pcgo"},
    {"initial", "equil", "pressure sw sg rs"},
    {"initial", "explicit", "datum_depth datum_pressure woc goc pcow_at_woc pcgo_at_goc rsvd"},
};

static const members rows[] = {
    {"",
     "grid rock oil gas water density phases relperm capillary initial wells schedule boundaries "
     "temperature options report_days format units name title source start_date array_days tags",
     "groups aquifers faults regions vfp tracers hysteresis thermal salinity polymer solvent"},
    {"grid",
     "nx ny nz dx dy dz tops depth active pinch dip geometry connections nnc multx multy multz",
     "coord zcorn faults multpv minpv threshold_pressure pvtnum satnum eqlnum"},
    {"grid.connections", "a b transmissibility", ""},
    {"grid.nnc", "file count layout", ""},
    {"rock", "porosity permx permy permz ntg compressibility pref",
     "multpv poro_table rocktab compaction satnum pvtnum rocknum swl swcr swu sgl sgcr sgu sowcr "
     "sogcr swatinit"},
    {"density", "oil water gas", ""},
    {"water",
     "pref bw cw muw viscosibility type pressures temperatures fvf viscosity",
     "salinity rsw pvtwsalt vapour"},
    {"oil", "type pvto pvdo pressures temperatures fvf viscosity rs bubble_points", "rv pvcdo regions"},
    {"oil.pvto[]", "rs branch", ""},
    {"gas", "type pvdg pressures temperatures fvf viscosity", "pvtg rv pvzg regions"},
    {"relperm",
     "type family swof sgof swfn sgfn sof2 sof3 mixing mixing_a mixing_b endpoints nw no nog ng now krw "
     "krow krog krg water oil_water oil_gas gas oil",
     "hysteresis endscale scaling regions satnum slgof"},
    {"relperm.endpoints", "swc swir sorw sorg sgr", ""},
    {"relperm.water", "L E T max", ""},
    {"relperm.oil_water", "L E T max", ""},
    {"relperm.oil_gas", "L E T max", ""},
    {"relperm.gas", "L E T max", ""},
    {"capillary",
     "type pcow pcgo ow go ow_oil_wet strength min_se wettability mixed_wet_water_fraction endpoints "
     "permeability porosity",
     "hysteresis scaling jfunc"},
    {"capillary.ow", "pd lambda alpha n sigma theta a b", ""},
    {"capillary.go", "pd lambda alpha n sigma theta a b", ""},
    {"capillary.ow_oil_wet", "pd lambda alpha n sigma theta a b", ""},
    {"capillary.endpoints", "swc swir sorw sorg sgr", ""},
    {"initial",
     "type datum_depth datum_pressure woc goc pcow_at_woc pcgo_at_goc rsvd pressure sw sg rs",
     "pbvd rvvd rv pb accuracy regions temperature"},
    {"wells[]", "name type fluid ref_depth radius skin crossflow perforations",
     "vfp_table segments efficiency d_factor"},
    {"wells[].perforations[]", "i j k dir radius skin wi", "status saturation_table d_factor kh multiplier"},
    {"schedule[]", "day wells", "groups connections options"},
    {"schedule[].wells", "*", ""},
    {"schedule[].wells.*", "status control orat wrat grat lrat rate bhp skin fluid crossflow",
     "resv thp vfp_table guide_rate efficiency voidage reinjection economic_limit perforations"},
    {"boundaries[]",
     "face type fluid cells pressure depth rate pi factor initial_pressure constant time_factor "
     "radius_ratio permeability porosity compressibility viscosity inner_radius outer_radius thickness "
     "angle",
     "periodic function influence_table"},
    {"options",
     "drsdt days steps scheme maximum_step initial_step minimum_step maximum_growth cut_factor "
     "target_saturation_change target_pressure_change maximum_newton_iterations maximum_cuts "
     "cnv_tolerance mb_tolerance linear_tolerance maximum_linear_iterations",
     "drvdt vapoil endscale hysteresis threshold_pressure jfunc diffusion thermal"},
};

/* A map without a type is of the first kind of its path, but oil of the table that it has. */
static const char *kind_of(const char *path, const bw_node *map)
{
    bw_view type = {0};
    double family = 1;
    const char *first = NULL;

    (void)bw_map_get_string(map, "type", &type);
    if (strcmp(path, "relperm") == 0 && (type.len == 0 || bw_view_equal(type, BW_VIEW("table")))) {
        (void)bw__sim_is_number(bw_map_get_text(map, "family"), &family);
        return family == 2 ? "family 2" : "family 1";
    }
    if (type.len == 0 && strcmp(path, "oil") == 0) {
        return bw_map_get_text(map, "pvdo") != NULL ? "dead" : "live";
    }
    if (type.len == 0 && strcmp(path, "capillary") == 0) {
        return "table";
    }
    for (size_t i = 0; i < sizeof idles / sizeof *idles; i++) {
        if (strcmp(idles[i].path, path) == 0) {
            first = first == NULL ? idles[i].kind : first;
            if (type.len > 0 && bw_view_equal(type, bw_view_text(idles[i].kind))) {
                return idles[i].kind;
            }
        }
    }
    return type.len == 0 ? first : NULL;
}

static const idle *idle_of(const char *path, const bw_node *map)
{
    const char *kind = kind_of(path, map);

    for (size_t i = 0; kind != NULL && i < sizeof idles / sizeof *idles; i++) {
        if (strcmp(idles[i].path, path) == 0 && strcmp(idles[i].kind, kind) == 0) {
            return &idles[i];
        }
    }
    return NULL;
}

#define ROWS (sizeof rows / sizeof *rows)
#define PATH 160
#define NOTES 32 /* of members that are not known; a schedule may have thousands */

static const members *row_of(const char *path)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].path, path) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool is_among(const char *names, bw_view key)
{
    while (*names != 0) {
        size_t len = strcspn(names, " ");
        if (len == key.len && memcmp(names, key.ptr, len) == 0) {
            return true;
        }
        names += len + (names[len] == ' ');
    }
    return false;
}

/* null, false, 0 and what is empty ask for nothing. */
static bool asks(const bw_node *node)
{
    double number = 0;

    if (bw__sim_is_number(node, &number)) {
        return number != 0;
    }
    switch (node->type) {
    case BW_NODE_NULL: return false;
    case BW_NODE_BOOL: return node->boolean;
    case BW_NODE_STRING: return node->text.len > 0;
    case BW_NODE_LIST:
    case BW_NODE_MAP: return node->children.len > 0;
    default: return true;
    }
}

typedef struct walk {
    bw_sim_reader *r;
    int notes;
} walk;

static void check_member(walk *w, const members *row, const idle *unused, const char *where,
                         bw_view key, const bw_node *node)
{
    char name[64];

    (void)snprintf(name, sizeof name, "%.*s", (int)(key.len < 60 ? key.len : 60),
                   (const char *)key.ptr);
    if (strcmp(row->known, "*") == 0 || is_among(row->known, key)) {
        if (unused != NULL && is_among(unused->names, key) && asks(node) && w->notes < NOTES) {
            w->notes++;
            bw__sim_warn(w->r, where, name, "has no effect with %s", unused->kind);
        }
        return;
    }
    if (is_among(row->refused, key)) {
        if (asks(node)) {
            bw__sim_refuse(w->r, where, name, "is not simulated here");
        }
    } else if (w->notes < NOTES) {
        w->notes++;
        bw__sim_warn(w->r, where, name, "is no member that is known, and has no effect");
    }
}

/* `path` is a row's, `where` the same with numbers and names. */
static void check(walk *w, const bw_node *node, const char *path, const char *where)
{
    const members *row = NULL;
    const idle *unused = NULL;
    char child[PATH], at[PATH];

    if (node == NULL || (node->type != BW_NODE_LIST && node->type != BW_NODE_MAP)) {
        return;
    }
    if (node->type == BW_NODE_LIST) {
        (void)snprintf(child, sizeof child, "%s[]", path);
        for (uint32_t i = 0; row_of(child) != NULL && i < node->children.len; i++) {
            (void)snprintf(at, sizeof at, "%.140s[%u]", where, i);
            check(w, node->children.items[i], child, at);
        }
        return;
    }
    row = row_of(path);
    unused = idle_of(path, node);
    for (uint32_t i = 0; row != NULL && i < node->children.len; i++) {
        bw_view key = node->children.keys[i];
        bool any = strcmp(row->known, "*") == 0;
        int len = (int)(key.len < 60 ? key.len : 60);
        const char *dot = *path != 0 ? "." : "";
        check_member(w, row, unused, where, key, node->children.items[i]);
        (void)snprintf(child, sizeof child, "%.80s%s%.*s", path, dot, any ? 1 : len,
                       any ? "*" : (const char *)key.ptr);
        (void)snprintf(at, sizeof at, "%.80s%s%.*s", where, dot, len, (const char *)key.ptr);
        check(w, node->children.items[i], child, at);
    }
}

void bw__sim_check_members(bw_sim_reader *r, const bw_node *model)
{
    walk w = {.r = r};

    check(&w, model, "", "");
}
