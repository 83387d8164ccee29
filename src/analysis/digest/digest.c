/* SPDX-License-Identifier: MIT */
/**
 * Records as trees. Numbers are copied as they are, so an analysis of digests answers to the bit as one of states.
 * A digest is the map {step, shape, numbers, zones, flows, perforations, bhp, wells, wellTotals, problem, swept},
 * whose tables are arrays of float64 with a row each; wells are lists of a name and such a row.
 */
#include "digest.h"

#include <math.h>
#include <string.h>

/* Numbers of a record, and of what it has many of: where they are, in the order of a row. */
typedef struct span {
    size_t at, count;
} span;

#define SPAN(type, member) {offsetof(type, member), sizeof(((type *)NULL)->member) / (sizeof(double))}

static const span record_spans[] = {
    SPAN(bw__record, day), SPAN(bw__record, step_days), SPAN(bw__record, rock_compressibility),
    SPAN(bw__record, field), SPAN(bw__record, means), SPAN(bw__record, totals), SPAN(bw__record, mass_error),
    SPAN(bw__record, sweep), {0, 0}};
static const span flow_spans[] = {
    SPAN(bw__flow, q), SPAN(bw__flow, surface), SPAN(bw__flow, oil_gas), SPAN(bw__flow, water_gas),
    SPAN(bw__flow, fvf), {0, 0}};
static const span perforation_spans[] = {
    SPAN(bw__perforation, pressure), SPAN(bw__perforation, skin), SPAN(bw__perforation, efficiency),
    SPAN(bw__perforation, index), SPAN(bw__perforation, mobility), {0, 0}};

enum {
    ZONE = sizeof(bw__zone) / sizeof(double),
    FACTS = 4, /* dx, dy, head, wheel: before a record's numbers */
    KEYS = 2,  /* a flow's cell and direction, a perforation's well and flow: before theirs */
    WELL = 5   /* injector, active, axis, radius, skin; behind them six a box */
};

static size_t span_count(const span *spans)
{
    size_t count = 0;

    for (; spans->count > 0; spans++) {
        count += spans->count;
    }
    return count;
}

static void copy_out(const span *spans, const void *from, double *row)
{
    for (; spans->count > 0; row += spans->count, spans++) {
        memcpy(row, (const char *)from + spans->at, spans->count * sizeof *row);
    }
}

static void copy_in(const span *spans, const double *row, void *into)
{
    for (; spans->count > 0; row += spans->count, spans++) {
        memcpy((char *)into + spans->at, row, spans->count * sizeof *row);
    }
}

/* To trees ----------------------------------------------------------------------------------- */

static bw_status set(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, map, bw_view_text(key), value);
}

/* A table in a map, to be filled in. */
static bw_status set_table(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, size_t rows,
                           size_t columns, double **out)
{
    bw_array *array;

    BW_TRY(bw_array_new(ctx, arena, (bw_dtype){.kind = 'f', .itemsize = 8}, 1,
                        (const uint64_t[1]){(uint64_t)rows * columns}, &array));
    *out = (double *)(void *)array->data;
    return set(ctx, arena, map, key, bw_node_array(ctx, arena, array));
}

static bw_status set_rows(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, const void *rows,
                          size_t count, size_t columns)
{
    double *out;

    BW_TRY(set_table(ctx, arena, map, key, count, columns, &out));
    if (count * columns > 0) {
        memcpy(out, rows, count * columns * sizeof *out);
    }
    return BW_OK;
}

static bw_status set_shape(bw_ctx *ctx, bw_arena *arena, bw_node *map, const uint64_t shape[3])
{
    const double lengths[3] = {(double)shape[0], (double)shape[1], (double)shape[2]};

    return set_rows(ctx, arena, map, "shape", lengths, 1, 3);
}

static bw_status set_numbers(bw_ctx *ctx, bw_arena *arena, bw_node *map, const bw__facts *facts,
                             const bw__record *record)
{
    double *out;

    BW_TRY(set_table(ctx, arena, map, "numbers", 1, FACTS + span_count(record_spans), &out));
    out[0] = facts->dx;
    out[1] = facts->dy;
    out[2] = facts->head;
    out[3] = facts->wheel;
    copy_out(record_spans, record, out + FACTS);
    return BW_OK;
}

