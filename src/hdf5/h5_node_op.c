/* SPDX-License-Identifier: MIT */
/* node, children, array and bytes: any group or dataset of any HDF5 file, BORES's or not. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "h5.h"

static bw_status put_lengths(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key,
                             uint32_t rank, const uint64_t *lengths, bool limits)
{
    bw_node *list = bw_node_list(ctx, arena);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < rank; i++) {
        bw_node *length = limits && lengths[i] == H5S_UNLIMITED
                              ? bw_node_null(ctx, arena)
                              : bw_node_int(ctx, arena, (int64_t)lengths[i]);
        if (length == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, length));
    }
    return bw__h5_put(ctx, arena, map, key, list);
}

static bw_status put_text(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key,
                          const char *text)
{
    return bw__h5_put(ctx, arena, map, key, bw_node_text(ctx, arena, bw_view_text(text)));
}

static bw_status put_filters(bw_ctx *ctx, bw_arena *arena, bw_node *map, const bw_h5_dataset *d)
{
    bw_node *list = bw_node_list(ctx, arena);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < d->filter_count; i++) {
        const bw_h5_filter *filter = &d->filters[i];
        bw_node *item = bw_node_map(ctx, arena), *values = bw_node_list(ctx, arena);

        if (item == NULL || values == NULL) {
            return BW_ERR_NOMEM;
        }
        for (size_t k = 0; k < filter->cd_count; k++) {
            bw_node *value = bw_node_int(ctx, arena, filter->cd[k]);
            if (value == NULL) {
                return BW_ERR_NOMEM;
            }
            BW_TRY(bw_list_push(ctx, arena, values, value));
        }
        BW_TRY(bw__h5_put(ctx, arena, item, "id", bw_node_int(ctx, arena, filter->id)));
        BW_TRY(put_text(ctx, arena, item, "name", bw__h5_filter_name(filter)));
        BW_TRY(bw__h5_put(ctx, arena, item, "values", values));
        BW_TRY(bw_list_push(ctx, arena, list, item));
    }
    return bw__h5_put(ctx, arena, map, "filters", list);
}

static bw_status put_fill(bw_ctx *ctx, bw_arena *arena, bw_node *map, const bw_h5_dataset *d)
{
    bw_node *fill = NULL;

    if (d->meta.has_fill && d->type.fixed && d->space_class != H5S_NULL) {
        BW_TRY(bw__h5_value(ctx, arena, d->id, d->type.plan, d->meta.fill, &fill));
    } else {
        fill = bw_node_null(ctx, arena);
    }
    return bw__h5_put(ctx, arena, map, "fill_value", fill);
}

static bw_status describe_dataset(bw_ctx *ctx, bw_arena *arena, bw_node *map,
                                  const bw_h5_dataset *d)
{
    static const char *const layouts[] = {"compact", "contiguous", "chunked", "virtual"};
    static const char *const spaces[] = {"scalar", "simple", "null"};
    hid_t file_type = H5Dget_type(d->id);
    bw_node *type = NULL;
    bw_status st;
    char text[32];

    if (file_type < 0) {
        return bw__h5_fail(ctx, "its type cannot be read");
    }
    st = bw__h5_type_describe(ctx, arena, file_type, &type);
    (void)H5Tclose(file_type);
    BW_TRY(st);
    BW_TRY(put_text(ctx, arena, map, "space",
                    (unsigned)d->space_class < 3 ? spaces[d->space_class] : "null"));
    BW_TRY(put_lengths(ctx, arena, map, "shape", d->meta.rank, d->meta.shape, false));
    BW_TRY(put_lengths(ctx, arena, map, "maxshape", d->meta.rank, d->limits, true));
    BW_TRY(put_text(ctx, arena, map, "dtype", bw__h5_type_name(&d->type, text)));
    BW_TRY(bw__h5_put(ctx, arena, map, "type", type));
    BW_TRY(put_text(ctx, arena, map, "layout",
                    (unsigned)d->layout < 4 ? layouts[d->layout] : "unknown"));
    if (d->layout == H5D_CHUNKED) {
        BW_TRY(put_lengths(ctx, arena, map, "chunks", d->meta.rank, d->meta.chunks, false));
    } else {
        BW_TRY(bw__h5_put(ctx, arena, map, "chunks", bw_node_null(ctx, arena)));
    }
    BW_TRY(put_filters(ctx, arena, map, d));
    return put_fill(ctx, arena, map, d);
}

/* A type that cannot be read is described all the same, so that a file can be listed. */
static bw_status describe_unreadable(bw_ctx *ctx, bw_arena *arena, bw_node *map)
{
    BW_TRY(put_text(ctx, arena, map, "unsupported", ctx->error.message));
    BW_TRY(put_text(ctx, arena, map, "dtype", "unsupported"));
    return put_lengths(ctx, arena, map, "shape", 0, NULL, false);
}

