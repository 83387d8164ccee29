/* SPDX-License-Identifier: MIT */
#include "hdf5_memory.h"

#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "bores/pack.h"

#define MAX_DEPTH 12u
#define MAX_OBJECTS 300u

/* The file ---------------------------------------------------------------------------------- */

static void resize(bw_h5_memory *memory, size_t len)
{
    uint8_t *grown = realloc(memory->bytes, len > 0 ? len : 1);

    if (grown == NULL) {
        abort();
    }
    if (len > memory->len) {
        memset(grown + memory->len, 0, len - memory->len);
    }
    memory->bytes = grown;
    memory->len = len;
}

void bw_h5_memory_set(bw_h5_memory *memory, bw_view bytes)
{
    *memory = (bw_h5_memory){0};
    resize(memory, bytes.len);
    if (bytes.len > 0) {
        memcpy(memory->bytes, bytes.ptr, bytes.len);
    }
}

void bw_h5_memory_free(bw_h5_memory *memory)
{
    free(memory->bytes);
    *memory = (bw_h5_memory){0};
}

static bw_status on_read(void *user, uint64_t offset, size_t len, uint8_t *out)
{
    bw_h5_memory *memory = user;

    if (offset > memory->len || len > memory->len - offset) {
        abort(); /* the driver promises not to */
    }
    memory->reads++;
    memory->read_bytes += len;
    if (memory->reads == memory->fail_read_at) {
        return BW_ERR_NOT_FOUND;
    }
    if (len > 0) {
        memcpy(out, memory->bytes + offset, len);
    }
    return BW_OK;
}

static bw_status on_size(void *user, uint64_t *out)
{
    *out = ((bw_h5_memory *)user)->len;
    return BW_OK;
}

static bw_status on_write(void *user, uint64_t offset, size_t len, const uint8_t *bytes)
{
    bw_h5_memory *memory = user;

    memory->writes++;
    if (memory->writes == memory->fail_write_at) {
        return BW_ERR_LIMIT;
    }
    if (offset + len > memory->len) {
        resize(memory, (size_t)offset + len);
    }
    if (len > 0) {
        memcpy(memory->bytes + offset, bytes, len);
    }
    return BW_OK;
}

static bw_status on_truncate(void *user, uint64_t size)
{
    resize(user, (size_t)size);
    return BW_OK;
}

bw_h5_host bw_h5_memory_host(bw_h5_memory *memory)
{
    return (bw_h5_host){.read = on_read, .size = on_size, .write = on_write,
                        .truncate = on_truncate, .user = memory};
}

/* Operations -------------------------------------------------------------------------------- */

bw_status bw_h5_run_json(bw_ctx *ctx, bw_h5_file *file, const char *op, const char *params,
                         bw_arena *arena, bw_node **out)
{
    bw_node *tree = NULL;

    BW_TRY(bw_json_parse(ctx, arena, bw_view_text(params), &tree));
    return bw_h5_run(ctx, file, op, tree, arena, out);
}

typedef struct walk {
    bw_ctx *ctx;
    bw_h5_file *file;
    unsigned objects, problems;
} walk;

/* The result must cross to JavaScript in one piece; NULL after a failure. */
static bw_node *operate(walk *w, const char *op, const bw_node *params, bw_arena *arena)
{
    bw_bytes packed = {0};
    bw_node *result = NULL;
    bw_status st = bw_h5_run(w->ctx, w->file, op, params, arena, &result);

    if (st == BW_ERR_INTERNAL || st == BW_ERR_ARGUMENT ||
        (st != BW_OK && w->ctx->error.message[0] == '\0')) {
        abort();
    }
    if (st != BW_OK) {
        w->problems++;
        return NULL;
    }
    (void)bw_pack(w->ctx, result, &packed);
    bw_bytes_free(w->ctx, &packed);
    return result;
}

static void set(walk *w, bw_arena *arena, bw_node *map, const char *key, bw_node *value)
{
    if (value == NULL || bw_map_set(w->ctx, arena, map, bw_view_text(key), value) != BW_OK) {
        abort();
    }
}

static void walk_object(walk *w, const char *path, unsigned depth)
{
    bw_arena arena = {0};
    bw_node *params = bw_node_map(w->ctx, &arena), *node, *children;
    bw_view kind = {NULL, 0}, name;
    char child[1024];

    set(w, &arena, params, "path", bw_node_text(w->ctx, &arena, bw_view_text(path)));
    w->objects++;
    node = operate(w, "node", params, &arena);
    if (node != NULL && bw_map_get_string(node, "kind", &kind) &&
        bw_view_equal(kind, BW_VIEW("array"))) {
        (void)operate(w, "array", params, &arena);
        (void)operate(w, "bytes", params, &arena);
    }
    children = operate(w, "children", params, &arena);
    for (uint32_t i = 0; children != NULL && i < children->children.len; i++) {
        if (depth < MAX_DEPTH && w->objects < MAX_OBJECTS &&
            bw_map_get_string(children->children.items[i], "name", &name) &&
            strlen(path) + name.len + 2 < sizeof child) {
            strcpy(child, path);
            strcat(child, *path != '\0' ? "/" : "");
            strncat(child, (const char *)name.ptr, name.len);
            walk_object(w, child, depth + 1);
        }
    }
    bw_arena_free(w->ctx, &arena);
}

static void walk_entry(walk *w, bw_view group)
{
    static const char *const ops[] = {"load", "inventory", "verify"};

    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        bw_arena arena = {0};
        bw_node *params = bw_node_map(w->ctx, &arena);

        set(w, &arena, params, "group", bw_node_text(w->ctx, &arena, group));
        (void)operate(w, ops[i], params, &arena);
        bw_arena_free(w->ctx, &arena);
    }
}

bw_status bw_h5_walk(bw_ctx *ctx, bw_h5_file *file, unsigned *problems)
{
    walk w = {.ctx = ctx, .file = file};
    bw_arena arena = {0};
    bw_node *params = bw_node_map(ctx, &arena), *root, *groups;

    walk_object(&w, "", 0);
    root = operate(&w, "open", params, &arena);
    groups = root != NULL ? bw_map_get_text(root, "groups") : NULL;
    if (groups != NULL) {
        set(&w, &arena, params, "groups", groups);
        (void)operate(&w, "entries", params, &arena);
    }
    for (uint32_t i = 0; groups != NULL && i < groups->children.len && i < 2; i++) {
        walk_entry(&w, groups->children.items[i]->text);
    }
    bw_arena_free(ctx, &arena);
    *problems = w.problems;
    return BW_OK;
}
