/* SPDX-License-Identifier: MIT */
/* Reading a model's tree. Problems are collected, so that a user sees all of them at once. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim_read.h"

static void note(bw_sim_reader *r, const char *code, const char *where, const char *key,
                 const char *fmt, va_list args)
{
    char path[96], text[256];
    bw_node *item = bw_node_map(r->ctx, r->scratch);
    bw_node *parts[3];
    static const char *const names[3] = {"path", "code", "message"};

    (void)snprintf(path, sizeof path, "%s%s%s", where, key != NULL && *where != 0 ? "." : "",
                   key != NULL ? key : "");
    (void)vsnprintf(text, sizeof text, fmt, args);
    parts[0] = bw_node_text(r->ctx, r->scratch, bw_view_text(path));
    parts[1] = bw_node_text(r->ctx, r->scratch, bw_view_text(code));
    parts[2] = bw_node_text(r->ctx, r->scratch, bw_view_text(text));
    for (int i = 0; i < 3; i++) {
        if (item == NULL || parts[i] == NULL ||
            bw_map_set(r->ctx, r->scratch, item, bw_view_text(names[i]), parts[i]) != BW_OK) {
            r->st = BW_ERR_NOMEM;
            return;
        }
    }
    if (bw_list_push(r->ctx, r->scratch, r->problems, item) != BW_OK) {
        r->st = BW_ERR_NOMEM;
    }
}

void bw__sim_wrong(bw_sim_reader *r, const char *where, const char *key, const char *fmt, ...)
{
    va_list args;

    r->errors++;
    va_start(args, fmt);
    note(r, "ERR_VALIDATION", where, key, fmt, args);
    va_end(args);
}

void bw__sim_refuse(bw_sim_reader *r, const char *where, const char *key, const char *fmt, ...)
{
    va_list args;

    r->errors++;
    va_start(args, fmt);
    note(r, "ERR_UNSUPPORTED", where, key, fmt, args);
    va_end(args);
}

void bw__sim_warn(bw_sim_reader *r, const char *where, const char *key, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    note(r, "warning", where, key, fmt, args);
    va_end(args);
}

static void *reserve(bw_sim_reader *r, bw_arena *arena, size_t count, size_t size)
{
    void *memory = NULL;

    if (r->st == BW_OK) {
        memory = bw_arena_alloc_zeroed(r->ctx, arena, (count > 0 ? count : 1) * size);
        if (memory == NULL) {
            r->st = BW_ERR_NOMEM;
        }
    }
    return memory;
}

void *bw__sim_keep(bw_sim_reader *r, size_t count, size_t size)
{
    return reserve(r, r->arena, count, size);
}

void *bw__sim_scratch(bw_sim_reader *r, size_t count, size_t size)
{
    return reserve(r, r->scratch, count, size);
}

bool bw__sim_is_number(const bw_node *node, double *out)
{
    if (node == NULL || (node->type != BW_NODE_INT && node->type != BW_NODE_FLOAT)) {
        return false;
    }
    *out = node->type == BW_NODE_INT ? (double)node->integer : node->number;
    return true;
}

double bw__sim_number(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                      double fallback, double low, double high)
{
    const bw_node *node = bw_map_get_text(map, key);
    double value = fallback;

    if (node == NULL || node->type == BW_NODE_NULL) {
        if (isnan(fallback)) {
            bw__sim_wrong(r, where, key, "is missing");
            return low > 0 ? low : 0;
        }
        return fallback;
    }
    if (!bw__sim_is_number(node, &value)) {
        bw__sim_wrong(r, where, key, "is not a number");
    } else if (!(value >= low && value <= high)) {
        bw__sim_wrong(r, where, key, "is %g, it must be within %g and %g", value, low, high);
    } else {
        return value;
    }
    return isnan(fallback) ? (low > 0 ? low : 0) : fallback;
}

int32_t bw__sim_whole(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                      double fallback, double low, double high)
{
    double value = bw__sim_number(r, map, where, key, fallback, low, high);

    if (value != floor(value)) {
        bw__sim_wrong(r, where, key, "is %g, a whole number is wanted", value);
    }
    return (int32_t)value;
}

/* How many numbers, or SIZE_MAX where something else is among them. */
static size_t count_numbers(const bw_node *node, unsigned depth)
{
    double value = 0;
    size_t sum = 0;

    if (bw__sim_is_number(node, &value)) {
        return 1;
    }
    if (node->type == BW_NODE_ARRAY) {
        const bw_array *array = node->array;
        bool known = (array->dtype.kind == 'f' &&
                      (array->dtype.itemsize == 8 || array->dtype.itemsize == 4)) ||
                     array->dtype.kind == 'b' ||
                     ((array->dtype.kind == 'i' || array->dtype.kind == 'u') &&
                      array->dtype.itemsize <= 8);
        return known && array->data != NULL ? array->nbytes / array->dtype.itemsize : SIZE_MAX;
    }
    if (node->type != BW_NODE_LIST || depth > 4) {
        return SIZE_MAX;
    }
    for (uint32_t i = 0; i < node->children.len; i++) {
        size_t inner = count_numbers(node->children.items[i], depth + 1);
        if (inner == SIZE_MAX) {
            return SIZE_MAX;
        }
        sum += inner;
    }
    return sum;
}

