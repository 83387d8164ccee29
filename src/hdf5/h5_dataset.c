/* SPDX-License-Identifier: MIT */
/*
 * Datasets: described as a Zarr array is, so that slicing and the placing of chunks are the same
 * code, and read in one of two ways. Chunks with filters we know and elements we can take as they are
 * come straight from the host (h5_chunks.c); everything else goes through H5Dread().
 */
#include <stdio.h>
#include <string.h>

#include "h5.h"
#include "array/slice.h"

/* Describing -------------------------------------------------------------------------------- */

static bw_status read_space(bw_ctx *ctx, bw_h5_dataset *d)
{
    hsize_t shape[H5S_MAX_RANK] = {0}, limits[H5S_MAX_RANK] = {0};
    int rank;

    d->space_class = H5Sget_simple_extent_type(d->space);
    rank = H5Sget_simple_extent_ndims(d->space);
    if (rank < 0 || H5Sget_simple_extent_dims(d->space, shape, limits) < 0) {
        return bw__h5_fail(ctx, "its dimensions cannot be read");
    }
    if ((uint32_t)rank + d->type.rank > BW_MAX_RANK) {
        return bw_fail_limit(ctx, "dimensions", (uint32_t)rank + d->type.rank, BW_MAX_RANK);
    }
    d->rank = (uint32_t)rank;
    d->meta.rank = d->rank + d->type.rank;
    for (uint32_t i = 0; i < d->meta.rank; i++) {
        uint64_t length = i < d->rank ? shape[i] : d->type.dims[i - d->rank];
        if (length > (uint64_t)1 << 62) {
            return bw_fail_limit(ctx, "elements along an axis", length, (uint64_t)1 << 62);
        }
        d->meta.shape[i] = length;
        d->meta.chunks[i] = length > 0 ? length : 1;
        d->limits[i] = i < d->rank ? limits[i] : length;
    }
    return BW_OK;
}

static bw_status read_filters(bw_ctx *ctx, bw_arena *arena, hid_t plist, bw_h5_dataset *d)
{
    int count = H5Pget_nfilters(plist);
    bw_h5_filter *filters;

    if (count < 0 || count > (int)H5Z_MAX_NFILTERS) {
        return bw__h5_fail(ctx, "its filters cannot be read");
    }
    filters = bw_arena_alloc_zeroed(ctx, arena, ((size_t)count + 1) * sizeof *filters);
    if (filters == NULL) {
        return BW_ERR_NOMEM;
    }
    for (int i = 0; i < count; i++) {
        bw_h5_filter *f = &filters[i];
        size_t cd_count = sizeof f->cd / sizeof *f->cd;

        f->id = H5Pget_filter2(plist, (unsigned)i, &f->flags, &cd_count, f->cd, sizeof f->name - 1,
                               f->name, NULL);
        if (f->id < 0) {
            return bw__h5_fail(ctx, "a filter cannot be read");
        }
        f->cd_count = cd_count < 32 ? cd_count : 32;
    }
    d->filter_count = (uint32_t)count;
    d->filters = filters;
    return BW_OK;
}

/* The fill value in memory's form; zeros where none is defined. */
static bw_status read_fill(bw_ctx *ctx, bw_arena *arena, hid_t plist, bw_h5_dataset *d)
{
    size_t size = H5Tget_size(d->type.memory), item = d->type.dtype.itemsize;
    uint8_t *fill = bw_arena_alloc_zeroed(ctx, arena, size > 0 ? size : 1);
    H5D_fill_value_t defined = H5D_FILL_VALUE_ERROR;

    if (fill == NULL) {
        return BW_ERR_NOMEM;
    }
    d->meta.fill = fill;
    d->uniform_fill = true;
    if (H5Pfill_value_defined(plist, &defined) < 0) {
        return bw__h5_fail(ctx, "its fill value cannot be read");
    }
    d->meta.has_fill = defined != H5D_FILL_VALUE_UNDEFINED;
    if (defined != H5D_FILL_VALUE_USER_DEFINED || !d->type.fixed) {
        return BW_OK;
    }
    if (H5Pget_fill_value(plist, d->type.memory, fill) < 0) {
        return bw__h5_fail(ctx, "its fill value cannot be read");
    }
    for (size_t at = item; at < size; at += item) {
        d->uniform_fill &= memcmp(fill, fill + at, item) == 0;
    }
    return BW_OK;
}

