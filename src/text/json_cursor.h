/* SPDX-License-Identifier: MIT */
/** A place in JSON text that is being read, what is said when it is wrong, and its strings. */
#ifndef BORES_TEXT_JSON_CURSOR_H
#define BORES_TEXT_JSON_CURSOR_H

#include "text_index.h"

typedef struct bw__json_cursor {
    bw_ctx *ctx;
    const uint8_t *begin, *at, *end;
    const bw__text_place *place; /**< of `begin` */
    bw_bytes decoded;            /**< the string with escapes that was read last; to be freed */
} bw__json_cursor;

/** Where in the file `at` is. */
bw__text_place bw__json_place(const bw__json_cursor *c, const uint8_t *at);
/** Records "line L, column C: WHAT" of the cursor's place. */
bw_status bw__json_fail(const bw__json_cursor *c, bw_status status, const char *what);
/** Records BW_ERR_METADATA "… where WANTED is due". */
bw_status bw__json_unexpected(const bw__json_cursor *c, const char *wanted);
/** Moves over white space (RFC 8259, section 2). */
void bw__json_skip_spaces(bw__json_cursor *c);
/**
 * Reads the string whose opening quote is at the cursor. The view is of the text itself, or of
 * `decoded` until the next string is read.
 */
bw_status bw__json_string(bw__json_cursor *c, bw_view *out);

/** The byte at the cursor, or -1 at the end. */
static inline int bw__json_peek(const bw__json_cursor *c)
{
    return c->at < c->end ? *c->at : -1;
}

#endif
