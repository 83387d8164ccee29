/* SPDX-License-Identifier: MIT */
/**
 * YAML text without its long base64. libyaml looks at each character several times, so lines that
 * end in a long run of base64 characters are given to it with a short mark in the run's place,
 * which is found again in the scalars that come out.
 */
#ifndef BORES_TEXT_YAML_RUNS_H
#define BORES_TEXT_YAML_RUNS_H

#include "text_index.h"

/** End with bw__yaml_runs_free(). */
typedef struct bw__yaml_runs {
    bw_view text;      /**< what is to be parsed: the original, or `shortened` */
    bw_bytes shortened;
    bw_bytes runs;     /**< bw_view each, into the original */
} bw__yaml_runs;

bw_status bw__yaml_runs_find(bw_ctx *ctx, bw_view text, bw__yaml_runs *out);
/**
 * The text of a scalar as it was. `*whole` says that it is a run and nothing else, a view into the
 * original; otherwise `*out` lives in `arena` or is `text`.
 */
bw_status bw__yaml_runs_restore(bw_ctx *ctx, bw_arena *arena, const bw__yaml_runs *runs,
                                bw_view text, bw_view *out, bool *whole);
void bw__yaml_runs_free(bw_ctx *ctx, bw__yaml_runs *runs);

#endif
