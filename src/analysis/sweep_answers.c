/* SPDX-License-Identifier: MIT */
/**
 * Sweep, injection front and productivity. Where a question needs grids of a state that is neither
 * given nor kept in a record, the answer says which.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "question.h"
#include "sweep.h"

/* The record that `step` names, and the state given for it, if it is that one. */
static bw_status open_state(bw__question *q, uint32_t *at, bw__state *state, bool *given)
{
    *given = false;
    BW_TRY(bw__option_step(q, at));
    if (q->state == NULL) {
        return BW_OK;
    }
    BW_TRY(bw__state_open(q->ctx, q->state, UINT32_MAX, state));
    if (state->step != q->a->records[*at]->step ||
        memcmp(state->shape, q->a->shape, sizeof state->shape) != 0) {
        bw_status st = bw_fail(q->ctx, BW_ERR_VALIDATION,
                               "%s: the state given is step %" PRId64 ", not %" PRId64
                               ", or of another grid", q->row->name, state->step,
                               q->a->records[*at]->step);

        bw__state_close(q->ctx, state);
        return st;
    }
    *given = true;
    return BW_OK;
}

/* Sweep -------------------------------------------------------------------------------------- */

static bw_status put_sweep(bw__question *q, const bw__sweep *sweep, bw_node **out)
{
    BW_TRY(bw__answer_map(q, out));
    BW_TRY(bw__put_number(q, *out, "volumetricSweepEfficiency", sweep->volumetric));
    BW_TRY(bw__put_number(q, *out, "displacementEfficiency", sweep->displacement));
    BW_TRY(bw__put_number(q, *out, "recoveryEfficiency", sweep->recovery));
    BW_TRY(bw__put_number(q, *out, "contactedOil", sweep->contacted));
    BW_TRY(bw__put_number(q, *out, "uncontactedOil", sweep->uncontacted));
    BW_TRY(bw__put_number(q, *out, "arealSweepEfficiency", sweep->areal));
    return bw__put_number(q, *out, "verticalSweepEfficiency", sweep->vertical);
}

static bw_status read_thresholds(bw__question *q, bw__phase *phase, bw__thresholds *t)
{
    const bw__thresholds usual = BW__DEFAULT_THRESHOLDS;

    BW_TRY(bw__option_phase(q, "displacingPhase", BW__WATER, phase));
    BW_TRY(bw__option_number(q, "deltaWaterSaturationThreshold", usual.water, &t->water));
    BW_TRY(bw__option_number(q, "deltaGasSaturationThreshold", usual.gas, &t->gas));
    return bw__option_number(q, "solventConcentrationThreshold", usual.solvent, &t->solvent);
}

static bool are_usual(bw__thresholds t)
{
    const bw__thresholds usual = BW__DEFAULT_THRESHOLDS;

    return t.water == usual.water && t.gas == usual.gas && t.solvent == usual.solvent;
}

static bw_status answer_sweep(bw__question *q, bw_node **out)
{
    const bw__record *record;
    bw__thresholds t;
    bw__phase phase;
    bw__state state;
    bw__sweep sweep[BW__PHASES];
    bool given;
    uint32_t at;

    BW_TRY(read_thresholds(q, &phase, &t));
    BW_TRY(open_state(q, &at, &state, &given));
    record = q->a->records[at];
    if (given) {
        bw__sweep_of(q->a, &state, t, sweep);
        bw__state_close(q->ctx, &state);
        return put_sweep(q, &sweep[phase], out);
    }
    return are_usual(t) && record->swept == q->a->generation
               ? put_sweep(q, &record->sweep[phase], out)
               : bw__answer_needs(q, record->step, out);
}

/* Front -------------------------------------------------------------------------------------- */

typedef struct front {
    uint64_t count;
    double pore, all, saturation, largest, weight, centre[3];
} front;

/* Cells whose saturation has risen by more than the threshold; the rise in all cells. */
static void find_front(const bw_analysis *a, const bw__state *state, const double *now, const double *then,
                       double threshold, bw_array *cells, bw_array *rise, front *f)
{
    double *delta = (double *)(void *)rise->data;

    for (size_t cell = 0; cell < a->cells; cell++) {
        double change = now[cell] - then[cell], v = bw__pore_volume(state, cell);
        bool hit = change > threshold;

        delta[cell] = change;
        cells->data[cell] = hit;
        f->all += v;
        if (!hit) {
            continue;
        }
        f->count++;
        f->pore += v;
        f->saturation += now[cell];
        f->largest = now[cell] > f->largest ? now[cell] : f->largest;
        f->weight += change;
        f->centre[0] += change * (double)(cell / (a->shape[1] * a->shape[2]));
        f->centre[1] += change * (double)(cell / a->shape[2] % a->shape[1]);
        f->centre[2] += change * (double)(cell % a->shape[2]);
    }
}

static bw_status put_front(bw__question *q, const front *f, bw_node *map)
{
    double centre[3];

    BW_TRY(bw__put_int(q, map, "frontCellCount", (int64_t)f->count));
    BW_TRY(bw__put_number(q, map, "frontVolumeFraction", bw__ratio(f->pore, f->all)));
    BW_TRY(bw__put_number(q, map, "averageFrontSaturation",
                          bw__ratio(f->saturation, (double)f->count)));
    BW_TRY(bw__put_number(q, map, "maxFrontSaturation", f->largest));
    if (f->count == 0 && !q->a->compat) { /* BORES: the origin */
        return bw__put_null(q, map, "frontCentroid");
    }
    for (int d = 0; d < 3; d++) {
        centre[d] = bw__ratio(f->centre[d], f->weight);
    }
    return bw__put_numbers(q, map, "frontCentroid", centre, 3);
}

