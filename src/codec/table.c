/* SPDX-License-Identifier: MIT */
/** The table of codecs, and finding one by name. Whoever looks here links them all. */
#include <string.h>

#include "codec/codec_internal.h"

/* A codec is a file and a row here. */
static const bw_codec_type *const table[] = {
    &bw_codec_blosc,   &bw_codec_zstd,     &bw_codec_gzip,    &bw_codec_zlib,
    &bw_codec_lz4,     &bw_codec_bz2,      &bw_codec_lzma,    &bw_codec_shuffle,
    &bw_codec_delta,   &bw_codec_quantize, &bw_codec_astype,  &bw_codec_fixedscaleoffset,
    &bw_codec_packbits, &bw_codec_bitround, &bw_codec_crc32,  &bw_codec_crc32c,
    &bw_codec_adler32, &bw_codec_fletcher32, &bw_codec_base64, &bw_codec_jenkins_lookup3,
    &bw_codec_categorize,
};

enum { TABLE_SIZE = sizeof table / sizeof table[0] };

static bw_status refuse_name(bw_ctx *ctx, const char *field, bw_view name)
{
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "%s \"%.*s\" is not built in", field,
                   (int)(name.len < 64 ? name.len : 64), (const char *)name.ptr);
}

static bw_status read_settings(bw_ctx *ctx, const bw_codec_type *type, const bw_node *settings,
                               bw_codec *out)
{
    bw_codec codec = {.type = type, .settings = settings};

    if (type->read != NULL) {
        BW_TRY(type->read(ctx, &codec));
    }
    *out = codec;
    return BW_OK;
}

static const bw_codec_type *find_v2(bw_view name)
{
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        if (bw_view_equal(name, bw_view_text(table[i]->name))) {
            return table[i];
        }
    }
    return NULL;
}

bw_status bw_codec_from_v2(bw_ctx *ctx, const char *field, const bw_node *node, bw_codec *out)
{
    const bw_codec_type *type;
    bw_view id;

    if (node->type == BW_NODE_NULL) {
        *out = (bw_codec){.type = NULL};
        return BW_OK;
    }
    if (!bw_map_get_string(node, "id", &id)) {
        return bw_fail(ctx, BW_ERR_METADATA, "%s: no \"id\" that is a string", field);
    }
    type = find_v2(id);
    return type == NULL ? refuse_name(ctx, field, id) : read_settings(ctx, type, node, out);
}

bw_status bw_codec_from_v3(bw_ctx *ctx, const char *field, const bw_node *node, bw_codec *out)
{
    const bw_view prefix = BW_VIEW("numcodecs.");
    const bw_codec_type *type = NULL;
    bw_view name;

    if (node->type == BW_NODE_STRING) {
        name = node->text;
    } else if (!bw_map_get_string(node, "name", &name)) {
        return bw_fail(ctx, BW_ERR_METADATA, "%s: a codec without a \"name\" that is a string",
                       field);
    }
    if (name.len > prefix.len && memcmp(name.ptr, prefix.ptr, prefix.len) == 0) {
        type = find_v2((bw_view){name.ptr + prefix.len, name.len - prefix.len});
    }
    for (size_t i = 0; i < TABLE_SIZE && type == NULL; i++) {
        if (table[i]->name_v3 != NULL && bw_view_equal(name, bw_view_text(table[i]->name_v3))) {
            type = table[i];
        }
    }
    if (type == NULL) {
        return refuse_name(ctx, field, name);
    }
    return read_settings(ctx, type, bw_map_get_text(node, "configuration"), out);
}
