/* SPDX-License-Identifier: MIT */
/** Vectors by name, which names there are, and the wells of a state. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors.h"

/* Names -------------------------------------------------------------------------------------- */

static bw_status unknown(bw__question *q, bw_view name, const char *why)
{
    return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "%s: there is no vector '%.*s': %s", q->row->name,
                   (int)(name.len < 80 ? name.len : 80), (const char *)name.ptr, why);
}

/* A positive whole number at the start of `text`; 0 where there is none. */
static unsigned long read_whole(const char **text, const char *end)
{
    unsigned long value = 0;

    while (*text < end && **text >= '0' && **text <= '9' && value < 100000000ul) {
        value = value * 10 + (unsigned long)(*(*text)++ - '0');
    }
    return value;
}

static bool is_well(const bw_analysis *a, bw_view name)
{
    for (uint32_t n = 0; n < a->count; n++) {
        for (uint32_t w = 0; w < a->records[n]->wells->count; w++) {
            if (bw_view_equal(a->records[n]->wells->items[w].name, name)) {
                return true;
            }
        }
    }
    return false;
}

static bw_status name_well(bw__question *q, bw_view name, bw_view well, bw__vector *out)
{
    if (!is_well(q->a, well)) {
        return unknown(q, name, "no state has that well");
    }
    out->well = well;
    out->filter.kind = BW__NAMED;
    out->filter.count = 1;
    out->filter.names = bw_arena_alloc(q->ctx, q->arena, sizeof *out->filter.names);
    if (out->filter.names == NULL) {
        return BW_ERR_NOMEM;
    }
    out->filter.names[0] = well;
    return BW_OK;
}

/* NAME:i,j,k, indices from 1. */
static bw_status name_connection(bw__question *q, bw_view name, bw_view subject, bw__vector *out)
{
    const uint64_t *shape = q->a->shape;
    const char *text, *end = (const char *)subject.ptr + subject.len;
    size_t colon = subject.len;
    unsigned long index[3];

    while (colon > 0 && subject.ptr[colon - 1] != ':') {
        colon--;
    }
    if (colon == 0) {
        return unknown(q, name, "a connection is NAME:i,j,k");
    }
    text = (const char *)subject.ptr + colon;
    for (int d = 0; d < 3; d++) {
        index[d] = read_whole(&text, end);
        if (index[d] == 0 || index[d] > shape[d] || (d < 2 && (text >= end || *text++ != ','))) {
            return unknown(q, name, "its cell is none of the grid's; indices count from 1");
        }
    }
    if (text != end) {
        return unknown(q, name, "a connection is NAME:i,j,k");
    }
    BW_TRY(name_well(q, name, (bw_view){subject.ptr, colon - 1}, out));
    out->filter.kind = BW__LISTED;
    out->filter.cells = bw_arena_alloc(q->ctx, q->arena, sizeof *out->filter.cells);
    if (out->filter.cells == NULL) {
        return BW_ERR_NOMEM;
    }
    out->filter.cells[0] = (uint32_t)(((index[0] - 1) * shape[1] + index[1] - 1) * shape[2] +
                                      index[2] - 1);
    return BW_OK;
}

static bw_status name_subject(bw__question *q, bw_view name, bw_view subject, bw__vector *out)
{
    const char *text, *end;
    unsigned long number;

    if (out->letter == 'F') {
        return subject.ptr == NULL ? BW_OK : unknown(q, name, "the field has no parts");
    }
    if (subject.ptr == NULL) {
        return unknown(q, name, "of which well or region is behind a colon");
    }
    text = (const char *)subject.ptr;
    end = text + subject.len;
    switch (out->letter) {
    case 'W':
        return name_well(q, name, subject, out);
    case 'C':
        return name_connection(q, name, subject, out);
    default:
        number = read_whole(&text, end);
        if (number == 0 || number > q->a->zones || text != end) {
            return unknown(q, name, "there is no such region");
        }
        out->filter.kind = BW__REGION;
        out->filter.region = (uint32_t)number;
        return BW_OK;
    }
}

