/* SPDX-License-Identifier: MIT */
/*
 * ecl.summary: `{columns: null | [number …]}` → `{vectors: [{keyword, name, number, unit, lgr, cell}], dims,
 * start, units, days, steps, values}`.
 *
 * `lgr` and `cell`, [i, j, k] from 1, are there where a local grid is meant; `units` is METRIC (1) to PVT-M (4), 0 is
 * not known. `days` are those of TIME (or YEARS) since the start, `steps` the report step that each row belongs to,
 * `values` an array f4 (columns, rows), of the columns asked for. Without columns no row is read.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ecl_store.h"

typedef struct summary_machine {
    enum { SCANNING, SPECS, ROWS } phase;
    bw__ecl_file *specs;
    const bw_node *keywords, *names, *numbers, *units, *dimens, *start, *head, *lgrs, *local[3];
    const bw_node *columns;
    uint64_t vector_count, row_count, row;
    uint64_t time;  /* the column of TIME or YEARS, or vector_count */
    double to_days; /* of its unit */
    float *values;
    double *days;
    int32_t *steps;
    bw_node *values_node, *days_node, *steps_node;
    uint32_t file; /* whose rows are being read */
    uint32_t sequence, seen; /* report steps begun; keywords looked at */
} summary_machine;

static uint64_t length_of(const bw_node *list)
{
    return list != NULL && list->type == BW_NODE_LIST ? list->children.len : 0;
}

static uint64_t count_of(const bw_node *array)
{
    return array != NULL && array->type == BW_NODE_ARRAY ? array->array->shape[0] : 0;
}

static bw_status fail_in(bw_ctx *ctx, const bw__ecl_file *file)
{
    return bw_fail_at(ctx, (const char *)file->name.ptr, file->name.len);
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    bw_ecl_store *store = bw__ecl_store(op);
    summary_machine *m = op->machine;

    m->specs = store == NULL ? NULL : bw__ecl_file_of(store, BW__ECL_SPECS);
    if (m->specs == NULL) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no SMSPEC in this run, so that no vector has a name");
    }
    m->columns = bw_map_get_text(op->params, "columns");
    m->columns = length_of(m->columns) > 0 ? m->columns : NULL;
    for (uint32_t n = 0; m->columns != NULL && n < store->file_count; n++) {
        if (store->files[n].role == BW__ECL_SUMMARY) {
            BW_TRY(bw__ecl_scan_file(ctx, op, &store->files[n]));
        }
    }
    return bw__ecl_scan_file(ctx, op, m->specs);
}

/* Specifications ---------------------------------------------------------------------------- */

static bw_status want_specs(bw_ctx *ctx, bw_op *op, summary_machine *m)
{
    const struct {
        const char *name;
        const bw_node **to;
    } wanted[] = {
        {"KEYWORDS", &m->keywords}, {"NAMES", &m->names}, {"WGNAMES", &m->names},
        {"NUMS", &m->numbers},      {"UNITS", &m->units}, {"DIMENS", &m->dimens},
        {"STARTDAT", &m->start},    {"INTEHEAD", &m->head}, {"LGRS", &m->lgrs},
        {"NUMLX", &m->local[0]},    {"NUMLY", &m->local[1]}, {"NUMLZ", &m->local[2]},
    };
    const bw_ecl_index *index = &m->specs->index;
    bool named = false;

    if (index->problem.status != BW_OK) {
        return bw__ecl_fail_problem(ctx, m->specs, &index->problem);
    }
    for (size_t n = 0; n < sizeof wanted / sizeof wanted[0]; n++) {
        const bw_ecl_keyword *keyword = bw__ecl_find(index, 0, index->count, wanted[n].name);
        bool names = wanted[n].to == &m->names;
        if (keyword == NULL || (names && named)) {
            continue; /* NAMES, where it is, has the names whole */
        }
        named = named || names;
        BW_TRY(bw__ecl_want(ctx, op, m->specs, keyword, bw__ecl_keep_node, (void *)wanted[n].to, 0));
    }
    if (bw__ecl_find(index, 0, index->count, "KEYWORDS") == NULL) {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "KEYWORDS is missing");
        return fail_in(ctx, m->specs);
    }
    return BW_OK;
}

static int32_t units_of(const bw_ecl_store *store, const summary_machine *m)
{
    int32_t own = bw__ecl_int(m->head, 0, 0);

    return own >= 1 && own <= 4 ? own : store->units;
}

/* TIME is in days, in LAB in hours, unless UNITS says it; who has no TIME may have YEARS. */
static void find_time(const bw_ecl_store *store, summary_machine *m)
{
    m->time = m->vector_count;
    for (uint32_t n = 0; n < m->vector_count; n++) {
        bw_view name = m->keywords->children.items[n]->text;
        bw_view unit = m->units == NULL ? (bw_view){0} : m->units->children.items[n]->text;
        if (bw_view_equal(name, BW_VIEW("TIME"))) {
            bool hours = unit.len > 0 ? (unit.ptr[0] | 0x20) == 'h' : units_of(store, m) == 3;
            m->time = n;
            m->to_days = hours ? 1.0 / 24 : 1;
            return;
        }
        if (bw_view_equal(name, BW_VIEW("YEARS"))) {
            m->time = n;
            m->to_days = 365.25;
        }
    }
}

