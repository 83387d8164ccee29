/* SPDX-License-Identifier: MIT */
/**
 * A crit-bit tree over the keys of a map.
 *
 * Every key is seen as an endless row of 9-bit symbols: 256 + byte while there are bytes, then 0.
 * So no key is a prefix of another one, NUL bytes included. An inner node holds the first symbol
 * and bit at which the keys below it differ; bits only get later on the way down.
 *
 * A link is 32 bits: position * 2 + 1 for a key, node * 2 for an inner node.
 */
#include "map_index.h"

#include <assert.h>
#include <string.h>

typedef struct inner {
    size_t symbol;
    uint32_t bit; /* one bit set, of the 9 */
    uint32_t link[2];
} inner;

struct bw_map_index {
    inner *nodes;
    uint32_t used, cap; /* slots of removed nodes are not used again */
    uint32_t root;
};

static bool is_key(uint32_t link)
{
    return (link & 1u) != 0;
}

static uint32_t symbol_at(bw_view key, size_t at)
{
    return at < key.len ? 256u | key.ptr[at] : 0;
}

static unsigned side(const inner *node, bw_view key)
{
    return (symbol_at(key, node->symbol) & node->bit) != 0;
}

/* The position of the one key that `key` can be equal to. */
static uint32_t nearest(const bw_map_index *index, bw_view key)
{
    uint32_t link = index->root;
    while (!is_key(link)) {
        const inner *node = &index->nodes[link / 2];
        link = node->link[side(node, key)];
    }
    return link / 2;
}

static bw_status reserve_node(bw_ctx *ctx, bw_arena *arena, bw_map_index *index)
{
    size_t cap = index->cap == 0 ? 16 : (size_t)index->cap * 2;
    inner *grown;

    if (index->used < index->cap) {
        return BW_OK;
    }
    if (cap > BW__MAP_MAX / 2 || cap > SIZE_MAX / sizeof *grown) {
        return bw_fail_limit(ctx, "keys of a map", cap, BW__MAP_MAX / 2);
    }
    grown = bw_arena_alloc(ctx, arena, cap * sizeof *grown);
    if (grown == NULL) {
        return BW_ERR_NOMEM;
    }
    if (index->used > 0) {
        memcpy(grown, index->nodes, index->used * sizeof *grown);
    }
    index->nodes = grown;
    index->cap = (uint32_t)cap;
    return BW_OK;
}

/* Fills `node` with the first place where two different keys differ. */
static void first_difference(bw_view a, bw_view b, inner *node)
{
    size_t at = 0;
    uint32_t bits;

    while (symbol_at(a, at) == symbol_at(b, at)) {
        assert(at < a.len);
        at++;
    }
    bits = symbol_at(a, at) ^ symbol_at(b, at);
    while ((bits & (bits - 1)) != 0) {
        bits &= bits - 1; /* the highest bit stays */
    }
    node->symbol = at;
    node->bit = bits;
}

/* Links a new key in: above the first node that asks about a later bit. */
static void insert(bw_map_index *index, const bw_view *keys, uint32_t position)
{
    bw_view key = keys[position];
    inner *added = &index->nodes[index->used];
    uint32_t *link = &index->root;
    unsigned where;

    first_difference(key, keys[nearest(index, key)], added);
    while (!is_key(*link)) {
        inner *node = &index->nodes[*link / 2];
        if (node->symbol > added->symbol ||
            (node->symbol == added->symbol && node->bit < added->bit)) {
            break;
        }
        link = &node->link[side(node, key)];
    }
    where = side(added, key);
    added->link[where] = position * 2 + 1;
    added->link[1 - where] = *link;
    *link = index->used * 2;
    index->used++;
}

bw_status bw__map_index_add(bw_ctx *ctx, bw_arena *arena, bw_map_index **index,
                            const bw_view *keys, uint32_t position)
{
    bw_map_index *made;

    if (*index != NULL) {
        BW_TRY(reserve_node(ctx, arena, *index));
        insert(*index, keys, position);
        return BW_OK;
    }
    made = bw_arena_alloc_zeroed(ctx, arena, sizeof *made);
    if (made == NULL) {
        return BW_ERR_NOMEM;
    }
    made->root = position * 2 + 1;
    *index = made;
    return BW_OK;
}

int64_t bw__map_index_find(const bw_map_index *index, const bw_view *keys, bw_view key)
{
    uint32_t position = nearest(index, key);
    return bw_view_equal(keys[position], key) ? (int64_t)position : -1;
}

void bw__map_index_remove(bw_map_index *index, const bw_view *keys, uint32_t position)
{
    uint32_t *parent = NULL, *link = &index->root;
    unsigned where = 0;

    while (!is_key(*link)) {
        inner *node = &index->nodes[*link / 2];
        parent = link;
        where = side(node, keys[position]);
        link = &node->link[where];
    }
    assert(*link / 2 == position && parent != NULL);
    *parent = index->nodes[*parent / 2].link[1 - where];
    for (uint32_t i = 0; i < index->used; i++) {
        for (unsigned s = 0; s < 2; s++) {
            uint32_t *other = &index->nodes[i].link[s];
            *other -= is_key(*other) && *other / 2 > position ? 2 : 0;
        }
    }
    if (is_key(index->root) && index->root / 2 > position) {
        index->root -= 2;
    }
}
