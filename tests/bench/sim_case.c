/* SPDX-License-Identifier: MIT */
/*
 * Runs a model of JSON natively and prints its summaries, for comparisons and timings:
 *
 *     sim_case MODEL.json [--set KEY=VALUE …] [--ends DAYS.txt] [--arrays OUT.bin]
 *
 * --set puts a member of `options`, --ends has the days that steps end at, one a line, and --arrays
 * writes what does not change and the state at each of `array_days` as float64.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bores/json.h"
#include "bores/sim.h"

static bw_ctx ctx;
static bw_arena arena;

static void check(bw_status st)
{
    if (st != BW_OK) {
        fprintf(stderr, "%s: %s\n", bw_status_name(st), ctx.error.message);
        exit(1);
    }
}

static bw_view slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t len = 0, cap = 1 << 24;
    uint8_t *bytes = malloc(cap);

    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    len = fread(bytes, 1, cap - 1, file);
    bytes[len] = 0;
    fclose(file);
    return (bw_view){bytes, len};
}

static void set_option(bw_node *model, const char *text)
{
    bw_node *options = bw_map_get_text(model, "options"), *value = NULL;
    const char *equals = strchr(text, '=');
    char *end = NULL;
    double number = strtod(equals + 1, &end);

    if (options == NULL || options->type != BW_NODE_MAP) {
        options = bw_node_map(&ctx, &arena);
        check(bw_map_set(&ctx, &arena, model, BW_VIEW("options"), options));
    }
    value = *end == 0 ? bw_node_float(&ctx, &arena, number)
                      : bw_node_text(&ctx, &arena, bw_view_text(equals + 1));
    check(bw_map_set(&ctx, &arena, options,
                     (bw_view){(const uint8_t *)text, (size_t)(equals - text)}, value));
}

static void print_part(bw_sim *sim, bw_sim_part part)
{
    bw_arena own = {0};
    bw_node *tree = NULL;
    bw_bytes text = {0};

    check(bw_sim_read(&ctx, sim, part, &own, &tree));
    check(bw_json_write(&ctx, tree, BW_JSON_COMPACT, &text));
    fwrite(text.ptr, 1, text.len, stdout);
    bw_bytes_free(&ctx, &text);
    bw_arena_free(&ctx, &own);
}

static void write_arrays(bw_sim *sim, bw_sim_part part, const char *const *keys, FILE *out)
{
    bw_arena own = {0};
    bw_node *tree = NULL;

    check(bw_sim_read(&ctx, sim, part, &own, &tree));
    if (part == BW_SIM_STATE) {
        tree = bw_map_get_text(tree, "cells");
    }
    for (; *keys != NULL; keys++) {
        const bw_array *array = bw_map_get_text(tree, *keys)->array;
        fwrite(array->data, 1, array->nbytes, out);
    }
    bw_arena_free(&ctx, &own);
}

int main(int argc, char **argv)
{
    static const char *const statics[] = {"pore_volume", "depth", "tranx", "trany", "tranz", NULL};
    static const char *const cells[] = {"pressure", "sw", "so", "sg", "rs", NULL};
    bw_node *model = NULL, *days = NULL;
    bw_sim *sim = NULL;
    FILE *arrays = NULL;
    const char *ends = NULL;
    char *end_at = NULL;
    uint32_t next_array = 0;
    bool first = true, quiet = false;
    double next_end = 0;
    clock_t begun = 0;

    bw_ctx_init(&ctx);
    check(bw_json_parse(&ctx, &arena, slurp(argv[1]), &model));
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--set") == 0) {
            set_option(model, argv[++i]);
        } else if (strcmp(argv[i], "--ends") == 0) {
            ends = (const char *)slurp(argv[++i]).ptr;
            end_at = (char *)(uintptr_t)ends;
        } else if (strcmp(argv[i], "--arrays") == 0) {
            arrays = fopen(argv[++i], "wb");
        } else if (strcmp(argv[i], "--quiet") == 0) {
            quiet = true;
        }
    }
    begun = clock();
    check(bw_sim_new(&ctx, model, &sim));
    days = bw_map_get_text(model, "array_days");
    printf("{\"reports\":[");
    if (arrays != NULL) {
        write_arrays(sim, BW_SIM_STATICS, statics, arrays);
    }
    for (;;) {
        double until = bw_sim_last_day(sim);
        if (arrays != NULL && days != NULL && next_array < days->children.len) {
            const bw_node *node = days->children.items[next_array];
            double day = node->type == BW_NODE_INT ? (double)node->integer : node->number;
            if (day <= bw_sim_day(sim)) {
                write_arrays(sim, BW_SIM_STATE, cells, arrays);
                next_array++;
            }
        }
        if (bw_sim_day(sim) >= until) {
            break;
        }
        if (ends != NULL) {
            while (next_end <= bw_sim_day(sim)) {
                next_end = strtod(end_at, &end_at);
            }
            until = next_end;
        }
        if (bw_sim_step(&ctx, sim, until) != BW_OK) {
            fprintf(stderr, "%s: %s\n", bw_status_name(ctx.error.status), ctx.error.message);
            break;
        }
        if (!quiet) {
            printf("%s{\"record\":", first ? "" : ",\n");
            print_part(sim, BW_SIM_RECORD);
            printf(",\"summary\":");
            print_part(sim, BW_SIM_SUMMARY);
            printf("}");
            first = false;
        }
    }
    printf("],\n\"end\":");
    print_part(sim, BW_SIM_RECORD);
    printf(",\"seconds\":%.4f}\n", (double)(clock() - begun) / CLOCKS_PER_SEC);
    bw_sim_free(&ctx, sim);
    bw_arena_free(&ctx, &arena);
    if (arrays != NULL) {
        fclose(arrays);
    }
    return 0;
}
