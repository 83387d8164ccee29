/* SPDX-License-Identifier: MIT */
/** The faulted corner-point grid of tests/data/eclipse/FAULT.EGRID. */
#ifndef BORES_FAULT_GRID_H
#define BORES_FAULT_GRID_H

#include <stdlib.h>
#include <string.h>

#include "bores/corner_grid.h"
#include "bores/eclipse.h"
#include "check.h"
#include "test_data.h"

/** 12 by 10 by 4 cells; the arrays live in `arena`, `active` has room for 480 bytes. */
static inline bool fault_grid_read(bw_ctx *ctx, bw_arena *arena, bw_corner_grid *grid, uint8_t *active)
{
    bw_bytes file = bw_test_file("eclipse/FAULT.EGRID");
    bw_ecl_scan *scan = NULL;
    bw_ecl_index index;
    uint64_t offset;
    size_t length;

    memset(grid, 0, sizeof *grid);
    CHECK_OK(ctx, bw_ecl_scan_new(ctx, file.len, &scan));
    while (bw_ecl_scan_wants(scan, &offset, &length)) {
        CHECK_OK(ctx, bw_ecl_scan_give(ctx, scan, (bw_view){file.ptr + offset, length}));
    }
    index = bw_ecl_scan_take(scan);
    bw_ecl_scan_free(ctx, scan);
    for (uint32_t n = 0; n < index.count; n++) {
        const bw_ecl_keyword *k = &index.keywords[n];
        bw_view bytes = {file.ptr + k->data, (size_t)(k->end - k->data)};
        bw_node *value;
        if (!CHECK_OK(ctx, bw_ecl_decode(ctx, arena, index.form, k, bytes, &value))) {
            break;
        }
        if (strcmp(k->name, "COORD") == 0) {
            grid->coord = value->array;
        } else if (strcmp(k->name, "ZCORN") == 0) {
            grid->zcorn = value->array;
        } else if (strcmp(k->name, "ACTNUM") == 0) {
            for (uint64_t i = 0; i < k->count; i++) {
                active[i] = ((int32_t *)(void *)value->array->data)[i] != 0;
            }
            grid->active = (bw_view){active, (size_t)k->count};
        }
    }
    grid->nx = 12;
    grid->ny = 10;
    grid->nz = 4;
    bw_ecl_index_free(ctx, &index);
    free(file.ptr);
    return grid->coord != NULL && grid->zcorn != NULL;
}

#endif
