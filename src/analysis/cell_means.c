/* SPDX-License-Identifier: MIT */
/**
 * Means over the grid, plain and weighted. What is no number is left out, of which the sums know: only where one is
 * none are the elements looked at one by one.
 */
#include <math.h>

#include "cell_sums.h"

/* So many sums are made side by side: additions to one would wait for each other. */
#define LANES 8u

/* A mean in the making. */
typedef struct mean {
    double sum, weight, plain;
    size_t count;
} mean;

static double fold(double lanes[LANES])
{
    for (size_t half = LANES / 2; half > 0; half /= 2) {
        for (size_t lane = 0; lane < half; lane++) {
            lanes[lane] += lanes[lane + half];
        }
    }
    return lanes[0];
}

static void mean_add(mean *m, double value, double weight)
{
    if (!isfinite(value)) {
        return;
    }
    m->plain += value;
    m->count++;
    if (isfinite(weight) && weight != 0) {
        m->sum += weight * value;
        m->weight += weight;
    }
}

/* False where something is no number. */
static bool mean_of_numbers(const double *values, size_t cells, mean *out)
{
    double plain[LANES] = {0};
    size_t cell = 0;

    for (; cell + LANES <= cells; cell += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            plain[lane] += values[cell + lane];
        }
    }
    for (; cell < cells; cell++) {
        plain[cell % LANES] += values[cell];
    }
    *out = (mean){.plain = fold(plain), .count = cells};
    return isfinite(out->plain);
}

static bool weighted_of_numbers(const double *values, const double *weights, size_t cells, mean *out)
{
    double plain[LANES] = {0}, sum[LANES] = {0}, weight[LANES] = {0};
    size_t cell = 0;

    for (; cell + LANES <= cells; cell += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            plain[lane] += values[cell + lane];
            sum[lane] += weights[cell + lane] * values[cell + lane];
            weight[lane] += weights[cell + lane];
        }
    }
    for (; cell < cells; cell++) {
        plain[cell % LANES] += values[cell];
        sum[cell % LANES] += weights[cell] * values[cell];
        weight[cell % LANES] += weights[cell];
    }
    *out = (mean){fold(sum), fold(weight), fold(plain), cells};
    return isfinite(out->plain) && isfinite(out->sum) && isfinite(out->weight);
}

/* The mean of a grid, and that weighted by another; of grids that are absent (NULL), nothing. */
static mean mean_grid(const double *values, const double *weights, size_t cells)
{
    mean m = {.count = 0};

    if (values == NULL || (weights == NULL ? mean_of_numbers(values, cells, &m)
                                           : weighted_of_numbers(values, weights, cells, &m))) {
        return m;
    }
    m = (mean){.count = 0};
    for (size_t cell = 0; cell < cells; cell++) {
        mean_add(&m, values[cell], weights == NULL ? 0 : weights[cell]);
    }
    return m;
}

/* The same of a grid that is 0 where it is absent. */
static mean mean_or_zero(const double *values, const double *weights, size_t cells)
{
    return values == NULL ? (mean){.count = cells} : mean_grid(values, weights, cells);
}

/* Of kr/mu. */
static mean mean_mobility(const double *kr, const double *mu, size_t cells)
{
    double plain[LANES] = {0};
    mean m = {.count = cells};
    size_t cell = 0;

    if (kr == NULL || mu == NULL) {
        return (mean){.count = 0};
    }
    for (; cell + LANES <= cells; cell += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            plain[lane] += kr[cell + lane] / mu[cell + lane];
        }
    }
    for (; cell < cells; cell++) {
        plain[cell % LANES] += kr[cell] / mu[cell];
    }
    m.plain = fold(plain);
    if (!isfinite(m.plain)) {
        m = (mean){.count = 0};
        for (cell = 0; cell < cells; cell++) {
            mean_add(&m, kr[cell] / mu[cell], 0);
        }
    }
    return m;
}

static double plain_of(mean m)
{
    return m.count == 0 ? NAN : m.plain / (double)m.count;
}

static double weighted_of(mean m)
{
    return m.weight == 0 ? plain_of(m) : m.sum / m.weight;
}

/* Means of the FVFs with which water and gas are injected now; else those of the grid. */
static void mean_injected(const bw__record *record, bw__means *out)
{
    mean water = {.count = 0}, gas = {.count = 0};

    for (uint32_t n = 0; n < record->flow_count; n++) {
        const bw__flow *flow = &record->flows[n];

        if (flow->injected && flow->q[BW__WATER] != 0) {
            mean_add(&water, flow->fvf[BW__WATER], 0);
        }
        if (flow->injected && flow->q[BW__GAS] != 0) {
            mean_add(&gas, flow->fvf[BW__GAS], 0);
        }
    }
    out->injected_bw = water.count > 0 ? plain_of(water) : out->bw;
    out->injected_bg = gas.count > 0 ? plain_of(gas) : out->bg;
}

void bw__cell_means(const bw__state *state, bw__record *record)
{
    static const bw__grid s[BW__PHASES] = {BW__SO, BW__SW, BW__SG};
    static const bw__grid kr[BW__PHASES] = {BW__KRO, BW__KRW, BW__KRG};
    static const bw__grid mu[BW__PHASES] = {BW__MUO, BW__MUW, BW__MUG};
    const double *const *g = state->grid, *so = g[BW__SO], *sg = g[BW__SG];
    bw__means *out = &record->means;
    size_t cells = state->cells;
    mean pressure = mean_grid(g[BW__PRESSURE], so, cells), bo = mean_grid(g[BW__BO], so, cells);
    mean bw = mean_grid(g[BW__BW], so, cells), bg = mean_grid(g[BW__BG], so, cells);
    mean rs = mean_or_zero(g[BW__RS], so, cells), z = mean_grid(g[BW__Z], sg, cells);

    for (int p = 0; p < BW__PHASES; p++) {
        out->s[p] = plain_of(mean_grid(g[s[p]], NULL, cells));
        out->mobility[p] = plain_of(mean_mobility(g[kr[p]], g[mu[p]], cells));
    }
    out->pressure = plain_of(pressure);
    out->bubble_point = plain_of(mean_grid(g[BW__BUBBLE_POINT], NULL, cells));
    out->bo = plain_of(bo);
    out->bw = plain_of(bw);
    out->bg = plain_of(bg);
    out->rs = plain_of(rs);
    out->rsw = plain_of(mean_or_zero(g[BW__RSW], NULL, cells));
    out->cw = plain_of(mean_grid(g[BW__CW], NULL, cells));
    out->z = plain_of(z);
    out->co = plain_of(mean_grid(g[BW__CO], NULL, cells));
    out->cg = plain_of(mean_grid(g[BW__CG], NULL, cells));
    out->oil_pressure = weighted_of(pressure);
    out->oil_bo = weighted_of(bo);
    out->oil_bw = weighted_of(bw);
    out->oil_bg = weighted_of(bg);
    out->oil_rs = weighted_of(rs);
    out->oil_sw = weighted_of(mean_grid(g[BW__SW], so, cells));
    out->cap_bg = weighted_of(mean_grid(g[BW__BG], sg, cells));
    out->cap_z = weighted_of(z);
    mean_injected(record, out);
}
