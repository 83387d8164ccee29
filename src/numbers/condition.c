/* SPDX-License-Identifier: MIT */
/** Conditions on elements, one after another: what remains of a mask fulfils all of them. */
#include <math.h>

#include "bores/numbers.h"
#include "numbers.h"

/* A bound as the elements can have it: 0.3 that is typed means the float32 nearest to it, too. */
static double in_type(double bound, bw_dtype dtype)
{
    return dtype.kind == 'f' && dtype.itemsize == 4 && isfinite(bound) ? (double)bw__narrow(bound)
                                                                        : bound;
}

static bool is_one_of(double value, const bw_condition *condition, bw_dtype dtype)
{
    uint32_t low = 0, high = condition->set_len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (in_type(condition->set[middle], dtype) < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < condition->set_len && in_type(condition->set[low], dtype) == value;
}

static bw_status check(bw_ctx *ctx, const bw_condition *condition)
{
    if (condition->set == NULL) {
        if (!(condition->lo <= condition->hi)) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "the condition's range [%g, %g] is none",
                           condition->lo, condition->hi);
        }
        return BW_OK;
    }
    for (uint32_t n = 0; n < condition->set_len; n++) {
        double before = n == 0 ? -INFINITY : condition->set[n - 1];

        if (!(condition->set[n] > before)) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "the condition's numbers %g, %g do not ascend", before,
                           condition->set[n]);
        }
    }
    return BW_OK;
}

bw_status bw_mask_narrow(bw_ctx *ctx, const bw_array *values, const bw_condition *condition, uint8_t *mask,
                         size_t mask_len)
{
    double block[BW__BLOCK], lo = in_type(condition->lo, values->dtype);
    double hi = in_type(condition->hi, values->dtype);
    size_t count, stride = values->dtype.itemsize;
    bw__reader read;

    BW_TRY(check(ctx, condition));
    BW_TRY(bw__numbers_open(ctx, values, &read, &count));
    if (mask_len != count) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "mask has %zu bytes for %zu elements", mask_len, count);
    }
    for (size_t next = 0; next < count; next += BW__BLOCK) {
        size_t n = count - next < BW__BLOCK ? count - next : BW__BLOCK;

        read(values->data + next * stride, stride, n, block);
        if (condition->set == NULL) { /* both comparisons are false for NaN: it is within no range */
            for (size_t m = 0; m < n; m++) {
                mask[next + m] &= (uint8_t)-((block[m] >= lo && block[m] <= hi) != condition->exclude);
            }
            continue;
        }
        for (size_t m = 0; m < n; m++) {
            if (mask[next + m] != 0 && is_one_of(block[m], condition, values->dtype) == condition->exclude) {
                mask[next + m] = 0;
            }
        }
    }
    return BW_OK;
}
