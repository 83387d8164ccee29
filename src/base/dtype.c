/* SPDX-License-Identifier: MIT */
/**
 * Element types from and to their names.
 * Source: NumPy, "The array interface protocol" (typestr), "Data type objects" (names) and
 * "Datetimes and timedeltas" (units).
 */
#include "bores/dtype.h"

#include <stdio.h>
#include <string.h>

#include "dtype_check.h"

/* One element is allocated for a fill value before any limit on arrays can speak. */
#define ITEMSIZE_MAX (1u << 24)

static bool one_of(uint32_t value, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return value == a || value == b || value == c || value == d;
}

/* "" or "[ns]", "[25s]": an optional count without leading zeros, then a unit. */
static bool unit_valid(const char unit[16])
{
    static const char *const units[] = {"Y", "M",  "W",  "D",  "h",  "m", "s",
                                        "ms", "us", "ns", "ps", "fs", "as"};
    const char *end = memchr(unit, '\0', 16);
    size_t len = end == NULL ? 0 : (size_t)(end - unit);
    size_t at = 1, name;

    if (len == 0) {
        return end != NULL;
    }
    if (unit[0] != '[' || unit[len - 1] != ']') {
        return false;
    }
    while (unit[at] >= (at == 1 ? '1' : '0') && unit[at] <= '9') {
        at++;
    }
    name = len - 1 - at;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i]) == name && memcmp(units[i], unit + at, name) == 0) {
            return true;
        }
    }
    return false;
}

bool bw__dtype_valid(bw_dtype dtype)
{
    uint32_t size = dtype.itemsize;

    if (dtype.unit[0] != '\0' && dtype.kind != 'M' && dtype.kind != 'm') {
        return false;
    }
    switch (dtype.kind) {
    case 'b':
        return size == 1;
    case 'i':
    case 'u':
        return one_of(size, 1, 2, 4, 8);
    case 'f':
        return one_of(size, 2, 4, 8, 8);
    case 'c':
        return size == 8 || size == 16;
    case 'S':
    case 'V':
        return size > 0 && size <= ITEMSIZE_MAX;
    case 'U':
        return size > 0 && size <= ITEMSIZE_MAX && size % 4 == 0;
    case 'M':
    case 'm':
        return size == 8 && unit_valid(dtype.unit);
    default:
        return false;
    }
}

/* True when the bytes of an element have an order. */
static bool has_order(bw_dtype dtype)
{
    return bw_dtype_swap_size(dtype) > 1;
}

/* "float64" and the like: NumPy's names, native byte order. */
static bool parse_name(bw_view text, bw_dtype *out)
{
    static const struct {
        const char *name;
        char kind;
        uint8_t itemsize;
    } rows[] = {
        {"bool", 'b', 1},    {"int8", 'i', 1},    {"int16", 'i', 2},     {"int32", 'i', 4},
        {"int64", 'i', 8},   {"uint8", 'u', 1},   {"uint16", 'u', 2},    {"uint32", 'u', 4},
        {"uint64", 'u', 8},  {"float16", 'f', 2}, {"float32", 'f', 4},   {"float64", 'f', 8},
        {"complex64", 'c', 8}, {"complex128", 'c', 16},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (bw_view_equal(text, bw_view_text(rows[i].name))) {
            *out = (bw_dtype){.kind = rows[i].kind, .itemsize = rows[i].itemsize};
            return true;
        }
    }
    return false;
}

/* "<f8", "|S5", "<M8[ns]". */
static bool parse_typestr(bw_view text, bw_dtype *out)
{
    bw_dtype dtype = {0};
    size_t at = 2;
    uint32_t number = 0;

    if (text.len < 3 || memchr("<>|", text.ptr[0], 3) == NULL) {
        return false;
    }
    dtype.kind = (char)text.ptr[1];
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        number = number * 10 + (uint32_t)(text.ptr[at] - '0');
        if (number > ITEMSIZE_MAX) {
            return false;
        }
        at++;
    }
    dtype.itemsize = dtype.kind == 'U' ? number * 4 : number;
    if (at == 2 || text.len - at >= sizeof dtype.unit) {
        return false;
    }
    memcpy(dtype.unit, text.ptr + at, text.len - at);
    if (!bw__dtype_valid(dtype) || (text.ptr[0] == '|' && has_order(dtype))) {
        return false;
    }
    dtype.big_endian = text.ptr[0] == '>' && has_order(dtype);
    *out = dtype;
    return true;
}

bw_status bw_dtype_parse(bw_ctx *ctx, bw_view text, bw_dtype *out)
{
    if (parse_typestr(text, out) || parse_name(text, out)) {
        return BW_OK;
    }
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "dtype \"%.*s\" is not supported",
                   (int)(text.len < 64 ? text.len : 64), (const char *)text.ptr);
}

void bw_dtype_format(bw_dtype dtype, char out[32])
{
    unsigned number = dtype.kind == 'U' ? dtype.itemsize / 4 : dtype.itemsize;

    if (dtype.kind == 'O') { /* a pointer, whose size is nobody's business */
        memcpy(out, "|O", 3);
        return;
    }
    snprintf(out, 32, "%c%c%u%.15s", has_order(dtype) ? '<' : '|', dtype.kind, number, dtype.unit);
}

uint32_t bw_dtype_swap_size(bw_dtype dtype)
{
    switch (dtype.kind) {
    case 'S':
    case 'V':
        return 1;
    case 'U':
        return 4;
    case 'c':
        return dtype.itemsize / 2;
    default:
        return dtype.itemsize;
    }
}

bool bw_dtype_equal(bw_dtype a, bw_dtype b)
{
    return a.kind == b.kind && a.itemsize == b.itemsize && strcmp(a.unit, b.unit) == 0;
}
