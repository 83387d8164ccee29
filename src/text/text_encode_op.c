/* SPDX-License-Identifier: MIT */
/*
 * text.encode: `{format, entries: [{idx, meta, data}], arrays: 'record'|'raw'}` → `{puts: {group:
 * bytes}}`, each entry as it stands in the file's list, without what separates items.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bores/json.h"
#include "text_encode.h"
#include "text_store.h"

static bw_status put(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, &op->arena, map, bw_view_text(key), value);
}

/* `{_index, _group_name, _meta, data}`. */
static bw_status item_of(bw_ctx *ctx, bw_op *op, const bw_text_form *form, const bw_node *entry,
                         bw_view name, bw_node **out)
{
    const bw_node *meta = bw_map_get_text(entry, "meta"), *data = bw_map_get_text(entry, "data");
    bw_node *item = bw_node_map(ctx, &op->arena), *formed;
    int64_t index = 0;

    (void)bw_map_get_int(entry, "idx", &index);
    if (item == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put(ctx, op, item, "_index", bw_node_int(ctx, &op->arena, index)));
    BW_TRY(put(ctx, op, item, "_group_name", bw_node_text(ctx, &op->arena, name)));
    BW_TRY(bw__text_form_tree(ctx, &op->arena, form, meta, &formed));
    BW_TRY(put(ctx, op, item, "_meta", formed));
    BW_TRY(bw__text_form_tree(ctx, &op->arena, form, data, &formed));
    BW_TRY(put(ctx, op, item, "data", formed));
    *out = item;
    return BW_OK;
}

static bw_status put_item(bw_ctx *ctx, bw_op *op, const bw_text_format *format, bw_view name,
                          const bw_node *item, bw_node *puts)
{
    bw_bytes bytes = {0};
    uint64_t length;
    bw_array *array;
    bw_node *node;
    bw_status st;

    BW_GO(format->write(ctx, item, &bytes));
    length = bytes.len;
    BW_GO(bw_array_new(ctx, &op->arena, (bw_dtype){.kind = 'u', .itemsize = 1}, 1, &length,
                       &array));
    memcpy(array->data, bytes.ptr, bytes.len);
    node = bw_node_array(ctx, &op->arena, array);
    st = node == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, &op->arena, puts, name, node);
done:
    bw_bytes_free(ctx, &bytes);
    return st;
}

static bw_status encode_entry(bw_ctx *ctx, bw_op *op, const bw_text_format *format,
                              const bw_text_form *form, const bw_node *entry, bw_node *puts)
{
    char name[32];
    int64_t index;
    bw_node *item;
    bw_status st;

    if (!bw_map_get_int(entry, "idx", &index) || index < 0 ||
        bw_map_get_text(entry, "meta") == NULL || bw_map_get_text(entry, "data") == NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "text.encode: an entry is {idx, meta, data}");
    }
    snprintf(name, sizeof name, "entry_%010" PRId64, index);
    st = item_of(ctx, op, form, entry, bw_view_text(name), &item);
    if (st == BW_OK) {
        st = put_item(ctx, op, format, bw_view_text(name), item, puts);
    }
    return st == BW_OK ? st : bw_fail_at(ctx, name, strlen(name));
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    const bw_node *entries = bw_map_get_text(op->params, "entries");
    const bw_text_format *format;
    bw_node *puts = bw_node_map(ctx, &op->arena);
    bw_view name, arrays = {0};
    bw_text_form form;

    BW_TRY(bw__param_text(ctx, op, "format", &name));
    format = bw__text_format(name);
    if (format == NULL || entries == NULL || entries->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT,
                       format == NULL ? "text.encode: no such format"
                                      : "text.encode: parameter 'entries' must be a list");
    }
    form = format->form;
    if (bw_map_get_string(op->params, "arrays", &arrays)) {
        form.arrays = bw_view_equal(arrays, BW_VIEW("raw")) ? format->raw : BW_TEXT_RECORDS;
    }
    op->result = bw_node_map(ctx, &op->arena);
    if (op->result == NULL || puts == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < entries->children.len; i++) {
        BW_TRY(encode_entry(ctx, op, format, &form, entries->children.items[i], puts));
    }
    return put(ctx, op, op->result, "puts", puts);
}

const bw_op_type bw__text_encode_op = {"text.encode", 1, begin, NULL, NULL};