static bw_status read_layout(bw_ctx *ctx, bw_arena *arena, hid_t plist, bw_h5_dataset *d)
{
    hsize_t chunk[H5S_MAX_RANK];

    d->layout = H5Pget_layout(plist);
    if (d->layout < 0) {
        return bw__h5_fail(ctx, "its layout cannot be read");
    }
    if (d->layout == H5D_CHUNKED) {
        if (H5Pget_chunk(plist, H5S_MAX_RANK, chunk) != (int)d->rank) {
            return bw__h5_fail(ctx, "its chunks cannot be read");
        }
        for (uint32_t i = 0; i < d->rank; i++) {
            if (chunk[i] == 0) {
                return bw_fail(ctx, BW_ERR_CORRUPT, "the chunk length along axis %u is 0",
                               (unsigned)i);
            }
            d->meta.chunks[i] = chunk[i];
        }
    }
    if (H5Pget_external_count(plist) > 0) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "its elements are in another file (external storage)");
    }
    BW_TRY(read_filters(ctx, arena, plist, d));
    return read_fill(ctx, arena, plist, d);
}

bw_status bw__h5_dataset_begin(bw_ctx *ctx, bw_arena *arena, bw_h5_file *file, hid_t id,
                               bw_h5_dataset *out)
{
    hid_t type = H5Dget_type(id), plist = H5Dget_create_plist(id);
    bw_status st = BW_OK;

    *out = (bw_h5_dataset){.file = file, .id = id, .space = H5Dget_space(id)};
    if (type < 0 || plist < 0 || out->space < 0) {
        st = bw__h5_fail(ctx, "the dataset cannot be read");
        goto done;
    }
    BW_GO(bw__h5_type_begin(ctx, arena, type, &out->type));
    out->meta.dtype = out->type.dtype;
    out->meta.separator = '.';
    BW_GO(read_space(ctx, out));
    BW_GO(read_layout(ctx, arena, plist, out));

done:
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    if (plist >= 0) {
        (void)H5Pclose(plist);
    }
    return st;
}

void bw__h5_dataset_end(bw_h5_dataset *dataset)
{
    bw__h5_type_end(&dataset->type);
    if (dataset->space > 0) {
        (void)H5Sclose(dataset->space);
    }
    if (dataset->id > 0) {
        (void)H5Dclose(dataset->id);
    }
    *dataset = (bw_h5_dataset){0};
}

/* Reading through HDF5 ---------------------------------------------------------------------- */

static bw_status check_filters(bw_ctx *ctx, const bw_h5_dataset *d)
{
    for (uint32_t i = 0; i < d->filter_count; i++) {
        if (H5Zfilter_avail(d->filters[i].id) <= 0) {
            return bw_fail(ctx, BW_ERR_UNSUPPORTED, "filter %d (%s) is not built in",
                           (int)d->filters[i].id, bw__h5_filter_name(&d->filters[i]));
        }
    }
    return BW_OK;
}

/* The region ascending, of the space's own dimensions; its step backwards is undone later. */
static bw_status select_region(bw_ctx *ctx, const bw_h5_dataset *d, const bw_region *region,
                               hid_t *file_space, hid_t *memory_space, bool *flipped)
{
    hsize_t start[BW_MAX_RANK], stride[BW_MAX_RANK], count[BW_MAX_RANK];

    *flipped = false;
    for (uint32_t i = 0; i < d->rank; i++) {
        int64_t step = region->step[i];
        count[i] = region->count[i];
        stride[i] = step < 0 ? 0 - (uint64_t)step : (uint64_t)step;
        start[i] = step < 0 ? region->start[i] - (count[i] - 1) * stride[i] : region->start[i];
        stride[i] = count[i] == 1 ? 1 : stride[i];
        *flipped |= step < 0;
    }
    for (uint32_t i = d->rank; i < region->rank; i++) {
        if (region->count[i] != d->meta.shape[i] || region->step[i] != 1) {
            return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                           "a slice within the elements of an array type (axis %u)", (unsigned)i);
        }
    }
    *file_space = H5Scopy(d->space);
    *memory_space = d->rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple((int)d->rank, count, NULL);
    if (*file_space < 0 || *memory_space < 0 ||
        (d->rank > 0 && H5Sselect_hyperslab(*file_space, H5S_SELECT_SET, start, stride, count,
                                            NULL) < 0)) {
        return bw__h5_fail(ctx, "the part cannot be selected");
    }
    return BW_OK;
}

