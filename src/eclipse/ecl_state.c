/* SPDX-License-Identifier: MIT */
/*
 * The tree of a step: cell arrays of the restart and of INIT as grids [i][j][k] under BORES's names,
 * those that BORES has no name for under `eclipse`, and the wells.
 *
 * An array with as many elements as there are active cells (or cells) is a cell array, unless it is
 * one of the headers and well arrays, whose lengths are a matter of chance. Inactive cells have NaN,
 * integers 0. Twice the active cells is dual porosity: matrix first, the fractures go under
 * `eclipse_fractures`.
 */
#include <math.h>
#include <string.h>

#include "ecl_store.h"

#define OIL_SATURATION "model.fluid_properties.oil_saturation_grid"
#define CELL_DIMENSION "model.cell_dimension"

struct bw__ecl_state {
    const bw__ecl_step *step;
    const bw_node *fields;
    bool describe, convert;
    bw_node *tree;
    bw__ecl_remainder rest;                  /* the saturation that is not written */
    const bw_node *dx, *dy;                  /* elements as they came, or NULL */
    bw__ecl_well_arrays wells;
    bool wants_wells;
};

/* Paths ------------------------------------------------------------------------------------- */

static bw_status split(bw_ctx *ctx, bw_op *op, const char *dotted, bw_node **out)
{
    bw_node *list = bw_node_list(ctx, &op->arena);

    for (const char *from = dotted; list != NULL && from != NULL;) {
        const char *dot = strchr(from, '.');
        size_t len = dot == NULL ? strlen(from) : (size_t)(dot - from);
        bw_node *name = bw_node_text(ctx, &op->arena, (bw_view){(const uint8_t *)from, len});
        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, list, name));
        from = dot == NULL ? NULL : dot + 1;
    }
    *out = list;
    return list == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status is_wanted(bw_ctx *ctx, bw_op *op, const bw__ecl_state *s, const char *dotted,
                           bool *out)
{
    bw_node *path;

    BW_TRY(split(ctx, op, dotted, &path));
    *out = bw__fields_match(s->fields, path);
    return BW_OK;
}

static bw_status put_at(bw_ctx *ctx, bw_op *op, const bw__ecl_state *s, const char *dotted,
                        bw_node *value)
{
    bw_node *path, *map = s->tree;

    BW_TRY(split(ctx, op, dotted, &path));
    for (uint32_t n = 0; n + 1 < path->children.len; n++) {
        bw_view name = path->children.items[n]->text;
        bw_node *child = bw_map_get(map, name);
        if (child == NULL) {
            child = bw_node_map(ctx, &op->arena);
            if (child == NULL) {
                return BW_ERR_NOMEM;
            }
            BW_TRY(bw_map_set(ctx, &op->arena, map, name, child));
        }
        map = child;
    }
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, &op->arena, map,
                                      path->children.items[path->children.len - 1]->text, value);
}

/* Arrays of the files ----------------------------------------------------------------------- */

/* By its factor; in double, as each element would be. */
static void convert_singles(float *values, uint64_t count, double factor, double offset)
{
    for (uint64_t n = 0; n < count; n++) {
        values[n] = (float)((double)values[n] * factor + offset);
    }
}

bw_status bw__ecl_convert(bw_ctx *ctx, const bw_op *op, const bw__ecl_name *name, bw_array *grid)
{
    double factor = 1, offset = 0;
    uint64_t count = grid->nbytes / grid->dtype.itemsize;

    if (bw__ecl_converts(op) && !bw__ecl_factor(bw__ecl_store(op)->units, name->quantity, &factor, &offset)) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "INTEHEAD: unit system %d is none, so there is no way to "
                       "BORES's units", (int)bw__ecl_store(op)->units);
    }
    if (grid->dtype.kind != 'f' || (factor == 1 && offset == 0 && !name->reciprocal)) {
        return BW_OK;
    }
    if (grid->dtype.itemsize == 4 && !name->reciprocal) {
        convert_singles((float *)(void *)grid->data, count, factor, offset);
        return BW_OK;
    }
    for (uint64_t n = 0; n < count; n++) {
        double value = bw__ecl_element(grid, n);
        bw__ecl_set_element(grid, n, (name->reciprocal ? 1 / value : value) * factor + offset);
    }
    return BW_OK;
}