static bw_status describe(bw_ctx *ctx, bw_h5_call *call, hid_t *id, bw_node *map)
{
    bw_h5_dataset dataset = {0};
    bw_status st;

    if (H5Iget_type(*id) != H5I_DATASET) {
        return put_text(ctx, call->arena, map, "kind", "group");
    }
    BW_TRY(put_text(ctx, call->arena, map, "kind", "array"));
    st = bw__h5_dataset_begin(ctx, call->arena, call->file, *id, &dataset);
    *id = H5I_INVALID_HID; /* the dataset's now */
    st = st == BW_OK ? describe_dataset(ctx, call->arena, map, &dataset)
         : st == BW_ERR_UNSUPPORTED ? describe_unreadable(ctx, call->arena, map)
                                    : st;
    bw__h5_dataset_end(&dataset);
    return st;
}

bw_status bw__h5_op_node(bw_ctx *ctx, bw_h5_call *call)
{
    bw_node *map = bw_node_map(ctx, call->arena), *attributes = NULL;
    hid_t id = H5I_INVALID_HID;
    bw_view path;
    bw_status st;

    BW_TRY(bw__h5_param(ctx, call, "path", &path));
    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__h5_open_object(ctx, call->file->id, path, &id));
    BW_GO(bw__h5_attributes(ctx, call->arena, id, false, &attributes));
    BW_GO(bw__h5_put(ctx, call->arena, map, "attributes", attributes));
    BW_GO(describe(ctx, call, &id, map));
    call->result = map;

done:
    if (id >= 0) {
        (void)H5Oclose(id);
    }
    return st == BW_OK || path.len == 0
               ? st : bw_fail_at(ctx, (const char *)path.ptr, path.len);
}

/* children ---------------------------------------------------------------------------------- */