static bw_status make_front(bw__question *q, const bw__state *state, bw__phase phase,
                            double threshold, bw_node **out)
{
    const double *now = state->grid[phase == BW__WATER ? BW__SW : BW__SG];
    bw_array *cells, *rise;
    front f = {.count = 0};

    BW_TRY(bw__answer_map(q, out));
    if (now == NULL) {
        return bw__put_number(q, *out, "frontVolumeFraction", NAN);
    }
    BW_TRY(bw__put_text(q, *out, "phase", bw__phase_names[phase]));
    BW_TRY(bw__put_grid(q, *out, "frontCells", 'b', &cells));
    BW_TRY(bw__put_grid(q, *out, "saturationDeltaGrid", 'f', &rise));
    find_front(q->a, state, now, q->a->reference.s[phase], threshold, cells, rise, &f);
    return put_front(q, &f, *out);
}

static bw_status answer_front(bw__question *q, bw_node **out)
{
    static const char *const phases[] = {"water", "gas", NULL};
    double threshold;
    bw__state state;
    bool given;
    uint32_t at;
    int phase;
    bw_status st;

    BW_TRY(bw__option_choice(q, "phase", phases, 0, &phase));
    BW_TRY(bw__option_number(q, "threshold", 0.02, &threshold));
    BW_TRY(open_state(q, &at, &state, &given));
    if (!given) {
        return bw__answer_needs(q, q->a->records[at]->step, out);
    }
    st = make_front(q, &state, phase == 0 ? BW__WATER : BW__GAS, threshold, out);
    bw__state_close(q->ctx, &state);
    return st;
}

/* The steps of a range, for those that must ask for each by itself. */
static bw_status answer_range(bw__question *q, bw_node **out)
{
    bw__range range;

    BW_TRY(bw__option_range(q, &range));
    BW_TRY(bw__answer_list(q, out));
    for (uint32_t at = range.first; at < range.end; at++) {
        if (bw__range_has(&range, q->a->records[at])) {
            BW_TRY(bw__push(q, *out, bw_node_int(q->ctx, q->arena, q->a->records[at]->step)));
        }
    }
    return BW_OK;
}

/* Productivity ------------------------------------------------------------------------------- */

typedef struct inflow {
    uint32_t count;
    double rate, pressure, skin, efficiency, index, mobility, productivity;
} inflow;

static void add_perforation(const bw__flow *flow, const bw__perforation *p, bw__phase phase,
                            inflow *sum)
{
    double b = flow->fvf[phase];

    sum->count++;
    sum->rate += flow->surface[phase];
    sum->pressure += p->pressure;
    sum->skin += p->skin;
    sum->efficiency += p->efficiency;
    sum->index += p->index;
    sum->mobility += p->mobility[phase];
    sum->productivity += p->index * p->mobility[phase] /
                         (phase == BW__GAS ? b / BW__BARREL : b);
}

static bw_status put_mean(bw__question *q, bw_node *map, const char *key, double sum,
                          uint32_t count)
{
    return count == 0 ? bw__put_null(q, map, key) : bw__put_number(q, map, key, sum / count);
}

static bw_status describe_productivity(bw__question *q, uint32_t at, bw_node *map)
{
    const bw__record *record = q->a->records[at];
    inflow sum = {.count = 0};
    bw__filter filter;
    bw__phase phase;

    BW_TRY(bw__option_phase(q, "phase", BW__OIL, &phase));
    BW_TRY(bw__option_cells(q, &filter));
    for (uint32_t n = 0; n < record->perforation_count; n++) {
        const bw__perforation *p = &record->perforations[n];
        const bw__flow *flow = &record->flows[p->flow];

        if (flow->q[phase] != 0 && bw__filter_has(q->a, &filter, record, flow->cell)) {
            add_perforation(flow, p, phase, &sum);
        }
    }
    BW_TRY(bw__put_int(q, map, "perforationCount", sum.count));
    BW_TRY(bw__put_number(q, map, "totalFlowRate", sum.rate));
    BW_TRY(put_mean(q, map, "averageReservoirPressure", sum.pressure, sum.count));
    BW_TRY(put_mean(q, map, "skinFactor", sum.skin, sum.count));
    BW_TRY(put_mean(q, map, "flowEfficiency", sum.efficiency, sum.count));
    BW_TRY(put_mean(q, map, "wellIndex", sum.index, sum.count));
    BW_TRY(put_mean(q, map, "averageMobility", sum.mobility, sum.count));
    return put_mean(q, map, "productivityIndex", sum.count * sum.productivity, sum.count);
}

static bw_status answer_productivity(bw__question *q, bw_node **out)
{
    return q->row->what ? bw__answer_history(q, describe_productivity, out)
                        : bw__answer_step(q, describe_productivity, out);
}

#define HISTORY "fromStep toStep interval"

const bw__row bw__sweep_rows[] = {
    {"sweepEfficiencyAnalysis", answer_sweep, 0,
     "step displacingPhase deltaWaterSaturationThreshold deltaGasSaturationThreshold "
     "solventConcentrationThreshold"},
    {"injectionFrontAnalysis", answer_front, 0, "step phase threshold"},
    {"stepsOfRange", answer_range, 0, HISTORY},
    {"productivityAnalysis", answer_productivity, 0, "step phase cells"},
    {"productivityHistory", answer_productivity, 1, HISTORY " phase cells"},
    {NULL, NULL, 0, ""},
};
