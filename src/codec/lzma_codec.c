/* SPDX-License-Identifier: MIT */
/**
 * LZMA over liblzma, decoding: xz streams, the older .lzma, and raw data whose filters the settings
 * list. Source: numcodecs, class LZMA, which is Python's module lzma; the .xz file format 1.1.0.
 *
 * Of a chain of filters each has the dictionary that the data ask for, so the memory is bounded
 * where the result is.
 */
#include <lzma.h>
#include <string.h>

#include "codec/codec_internal.h"

/* Python's numbers, in `format`. */
enum { FORMAT_AUTO = 0, FORMAT_XZ = 1, FORMAT_ALONE = 2, FORMAT_RAW = 3 };

#define MAX_MEMORY (UINT64_C(160) << 20)

/* liblzma's own checksums come with large tables. The first is zlib's; the second, reflected ECMA-182
 * (.xz file format 1.1.0, section 6), makes its table anew for each piece of output. */
uint32_t lzma_crc32(const uint8_t *data, size_t len, uint32_t crc)
{
    return bw__crc32(crc, data, len);
}

uint64_t lzma_crc64(const uint8_t *data, size_t len, uint64_t crc)
{
    uint64_t table[256];

    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++) {
            table[i] = table[i] >> 1 ^ (table[i] & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
        }
    }
    crc = ~crc;
    for (size_t i = 0; i < len; i++) {
        crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xff];
    }
    return ~crc;
}

static void *take(void *ctx, size_t count, size_t size)
{
    return size != 0 && count > SIZE_MAX / size ? NULL : bw_alloc(ctx, count * size);
}

static void give(void *ctx, void *ptr)
{
    bw_release(ctx, ptr);
}

static bw_status fail_lzma(bw_ctx *ctx, lzma_ret code, size_t in_len)
{
    switch (code) {
    case LZMA_MEM_ERROR:
        return ctx->error.status == BW_ERR_NOMEM
                   ? BW_ERR_NOMEM
                   : bw_fail(ctx, BW_ERR_NOMEM, "lzma: out of memory");
    case LZMA_MEMLIMIT_ERROR:
        return bw_fail(ctx, BW_ERR_LIMIT, "lzma: the dictionary needs more than %llu bytes",
                       (unsigned long long)MAX_MEMORY);
    case LZMA_OPTIONS_ERROR:
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "lzma: filters, or options of them, that this build does not take");
    case LZMA_OK:
    case LZMA_BUF_ERROR:
        return bw_fail(ctx, BW_ERR_CORRUPT, "lzma: the stream of %zu bytes ends early", in_len);
    default:
        return bw_fail(ctx, BW_ERR_CORRUPT, "lzma: damaged stream of %zu bytes", in_len);
    }
}

/* Raw filters ------------------------------------------------------------------------------- */

typedef struct filter_list {
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_options_lzma lzma[LZMA_FILTERS_MAX];
    lzma_options_delta delta[LZMA_FILTERS_MAX];
    lzma_options_bcj bcj[LZMA_FILTERS_MAX];
} filter_list;

static int64_t option(const bw_node *map, const char *name, int64_t fallback)
{
    int64_t value = fallback;

    (void)bw_map_get_int(map, name, &value);
    return value < 0 || value > UINT32_MAX ? fallback : value;
}

/* liblzma's presets differ in the dictionary alone, as far as a decoder cares. */
static uint32_t preset_dictionary(int64_t preset)
{
    static const uint8_t powers[] = {18, 20, 21, 22, 22, 23, 23, 24, 25, 26};

    return UINT32_C(1) << powers[(preset & 31) > 9 ? 6 : preset & 31];
}

static void read_lzma(const bw_node *map, lzma_options_lzma *out)
{
    out->dict_size = (uint32_t)option(map, "dict_size",
                                      preset_dictionary(option(map, "preset", 6)));
    out->lc = (uint32_t)option(map, "lc", LZMA_LC_DEFAULT);
    out->lp = (uint32_t)option(map, "lp", LZMA_LP_DEFAULT);
    out->pb = (uint32_t)option(map, "pb", LZMA_PB_DEFAULT);
}

static bw_status read_filter(bw_ctx *ctx, const bw_node *map, filter_list *list, uint32_t at)
{
    lzma_filter *filter = &list->filters[at];
    int64_t id;

    if (!bw_map_get_int(map, "id", &id)) {
        return bw_fail(ctx, BW_ERR_METADATA, "codec \"lzma\": a filter without an integer id");
    }
    filter->id = (lzma_vli)id;
    switch (filter->id) {
    case LZMA_FILTER_LZMA1:
    case LZMA_FILTER_LZMA2:
        read_lzma(map, &list->lzma[at]);
        filter->options = &list->lzma[at];
        return BW_OK;
    case LZMA_FILTER_DELTA:
        list->delta[at].type = LZMA_DELTA_TYPE_BYTE;
        list->delta[at].dist = (uint32_t)option(map, "dist", 1);
        filter->options = &list->delta[at];
        return BW_OK;
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC:
    case LZMA_FILTER_ARM64:
        list->bcj[at].start_offset = (uint32_t)option(map, "start_offset", 0);
        filter->options = &list->bcj[at];
        return BW_OK;
    default: /* liblzma may know it, and would read options of a type that is not known here */
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "codec \"lzma\": filter %lld is not supported",
                       (long long)id);
    }
}

