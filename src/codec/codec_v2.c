/* SPDX-License-Identifier: MIT */
/**
 * The `compressor` object of a Zarr v2 `.zarray`, to a codec and back.
 * Source: numcodecs, get_config() of Blosc, Zstd, GZip, Zlib and LZ4; what is left out has
 * the default of its constructor.
 */
#include <inttypes.h>
#include <string.h>

#include "bores/codec.h"
#include "codec/blosc_format.h"

/* What an integer setting may be. */
typedef struct setting {
    const char *name;
    int64_t fallback, low, high;
} setting;

static bw_status read_int(bw_ctx *ctx, const bw_node *map, const char *id, setting rule,
                          int64_t *out)
{
    const bw_node *node = bw_map_get_text(map, rule.name);

    *out = rule.fallback;
    if (node == NULL) {
        return BW_OK;
    }
    if (node->type != BW_NODE_INT) {
        return bw_fail(ctx, BW_ERR_METADATA, "compressor \"%s\": %s is not an integer", id,
                       rule.name);
    }
    if (node->integer < rule.low || node->integer > rule.high) {
        return bw_fail(ctx, BW_ERR_METADATA,
                       "compressor \"%s\": %s is %" PRId64 ", it can be %" PRId64 " to %" PRId64,
                       id, rule.name, node->integer, rule.low, rule.high);
    }
    *out = node->integer;
    return BW_OK;
}

static bw_status read_blosc(bw_ctx *ctx, const bw_node *map, bw_codec *out)
{
    static const char *const known[] = {"blosclz", "lz4", "lz4hc", "zlib", "zstd"};
    const bw_node *node = bw_map_get_text(map, "cname");
    bw_view cname = node == NULL ? BW_VIEW("lz4") : node->text;
    int64_t value;

    if (node != NULL && node->type != BW_NODE_STRING) {
        return bw_fail(ctx, BW_ERR_METADATA, "compressor \"blosc\": cname is not a string");
    }
    out->cname[0] = '\0';
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (bw_view_equal(cname, bw_view_text(known[i]))) {
            memcpy(out->cname, known[i], strlen(known[i]) + 1);
        }
    }
    if (out->cname[0] == '\0') {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "compressor \"blosc\": cname is \"%.*s\"",
                       (int)(cname.len < 64 ? cname.len : 64), (const char *)cname.ptr);
    }
    BW_TRY(read_int(ctx, map, "blosc", (setting){"clevel", 5, 0, 9}, &value));
    out->level = (int)value;
    BW_TRY(read_int(ctx, map, "blosc", (setting){"shuffle", 1, -1, 2}, &value));
    out->shuffle = (int)value;
    BW_TRY(read_int(ctx, map, "blosc", (setting){"blocksize", 0, 0, BW__BLOSC_MAX_BYTES}, &value));
    out->blocksize = (uint32_t)value;
    return BW_OK;
}

static bw_status read_zstd(bw_ctx *ctx, const bw_node *map, bw_codec *out)
{
    const bw_node *checksum = bw_map_get_text(map, "checksum");
    int64_t level;

    BW_TRY(read_int(ctx, map, "zstd", (setting){"level", 0, INT32_MIN, INT32_MAX}, &level));
    out->level = (int)level;
    if (checksum != NULL && checksum->type != BW_NODE_BOOL) {
        return bw_fail(ctx, BW_ERR_METADATA, "compressor \"zstd\": checksum is not true or false");
    }
    out->checksum = checksum != NULL && checksum->boolean;
    return BW_OK;
}

static bw_status read_level(bw_ctx *ctx, const bw_node *map, const char *id, setting rule,
                            bw_codec *out)
{
    int64_t level;

    BW_TRY(read_int(ctx, map, id, rule, &level));
    out->level = (int)level;
    return BW_OK;
}

