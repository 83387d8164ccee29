/* SPDX-License-Identifier: MIT */
/**
 * The lexical side of JSON: a strict check of the whole text before cJSON sees it, and the number
 * tokens in document order, from which the tree gets what cJSON's doubles lose.
 */
#ifndef BORES_JSON_JSON_SCAN_H
#define BORES_JSON_JSON_SCAN_H

#include "bores/bytes.h"

/** cJSON copies number tokens to a buffer of 64 bytes and drops what does not fit. */
#define BW__JSON_NUMBER_MAX 63u

/**
 * Checks `text` against RFC 8259, with the bare tokens NaN, Infinity and -Infinity allowed where
 * numbers are. `*plain` becomes false when it holds tokens that cJSON cannot read.
 * Errors: as bw_json_parse(), with limits of the caller's.
 */
bw_status bw__json_scan(bw_ctx *ctx, bw_view text, uint64_t max_bytes, uint32_t max_depth,
                        bool *plain);

/**
 * The place behind the string, number, name, list or map that begins at `at`, in a scanned text.
 */
size_t bw__json_behind_value(bw_view text, size_t at);
/** The next place at or behind `at` that is no white space. */
size_t bw__json_behind_spaces(bw_view text, size_t at);

/**
 * The next number token (NaN and the infinities included) at or behind `*at`, which moves behind
 * it; false when there is none. `text` must be one that bw__json_scan() accepted.
 */
bool bw__json_next_number(bw_view text, size_t *at, bw_view *token);

/** Replaces the tokens that cJSON cannot read by a 0 of the same width, in a scanned text. */
void bw__json_blank_numbers(uint8_t *text, size_t len);

/** A byte that UTF-8 never has; so many of them stand for a \u0000, at which cJSON's texts end. */
#define BW__JSON_NUL 0xFFu
#define BW__JSON_NUL_LEN 6u
/** Puts them in the place of each \u0000 of a scanned text. */
void bw__json_blank_nuls(uint8_t *text, size_t len);

/** Records that `text` begins with a byte order mark that is not UTF-8's; moves it over one that is. */
bw_status bw__json_skip_mark(bw_ctx *ctx, bw_view *text);

/** True for a token without fraction and exponent. */
bool bw__json_is_integer(bw_view token);

#endif