static bw_status put_grid(bw_ctx *ctx, bw_op *op, bw__ecl_state *s, const bw_ecl_keyword *keyword,
                          const char *path, const bw__ecl_name *name, const bw__ecl_elements *from, bool fracture)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    bw_array *grid;

    BW_TRY(bw__ecl_grid_new(ctx, op, keyword, s->describe, &grid));
    if (!s->describe) {
        bw__ecl_scatter(store, keyword, from, fracture, grid);
        if (name != NULL) {
            BW_TRY(bw__ecl_convert(ctx, op, name, grid));
        }
    }
    return put_at(ctx, op, s, path, bw_node_array(ctx, &op->arena, grid));
}

static void own_path(const char *prefix, const char *name, char out[40])
{
    size_t len = strlen(prefix);

    memcpy(out, prefix, len);
    strcpy(out + len, name);
}

static bw_status take_cells(bw_ctx *ctx, bw_op *op, bw__ecl_state *s,
                            const bw_ecl_keyword *keyword, const bw__ecl_elements *from)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw__ecl_name *name = bw__ecl_bores_name(keyword->name);
    char path[40];
    bool wanted;

    own_path("eclipse.", keyword->name, path);
    BW_TRY(is_wanted(ctx, op, s, name != NULL ? name->path : path, &wanted));
    if (wanted) {
        BW_TRY(put_grid(ctx, op, s, keyword, name != NULL ? name->path : path, name, from, false));
    }
    if (!bw__ecl_has_fractures(store, keyword)) {
        return BW_OK;
    }
    own_path("eclipse_fractures.", keyword->name, path);
    BW_TRY(is_wanted(ctx, op, s, path, &wanted));
    return wanted ? put_grid(ctx, op, s, keyword, path, name, from, true) : BW_OK;
}

static bw_status on_cells(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                          const bw_ecl_keyword *keyword, bw_node *value)
{
    bw__ecl_state *s = target;

    (void)cookie;
    if (bw__ecl_take_part(&s->rest, keyword, value->array)) {
        /* it may be wanted by itself, too */
    } else if (strcmp(keyword->name, "DX") == 0) {
        s->dx = value;
    } else if (strcmp(keyword->name, "DY") == 0) {
        s->dy = value;
    }
    return take_cells(ctx, op, s, keyword, &(bw__ecl_elements){.bytes = value->array->data});
}

typedef struct blocks {
    bw__ecl_state *state;
    const bw__ecl_file *file;
    const bw_ecl_keyword *keyword;
} blocks;

/* Elements that are wanted as a grid alone: out of their blocks, where those are as they should be. */
static bw_status on_blocks(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    const blocks *b = target;
    bw_ecl_form form = b->file->index.form;
    bw__ecl_elements from = {bytes.ptr, true, form == BW_ECL_BIG_ENDIAN};
    bw_node *value;

    if (bw__ecl_is_regular(form, b->keyword, bytes)) {
        return take_cells(ctx, op, b->state, b->keyword, &from);
    }
    BW_TRY(bw__ecl_decode_in(ctx, op, b->file, b->keyword, bytes, &value));
    return on_cells(ctx, op, b->state, cookie, b->keyword, value);
}

static bw_status want_grid(bw_ctx *ctx, bw_op *op, bw__ecl_state *s, const bw__ecl_file *file,
                           const bw_ecl_keyword *keyword)
{
    blocks *b = bw_arena_alloc(ctx, &op->arena, sizeof *b);

    if (b == NULL) {
        return BW_ERR_NOMEM;
    }
    *b = (blocks){s, file, keyword};
    return bw__ecl_want_bytes(ctx, op, file, keyword->data, keyword->end - keyword->data, on_blocks, b, 0);
}

