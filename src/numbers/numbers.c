/* SPDX-License-Identifier: MIT */
/** Numbers of every type. Loads go through memcpy, so that no alignment is needed. */
#include "numbers.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "bores/numbers.h"

/* IEEE 754 binary16: moving exponent and mantissa into a float32 leaves the exponent 112 too small,
 * which a product with 2^112 puts right, for subnormals too. */
static double half_to_double(uint16_t bits)
{
    uint32_t magnitude = (uint32_t)(bits & 0x7fffu) << 13;
    float value;

    if (magnitude >= 0x7c00u << 13) {
        magnitude |= 0x7f800000u; /* infinity and NaN keep their exponent of ones */
        memcpy(&value, &magnitude, sizeof value);
    } else {
        memcpy(&value, &magnitude, sizeof value);
        value *= 5.192296858534828e33f;
    }
    return bits & 0x8000u ? -(double)value : (double)value;
}

/* The contiguous loop is apart, for the compiler to vectorise. */
#define DEFINE_READER(name, type, expression)                                           \
    static void name(const uint8_t *at, size_t stride, size_t n, double *out)           \
    {                                                                                   \
        type v;                                                                         \
        if (stride == sizeof v) {                                                       \
            for (size_t m = 0; m < n; m++) {                                            \
                memcpy(&v, at + m * sizeof v, sizeof v);                                \
                out[m] = (expression);                                                  \
            }                                                                           \
        } else {                                                                        \
            for (size_t m = 0; m < n; m++) {                                            \
                memcpy(&v, at + m * stride, sizeof v);                                  \
                out[m] = (expression);                                                  \
            }                                                                           \
        }                                                                               \
    }

/* clang-format off */
#define NUMBER_LIST(X)                          \
    X(read_b1, 'b', uint8_t, v != 0)            \
    X(read_i1, 'i', int8_t, v)                  \
    X(read_i2, 'i', int16_t, v)                 \
    X(read_i4, 'i', int32_t, v)                 \
    X(read_i8, 'i', int64_t, (double)v)         \
    X(read_u1, 'u', uint8_t, v)                 \
    X(read_u2, 'u', uint16_t, v)                \
    X(read_u4, 'u', uint32_t, v)                \
    X(read_u8, 'u', uint64_t, (double)v)        \
    X(read_f2, 'f', uint16_t, half_to_double(v)) \
    X(read_f4, 'f', float, (double)v)           \
    X(read_f8, 'f', double, v)
/* clang-format on */

#define X_DEFINE(name, kind, type, expression) DEFINE_READER(name, type, expression)
NUMBER_LIST(X_DEFINE)
#undef X_DEFINE

static bw__reader reader_for(bw_dtype dtype)
{
    static const struct {
        char kind;
        uint32_t itemsize;
        bw__reader read;
    } readers[] = {
#define X_ROW(name, kind, type, expression) {kind, sizeof(type), name},
        NUMBER_LIST(X_ROW)
#undef X_ROW
    };

    for (size_t n = 0; n < sizeof readers / sizeof readers[0]; n++) {
        if (readers[n].kind == dtype.kind && readers[n].itemsize == dtype.itemsize) {
            return readers[n].read;
        }
    }
    return NULL;
}

bw_status bw__numbers_open(bw_ctx *ctx, const bw_array *values, bw__reader *read, size_t *count)
{
    bw__reader reader = reader_for(values->dtype);
    uint64_t elements;
    size_t nbytes;

    if (reader == NULL) {
        char text[32];

        bw_dtype_format(values->dtype, text);
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "elements of type %s are not numbers", text);
    }
    BW_TRY(bw_array_size(ctx, values->dtype, values->rank, values->shape, &elements, &nbytes));
    if (nbytes != values->nbytes) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "an array of %llu elements has %zu bytes, not %zu",
                       (unsigned long long)elements, values->nbytes, nbytes);
    }
    *read = reader;
    *count = (size_t)elements;
    return BW_OK;
}

float bw__narrow(double value)
{
    if (isfinite(value)) {
        return (float)(value > FLT_MAX ? FLT_MAX : value < -FLT_MAX ? -FLT_MAX : value);
    }
    return (float)value;
}

bw_status bw__finite_open(bw_ctx *ctx, const bw_array *values, bw_view mask, bw__finite *out)
{
    bw__finite walk = {.data = values->data, .mask = mask.ptr,
                       .itemsize = values->dtype.itemsize};

    BW_TRY(bw__numbers_open(ctx, values, &walk.read, &walk.count));
    if (mask.ptr != NULL && mask.len != walk.count) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "mask has %zu bytes for %zu elements", mask.len,
                       walk.count);
    }
    *out = walk;
    return BW_OK;
}

bool bw__finite_next(bw__finite *walk, double out[BW__BLOCK], size_t *n)
{
    size_t left = walk->count - walk->next, kept = 0;
    const uint8_t *mask = walk->mask == NULL ? NULL : walk->mask + walk->next;

    if (left == 0) {
        return false;
    }
    if (left > BW__BLOCK) {
        left = BW__BLOCK;
    }
    walk->read(walk->data + walk->next * walk->itemsize, walk->itemsize, left, out);
    for (size_t m = 0; m < left; m++) {
        double value = out[m];
        bool asked = mask == NULL || mask[m] != 0, finite = fabs(value) <= DBL_MAX;

        if (asked && !finite) {
            *(isnan(value) ? &walk->nan_count : &walk->inf_count) += 1;
        }
        out[kept] = value; /* kept <= m: what is overwritten has been looked at */
        kept += asked && finite;
    }
    walk->next += left;
    *n = kept;
    return true;
}

bw_status bw_values_to_f32(bw_ctx *ctx, bw_arena *arena, const bw_array *values, bw_array **out)
{
    bw_dtype dtype = {.kind = 'f', .itemsize = 4};
    size_t count, stride = values->dtype.itemsize;
    bw__reader read;
    bw_array *floats;

    BW_TRY(bw__numbers_open(ctx, values, &read, &count));
    BW_TRY(bw_array_new(ctx, arena, dtype, values->rank, values->shape, &floats));
    for (size_t next = 0; next < count; next += BW__BLOCK) {
        double block[BW__BLOCK];
        size_t n = count - next < BW__BLOCK ? count - next : BW__BLOCK;
        float *to = (float *)(void *)floats->data + next;

        read(values->data + next * stride, stride, n, block);
        for (size_t m = 0; m < n; m++) {
            /* Both comparisons are false for NaN, which stays. */
            double v = block[m] > FLT_MAX ? FLT_MAX : block[m];
            v = v < -FLT_MAX ? -FLT_MAX : v;
            to[m] = fabs(block[m]) <= DBL_MAX ? (float)v : NAN;
        }
    }
    *out = floats;
    return BW_OK;
}
