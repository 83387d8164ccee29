/* SPDX-License-Identifier: MIT */
/** What wells say of themselves: bottom-hole pressures, and their volumes since the run began. */
#include <math.h>

#include "analysis_internal.h"

static const char *const total_keys[BW__TOTALS] = {
#define TOTAL_KEY(name, key) key,
    BW__TOTAL_LIST(TOTAL_KEY)
#undef TOTAL_KEY
};

/* Mean of the finite pressures that head stores at a well's perforations, over all phases. */
static bw_status read_pressures(bw_ctx *ctx, const bw__state *state, bw__record *record,
                                bool injectors)
{
    const bw_node *group = bw__find(state->root, injectors ? "rates.injection_bhps"
                                                           : "rates.production_bhps");
    bw_arena arena = {0};
    bw_status st = BW_OK;

    for (uint32_t w = 0; group != NULL && w < record->wells->count; w++) {
        double sum = 0;
        size_t found = 0;

        if (record->wells->items[w].injector != injectors) {
            continue;
        }
        for (int phase = 0; phase < BW__PHASES; phase++) {
            const bw_node *tensor = bw__find(group, bw__phase_names[phase]);
            double *keys, *values;
            size_t keyed, count;

            BW_GO(bw__to_numbers(ctx, &arena, bw__find(tensor, "keys"), &keys, &keyed));
            BW_GO(bw__to_numbers(ctx, &arena, bw__find(tensor, "values"), &values, &count));
            for (size_t n = 0; n < count && keyed == 3 * count; n++) {
                const double *key = keys + 3 * n;

                if (key[0] >= 0 && key[0] < (double)state->shape[0] && key[1] >= 0 &&
                    key[1] < (double)state->shape[1] && key[2] >= 0 &&
                    key[2] < (double)state->shape[2] && isfinite(values[n]) &&
                    bw__well_holds(&record->wells->items[w], state->shape,
                                   ((size_t)key[0] * state->shape[1] + (size_t)key[1]) *
                                           state->shape[2] + (size_t)key[2])) {
                    sum += values[n];
                    found++;
                }
            }
        }
        record->bhp[w] = found > 0 ? sum / (double)found : NAN;
    }
done:
    bw_arena_free(ctx, &arena);
    return st;
}

/* `cumulatives.wells`, whose wells may be more or fewer than those of `wells`. */
static bw_status read_volumes(bw_ctx *ctx, const bw__state *state, bw__record *record)
{
    const bw_node *map = bw__find(state->root, "cumulatives.wells");
    size_t wells = record->wells->count;

    if (map == NULL || map->type != BW_NODE_MAP) {
        return BW_OK;
    }
    record->well_totals = bw_arena_alloc(ctx, &record->arena,
                                         (wells + 1) * BW__TOTALS * sizeof *record->well_totals);
    if (record->well_totals == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t n = 0; n < map->children.len; n++) {
        for (int t = 0; t < BW__TOTALS; t++) {
            double value = 0;

            (void)bw__to_number(bw__find(map->children.items[n], total_keys[t]), &value);
            record->totals[t] += value;
        }
    }
    for (size_t w = 0; w < wells; w++) {
        const bw_node *own = bw_map_get(map, record->wells->items[w].name);
        double bhp = NAN;

        for (int t = 0; t < BW__TOTALS; t++) {
            double *out = &record->well_totals[w * BW__TOTALS + (size_t)t];

            *out = NAN;
            (void)bw__to_number(bw__find(own, total_keys[t]), out);
        }
        if (bw__to_number(bw__find(own, "bhp"), &bhp) && bhp > 0) {
            record->bhp[w] = bhp;
        }
    }
    return BW_OK;
}

bw_status bw__totals_read(bw_ctx *ctx, const bw__state *state, bw__record *record)
{
    record->bhp = bw_arena_alloc(ctx, &record->arena,
                                 (record->wells->count + UINT32_C(1)) * sizeof *record->bhp);
    if (record->bhp == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t w = 0; w < record->wells->count; w++) {
        record->bhp[w] = NAN;
    }
    BW_TRY(read_pressures(ctx, state, record, false));
    BW_TRY(read_pressures(ctx, state, record, true));
    return read_volumes(ctx, state, record);
}