static bool is_spacing(const bw_ecl_keyword *keyword)
{
    return strcmp(keyword->name, "DX") == 0 || strcmp(keyword->name, "DY") == 0;
}

static bw_status want_cells(bw_ctx *ctx, bw_op *op, bw__ecl_state *s, const bw__ecl_file *file,
                            const bw_ecl_keyword *keyword)
{
    const bw__ecl_name *name = bw__ecl_bores_name(keyword->name);
    bool needed = bw__ecl_take_part(&s->rest, keyword, NULL);
    char path[40];
    bool wanted;

    own_path("eclipse.", keyword->name, path);
    BW_TRY(is_wanted(ctx, op, s, name != NULL ? name->path : path, &wanted));
    if (!wanted && is_spacing(keyword)) {
        BW_TRY(is_wanted(ctx, op, s, CELL_DIMENSION, &wanted));
    }
    if (!wanted && bw__ecl_has_fractures(bw__ecl_store(op), keyword)) {
        own_path("eclipse_fractures.", keyword->name, path);
        BW_TRY(is_wanted(ctx, op, s, path, &wanted));
    }
    if (!wanted && !needed) {
        return BW_OK;
    }
    if (s->describe) {
        return take_cells(ctx, op, s, keyword, NULL);
    }
    return needed || is_spacing(keyword) ? bw__ecl_want(ctx, op, file, keyword, on_cells, s, 0)
                                         : want_grid(ctx, op, s, file, keyword);
}

/* Cell arrays among [first, end), but not those of local grids. */
static bw_status want_all(bw_ctx *ctx, bw_op *op, bw__ecl_state *s, const bw__ecl_file *file,
                          uint32_t first, uint32_t end)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    bool local = false;

    for (uint32_t n = first; n < end; n++) {
        const bw_ecl_keyword *keyword = &file->index.keywords[n];
        local = strcmp(keyword->name, "LGR") == 0 || (local && strcmp(keyword->name, "ENDLGR") != 0);
        if (!local && bw__ecl_is_cell_array(store, keyword)) {
            BW_TRY(want_cells(ctx, op, s, file, keyword));
        }
    }
    return BW_OK;
}

/* The saturation that is not written -------------------------------------------------------- */

static bw_status find_rest(bw_ctx *ctx, bw_op *op, bw__ecl_state *s)
{
    bw__ecl_remainder rest;
    bool wanted, fractures;

    bw__ecl_find_remainder(bw__ecl_store(op), s->step, &rest);
    if (rest.name == NULL) {
        return BW_OK;
    }
    BW_TRY(is_wanted(ctx, op, s, bw__ecl_bores_name(rest.name)->path, &wanted));
    BW_TRY(is_wanted(ctx, op, s, "eclipse_fractures", &fractures));
    s->rest = wanted || fractures ? rest : s->rest;
    return BW_OK;
}

static bw_status put_rest(bw_ctx *ctx, bw_op *op, bw__ecl_state *s)
{
    bw_ecl_keyword keyword;
    bw_array *values = NULL;

    if (s->rest.name == NULL) {
        return BW_OK;
    }
    keyword = *s->rest.first;
    strcpy(keyword.name, s->rest.name);
    if (!s->describe) {
        BW_TRY(bw__ecl_remainder_values(ctx, op, &s->rest, &values));
    }
    return take_cells(ctx, op, s, &keyword, &(bw__ecl_elements){.bytes = values == NULL ? NULL : values->data});
}

/* Begin and finish -------------------------------------------------------------------------- */

