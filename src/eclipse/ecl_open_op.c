/* SPDX-License-Identifier: MIT */
/*
 * ecl.open: `{files: [{name, size, role, number}]}` → the result of `zarr.open`, with `info`.
 *
 * First all keywords of grid, INIT and restarts are found, then the heads of the steps and what says
 * which cells are active are read.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ecl_store.h"

typedef struct open_machine {
    bool reading;    /* all keywords are known */
    uint32_t wanted; /* keywords of heads */
    bw__ecl_heads heads;
    const bw_node *actnum, *corsnum, *porv;
    bw_node *local; /* names of local grid refinements */
} open_machine;

static void store_free(bw_ctx *ctx, void *self)
{
    bw_ecl_store *store = self;

    for (uint32_t n = 0; n < store->file_count; n++) {
        bw_ecl_scan_free(ctx, store->files[n].scan);
        bw_ecl_index_free(ctx, &store->files[n].index);
    }
    bw_arena_free(ctx, &store->arena);
    bw_release(ctx, store);
}

const bw_store_type bw__ecl_store_type = {.free = store_free};

static bool read_role(bw_view text, bw__ecl_role *out)
{
    static const char *const roles[] = {"grid", "grdecl", "init", "restart", "specs", "summary",
                                        "any"};

    for (size_t n = 0; n < sizeof roles / sizeof roles[0]; n++) {
        if (bw_view_equal(text, bw_view_text(roles[n]))) {
            *out = (bw__ecl_role)n;
            return true;
        }
    }
    return false;
}

static bw_status take_file(bw_ctx *ctx, bw_ecl_store *store, const bw_node *item, bw__ecl_file *file)
{
    bw_view name, role;
    int64_t size;
    char *copy;

    if (!bw_map_get_string(item, "name", &name) || !bw_map_get_int(item, "size", &size) ||
        size < 0 || !bw_map_get_string(item, "role", &role) || !read_role(role, &file->role)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "ecl.open: a file needs name, size and role");
    }
    copy = bw_arena_copy(ctx, &store->arena, name.ptr, name.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    file->name = (bw_view){(const uint8_t *)copy, name.len};
    file->size = (uint64_t)size;
    file->number = -1;
    (void)bw_map_get_int(item, "number", &file->number);
    return BW_OK;
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    const bw_node *files = bw_map_get_text(op->params, "files");
    bw_ecl_store *store;

    if (files == NULL || files->type != BW_NODE_LIST || files->children.len == 0 ||
        op->store->self != NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "ecl.open: %s",
                       op->store->self != NULL ? "this store is open"
                                               : "parameter 'files' must be a list of files");
    }
    store = bw_alloc_zeroed(ctx, sizeof *store);
    if (store == NULL) {
        return BW_ERR_NOMEM;
    }
    op->store->self = store;
    op->store->type = &bw__ecl_store_type;
    store->files = bw_arena_alloc_zeroed(ctx, &store->arena,
                                         files->children.len * sizeof *store->files);
    if (store->files == NULL) {
        return BW_ERR_NOMEM;
    }
    for (; store->file_count < files->children.len; store->file_count++) {
        uint32_t n = store->file_count;
        BW_TRY(take_file(ctx, store, files->children.items[n], &store->files[n]));
    }
    for (uint32_t n = 0; n < store->file_count; n++) {
        bw__ecl_role role = store->files[n].role;
        if (role == BW__ECL_GRID || role == BW__ECL_INIT || role == BW__ECL_RESTART) {
            BW_TRY(bw__ecl_scan_file(ctx, op, &store->files[n]));
        }
    }
    return BW_OK;
}

/* Heads ------------------------------------------------------------------------------------- */

static bw_status want_one(bw_ctx *ctx, bw_op *op, bw__ecl_role role, const char *name,
                          const bw_node **to)
{
    const bw__ecl_file *file = bw__ecl_file_of(bw__ecl_store(op), role);
    const bw_ecl_keyword *keyword;

    if (file == NULL) {
        return BW_OK;
    }
    keyword = bw__ecl_find(&file->index, 0, file->index.count, name);
    if (keyword == NULL) {
        return BW_OK;
    }
    ((open_machine *)op->machine)->wanted++;
    return bw__ecl_want(ctx, op, file, keyword, bw__ecl_keep_node, (void *)to, 0);
}

