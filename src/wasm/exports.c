/* SPDX-License-Identifier: MIT */
/* Stores and operations for JavaScript; exports.h is the contract. */
#include "exports.h"

#include <string.h>

#include "bores/pack.h"
#include "wasm_internal.h"

/* Stores and operations --------------------------------------------------------------------- */

/* An operation with the parameters it borrows and the buffers its wants are packed in. */
struct bw_wasm_op {
    bw_op *op;
    bw_arena params;
    bw_bytes wants;
    bw_bytes result;
};

bw_store *bw_wasm_store_new(void)
{
    bw_store *store = NULL;

    return bw_store_new(bw_wasm_ctx(), &store) == BW_OK ? store : NULL;
}

void bw_wasm_store_free(bw_store *store)
{
    bw_store_free(bw_wasm_ctx(), store);
}

void bw_wasm_op_free(bw_wasm_op *op)
{
    bw_ctx *ctx = bw_wasm_ctx();

    if (op != NULL) {
        bw_op_free(ctx, op->op);
        bw_arena_free(ctx, &op->params);
        bw_bytes_free(ctx, &op->wants);
        bw_bytes_free(ctx, &op->result);
        bw_release(ctx, op);
    }
}

bw_wasm_op *bw_wasm_op_begin(bw_store *store, const char *name, const uint8_t *params,
                             size_t params_len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_wasm_op *op = bw_alloc_zeroed(ctx, sizeof *op);
    bw_node *tree = NULL;

    if (op == NULL) {
        return NULL;
    }
    if (bw_wasm_params(ctx, &op->params, (bw_view){params, params_len}, &tree) != BW_OK ||
        bw_op_begin(ctx, store, name, tree, &op->op) != BW_OK) {
        bw_wasm_op_free(op);
        return NULL;
    }
    return op;
}

int bw_wasm_op_done(const bw_wasm_op *op)
{
    return bw_op_state(op->op) == BW_OP_DONE;
}

#define WANTS_AT_ONCE 64u

int bw_wasm_op_wants(bw_wasm_op *op, uint32_t capacity, const uint8_t **packed)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_want wants[WANTS_AT_ONCE];
    uint32_t count = 0;

    capacity = capacity > WANTS_AT_ONCE ? WANTS_AT_ONCE : capacity;
    if (bw_op_wants(ctx, op->op, wants, capacity, &count) != BW_OK) {
        return -1;
    }
    op->wants.len = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t head[3] = {wants[i].id, (uint32_t)wants[i].kind, (uint32_t)wants[i].key.len};
        bool suffix = wants[i].offset == BW_SUFFIX;
        double range[2] = {suffix ? -1 : (double)wants[i].offset, (double)wants[i].length};

        if (bw_bytes_append(ctx, &op->wants, head, sizeof head) != BW_OK ||
            bw_bytes_append(ctx, &op->wants, range, sizeof range) != BW_OK ||
            bw_bytes_append(ctx, &op->wants, wants[i].key.ptr, wants[i].key.len) != BW_OK) {
            return -1;
        }
    }
    *packed = op->wants.ptr;
    return (int)count;
}

bw_status bw_wasm_op_give(bw_wasm_op *op, uint32_t id, const uint8_t *bytes, size_t len)
{
    return bw_op_give(bw_wasm_ctx(), op->op, id, (bw_view){bytes, len});
}

bw_status bw_wasm_op_give_listing(bw_wasm_op *op, uint32_t id, const uint8_t *names,
                                            size_t len)
{
    return bw_op_give_listing(bw_wasm_ctx(), op->op, id, (bw_view){names, len});
}

bw_status bw_wasm_op_give_failure(bw_wasm_op *op, uint32_t id, const char *code,
                                            const char *message)
{
    bw_status status = BW_ERR_NOT_FOUND;

    for (int i = 1; i < BW_STATUS_COUNT; i++) {
        if (strcmp(bw_status_name((bw_status)i), code) == 0) {
            status = (bw_status)i;
        }
    }
    return bw_op_give_failure(bw_wasm_ctx(), op->op, id, status, message);
}

const uint8_t *bw_wasm_op_result(bw_wasm_op *op, size_t *len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    const bw_node *result = bw_op_result(op->op);

    if (result == NULL) {
        (void)bw_fail(ctx, BW_ERR_ARGUMENT, "the operation has no result yet");
        return NULL;
    }
    op->result.len = 0;
    if (bw_pack(ctx, result, &op->result) != BW_OK) {
        return NULL;
    }
    *len = op->result.len;
    return op->result.ptr;
}
