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
    const bw_ecl_keyword *water_of, *gas_of; /* what oil is made of; both NULL: it is not made */
    const bw_node *water, *gas, *dx, *dy;    /* elements as they came, or NULL */
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

/* Grids ------------------------------------------------------------------------------------- */

static bw_status grid_new(bw_ctx *ctx, bw_op *op, const bw__ecl_state *s, bw_dtype dtype,
                          bw_array **out)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    bw_array *array;
    uint64_t count;

    if (!s->describe) {
        return bw_array_new(ctx, &op->arena, dtype, 3, store->size, out);
    }
    array = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *array);
    if (array == NULL) {
        return BW_ERR_NOMEM;
    }
    array->dtype = dtype;
    array->rank = 3;
    memcpy(array->shape, store->size, sizeof store->size);
    *out = array;
    return bw_array_size(ctx, dtype, 3, store->size, &count, &array->nbytes);
}

static double element(const bw_array *array, uint64_t n)
{
    switch (array->dtype.kind) {
    case 'f':
        return array->dtype.itemsize == 8 ? ((const double *)(const void *)array->data)[n]
                                          : ((const float *)(const void *)array->data)[n];
    case 'i':
        return ((const int32_t *)(const void *)array->data)[n];
    default:
        return array->data[n];
    }
}

static void set_element(bw_array *array, uint64_t n, double value)
{
    if (array->dtype.kind == 'f' && array->dtype.itemsize == 8) {
        ((double *)(void *)array->data)[n] = value;
    } else if (array->dtype.kind == 'f') {
        ((float *)(void *)array->data)[n] = (float)value;
    } else if (array->dtype.kind == 'i') {
        ((int32_t *)(void *)array->data)[n] = (int32_t)value;
    } else {
        array->data[n] = value != 0;
    }
}

static void fill_inactive(bw_array *array)
{
    uint64_t count = array->nbytes / array->dtype.itemsize;

    for (uint64_t n = 0; n < count; n++) {
        set_element(array, n, array->dtype.kind == 'f' ? (double)NAN : 0);
    }
}

/* Elements to their cells: of active ones alone, or of all in file order (i fastest). */
static void scatter(const bw_ecl_store *store, const bw_array *from, uint64_t first, bool all,
                    bw_array *grid)
{
    uint64_t nx = store->size[0], ny = store->size[1], nz = store->size[2], n = first;

    if (!all) {
        fill_inactive(grid);
        for (uint64_t a = 0; a < store->active_count; a++, n++) {
            set_element(grid, store->cells[a], element(from, n));
        }
        return;
    }
    for (uint64_t k = 0; k < nz; k++) {
        for (uint64_t j = 0; j < ny; j++) {
            for (uint64_t i = 0; i < nx; i++, n++) {
                set_element(grid, (i * ny + j) * nz + k, element(from, n));
            }
        }
    }
}

static bw_status convert(bw_ctx *ctx, const bw_ecl_store *store, const bw__ecl_state *s,
                         const bw__ecl_name *name, bw_array *grid)
{
    double factor = 1, offset = 0;
    uint64_t count = grid->nbytes / grid->dtype.itemsize;

    if (s->convert && !bw__ecl_factor(store->units, name->quantity, &factor, &offset)) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "INTEHEAD: unit system %d is none, so there is no way to "
                       "BORES's units", (int)store->units);
    }
    if (grid->dtype.kind != 'f' || (factor == 1 && offset == 0 && !name->reciprocal)) {
        return BW_OK;
    }
    for (uint64_t n = 0; n < count; n++) {
        double value = element(grid, n);
        set_element(grid, n, (name->reciprocal ? 1 / value : value) * factor + offset);
    }
    return BW_OK;
}

/* Arrays of the files ----------------------------------------------------------------------- */

