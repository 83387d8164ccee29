/* SPDX-License-Identifier: MIT */
/**
 * A whole store out of any bytes (memory_host.h says how): opened, and everything in it listed,
 * loaded, read and verified. Limits are small, so that a claim costs no time.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/op.h"
#include "bores/pack.h"
#include "fuzz.h"
#include "memory_host.h"

#define MAX_ENTRIES 3u

typedef struct run {
    bw_ctx ctx;
    bw_host host;
    bw_store *store;
    bw_arena arena;
} run;

static bw_node *must(bw_node *node)
{
    if (node == NULL) {
        abort();
    }
    return node;
}

static void set(run *r, bw_node *map, const char *key, bw_node *value)
{
    if (bw_map_set(&r->ctx, &r->arena, map, bw_view_text(key), must(value)) != BW_OK) {
        abort();
    }
}

/* Runs to its end; the result must cross to JavaScript, or be refused, in one piece. */
static bw_op *operate(run *r, const char *name, const bw_node *params)
{
    bw_op *op = NULL;
    bw_bytes packed = {0};
    bw_status st = bw_host_run(&r->ctx, &r->host, r->store, name, params, &op);

    if (st == BW_ERR_INTERNAL || st == BW_ERR_ARGUMENT ||
        (st != BW_OK && r->ctx.error.message[0] == '\0')) {
        abort();
    }
    if (st != BW_OK) {
        return NULL;
    }
    (void)bw_pack(&r->ctx, bw_op_result(op), &packed);
    bw_bytes_free(&r->ctx, &packed);
    return op;
}

static void operate_once(run *r, const char *name, const bw_node *params)
{
    bw_op_free(&r->ctx, operate(r, name, params));
}

/* Parts of every array that the inventory names, and of none that it does not. */
static void read_paths(run *r, bw_view group)
{
    bw_node *params = must(bw_node_map(&r->ctx, &r->arena));
    bw_node *slice = must(bw_node_list(&r->ctx, &r->arena));
    bw_op *op;
    const bw_node *items;

    set(r, params, "group", bw_node_text(&r->ctx, &r->arena, group));
    op = operate(r, "zarr.inventory", params);
    items = op == NULL ? NULL : bw_op_result(op);
    if (bw_list_push(&r->ctx, &r->arena, slice, must(bw_node_int(&r->ctx, &r->arena, -1))) !=
        BW_OK) {
        abort();
    }
    for (uint32_t i = 0; items != NULL && i < items->children.len && i < 8; i++) {
        bw_node *path = bw_map_get_text(items->children.items[i], "path"), *copy;
        bw_node *shape = bw_map_get_text(items->children.items[i], "shape");

        if (path == NULL || bw_node_copy(&r->ctx, &r->arena, path, &copy) != BW_OK) {
            abort();
        }
        if (copy->children.len == 0) {
            continue; /* the entry itself is an array record */
        }
        set(r, params, "path", copy);
        set(r, params, "slice", bw_node_null(&r->ctx, &r->arena));
        operate_once(r, "zarr.read", params);
        if (shape->children.len > 0) {
            set(r, params, "slice", slice);
            operate_once(r, "zarr.read", params);
        }
    }
    bw_op_free(&r->ctx, op);
}

static void visit_entry(run *r, bw_view group)
{
    static const char *const operations[] = {"zarr.load", "zarr.verify"};
    bw_node *params = must(bw_node_map(&r->ctx, &r->arena));

    set(r, params, "group", bw_node_text(&r->ctx, &r->arena, group));
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        operate_once(r, operations[i], params);
    }
    read_paths(r, group);
}

static void visit_nodes(run *r, bw_view path)
{
    bw_node *params = must(bw_node_map(&r->ctx, &r->arena));

    set(r, params, "path", bw_node_text(&r->ctx, &r->arena, path));
    operate_once(r, "zarr.node", params);
    operate_once(r, "zarr.children", params);
    operate_once(r, "zarr.array", params);
}

static void visit_store(run *r)
{
    bw_op *op = operate(r, "zarr.open", NULL);
    const bw_node *groups = op == NULL ? NULL : bw_map_get_text(bw_op_result(op), "groups");
    bw_node *params = must(bw_node_map(&r->ctx, &r->arena));
    bw_node *some = must(bw_node_list(&r->ctx, &r->arena));

    for (uint32_t i = 0; groups != NULL && i < groups->children.len && i < MAX_ENTRIES; i++) {
        bw_view name = groups->children.items[i]->text;
        if (bw_list_push(&r->ctx, &r->arena, some,
                         must(bw_node_text(&r->ctx, &r->arena, name))) != BW_OK) {
            abort();
        }
    }
    bw_op_free(&r->ctx, op);
    set(r, params, "groups", some);
    operate_once(r, "zarr.entries", params);
    for (uint32_t i = 0; i < some->children.len; i++) {
        visit_entry(r, some->children.items[i]->text);
    }
    visit_nodes(r, BW_VIEW(""));
    if (r->host.count > 0) {
        bw_view key = r->host.items[r->host.count - 1].key;
        size_t len = key.len;
        while (len > 0 && key.ptr[len - 1] != '/') {
            len--;
        }
        visit_nodes(r, (bw_view){key.ptr, len > 0 ? len - 1 : 0});
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run r;

    memset(&r, 0, sizeof r);
    bw_ctx_init(&r.ctx);
    r.ctx.limits.max_array_bytes = 1u << 18;
    r.ctx.limits.max_chunks = 256;
    r.ctx.limits.max_document_bytes = 1u << 18;
    r.ctx.limits.max_depth = 24;
    bw_host_parse(&r.host, (bw_view){data, size});
    if (bw_store_new(&r.ctx, &r.store) != BW_OK) {
        abort();
    }
    visit_store(&r);
    bw_store_free(&r.ctx, r.store);
    bw_arena_free(&r.ctx, &r.arena);
    bw_host_free(&r.host);
    return 0;
}
