/* SPDX-License-Identifier: MIT */
/*
 * What is made of a run's corner-point grid. The first of these operations reads the grid, which is kept.
 *
 * ecl.cells: `{volumes}` → `{volumes (nx, ny, nz), centres (nx, ny, nz, 3), active (nx, ny, nz) u1}`, the first
 * two unless `volumes` is false.
 * ecl.faces: `{lo, hi, mask, origin}`, each may be left out: a half-open box of i, j, k; an array of one byte
 * a cell by flat index; x, y and depth that become (0, 0, 0), else the middle of the
 * grid's corners → `{positions f4 (4 n, 3), cells u4 (n), directions u1 (n), origin}` as in bw_faces.
 * ecl.fence: `{points}`, a flat list of x and y → `{cells u4 (n), firsts u4 (n + 1), stations f8 (m, 3), length}` as
 * in bw_fence.
 * ecl.connections: `{}` → `{a, b u4 (n), directions u1 (n), areas f8 (n)}`.
 */
#include <inttypes.h>
#include <string.h>

#include "bores/fence.h"
#include "ecl_store.h"

/* The grid, for what is made of it ---------------------------------------------------------------- */

static bw_array *keep_array(bw_ctx *ctx, bw_ecl_store *store, const bw_node *node)
{
    const bw_array *from = node->array;
    bw_array *kept = bw_arena_alloc(ctx, &store->arena, sizeof *kept);
    uint8_t *data = bw_arena_alloc(ctx, &store->arena, (size_t)from->nbytes);

    if (kept == NULL || data == NULL) {
        return NULL;
    }
    memcpy(data, from->data, (size_t)from->nbytes);
    *kept = *from;
    kept->data = data;
    return kept;
}

static bw_status keep_grid(bw_ctx *ctx, bw_op *op)
{
    bw_ecl_store *store = bw__ecl_store(op);
    const bw_node *dims = bw_map_get_text(op->result, "dims");
    bw_corner_grid *grid = bw_arena_alloc_zeroed(ctx, &store->arena, sizeof *grid);
    bw_array *active;

    if (grid == NULL) {
        return BW_ERR_NOMEM;
    }
    grid->nx = (uint64_t)dims->children.items[0]->integer;
    grid->ny = (uint64_t)dims->children.items[1]->integer;
    grid->nz = (uint64_t)dims->children.items[2]->integer;
    grid->coord = keep_array(ctx, store, bw_map_get_text(op->result, "coord"));
    grid->zcorn = keep_array(ctx, store, bw_map_get_text(op->result, "zcorn"));
    active = keep_array(ctx, store, bw_map_get_text(op->result, "active"));
    if (grid->coord == NULL || grid->zcorn == NULL || active == NULL) {
        return BW_ERR_NOMEM;
    }
    grid->active = (bw_view){active->data, (size_t)active->nbytes};
    store->corner = grid;
    return BW_OK;
}

static bw_status corner_begin(bw_ctx *ctx, bw_op *op)
{
    const bw_ecl_store *store = bw__ecl_store(op);

    return store != NULL && store->corner != NULL ? BW_OK : bw__ecl_geometry_op.begin(ctx, op);
}

