/* SPDX-License-Identifier: MIT */
#include "store_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "check.h"
#include "test_data.h"

const char *const store_layouts[STORE_LAYOUTS] = {"nested", "flat", "wire", "steps"};

void setup(store_fixture *f, const char *name)
{
    char path[64] = "store/";

    memset(f, 0, sizeof *f);
    bw_ctx_init(&f->ctx);
    strcat(strcat(path, name), ".kv");
    f->file = bw_test_file(path);
    bw_host_parse(&f->host, bw_bytes_view(&f->file));
    CHECK_OK(&f->ctx, bw_store_new(&f->ctx, &f->store));
}

void teardown(store_fixture *f)
{
    bw_op_free(&f->ctx, f->op);
    bw_store_free(&f->ctx, f->store);
    bw_arena_free(&f->ctx, &f->arena);
    bw_host_free(&f->host);
    free(f->file.ptr);
}

bw_status run(store_fixture *f, const char *name, const char *params)
{
    bw_node *tree = NULL;

    bw_op_free(&f->ctx, f->op);
    f->op = NULL;
    BW_TRY(bw_json_parse(&f->ctx, &f->arena, bw_view_text(params), &tree));
    return bw_host_run(&f->ctx, &f->host, f->store, name, tree, &f->op);
}

const bw_node *result(const store_fixture *f)
{
    return f->op == NULL ? NULL : bw_op_result(f->op);
}

const bw_node *node_at(const bw_node *node, const char *const *path)
{
    for (; *path != NULL && node != NULL; path++) {
        if (node->type == BW_NODE_LIST) {
            unsigned long i = strtoul(*path, NULL, 10);
            node = i < node->children.len ? node->children.items[i] : NULL;
        } else {
            node = bw_map_get_text(node, *path);
        }
    }
    return node;
}

double f8_at(const bw_node *node, size_t i)
{
    double value = -1;

    if (CHECK(node != NULL && node->type == BW_NODE_ARRAY && i * 8 + 8 <= node->array->nbytes)) {
        memcpy(&value, node->array->data + i * 8, sizeof value);
    }
    return value;
}

int64_t i8_at(const bw_node *node, size_t i)
{
    int64_t value = -1;

    if (CHECK(node != NULL && node->type == BW_NODE_ARRAY && i * 8 + 8 <= node->array->nbytes)) {
        memcpy(&value, node->array->data + i * 8, sizeof value);
    }
    return value;
}

double f8_sum(const bw_node *node)
{
    double sum = 0;

    for (size_t i = 0; node != NULL && i < node->array->nbytes / 8; i++) {
        sum += f8_at(node, i);
    }
    return sum;
}

static bool same_array(const bw_array *a, const bw_array *b)
{
    return bw_dtype_equal(a->dtype, b->dtype) && a->rank == b->rank && a->nbytes == b->nbytes &&
           memcmp(a->shape, b->shape, a->rank * sizeof *a->shape) == 0 &&
           (a->data == NULL) == (b->data == NULL) &&
           (a->data == NULL || memcmp(a->data, b->data, a->nbytes) == 0);
}

bool same_tree(const bw_node *a, const bw_node *b)
{
    if (a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case BW_NODE_NULL: return true;
    case BW_NODE_BOOL: return a->boolean == b->boolean;
    case BW_NODE_INT: return a->integer == b->integer;
    case BW_NODE_FLOAT: return memcmp(&a->number, &b->number, sizeof a->number) == 0;
    case BW_NODE_STRING: return bw_view_equal(a->text, b->text);
    case BW_NODE_ARRAY: return same_array(a->array, b->array);
    case BW_NODE_LIST:
    case BW_NODE_MAP: break;
    }
    if (a->children.len != b->children.len) {
        return false;
    }
    for (uint32_t i = 0; i < a->children.len; i++) {
        if ((a->type == BW_NODE_MAP &&
             !bw_view_equal(a->children.keys[i], b->children.keys[i])) ||
            !same_tree(a->children.items[i], b->children.items[i])) {
            return false;
        }
    }
    return true;
}