/* Turns the axes that go backwards. */
static bw_status flip(bw_ctx *ctx, bw_arena *arena, const bw_region *region, bw_array **array)
{
    bw_node *slice = bw_node_list(ctx, arena);

    for (uint32_t i = 0; slice != NULL && i < region->rank; i++) {
        bw_node *part = region->step[i] < 0 ? bw_node_list(ctx, arena) : bw_node_null(ctx, arena);

        if (part == NULL) {
            return BW_ERR_NOMEM;
        }
        for (int k = 0; region->step[i] < 0 && k < 3; k++) {
            bw_node *value = k < 2 ? bw_node_null(ctx, arena) : bw_node_int(ctx, arena, -1);
            if (value == NULL) {
                return BW_ERR_NOMEM;
            }
            BW_TRY(bw_list_push(ctx, arena, part, value));
        }
        BW_TRY(bw_list_push(ctx, arena, slice, part));
    }
    return slice == NULL ? BW_ERR_NOMEM : bw__slice_array(ctx, arena, *array, slice, array);
}

void bw__h5_reclaim(const bw_h5_type *type, bw_array *array)
{
    hsize_t count = array->nbytes / array->dtype.itemsize;
    hid_t space;

    if (type->fixed || array->nbytes == 0) {
        return;
    }
    for (uint32_t i = 0; i < type->rank; i++) {
        count /= type->dims[i];
    }
    space = H5Screate_simple(1, &count, NULL);
    if (space >= 0) {
        (void)H5Treclaim(type->memory, space, H5P_DEFAULT, array->data);
        (void)H5Sclose(space);
    }
}

/* Of a chunk as it is stored, before filters; 0 where there are none. */
static size_t chunk_bytes(const bw_h5_dataset *d)
{
    hid_t type = H5Dget_type(d->id);
    uint64_t bytes = type >= 0 ? H5Tget_size(type) : 0;

    for (uint32_t i = 0; i < d->rank && bytes <= UINT32_MAX; i++) {
        bytes *= d->meta.chunks[i];
    }
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    return d->layout == H5D_CHUNKED && bytes <= UINT32_MAX ? (size_t)bytes : 0;
}

static bw_status read_through(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *d,
                              const bw_region *region, bw_array **out)
{
    hid_t file_space = H5I_INVALID_HID, memory_space = H5I_INVALID_HID;
    bw_array *array = NULL;
    bool flipped = false;
    bw_status st;

    BW_TRY(check_filters(ctx, d));
    BW_TRY(bw_array_new(ctx, arena, d->type.dtype, region->rank, region->count, &array));
    memset(array->data, 0, array->nbytes);
    array->dtype.big_endian = false;
    if (array->nbytes == 0) {
        *out = array;
        return BW_OK;
    }
    BW_GO(select_region(ctx, d, region, &file_space, &memory_space, &flipped));
    bw__h5_filters_expect(chunk_bytes(d));
    if (H5Dread(d->id, d->type.memory, memory_space, file_space, H5P_DEFAULT, array->data) < 0) {
        st = bw__h5_fail(ctx, "the elements cannot be read");
    }
    bw__h5_filters_expect(0);
    if (st == BW_OK && flipped) {
        st = flip(ctx, arena, region, &array);
    }
    *out = array;

done:
    if (file_space >= 0) {
        (void)H5Sclose(file_space);
    }
    if (memory_space >= 0) {
        (void)H5Sclose(memory_space);
    }
    return st;
}

bw_status bw__h5_dataset_read(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *d,
                              const bw_region *region, bw_array **out)
{
    uint64_t elements;
    size_t nbytes;

    if (d->type.direct && bw__h5_chunks_ours(d)) {
        return bw__h5_chunks_read(ctx, arena, d, region, out);
    }
    BW_TRY(bw_array_size(ctx, d->type.dtype, region->rank, region->count, &elements, &nbytes));
    return read_through(ctx, arena, d, region, out);
}

/* As nodes ---------------------------------------------------------------------------------- */

static bw_status shape_node(bw_ctx *ctx, bw_arena *arena, const bw_array *array, bw_node **out)
{
    bw_node *list = bw_node_list(ctx, arena);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < array->rank; i++) {
        bw_node *length = bw_node_int(ctx, arena, (int64_t)array->shape[i]);
        if (length == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, length));
    }
    *out = list;
    return BW_OK;
}

