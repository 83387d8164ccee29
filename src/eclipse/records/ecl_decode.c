/* SPDX-License-Identifier: MIT */
/* Elements of a keyword out of its blocks. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ecl_internal.h"

bw_node *bw__ecl_string(bw_ctx *ctx, bw_arena *arena, const uint8_t *text, size_t len)
{
    char *utf8;
    size_t n = 0;

    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == 0)) {
        len--;
    }
    utf8 = bw_arena_alloc(ctx, arena, 2 * len + 1);
    if (utf8 == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < len; i++) { /* Latin-1 is the first 256 code points */
        if (text[i] >= 0x80) {
            utf8[n++] = (char)(0xc0 | text[i] >> 6);
            utf8[n++] = (char)(0x80 | (text[i] & 0x3f));
        } else {
            utf8[n++] = (char)text[i];
        }
    }
    return bw_node_text(ctx, arena, (bw_view){(const uint8_t *)utf8, n});
}

bw_status bw__ecl_array_new(bw_ctx *ctx, bw_arena *arena, const bw_ecl_keyword *keyword,
                            bw_array **array, bw_node **out)
{
    static const char *const dtypes[] = {
        [BW_ECL_INTE] = "<i4", [BW_ECL_REAL] = "<f4", [BW_ECL_DOUB] = "<f8", [BW_ECL_LOGI] = "|b1",
    };
    bw_dtype dtype;

    BW_TRY(bw_dtype_parse(ctx, bw_view_text(dtypes[keyword->type]), &dtype));
    BW_TRY(bw_array_new(ctx, arena, dtype, 1, &keyword->count, array));
    *out = bw_node_array(ctx, arena, *array);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* Elements of one block to their place. `done` is the number of those before. */
static bw_status take_block(bw_ctx *ctx, bw_arena *arena, bw_ecl_form form,
                            const bw_ecl_keyword *keyword, const uint8_t *block, uint64_t count,
                            uint64_t done, bw_array *array, bw_node *list)
{
    uint32_t width = keyword->width;

    if (keyword->type == BW_ECL_CHAR) {
        for (uint64_t i = 0; i < count; i++) {
            bw_node *text = bw__ecl_string(ctx, arena, block + i * width, width);
            if (text == NULL) {
                return BW_ERR_NOMEM;
            }
            BW_TRY(bw_list_push(ctx, arena, list, text));
        }
        return BW_OK;
    }
    if (keyword->type == BW_ECL_LOGI) { /* true is -1, 1 or 01000000, by the writer */
        for (uint64_t i = 0; i < count; i++) {
            array->data[done + i] = bw__ecl_u32(block + 4 * i, BW_ECL_BIG_ENDIAN) != 0;
        }
        return BW_OK;
    }
    memcpy(array->data + done * width, block, (size_t)(count * width));
    if (form == BW_ECL_BIG_ENDIAN) {
        bw_swap_bytes(array->data + done * width, (size_t)count, width);
    }
    return BW_OK;
}

static bw_status corrupt(bw_ctx *ctx, const bw_ecl_keyword *keyword, const char *what,
                         uint64_t found, uint64_t wanted)
{
    return bw_fail(ctx, BW_ERR_CORRUPT, "%s at byte %" PRIu64 ": %s: %" PRIu64 ", not %" PRIu64,
                   keyword->name, keyword->offset, what, found, wanted);
}

bool bw__ecl_is_regular(bw_ecl_form form, const bw_ecl_keyword *keyword, bw_view bytes)
{
    uint64_t block = (uint64_t)BW__ECL_BLOCK_ELEMENTS * keyword->width, left = keyword->count * keyword->width;
    uint64_t blocks = (keyword->count + BW__ECL_BLOCK_ELEMENTS - 1) / BW__ECL_BLOCK_ELEMENTS;
    const uint8_t *at = bytes.ptr;

    if (form == BW_ECL_FORMATTED || keyword->type == BW_ECL_CHAR || keyword->type == BW_ECL_LOGI ||
        bytes.len != left + 2 * BW__ECL_MARKER_BYTES * blocks) {
        return false;
    }
    for (uint64_t size; left > 0; left -= size, at += size + 2 * BW__ECL_MARKER_BYTES) {
        size = left < block ? left : block;
        if (bw__ecl_u32(at, form) != size || bw__ecl_u32(at + BW__ECL_MARKER_BYTES + size, form) != size) {
            return false;
        }
    }
    return true;
}

static bw_status decode_binary(bw_ctx *ctx, bw_arena *arena, bw_ecl_form form,
                               const bw_ecl_keyword *keyword, bw_view bytes, bw_node **out)
{
    bw_array *array = NULL;
    uint64_t done = 0;
    size_t at = 0;
    bw_node *node;

    if (keyword->type == BW_ECL_CHAR) {
        node = bw_node_list(ctx, arena);
        if (node == NULL) {
            return BW_ERR_NOMEM;
        }
    } else {
        BW_TRY(bw__ecl_array_new(ctx, arena, keyword, &array, &node));
    }
    while (done < keyword->count) {
        uint32_t lead, tail;
        uint64_t elements;
        if (bytes.len - at < 2 * BW__ECL_MARKER_BYTES) {
            return corrupt(ctx, keyword, "elements that the blocks hold", done, keyword->count);
        }
        lead = bw__ecl_u32(bytes.ptr + at, form);
        elements = lead / keyword->width;
        if (lead > bytes.len - at - 2 * BW__ECL_MARKER_BYTES || lead % keyword->width != 0 ||
            elements > keyword->count - done) {
            return corrupt(ctx, keyword, "bytes in a block, of the elements missing", lead,
                           (keyword->count - done) * keyword->width);
        }
        tail = bw__ecl_u32(bytes.ptr + at + BW__ECL_MARKER_BYTES + lead, form);
        if (tail != lead) {
            return corrupt(ctx, keyword, "the marker behind a block says", tail, lead);
        }
        BW_TRY(take_block(ctx, arena, form, keyword, bytes.ptr + at + BW__ECL_MARKER_BYTES, elements,
                          done, array, node));
        done += elements;
        at += lead + 2 * BW__ECL_MARKER_BYTES;
    }
    *out = node;
    return BW_OK;
}

bw_status bw_ecl_decode(bw_ctx *ctx, bw_arena *arena, bw_ecl_form form,
                        const bw_ecl_keyword *keyword, bw_view bytes, bw_node **out)
{
    if (bytes.len != keyword->end - keyword->data) {
        return corrupt(ctx, keyword, "bytes read", bytes.len, keyword->end - keyword->data);
    }
    if (keyword->type == BW_ECL_MESS) {
        *out = bw_node_list(ctx, arena);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    if (form == BW_ECL_FORMATTED) {
        return bw__ecl_decode_text(ctx, arena, keyword, bytes, out);
    }
    return decode_binary(ctx, arena, form, keyword, bytes, out);
}
