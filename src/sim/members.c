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

static void check_member(walk *w, const members *row, const char *where, bw_view key,
                         const bw_node *node)
{
    char name[64];

    if (strcmp(row->known, "*") == 0 || is_among(row->known, key)) {
        return;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)(key.len < 60 ? key.len : 60),
                   (const char *)key.ptr);
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
    for (uint32_t i = 0; row != NULL && i < node->children.len; i++) {
        bw_view key = node->children.keys[i];
        bool any = strcmp(row->known, "*") == 0;
        int len = (int)(key.len < 60 ? key.len : 60);
        const char *dot = *path != 0 ? "." : "";
        check_member(w, row, where, key, node->children.items[i]);
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
