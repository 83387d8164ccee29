/* SPDX-License-Identifier: MIT */
/**
 * Files of the ECLIPSE family (also OPM Flow, INTERSECT, tNavigator): keywords in Fortran records.
 *
 * A file is a sequence of keywords, each a header (name, element count, type) and its elements in
 * blocks. It is never read as a whole: a scan asks for the parts that hold headers and skips the
 * elements, so that a restart of 20 GB opens by a few megabytes. Binary files are big-endian
 * (little-endian ones are told apart by their first marker), formatted ones are text.
 *
 * Sources: OPM Flow Reference Manual, appendix F (output files); ECLIPSE file formats as the
 * documentation of resdata and resfo describes them.
 */
#ifndef BORES_ECLIPSE_H
#define BORES_ECLIPSE_H

#include "bores/tree.h"

typedef enum bw_ecl_type {
    BW_ECL_INTE, /**< int32 */
    BW_ECL_REAL, /**< float32 */
    BW_ECL_DOUB, /**< float64 */
    BW_ECL_LOGI, /**< 4 bytes, 0 is false */
    BW_ECL_CHAR, /**< text of `width` bytes, Latin-1, blank-padded (CHAR has 8, C0nn has nn) */
    BW_ECL_MESS  /**< a marker without elements */
} bw_ecl_type;

#define BW_ECL_NAME_MAX 8u

/** A keyword, and where it is. Offsets are bytes from the file's beginning. */
typedef struct bw_ecl_keyword {
    char name[BW_ECL_NAME_MAX + 1]; /**< without trailing blanks, terminated */
    uint8_t type;                   /**< bw_ecl_type */
    uint16_t width;                 /**< bytes an element in a binary file; 0 for MESS */
    uint64_t count;                 /**< elements */
    uint64_t offset;                /**< of the header */
    uint64_t data;                  /**< behind the header */
    uint64_t end;                   /**< behind the elements */
} bw_ecl_keyword;

typedef enum bw_ecl_form { BW_ECL_BIG_ENDIAN, BW_ECL_LITTLE_ENDIAN, BW_ECL_FORMATTED } bw_ecl_form;

/** Why a scan ended before the file did. */
typedef struct bw_ecl_problem {
    bw_status status;                 /**< BW_OK: it did not */
    bool cut;                         /**< what there is of the keyword is sound: a run still going */
    uint64_t offset;                  /**< of the damaged keyword's header */
    char name[BW_ECL_NAME_MAX + 1];   /**< its name, "" when that cannot be read */
    char message[240];
} bw_ecl_problem;

/** The keywords of a file in its order. `keywords` is allocated; end with bw_ecl_index_free(). */
typedef struct bw_ecl_index {
    bw_ecl_form form;
    uint64_t size; /**< of the file */
    bw_ecl_keyword *keywords;
    uint32_t count, cap;
    bw_ecl_problem problem;
} bw_ecl_index;

void bw_ecl_index_free(bw_ctx *ctx, bw_ecl_index *index);

/** "INTE", "C012", … */
void bw_ecl_type_name(const bw_ecl_keyword *keyword, char out[5]);

/**
 * Finds the keywords of a file of `size` bytes, part by part:
 *
 *     bw_ecl_scan_new(ctx, size, &scan);
 *     while (bw_ecl_scan_wants(scan, &offset, &length)) {
 *         … read …
 *         bw_ecl_scan_give(ctx, scan, bytes);
 *     }
 *     index = bw_ecl_scan_take(scan);     // the caller's
 *     bw_ecl_scan_free(ctx, scan);
 *
 * Damage is no failure of the scan: the index holds what is whole before it, and the problem.
 * Errors: BW_ERR_CORRUPT  the file is empty, or its first bytes are no keyword's
 *         BW_ERR_LIMIT    more keywords than `ctx->limits.max_chunks`
 *         BW_ERR_NOMEM
 */
typedef struct bw_ecl_scan bw_ecl_scan;
bw_status bw_ecl_scan_new(bw_ctx *ctx, uint64_t size, bw_ecl_scan **out);
/** What to read next; false when the scan has ended. */
bool bw_ecl_scan_wants(const bw_ecl_scan *scan, uint64_t *offset, size_t *length);
/** Takes exactly the part that was wanted; borrowed for the call. */
bw_status bw_ecl_scan_give(bw_ctx *ctx, bw_ecl_scan *scan, bw_view bytes);
bw_ecl_index bw_ecl_scan_take(bw_ecl_scan *scan);
void bw_ecl_scan_free(bw_ctx *ctx, bw_ecl_scan *scan);

/**
 * The elements of a keyword.
 *
 * Shape:  `*out` is an array of rank 1 (i4, f4, f8, b1) or, for text, a list of strings in UTF-8
 *         without trailing blanks; of MESS an empty list.
 * Owner:  `*out` lives in `arena`; `bytes` are those of [keyword->data, keyword->end).
 * Errors: BW_ERR_CORRUPT  the blocks do not add up to the count, a marker differs from its twin, or
 *                         a token of text is no element; names keyword and byte
 *         BW_ERR_LIMIT    beyond `ctx->limits.max_array_bytes`
 */
bw_status bw_ecl_decode(bw_ctx *ctx, bw_arena *arena, bw_ecl_form form,
                        const bw_ecl_keyword *keyword, bw_view bytes, bw_node **out);

/**
 * Reads the text of a GRDECL file: keyword, values, '/'.
 *
 * Takes what such files have: `n*v` for n times v, `--` comments, quotes, a slash that touches the
 * value, words behind it, keywords in lower case and of any length, keywords without values.
 * A keyword that comes again replaces what was there.
 *
 * @param keywords  a map in `arena` that grows: NAME in capitals → array f8 of its numbers, or the
 *                  list of its strings where it has no numbers
 * @param includes  a list that grows by the paths of INCLUDE, as they stand
 * @param edits     a list that grows by what EQUALS, COPY, BOX … do with arrays, for bw_grdecl_finish()
 *
 * Errors: BW_ERR_CORRUPT  naming keyword, line and token: no number, no '/' at the end
 *         BW_ERR_LIMIT    more values than the grid of SPECGRID or DIMENS can have, or than 2^24
 *                         where neither came before
 */
bw_status bw_grdecl_read(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node *keywords,
                         bw_node *includes, bw_node *edits);

/**
 * Carries out what the text says of arrays, when all of it and of what it includes has been read. An array whose
 * changes are not carried out here (OPERATE, EQUALREG …) is taken out of `keywords`.
 *
 * Errors: BW_ERR_CORRUPT      a box that is not within the grid, an array without a value for each cell
 *         BW_ERR_UNSUPPORTED  ACTNUM, COORD or ZCORN changed by what is not carried out
 */
bw_status bw_grdecl_finish(bw_ctx *ctx, bw_arena *arena, bw_node *keywords, const bw_node *edits);

#endif
