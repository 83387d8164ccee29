/* SPDX-License-Identifier: MIT */
/**
 * Elements of variable length: vlen-utf8, vlen-bytes, vlen-array, json2 and categorize.
 *
 * The first three are a u32 that says how many elements follow, then each behind its length in bytes
 * (u32). json2 is a JSON list of the elements, behind them the type string and the shape. All are
 * checked against the number of elements that is due before anything is made for them.
 * Source: numcodecs, modules vlen, json and categorize.
 */
#include "object_codecs.h"

#include <string.h>

#include "bores/json.h"
#include "array/node_text.h"
#include "array/record_type.h"

static uint32_t read_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static bw_status check_count(bw_ctx *ctx, const bw_object_codec *codec, uint64_t got, uint64_t due)
{
    return got == due ? BW_OK
                      : bw_fail(ctx, BW_ERR_CORRUPT, "%s: %llu elements are stored, %llu are due",
                                codec->name, (unsigned long long)got, (unsigned long long)due);
}

static bw_status give(bw_node *node, bw_node **out)
{
    *out = node;
    return node == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* What one element of the vlen codecs is made into. */
typedef bw_status (*make_item)(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena,
                               bw_view item, bw_node **out);

static bw_status vlen_decode(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena, bw_view in,
                             uint64_t count, make_item make, bw_node **out)
{
    if (in.len < 4) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: %zu bytes are stored, the count takes 4",
                       codec->name, in.len);
    }
    BW_TRY(check_count(ctx, codec, read_u32(in.ptr), count));
    in = (bw_view){in.ptr + 4, in.len - 4};
    for (uint64_t i = 0; i < count; i++) {
        uint32_t len;

        if (in.len < 4 || (len = read_u32(in.ptr)) > in.len - 4) {
            return bw_fail(ctx, BW_ERR_CORRUPT, "%s: element %llu of %llu ends beyond the chunk",
                           codec->name, (unsigned long long)i, (unsigned long long)count);
        }
        BW_TRY(make(ctx, codec, arena, (bw_view){in.ptr + 4, len}, &out[i]));
        in = (bw_view){in.ptr + 4 + len, in.len - 4 - len};
    }
    return in.len == 0 ? BW_OK
                       : bw_fail(ctx, BW_ERR_CORRUPT, "%s: %zu bytes behind the last element",
                                 codec->name, in.len);
}

static bw_status make_text(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena, bw_view item,
                           bw_node **out)
{
    if (!bw_utf8_valid(item)) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: an element of %zu bytes is no UTF-8", codec->name,
                       item.len);
    }
    return give(bw_node_text(ctx, arena, item), out);
}

static bw_status make_bytes(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena,
                            bw_view item, bw_node **out)
{
    bw_array *array;
    uint64_t shape = item.len;

    (void)codec;
    BW_TRY(bw_array_new(ctx, arena, (bw_dtype){.kind = 'u', .itemsize = 1}, 1, &shape, &array));
    if (item.len > 0) {
        memcpy(array->data, item.ptr, item.len);
    }
    return give(bw_node_array(ctx, arena, array), out);
}

static bw_status make_list(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena, bw_view item,
                           bw_node **out)
{
    bw_dtype dtype = codec->dtype;
    uint32_t size = dtype.itemsize, unit = bw_dtype_swap_size(dtype);
    uint8_t *copy = bw_arena_alloc(ctx, arena, item.len + 1);

    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    if (item.len % size != 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: %zu bytes of elements of %u", codec->name, item.len,
                       size);
    }
    if (item.len > 0) {
        memcpy(copy, item.ptr, item.len);
    }
    if (dtype.big_endian) {
        bw_swap_bytes(copy, item.len / unit, unit);
    }
    BW_TRY(give(bw_node_list(ctx, arena), out));
    for (size_t at = 0; at < item.len; at += size) {
        bw_node *value;

        BW_TRY(bw__element_value(ctx, arena, dtype, copy + at, &value));
        BW_TRY(bw_list_push(ctx, arena, *out, value));
    }
    return BW_OK;
}

static bw_status utf8_decode(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena, bw_view in,
                             uint64_t count, bw_node **out)
{
    return vlen_decode(ctx, codec, arena, in, count, make_text, out);
}

static bw_status bytes_decode(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena,
                              bw_view in, uint64_t count, bw_node **out)
{
    return vlen_decode(ctx, codec, arena, in, count, make_bytes, out);
}

static bw_status array_decode(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena,
                              bw_view in, uint64_t count, bw_node **out)
{
    return vlen_decode(ctx, codec, arena, in, count, make_list, out);
}

/* json2 ------------------------------------------------------------------------------------- */

/* Lists within lists down to the shape's last axis, their items in C order. */
static bw_status flatten(bw_ctx *ctx, const bw_object_codec *codec, bw_node *node,
                         const bw_node *shape, uint32_t d, uint64_t *filled, uint64_t count,
                         bw_node **out)
{
    if (d == shape->children.len) {
        if (*filled == count) {
            return check_count(ctx, codec, count + 1, count);
        }
        out[(*filled)++] = node;
        return BW_OK;
    }
    if (node->type != BW_NODE_LIST || shape->children.items[d]->type != BW_NODE_INT ||
        (int64_t)node->children.len != shape->children.items[d]->integer) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: axis %u has not as many items as its shape says",
                       codec->name, d);
    }
    for (uint32_t i = 0; i < node->children.len; i++) {
        BW_TRY(flatten(ctx, codec, node->children.items[i], shape, d + 1, filled, count, out));
    }
    return BW_OK;
}

