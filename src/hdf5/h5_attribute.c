/* SPDX-License-Identifier: MIT */
/* Attributes as nodes: scalars as plain values, arrays of numbers as arrays or as lists. */
#include <string.h>

#include "h5.h"

typedef struct attribute_walk {
    bw_ctx *ctx;
    bw_arena *arena;
    bool lists;
    bw_node *map;
    bw_status status;
} attribute_walk;

/* The elements, in memory's form. */
static bw_status read_elements(bw_ctx *ctx, bw_arena *arena, hid_t id, hid_t space,
                               const bw_h5_type *type, bw_array **out)
{
    hsize_t dims[H5S_MAX_RANK];
    uint64_t shape[BW_MAX_RANK];
    int rank = H5Sget_simple_extent_ndims(space);

    if (rank < 0 || H5Sget_simple_extent_dims(space, dims, NULL) < 0) {
        return bw__h5_fail(ctx, "its dimensions cannot be read");
    }
    if ((uint32_t)rank + type->rank > BW_MAX_RANK) {
        return bw_fail_limit(ctx, "dimensions", (uint32_t)rank + type->rank, BW_MAX_RANK);
    }
    for (int i = 0; i < rank; i++) {
        shape[i] = dims[i];
    }
    memcpy(shape + rank, type->dims, type->rank * sizeof *shape);
    BW_TRY(bw_array_new(ctx, arena, type->dtype, (uint32_t)rank + type->rank, shape, out));
    (*out)->dtype.big_endian = false;
    memset((*out)->data, 0, (*out)->nbytes);
    if ((*out)->nbytes > 0 && H5Aread(id, type->memory, (*out)->data) < 0) {
        return bw__h5_fail(ctx, "its value cannot be read");
    }
    return BW_OK;
}

static bw_status read_value(bw_ctx *ctx, bw_arena *arena, hid_t id, bool lists, bw_node **out)
{
    hid_t space = H5Aget_space(id), file_type = H5Aget_type(id);
    bw_h5_type type = {0};
    bw_array *array = NULL;
    bw_status st = BW_OK;

    if (space < 0 || file_type < 0) {
        st = bw__h5_fail(ctx, "its type cannot be read");
        goto done;
    }
    if (H5Sget_simple_extent_type(space) == H5S_NULL) {
        *out = bw_node_null(ctx, arena);
        st = *out == NULL ? BW_ERR_NOMEM : BW_OK;
        goto done;
    }
    BW_GO(bw__h5_type_begin(ctx, arena, file_type, &type));
    BW_GO(read_elements(ctx, arena, id, space, &type, &array));
    if (array->rank == 0 || !type.plain || array->dtype.kind == 'S' || lists) {
        st = bw__h5_values(ctx, arena, id, type.plan, array->rank, array->shape, array->data, out);
    } else {
        *out = bw_node_array(ctx, arena, array);
        st = *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    bw__h5_reclaim(&type, array);

done:
    bw__h5_type_end(&type);
    if (space >= 0) {
        (void)H5Sclose(space);
    }
    if (file_type >= 0) {
        (void)H5Tclose(file_type);
    }
    return st;
}

/* What this build cannot read is said in its place, so that the rest can be seen. */
static bw_status unsupported_value(bw_ctx *ctx, bw_arena *arena, bw_node **out)
{
    bw_node *map = bw_node_map(ctx, arena);
    bw_node *message = bw_node_text(ctx, arena, bw_view_text(ctx->error.message));

    *out = map;
    return map == NULL ? BW_ERR_NOMEM : bw__h5_put(ctx, arena, map, "unsupported", message);
}

static bw_status add_attribute(attribute_walk *walk, hid_t object, const char *name)
{
    bw_ctx *ctx = walk->ctx;
    hid_t id = H5Aopen(object, name, H5P_DEFAULT);
    bw_node *value = NULL;
    bw_view shown = {0};
    bw_status st;

    if (id < 0) {
        st = bw__h5_fail(ctx, "it cannot be opened");
    } else {
        st = read_value(ctx, walk->arena, id, walk->lists, &value);
        if (st == BW_ERR_UNSUPPORTED) {
            st = unsupported_value(ctx, walk->arena, &value);
        }
    }
    if (id >= 0) {
        (void)H5Aclose(id);
    }
    if (st == BW_OK) {
        BW_TRY(bw__h5_name(ctx, walk->arena, name, &shown));
        return bw_map_set(ctx, walk->arena, walk->map, shown, value);
    }
    if (st != BW_ERR_NOMEM) {
        bw_error error = ctx->error;
        (void)bw_fail(ctx, st, "attribute '%.100s': %s", name, error.message);
    }
    return st;
}

static herr_t on_attribute(hid_t object, const char *name, const H5A_info_t *info, void *data)
{
    attribute_walk *walk = data;

    (void)info;
    walk->status = add_attribute(walk, object, name);
    return walk->status == BW_OK ? 0 : -1;
}

/* In the order of creation where the object keeps it, else as they lie in the file. */
static H5_index_t attribute_order(hid_t object)
{
    hid_t plist = H5I_INVALID_HID;
    unsigned flags = 0;

    switch (H5Iget_type(object)) {
    case H5I_DATASET:
        plist = H5Dget_create_plist(object);
        break;
    case H5I_GROUP:
    case H5I_FILE:
        plist = H5Gget_create_plist(object);
        break;
    default:
        break;
    }
    if (plist >= 0) {
        (void)H5Pget_attr_creation_order(plist, &flags);
        (void)H5Pclose(plist);
    }
    return (flags & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

bw_status bw__h5_attributes(bw_ctx *ctx, bw_arena *arena, hid_t object, bool lists, bw_node **out)
{
    attribute_walk walk = {.ctx = ctx, .arena = arena, .lists = lists};
    H5_index_t index = attribute_order(object);
    H5_iter_order_t order = index == H5_INDEX_NAME ? H5_ITER_NATIVE : H5_ITER_INC;
    hsize_t at = 0;

    walk.map = bw_node_map(ctx, arena);
    if (walk.map == NULL) {
        return BW_ERR_NOMEM;
    }
    if (H5Aiterate2(object, index, order, &at, on_attribute, &walk) < 0) {
        if (walk.status == BW_OK) {
            return bw__h5_fail(ctx, "the attributes cannot be read");
        }
        H5Eclear2(H5E_DEFAULT);
        return walk.status;
    }
    *out = walk.map;
    return BW_OK;
}

bw_status bw__h5_attribute(bw_ctx *ctx, bw_arena *arena, hid_t object, const char *name,
                           bw_node **out)
{
    attribute_walk walk = {.ctx = ctx, .arena = arena, .lists = true};
    htri_t there = H5Aexists(object, name);

    *out = NULL;
    if (there < 0) {
        return bw__h5_fail(ctx, "an attribute cannot be looked for");
    }
    if (there == 0) {
        return BW_OK;
    }
    walk.map = bw_node_map(ctx, arena);
    if (walk.map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(add_attribute(&walk, object, name));
    *out = bw_map_get_text(walk.map, name);
    return BW_OK;
}
