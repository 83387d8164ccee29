/* SPDX-License-Identifier: MIT */
/** Decimal text to numbers, correctly rounded. */
#ifndef BORES_JSON_DECIMAL_H
#define BORES_JSON_DECIMAL_H

#include "bores/tree.h"

/** As many digits as Python converts to an int; more are refused with BW_ERR_LIMIT. */
#define BW__NUMBER_MAX 4300u

/**
 * A node of the number that `token` is: an integer where it is digits alone (beyond 64 bits a
 * float, from 2^63 to 2^64 with the exact value beside it), else the nearest float.
 * `token` is [+-]? digits, with or without a point (on either side of which digits may be missing)
 * and an exponent; nothing else is looked at.
 */
bw_status bw__decimal_node(bw_ctx *ctx, bw_arena *arena, bw_view token, bw_node **out);

/** The float nearest to such a token of at most 63 bytes. */
double bw__decimal_double(bw_view token);

#endif
