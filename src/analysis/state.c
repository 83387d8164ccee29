/* SPDX-License-Identifier: MIT */
/** A state's tree seen as a step, a time and grids of float64, in any of BORES's layouts. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis_internal.h"

const char *const bw__phase_names[BW__PHASES] = {"oil", "water", "gas"};

const char *const bw__grid_paths[BW__GRIDS] = {
#define GRID_PATH(name, path) path,
    BW__GRID_LIST(GRID_PATH)
#undef GRID_PATH
};

static bw_status read_clock(bw_ctx *ctx, bw__state *state)
{
    double step, time, size;

    if (!bw__to_number(bw__find(state->root, "step"), &step) || step != floor(step) ||
        fabs(step) > 9007199254740992.0) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "a state has no step, which must be an integer");
    }
    state->step = (int64_t)step;
    if (!bw__to_number(bw__find(state->root, "time"), &time) || !isfinite(time)) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "step %" PRId64 ": time is missing or no number",
                       state->step);
    }
    if (!bw__to_number(bw__find(state->root, "step_size"), &size) || !isfinite(size)) {
        return bw_fail(ctx, BW_ERR_VALIDATION,
                       "step %" PRId64 ": step_size is missing or no number", state->step);
    }
    state->day = time / BW__SECONDS_PER_DAY;
    state->step_days = size / BW__SECONDS_PER_DAY;
    return BW_OK;
}

/* Three lengths of at least 1; false for anything else. */
static bool to_shape(const double *numbers, size_t count, uint64_t shape[3])
{
    for (size_t d = 0; d < 3; d++) {
        if (count != 3 || !(numbers[d] >= 1 && numbers[d] < 4294967296.0) ||
            numbers[d] != floor(numbers[d])) {
            return false;
        }
        shape[d] = (uint64_t)numbers[d];
    }
    return true;
}

/* The grid's shape is that of its thicknesses, which the volumes are made with; without them it is
 * what the model says, or that of its pressures. */
static bw_status read_shape(bw_ctx *ctx, bw__state *state)
{
    const bw_node *named = bw__find(state->root, "model.grid_shape");
    const bw_node *like = bw__find(state->root, bw__grid_paths[BW__THICKNESS]);
    double *numbers;
    size_t count = 0;

    like = like != NULL || named != NULL ? like
                                         : bw__find(state->root, bw__grid_paths[BW__PRESSURE]);
    if (like != NULL && like->type == BW_NODE_ARRAY && like->array->rank == 3) {
        count = 3;
        memcpy(state->shape, like->array->shape, sizeof state->shape);
    } else if (named != NULL) {
        BW_TRY(bw__to_numbers(ctx, &state->arena, named, &numbers, &count));
        count = to_shape(numbers, count, state->shape) ? 3 : 0;
    }
    if (count != 3) {
        return bw_fail(ctx, BW_ERR_VALIDATION,
                       "step %" PRId64 ": model.grid_shape is not three lengths", state->step);
    }
    if (state->shape[0] == 0 || state->shape[1] == 0 || state->shape[2] == 0 ||
        state->shape[0] > UINT32_MAX / state->shape[1] ||
        state->shape[0] * state->shape[1] > UINT32_MAX / state->shape[2]) {
        return bw_fail(ctx, BW_ERR_LIMIT, "step %" PRId64 ": a grid of %" PRIu64 " x %" PRIu64
                       " x %" PRIu64 " cells", state->step, state->shape[0], state->shape[1],
                       state->shape[2]);
    }
    state->cells = (size_t)(state->shape[0] * state->shape[1] * state->shape[2]);
    return BW_OK;
}

static bw_status read_grid(bw_ctx *ctx, bw__state *state, bw__grid grid)
{
    const bw_node *node = bw__find(state->root, bw__grid_paths[grid]);
    char has[96], wants[96];

    if (node == NULL) {
        return BW_OK;
    }
    if (node->type != BW_NODE_ARRAY) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "step %" PRId64 ": %s is no array", state->step,
                       bw__grid_paths[grid]);
    }
    if (node->array->rank != 3 ||
        memcmp(node->array->shape, state->shape, sizeof state->shape) != 0) {
        bw_shape_format(node->array->rank, node->array->shape, has, sizeof has);
        bw_shape_format(3, state->shape, wants, sizeof wants);
        return bw_fail(ctx, BW_ERR_VALIDATION, "step %" PRId64 ": %s has shape %s, the grid %s",
                       state->step, bw__grid_paths[grid], has, wants);
    }
    if (bw__widen(ctx, &state->arena, node->array, &state->grid[grid]) != BW_OK) {
        return ctx->error.status == BW_ERR_NOMEM
                   ? BW_ERR_NOMEM
                   : bw_fail(ctx, BW_ERR_VALIDATION, "step %" PRId64 ": %s holds no numbers",
                             state->step, bw__grid_paths[grid]);
    }
    return BW_OK;
}

static bw_status read_all(bw_ctx *ctx, uint32_t wanted, bw__state *state)
{
    double *numbers;
    size_t count;

    if (state->root == NULL || state->root->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "a state is a map of its members");
    }
    BW_TRY(read_clock(ctx, state));
    BW_TRY(read_shape(ctx, state));
    BW_TRY(bw__to_numbers(ctx, &state->arena, bw__find(state->root, "model.cell_dimension"),
                          &numbers, &count));
    state->dx = count == 2 && numbers[0] > 0 ? numbers[0] : NAN;
    state->dy = count == 2 && numbers[1] > 0 ? numbers[1] : NAN;
    state->rock_compressibility = NAN;
    (void)bw__to_number(bw__find(state->root, "model.rock_properties.compressibility"),
                        &state->rock_compressibility);
    for (int grid = 0; grid < BW__GRIDS; grid++) {
        if (wanted >> grid & 1) {
            BW_TRY(read_grid(ctx, state, (bw__grid)grid));
        }
    }
    if (state->grid[BW__NET_TO_GROSS] == NULL) {
        state->grid[BW__NET_TO_GROSS] = state->grid[BW__NET_TO_GROSS_RATIO];
    }
    return BW_OK;
}

bw_status bw__state_open(bw_ctx *ctx, const bw_node *root, uint32_t wanted, bw__state *out)
{
    bw__state state = {.root = root};
    bw_status st = read_all(ctx, wanted, &state);

    if (st != BW_OK) {
        bw_arena_free(ctx, &state.arena);
        return st;
    }
    *out = state;
    return BW_OK;
}

void bw__state_close(bw_ctx *ctx, bw__state *state)
{
    bw_arena_free(ctx, &state->arena);
}

double bw__pore_volume(const bw__state *state, size_t cell)
{
    const double *h = state->grid[BW__THICKNESS], *phi = state->grid[BW__POROSITY];
    const double *net = state->grid[BW__NET_TO_GROSS];

    if (h == NULL || phi == NULL) {
        return NAN;
    }
    if (!(h[cell] > 0)) {
        return 0; /* no cell */
    }
    return state->dx * state->dy * h[cell] * phi[cell] * (net == NULL ? 1 : net[cell]);
}
