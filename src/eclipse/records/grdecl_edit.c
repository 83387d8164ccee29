/* SPDX-License-Identifier: MIT */
/*
 * What a GRDECL changes in arrays: EQUALS, ADD, MULTIPLY, COPY, MINVALUE, MAXVALUE, and values of a BOX.
 *
 * They are kept in their order while the text is read, and carried out when all of it has been: the array that is
 * changed may be in a file that is included, which is read later. What is not carried out (OPERATE, EQUALREG …) takes
 * the array away that it changes, since its numbers are not those of the run.
 *
 * Source: OPM Flow Reference Manual, GRID section.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ecl_internal.h"

static const struct {
    const char *name;
    bw__grdecl_kind kind;
} kinds[] = {
    {"EQUALS", BW__GRDECL_EQUALS},     {"ADD", BW__GRDECL_ADD},           {"MULTIPLY", BW__GRDECL_MULTIPLY},
    {"COPY", BW__GRDECL_COPY},         {"MINVALUE", BW__GRDECL_MINVALUE}, {"MAXVALUE", BW__GRDECL_MAXVALUE},
    {"OPERATE", BW__GRDECL_OTHER},     {"OPERATER", BW__GRDECL_OTHER},    {"EQUALREG", BW__GRDECL_OTHER},
    {"ADDREG", BW__GRDECL_OTHER},      {"MULTIREG", BW__GRDECL_OTHER},    {"COPYREG", BW__GRDECL_OTHER_COPY},
    {"COPYBOX", BW__GRDECL_OTHER},    {"BOX", BW__GRDECL_BOX},
};

bw__grdecl_kind bw__grdecl_kind_of(const char *name)
{
    for (size_t n = 0; n < sizeof kinds / sizeof kinds[0]; n++) {
        if (strcmp(kinds[n].name, name) == 0) {
            return kinds[n].kind;
        }
    }
    return BW__GRDECL_NONE;
}

static bool copies(bw__grdecl_kind kind)
{
    return kind == BW__GRDECL_COPY || kind == BW__GRDECL_OTHER_COPY;
}

static bw_node *text_node(bw_ctx *ctx, bw_arena *arena, bw_view text)
{
    char name[BW__GRDECL_NAME + 1];
    size_t len = text.len < BW__GRDECL_NAME ? text.len : BW__GRDECL_NAME;

    for (size_t i = 0; i < len; i++) {
        bool lower = text.ptr[i] >= 'a' && text.ptr[i] <= 'z';
        name[i] = (char)(lower ? text.ptr[i] - 'a' + 'A' : text.ptr[i]);
    }
    name[len] = '\0';
    return bw__ecl_string(ctx, arena, (const uint8_t *)name, len);
}

static bw_status numbers_node(bw_ctx *ctx, bw_arena *arena, const double *from, uint64_t count, bw_node **out)
{
    bw_array *array;
    bw_dtype f8;

    BW_TRY(bw_dtype_parse(ctx, BW_VIEW("<f8"), &f8));
    BW_TRY(bw_array_new(ctx, arena, f8, 1, &count, &array));
    if (count > 0) {
        memcpy(array->data, from, (size_t)count * sizeof *from);
    }
    *out = bw_node_array(ctx, arena, array);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* A list: keyword, name of the array that is changed, the one that is copied or "", value and box, values in it. */
bw_status bw__grdecl_keep_edit(bw_ctx *ctx, bw_arena *arena, bw_node *edits, const bw__grdecl_edit *edit)
{
    bool copy = copies(edit->kind);
    double numbers[7] = {edit->value};
    bw_node *list = bw_node_list(ctx, arena), *parts[5] = {NULL};

    memcpy(numbers + 1, edit->box, sizeof edit->box);
    parts[0] = bw_node_text(ctx, arena, bw_view_text(edit->keyword));
    parts[1] = text_node(ctx, arena, copy ? edit->second : edit->first);
    parts[2] = text_node(ctx, arena, copy ? edit->first : (bw_view){0});
    BW_TRY(numbers_node(ctx, arena, numbers, 7, &parts[3]));
    BW_TRY(numbers_node(ctx, arena, edit->values, edit->count, &parts[4]));
    for (unsigned n = 0; n < 5; n++) {
        if (list == NULL || parts[n] == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, parts[n]));
    }
    return bw_list_push(ctx, arena, edits, list);
}

/* Carrying out ------------------------------------------------------------------------------- */

typedef struct change {
    bw_view keyword;
    bw__grdecl_kind kind;
    bw_view name, from;
    double value;
    uint64_t lo[3], hi[3]; /* from 0, half-open */
    const bw_array *values;
} change;

static const double *doubles(const bw_node *node)
{
    return (const double *)(const void *)node->array->data;
}

static bw_status fail_change(bw_ctx *ctx, const change *c, const char *why, double found, double wanted)
{
    return bw_fail(ctx, BW_ERR_CORRUPT, "%s of %.*s: %s (%.0f, the grid has %.0f)", (const char *)c->keyword.ptr,
                   (int)c->name.len, (const char *)c->name.ptr, why, found, wanted);
}

static bw_status read_change(bw_ctx *ctx, const bw_node *edit, const uint64_t size[3], change *c)
{
    const double *numbers = doubles(edit->children.items[3]);

    *c = (change){.keyword = edit->children.items[0]->text, .name = edit->children.items[1]->text,
                  .from = edit->children.items[2]->text, .value = numbers[0],
                  .values = edit->children.items[4]->array};
    c->kind = bw__grdecl_kind_of((const char *)c->keyword.ptr);
    for (unsigned d = 0; d < 3; d++) {
        double lo = numbers[1 + 2 * d], hi = numbers[2 + 2 * d];
        lo = isnan(lo) ? 1 : lo;
        hi = isnan(hi) ? (double)size[d] : hi;
        if (!(lo >= 1 && lo <= hi && hi <= (double)size[d])) {
            return fail_change(ctx, c, "the box is not within the grid", lo < 1 || lo > hi ? lo : hi, (double)size[d]);
        }
        c->lo[d] = (uint64_t)lo - 1;
        c->hi[d] = (uint64_t)hi;
    }
    return BW_OK;
}

