/* SPDX-License-Identifier: MIT */
/* Simulations for JavaScript; sim_exports.h is the contract. */
#include "sim_exports.h"

#include "bores/pack.h"
#include "wasm/wasm_internal.h"

struct bw_wasm_sim {
    bw_sim *sim;
    bw_arena arena; /* of the part last read */
    bw_bytes packed;
};

void bw_wasm_sim_free(bw_wasm_sim *sim)
{
    bw_ctx *ctx = bw_wasm_ctx();

    if (sim != NULL) {
        bw_sim_free(ctx, sim->sim);
        bw_arena_free(ctx, &sim->arena);
        bw_bytes_free(ctx, &sim->packed);
        bw_release(ctx, sim);
    }
}

bw_wasm_sim *bw_wasm_sim_new(const uint8_t *model, size_t len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_wasm_sim *sim = bw_alloc_zeroed(ctx, sizeof *sim);
    bw_arena params = {0};
    bw_node *tree = NULL;

    if (sim == NULL) {
        return NULL;
    }
    if (bw_wasm_params(ctx, &params, (bw_view){model, len}, &tree) != BW_OK ||
        bw_sim_new(ctx, tree, &sim->sim) != BW_OK) {
        bw_wasm_sim_free(sim);
        sim = NULL;
    }
    bw_arena_free(ctx, &params);
    return sim;
}

bw_status bw_wasm_sim_step(bw_wasm_sim *sim, double until_day)
{
    return bw_sim_step(bw_wasm_ctx(), sim->sim, until_day);
}

double bw_wasm_sim_day(const bw_wasm_sim *sim)
{
    return bw_sim_day(sim->sim);
}

double bw_wasm_sim_last_day(const bw_wasm_sim *sim)
{
    return bw_sim_last_day(sim->sim);
}

const uint8_t *bw_wasm_sim_read(bw_wasm_sim *sim, int part, size_t *len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_node *tree = NULL;

    bw_arena_free(ctx, &sim->arena);
    sim->packed.len = 0;
    if (bw_sim_read(ctx, sim->sim, (bw_sim_part)part, &sim->arena, &tree) != BW_OK ||
        bw_pack(ctx, tree, &sim->packed) != BW_OK) {
        return NULL;
    }
    *len = sim->packed.len;
    return sim->packed.ptr;
}

typedef bw_status taker(bw_ctx *ctx, bw_sim *sim, const bw_node *tree);

static bw_status take(bw_wasm_sim *sim, const uint8_t *bytes, size_t len, taker *take_tree)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_arena params = {0};
    bw_node *tree = NULL;
    bw_status st = bw_wasm_params(ctx, &params, (bw_view){bytes, len}, &tree);

    if (st == BW_OK) {
        st = take_tree(ctx, sim->sim, tree);
    }
    bw_arena_free(ctx, &params);
    return st;
}

bw_status bw_wasm_sim_restore(bw_wasm_sim *sim, const uint8_t *saved, size_t len)
{
    return take(sim, saved, len, bw_sim_restore);
}

bw_status bw_wasm_sim_change(bw_wasm_sim *sim, const uint8_t *wells, size_t len)
{
    return take(sim, wells, len, bw_sim_change);
}

const uint8_t *bw_wasm_sim_problems(const uint8_t *model, size_t model_len, size_t *len)
{
    bw_ctx *ctx = bw_wasm_ctx();
    bw_arena arena = {0};
    bw_bytes packed = {0};
    bw_node *tree = NULL, *problems = NULL;

    if (bw_wasm_params(ctx, &arena, (bw_view){model, model_len}, &tree) == BW_OK &&
        bw_sim_problems(ctx, &arena, tree, &problems) == BW_OK) {
        (void)bw_pack(ctx, problems, &packed);
    }
    bw_arena_free(ctx, &arena);
    *len = packed.len;
    return packed.ptr;
}