static bw_status json_decode(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena, bw_view in,
                             uint64_t count, bw_node **out)
{
    bw_node *items, *shape;
    uint64_t filled = 0;
    uint32_t len;

    if (bw_json_parse(ctx, arena, in, &items) != BW_OK) {
        bw_status st = ctx->error.status == BW_ERR_METADATA ? BW_ERR_CORRUPT : ctx->error.status;

        return bw_fail(ctx, st, "%s: %s", codec->name, ctx->error.message);
    }
    len = items->type == BW_NODE_LIST ? items->children.len : 0;
    shape = len < 2 ? NULL : items->children.items[len - 1];
    if (shape == NULL || shape->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: no list that ends with a type and a shape",
                       codec->name);
    }
    items->children.len = len - 2;
    if (shape->children.len == 0) { /* one value, in a list all the same */
        BW_TRY(check_count(ctx, codec, len - 2, 1));
        items = items->children.items[0];
    }
    BW_TRY(flatten(ctx, codec, items, shape, 0, &filled, count, out));
    return check_count(ctx, codec, filled, count);
}

/* categorize -------------------------------------------------------------------------------- */

static bw_status categorize_decode(bw_ctx *ctx, const bw_object_codec *codec, bw_arena *arena,
                                   bw_view in, uint64_t count, bw_node **out)
{
    const bw_node *labels = bw_map_get_text(codec->codec.settings, "labels");
    bw_dtype dtype = codec->codec.encoded;
    bw_node *empty = bw_node_text(ctx, arena, BW_VIEW("")), **known;

    known = bw_arena_alloc(ctx, arena, (labels->children.len + 1) * sizeof *known);
    if (empty == NULL || known == NULL) {
        return BW_ERR_NOMEM;
    }
    known[0] = empty;
    for (uint32_t i = 0; i < labels->children.len; i++) {
        BW_TRY(bw_node_copy(ctx, arena, labels->children.items[i], &known[i + 1]));
    }
    BW_TRY(check_count(ctx, codec, in.len / dtype.itemsize, count));
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *at = in.ptr + i * dtype.itemsize;
        uint64_t number = 0;

        for (uint32_t k = 0; k < dtype.itemsize; k++) {
            number = number << 8 | at[dtype.big_endian ? k : dtype.itemsize - 1 - k];
        }
        out[i] = known[number <= labels->children.len ? number : 0];
    }
    return BW_OK;
}

/* Which ------------------------------------------------------------------------------------- */

static const bw_object_codec rows[] = {
    {.name = "vlen-utf8", .decode = utf8_decode},
    {.name = "vlen-bytes", .decode = bytes_decode},
    {.name = "vlen-array", .decode = array_decode},
    {.name = "json2", .decode = json_decode},
    {.name = "categorize", .decode = categorize_decode},
};

static bw_object_codec *find(bw_ctx *ctx, bw_arena *arena, bw_view name, bool *known)
{
    bw_object_codec *codec = bw_arena_alloc_zeroed(ctx, arena, sizeof *codec);

    *known = false;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && codec != NULL; i++) {
        if (bw_view_equal(name, bw_view_text(rows[i].name))) {
            *codec = rows[i];
            *known = true;
        }
    }
    return codec;
}

bw_status bw__object_codec_v3(bw_ctx *ctx, bw_arena *arena, bw_view name,
                              const bw_object_codec **out)
{
    bool known = bw_view_equal(name, BW_VIEW("vlen-utf8")) ||
                 bw_view_equal(name, BW_VIEW("vlen-bytes"));

    *out = NULL;
    if (!known) {
        return BW_OK;
    }
    *out = find(ctx, arena, name, &known);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* Text in UTF-8 alone: JSON of another encoding would be read as something else. */
static bw_status check_json(bw_ctx *ctx, const bw_node *filter)
{
    bw_view encoding;

    if (bw_map_get_string(filter, "encoding", &encoding) &&
        !bw_view_equal(encoding, BW_VIEW("utf-8")) && !bw_view_equal(encoding, BW_VIEW("utf8")) &&
        !bw_view_equal(encoding, BW_VIEW("ascii"))) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "filters: json2 in the encoding \"%.*s\"",
                       (int)(encoding.len < 40 ? encoding.len : 40), (const char *)encoding.ptr);
    }
    return BW_OK;
}

static bw_status read_array_dtype(bw_ctx *ctx, const bw_node *filter, bw_dtype *out)
{
    bw_view text;

    if (!bw_map_get_string(filter, "dtype", &text)) {
        return bw__node_refuse(ctx, "filters: vlen-array: dtype",
                               bw_map_get_text(filter, "dtype"), "a type string");
    }
    return bw_dtype_parse(ctx, text, out);
}

bw_status bw__object_codec_v2(bw_ctx *ctx, bw_arena *arena, const bw_node *filter,
                              const bw_object_codec **out)
{
    bw_object_codec *codec;
    bool known;
    bw_view id;

    if (!bw_map_get_string(filter, "id", &id)) {
        return bw_fail(ctx, BW_ERR_METADATA, "filters: no \"id\" that is a string");
    }
    codec = find(ctx, arena, id, &known);
    if (codec == NULL) {
        return BW_ERR_NOMEM;
    }
    if (!known) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "filters: objects of \"%.*s\" cannot be read%s",
                       (int)(id.len < 64 ? id.len : 64), (const char *)id.ptr,
                       bw_view_equal(id, BW_VIEW("pickle")) ? ", since a pickle may run any program"
                                                            : "");
    }
    if (codec->decode == array_decode) {
        BW_TRY(read_array_dtype(ctx, filter, &codec->dtype));
    } else if (codec->decode == json_decode) {
        BW_TRY(check_json(ctx, filter));
    } else if (codec->decode == categorize_decode) {
        BW_TRY(bw_codec_from_v2(ctx, "filters:", filter, &codec->codec));
    }
    *out = codec;
    return BW_OK;
}