/* What cells have of an array that the text does not give to all of them. */
static double default_of(bw_view name)
{
    bool is_one = bw_view_equal(name, BW_VIEW("ACTNUM")) || bw_view_equal(name, BW_VIEW("NTG")) ||
                  (name.len > 4 && memcmp(name.ptr, "MULT", 4) == 0 && name.ptr[4] != 'N');

    return is_one ? 1 : (double)NAN;
}

static bw_status array_of(bw_ctx *ctx, bw_arena *arena, bw_node *keywords, const change *c, bw_view name,
                          uint64_t cells, double **out)
{
    bw_node *node = bw_map_get(keywords, name);
    bw_array *array;
    bw_dtype f8;

    if (node != NULL) {
        uint64_t count = node->type == BW_NODE_ARRAY ? node->array->shape[0] : 0;
        if (count != cells) {
            return fail_change(ctx, c, "the array does not have a value for each cell", (double)count, (double)cells);
        }
        *out = (double *)(void *)node->array->data;
        return BW_OK;
    }
    if (c->kind == BW__GRDECL_COPY && bw_view_equal(name, c->from)) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "COPY: there is no array %.*s", (int)name.len, (const char *)name.ptr);
    }
    BW_TRY(bw_dtype_parse(ctx, BW_VIEW("<f8"), &f8));
    BW_TRY(bw_array_new(ctx, arena, f8, 1, &cells, &array));
    *out = (double *)(void *)array->data;
    for (uint64_t g = 0; g < cells; g++) {
        (*out)[g] = default_of(name);
    }
    node = bw_node_array(ctx, arena, array);
    return node == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, keywords, name, node);
}

static double changed(const change *c, double old, double copied, uint64_t n)
{
    switch (c->kind) {
    case BW__GRDECL_EQUALS:
        return c->value;
    case BW__GRDECL_ADD:
        return old + c->value;
    case BW__GRDECL_MULTIPLY:
        return old * c->value;
    case BW__GRDECL_MINVALUE:
        return old < c->value ? c->value : old;
    case BW__GRDECL_MAXVALUE:
        return old > c->value ? c->value : old;
    case BW__GRDECL_COPY:
        return copied;
    default: /* a value of the box, NaN where it has the default */
        return isnan(((const double *)(const void *)c->values->data)[n])
                   ? old : ((const double *)(const void *)c->values->data)[n];
    }
}

static bw_status carry_out(bw_ctx *ctx, bw_arena *arena, bw_node *keywords, const change *c, const uint64_t size[3])
{
    uint64_t cells = size[0] * size[1] * size[2], next = 0;
    double *from = NULL, *to;

    if (c->kind == BW__GRDECL_COPY) {
        BW_TRY(array_of(ctx, arena, keywords, c, c->from, cells, &from));
    }
    BW_TRY(array_of(ctx, arena, keywords, c, c->name, cells, &to));
    for (uint64_t k = c->lo[2]; k < c->hi[2]; k++) {
        for (uint64_t j = c->lo[1]; j < c->hi[1]; j++) {
            for (uint64_t i = c->lo[0]; i < c->hi[0]; i++, next++) {
                uint64_t g = i + size[0] * (j + size[1] * k);
                to[g] = changed(c, to[g], from == NULL ? 0 : from[g], next);
            }
        }
    }
    return BW_OK;
}

static bool is_geometry(bw_view name)
{
    return bw_view_equal(name, BW_VIEW("ACTNUM")) || bw_view_equal(name, BW_VIEW("COORD")) ||
           bw_view_equal(name, BW_VIEW("ZCORN"));
}

static bool read_size(const bw_node *keywords, uint64_t size[3])
{
    const bw_node *node = bw_map_get_text(keywords, "SPECGRID");
    double cells = 1;

    node = node != NULL ? node : bw_map_get_text(keywords, "DIMENS");
    if (node == NULL || node->type != BW_NODE_ARRAY || node->array->shape[0] < 3) {
        return false;
    }
    for (unsigned d = 0; d < 3; d++) {
        double n = doubles(node)[d];
        cells *= n;
        if (!(n >= 1 && n <= UINT32_MAX) || cells > UINT32_MAX) {
            return false;
        }
        size[d] = (uint64_t)n;
    }
    return true;
}

bw_status bw_grdecl_finish(bw_ctx *ctx, bw_arena *arena, bw_node *keywords, const bw_node *edits)
{
    uint64_t size[3];

    if (edits->children.len == 0 || !read_size(keywords, size)) {
        return BW_OK; /* without a size nobody can do anything with the arrays */
    }
    for (uint32_t n = 0; n < edits->children.len; n++) {
        change c;
        BW_TRY(read_change(ctx, edits->children.items[n], size, &c));
        if (c.name.len == 0) {
            continue; /* the array was given anew */
        }
        if (c.kind == BW__GRDECL_OTHER || c.kind == BW__GRDECL_OTHER_COPY) {
            if (is_geometry(c.name)) {
                return bw_fail(ctx, BW_ERR_UNSUPPORTED, "%s of %.*s is not carried out here",
                               (const char *)c.keyword.ptr, (int)c.name.len, (const char *)c.name.ptr);
            }
            bw_map_remove(keywords, c.name);
        } else {
            BW_TRY(carry_out(ctx, arena, keywords, &c, size));
        }
    }
    return BW_OK;
}