static bw_status check_specs(bw_ctx *ctx, const bw_ecl_store *store, summary_machine *m)
{
    const struct {
        const char *name;
        uint64_t count;
        bool there;
    } lists[] = {
        {"WGNAMES", length_of(m->names), m->names != NULL},
        {"UNITS", length_of(m->units), m->units != NULL},
        {"NUMS", count_of(m->numbers), m->numbers != NULL},
        {"LGRS", length_of(m->lgrs), m->lgrs != NULL},
        {"NUMLX", count_of(m->local[0]), m->local[0] != NULL},
        {"NUMLY", count_of(m->local[1]), m->local[1] != NULL},
        {"NUMLZ", count_of(m->local[2]), m->local[2] != NULL},
    };

    m->vector_count = length_of(m->keywords);
    if (m->vector_count == 0) {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "KEYWORDS is missing or empty");
        return fail_in(ctx, m->specs);
    }
    for (size_t n = 0; n < sizeof lists / sizeof lists[0]; n++) {
        if (lists[n].there && lists[n].count != m->vector_count) {
            (void)bw_fail(ctx, BW_ERR_CORRUPT, "%s has %" PRIu64 " values, KEYWORDS %" PRIu64,
                          lists[n].name, lists[n].count, m->vector_count);
            return fail_in(ctx, m->specs);
        }
    }
    find_time(store, m);
    return BW_OK;
}

/* Rows -------------------------------------------------------------------------------------- */

static bw_status new_array(bw_ctx *ctx, bw_op *op, const char *dtype_text, uint32_t rank,
                           const uint64_t *shape, void **data, bw_node **node)
{
    bw_dtype dtype;
    bw_array *array;

    BW_TRY(bw_dtype_parse(ctx, bw_view_text(dtype_text), &dtype));
    BW_TRY(bw_array_new(ctx, &op->arena, dtype, rank, shape, &array));
    *data = array->data;
    *node = bw_node_array(ctx, &op->arena, array);
    return *node == NULL ? BW_ERR_NOMEM : BW_OK;
}

static uint64_t rows_of(const bw__ecl_file *file)
{
    uint64_t count = 0;

    for (uint32_t n = 0; file->role == BW__ECL_SUMMARY && n < file->index.count; n++) {
        count += strcmp(file->index.keywords[n].name, "PARAMS") == 0;
    }
    return count;
}

static bw_status count_rows(bw_ctx *ctx, bw_op *op, summary_machine *m)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    uint64_t shape[2] = {m->columns->children.len, 0};
    void *data[3];

    for (uint32_t f = 0; f < store->file_count; f++) {
        const bw_ecl_index *index = &store->files[f].index;
        if (store->files[f].role != BW__ECL_SUMMARY) {
            continue;
        }
        if (index->problem.status != BW_OK && !index->problem.cut) {
            return bw__ecl_fail_problem(ctx, &store->files[f], &index->problem);
        }
        shape[1] += rows_of(&store->files[f]);
    }
    m->row_count = shape[1];
    BW_TRY(new_array(ctx, op, "<f4", 2, shape, &data[0], &m->values_node));
    BW_TRY(new_array(ctx, op, "<f8", 1, &shape[1], &data[1], &m->days_node));
    BW_TRY(new_array(ctx, op, "<i4", 1, &shape[1], &data[2], &m->steps_node));
    m->values = data[0];
    m->days = data[1];
    m->steps = data[2];
    return BW_OK;
}

static bw_status on_row(bw_ctx *ctx, bw_op *op, void *target, uint64_t position,
                        const bw_ecl_keyword *keyword, bw_node *value)
{
    summary_machine *m = target;
    const bw__ecl_file *file = &bw__ecl_store(op)->files[m->file];
    int64_t before, step;
    double time;

    if (keyword->count != m->vector_count) {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "PARAMS at byte %" PRIu64 " has %" PRIu64 " values, KEYWORDS of "
                      "SMSPEC %" PRIu64, keyword->offset, keyword->count, m->vector_count);
        return fail_in(ctx, file);
    }
    for (; m->seen < position; m->seen++) {
        m->sequence += strcmp(file->index.keywords[m->seen].name, "SEQHDR") == 0;
    }
    time = bw__ecl_number(value, m->time, (double)NAN);
    m->days[m->row] = m->to_days == 1 ? time : time * m->to_days;
    /* A run that was taken up again counts from the step that it goes on from (DIMENS 5). */
    before = bw__ecl_int(m->dimens, 5, 0);
    step = file->number >= 0 ? (int64_t)file->number : (int64_t)m->sequence + (before > 0 ? before : 0);
    m->steps[m->row] = step < INT32_MAX ? (int32_t)step : INT32_MAX;
    for (uint32_t c = 0; c < m->columns->children.len; c++) {
        uint64_t at = (uint64_t)m->columns->children.items[c]->integer;
        m->values[c * m->row_count + m->row] = (float)bw__ecl_number(value, at, (double)NAN);
    }
    m->row++;
    return BW_OK;
}