static bool is_header(const char *name)
{
    static const char *const headers[] = {
        "SEQNUM", "INTEHEAD", "LOGIHEAD", "DOUBHEAD", "IGRP", "SGRP", "XGRP", "ZGRP", "ISEG", "ILBS", "ILBR",
        "RSEG", "IWEL", "SWEL", "XWEL", "ZWEL", "ICON", "SCON", "XCON", "IAAQ", "SAAQ", "XAAQ", "ICAQ", "SCAQ",
        "ACAQ", "TABDIMS", "TAB", "CON", "DLYTIM", "THPRES", "TRANNNC", "NNC1", "NNC2", "IUDQ", "DUDF", "DUDW",
        "DUDG", "ZUDN", "ZUDL", "IUAD", "IUAP", "IGPH", "IACT", "SACT", "ZACT", "ZLACT", "ZACN", "IACN", "SACN",
        "HIDDEN", "OPM_XWEL", "OPM_IWEL", "EXTRA",
    };

    for (size_t n = 0; n < sizeof headers / sizeof headers[0]; n++) {
        if (strcmp(headers[n], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_cell_array(const bw_ecl_store *store, const bw_ecl_keyword *keyword)
{
    uint64_t cells = store->size[0] * store->size[1] * store->size[2];

    return keyword->count > 0 && keyword->type != BW_ECL_CHAR && keyword->type != BW_ECL_MESS &&
           !is_header(keyword->name) &&
           (keyword->count == store->active_count || keyword->count == cells ||
            keyword->count == 2 * store->active_count);
}

/* Of the types of cell arrays. */
static const char *const dtypes[] = {"<i4", "<f4", "<f8", "|b1"};

static bw_status put_grid(bw_ctx *ctx, bw_op *op, bw__ecl_state *s, const bw_ecl_keyword *keyword,
                          const char *path, const bw__ecl_name *name, const bw_array *from,
                          uint64_t first)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    bw_array *grid;
    bw_dtype dtype;

    BW_TRY(bw_dtype_parse(ctx, bw_view_text(dtypes[keyword->type]), &dtype));
    BW_TRY(grid_new(ctx, op, s, dtype, &grid));
    if (!s->describe) {
        bool all = keyword->count == store->size[0] * store->size[1] * store->size[2];
        scatter(store, from, first, all, grid);
        if (name != NULL) {
            BW_TRY(convert(ctx, store, s, name, grid));
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
                            const bw_ecl_keyword *keyword, const bw_array *from)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw__ecl_name *name = bw__ecl_bores_name(keyword->name);
    bool dual = keyword->count == 2 * store->active_count &&
                keyword->count != store->size[0] * store->size[1] * store->size[2];
    char path[40];
    bool wanted;

    own_path("eclipse.", keyword->name, path);
    BW_TRY(is_wanted(ctx, op, s, name != NULL ? name->path : path, &wanted));
    if (wanted) {
        BW_TRY(put_grid(ctx, op, s, keyword, name != NULL ? name->path : path, name, from, 0));
    }
    if (!dual) {
        return BW_OK;
    }
    own_path("eclipse_fractures.", keyword->name, path);
    BW_TRY(is_wanted(ctx, op, s, path, &wanted));
    return wanted ? put_grid(ctx, op, s, keyword, path, name, from, store->active_count) : BW_OK;
}

static bw_status on_cells(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                          const bw_ecl_keyword *keyword, bw_node *value)
{
    bw__ecl_state *s = target;

    (void)cookie;
    if (keyword == s->water_of) {
        s->water = value;
    } else if (keyword == s->gas_of) {
        s->gas = value;
    } else if (strcmp(keyword->name, "DX") == 0) {
        s->dx = value;
    } else if (strcmp(keyword->name, "DY") == 0) {
        s->dy = value;
    }
    return take_cells(ctx, op, s, keyword, value->array);
}

static bw_status want_cells(bw_ctx *ctx, bw_op *op, bw__ecl_state *s, const bw__ecl_file *file,
                            const bw_ecl_keyword *keyword)
{
    const bw__ecl_name *name = bw__ecl_bores_name(keyword->name);
    bool needed = keyword == s->water_of || keyword == s->gas_of;
    char path[40];
    bool wanted;

    own_path("eclipse.", keyword->name, path);
    BW_TRY(is_wanted(ctx, op, s, name != NULL ? name->path : path, &wanted));
    if (!wanted && (strcmp(keyword->name, "DX") == 0 || strcmp(keyword->name, "DY") == 0)) {
        BW_TRY(is_wanted(ctx, op, s, CELL_DIMENSION, &wanted));
    }
    if (!wanted && keyword->count == 2 * bw__ecl_store(op)->active_count) {
        own_path("eclipse_fractures.", keyword->name, path);
        BW_TRY(is_wanted(ctx, op, s, path, &wanted));
    }
    if (!wanted && !needed) {
        return BW_OK;
    }
    return s->describe ? take_cells(ctx, op, s, keyword, NULL)
                       : bw__ecl_want(ctx, op, file, keyword, on_cells, s, 0);
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
        if (!local && is_cell_array(store, keyword)) {
            BW_TRY(want_cells(ctx, op, s, file, keyword));
        }
    }
    return BW_OK;
}

/* Oil --------------------------------------------------------------------------------------- */

static bool is_saturation(const bw_ecl_store *store, const bw_ecl_keyword *keyword)
{
    return is_cell_array(store, keyword) && (keyword->type == BW_ECL_REAL || keyword->type == BW_ECL_DOUB);
}

/*
 * Restarts seldom have it: it is what water and gas leave. Where one of the two is there but is no
 * array of the cells, or they are not of the same cells, nothing says what is left.
 */
static bw_status find_oil(bw_ctx *ctx, bw_op *op, bw__ecl_state *s, const bw__ecl_file *file)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw__ecl_step *step = s->step;
    const bw_ecl_keyword *water = bw__ecl_find(&file->index, step->first, step->end, "SWAT");
    const bw_ecl_keyword *gas = bw__ecl_find(&file->index, step->first, step->end, "SGAS");
    bool has_oil = (step->phases & 1) != 0 || step->phases == 0, wanted;

    BW_TRY(is_wanted(ctx, op, s, OIL_SATURATION, &wanted));
    if (!wanted || !has_oil || bw__ecl_find(&file->index, step->first, step->end, "SOIL") != NULL ||
        (water != NULL && !is_saturation(store, water)) || (gas != NULL && !is_saturation(store, gas)) ||
        (water != NULL && gas != NULL && water->count != gas->count)) {
        return BW_OK;
    }
    s->water_of = water;
    s->gas_of = gas;
    return BW_OK;
}

static bw_status put_oil(bw_ctx *ctx, bw_op *op, const bw__ecl_state *s)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw_ecl_keyword *of = s->water_of != NULL ? s->water_of : s->gas_of;
    bw_array *grid, *from;
    bw_dtype dtype;

    if (of == NULL) {
        return BW_OK;
    }
    BW_TRY(bw_dtype_parse(ctx, bw_view_text(dtypes[of->type]), &dtype)); /* as precise as what it is made of */
    BW_TRY(grid_new(ctx, op, s, dtype, &grid));
    if (!s->describe) {
        BW_TRY(bw_array_new(ctx, &op->arena, dtype, 1, &of->count, &from));
        for (uint64_t n = 0; n < of->count; n++) {
            double water = s->water != NULL ? element(s->water->array, n) : 0;
            double gas = s->gas != NULL ? element(s->gas->array, n) : 0;
            set_element(from, n, 1 - water - gas);
        }
        scatter(store, from, 0, of->count == store->size[0] * store->size[1] * store->size[2], grid);
    }
    return put_at(ctx, op, s, OIL_SATURATION, bw_node_array(ctx, &op->arena, grid));
}

/* Begin and finish -------------------------------------------------------------------------- */

bw_status bw__ecl_state_begin(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step,
                              const bw_node *fields, bool describe, bw__ecl_state **out)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw__ecl_file *file = &store->files[step->file], *init = bw__ecl_file_of(store, BW__ECL_INIT);
    bw__ecl_state *s = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *s);
    bw_view units = {0};

    if (s == NULL) {
        return BW_ERR_NOMEM;
    }
    s->step = step;
    s->fields = fields != NULL && fields->type == BW_NODE_LIST ? fields : NULL;
    s->describe = describe;
    s->convert = bw_map_get_string(op->params, "units", &units) && bw_view_equal(units, BW_VIEW("bores"));
    s->tree = bw_node_map(ctx, &op->arena);
    if (s->tree == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = s;
    BW_TRY(find_oil(ctx, op, s, file));
    if (init != NULL) {
        BW_TRY(want_all(ctx, op, s, init, 0, init->index.count));
    }
    BW_TRY(want_all(ctx, op, s, file, step->first, step->end));
    BW_TRY(is_wanted(ctx, op, s, "wells", &s->wants_wells));
    return s->wants_wells ? bw__ecl_want_wells(ctx, op, step, &s->wells) : BW_OK;
}

static double mean(const bw_node *node)
{
    double sum = 0;

    for (uint64_t n = 0; n < node->array->shape[0]; n++) {
        sum += element(node->array, n);
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
    BW_TRY(put_oil(ctx, op, s));
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
