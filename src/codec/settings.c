/* SPDX-License-Identifier: MIT */
/** Codecs' settings out of JSON objects and into them. */
#include <inttypes.h>
#include <string.h>

#include "codec/codec_internal.h"

bw_status bw__setting_refuse(bw_ctx *ctx, const bw_codec *codec, const char *name,
                             const bw_node *value, const char *wanted)
{
    const char *got = value == NULL ? "missing" : "of another type";

    if (value != NULL && value->type == BW_NODE_STRING) {
        return bw_fail(ctx, BW_ERR_METADATA, "codec \"%s\": %s is \"%.*s\", it must be %s",
                       bw_codec_name(codec), name, (int)(value->text.len < 64 ? value->text.len : 64),
                       (const char *)value->text.ptr, wanted);
    }
    if (value != NULL && value->type == BW_NODE_INT) {
        return bw_fail(ctx, BW_ERR_METADATA, "codec \"%s\": %s is %" PRId64 ", it must be %s",
                       bw_codec_name(codec), name, value->integer, wanted);
    }
    return bw_fail(ctx, BW_ERR_METADATA, "codec \"%s\": %s is %s, it must be %s",
                   bw_codec_name(codec), name, got, wanted);
}

bw_status bw__setting_int(bw_ctx *ctx, const bw_codec *codec, bw__setting rule, int64_t *out)
{
    const bw_node *node = bw_map_get_text(codec->settings, rule.name);

    *out = rule.fallback;
    if (node == NULL || node->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (node->type != BW_NODE_INT) {
        return bw__setting_refuse(ctx, codec, rule.name, node, "an integer");
    }
    if (node->integer < rule.low || node->integer > rule.high) {
        return bw_fail(ctx, BW_ERR_METADATA,
                       "codec \"%s\": %s is %" PRId64 ", it can be %" PRId64 " to %" PRId64,
                       bw_codec_name(codec), rule.name, node->integer, rule.low, rule.high);
    }
    *out = node->integer;
    return BW_OK;
}

bw_status bw__setting_bool(bw_ctx *ctx, const bw_codec *codec, const char *name, bool fallback,
                           bool *out)
{
    const bw_node *node = bw_map_get_text(codec->settings, name);

    *out = fallback;
    if (node == NULL) {
        return BW_OK;
    }
    if (node->type != BW_NODE_BOOL) {
        return bw__setting_refuse(ctx, codec, name, node, "true or false");
    }
    *out = node->boolean;
    return BW_OK;
}

/* NumPy's type strings, also without a byte order, which is the machine's then: writers of version 3
 * leave what they were given. */
static bw_status parse_dtype(bw_ctx *ctx, bw_view text, bw_dtype *out)
{
    size_t skip = text.len > 0 && text.ptr[0] == '=' ? 1 : 0, len = text.len - skip;
    char native[24] = "<";

    if (len > 1 && len < sizeof native && text.ptr[skip + 1] >= '0' && text.ptr[skip + 1] <= '9') {
        memcpy(native + 1, text.ptr + skip, len);
        return bw_dtype_parse(ctx, (bw_view){(const uint8_t *)native, len + 1}, out);
    }
    return bw_dtype_parse(ctx, text, out);
}

bw_status bw__setting_dtype(bw_ctx *ctx, const bw_codec *codec, const char *name, bw_dtype *out)
{
    const bw_node *node = bw_map_get_text(codec->settings, name);

    if (node == NULL || node->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (node->type != BW_NODE_STRING) {
        return bw__setting_refuse(ctx, codec, name, node, "a type string");
    }
    if (parse_dtype(ctx, node->text, out) != BW_OK) {
        return bw_fail(ctx, ctx->error.status, "codec \"%s\": %s: %s", bw_codec_name(codec), name,
                       ctx->error.message);
    }
    return BW_OK;
}

bw_status bw__setting_number(bw_ctx *ctx, const bw_codec *codec, const char *name, double *out)
{
    const bw_node *node = bw_map_get_text(codec->settings, name);

    if (node != NULL && node->type == BW_NODE_INT) {
        *out = (double)node->integer;
    } else if (node != NULL && node->type == BW_NODE_FLOAT) {
        *out = node->number;
    } else {
        return bw__setting_refuse(ctx, codec, name, node, "a number");
    }
    return BW_OK;
}

bw_status bw__setting_level(bw_ctx *ctx, bw_codec *codec, bw__setting rule)
{
    int64_t level;

    BW_TRY(bw__setting_int(ctx, codec, rule, &level));
    codec->level = (int)level;
    return BW_OK;
}

static bw_status set(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, map, bw_view_text(name), value);
}

bw_status bw__set_int(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name, int64_t value)
{
    return set(ctx, arena, map, name, bw_node_int(ctx, arena, value));
}

bw_status bw__set_text(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name,
                       const char *value)
{
    return set(ctx, arena, map, name, bw_node_text(ctx, arena, bw_view_text(value)));
}

bw_status bw__set_bool(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name, bool value)
{
    return set(ctx, arena, map, name, bw_node_bool(ctx, arena, value));
}

bw_status bw__set_level(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node *map)
{
    return bw__set_int(ctx, arena, map, "level", codec->level);
}

/* The object that the codec was read from, less what names it. */
static bw_status copy_settings(bw_ctx *ctx, bw_arena *arena, const bw_node *settings, bw_node *map)
{
    for (uint32_t i = 0; settings != NULL && i < settings->children.len; i++) {
        bw_node *copy;

        if (!bw_view_equal(settings->children.keys[i], BW_VIEW("id"))) {
            BW_TRY(bw_node_copy(ctx, arena, settings->children.items[i], &copy));
            BW_TRY(bw_map_set(ctx, arena, map, settings->children.keys[i], copy));
        }
    }
    return BW_OK;
}

static bw_status write_settings(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node *map)
{
    return codec->type->write != NULL ? codec->type->write(ctx, arena, codec, map)
                                      : copy_settings(ctx, arena, codec->settings, map);
}

bw_status bw_codec_to_v2(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node **out)
{
    bool none = codec->type == NULL;
    bw_node *node = none ? bw_node_null(ctx, arena) : bw_node_map(ctx, arena);

    if (node == NULL) {
        return BW_ERR_NOMEM;
    }
    if (!none) {
        BW_TRY(bw__set_text(ctx, arena, node, "id", codec->type->name));
        BW_TRY(write_settings(ctx, arena, codec, node));
    }
    *out = node;
    return BW_OK;
}

/* Version 3 says Blosc's shuffle in words, and the size of elements. */
static bw_status blosc_words(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, uint32_t itemsize,
                             bw_node *map)
{
    static const char *const words[] = {"noshuffle", "shuffle", "bitshuffle"};
    int shuffle = codec->shuffle >= 0 ? codec->shuffle : itemsize == 1 ? 2 : 1;

    BW_TRY(bw__set_text(ctx, arena, map, "shuffle", words[shuffle]));
    return bw__set_int(ctx, arena, map, "typesize", itemsize);
}

bw_status bw_codec_to_v3(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, uint32_t itemsize,
                         bw_node **out)
{
    bw_node *node = bw_node_map(ctx, arena), *map = bw_node_map(ctx, arena);
    char name[48] = "numcodecs.";

    if (node == NULL || map == NULL) {
        return BW_ERR_NOMEM;
    }
    if (codec->type->name_v3 != NULL) {
        name[0] = '\0';
        strncat(name, codec->type->name_v3, sizeof name - 1);
    } else {
        strncat(name, codec->type->name, sizeof name - 12);
    }
    BW_TRY(bw__set_text(ctx, arena, node, "name", name));
    BW_TRY(write_settings(ctx, arena, codec, map));
    if (codec->type == &bw_codec_blosc) {
        BW_TRY(blosc_words(ctx, arena, codec, itemsize, map));
    } else if (codec->type == &bw_codec_zstd) { /* here it is never left out */
        BW_TRY(bw__set_bool(ctx, arena, map, "checksum", codec->checksum));
    }
    BW_TRY(bw_map_set(ctx, arena, node, BW_VIEW("configuration"), map));
    *out = node;
    return BW_OK;
}
