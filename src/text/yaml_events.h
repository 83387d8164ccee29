/* SPDX-License-Identifier: MIT */
/** YAML text as events, over libyaml, which nobody else knows. */
#ifndef BORES_TEXT_YAML_EVENTS_H
#define BORES_TEXT_YAML_EVENTS_H

#include "text_index.h"

typedef enum bw__yaml_kind {
    BW__YAML_SCALAR,
    BW__YAML_LIST,
    BW__YAML_MAP,
    BW__YAML_CLOSE, /**< of a list or map */
    BW__YAML_ALIAS,
    BW__YAML_DOCUMENT,
    BW__YAML_DOCUMENT_END,
    BW__YAML_END
} bw__yaml_kind;

/** Views are good until the next event; `ptr == NULL` where there is none. */
typedef struct bw__yaml_event {
    bw__yaml_kind kind;
    bw_view anchor, tag, text; /**< an alias's name is its anchor */
    bool plain;                /**< a scalar that stands without quotes and without a tag */
    uint64_t line, column;     /**< from 0, where it begins */
} bw__yaml_event;

typedef struct bw__yaml_parser bw__yaml_parser;

/** `text` is borrowed until the parser is closed. One parser at a time in a process. */
bw_status bw__yaml_open(bw_ctx *ctx, bw_view text, bw__yaml_parser **out);
/**
 * Errors: BW_ERR_METADATA with libyaml's words, `at` (the place of the text's beginning) moved to
 * where it was; BW_ERR_NOMEM.
 */
bw_status bw__yaml_next(bw__yaml_parser *parser, const bw__text_place *start, bw__yaml_event *out);
void bw__yaml_close(bw__yaml_parser *parser);
/** The place of an event, in a text that begins at `start`. */
bw__text_place bw__yaml_place(const bw__text_place *start, uint64_t line, uint64_t column);

#endif
