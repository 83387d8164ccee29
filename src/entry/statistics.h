/* SPDX-License-Identifier: MIT */
/**
 * Statistics of arrays beside the data: an attribute of an entry's group,
 * `{"version":1,"arrays":{"model":{"fluid_properties":{"pressure_grid":ROW}}}}` as text, where a row is
 *   [count, missing, infinite]                 without a finite element
 *   [count, missing, infinite, value]          where all finite ones are equal
 *   [count, missing, infinite, min, max, mean, exponent, first, [elements of each bin …], min above 0]
 * The last is left out where `min` is above 0, and null where there is none. Bins: bw_tally.
 */
#ifndef BORES_ENTRY_STATISTICS_H
#define BORES_ENTRY_STATISTICS_H

#include "bores/numbers.h"
#include "bores/tree.h"

#define BW_STATISTICS "_bores_wasm_statistics"

/* read_statistics.c */
/**
 * What an attribute (NULL: there is none) says of the arrays at `paths`, lists of names, or of all where
 * it is NULL: a list of `{path, count, missing, infinite, min, max, mean, minPositive, exponent, first,
 * counts: [n …]}`, null in place of what is not a number. Anybody may have written it: what contradicts itself, or
 * is not as above, is left out. Errors: BW_ERR_NOMEM.
 */
bw_status bw__read_statistics(bw_ctx *ctx, bw_arena *arena, const bw_node *attribute, const bw_node *paths,
                              bw_node **out);

/**
 * Puts the same row in place of what a reading operation found at a path, where its parameters ask for it
 * (`statistics: true`): of an array, or of the values of a sparse tensor; with 'steps' a list of rows, one an index
 * of the first axis. Errors: BW_ERR_UNSUPPORTED for what is neither, or no numbers.
 */
bw_status bw__read_tally(bw_ctx *ctx, bw_arena *arena, const bw_node *params, bw_node **result);

#endif