bw_status bw_codec_from_v2(bw_ctx *ctx, const bw_node *compressor, bw_codec *out)
{
    const setting deflate_level = {"level", 1, -1, 9};
    const setting lz4_acceleration = {"acceleration", 1, INT32_MIN, INT32_MAX};
    bw_codec codec = {.id = BW_CODEC_NONE};
    bw_view id;

    if (compressor->type != BW_NODE_NULL) {
        if (!bw_map_get_string(compressor, "id", &id)) {
            return bw_fail(ctx, BW_ERR_METADATA, "compressor: no \"id\" that is a string");
        }
        if (bw_view_equal(id, BW_VIEW("blosc"))) {
            codec.id = BW_CODEC_BLOSC;
            BW_TRY(read_blosc(ctx, compressor, &codec));
        } else if (bw_view_equal(id, BW_VIEW("zstd"))) {
            codec.id = BW_CODEC_ZSTD;
            BW_TRY(read_zstd(ctx, compressor, &codec));
        } else if (bw_view_equal(id, BW_VIEW("gzip"))) {
            codec.id = BW_CODEC_GZIP;
            BW_TRY(read_level(ctx, compressor, "gzip", deflate_level, &codec));
        } else if (bw_view_equal(id, BW_VIEW("zlib"))) {
            codec.id = BW_CODEC_ZLIB;
            BW_TRY(read_level(ctx, compressor, "zlib", deflate_level, &codec));
        } else if (bw_view_equal(id, BW_VIEW("lz4"))) {
            codec.id = BW_CODEC_LZ4;
            BW_TRY(read_level(ctx, compressor, "lz4", lz4_acceleration, &codec));
        } else {
            return bw_fail(ctx, BW_ERR_UNSUPPORTED, "compressor \"%.*s\" is not built in",
                           (int)(id.len < 64 ? id.len : 64), (const char *)id.ptr);
        }
    }
    *out = codec;
    return BW_OK;
}

static bw_status set_text(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name,
                          const char *text)
{
    bw_node *value = bw_node_text(ctx, arena, bw_view_text(text));

    return value == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, map, bw_view_text(name), value);
}

static bw_status set_int(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name,
                         int64_t number)
{
    bw_node *value = bw_node_int(ctx, arena, number);

    return value == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, map, bw_view_text(name), value);
}

static bw_status set_checksum(bw_ctx *ctx, bw_arena *arena, bw_node *map)
{
    bw_node *value = bw_node_bool(ctx, arena, true);

    return value == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, map, BW_VIEW("checksum"), value);
}

static bw_status set_settings(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node *map)
{
    switch (codec->id) {
    case BW_CODEC_BLOSC:
        BW_TRY(set_text(ctx, arena, map, "id", "blosc"));
        BW_TRY(set_text(ctx, arena, map, "cname", codec->cname));
        BW_TRY(set_int(ctx, arena, map, "clevel", codec->level));
        BW_TRY(set_int(ctx, arena, map, "shuffle", codec->shuffle));
        return set_int(ctx, arena, map, "blocksize", codec->blocksize);
    case BW_CODEC_ZSTD:
        BW_TRY(set_text(ctx, arena, map, "id", "zstd"));
        BW_TRY(set_int(ctx, arena, map, "level", codec->level));
        return codec->checksum ? set_checksum(ctx, arena, map) : BW_OK;
    case BW_CODEC_GZIP:
    case BW_CODEC_ZLIB:
        BW_TRY(set_text(ctx, arena, map, "id", codec->id == BW_CODEC_GZIP ? "gzip" : "zlib"));
        return set_int(ctx, arena, map, "level", codec->level);
    case BW_CODEC_LZ4:
        BW_TRY(set_text(ctx, arena, map, "id", "lz4"));
        return set_int(ctx, arena, map, "acceleration", codec->level);
    case BW_CODEC_NONE:
        break;
    }
    return bw_fail(ctx, BW_ERR_INTERNAL, "no codec has the number %d", (int)codec->id);
}

bw_status bw_codec_to_v2(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node **out)
{
    bool none = codec->id == BW_CODEC_NONE;
    bw_node *node = none ? bw_node_null(ctx, arena) : bw_node_map(ctx, arena);

    if (node == NULL) {
        return BW_ERR_NOMEM;
    }
    if (!none) {
        BW_TRY(set_settings(ctx, arena, codec, node));
    }
    *out = node;
    return BW_OK;
}
