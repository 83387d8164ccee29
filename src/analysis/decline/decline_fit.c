/* SPDX-License-Identifier: MIT */
/**
 * Arps's declines (J. J. Arps, "Analysis of Decline Curves", Trans. AIME 160, 1945):
 *
 *     exponential  q = qi e^(-D x)               a line through ln q
 *     harmonic     q = qi / (1 + D x)            a line through 1/q, D being slope times qi
 *     hyperbolic   q = qi / (1 + b D x)^(1/b)    least squares on rates, 0 <= b <= 2, D >= 0
 *
 * For given b and D the best qi of the hyperbola is linear, so the search is over those two (G. H.
 * Golub and V. Pereyra's variable projection, 1973): a coarse grid, then Levenberg-Marquardt.
 */
#include "decline_fit.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "numbers/elementary.h"

/* ln(1 + b u)/b, which is u where b is 0. */
static double stretched(double b, double u)
{
    return b == 0 ? u : bw__log1p(b * u) / b;
}

double bw__decline_at(const bw__decline *d, double x)
{
    if (d->b == 1) { /* beyond the pole of a rate that rises it is negative, and told so */
        return d->initial / (1 + d->rate * x);
    }
    return d->initial * bw__exp(-stretched(d->b, d->rate * x));
}

double bw__decline_volume(const bw__decline *d, double from, double to)
{
    double q1 = bw__decline_at(d, from), q2 = bw__decline_at(d, to);

    if (d->rate == 0) {
        return q1 * (to - from);
    }
    if (d->b == 0) {
        return (q1 - q2) / d->rate;
    }
    if (d->b == 1) {
        return d->initial / d->rate * bw__log(q1 / q2);
    }
    return bw__pow(d->initial, d->b) / (d->rate * (1 - d->b)) *
           (bw__pow(q1, 1 - d->b) - bw__pow(q2, 1 - d->b));
}

double bw__decline_meets(const bw__decline *d, double limit)
{
    double times; /* ln(qi/limit), then D x */

    if (limit <= 0 || d->rate <= 0) {
        return INFINITY;
    }
    times = bw__log(d->initial / limit);
    times = d->b == 0 ? times : (bw__exp(d->b * times) - 1) / d->b;
    return times / d->rate;
}

/* Least squares through (x, y): y = level + slope x. */
static void fit_line(const double *x, const double *q, size_t count, double (*of)(double),
                     double *level, double *slope)
{
    double mean_x = 0, mean_y = 0, xy = 0, xx = 0;

    for (size_t n = 0; n < count; n++) {
        mean_x += x[n] / (double)count;
        mean_y += of(q[n]) / (double)count;
    }
    for (size_t n = 0; n < count; n++) {
        xy += (x[n] - mean_x) * (of(q[n]) - mean_y);
        xx += (x[n] - mean_x) * (x[n] - mean_x);
    }
    *slope = xx == 0 ? 0 : xy / xx;
    *level = mean_y - *slope * mean_x;
}

static double inverse(double q)
{
    return 1 / q;
}

/* Hyperbolic --------------------------------------------------------------------------------- */

typedef struct search {
    const double *x, *q; /* q in units of its largest, x in units of the last one's */
    size_t count;
} search;

/* The best qi for b and D, and the sum of squares that it leaves. */
static double project(const search *s, double rate, double b, double *initial)
{
    double qf = 0, ff = 0, left = 0;

    for (size_t n = 0; n < s->count; n++) {
        double f = bw__exp(-stretched(b, rate * s->x[n]));

        qf += s->q[n] * f;
        ff += f * f;
    }
    *initial = ff == 0 ? 0 : qf / ff;
    for (size_t n = 0; n < s->count; n++) {
        double r = s->q[n] - *initial * bw__exp(-stretched(b, rate * s->x[n]));

        left += r * r;
    }
    return left;
}

typedef struct normal {
    double a[3][3], g[3]; /* J'J and J'r in qi, D, b */
} normal;

static void add_point(const search *s, const bw__decline *d, size_t n, normal *out)
{
    double x = s->x[n], u = d->rate * x, inner = 1 + d->b * u, j[3], r;
    double f = bw__exp(-stretched(d->b, u)), by_b;

    /* d/db of -ln(1 + b u)/b; its series where b u is small: u^2/2 - 2 b u^3/3 */
    by_b = fabs(d->b * u) < 1e-4 ? u * u / 2 - 2 * d->b * u * u * u / 3
                                 : (bw__log1p(d->b * u) / d->b - u / inner) / d->b;
    j[0] = f;
    j[1] = -d->initial * f * x / inner;
    j[2] = d->initial * f * by_b;
    r = s->q[n] - d->initial * f;
    for (int m = 0; m < 3; m++) {
        out->g[m] += j[m] * r;
        for (int k = 0; k < 3; k++) {
            out->a[m][k] += j[m] * j[k];
        }
    }
}

