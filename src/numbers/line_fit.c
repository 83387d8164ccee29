/* SPDX-License-Identifier: MIT */
/**
 * Simple linear regression (N. R. Draper and H. Smith, "Applied Regression Analysis", 1966, chapter
 * 1). Student's quantile is the expansion of R. A. Fisher and E. A. Cornish (1960), exact for one and
 * two degrees of freedom, within 0.2 % for three and 0.01 % from six on.
 */
#include "line_fit.h"

#include <math.h>

/* t of 97.5 % for n degrees of freedom. */
static double student(double n)
{
    const double z = 1.959963984540054, z2 = z * z;

    if (n == 1) {
        return 12.706204736174707;
    }
    if (n == 2) {
        return 4.302652729749464;
    }
    return z * (1 + (z2 + 1) / (4 * n) + ((5 * z2 + 16) * z2 + 3) / (96 * n * n) +
                (((3 * z2 + 19) * z2 + 17) * z2 - 15) / (384 * n * n * n) +
                ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) /
                    (92160 * n * n * n * n));
}

void bw__line_fit(const double *x, const double *y, size_t count, bw__line *out)
{
    bw__line line = {NAN, NAN, NAN, NAN, NAN, 0};
    double mx = 0, my = 0, xx = 0, xy = 0, yy = 0, left = 0, n, variance;

    for (size_t p = 0; p < count; p++) {
        if (isfinite(x[p]) && isfinite(y[p])) {
            mx += x[p];
            my += y[p];
            line.count++;
        }
    }
    n = (double)line.count;
    mx /= n;
    my /= n;
    for (size_t p = 0; p < count; p++) {
        if (isfinite(x[p]) && isfinite(y[p])) {
            xx += (x[p] - mx) * (x[p] - mx);
            xy += (x[p] - mx) * (y[p] - my);
            yy += (y[p] - my) * (y[p] - my);
        }
    }
    if (line.count >= 2 && xx > 0) {
        line.slope = xy / xx;
        line.intercept = my - line.slope * mx;
        left = yy - line.slope * xy;
        left = left < 0 ? 0 : left;
        line.r_squared = yy == 0 ? 1 : 1 - left / yy;
    }
    if (line.count >= 3 && xx > 0) {
        variance = left / (n - 2);
        line.slope_half = student(n - 2) * sqrt(variance / xx);
        line.intercept_half = student(n - 2) * sqrt(variance * (1 / n + mx * mx / xx));
    }
    *out = line;
}