/* One file after the other, so that rows come in their order. */
static bw_status want_rows(bw_ctx *ctx, bw_op *op, summary_machine *m, bool *wanted)
{
    static const char *const names[] = {"PARAMS", NULL};
    const bw_ecl_store *store = bw__ecl_store(op);

    *wanted = false;
    for (; m->file < store->file_count; m->file++) {
        const bw__ecl_file *file = &store->files[m->file];
        if (rows_of(file) > 0) {
            m->seen = 0;
            m->sequence = 0;
            *wanted = true;
            return bw__ecl_want_run(ctx, op, file, 0, file->index.count, names, on_row, m);
        }
    }
    return BW_OK;
}

static bw_status check_columns(bw_ctx *ctx, const summary_machine *m)
{
    for (uint32_t n = 0; n < m->columns->children.len; n++) {
        const bw_node *item = m->columns->children.items[n];
        if (item->type != BW_NODE_INT || item->integer < 0 ||
            (uint64_t)item->integer >= m->vector_count) {
            return bw_fail(ctx, BW_ERR_INDEX_RANGE, "ecl.summary: column %u of %" PRIu64 " vectors is none",
                           (unsigned)n, m->vector_count);
        }
    }
    return BW_OK;
}

/* The result -------------------------------------------------------------------------------- */

/* The local grid that a vector is about, and the cell in it. */
static bw_status put_local(bw_ctx *ctx, bw_op *op, const summary_machine *m, uint32_t n, bw_node *item)
{
    uint64_t cell[3];

    if (m->lgrs == NULL || m->lgrs->children.items[n]->text.len == 0) {
        return BW_OK;
    }
    for (unsigned d = 0; d < 3; d++) {
        int32_t number = bw__ecl_int(m->local[d], n, 0);
        cell[d] = number > 0 ? (uint64_t)number : 0;
    }
    BW_TRY(bw__ecl_put(ctx, op, item, "lgr", m->lgrs->children.items[n]));
    return bw__ecl_put(ctx, op, item, "cell", bw__ecl_extents(ctx, op, cell));
}

static bw_status put_vectors(bw_ctx *ctx, bw_op *op, const summary_machine *m)
{
    bw_node *vectors = bw_node_list(ctx, &op->arena);

    for (uint32_t n = 0; vectors != NULL && n < m->vector_count; n++) {
        bw_node *item = bw_node_map(ctx, &op->arena), *none = bw_node_text(ctx, &op->arena, BW_VIEW(""));
        if (item == NULL || none == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw__ecl_put(ctx, op, item, "keyword", m->keywords->children.items[n]));
        BW_TRY(bw__ecl_put(ctx, op, item, "name",
                           m->names == NULL ? none : m->names->children.items[n]));
        BW_TRY(bw__ecl_put(ctx, op, item, "number",
                           bw_node_int(ctx, &op->arena, bw__ecl_int(m->numbers, n, 0))));
        BW_TRY(bw__ecl_put(ctx, op, item, "unit",
                           m->units == NULL ? none : m->units->children.items[n]));
        BW_TRY(put_local(ctx, op, m, n, item));
        BW_TRY(bw_list_push(ctx, &op->arena, vectors, item));
    }
    return bw__ecl_put(ctx, op, op->result, "vectors", vectors);
}

static bw_status put_result(bw_ctx *ctx, bw_op *op, const summary_machine *m)
{
    op->result = bw_node_map(ctx, &op->arena);
    if (op->result == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put_vectors(ctx, op, m));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "dims", m->dimens));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "start", m->start));
    BW_TRY(bw__ecl_put(ctx, op, op->result, "units", bw_node_int(ctx, &op->arena, units_of(bw__ecl_store(op), m))));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "days", m->days_node));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "steps", m->steps_node));
    return bw__ecl_put_or_null(ctx, op, "values", m->values_node);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    summary_machine *m = op->machine;
    bool wanted;

    if (m->phase == SCANNING) {
        m->phase = SPECS;
        return want_specs(ctx, op, m);
    }
    if (m->phase == SPECS) {
        m->phase = ROWS;
        BW_TRY(check_specs(ctx, bw__ecl_store(op), m));
        if (m->columns != NULL) {
            BW_TRY(check_columns(ctx, m));
            BW_TRY(count_rows(ctx, op, m));
        }
    } else {
        m->file++;
    }
    if (m->columns != NULL) {
        BW_TRY(want_rows(ctx, op, m, &wanted));
        if (wanted) {
            return BW_OK;
        }
    }
    return put_result(ctx, op, m);
}

const bw_op_type bw__ecl_summary_op = {"ecl.summary", sizeof(summary_machine), begin, finish, NULL};
