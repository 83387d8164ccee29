/* SPDX-License-Identifier: MIT */
/* The field's and wells' curves at the day reached, by their usual names. */
#include <string.h>

#include "sim_parts.h"
#include "sim_tree.h"

typedef struct totals {
    double rate_out[BW_PHASES], rate_in[BW_PHASES], out[BW_PHASES], in[BW_PHASES];
    double volume_out, volume_in;
} totals;

static void add_wells(const bw_sim *sim, totals *t)
{
    memset(t, 0, sizeof *t);
    for (int32_t i = 0; i < sim->nwells; i++) {
        const bw_sim_well *well = &sim->wells[i];
        bool flows = well->open && sim->record.step > 0;
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            double rate = flows ? well->rate[phase] : 0;
            t->rate_out[phase] += well->producer ? rate : 0;
            t->rate_in[phase] += well->producer ? 0 : -rate;
            t->out[phase] += well->produced[phase];
            t->in[phase] += well->injected[phase];
        }
        for (int32_t k = 0; flows && k < well->nperf; k++) {
            const bw_sim_perf *perf = &well->perf[k];
            const bw_sim_cell *cell = NULL;
            double v = 0;
            if (perf->cell < 0) {
                continue;
            }
            cell = &sim->cells[perf->cell];
            v = perf->rate[BW_WATER] / cell->b[BW_WATER][0] +
                perf->rate[BW_OIL] / cell->b[BW_OIL][0] +
                (perf->rate[BW_GAS] - cell->rs[0] * perf->rate[BW_OIL]) / cell->b[BW_GAS][0];
            *(well->producer ? &t->volume_out : &t->volume_in) += well->producer ? v : -v;
        }
    }
}

static double ratio(double a, double b)
{
    return b > 0 ? a / b : 0;
}

static void field_pressure(bw_sim_writer *w, const bw_sim *sim, bw_node *map)
{
    double weighted = 0, hydrocarbon = 0, volume = 0, plain = 0;

    for (int32_t c = 0; c < sim->grid.n; c++) {
        double p = sim->vars.p[c], x = sim->grid.rock_c * (p - sim->grid.rock_pref);
        double v = sim->grid.volume[c] * (1 + x + 0.5 * x * x);
        weighted += p * v * (1 - sim->vars.sw[c]);
        hydrocarbon += v * (1 - sim->vars.sw[c]);
        plain += p * v;
        volume += v;
    }
    bw__sim_set_number(w, map, "FPR", hydrocarbon > 0 ? weighted / hydrocarbon : plain / volume);
    bw__sim_set_number(w, map, "FRPV", volume);
}

static void in_place(bw_sim_writer *w, const bw_sim *sim, bw_node *map)
{
    double all[BW_PHASES], dissolved = 0;

    bw__sim_in_place(sim, all);
    for (int32_t c = 0; c < sim->grid.n; c++) {
        dissolved += sim->cells[c].rs[0] * sim->cells[c].acc[BW_OIL][0];
    }
    bw__sim_set_number(w, map, "FOIP", all[BW_OIL]);
    bw__sim_set_number(w, map, "FWIP", all[BW_WATER]);
    bw__sim_set_number(w, map, "FGIP", all[BW_GAS]);
    bw__sim_set_number(w, map, "FGIPL", dissolved);
    bw__sim_set_number(w, map, "FGIPG", all[BW_GAS] - dissolved);
}