/* `address` gets which object it is: hard links may lead to one that has been seen. */
static const char *kind_of(hid_t group, const char *name, char address[40])
{
    H5O_info2_t info;
    uint64_t token = 0;

    if (H5Oget_info_by_name3(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) {
        H5Eclear2(H5E_DEFAULT);
        return NULL;
    }
    memcpy(&token, &info.token, sizeof token);
    (void)snprintf(address, 40, "%lx:%" PRIx64, info.fileno, token);
    return info.type == H5O_TYPE_GROUP     ? "group"
           : info.type == H5O_TYPE_DATASET ? "array"
                                           : "type";
}

static bw_status put_name(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key,
                          const char *raw)
{
    bw_view shown;

    BW_TRY(bw__h5_name(ctx, arena, raw, &shown));
    return bw__h5_put(ctx, arena, map, key, bw_node_text(ctx, arena, shown));
}

/* target and file of a link that is more than a name. */
static bw_status put_target(bw_ctx *ctx, bw_arena *arena, bw_node *item, hid_t group,
                            const bw_h5_link *link)
{
    const char *name = link->raw, *file, *object;
    H5L_info2_t info;
    unsigned flags;
    char *value;

    if (H5Lget_info2(group, name, &info, H5P_DEFAULT) < 0 || info.u.val_size > 65536) {
        return bw__h5_fail(ctx, "a link cannot be read");
    }
    value = bw_arena_alloc_zeroed(ctx, arena, info.u.val_size + 1);
    if (value == NULL) {
        return BW_ERR_NOMEM;
    }
    if (H5Lget_val(group, name, value, info.u.val_size, H5P_DEFAULT) < 0) {
        return bw__h5_fail(ctx, "a link cannot be read");
    }
    if (link->type == H5L_TYPE_EXTERNAL) {
        if (H5Lunpack_elink_val(value, info.u.val_size, &flags, &file, &object) < 0) {
            return bw__h5_fail(ctx, "a link cannot be read");
        }
        BW_TRY(put_name(ctx, arena, item, "file", file));
        value = (char *)(uintptr_t)object;
    }
    return put_name(ctx, arena, item, "target", value);
}

static bw_status add_child(bw_ctx *ctx, bw_h5_call *call, hid_t group, const bw_h5_link *link)
{
    bw_node *item = bw_node_map(ctx, call->arena);
    const char *name = link->raw, *kind = NULL, *lost = "lost";
    char address[40] = "";

    if (item == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__h5_put(ctx, call->arena, item, "name", bw_node_text(ctx, call->arena, link->name)));
    if (link->type == H5L_TYPE_EXTERNAL) {
        kind = "external"; /* not followed only to be listed */
    } else {
        lost = link->type == H5L_TYPE_SOFT ? "soft" : "lost";
        kind = kind_of(group, name, address);
    }
    BW_TRY(put_text(ctx, call->arena, item, "kind", kind != NULL ? kind : lost));
    if (kind != NULL && address[0] != '\0') {
        BW_TRY(put_text(ctx, call->arena, item, "address", address));
    }
    BW_TRY(put_text(ctx, call->arena, item, "link",
                    link->type == H5L_TYPE_HARD       ? "hard"
                    : link->type == H5L_TYPE_SOFT     ? "soft"
                    : link->type == H5L_TYPE_EXTERNAL ? "external"
                                                      : "user"));
    if (link->type == H5L_TYPE_SOFT || link->type == H5L_TYPE_EXTERNAL) {
        BW_TRY(put_target(ctx, call->arena, item, group, link));
    }
    return bw_list_push(ctx, call->arena, call->result, item);
}

bw_status bw__h5_op_children(bw_ctx *ctx, bw_h5_call *call)
{
    bw_h5_link *links = NULL;
    uint32_t count = 0;
    hid_t id;
    bw_view path;
    bw_status st;

    BW_TRY(bw__h5_param(ctx, call, "path", &path));
    BW_TRY(bw__h5_open_object(ctx, call->file->id, path, &id));
    call->result = bw_node_list(ctx, call->arena);
    if (call->result == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    st = BW_OK;
    if (H5Iget_type(id) == H5I_GROUP) {
        BW_GO(bw__h5_links(ctx, call->arena, id, &links, &count));
    }
    for (uint32_t i = 0; i < count; i++) {
        BW_GO(add_child(ctx, call, id, &links[i]));
    }

done:
    (void)H5Oclose(id);
    return st == BW_OK || path.len == 0
               ? st : bw_fail_at(ctx, (const char *)path.ptr, path.len);
}

/* array, bytes ------------------------------------------------------------------------------ */

static bw_status read_part(bw_ctx *ctx, bw_h5_call *call, bw_h5_form form)
{
    bw_h5_dataset *dataset = bw_arena_alloc_zeroed(ctx, call->arena, sizeof *dataset);
    hid_t id;
    bw_view path;
    bw_status st;

    BW_TRY(bw__h5_param(ctx, call, "path", &path));
    if (dataset == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__h5_open_object(ctx, call->file->id, path, &id));
    if (H5Iget_type(id) != H5I_DATASET) {
        (void)H5Oclose(id);
        st = bw_fail(ctx, BW_ERR_NOT_FOUND, "this is a group, not an array");
    } else {
        st = bw__h5_dataset_begin(ctx, call->arena, call->file, id, dataset);
        if (st == BW_OK) {
            st = bw__h5_dataset_slice(ctx, call->arena, dataset,
                                      bw_map_get_text(call->params, "slice"), form, &call->result);
        }
        bw__h5_dataset_end(dataset);
    }
    return st == BW_OK ? BW_OK : bw_fail_at(ctx, (const char *)path.ptr, path.len);
}

bw_status bw__h5_op_array(bw_ctx *ctx, bw_h5_call *call)
{
    return read_part(ctx, call, BW_H5_ARRAY);
}

bw_status bw__h5_op_bytes(bw_ctx *ctx, bw_h5_call *call)
{
    return read_part(ctx, call, BW_H5_BYTES);
}