/* `*out` NULL: more of the file is wanted. */
static bw_status corner_grid(bw_ctx *ctx, bw_op *op, const bw_corner_grid **out)
{
    bw_ecl_store *store = bw__ecl_store(op);

    *out = NULL;
    if (store->corner == NULL) {
        BW_TRY(bw__ecl_geometry_op.finish(ctx, op));
        if (op->result == NULL) {
            return BW_OK;
        }
        if (store->corner == NULL) {
            BW_TRY(keep_grid(ctx, op));
        }
    }
    op->result = bw_node_map(ctx, &op->arena);
    *out = store->corner;
    return op->result == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status put_copy(bw_ctx *ctx, bw_op *op, const char *key, const char *dtype_text, uint32_t rank,
                          const uint64_t *shape, const void *elements)
{
    bw_dtype dtype;
    bw_array *array;

    BW_TRY(bw_dtype_parse(ctx, bw_view_text(dtype_text), &dtype));
    BW_TRY(bw_array_new(ctx, &op->arena, dtype, rank, shape, &array));
    if (array->nbytes > 0) {
        memcpy(array->data, elements, (size_t)array->nbytes);
    }
    return bw__ecl_put(ctx, op, op->result, key, bw_node_array(ctx, &op->arena, array));
}

static bw_status cells_finish(bw_ctx *ctx, bw_op *op)
{
    const bw_corner_grid *grid;
    bw_corner_cells cells;
    uint64_t shape[3];
    bool volumes = true;
    uint8_t *flat;

    BW_TRY(corner_grid(ctx, op, &grid));
    if (grid == NULL) {
        return BW_OK;
    }
    shape[0] = grid->nx;
    shape[1] = grid->ny;
    shape[2] = grid->nz;
    flat = bw_arena_alloc(ctx, &op->arena, grid->active.len);
    if (flat == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint64_t g = 0; g < grid->active.len; g++) {
        uint64_t i = g % grid->nx, j = g / grid->nx % grid->ny, k = g / grid->nx / grid->ny;
        flat[(i * grid->ny + j) * grid->nz + k] = grid->active.ptr[g];
    }
    if (!bw_map_get_bool(op->params, "volumes", &volumes) || volumes) {
        BW_TRY(bw_corner_grid_cells(ctx, &op->arena, grid, &cells));
        BW_TRY(bw__ecl_put(ctx, op, op->result, "volumes", bw_node_array(ctx, &op->arena, cells.volumes)));
        BW_TRY(bw__ecl_put(ctx, op, op->result, "centres", bw_node_array(ctx, &op->arena, cells.centres)));
    }
    return put_copy(ctx, op, "active", "|u1", 3, shape, flat);
}

const bw_op_type bw__ecl_cells_op = {"ecl.cells", sizeof(bw__ecl_geometry_machine), corner_begin, cells_finish, NULL};

static bw_status connections_finish(bw_ctx *ctx, bw_op *op)
{
    const bw_corner_grid *grid;
    bw_corner_connections found;
    uint64_t count;

    BW_TRY(corner_grid(ctx, op, &grid));
    if (grid == NULL) {
        return BW_OK;
    }
    BW_TRY(bw_corner_grid_connections(ctx, &op->arena, grid, &found));
    count = found.count;
    BW_TRY(put_copy(ctx, op, "a", "<u4", 1, &count, found.a));
    BW_TRY(put_copy(ctx, op, "b", "<u4", 1, &count, found.b));
    BW_TRY(put_copy(ctx, op, "directions", "|u1", 1, &count, found.directions));
    return put_copy(ctx, op, "areas", "<f8", 1, &count, found.areas);
}

const bw_op_type bw__ecl_connections_op = {"ecl.connections", sizeof(bw__ecl_geometry_machine), corner_begin,
                                           connections_finish, NULL};

/* Faces ------------------------------------------------------------------------------------------- */

static bw_status read_triple(bw_ctx *ctx, const bw_op *op, const char *name, double out[3])
{
    const bw_node *list = bw_map_get_text(op->params, name);

    for (unsigned d = 0; list != NULL && d < 3; d++) {
        const bw_node *item = list->type == BW_NODE_LIST && list->children.len == 3 ? list->children.items[d] : NULL;
        if (item == NULL || (item->type != BW_NODE_INT && item->type != BW_NODE_FLOAT)) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "ecl.faces: '%s' is no list of three numbers", name);
        }
        out[d] = item->type == BW_NODE_INT ? (double)item->integer : item->number;
    }
    return BW_OK;
}

static bw_status read_mask(bw_ctx *ctx, const bw_op *op, uint64_t cells, bw_view *out)
{
    const bw_node *mask = bw_map_get_text(op->params, "mask");

    if (mask == NULL || mask->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (mask->type != BW_NODE_ARRAY || mask->array->dtype.itemsize != 1 || mask->array->nbytes != cells) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "ecl.faces: 'mask' is no array of a byte for each of %" PRIu64 " cells "
                       "(it has %" PRIu64 " bytes)", cells,
                       mask->type == BW_NODE_ARRAY ? (uint64_t)mask->array->nbytes : 0);
    }
    *out = (bw_view){mask->array->data, (size_t)cells};
    return BW_OK;
}

/* The middle of the corners of the first and the last cell: near enough for float32 to be exact. */
static void middle(const bw_corner_grid *grid, double origin[3])
{
    double first[8][3], last[8][3];

    bw_corner_cell(grid, 0, 0, 0, first);
    bw_corner_cell(grid, grid->nx - 1, grid->ny - 1, grid->nz - 1, last);
    for (unsigned d = 0; d < 3; d++) {
        origin[d] = (first[0][d] + last[7][d]) / 2;
    }
}