static double element(const bw_array *array, size_t i)
{
    const uint8_t *at = array->data + i * array->dtype.itemsize;
    uint64_t bits = 0;
    uint32_t size = array->dtype.itemsize;
    float single = 0;
    double number = 0;

    if (array->dtype.kind == 'f') {
        if (size == 4) {
            memcpy(&single, at, 4);
            return single;
        }
        memcpy(&number, at, 8);
        return number;
    }
    memcpy(&bits, at, size);
    if (array->dtype.kind == 'i') {
        unsigned shift = 64 - 8 * size;
        return (double)((int64_t)(bits << shift) >> shift);
    }
    return (double)bits;
}

static double *flatten(const bw_node *node, double *out)
{
    double value = 0;

    if (bw__sim_is_number(node, &value)) {
        *out++ = value;
    } else if (node->type == BW_NODE_ARRAY) {
        size_t count = node->array->nbytes / node->array->dtype.itemsize;
        for (size_t i = 0; i < count; i++) {
            *out++ = element(node->array, i);
        }
    } else {
        for (uint32_t i = 0; i < node->children.len; i++) {
            out = flatten(node->children.items[i], out);
        }
    }
    return out;
}

double *bw__sim_numbers(bw_sim_reader *r, const bw_node *node, const char *where,
                        const char *key, size_t *count)
{
    double *out = NULL;
    size_t found = 0;

    *count = 0;
    if (node == NULL || node->type == BW_NODE_NULL) {
        bw__sim_wrong(r, where, key, "is missing");
        return NULL;
    }
    found = count_numbers(node, 0);
    if (found == SIZE_MAX) {
        bw__sim_wrong(r, where, key, "is not made of numbers");
        return NULL;
    }
    out = bw__sim_scratch(r, found, sizeof *out);
    if (out != NULL) {
        (void)flatten(node, out);
        *count = found;
    }
    return out;
}

double *bw__sim_rows(bw_sim_reader *r, const bw_node *node, const char *where, const char *key,
                     size_t width, size_t least, size_t *rows)
{
    size_t count = 0;
    double *out = bw__sim_numbers(r, node, where, key, &count);

    *rows = 0;
    if (out == NULL) {
        return NULL;
    }
    if (count % width != 0 || count / width < least) {
        bw__sim_wrong(r, where, key,
                      "has %zu numbers, rows of %zu and at least %zu rows are wanted",
                      count, width, least);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(out[i])) {
            bw__sim_wrong(r, where, key, "row %zu has a number that is not finite", i / width);
            return NULL;
        }
        if (i % width == 0 && i >= width && !(out[i] > out[i - width])) {
            bw__sim_wrong(r, where, key, "row %zu begins with %g after %g, it must rise", i / width,
                          out[i], out[i - width]);
            return NULL;
        }
    }
    *rows = count / width;
    return out;
}

