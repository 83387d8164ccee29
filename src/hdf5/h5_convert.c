/* SPDX-License-Identifier: MIT */
/*
 * Integers to floats and back, which virtual datasets ask for whose sources are of another type.
 * HDF5's general conversions round ties away from zero; these are those of C, to which HDF5's own for
 * each pair of a machine's types come: to the nearest, ties to even; from floats towards zero, clipped to
 * what the integer can hold, and 0 for what is no number.
 */
#include <math.h>
#include <string.h>

#include "array/element.h"
#include "h5.h"

typedef struct number {
    size_t size;
    bool big_endian, is_signed;
} number;

/* The integers and floats that C has; the others are left to HDF5. */
static bool number_of(hid_t type, number *out)
{
    size_t size = H5Tget_size(type);
    H5T_order_t order = H5Tget_order(type);
    bool is_float = H5Tget_class(type) == H5T_FLOAT;

    *out = (number){size, order == H5T_ORDER_BE, !is_float && H5Tget_sign(type) == H5T_SGN_2};
    if (is_float) {
        return bw__h5_is_ieee(type, size);
    }
    return (size == 1 || size == 2 || size == 4 || size == 8) &&
           (order == H5T_ORDER_LE || order == H5T_ORDER_BE) &&
           H5Tget_precision(type) == 8 * size && H5Tget_offset(type) == 0;
}

static void turn(uint8_t *at, const number *n)
{
    if (n->big_endian) {
        bw_swap_bytes(at, 1, (uint32_t)n->size);
    }
}

static void put_float(double wide, float narrow, size_t size, uint8_t *out)
{
    if (size == 4) {
        memcpy(out, &narrow, 4);
    } else {
        bw__element_put_float(wide, (uint32_t)size, out);
    }
}

static void integer_to_float(const number *from, const number *to, uint8_t *in, uint8_t *out)
{
    uint64_t bits = 0;

    turn(in, from);
    memcpy(&bits, in, from->size); /* little-endian, as all machines here are */
    if (from->is_signed) {
        uint64_t top = UINT64_C(1) << (8 * from->size - 1);
        int64_t value = (int64_t)((bits ^ top) - top);
        put_float((double)value, (float)value, to->size, out);
    } else {
        put_float((double)bits, (float)bits, to->size, out);
    }
    turn(out, to);
}

static void float_to_integer(const number *from, const number *to, uint8_t *in, uint8_t *out)
{
    double value, limit = ldexp(1, (int)(8 * to->size) - to->is_signed);
    uint64_t bits;

    turn(in, from);
    value = bw__h5_number(in, from->size);
    if (isnan(value)) {
        bits = 0;
    } else if (to->is_signed) {
        uint64_t most = (UINT64_C(1) << (8 * to->size - 1)) - 1;
        bits = value >= limit ? most : value < -limit ? ~most : (uint64_t)(int64_t)value;
    } else {
        bits = value >= limit ? UINT64_MAX : value <= 0 ? 0 : (uint64_t)value;
    }
    bw__element_put_bits(bits, (uint32_t)to->size, out);
    turn(out, to);
}

/* Element by element in one buffer: from the end where what is made is wider. */
static void convert(const number *from, const number *to, size_t count, size_t stride, uint8_t *buf,
                    void (*one)(const number *from, const number *to, uint8_t *in, uint8_t *out))
{
    size_t step_in = stride != 0 ? stride : from->size, step_out = stride != 0 ? stride : to->size;
    bool backwards = step_out > step_in;

    for (size_t i = 0; i < count; i++) {
        size_t at = backwards ? count - 1 - i : i;
        uint8_t in[8], out[8];

        memcpy(in, buf + at * step_in, from->size);
        one(from, to, in, out);
        memcpy(buf + at * step_out, out, to->size);
    }
}

static herr_t run(hid_t source, hid_t target, H5T_cdata_t *data, size_t count, size_t stride, void *buf,
                  void (*one)(const number *from, const number *to, uint8_t *in, uint8_t *out))
{
    number from, to;

    if (data->command == H5T_CONV_FREE) {
        return 0;
    }
    if (!number_of(source, &from) || !number_of(target, &to)) {
        return -1;
    }
    if (data->command == H5T_CONV_INIT) {
        data->need_bkg = H5T_BKG_NO;
    } else {
        convert(&from, &to, count, stride, buf, one);
    }
    return 0;
}

static herr_t to_float(hid_t source, hid_t target, H5T_cdata_t *data, size_t count, size_t stride,
                       size_t background_stride, void *buf, void *background, hid_t plist)
{
    (void)background_stride;
    (void)background;
    (void)plist;
    return run(source, target, data, count, stride, buf, integer_to_float);
}

static herr_t to_integer(hid_t source, hid_t target, H5T_cdata_t *data, size_t count, size_t stride,
                         size_t background_stride, void *buf, void *background, hid_t plist)
{
    (void)background_stride;
    (void)background;
    (void)plist;
    return run(source, target, data, count, stride, buf, float_to_integer);
}

bw_status bw__h5_conversions_register(bw_ctx *ctx)
{
    if (H5Tregister(H5T_PERS_SOFT, "bores_i_f", H5T_STD_I32LE, H5T_IEEE_F64LE, to_float) < 0 ||
        H5Tregister(H5T_PERS_SOFT, "bores_f_i", H5T_IEEE_F64LE, H5T_STD_I32LE, to_integer) < 0) {
        return bw__h5_fail(ctx, "HDF5 cannot be set up");
    }
    return BW_OK;
}
