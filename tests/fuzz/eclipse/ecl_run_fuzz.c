/* SPDX-License-Identifier: MIT */
/**
 * Any bytes as the files of an ECLIPSE run, in the flat form of memory_host.h; what a file is for, its name says.
 * Grid, states, wells and summary are asked of it: each gives an answer or an error, never a read outside.
 */
#include <string.h>

#include "bores/pack.h"
#include "fuzz.h"
#include "memory_host.h"
#include "require.h"

static const struct {
    const char *end, *role;
    int number;
} kinds[] = {{"EGRID", "grid", -1},   {"GRID", "grid", -1},     {"GRDECL", "grdecl", -1}, {"INIT", "init", -1},
             {"UNRST", "restart", -1}, {"X0007", "restart", 7},  {"SMSPEC", "specs", -1},
             {"UNSMRY", "summary", -1}, {"", "any", -1}};

static bool put(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, bw_node *value)
{
    return value != NULL && bw_map_set(ctx, arena, map, bw_view_text(key), value) == BW_OK;
}

static bool add_file(bw_ctx *ctx, bw_arena *arena, bw_node *files, const bw_host_item *item)
{
    bw_node *file = bw_node_map(ctx, arena);

    for (size_t n = 0; n < sizeof kinds / sizeof kinds[0]; n++) {
        size_t len = strlen(kinds[n].end);
        if (item->key.len < len || memcmp(item->key.ptr + item->key.len - len, kinds[n].end, len) != 0) {
            continue;
        }
        return put(ctx, arena, file, "name", bw_node_text(ctx, arena, item->key)) &&
               put(ctx, arena, file, "size", bw_node_int(ctx, arena, (int64_t)item->value.len)) &&
               put(ctx, arena, file, "role", bw_node_text(ctx, arena, bw_view_text(kinds[n].role))) &&
               put(ctx, arena, file, "number", bw_node_int(ctx, arena, kinds[n].number)) &&
               bw_list_push(ctx, arena, files, file) == BW_OK;
    }
    return false;
}

static bw_node *params_of(bw_ctx *ctx, bw_arena *arena, const bw_host *host)
{
    bw_node *params = bw_node_map(ctx, arena), *files = bw_node_list(ctx, arena), *columns = bw_node_list(ctx, arena);

    for (size_t n = 0; n < host->count && n < 16; n++) {
        if (bw_utf8_valid(host->items[n].key) && host->items[n].value.ptr != NULL) {
            require(add_file(ctx, arena, files, &host->items[n]));
        }
    }
    require(bw_list_push(ctx, arena, columns, bw_node_int(ctx, arena, 1)) == BW_OK);
    require(put(ctx, arena, params, "files", files) && put(ctx, arena, params, "columns", columns) &&
            put(ctx, arena, params, "units", bw_node_text(ctx, arena, BW_VIEW("bores"))) &&
            put(ctx, arena, params, "group", bw_node_text(ctx, arena, BW_VIEW("entry_0000000000"))));
    return params;
}

static bw_status ask(bw_ctx *ctx, bw_host *host, bw_store *store, const char *name, const bw_node *params)
{
    bw_bytes packed = {0};
    bw_op *op = NULL;
    bw_status st = bw_host_run(ctx, host, store, name, params, &op);

    if (st == BW_OK) {
        require(bw_pack(ctx, bw_op_result(op), &packed) == BW_OK);
        bw_op_free(ctx, op);
    } else {
        require(bw_utf8_valid(bw_view_text(ctx->error.message)));
    }
    bw_bytes_free(ctx, &packed);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"ecl.load",  "ecl.inventory", "ecl.verify",      "ecl.wells",   "ecl.summary",
                                        "ecl.cells", "ecl.faces",     "ecl.connections", "ecl.geometry"};
    bw_arena arena = {0};
    bw_store *store = NULL;
    bw_host host = {0};
    bw_node *params;
    bw_ctx ctx;

    if (size > 1 << 16) {
        return 0;
    }
    bw_ctx_init(&ctx);
    ctx.limits.max_array_bytes = 1 << 20;
    bw_host_parse(&host, (bw_view){data, size});
    params = params_of(&ctx, &arena, &host);
    require(bw_store_new(&ctx, &store) == BW_OK);
    if (ask(&ctx, &host, store, "ecl.open", params) == BW_OK) {
        for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
            (void)ask(&ctx, &host, store, names[n], params);
        }
    }
    bw_store_free(&ctx, store);
    bw_host_free(&host);
    bw_arena_free(&ctx, &arena);
    return 0;
}