bw_status bw__vector_parse(bw__question *q, bw_view name, bw__vector *out)
{
    bw__vector v = {.unit = "DAYS", .title = "Time"};
    size_t len = 0;
    bw_view subject = {NULL, 0};

    while (len < name.len && name.ptr[len] != ':') {
        len++;
    }
    if (len < name.len) {
        subject = (bw_view){name.ptr + len + 1, name.len - len - 1};
    }
    if (bw_view_equal(name, BW_VIEW("TIME")) || bw_view_equal(name, BW_VIEW("YEARS"))) {
        v.letter = (char)name.ptr[0];
        v.unit = v.letter == 'Y' ? "YEARS" : "DAYS";
        *out = v;
        return BW_OK;
    }
    for (const bw__vector_row *row = bw__vector_table; len > 0 && row->name != NULL; row++) {
        if (strlen(row->name) == len - 1 && memcmp(row->name, name.ptr + 1, len - 1) == 0 &&
            strchr(row->of, name.ptr[0]) != NULL) {
            v.row = row;
            v.letter = (char)name.ptr[0];
            v.unit = row->unit;
            v.title = row->title;
            BW_TRY(name_subject(q, name, subject, &v));
            *out = v;
            return BW_OK;
        }
    }
    return unknown(q, name, "no such mnemonic");
}

/* Vectors ------------------------------------------------------------------------------------ */

static bw_status put_vector(bw__question *q, bw_view name, bw_node *all)
{
    const bw_analysis *a = q->a;
    double *numbers = bw_arena_alloc(q->ctx, q->arena, ((size_t)a->count + 1) * sizeof *numbers);
    bw__vector vector;
    bw_node *map;

    if (numbers == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__vector_parse(q, name, &vector));
    BW_TRY(bw__answer_map(q, &map));
    BW_TRY(bw__put(q, map, "name", bw_node_text(q->ctx, q->arena, name)));
    BW_TRY(bw__put_text(q, map, "title", vector.title));
    BW_TRY(bw__put_text(q, map, "unit", vector.unit));
    for (uint32_t n = 0; n < a->count; n++) {
        numbers[n] = (double)a->records[n]->step;
    }
    BW_TRY(bw__put_series(q, map, "steps", numbers, a->count));
    for (uint32_t n = 0; n < a->count; n++) {
        numbers[n] = a->records[n]->day;
    }
    BW_TRY(bw__put_series(q, map, "days", numbers, a->count));
    bw__vector_values(a, &vector, numbers);
    BW_TRY(bw__put_series(q, map, "values", numbers, a->count));
    return bw_map_set(q->ctx, q->arena, all, name, map);
}

static bw_status answer_vectors(bw__question *q, bw_node **out)
{
    const bw_node *names = bw__find(q->params, "names");

    if (names == NULL || names->type != BW_NODE_LIST) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT, "vectors takes a list of names");
    }
    BW_TRY(bw__answer_map(q, out));
    for (uint32_t n = 0; n < names->children.len; n++) {
        const bw_node *name = names->children.items[n];

        if (name->type != BW_NODE_STRING) {
            return bw_fail(q->ctx, BW_ERR_ARGUMENT, "vectors takes a list of names");
        }
        BW_TRY(put_vector(q, name->text, *out));
    }
    return BW_OK;
}

/* Which there are ---------------------------------------------------------------------------- */

static bw_status push_name(bw__question *q, bw_node *list, char letter,
                           const bw__vector_row *row, const char *kind, bw_view subject)
{
    char name[8];
    bw_bytes text = {0};
    bw_node *map;
    bw_status st;

    (void)snprintf(name, sizeof name, "%c%s", letter, row->name);
    BW_GO(bw_bytes_append_text(q->ctx, &text, name));
    if (subject.ptr != NULL) {
        BW_GO(bw_bytes_append_text(q->ctx, &text, ":"));
        BW_GO(bw_bytes_append(q->ctx, &text, subject.ptr, subject.len));
    }
    BW_GO(bw__answer_map(q, &map));
    BW_GO(bw__put(q, map, "name", bw_node_text(q->ctx, q->arena, bw_bytes_view(&text))));
    BW_GO(bw__put_text(q, map, "title", row->title));
    BW_GO(bw__put_text(q, map, "unit", row->unit));
    BW_GO(bw__put_text(q, map, "kind", kind));
    BW_GO(bw__put_text(q, map, "quantity", row->name));
    BW_GO(bw__put(q, map, "subject", subject.ptr == NULL
                                         ? bw_node_null(q->ctx, q->arena)
                                         : bw_node_text(q->ctx, q->arena, subject)));
    BW_GO(bw__push(q, list, map));
done:
    bw_bytes_free(q->ctx, &text);
    return st;
}

