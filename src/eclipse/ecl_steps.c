/* SPDX-License-Identifier: MIT */
/*
 * Report steps of restarts.
 *
 * A step begins with SEQNUM, in files without it with INTEHEAD; in separate files it is the file. A
 * file that ends within a step belongs to a run still going: that step is not listed. Damage
 * anywhere else is: the step is listed and says what is wrong when it is read, since a list that is
 * shorter than the run would be believed. Of a step that comes twice (a run taken up again) the
 * last one counts.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ecl_store.h"

bw_status bw__ecl_add_step(bw_ctx *ctx, bw_ecl_store *store, const bw__ecl_step *step)
{
    if (store->step_count == store->step_cap) {
        uint32_t cap = store->step_cap == 0 ? 32 : 2 * store->step_cap;
        bw__ecl_step *grown = bw_arena_alloc(ctx, &store->arena, cap * sizeof *grown);
        if (grown == NULL) {
            return BW_ERR_NOMEM;
        }
        if (store->step_count > 0) {
            memcpy(grown, store->steps, store->step_count * sizeof *grown);
        }
        store->steps = grown;
        store->step_cap = cap;
    }
    store->steps[store->step_count++] = *step;
    return BW_OK;
}

/* True for a keyword with which a step of this file begins. */
static bool begins(const bw__ecl_file *file, const bw_ecl_keyword *keyword, const char *first)
{
    return file->number < 0 && strcmp(keyword->name, first) == 0;
}

/* Whether a step has what all of this file's steps have at their end. */
static bool is_whole(const bw_ecl_index *index, const bw__ecl_step *step, bool has_end)
{
    return !has_end || bw__ecl_find(index, step->first, step->end, "ENDSOL") != NULL;
}

static bw_status add_damaged(bw_ctx *ctx, bw_ecl_store *store, const bw__ecl_file *file,
                             bw__ecl_step *last, bool open)
{
    bw__ecl_step step = {.file = last->file, .first = file->index.count, .end = file->index.count,
                         .report = -1, .days = (double)NAN};

    if (open) { /* the damage is within the step read last */
        step = *last;
    }
    step.damage = &file->index.problem;
    return bw__ecl_add_step(ctx, store, &step);
}

static bw_status steps_of(bw_ctx *ctx, bw_ecl_store *store, uint32_t position)
{
    const bw__ecl_file *file = &store->files[position];
    const bw_ecl_index *index = &file->index;
    const char *first = bw__ecl_find(index, 0, index->count, "SEQNUM") != NULL ? "SEQNUM"
                                                                               : "INTEHEAD";
    bool has_end = bw__ecl_find(index, 0, index->count, "ENDSOL") != NULL, local = false;
    bool damaged = index->problem.status != BW_OK;
    bw__ecl_step step = {.file = position, .report = file->number, .days = (double)NAN};
    bool open = file->number >= 0;

    for (uint32_t n = 0; n < index->count; n++) {
        const bw_ecl_keyword *keyword = &index->keywords[n];
        local = strcmp(keyword->name, "LGR") == 0 || (local && strcmp(keyword->name, "ENDLGR") != 0);
        if (local || !begins(file, keyword, first)) {
            continue;
        }
        if (open) {
            step.end = n;
            BW_TRY(bw__ecl_add_step(ctx, store, &step));
        }
        step = (bw__ecl_step){.file = position, .first = n, .report = -1, .days = (double)NAN};
        open = true;
    }
    step.end = index->count;
    if (open && is_whole(index, &step, has_end) && (!damaged || has_end)) {
        BW_TRY(bw__ecl_add_step(ctx, store, &step));
        open = false;
    }
    return damaged && !index->problem.cut ? add_damaged(ctx, store, file, &step, open) : BW_OK;
}

bw_status bw__ecl_find_steps(bw_ctx *ctx, bw_ecl_store *store)
{
    for (uint32_t n = 0; n < store->file_count; n++) {
        if (store->files[n].role == BW__ECL_RESTART) {
            BW_TRY(steps_of(ctx, store, n));
        }
    }
    return BW_OK;
}

/* Dates ------------------------------------------------------------------------------------- */

/* Days since 1970-01-01 in the proleptic Gregorian calendar; NaN when it is no date.
 * Source: E. G. Richards, "Calendars", Explanatory Supplement to the Astronomical Almanac, 2013. */
double bw__ecl_date(int32_t year, int32_t month, int32_t day)
{
    int64_t y = (int64_t)year - (month <= 2), era, of_era, of_year;

    if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1 || year > 9999) {
        return (double)NAN;
    }
    era = y / 400;
    of_era = y - era * 400;
    of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (double)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468);
}

void bw__ecl_date_text(double days, char out[16])
{
    int64_t z = (int64_t)floor(days) + 719468, era = z / 146097, of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t m = (5 * of_year + 2) / 153;

    snprintf(out, 16, "%04d-%02d-%02d", (int)(year + era * 400 + (m >= 10)) % 10000,
             (int)(m < 10 ? m + 3 : m - 9), (int)(of_year - (153 * m + 2) / 5 + 1));
}