static bw_status on_step_head(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                              const bw_ecl_keyword *keyword, bw_node *value)
{
    bw_ecl_store *store = bw__ecl_store(op);
    bw__ecl_step *step = &store->steps[cookie];
    bool separate = store->files[step->file].number >= 0;

    (void)ctx;
    (void)target;
    if (strcmp(keyword->name, "SEQNUM") == 0) {
        step->report = bw__ecl_int(value, 0, (int32_t)step->report);
    } else if (strcmp(keyword->name, "INTEHEAD") == 0) {
        bw__ecl_take_intehead(step, value, separate || step->report >= 0);
    } else {
        bw__ecl_take_doubhead(step, value);
    }
    return BW_OK;
}

static bw_status want_heads(bw_ctx *ctx, bw_op *op)
{
    static const char *const heads[] = {"SEQNUM", "INTEHEAD", "DOUBHEAD"};
    const bw_ecl_store *store = bw__ecl_store(op);

    for (uint32_t n = 0; n < store->step_count; n++) {
        const bw__ecl_step *step = &store->steps[n];
        const bw__ecl_file *file = &store->files[step->file];
        for (size_t h = 0; h < sizeof heads / sizeof heads[0]; h++) {
            const bw_ecl_keyword *keyword = bw__ecl_find(&file->index, step->first, step->end,
                                                         heads[h]);
            if (keyword != NULL) {
                ((open_machine *)op->machine)->wanted++;
                BW_TRY(bw__ecl_want(ctx, op, file, keyword, on_step_head, op->machine, n));
            }
        }
    }
    return BW_OK;
}

static bw_status on_local_name(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                               const bw_ecl_keyword *keyword, bw_node *value)
{
    open_machine *m = target;

    (void)cookie;
    (void)keyword;
    return value->type == BW_NODE_LIST && value->children.len > 0
               ? bw_list_push(ctx, &op->arena, m->local, value->children.items[0]) : BW_OK;
}

/* Among keywords [from, end) of a file. */
static bw_status want_names_in(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file, uint32_t from, uint32_t end)
{
    open_machine *m = op->machine;

    for (uint32_t n = from; n < end; n++) {
        const bw_ecl_keyword *keyword = &file->index.keywords[n];
        if (strcmp(keyword->name, "LGR") == 0 && keyword->type == BW_ECL_CHAR && keyword->count > 0) {
            m->wanted++;
            BW_TRY(bw__ecl_want(ctx, op, file, keyword, on_local_name, m, 0));
        }
    }
    return BW_OK;
}

/* Local grids are passed over, but their names are told: those of the grid, or where there is none of the last step. */
static bw_status want_local_names(bw_ctx *ctx, bw_op *op, open_machine *m)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw__ecl_file *grid = bw__ecl_file_of(store, BW__ECL_GRID);

    m->local = bw_node_list(ctx, &op->arena);
    if (m->local == NULL) {
        return BW_ERR_NOMEM;
    }
    if (grid != NULL) {
        return want_names_in(ctx, op, grid, 0, grid->index.count);
    }
    if (store->step_count > 0) {
        const bw__ecl_step *last = &store->steps[store->step_count - 1];
        return want_names_in(ctx, op, &store->files[last->file], last->first, last->end);
    }
    return BW_OK;
}

