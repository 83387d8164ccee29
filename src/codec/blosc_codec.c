/* SPDX-License-Identifier: MIT */
/** Blosc's row: its settings, as numcodecs and Zarr v3 name them. */
#include <string.h>

#include "codec/blosc_format.h"
#include "codec/codec_internal.h"

static bw_status read_cname(bw_ctx *ctx, bw_codec *out)
{
    static const char *const known[] = {"blosclz", "lz4", "lz4hc", "zlib", "zstd"};
    const bw_node *node = bw_map_get_text(out->settings, "cname");
    bw_view cname = node == NULL ? BW_VIEW("lz4") : node->text;

    if (node != NULL && node->type != BW_NODE_STRING) {
        return bw__setting_refuse(ctx, out, "cname", node, "a string");
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (bw_view_equal(cname, bw_view_text(known[i]))) {
            memcpy(out->cname, known[i], strlen(known[i]) + 1);
            return BW_OK;
        }
    }
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "codec \"blosc\": cname is \"%.*s\"",
                   (int)(cname.len < 64 ? cname.len : 64), (const char *)cname.ptr);
}

/* A number in numcodecs, a word in Zarr v3. */
static bw_status read_shuffle(bw_ctx *ctx, bw_codec *out)
{
    static const char *const words[] = {"noshuffle", "shuffle", "bitshuffle"};
    const bw_node *node = bw_map_get_text(out->settings, "shuffle");
    int64_t value;

    if (node != NULL && node->type == BW_NODE_STRING) {
        for (int i = 0; i < 3; i++) {
            if (bw_view_equal(node->text, bw_view_text(words[i]))) {
                out->shuffle = i;
                return BW_OK;
            }
        }
        return bw__setting_refuse(ctx, out, "shuffle", node,
                                  "\"noshuffle\", \"shuffle\" or \"bitshuffle\"");
    }
    BW_TRY(bw__setting_int(ctx, out, (bw__setting){"shuffle", 1, -1, 2}, &value));
    out->shuffle = (int)value;
    return BW_OK;
}

static bw_status read_blosc(bw_ctx *ctx, bw_codec *out)
{
    int64_t value;

    BW_TRY(read_cname(ctx, out));
    BW_TRY(bw__setting_int(ctx, out, (bw__setting){"clevel", 5, 0, 9}, &value));
    out->level = (int)value;
    BW_TRY(read_shuffle(ctx, out));
    BW_TRY(bw__setting_int(ctx, out, (bw__setting){"blocksize", 0, 0, BW__BLOSC_MAX_BYTES},
                           &value));
    out->blocksize = (uint32_t)value;
    return BW_OK;
}

static bw_status write_blosc(bw_ctx *ctx, bw_arena *arena, const bw_codec *codec, bw_node *map)
{
    BW_TRY(bw__set_text(ctx, arena, map, "cname", codec->cname));
    BW_TRY(bw__set_int(ctx, arena, map, "clevel", codec->level));
    BW_TRY(bw__set_int(ctx, arena, map, "shuffle", codec->shuffle));
    return bw__set_int(ctx, arena, map, "blocksize", codec->blocksize);
}

const bw_codec_type bw_codec_blosc = {
    .name = "blosc",
    .name_v3 = "blosc",
    .read = read_blosc,
    .write = write_blosc,
    .settle = bw__settle_bytes,
    .decode = bw__blosc_decode,
    .decoded_size = bw__blosc_size,
    .encode = bw__blosc_encode,
};
