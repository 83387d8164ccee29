/* SPDX-License-Identifier: MIT */
/* The field's and wells' curves at the day reached, by their usual names. */
#include <string.h>

#include "sim/fluid/pvt.h"
#include "sim_parts.h"
#include "sim_tree.h"

typedef struct totals {
    double rate_out[BW_PHASES], rate_in[BW_PHASES], out[BW_PHASES], in[BW_PHASES];
    double volume_out, volume_in;
} totals;

bw_sim_means bw__sim_means(const bw_sim *sim)
{
    double sum[2] = {0, 0}, p[2] = {0, 0}, rs[2] = {0, 0};
    bw_sim_means m = {0};

    for (int32_t c = 0; c < sim->grid.n; c++) {
        double x = sim->grid.rock_c * (sim->vars.p[c] - sim->grid.rock_pref);
        double v = sim->grid.volume[c] * (1 + x + 0.5 * x * x);
        const double weight[2] = {v * (1 - sim->vars.sw[c]), v};
        m.pore_volume += sim->grid.volume[c];
        for (int32_t i = 0; i < 2; i++) {
            sum[i] += weight[i];
            p[i] += weight[i] * sim->vars.p[c];
            rs[i] += weight[i] * sim->cells[c].rs[0];
        }
    }
    {
        int32_t i = sum[0] > 0 ? 0 : 1; /* all water: the whole pore volume */
        m.pressure = p[i] / sum[i];
        m.rs = rs[i] / sum[i];
    }
    return m;
}

/* Surface rates as a volume at the field's mean pressure and Rs. One step a report is for
 * comparisons with Flow, which takes the means with which the step began. */
static double voidage(const bw_sim *sim, const bw_sim_means *m, const double rate[BW_PHASES])
{
    const bw_sim_pvt *pvt = &sim->fluids.region[0];
    double oil = rate[BW_OIL], gas = rate[BW_GAS], rs = 0, b = 0, b_p = 0, bm = 0, bm_p = 0;
    double volume = 0;
    bw_sim_oil o;

    if (oil != 0) {
        rs = gas / oil < m->rs ? gas / oil : m->rs;
        bw__pvt_oil(pvt, m->pressure, rs, &o);
        volume += oil / o.b;
    }
    bw__pvt_water(pvt, m->pressure, &b, &b_p, &bm, &bm_p);
    volume += rate[BW_WATER] / b;
    if (sim->fluids.has[BW_GAS]) {
        bw__pvt_gas(pvt, m->pressure, &b, &b_p, &bm, &bm_p);
        volume += (gas - rs * oil) / b;
    }
    return volume;
}

static void add_wells(const bw_sim *sim, const bw_sim_means *m, totals *t)
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
        if (flows && well->producer) {
            t->volume_out += voidage(sim, m, well->rate);
        } else if (flows) {
            t->volume_in -= voidage(sim, m, well->rate);
        }
    }
}

static double ratio(double a, double b)
{
    return b > 0 ? a / b : 0;
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
    bw_sim_means m = bw__sim_means(sim);
    totals t;

    add_wells(sim, sim->options.report_steps ? &sim->means_begin : &m, &t);
    bw__sim_set_number(w, map, "FPR", m.pressure);
    bw__sim_set_number(w, map, "FRPV", m.pore_volume);
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
