/* SPDX-License-Identifier: MIT */
/* How large the grid is, by what grid, INIT and restarts say; they have to agree. */
#include <inttypes.h>
#include <string.h>

#include "ecl_store.h"

typedef struct extent {
    const char *what;
    int64_t n[3];
} extent;

/* `dual`: the layers of the fractures follow those of the matrix everywhere but in the grid, `a`. */
static bw_status agree(bw_ctx *ctx, const extent *a, const extent *b, bool dual)
{
    if (a->what == NULL || b->what == NULL || memcmp(a->n, b->n, sizeof a->n) == 0 ||
        (dual && a->n[0] == b->n[0] && a->n[1] == b->n[1] && 2 * a->n[2] == b->n[2])) {
        return BW_OK;
    }
    return bw_fail(ctx, BW_ERR_CORRUPT, "%s has %" PRId64 " x %" PRId64 " x %" PRId64 " cells, %s %" PRId64
                   " x %" PRId64 " x %" PRId64 ": they are not of one case", a->what, a->n[0], a->n[1],
                   a->n[2], b->what, b->n[0], b->n[1], b->n[2]);
}

static extent extent_of(const char *what, const bw_node *array, uint64_t at)
{
    extent e = {.what = array == NULL ? NULL : what};

    for (unsigned d = 0; d < 3; d++) {
        e.n[d] = bw__ecl_int(array, at + d, 0);
    }
    return e;
}

/* An active cell costs memory here: never more than the files have elements for. */
static bw_status check_size(bw_ctx *ctx, const bw_ecl_store *store)
{
    uint64_t cells = store->size[0] * store->size[1] * store->size[2], bytes = 0;

    for (uint32_t n = 0; n < store->file_count; n++) {
        bytes = bytes > store->files[n].size ? bytes : store->files[n].size;
    }
    if (cells > 8 * bytes) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "GRIDHEAD or INTEHEAD counts %" PRIu64 " x %" PRIu64 " x %" PRIu64
                       " cells, the largest file has %" PRIu64 " bytes", store->size[0], store->size[1],
                       store->size[2], bytes);
    }
    return BW_OK;
}

bw_status bw__ecl_find_size(bw_ctx *ctx, bw_ecl_store *store, const bw__ecl_heads *heads)
{
    extent grid = extent_of("GRIDHEAD of the grid (EGRID)", heads->gridhead, 1);
    extent init = extent_of("INTEHEAD of INIT", heads->init, 8), known;
    const int64_t most = UINT32_MAX;

    if (heads->gridhead == NULL) {
        grid = extent_of("DIMENS of the grid (GRID)", heads->dimens, 0);
    }
    known = grid.what != NULL ? grid : init;
    store->dual = bw__ecl_int(heads->filehead, 5, 0) == 1 || bw__ecl_int(heads->filehead, 5, 0) == 2;
    BW_TRY(agree(ctx, &grid, &init, store->dual));
    for (uint32_t n = 0; n < store->step_count; n++) {
        const bw__ecl_step *step = &store->steps[n];
        extent restart = {"INTEHEAD of the restart", {step->size[0], step->size[1], step->size[2]}};
        if (step->damage != NULL || restart.n[0] == 0) {
            continue;
        }
        BW_TRY(agree(ctx, &known, &restart, store->dual));
        known = known.what != NULL ? known : restart;
    }
    if (known.what == NULL) {
        return BW_OK; /* a summary alone, or damaged steps alone */
    }
    if (known.n[0] <= 0 || known.n[1] <= 0 || known.n[2] <= 0 || known.n[0] > most / known.n[1] ||
        known.n[0] * known.n[1] > most / known.n[2]) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s counts %" PRId64 " x %" PRId64 " x %" PRId64 " cells",
                       known.what, known.n[0], known.n[1], known.n[2]);
    }
    for (unsigned d = 0; d < 3; d++) {
        store->size[d] = (uint64_t)known.n[d];
    }
    return check_size(ctx, store);
}

bw_status bw__ecl_check_init(bw_ctx *ctx, const bw_ecl_store *store, const bw_node *head)
{
    const bw__ecl_file *init = bw__ecl_file_of(store, BW__ECL_INIT);
    int32_t count = bw__ecl_int(head, 11, 0);
    bool has_others = false;

    if (init == NULL || count <= 0 || store->dual || bw__ecl_file_of(store, BW__ECL_RESTART) == NULL) {
        return BW_OK;
    }
    for (uint32_t n = 0; n < init->index.count; n++) {
        const bw_ecl_keyword *keyword = &init->index.keywords[n];
        if (strcmp(keyword->name, "LGR") == 0) {
            break; /* what follows is of local grids */
        }
        if (!bw__ecl_is_of_all(store, keyword) && bw__ecl_is_cell_array(store, keyword)) {
            return BW_OK;
        }
        has_others = has_others || (keyword->count == (uint64_t)count && keyword->type == BW_ECL_REAL);
    }
    if (!has_others || (uint64_t)count == store->active_count) {
        return BW_OK;
    }
    return bw_fail(ctx, BW_ERR_CORRUPT, "INTEHEAD of INIT has %" PRId32 " active cells, the restart %" PRIu64
                   ": they are not of one case", count, store->active_count);
}