/* Fills `out` by flat index from what a property was given as; false: none of the forms. */
static bool spread(const bw_sim_grid *g, const bw_node *node, const double *in, size_t count,
                   double *out)
{
    size_t layer = (size_t)g->nx * (size_t)g->ny, total = (size_t)g->total;
    const bw_array *array = node->type == BW_NODE_ARRAY ? node->array : NULL;

    if (count == 1) {
        for (size_t c = 0; c < total; c++) {
            out[c] = in[0];
        }
    } else if (count == total && array != NULL && array->rank == 3) {
        if (array->shape[0] != (uint64_t)g->nx || array->shape[1] != (uint64_t)g->ny) {
            return false;
        }
        for (int32_t k = 0; k < g->nz; k++) {
            for (int32_t j = 0; j < g->ny; j++) {
                for (int32_t i = 0; i < g->nx; i++) {
                    out[i + g->nx * (j + g->ny * k)] = in[k + g->nz * (j + g->ny * i)];
                }
            }
        }
    } else if (count == total) {
        memcpy(out, in, total * sizeof *out);
    } else if (count == (size_t)g->nz) {
        for (size_t c = 0; c < total; c++) {
            out[c] = in[c / layer];
        }
    } else {
        return false;
    }
    return true;
}

double *bw__sim_cells(bw_sim_reader *r, const bw_sim_grid *g, const bw_node *node,
                      const char *where, const char *key, double fallback, double low,
                      double high)
{
    size_t count = 0;
    double *in = NULL, *out = bw__sim_keep(r, (size_t)g->total, sizeof *out);
    double harmless = isnan(fallback) ? (low > 0 ? low : 0) : fallback;

    if (out == NULL) {
        return NULL;
    }
    for (int32_t c = 0; c < g->total; c++) {
        out[c] = harmless;
    }
    if ((node == NULL || node->type == BW_NODE_NULL) && !isnan(fallback)) {
        return out;
    }
    in = bw__sim_numbers(r, node, where, key, &count);
    if (in == NULL) {
        return out;
    }
    if (!spread(g, node, in, count, out)) {
        bw__sim_wrong(r, where, key, "has %zu values, the grid %d cells in %d layers", count,
                      (int)g->total, (int)g->nz);
        return out;
    }
    for (int32_t c = 0; c < g->total; c++) {
        if (!(out[c] >= low && out[c] <= high)) {
            bw__sim_wrong(r, where, key, "is %g in cell (%d, %d, %d), it must be within %g and %g",
                          out[c], (int)(c % g->nx), (int)(c / g->nx % g->ny),
                          (int)(c / (g->nx * g->ny)), low, high);
            for (int32_t later = c; later < g->total; later++) {
                out[later] = harmless;
            }
            break;
        }
    }
    return out;
}

double *bw__sim_active_cells(bw_sim_reader *r, const bw_sim_grid *g, const bw_node *node,
                             const char *where, const char *key, double fallback, double low,
                             double high)
{
    double *all = bw__sim_cells(r, g, node, where, key, fallback, low, high);
    double *out = bw__sim_keep(r, (size_t)g->n, sizeof *out);

    if (all == NULL || out == NULL) {
        return NULL;
    }
    for (int32_t c = 0; c < g->n; c++) {
        out[c] = all[g->flat_of[c]];
    }
    return out;
}

int32_t bw__sim_word(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                     const char *const *names, int32_t fallback)
{
    const bw_node *node = bw_map_get_text(map, key);
    bw_view text = {0};

    if (node == NULL || node->type == BW_NODE_NULL) {
        return fallback;
    }
    if (!bw_map_get_string(map, key, &text)) {
        bw__sim_wrong(r, where, key, "is not a text");
        return -1;
    }
    for (int32_t i = 0; names[i] != NULL; i++) {
        if (bw_view_equal(text, bw_view_text(names[i]))) {
            return i;
        }
    }
    bw__sim_wrong(r, where, key, "is \"%.40s\", which is not known", (const char *)text.ptr);
    return -1;
}

bool bw__sim_flag(bw_sim_reader *r, const bw_node *map, const char *where, const char *key,
                  bool fallback)
{
    const bw_node *node = bw_map_get_text(map, key);
    bool value = fallback;

    if (node != NULL && node->type != BW_NODE_NULL && !bw_map_get_bool(map, key, &value)) {
        bw__sim_wrong(r, where, key, "is neither true nor false");
    }
    return value;
}