static bw_node *field_curves(bw_sim_writer *w, const bw_sim *sim)
{
    bw_node *map = bw__sim_map(w);
    totals t;

    add_wells(sim, &t);
    field_pressure(w, sim, map);
    bw__sim_set_number(w, map, "FOPR", t.rate_out[BW_OIL]);
    bw__sim_set_number(w, map, "FWPR", t.rate_out[BW_WATER]);
    bw__sim_set_number(w, map, "FGPR", t.rate_out[BW_GAS]);
    bw__sim_set_number(w, map, "FGOR", ratio(t.rate_out[BW_GAS], t.rate_out[BW_OIL]));
    bw__sim_set_number(w, map, "FWCT", ratio(t.rate_out[BW_WATER],
                                             t.rate_out[BW_WATER] + t.rate_out[BW_OIL]));
    bw__sim_set_number(w, map, "FOPT", t.out[BW_OIL]);
    bw__sim_set_number(w, map, "FWPT", t.out[BW_WATER]);
    bw__sim_set_number(w, map, "FGPT", t.out[BW_GAS]);
    bw__sim_set_number(w, map, "FWIR", t.rate_in[BW_WATER]);
    bw__sim_set_number(w, map, "FGIR", t.rate_in[BW_GAS]);
    bw__sim_set_number(w, map, "FWIT", t.in[BW_WATER]);
    bw__sim_set_number(w, map, "FGIT", t.in[BW_GAS]);
    in_place(w, sim, map);
    bw__sim_set_number(w, map, "FVPR", t.volume_out);
    bw__sim_set_number(w, map, "FVIR", t.volume_in);
    return map;
}

static bw_node *well_curves(bw_sim_writer *w, const bw_sim *sim, const bw_sim_well *well)
{
    bw_node *map = bw__sim_map(w);
    double rate[BW_PHASES] = {0, 0, 0};

    if (well->open && sim->record.step > 0) {
        memcpy(rate, well->rate, sizeof rate);
    }
    if (well->producer) {
        bw__sim_set_number(w, map, "WOPR", rate[BW_OIL]);
        bw__sim_set_number(w, map, "WWPR", rate[BW_WATER]);
        bw__sim_set_number(w, map, "WGPR", rate[BW_GAS]);
        bw__sim_set_number(w, map, "WOPT", well->produced[BW_OIL]);
        bw__sim_set_number(w, map, "WWPT", well->produced[BW_WATER]);
        bw__sim_set_number(w, map, "WGPT", well->produced[BW_GAS]);
        bw__sim_set_number(w, map, "WGOR", ratio(rate[BW_GAS], rate[BW_OIL]));
        bw__sim_set_number(w, map, "WWCT", ratio(rate[BW_WATER], rate[BW_WATER] + rate[BW_OIL]));
    } else {
        bool gas = well->fluid == BW_GAS;
        bw__sim_set_number(w, map, gas ? "WGIR" : "WWIR", -rate[well->fluid]);
        bw__sim_set_number(w, map, gas ? "WGIT" : "WWIT", well->injected[well->fluid]);
    }
    bw__sim_set_number(w, map, "WBHP", well->open ? well->bhp : 0);
    bw__sim_set_text(w, map, "control",
                     bw__sim_control_names[well->open ? well->control : BW_CTL_SHUT]);
    return map;
}

static bw_node *by_component(bw_sim_writer *w, const double values[BW_PHASES])
{
    bw_node *map = bw__sim_map(w);

    bw__sim_set_number(w, map, "water", values[BW_WATER]);
    bw__sim_set_number(w, map, "oil", values[BW_OIL]);
    bw__sim_set_number(w, map, "gas", values[BW_GAS]);
    return map;
}

bw_node *bw__sim_summary_tree(bw_sim_writer *w, const bw_sim *sim)
{
    bw_node *map = bw__sim_map(w), *wells = bw__sim_map(w);

    bw__sim_set_number(w, map, "day", sim->day);
    bw__sim_set(w, map, "curves", field_curves(w, sim));
    for (int32_t i = 0; w->st == BW_OK && i < sim->nwells; i++) {
        bw__sim_set(w, wells, (const char *)sim->wells[i].name.ptr,
                    well_curves(w, sim, &sim->wells[i]));
    }
    bw__sim_set(w, map, "wells", wells);
    bw__sim_set(w, map, "material_balance", by_component(w, sim->balance));
    bw__sim_set(w, map, "in_place_initial", by_component(w, sim->in_place));
    return map;
}
