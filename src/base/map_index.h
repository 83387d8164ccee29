/* SPDX-License-Identifier: MIT */
/**
 * The index of a large map: key to position, as a crit-bit tree (D. J. Bernstein, "Crit-bit
 * trees"). Chosen over a hash table because its cost is bounded without a secret seed, which a
 * deterministic core cannot have: a key of n bytes is compared at no more than 9 n + 9 places,
 * whatever the other keys are.
 */
#ifndef BORES_BASE_MAP_INDEX_H
#define BORES_BASE_MAP_INDEX_H

#include "bores/tree.h"

/** Positions are 31 bits wide. */
#define BW__MAP_MAX 0x7fffffffu

/** Adds keys[position], which is not in the index yet. Creates the index when `*index` is NULL. */
bw_status bw__map_index_add(bw_ctx *ctx, bw_arena *arena, bw_map_index **index,
                            const bw_view *keys, uint32_t position);
/** The position of `key` in `keys`, or -1. */
int64_t bw__map_index_find(const bw_map_index *index, const bw_view *keys, bw_view key);
/** Takes keys[position], which is there, out; later positions become one less. */
void bw__map_index_remove(bw_map_index *index, const bw_view *keys, uint32_t position);

#endif