/* {ndarray, shape, data}. */
static bw_status object_array(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *d,
                              const bw_array *array, bw_node **out)
{
    bw_node *map = bw_node_map(ctx, arena), *shape = NULL, *data;
    uint64_t count = array->nbytes / array->dtype.itemsize;
    bool text = d->type.plan->kind == BW_H5_VTEXT;

    BW_TRY(shape_node(ctx, arena, array, &shape));
    BW_TRY(bw__h5_values(ctx, arena, d->id, d->type.plan, 1, &count, array->data, &data));
    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; text && i < data->children.len; i++) {
        text = data->children.items[i]->type == BW_NODE_STRING; /* not {bytes} */
    }
    BW_TRY(bw__h5_put(ctx, arena, map, "ndarray",
                      bw_node_text(ctx, arena, text ? BW_VIEW("str") : BW_VIEW("object"))));
    BW_TRY(bw__h5_put(ctx, arena, map, "shape", shape));
    *out = map;
    return bw__h5_put(ctx, arena, map, "data", data);
}

/* {bytes, shape, dtype}. */
static bw_status bytes_form(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *d, bw_array *array,
                            bw_node **out)
{
    bw_node *map = bw_node_map(ctx, arena), *shape = NULL;
    char text[32], dtype[32];
    bw_array *bytes;

    if (!d->type.fixed) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "elements of variable length have no bytes to give");
    }
    BW_TRY(shape_node(ctx, arena, array, &shape));
    bytes = bw_arena_alloc(ctx, arena, sizeof *bytes);
    if (map == NULL || bytes == NULL) {
        return BW_ERR_NOMEM;
    }
    *bytes = (bw_array){.dtype = {.kind = 'u', .itemsize = 1}, .rank = 1,
                        .shape = {array->nbytes}, .data = array->data, .nbytes = array->nbytes};
    snprintf(dtype, sizeof dtype, "%s", bw__h5_type_name(&d->type, text));
    dtype[0] = dtype[0] == '>' ? '<' : dtype[0];
    BW_TRY(bw__h5_put(ctx, arena, map, "bytes", bw_node_array(ctx, arena, bytes)));
    BW_TRY(bw__h5_put(ctx, arena, map, "shape", shape));
    *out = map;
    return bw__h5_put(ctx, arena, map, "dtype", bw_node_text(ctx, arena, bw_view_text(dtype)));
}

/* Whether an element of fixed length is text that is no UTF-8: its bytes are given then. */
static bool has_odd_text(const bw_array *array)
{
    size_t size = array->dtype.itemsize;

    for (size_t at = 0; array->dtype.kind == 'S' && at < array->nbytes; at += size) {
        size_t len = size;
        while (len > 0 && array->data[at + len - 1] == 0) {
            len--;
        }
        if (!bw_utf8_valid((bw_view){array->data + at, len})) {
            return true;
        }
    }
    return false;
}

static bw_status as_node(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *d, bw_array *array,
                         bw_h5_form form, bw_node **out)
{
    if (form == BW_H5_BYTES) {
        return bytes_form(ctx, arena, d, array, out);
    }
    if (form == BW_H5_TREE && (!d->type.plain || d->rank == 0 || array->dtype.kind == 'S')) {
        return bw__h5_values(ctx, arena, d->id, d->type.plan, array->rank, array->shape,
                             array->data, out);
    }
    if (!d->type.plain || has_odd_text(array)) {
        return object_array(ctx, arena, d, array, out);
    }
    *out = bw_node_array(ctx, arena, array);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__h5_dataset_slice(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *d,
                               const bw_node *slice, bw_h5_form form, bw_node **out)
{
    uint32_t dropped, rank;
    bw_array *array, shaped;
    bw_region region;
    bw_status st;

    if (d->space_class == H5S_NULL) {
        *out = bw_node_null(ctx, arena);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    BW_TRY(bw__slice_resolve(ctx, &d->meta, slice, &region, &dropped));
    BW_TRY(bw__h5_dataset_read(ctx, arena, d, &region, &array));
    rank = array->rank;
    shaped = *array;
    bw__slice_drop(array, dropped);
    array->origin = &d->meta;
    st = as_node(ctx, arena, d, array, form, out);
    shaped.rank = rank;
    bw__h5_reclaim(&d->type, &shaped);
    return st;
}
