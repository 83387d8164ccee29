/* SPDX-License-Identifier: MIT */
/*
 * Lists of mappings, which Zarr has no node for: BORES stores one as a group of groups, named
 * 0 … n-1, or in the oldest layout metric_0 … metric_n-1 (its one such list is recent_metrics).
 */
#include <string.h>

#include "entry.h"

#define METRIC "metric_"

/* The number in a key behind `lead` bytes; false for what is none, or has leading zeros. */
static bool key_number(bw_view key, size_t lead, uint64_t *out)
{
    uint64_t number = 0;

    if (key.len <= lead || key.len > lead + 9 || (key.len > lead + 1 && key.ptr[lead] == '0')) {
        return false;
    }
    for (size_t c = lead; c < key.len; c++) {
        if (key.ptr[c] < '0' || key.ptr[c] > '9') {
            return false;
        }
        number = number * 10 + (key.ptr[c] - '0');
    }
    *out = number;
    return true;
}

static bool has_metric_names(const bw_node *map)
{
    const size_t lead = sizeof METRIC - 1;

    for (uint32_t i = 0; i < map->children.len; i++) {
        bw_view key = map->children.keys[i];
        if (key.len <= lead || memcmp(key.ptr, METRIC, lead) != 0) {
            return false;
        }
    }
    return map->children.len > 0;
}

static bool is_numbered(const bw_node *map, size_t lead)
{
    for (uint32_t i = 0; i < map->children.len; i++) {
        uint64_t number;

        if (map->children.items[i]->type != BW_NODE_MAP ||
            !key_number(map->children.keys[i], lead, &number) || number >= map->children.len) {
            return false; /* unique numbers below n are exactly 0 … n-1 */
        }
    }
    return map->children.len > 0;
}

bw_status bw__numbered_to_list(bw_ctx *ctx, bw_arena *arena, bw_node *map, bw_view name,
                               bool steps)
{
    bool empty_metrics;
    size_t lead;
    uint32_t count;
    bw_node **items;

    if (map->type != BW_NODE_MAP) {
        return BW_OK;
    }
    count = map->children.len;
    empty_metrics = steps && count == 0 && bw_view_equal(name, BW_VIEW("recent_metrics"));
    lead = steps && has_metric_names(map) ? sizeof METRIC - 1 : 0;
    if (!empty_metrics && !is_numbered(map, lead)) {
        return BW_OK;
    }
    items = bw_arena_alloc(ctx, arena, count * sizeof *items);
    if (items == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t at = 0;

        (void)key_number(map->children.keys[i], lead, &at); /* is_numbered() has checked */
        items[at] = map->children.items[i];
    }
    memset(&map->children, 0, sizeof map->children);
    map->type = BW_NODE_LIST;
    map->children.items = items;
    map->children.len = map->children.cap = count;
    return BW_OK;
}

const bw_node *bw__numbered_get(const bw_node *map, bw_view name)
{
    const bw_node *item = bw_map_get(map, name);
    char metric[32] = METRIC;

    if (item != NULL || name.len > sizeof metric - sizeof METRIC) {
        return item;
    }
    memcpy(metric + sizeof METRIC - 1, name.ptr, name.len);
    return bw_map_get(map, (bw_view){(const uint8_t *)metric, sizeof METRIC - 1 + name.len});
}