bw_status bw__ecl_state_begin(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step,
                              const bw_node *fields, bool describe, bw__ecl_state **out)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw__ecl_file *file = &store->files[step->file], *init = bw__ecl_file_of(store, BW__ECL_INIT);
    bw__ecl_state *s = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *s);

    if (s == NULL) {
        return BW_ERR_NOMEM;
    }
    s->step = step;
    s->fields = fields != NULL && fields->type == BW_NODE_LIST ? fields : NULL;
    s->describe = describe;
    s->convert = bw__ecl_converts(op);
    s->tree = bw_node_map(ctx, &op->arena);
    if (s->tree == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = s;
    BW_TRY(find_rest(ctx, op, s));
    if (init != NULL) {
        BW_TRY(want_all(ctx, op, s, init, 0, init->index.count));
    }
    BW_TRY(want_all(ctx, op, s, file, step->first, step->end));
    BW_TRY(is_wanted(ctx, op, s, "wells", &s->wants_wells));
    return s->wants_wells ? bw__ecl_want_wells(ctx, op, step, false, &s->wells) : BW_OK;
}

static double mean(const bw_node *node)
{
    double sum = 0;

    for (uint64_t n = 0; n < node->array->shape[0]; n++) {
        sum += bw__ecl_element(node->array, n);
    }
    return sum / (double)node->array->shape[0];
}

/* BORES has one cell size: the mean, in the units asked for. */
static bw_status put_cell_dimension(bw_ctx *ctx, bw_op *op, const bw__ecl_state *s)
{
    double factor = 1, offset = 0;
    bw_node *list = bw_node_list(ctx, &op->arena);

    if (s->dx == NULL || s->dy == NULL) {
        return BW_OK;
    }
    if (s->convert) {
        (void)bw__ecl_factor(bw__ecl_store(op)->units, BW__ECL_LENGTH, &factor, &offset);
    }
    for (unsigned d = 0; list != NULL && d < 2; d++) {
        bw_node *item = bw_node_float(ctx, &op->arena, mean(d == 0 ? s->dx : s->dy) * factor);
        if (item == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, list, item));
    }
    return put_at(ctx, op, s, CELL_DIMENSION, list);
}

static bw_status put_scalar(bw_ctx *ctx, bw_op *op, const bw__ecl_state *s, const char *name,
                            bw_node *value)
{
    bool wanted;

    BW_TRY(is_wanted(ctx, op, s, name, &wanted));
    return wanted ? put_at(ctx, op, s, name, value) : BW_OK;
}

bw_status bw__ecl_state_finish(bw_ctx *ctx, bw_op *op, bw__ecl_state *s, bw_node **out)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    double days = s->step->days;
    double before = s->step > store->steps ? s->step[-1].days : 0;
    bw_node *wells;
    bool wanted;

    BW_TRY(put_scalar(ctx, op, s, "step", bw_node_int(ctx, &op->arena, s->step->report)));
    BW_TRY(put_scalar(ctx, op, s, "step_size",
                      bw_node_float(ctx, &op->arena, isnan(days - before) ? 0 : (days - before) * 86400)));
    BW_TRY(put_scalar(ctx, op, s, "time",
                      isnan(days) ? bw_node_null(ctx, &op->arena)
                                  : bw_node_float(ctx, &op->arena, days * 86400)));
    BW_TRY(is_wanted(ctx, op, s, "model.grid_shape", &wanted));
    if (wanted) {
        BW_TRY(put_at(ctx, op, s, "model.grid_shape", bw__ecl_extents(ctx, op, store->size)));
    }
    BW_TRY(put_rest(ctx, op, s));
    BW_TRY(is_wanted(ctx, op, s, CELL_DIMENSION, &wanted));
    if (wanted) {
        BW_TRY(put_cell_dimension(ctx, op, s));
    }
    if (s->wants_wells) {
        BW_TRY(bw__ecl_wells(ctx, op, &s->wells, &wells));
        if (wells != NULL) {
            BW_TRY(put_at(ctx, op, s, "wells", wells));
        }
    }
    *out = s->tree;
    return BW_OK;
}