static bw_status read_filters(bw_ctx *ctx, const bw_codec *codec, filter_list *list)
{
    const bw_node *filters = bw_map_get_text(codec->settings, "filters");

    memset(list, 0, sizeof *list);
    if (filters == NULL || filters->type != BW_NODE_LIST || filters->children.len == 0 ||
        filters->children.len > LZMA_FILTERS_MAX) {
        return bw__setting_refuse(ctx, codec, "filters", filters, "a list of 1 to 4 objects");
    }
    for (uint32_t i = 0; i < filters->children.len; i++) {
        BW_TRY(read_filter(ctx, filters->children.items[i], list, i));
    }
    list->filters[filters->children.len].id = LZMA_VLI_UNKNOWN;
    return BW_OK;
}

/* Streams ----------------------------------------------------------------------------------- */

static bw_status begin(bw_ctx *ctx, const bw_codec *codec, lzma_stream *stream)
{
    lzma_ret code;

    if (codec->level == FORMAT_RAW) {
        filter_list list;
        uint64_t memory;

        BW_TRY(read_filters(ctx, codec, &list));
        memory = lzma_raw_decoder_memusage(list.filters);
        if (memory == UINT64_MAX) { /* the filters make no chain, or an option is out of its range */
            code = LZMA_OPTIONS_ERROR;
        } else if (memory > MAX_MEMORY) {
            code = LZMA_MEMLIMIT_ERROR;
        } else {
            code = lzma_raw_decoder(stream, list.filters);
        }
    } else if (codec->level == FORMAT_ALONE) {
        code = lzma_alone_decoder(stream, MAX_MEMORY);
    } else if (codec->level == FORMAT_AUTO) {
        code = lzma_auto_decoder(stream, MAX_MEMORY, LZMA_CONCATENATED);
    } else {
        code = lzma_stream_decoder(stream, MAX_MEMORY, LZMA_CONCATENATED);
    }
    return code == LZMA_OK ? BW_OK : fail_lzma(ctx, code, 0);
}

/* To the end of the input; `out` has the space that is due and one byte more would be too long. */
static bw_status run(bw_ctx *ctx, lzma_stream *stream, size_t in_len, bool *finished)
{
    lzma_ret code = lzma_code(stream, LZMA_FINISH);

    *finished = code == LZMA_STREAM_END;
    if (*finished || (code == LZMA_OK && stream->avail_out == 0)) {
        return BW_OK;
    }
    return fail_lzma(ctx, code, in_len);
}

static bw_status check_end(bw_ctx *ctx, const lzma_stream *stream)
{
    return stream->avail_in == 0 ? BW_OK
                                 : bw_fail(ctx, BW_ERR_CORRUPT,
                                           "lzma: %zu bytes behind the end of the stream",
                                           stream->avail_in);
}

static bw_status decode(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint8_t *out,
                        size_t out_len)
{
    lzma_allocator allocator = {take, give, ctx};
    lzma_stream stream = LZMA_STREAM_INIT;
    uint8_t extra;
    bool finished = false;
    bw_status st;

    stream.allocator = &allocator;
    stream.next_in = in.ptr;
    stream.avail_in = in.len;
    BW_GO(begin(ctx, codec, &stream));
    stream.next_out = out;
    stream.avail_out = out_len;
    if (out_len > 0) {
        BW_GO(run(ctx, &stream, in.len, &finished));
    }
    if (!finished) { /* what is left may end the stream, and give nothing more */
        stream.next_out = &extra;
        stream.avail_out = 1;
        BW_GO(run(ctx, &stream, in.len, &finished));
        if (stream.avail_out == 0) {
            st = bw__fail_too_long(ctx, "lzma", out_len);
            goto done;
        }
    } else if (stream.avail_out > 0) {
        st = bw__fail_length(ctx, "lzma", out_len - stream.avail_out, out_len);
        goto done;
    }
    BW_GO(check_end(ctx, &stream));

done:
    lzma_end(&stream);
    return st;
}

static bw_status decode_any(bw_ctx *ctx, const bw_codec *codec, bw_view in, uint64_t limit,
                            bw_bytes *out)
{
    lzma_allocator allocator = {take, give, ctx};
    lzma_stream stream = LZMA_STREAM_INIT;
    bool finished = false;
    bw_status st;

    stream.allocator = &allocator;
    stream.next_in = in.ptr;
    stream.avail_in = in.len;
    BW_GO(begin(ctx, codec, &stream));
    while (!finished) {
        size_t room;

        if (out->len == out->cap || out->len == limit) {
            BW_GO(bw__grow(ctx, "lzma", limit, out));
        }
        room = (out->cap < limit ? out->cap : (size_t)limit) - out->len;
        stream.next_out = out->ptr + out->len;
        stream.avail_out = room;
        BW_GO(run(ctx, &stream, in.len, &finished));
        out->len += room - stream.avail_out;
    }
    BW_GO(check_end(ctx, &stream));

done:
    lzma_end(&stream);
    return st;
}

static bw_status read_settings(bw_ctx *ctx, bw_codec *out)
{
    filter_list list;

    BW_TRY(bw__setting_level(ctx, out, (bw__setting){"format", FORMAT_XZ, FORMAT_AUTO, FORMAT_RAW}));
    return out->level == FORMAT_RAW ? read_filters(ctx, out, &list) : BW_OK;
}

const bw_codec_type bw_codec_lzma = {
    .name = "lzma",
    .read = read_settings,
    .settle = bw__settle_bytes,
    .decode = decode,
    .decode_any = decode_any,
};