static bw_status set_flows(bw_ctx *ctx, bw_arena *arena, bw_node *map, const bw__record *record)
{
    size_t columns = KEYS + span_count(flow_spans);
    double *out;

    BW_TRY(set_table(ctx, arena, map, "flows", record->flow_count, columns, &out));
    for (uint32_t n = 0; n < record->flow_count; n++, out += columns) {
        out[0] = record->flows[n].cell;
        out[1] = record->flows[n].injected;
        copy_out(flow_spans, &record->flows[n], out + KEYS);
    }
    columns = KEYS + span_count(perforation_spans);
    BW_TRY(set_table(ctx, arena, map, "perforations", record->perforation_count, columns, &out));
    for (uint32_t n = 0; n < record->perforation_count; n++, out += columns) {
        out[0] = record->perforations[n].well;
        out[1] = record->perforations[n].flow;
        copy_out(perforation_spans, &record->perforations[n], out + KEYS);
    }
    return BW_OK;
}

static bw_status push_well(bw_ctx *ctx, bw_arena *arena, bw_node *list, const bw__well *well)
{
    bw_node *map = bw_node_map(ctx, arena);
    double *out;

    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(set(ctx, arena, map, "name", bw_node_text(ctx, arena, well->name)));
    BW_TRY(set_table(ctx, arena, map, "numbers", 1, WELL + 6 * (size_t)well->intervals, &out));
    out[0] = well->injector;
    out[1] = well->active;
    out[2] = well->axis;
    out[3] = well->radius;
    out[4] = well->skin;
    for (size_t n = 0; n < 6 * (size_t)well->intervals; n++) {
        out[WELL + n] = (double)well->boxes[n]; /* of 32 bits, or -1 */
    }
    return bw_list_push(ctx, arena, list, map);
}

static bw_status set_wells(bw_ctx *ctx, bw_arena *arena, bw_node *map, const bw__record *record)
{
    bw_node *list = bw_node_list(ctx, arena);

    BW_TRY(set(ctx, arena, map, "wells", list));
    for (uint32_t n = 0; n < record->wells->count; n++) {
        BW_TRY(push_well(ctx, arena, list, &record->wells->items[n]));
    }
    BW_TRY(set_rows(ctx, arena, map, "bhp", record->bhp, record->wells->count, 1));
    return record->well_totals == NULL
               ? BW_OK : set_rows(ctx, arena, map, "wellTotals", record->well_totals,
                                  record->wells->count, BW__TOTALS);
}

bw_status bw__digest_write(bw_ctx *ctx, const bw__facts *facts, const bw__record *record, uint32_t zones,
                           bw_arena *arena, bw_node **out)
{
    bw_node *map = bw_node_map(ctx, arena);

    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(set(ctx, arena, map, "step", bw_node_int(ctx, arena, record->step)));
    BW_TRY(set(ctx, arena, map, "swept", bw_node_int(ctx, arena, (int64_t)record->swept)));
    BW_TRY(set(ctx, arena, map, "problem", bw_node_text(ctx, arena, bw_view_text(record->problem))));
    BW_TRY(set_shape(ctx, arena, map, facts->shape));
    BW_TRY(set_numbers(ctx, arena, map, facts, record));
    BW_TRY(set_rows(ctx, arena, map, "zones", record->zones, zones, ZONE));
    BW_TRY(set_flows(ctx, arena, map, record));
    BW_TRY(set_wells(ctx, arena, map, record));
    *out = map;
    return BW_OK;
}

/* From trees: they come from another thread, and memory depends on nothing in them unchecked ---- */

static bw_status refuse(bw_ctx *ctx, const char *key)
{
    return bw_fail(ctx, BW_ERR_ARGUMENT, "this is no digest of a state: %s", key);
}

/* A table of rows; `*rows` is NULL where the map has none. */
static bw_status get_table(bw_ctx *ctx, const bw_node *map, const char *key, size_t columns,
                           const double **rows, size_t *count)
{
    const bw_node *node = bw_map_get_text(map, key);
    const bw_array *array;

    *rows = NULL;
    *count = 0;
    if (node == NULL) {
        return BW_OK;
    }
    array = node->type == BW_NODE_ARRAY ? node->array : NULL;
    if (array == NULL || array->dtype.kind != 'f' || array->dtype.itemsize != 8 || columns == 0 ||
        array->nbytes % (columns * sizeof(double)) != 0 ||
        (uintptr_t)array->data % _Alignof(double) != 0) {
        return refuse(ctx, key);
    }
    *rows = (const double *)(const void *)array->data;
    *count = array->nbytes / (columns * sizeof(double));
    return BW_OK;
}