/* All rows of a kind; for wells only those of what they do. */
static bw_status push_rows(bw__question *q, bw_node *list, char letter, const char *kind,
                           bw_view subject, bool produces, bool injects)
{
    for (const bw__vector_row *row = bw__vector_table; row->name != NULL; row++) {
        bool injection = strcmp(row->name, "OIR") == 0 || strcmp(row->name, "WIR") == 0 ||
                         strcmp(row->name, "GIR") == 0 || strcmp(row->name, "VIR") == 0 ||
                         strcmp(row->name, "OIT") == 0 || strcmp(row->name, "WIT") == 0 ||
                         strcmp(row->name, "GIT") == 0 || strcmp(row->name, "VIT") == 0;
        bool always = strcmp(row->name, "BHP") == 0;

        if (strchr(row->of, letter) != NULL && (always || (injection ? injects : produces))) {
            BW_TRY(push_name(q, list, letter, row, kind, subject));
        }
    }
    return BW_OK;
}

/* The wells of all states, each name once, in the order in which they come; `out` has room. */
static size_t all_wells(const bw_analysis *a, const bw__well **out)
{
    const bw__wells *before = NULL;
    size_t count = 0;

    for (uint32_t n = 0; n < a->count; n++) {
        const bw__wells *wells = a->records[n]->wells;

        for (uint32_t w = 0; wells != before && w < wells->count; w++) {
            bool known = false;

            for (size_t m = 0; m < count && !known; m++) {
                known = bw_view_equal(out[m]->name, wells->items[w].name) &&
                        out[m]->injector == wells->items[w].injector;
            }
            if (!known) {
                out[count++] = &wells->items[w];
            }
        }
        before = wells;
    }
    return count;
}

static bw_status list_wells(bw__question *q, const bw__well ***out, size_t *count)
{
    const bw__wells *before = NULL;
    size_t most = 0;

    for (uint32_t n = 0; n < q->a->count; n++) {
        most += q->a->records[n]->wells == before ? 0 : q->a->records[n]->wells->count;
        before = q->a->records[n]->wells;
    }
    *out = bw_arena_alloc(q->ctx, q->arena, (most + 1) * sizeof **out);
    if (*out == NULL) {
        return BW_ERR_NOMEM;
    }
    *count = all_wells(q->a, *out);
    return BW_OK;
}

/* The cells of the last state that a well perforates, of the grid's. */
static bw_status push_connections(bw__question *q, const bw__well *well, bw_node *list)
{
    const uint64_t *shape = q->a->shape;

    for (uint32_t n = 0; n < well->intervals; n++) {
        const int64_t *box = well->boxes + 6 * (size_t)n;

        for (int64_t i = box[0]; i >= 0 && i <= box[3] && (uint64_t)i < shape[0]; i++) {
            for (int64_t j = box[1]; j >= 0 && j <= box[4] && (uint64_t)j < shape[1]; j++) {
                for (int64_t k = box[2]; k >= 0 && k <= box[5] && (uint64_t)k < shape[2]; k++) {
                    bw_bytes text = {0};
                    char cell[64];
                    bw_status st;

                    (void)snprintf(cell, sizeof cell, ":%lld,%lld,%lld", (long long)i + 1,
                                   (long long)j + 1, (long long)k + 1);
                    st = bw_bytes_append(q->ctx, &text, well->name.ptr, well->name.len);
                    st = st == BW_OK ? bw_bytes_append_text(q->ctx, &text, cell) : st;
                    st = st == BW_OK ? push_rows(q, list, 'C', "connection",
                                                 bw_bytes_view(&text), !well->injector,
                                                 well->injector)
                                     : st;
                    bw_bytes_free(q->ctx, &text);
                    BW_TRY(st);
                }
            }
        }
    }
    return BW_OK;
}

static bw_status answer_names(bw__question *q, bw_node **out)
{
    static const bw__vector_row times[] = {{"IME", "DAYS", "Time", "T", 0},
                                           {"EARS", "YEARS", "Time", "Y", 0}};
    const bw__well **wells;
    bool connections;
    size_t count;

    BW_TRY(bw__option_bool(q, "connections", false, &connections));
    BW_TRY(bw__answer_list(q, out));
    BW_TRY(push_name(q, *out, 'T', &times[0], "time", (bw_view){NULL, 0}));
    BW_TRY(push_name(q, *out, 'Y', &times[1], "time", (bw_view){NULL, 0}));
    BW_TRY(push_rows(q, *out, 'F', "field", (bw_view){NULL, 0}, true, true));
    BW_TRY(list_wells(q, &wells, &count));
    for (size_t n = 0; n < count; n++) {
        BW_TRY(push_rows(q, *out, 'W', "well", wells[n]->name, !wells[n]->injector,
                         wells[n]->injector));
    }
    for (uint32_t n = 1; n <= q->a->zones; n++) {
        char number[16];

        (void)snprintf(number, sizeof number, "%u", (unsigned)n);
        BW_TRY(push_rows(q, *out, 'R', "region", bw_view_text(number), true, true));
    }
    for (size_t n = 0; n < count && connections; n++) {
        BW_TRY(push_connections(q, wells[n], *out));
    }
    return BW_OK;
}

