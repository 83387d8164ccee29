/* SPDX-License-Identifier: MIT */
/**
 * The packed tree: how trees cross between C and JavaScript, both ways.
 *
 * Little-endian, unaligned, one tag byte a node:
 *   0 null | 1 false | 2 true | 3 int: i64 | 4 float: f64
 *   5 string: u32 byte length, UTF-8
 *   6 list: u32 count, nodes
 *   7 map: u32 count, (u32 key length, UTF-8 key, node) each
 *   8 array: u8 kind, u32 itemsize, u8 unit length, unit, u8 rank, u64 shape[rank],
 *     u64 nbytes, pointer: u32 (as wide as the build's addresses: u64 in a 64-bit one)
 *   9 natural: u64 from 2^63 on, an integer that 3 cannot hold (tree.h, `natural`)
 * An array's elements stay where they are: `pointer` is their address in linear
 * memory (wasm), from which JavaScript copies them once.
 */
#ifndef BORES_PACK_H
#define BORES_PACK_H

#include "bores/tree.h"

/** Appends the packed form of `node`. Errors: BW_ERR_NOMEM, BW_ERR_LIMIT (depth); on
 *  error `out` is as long as before. */
bw_status bw_pack(bw_ctx *ctx, const bw_node *node, bw_bytes *out);
/**
 * Reads a packed tree. Array elements are borrowed from where `pointer` says (they are
 * not copied), or refused with BW_ERR_ARGUMENT when `arrays` is false; the address must be a
 * multiple of the element's natural alignment. A key that comes twice keeps its last value.
 * Errors: BW_ERR_ARGUMENT on anything malformed, BW_ERR_LIMIT (depth), BW_ERR_NOMEM.
 */
bw_status bw_unpack(bw_ctx *ctx, bw_arena *arena, bw_view packed, bool arrays, bw_node **out);

#endif