static bw_status faces_finish(bw_ctx *ctx, bw_op *op)
{
    const bw_corner_grid *grid;
    bw_cell_filter filter = {0};
    bw_faces faces;
    double origin[3], lo[3] = {0}, hi[3];
    uint64_t shape[2];
    bw_node *at;

    BW_TRY(corner_grid(ctx, op, &grid));
    if (grid == NULL) {
        return BW_OK;
    }
    hi[0] = (double)grid->nx;
    hi[1] = (double)grid->ny;
    hi[2] = (double)grid->nz;
    middle(grid, origin);
    BW_TRY(read_triple(ctx, op, "origin", origin));
    BW_TRY(read_triple(ctx, op, "lo", lo));
    BW_TRY(read_triple(ctx, op, "hi", hi));
    for (unsigned d = 0; d < 3; d++) {
        if (!(lo[d] >= 0 && hi[d] >= lo[d] && hi[d] <= (double)(d == 0 ? grid->nx : d == 1 ? grid->ny : grid->nz))) {
            return bw_fail(ctx, BW_ERR_INDEX_RANGE, "ecl.faces: the box from %g to %g is not within the grid", lo[d],
                           hi[d]);
        }
        filter.lo[d] = (uint64_t)lo[d];
        filter.hi[d] = (uint64_t)hi[d];
    }
    BW_TRY(read_mask(ctx, op, grid->active.len, &filter.mask));
    BW_TRY(bw_corner_grid_faces(ctx, &op->arena, grid, origin, &filter, &faces));
    shape[0] = 4 * faces.count;
    shape[1] = 3;
    BW_TRY(put_copy(ctx, op, "positions", "<f4", 2, shape, faces.positions));
    shape[0] = faces.count;
    BW_TRY(put_copy(ctx, op, "cells", "<u4", 1, shape, faces.cells));
    BW_TRY(put_copy(ctx, op, "directions", "|u1", 1, shape, faces.directions));
    at = bw_node_list(ctx, &op->arena);
    for (unsigned d = 0; at != NULL && d < 3; d++) {
        bw_node *item = bw_node_float(ctx, &op->arena, origin[d]);
        if (item == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, at, item));
    }
    return bw__ecl_put(ctx, op, op->result, "origin", at);
}

const bw_op_type bw__ecl_faces_op = {"ecl.faces", sizeof(bw__ecl_geometry_machine), corner_begin, faces_finish, NULL};

/* Fences ------------------------------------------------------------------------------------------ */

static bw_status read_points(bw_ctx *ctx, bw_op *op, double **points, size_t *count)
{
    const bw_node *list = bw_map_get_text(op->params, "points");
    size_t n = list != NULL && list->type == BW_NODE_LIST ? list->children.len : 0;

    if (n == 0 || n % 2 != 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "ecl.fence: 'points' is no list of x and y: it has %zu items", n);
    }
    if ((*points = bw_arena_alloc(ctx, &op->arena, n * sizeof **points)) == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t m = 0; m < n; m++) {
        const bw_node *item = list->children.items[m];
        if (item->type != BW_NODE_INT && item->type != BW_NODE_FLOAT) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "ecl.fence: item %zu of 'points' is no number", m);
        }
        (*points)[m] = item->type == BW_NODE_INT ? (double)item->integer : item->number;
    }
    *count = n / 2;
    return BW_OK;
}

static bw_status fence_finish(bw_ctx *ctx, bw_op *op)
{
    const bw_corner_grid *grid;
    double *points = NULL;
    uint64_t shape[2];
    size_t count = 0;
    bw_fence fence;

    BW_TRY(corner_grid(ctx, op, &grid));
    if (grid == NULL) {
        return BW_OK;
    }
    BW_TRY(read_points(ctx, op, &points, &count));
    BW_TRY(bw_corner_grid_fence(ctx, &op->arena, grid, points, count, &fence));
    shape[0] = fence.count;
    BW_TRY(put_copy(ctx, op, "cells", "<u4", 1, shape, fence.cells));
    shape[0] = fence.count + 1;
    BW_TRY(put_copy(ctx, op, "firsts", "<u4", 1, shape, fence.firsts));
    shape[0] = fence.firsts[fence.count];
    shape[1] = 3;
    BW_TRY(put_copy(ctx, op, "stations", "<f8", 2, shape, fence.stations));
    return bw__ecl_put(ctx, op, op->result, "length", bw_node_float(ctx, &op->arena, fence.length));
}

const bw_op_type bw__ecl_fence_op = {"ecl.fence", sizeof(bw__ecl_geometry_machine), corner_begin, fence_finish, NULL};