/* Solves the damped equations by Gaussian elimination; parameters that are `held` do not move. */
static bool solve(const normal *in, double damping, const bool held[3], double step[3])
{
    double a[3][4];

    for (int m = 0; m < 3; m++) {
        for (int k = 0; k < 3; k++) {
            a[m][k] = held[m] || held[k] ? m == k : in->a[m][k];
        }
        a[m][m] += held[m] ? 0 : damping * in->a[m][m] + DBL_MIN;
        a[m][3] = held[m] ? 0 : in->g[m];
    }
    for (int m = 0; m < 3; m++) {
        if (!(a[m][m] > 0)) {
            return false;
        }
        for (int k = m + 1; k < 3; k++) {
            double factor = a[k][m] / a[m][m];

            for (int c = m; c < 4; c++) {
                a[k][c] -= factor * a[m][c];
            }
        }
    }
    for (int m = 2; m >= 0; m--) {
        step[m] = a[m][3];
        for (int k = m + 1; k < 3; k++) {
            step[m] -= a[m][k] * step[k];
        }
        step[m] /= a[m][m];
    }
    return isfinite(step[0]) && isfinite(step[1]) && isfinite(step[2]);
}

static double clip(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* Levenberg-Marquardt within the bounds; a parameter at its bound is held where it would leave. */
static double refine(const search *s, bw__decline *d)
{
    double left = project(s, d->rate, d->b, &d->initial), damping = 1e-3;

    for (int round = 0; round < 200 && damping < 1e16; round++) {
        normal equations = {.g = {0}};
        bw__decline tried = *d;
        double step[3], now;
        bool held[3] = {false};

        for (size_t n = 0; n < s->count; n++) {
            add_point(s, d, n, &equations);
        }
        held[1] = d->rate <= 0 && equations.g[1] < 0;
        held[2] = (d->b <= 0 && equations.g[2] < 0) || (d->b >= 2 && equations.g[2] > 0);
        if (!solve(&equations, damping, held, step)) {
            damping *= 10;
            continue;
        }
        tried.rate = clip(d->rate + step[1], 0, 1e12);
        tried.b = clip(d->b + step[2], 0, 2);
        now = project(s, tried.rate, tried.b, &tried.initial);
        if (now < left) {
            bool done = left - now <= 1e-30 + 1e-15 * left;

            left = now;
            *d = tried;
            damping = damping > 1e-15 ? damping * 0.1 : damping;
            if (done) {
                break;
            }
        } else {
            damping *= 10;
        }
    }
    return left;
}

static void fit_hyperbolic(const double *x, const double *q, size_t count, bw__decline *out)
{
    const search s = {x, q, count};
    double best = INFINITY, span = x[count - 1] > 0 ? x[count - 1] : 1;
    bw__decline found = {.initial = 1};

    for (int b = 0; b <= 8; b += 2) {
        bw__decline start = {.b = b / 4.0};
        double least = INFINITY, left;

        for (int n = -1; n <= 40; n++) { /* D: none, then from 1e-4 to 1e6 over the span */
            double rate = n < 0 ? 0 : bw__exp((n / 4.0 - 4) * 2.302585092994046) / span, initial;

            left = project(&s, rate, start.b, &initial);
            if (left < least) {
                least = left;
                start.rate = rate;
            }
        }
        left = refine(&s, &start);
        if (left < best) {
            best = left;
            found = start;
        }
    }
    *out = found;
}

void bw__decline_fit(bw__decline_type type, const double *x, const double *q, size_t count,
                     bw__decline *out)
{
    double level, slope;

    switch (type) {
    case BW__EXPONENTIAL:
        fit_line(x, q, count, bw__log, &level, &slope);
        *out = (bw__decline){.initial = bw__exp(level), .rate = -slope};
        break;
    case BW__HARMONIC:
        fit_line(x, q, count, inverse, &level, &slope);
        *out = (bw__decline){.initial = 1 / level, .rate = slope / level, .b = 1};
        break;
    default:
        fit_hyperbolic(x, q, count, out);
    }
}

double bw__decline_r_squared(const bw__decline *d, const double *x, const double *q,
                             size_t count)
{
    double mean = 0, left = 0, spread = 0, squares = 0;

    for (size_t n = 0; n < count; n++) {
        mean += q[n] / (double)count;
    }
    for (size_t n = 0; n < count; n++) {
        double r = q[n] - bw__decline_at(d, x[n]);

        left += r * r;
        spread += (q[n] - mean) * (q[n] - mean);
        squares += q[n] * q[n];
    }
    if (spread <= 1e-20 * squares) {
        return left <= 1e-18 * squares ? 1 : 0;
    }
    return 1 - left / spread;
}
