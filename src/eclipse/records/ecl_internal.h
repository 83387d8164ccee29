/* SPDX-License-Identifier: MIT */
/** What the files of this folder share. */
#ifndef BORES_ECL_INTERNAL_H
#define BORES_ECL_INTERNAL_H

#include "bores/eclipse.h"

/** A binary header: 16 bytes between two markers. */
#define BW__ECL_HEADER_BYTES 24u
#define BW__ECL_MARKER_BYTES 4u

/** Elements in a block as writers cut them; of text 105. */
#define BW__ECL_BLOCK_ELEMENTS 1000u

static inline uint64_t bw__ecl_block_elements(const bw_ecl_keyword *keyword)
{
    return keyword->type == BW_ECL_CHAR ? 105 : BW__ECL_BLOCK_ELEMENTS;
}

static inline uint32_t bw__ecl_u32(const uint8_t *at, bw_ecl_form form)
{
    return form == BW_ECL_LITTLE_ENDIAN
               ? (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24
               : (uint32_t)at[3] | (uint32_t)at[2] << 8 | (uint32_t)at[1] << 16 | (uint32_t)at[0] << 24;
}

/* ecl_keyword.c */
/** Sets name (trailing blanks cut, unprintable bytes as '?') and type; false: no such type. */
void bw__ecl_set_name(bw_ecl_keyword *keyword, const uint8_t *text, size_t len);
bool bw__ecl_set_type(bw_ecl_keyword *keyword, const uint8_t text[4]);

/* ecl_scan.c */
/**
 * The bytes [at, at + length) of the file while they are within the part at hand; NULL: they are
 * wanted now (the caller returns), or lie beyond the file's end (check before).
 */
const uint8_t *bw__ecl_need(bw_ecl_scan *scan, uint64_t at, size_t length);
bw_status bw__ecl_add(bw_ctx *ctx, bw_ecl_scan *scan, const bw_ecl_keyword *keyword);
/** Ends the scan with what is wrong; `cut` as in bw_ecl_problem. */
void bw__ecl_stop(bw_ecl_scan *scan, const bw_ecl_keyword *keyword, bool cut, const char *fmt, ...)
    BW_PRINTF(4, 5);

/* Where a scan stands. `pos` moves only behind what has been understood. */
struct bw_ecl_scan {
    bw_ecl_index index;
    uint64_t pos;
    bool sniffed, ended;
    /* the part at hand */
    const uint8_t *bytes;
    uint64_t from, to;
    /* the part wanted */
    uint64_t want_offset;
    size_t want_length, window;
    /* the keyword being read */
    bw_ecl_keyword current;
    enum { BW__ECL_AT_HEADER, BW__ECL_IN_BLOCKS, BW__ECL_IN_TEXT } state;
    bool checked;    /* the keyword before was skipped by its expected length alone */
    uint64_t before; /* binary: elements' bytes of the blocks walked; text: elements seen */
    uint64_t block;  /* bytes of the block being walked, from its leading marker */
    uint64_t high;   /* of X231: elements beyond 2^31 that the next header adds */
    uint64_t high_offset;
};

/* ecl_scan_binary.c, ecl_scan_text.c: go on as far as the part at hand reaches */
bw_status bw__ecl_scan_binary(bw_ctx *ctx, bw_ecl_scan *scan);
bw_status bw__ecl_scan_text(bw_ctx *ctx, bw_ecl_scan *scan);

/* ecl_decode.c */
/** Whether numbers lie in the blocks that writers cut, whose markers agree; `bytes` as bw_ecl_decode() gets them. */
bool bw__ecl_is_regular(bw_ecl_form form, const bw_ecl_keyword *keyword, bw_view bytes);

/* grdecl_edit.c */
#define BW__GRDECL_NAME 64u /* longer names are cut */
typedef enum bw__grdecl_kind {
    BW__GRDECL_NONE,
    BW__GRDECL_EQUALS,
    BW__GRDECL_ADD,
    BW__GRDECL_MULTIPLY,
    BW__GRDECL_COPY,
    BW__GRDECL_MINVALUE,
    BW__GRDECL_MAXVALUE,
    BW__GRDECL_BOX,       /**< values of a part of the grid */
    BW__GRDECL_OTHER,     /**< changes its first array in a way that is not carried out */
    BW__GRDECL_OTHER_COPY /**< the same, its second array */
} bw__grdecl_kind;
typedef struct bw__grdecl_edit {
    const char *keyword;
    bw__grdecl_kind kind;
    bw_view first, second; /**< names as they stand */
    double value;
    double box[6];         /**< i1 i2 j1 j2 k1 k2 from 1; NaN: the grid's */
    const double *values;  /**< [count] of the box, i fastest */
    uint64_t count;
} bw__grdecl_edit;
/** What a keyword does with arrays; BW__GRDECL_NONE: nothing. Those of BOX follow it, all others have them in rows. */
bw__grdecl_kind bw__grdecl_kind_of(const char *name);
/** Appends to `edits`, for bw_grdecl_finish(). */
bw_status bw__grdecl_keep_edit(bw_ctx *ctx, bw_arena *arena, bw_node *edits, const bw__grdecl_edit *edit);

/* ecl_decode_text.c */
bw_status bw__ecl_decode_text(bw_ctx *ctx, bw_arena *arena, const bw_ecl_keyword *keyword,
                              bw_view bytes, bw_node **out);
/** A decimal number, with E, D or a bare sign before its exponent, or what is not finite. */
bool bw__ecl_read_number(bw_view token, double *out);
/** A string node of Latin-1 bytes without their trailing blanks. */
bw_node *bw__ecl_string(bw_ctx *ctx, bw_arena *arena, const uint8_t *text, size_t len);
/** An array of the keyword's shape; `*out` is its node. */
bw_status bw__ecl_array_new(bw_ctx *ctx, bw_arena *arena, const bw_ecl_keyword *keyword,
                            bw_array **array, bw_node **out);

#endif
