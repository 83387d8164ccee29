/* SPDX-License-Identifier: MIT */
/**
 * A saved solver state with anything changed in it: it is refused and nothing has changed, or the
 * simulation goes on from it to an answer or an error. The model has what a state can hold: wells with
 * events to come, an aquifer, a bound on Rs. The input is edits of eleven bytes: what (the top bit
 * shortens or retypes the array instead), u16 where, a double.
 */
#include <math.h>
#include <string.h>

#include "bores/json.h"
#include "bores/pack.h"
#include "bores/sim.h"
#include "fuzz.h"
#include "require.h"

#define EDIT 11u
#define MOST_EDITS 64u

static const char model_text[] =
    "{\"grid\":{\"nx\":2,\"ny\":2,\"nz\":2,\"dx\":300,\"dy\":300,\"dz\":20,\"tops\":8000},"
    "\"rock\":{\"porosity\":0.2,\"permx\":100,\"permy\":100,\"permz\":10,\"compressibility\":4e-6,\"pref\":4000},"
    "\"density\":{\"oil\":49,\"water\":63,\"gas\":0.05},"
    "\"water\":{\"pref\":4000,\"bw\":1.03,\"cw\":3e-6,\"muw\":0.4,\"viscosibility\":0},"
    "\"oil\":{\"type\":\"live\",\"pvto\":[{\"rs\":0.1,\"branch\":[[500,1.1,1.2]]},"
    "{\"rs\":0.8,\"branch\":[[4000,1.4,0.6],[8000,1.3,0.7]]}]},"
    "\"gas\":{\"pvdg\":[[500,6,0.013],[4000,0.8,0.022],[8000,0.5,0.03]]},"
    "\"relperm\":{\"swof\":[[0.2,0,1,8],[0.8,0.4,0,0],[1,1,0,0]],\"sgof\":[[0,0,1,0],[0.5,0.6,0,0],[0.8,1,0,0]]},"
    "\"initial\":{\"type\":\"explicit\",\"pressure\":3900,\"sw\":0.3,\"sg\":0.05,\"rs\":0.7},"
    "\"options\":{\"drsdt\":0.001,\"maximum_cuts\":3,\"maximum_newton_iterations\":8},"
    "\"wells\":[{\"name\":\"P\",\"type\":\"producer\",\"ref_depth\":8000,\"radius\":0.3,\"skin\":0,"
    "\"perforations\":[{\"i\":0,\"j\":0,\"k\":0},{\"i\":0,\"j\":0,\"k\":1}]},"
    "{\"name\":\"I\",\"type\":\"injector\",\"fluid\":\"water\",\"ref_depth\":8000,\"radius\":0.3,\"skin\":0,"
    "\"perforations\":[{\"i\":1,\"j\":1,\"k\":1}]}],"
    "\"schedule\":[{\"day\":0,\"wells\":{\"P\":{\"control\":\"orat\",\"orat\":100,\"bhp\":1000},"
    "\"I\":{\"control\":\"rate\",\"rate\":100,\"bhp\":6000}}},"
    "{\"day\":4,\"wells\":{\"P\":{\"control\":\"bhp\",\"bhp\":1500}}}],"
    "\"boundaries\":[{\"face\":\"x-\",\"type\":\"carter_tracy\",\"initial_pressure\":3500,"
    "\"constant\":50,\"time_factor\":0.1}],\"report_days\":[1,10,20]}";

static const char *const keys[] = {"scalars",   "wells", "boundaries", "pressure",    "water",
                                   "third", "saturated", "accumulation", "rs_bound"};

static double number_at(const uint8_t *at)
{
    double value = 0;

    memcpy(&value, at, sizeof value);
    return value;
}

/* Of an array: shorter, or of another type. */
static void change_shape(bw_array *array, double value)
{
    if (value > 0) {
        array->dtype.kind = 'i';
    } else if (array->nbytes >= array->dtype.itemsize) {
        array->nbytes -= array->dtype.itemsize;
    }
}

static void edit(bw_node *saved, const uint8_t *data, size_t size)
{
    for (size_t n = 0; n < MOST_EDITS && (n + 1) * EDIT <= size; n++) {
        const uint8_t *at = data + n * EDIT;
        bw_node *node = bw_map_get_text(saved, keys[(at[0] & 0x7f) % (sizeof keys / sizeof *keys)]);
        size_t where = (size_t)at[1] | (size_t)at[2] << 8, size_of = 0;
        if (node == NULL || node->type != BW_NODE_ARRAY) {
            continue;
        }
        size_of = node->array->dtype.itemsize;
        if (at[0] & 0x80) {
            change_shape(node->array, number_at(at + 3));
        } else if (node->array->nbytes >= size_of) {
            where %= node->array->nbytes / size_of;
            memcpy((uint8_t *)(uintptr_t)node->array->data + where * size_of, at + 3, size_of);
        }
    }
}

/* Everything that can be read of it, as it would go to its host. */
static void read_all(bw_ctx *ctx, bw_sim *sim)
{
    for (int part = 0; part < BW_SIM_PART_COUNT; part++) {
        bw_arena arena = {0};
        bw_bytes packed = {0};
        bw_node *tree = NULL;
        require(bw_sim_read(ctx, sim, (bw_sim_part)part, &arena, &tree) == BW_OK);
        require(bw_pack(ctx, tree, &packed) == BW_OK);
        bw_bytes_free(ctx, &packed);
        bw_arena_free(ctx, &arena);
    }
}

static void go_on(bw_ctx *ctx, bw_sim *sim, const bw_node *saved)
{
    double day = bw_sim_day(sim);

    if (bw_sim_restore(ctx, sim, saved) != BW_OK) {
        require(ctx->error.status == BW_ERR_VALIDATION);
        require(bw_utf8_valid(bw_view_text(ctx->error.message)));
        require(bw_sim_day(sim) == day);
        require(bw_sim_step(ctx, sim, 1) == BW_OK); /* as if nothing had been tried */
    }
    for (int step = 0; step < 3; step++) {
        bw_status st = bw_sim_step(ctx, sim, bw_sim_day(sim) + 5);
        require(st == BW_OK || st == BW_ERR_SOLVER || st == BW_ERR_ARGUMENT);
    }
    read_all(ctx, sim);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_node *model = NULL, *saved = NULL;
    bw_sim *first = NULL, *second = NULL;

    bw_ctx_init(&ctx);
    require(bw_json_parse(&ctx, &arena, bw_view_text(model_text), &model) == BW_OK);
    require(bw_sim_new(&ctx, model, &first) == BW_OK && bw_sim_new(&ctx, model, &second) == BW_OK);
    require(bw_sim_step(&ctx, first, 1) == BW_OK);
    require(bw_sim_read(&ctx, first, BW_SIM_SAVED, &arena, &saved) == BW_OK);
    edit(saved, data, size);
    go_on(&ctx, second, saved);
    bw_sim_free(&ctx, first);
    bw_sim_free(&ctx, second);
    bw_arena_free(&ctx, &arena);
    return 0;
}