/* Heads ------------------------------------------------------------------------------------- */

void bw__ecl_take_intehead(bw__ecl_step *step, const bw_node *array, bool numbered)
{
    double date = bw__ecl_date(bw__ecl_int(array, 66, 0), bw__ecl_int(array, 65, 0),
                               bw__ecl_int(array, 64, 0));

    for (unsigned d = 0; d < 3; d++) {
        step->size[d] = bw__ecl_int(array, 8 + d, 0);
    }
    step->active = bw__ecl_int(array, 11, -1);
    step->units = bw__ecl_int(array, 2, 0);
    step->phases = bw__ecl_int(array, 14, 0);
    if (!numbered) {
        step->report = bw__ecl_int(array, 68, -1);
    }
    step->dated = !isnan(date);
    step->date = date + bw__ecl_int(array, 206, 0) / 24.0 + bw__ecl_int(array, 207, 0) / 1440.0 +
                 bw__ecl_int(array, 410, 0) / 86400e6;
}

void bw__ecl_take_doubhead(bw__ecl_step *step, const bw_node *array)
{
    step->days = bw__ecl_number(array, 0, step->days);
}

void bw__ecl_fill_days(bw_ecl_store *store)
{
    double start = (double)NAN;

    for (uint32_t n = 0; n < store->step_count && isnan(start); n++) {
        const bw__ecl_step *step = &store->steps[n];
        if (step->dated) { /* where DOUBHEAD is nowhere, the first step is the beginning */
            start = step->date - (isnan(step->days) ? 0 : step->days);
        }
    }
    for (uint32_t n = 0; n < store->step_count; n++) {
        bw__ecl_step *step = &store->steps[n];
        if (isnan(step->days) && step->dated) {
            step->days = step->date - start;
        }
        if (!step->dated && !isnan(step->days) && !isnan(start)) {
            step->date = start + step->days;
        }
    }
}

/* Entries ----------------------------------------------------------------------------------- */

void bw__ecl_group_name(uint32_t position, char out[24])
{
    snprintf(out, 24, "entry_%010" PRIu32, position);
}

bw_status bw__ecl_step_at(bw_ctx *ctx, const bw_op *op, bw_view group, const bw__ecl_step **out)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    int64_t number = -1;

    if (store == NULL || bw__group_kind(group, &number) != BW_GROUP_ENTRY || number < 0 ||
        number >= (int64_t)store->step_count) {
        (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no such entry");
        return bw_fail_at(ctx, (const char *)group.ptr, group.len);
    }
    *out = &store->steps[number];
    if ((*out)->damage != NULL) {
        return bw__ecl_fail_problem(ctx, &store->files[(*out)->file], (*out)->damage);
    }
    return BW_OK;
}

static bw_node *number_or_null(bw_ctx *ctx, bw_op *op, double value)
{
    return isnan(value) ? bw_node_null(ctx, &op->arena) : bw_node_float(ctx, &op->arena, value);
}

bw_status bw__ecl_entry(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step, bw_node **out)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    uint32_t position = (uint32_t)(step - store->steps);
    bw_arena *arena = &op->arena;
    bw_node *entry = bw_node_map(ctx, arena), *meta = bw_node_map(ctx, arena);
    char group[24], date[16];

    if (entry == NULL || meta == NULL) {
        return BW_ERR_NOMEM;
    }
    bw__ecl_group_name(position, group);
    bw__ecl_date_text(isnan(step->date) ? 0 : step->date, date);
    BW_TRY(bw__ecl_put(ctx, op, meta, "step", bw_node_int(ctx, arena, step->report)));
    BW_TRY(bw__ecl_put(ctx, op, meta, "date", isnan(step->date) || step->damage != NULL
                       ? bw_node_null(ctx, arena) : bw_node_text(ctx, arena, bw_view_text(date))));
    BW_TRY(bw__ecl_put(ctx, op, meta, "days", number_or_null(ctx, op, step->days)));
    BW_TRY(bw__ecl_put(ctx, op, entry, "idx", bw_node_int(ctx, arena, position)));
    BW_TRY(bw__ecl_put(ctx, op, entry, "group", bw_node_text(ctx, arena, bw_view_text(group))));
    BW_TRY(bw__ecl_put(ctx, op, entry, "meta", meta));
    BW_TRY(bw__ecl_put(ctx, op, entry, "step", bw_node_int(ctx, arena, step->report)));
    BW_TRY(bw__ecl_put(ctx, op, entry, "time", number_or_null(ctx, op, step->days * 86400)));
    BW_TRY(bw__ecl_put(ctx, op, entry, "finished", bw_node_bool(ctx, arena, step->damage == NULL)));
    *out = entry;
    return BW_OK;
}