/* The same of so many rows and no others, copied. */
static bw_status get_rows(bw_ctx *ctx, bw_arena *arena, const bw_node *map, const char *key, size_t count,
                          size_t columns, void *out)
{
    const double *rows;
    double *copy;
    size_t found;

    BW_TRY(get_table(ctx, map, key, columns, &rows, &found));
    if (rows == NULL || found != count) {
        return refuse(ctx, key);
    }
    copy = bw_arena_alloc(ctx, arena, (count * columns + 1) * sizeof *copy);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    memcpy(copy, rows, count * columns * sizeof *copy);
    memcpy(out, &copy, sizeof copy);
    return BW_OK;
}

/* A whole number below a bound. */
static bool to_index(double number, double bound, uint32_t *out)
{
    if (!(number >= 0 && number < bound && number < 4294967296.0) || number != floor(number)) {
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

bw_status bw__digest_head(bw_ctx *ctx, const bw_node *digest, int64_t *step, bw__facts *facts)
{
    const double *numbers, *lengths;
    size_t count, axes;
    uint32_t length;

    BW_TRY(get_table(ctx, digest, "numbers", FACTS + span_count(record_spans), &numbers, &count));
    BW_TRY(get_table(ctx, digest, "shape", 3, &lengths, &axes));
    if (count != 1 || axes != 1 || !bw_map_get_int(digest, "step", step)) {
        return refuse(ctx, "step, shape and numbers");
    }
    for (int d = 0; d < 3; d++) {
        if (!to_index(lengths[d], 4294967296.0, &length)) {
            return refuse(ctx, "shape");
        }
        facts->shape[d] = length;
    }
    facts->dx = numbers[0];
    facts->dy = numbers[1];
    facts->head = numbers[2] != 0;
    facts->wheel = numbers[3] != 0;
    return BW_OK;
}

static bw_status get_well(bw_ctx *ctx, bw_arena *arena, const bw_node *map, bw__well *out)
{
    const double *numbers;
    int64_t *boxes;
    bw_view name;
    size_t count;

    BW_TRY(get_table(ctx, map, "numbers", 1, &numbers, &count));
    if (!bw_map_get_string(map, "name", &name) || count < WELL || (count - WELL) % 6 != 0) {
        return refuse(ctx, "a well");
    }
    name.ptr = (const uint8_t *)bw_arena_copy(ctx, arena, name.ptr, name.len);
    boxes = bw_arena_alloc(ctx, arena, (count - WELL + 1) * sizeof *boxes);
    if (name.ptr == NULL || boxes == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; n < count - WELL; n++) {
        uint32_t index;

        boxes[n] = to_index(numbers[WELL + n], 4294967296.0, &index) ? (int64_t)index : -1;
    }
    *out = (bw__well){.name = name, .injector = numbers[0] != 0, .active = numbers[1] != 0,
                      .axis = numbers[2] == 'x' ? 'x' : numbers[2] == 'y' ? 'y' : 'z',
                      .radius = numbers[3], .skin = numbers[4],
                      .intervals = (uint32_t)((count - WELL) / 6), .boxes = boxes};
    return BW_OK;
}

static bw_status get_wells(bw_ctx *ctx, const bw_node *digest, bw__wells *before, bw__wells **out)
{
    const bw_node *list = bw_map_get_text(digest, "wells");
    bw__wells *wells = bw_alloc_zeroed(ctx, sizeof *wells);
    bw_status st = BW_OK;

    if (wells == NULL) {
        return BW_ERR_NOMEM;
    }
    wells->users = 1;
    if (list == NULL || list->type != BW_NODE_LIST) {
        BW_GO(refuse(ctx, "wells"));
    }
    wells->items = bw_arena_alloc(ctx, &wells->arena, (list->children.len + UINT32_C(1)) * sizeof *wells->items);
    BW_GO(wells->items == NULL ? BW_ERR_NOMEM : BW_OK);
    for (uint32_t n = 0; n < list->children.len; n++) {
        BW_GO(get_well(ctx, &wells->arena, list->children.items[n], &wells->items[n]));
        wells->count++;
    }
    *out = bw__wells_share(ctx, wells, before);
    return BW_OK;
done:
    bw__wells_release(ctx, wells);
    return st;
}

static bw_status get_flows(bw_ctx *ctx, const bw_node *digest, size_t cells, bw__record *record)
{
    size_t columns = KEYS + span_count(flow_spans), count;
    const double *row;

    BW_TRY(get_table(ctx, digest, "flows", columns, &row, &count));
    if (row == NULL || count > UINT32_MAX) {
        return refuse(ctx, "flows");
    }
    record->flows = bw_arena_alloc_zeroed(ctx, &record->arena, (count + 1) * sizeof *record->flows);
    if (record->flows == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; n < count; n++, row += columns) {
        if (!to_index(row[0], (double)cells, &record->flows[n].cell)) {
            return refuse(ctx, "a flow's cell");
        }
        record->flows[n].injected = row[1] != 0;
        copy_in(flow_spans, row + KEYS, &record->flows[n]);
    }
    record->flow_count = (uint32_t)count;
    return BW_OK;
}

static bw_status get_perforations(bw_ctx *ctx, const bw_node *digest, bw__record *record)
{
    size_t columns = KEYS + span_count(perforation_spans), count;
    const double *row;

    BW_TRY(get_table(ctx, digest, "perforations", columns, &row, &count));
    if (row == NULL || count > UINT32_MAX) {
        return refuse(ctx, "perforations");
    }
    record->perforations =
        bw_arena_alloc_zeroed(ctx, &record->arena, (count + 1) * sizeof *record->perforations);
    if (record->perforations == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; n < count; n++, row += columns) {
        bw__perforation *p = &record->perforations[n];

        if (!to_index(row[0], record->wells->count, &p->well) ||
            !to_index(row[1], record->flow_count, &p->flow)) {
            return refuse(ctx, "a perforation's well and flow");
        }
        copy_in(perforation_spans, row + KEYS, p);
    }
    record->perforation_count = (uint32_t)count;
    return BW_OK;
}

/* What is as long as the lists of zones and wells. */
static bw_status get_lists(bw_ctx *ctx, const bw_node *digest, uint32_t zones, bw__record *record)
{
    bw_view problem;
    int64_t swept;

    if (!bw_map_get_int(digest, "swept", &swept) || !bw_map_get_string(digest, "problem", &problem) ||
        problem.len >= sizeof record->problem) {
        return refuse(ctx, "swept, problem");
    }
    record->swept = (uint64_t)swept;
    memcpy(record->problem, problem.ptr, problem.len);
    BW_TRY(get_rows(ctx, &record->arena, digest, "zones", zones, ZONE, &record->zones));
    BW_TRY(get_rows(ctx, &record->arena, digest, "bhp", record->wells->count, 1, &record->bhp));
    return bw_map_get_text(digest, "wellTotals") == NULL
               ? BW_OK : get_rows(ctx, &record->arena, digest, "wellTotals", record->wells->count, BW__TOTALS,
                                  &record->well_totals);
}

bw_status bw__digest_read(bw_ctx *ctx, const bw_node *digest, uint32_t zones, size_t cells, bw__wells *before,
                          bw__record **out)
{
    bw__record *record = bw_alloc_zeroed(ctx, sizeof *record);
    const double *numbers;
    bw__facts facts;
    bw_status st;
    size_t count;

    if (record == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_GO(bw__digest_head(ctx, digest, &record->step, &facts));
    BW_GO(get_table(ctx, digest, "numbers", FACTS + span_count(record_spans), &numbers, &count));
    copy_in(record_spans, numbers + FACTS, record);
    BW_GO(get_wells(ctx, digest, before, &record->wells));
    BW_GO(get_flows(ctx, digest, cells, record));
    BW_GO(get_perforations(ctx, digest, record));
    BW_GO(get_lists(ctx, digest, zones, record));
    *out = record;
    return BW_OK;
done:
    bw__record_free(ctx, record);
    return st;
}
