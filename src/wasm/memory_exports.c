/* SPDX-License-Identifier: MIT */
/* Memory, errors and parameters, which both modules have; memory_exports.h is the contract. */
#include "memory_exports.h"

#include "bores/pack.h"
#include "wasm_internal.h"

static bw_ctx instance_ctx;
static bool instance_ready;

bw_ctx *bw_wasm_ctx(void)
{
    if (!instance_ready) {
        bw_ctx_init(&instance_ctx);
        instance_ready = true;
    }
    return &instance_ctx;
}

/* Memory and errors ------------------------------------------------------------------------- */

void *bw_wasm_alloc(size_t nbytes)
{
    return bw_alloc(bw_wasm_ctx(), nbytes == 0 ? 1 : nbytes);
}

void bw_wasm_free(void *ptr)
{
    bw_release(bw_wasm_ctx(), ptr);
}

const bw_wasm_error *bw_wasm_last_error(void)
{
    static bw_wasm_error out;
    const bw_error *error = &bw_wasm_ctx()->error;

    out = (bw_wasm_error){bw_status_name(error->status), error->message, error->key, 0,
                       (double)error->needed, (double)error->limit};
    return &out;
}

void bw_wasm_set_limits(double max_array_bytes, double max_document_bytes)
{
    bw_limits *limits = &bw_wasm_ctx()->limits;

    if (max_array_bytes > 0) {
        limits->max_array_bytes = (uint64_t)max_array_bytes;
    }
    if (max_document_bytes > 0) {
        limits->max_document_bytes = (uint64_t)max_document_bytes;
    }
}

/* Parameters -------------------------------------------------------------------------------- */

/* An address beyond memory would be a trap, and the end of the instance, later on. */
static bw_status check_arrays(bw_ctx *ctx, const bw_node *node)
{
    const uint64_t memory = (uint64_t)__builtin_wasm_memory_size(0) * 65536;

    if (node->type == BW_NODE_ARRAY && node->array->nbytes > 0 &&
        (uint64_t)(uintptr_t)node->array->data + node->array->nbytes > memory) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "an array of %zu bytes lies beyond memory",
                       node->array->nbytes);
    }
    if (node->type == BW_NODE_LIST || node->type == BW_NODE_MAP) {
        for (uint32_t i = 0; i < node->children.len; i++) {
            BW_TRY(check_arrays(ctx, node->children.items[i]));
        }
    }
    return BW_OK;
}

bw_status bw_wasm_params(bw_ctx *ctx, bw_arena *arena, bw_view packed, bw_node **out)
{
    BW_TRY(bw_unpack(ctx, arena, packed, true, out));
    return check_arrays(ctx, *out);
}