/* Wells of a state --------------------------------------------------------------------------- */

static bw_status put_cells(bw__question *q, const bw__well *well, bw_node *map)
{
    bw_node *cells;

    BW_TRY(bw__answer_list(q, &cells));
    for (uint32_t n = 0; n < well->intervals; n++) {
        const int64_t *box = well->boxes + 6 * (size_t)n;
        double ends[6];
        bw_node *interval;

        for (int d = 0; d < 6; d++) {
            ends[d] = (double)box[d];
        }
        if (n == 0) {
            BW_TRY(bw__put_numbers(q, map, "head", ends, 3));
            if (isfinite(q->a->dx * q->a->dy)) {
                BW_TRY(bw__put_number(q, map, "x", (ends[0] + 0.5) * q->a->dx));
                BW_TRY(bw__put_number(q, map, "y", (ends[1] + 0.5) * q->a->dy));
            }
        }
        BW_TRY(bw__answer_list(q, &interval));
        for (int d = 0; d < 6; d++) {
            BW_TRY(bw__push_number(q, interval, ends[d]));
        }
        BW_TRY(bw__push(q, cells, interval));
    }
    return bw__put(q, map, "intervals", cells);
}

static bw_status put_well(bw__question *q, uint32_t at, uint32_t w, bw_node *map)
{
    const bw_analysis *a = q->a;
    const bw__record *record = a->records[at];
    const bw__well *well = &record->wells->items[w];
    bw_view name = well->name;
    const bw__filter own = {.kind = BW__NAMED, .names = &name, .count = 1};
    bool in = well->injector;
    double oil = bw__rate(a, record, in, BW__Q_OIL, &own);
    double water = bw__rate(a, record, in, BW__Q_WATER, &own);
    double gas = bw__rate(a, record, in, BW__Q_GAS, &own);

    BW_TRY(bw__put(q, map, "name", bw_node_text(q->ctx, q->arena, name)));
    BW_TRY(bw__put_text(q, map, "type", in ? "injector" : "producer"));
    BW_TRY(bw__put_text(q, map, "state", well->active ? "open" : "shut"));
    BW_TRY(put_cells(q, well, map));
    BW_TRY(bw__put_number(q, map, "oilRate", oil));
    BW_TRY(bw__put_number(q, map, "gasRate", gas));
    BW_TRY(bw__put_number(q, map, "waterRate", water));
    BW_TRY(bw__put_number(q, map, "liquidRate", oil + water));
    BW_TRY(bw__put_number(q, map, "waterCut", bw__ratio(water, oil + water)));
    BW_TRY(bw__put_number(q, map, "gasOilRatio", bw__ratio(gas, oil)));
    if (isnan(record->bhp[w])) {
        BW_TRY(bw__put_null(q, map, "bhp"));
    } else {
        BW_TRY(bw__put_number(q, map, "bhp", record->bhp[w]));
    }
    BW_TRY(bw__put_number(q, map, "cumulativeOil", bw__total_to(a, at, in, BW__Q_OIL, &own)));
    BW_TRY(bw__put_number(q, map, "cumulativeGas", bw__total_to(a, at, in, BW__Q_GAS, &own)));
    return bw__put_number(q, map, "cumulativeWater",
                          bw__total_to(a, at, in, BW__Q_WATER, &own));
}

static bw_status answer_wells(bw__question *q, bw_node **out)
{
    uint32_t at;

    BW_TRY(bw__option_step(q, &at));
    BW_TRY(bw__answer_list(q, out));
    for (uint32_t w = 0; w < q->a->records[at]->wells->count; w++) {
        bw_node *map;

        BW_TRY(bw__answer_map(q, &map));
        BW_TRY(put_well(q, at, w, map));
        BW_TRY(bw__push(q, *out, map));
    }
    return BW_OK;
}

const bw__row bw__vector_rows[] = {
    {"vectors", answer_vectors, 0, "names"},
    {"vectorNames", answer_names, 0, "connections"},
    {"wells", answer_wells, 0, "step"},
    {NULL, NULL, 0, ""},
};