static bw_status want_reading(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;
    bw_ecl_store *store = bw__ecl_store(op);

    for (uint32_t n = 0; n < store->file_count; n++) {
        const bw__ecl_file *file = &store->files[n];
        /* A grid or INIT that is not whole is no ground to stand on. */
        if (file->index.problem.status != BW_OK && file->role != BW__ECL_RESTART) {
            return bw__ecl_fail_problem(ctx, file, &file->index.problem);
        }
    }
    BW_TRY(bw__ecl_find_steps(ctx, store));
    BW_TRY(want_heads(ctx, op));
    BW_TRY(want_local_names(ctx, op, m));
    BW_TRY(want_one(ctx, op, BW__ECL_GRID, "FILEHEAD", &m->heads.filehead));
    BW_TRY(want_one(ctx, op, BW__ECL_GRID, "GRIDHEAD", &m->heads.gridhead));
    BW_TRY(want_one(ctx, op, BW__ECL_GRID, "DIMENS", &m->heads.dimens));
    BW_TRY(want_one(ctx, op, BW__ECL_GRID, "ACTNUM", &m->actnum));
    BW_TRY(want_one(ctx, op, BW__ECL_GRID, "CORSNUM", &m->corsnum));
    BW_TRY(want_one(ctx, op, BW__ECL_INIT, "INTEHEAD", &m->heads.init));
    return want_one(ctx, op, BW__ECL_INIT, "PORV", &m->porv);
}

/* Steps in order ---------------------------------------------------------------------------- */

static int by_report(const void *left, const void *right)
{
    const bw__ecl_step *a = left, *b = right;

    if (a->report != b->report) {
        return a->report < b->report ? -1 : 1;
    }
    if (a->file != b->file) {
        return a->file < b->file ? -1 : 1;
    }
    return a->first < b->first ? -1 : a->first > b->first;
}

static void sort_steps(bw_ecl_store *store)
{
    uint32_t kept = 0;

    for (uint32_t n = 0; n < store->step_count; n++) {
        if (store->steps[n].report < 0) { /* nothing says its number: it follows the one before */
            store->steps[n].report = n > 0 ? store->steps[n - 1].report + 1 : 0;
        }
    }
    if (store->step_count > 1) {
        qsort(store->steps, store->step_count, sizeof *store->steps, by_report);
    }
    for (uint32_t n = 0; n < store->step_count; n++) {
        if (n + 1 < store->step_count && store->steps[n + 1].report == store->steps[n].report) {
            continue; /* the last one counts */
        }
        store->steps[kept++] = store->steps[n];
    }
    store->step_count = kept;
}

/* The result -------------------------------------------------------------------------------- */

static bw_status put_phases(bw_ctx *ctx, bw_op *op, bw_node *info, int32_t code)
{
    static const char *const names[] = {"oil", "water", "gas"};
    bw_node *list = bw_node_list(ctx, &op->arena);

    for (unsigned n = 0; list != NULL && n < 3; n++) {
        if (code >> n & 1) {
            bw_node *name = bw_node_text(ctx, &op->arena, bw_view_text(names[n]));
            if (name == NULL) {
                return BW_ERR_NOMEM;
            }
            BW_TRY(bw_list_push(ctx, &op->arena, list, name));
        }
    }
    return bw__ecl_put(ctx, op, info, "phases", list);
}

static bw_status put_info(bw_ctx *ctx, bw_op *op)
{
    static const char *const systems[] = {"METRIC", "FIELD", "LAB", "PVT-M"};
    bw_ecl_store *store = bw__ecl_store(op);
    const open_machine *m = op->machine;
    bw_node *info = bw_node_map(ctx, &op->arena);
    int32_t phases = bw__ecl_int(m->heads.init, 14, 0);
    char date[16] = "";

    if (info == NULL) {
        return BW_ERR_NOMEM;
    }
    store->units = bw__ecl_int(m->heads.init, 2, 0);
    for (uint32_t n = 0; n < store->step_count; n++) {
        const bw__ecl_step *step = &store->steps[n];
        store->units = step->damage == NULL && step->units != 0 ? step->units : store->units;
        phases = step->phases != 0 ? step->phases : phases;
        if (date[0] == '\0' && step->damage == NULL && !isnan(step->date) && !isnan(step->days)) {
            bw__ecl_date_text(floor(step->date - step->days + 1e-6), date);
        }
    }
    BW_TRY(bw__ecl_put(ctx, op, info, "startDate",
                       date[0] == '\0' ? bw_node_null(ctx, &op->arena)
                                       : bw_node_text(ctx, &op->arena, bw_view_text(date))));
    BW_TRY(bw__ecl_put(ctx, op, info, "unitSystem",
                       store->units < 1 || store->units > 4
                           ? bw_node_null(ctx, &op->arena)
                           : bw_node_text(ctx, &op->arena, bw_view_text(systems[store->units - 1]))));
    BW_TRY(put_phases(ctx, op, info, phases));
    BW_TRY(bw__ecl_put(ctx, op, info, "dims", bw__ecl_extents(ctx, op, store->size)));
    BW_TRY(bw__ecl_put(ctx, op, info, "activeCells",
                       bw_node_int(ctx, &op->arena, (int64_t)store->active_count)));
    if (m->local->children.len > 0) {
        BW_TRY(bw__ecl_put(ctx, op, info, "localGrids", m->local));
    }
    return bw__ecl_put(ctx, op, op->result, "info", info);
}

static bw_status put_groups(bw_ctx *ctx, bw_op *op)
{
    bw_node *groups = bw_node_list(ctx, &op->arena);
    char name[24];

    for (uint32_t n = 0; groups != NULL && n < bw__ecl_store(op)->step_count; n++) {
        bw_node *group;
        bw__ecl_group_name(n, name);
        group = bw_node_text(ctx, &op->arena, bw_view_text(name));
        if (group == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, groups, group));
    }
    return bw__ecl_put(ctx, op, op->result, "groups", groups);
}

static bw_status put_result(bw_ctx *ctx, bw_op *op)
{
    bw_node *attributes = bw_node_map(ctx, &op->arena);

    op->result = bw_node_map(ctx, &op->arena);
    if (op->result == NULL || attributes == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__ecl_put(ctx, op, attributes, "count",
                       bw_node_int(ctx, &op->arena, bw__ecl_store(op)->step_count)));
    BW_TRY(bw__ecl_put(ctx, op, op->result, "layout",
                       bw_node_text(ctx, &op->arena, BW_VIEW("eclipse"))));
    BW_TRY(bw__ecl_put(ctx, op, op->result, "attributes", attributes));
    BW_TRY(put_groups(ctx, op));
    BW_TRY(bw__ecl_put(ctx, op, op->result, "listable", bw_node_bool(ctx, &op->arena, true)));
    BW_TRY(bw__ecl_put(ctx, op, op->result, "consolidated", bw_node_bool(ctx, &op->arena, false)));
    return put_info(ctx, op);
}

/* Without a restart INIT alone is the run as it began. */
static bw_status add_start(bw_ctx *ctx, bw_ecl_store *store, const open_machine *m)
{
    const bw__ecl_file *init = bw__ecl_file_of(store, BW__ECL_INIT);
    bw__ecl_step step = {.days = 0};

    if (init == NULL || m->heads.init == NULL || bw__ecl_file_of(store, BW__ECL_RESTART) != NULL) {
        return BW_OK;
    }
    bw__ecl_take_intehead(&step, m->heads.init, true);
    step.file = (uint32_t)(init - store->files);
    step.first = step.end = init->index.count;
    step.active = -1; /* INIT says what its arrays have */
    return bw__ecl_add_step(ctx, store, &step);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;
    bw_ecl_store *store = bw__ecl_store(op);

    if (!m->reading) {
        m->reading = true;
        BW_TRY(want_reading(ctx, op));
        if (m->wanted > 0) {
            return BW_OK; /* this is called again when they have come */
        }
    }
    BW_TRY(add_start(ctx, store, m));
    sort_steps(store);
    bw__ecl_fill_days(store);
    BW_TRY(bw__ecl_find_size(ctx, store, &m->heads));
    if (store->size[0] > 0) {
        BW_TRY(bw__ecl_map_cells(ctx, store, m->actnum, m->corsnum, m->porv));
        BW_TRY(bw__ecl_check_init(ctx, store, m->heads.init));
    }
    return put_result(ctx, op);
}

const bw_op_type bw__ecl_open_op = {"ecl.open", sizeof(open_machine), begin, finish, NULL};
