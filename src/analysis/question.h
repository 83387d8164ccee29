/* SPDX-License-Identifier: MIT */
/** Questions: their options read, their answers built. */
#ifndef BORES_ANALYSIS_QUESTION_H
#define BORES_ANALYSIS_QUESTION_H

#include "analysis_internal.h"

typedef struct bw__question bw__question;
typedef bw_status (*bw__answerer)(bw__question *q, bw_node **out);

/** A row of the table of questions. `what` tells questions apart that one function answers. */
typedef struct bw__row {
    const char *name;
    bw__answerer answer;
    int what;
    const char *options; /**< names, separated by spaces */
} bw__row;

struct bw__question {
    bw_ctx *ctx;
    bw_analysis *a;
    const bw__row *row;
    const bw_node *params;
    const bw_node *state; /**< a state given with the question, or NULL */
    bw_arena *arena;      /**< of the answer */
};

/* Options (question.c) ----------------------------------------------------------------------- */

/** A number, `otherwise` where the option is absent. */
bw_status bw__option_number(bw__question *q, const char *name, double otherwise, double *out);
bw_status bw__option_bool(bw__question *q, const char *name, bool otherwise, bool *out);
/** An integer of at least `least`. */
bw_status bw__option_count(bw__question *q, const char *name, int64_t otherwise, int64_t least,
                           int64_t *out);
/** One of `choices` (ended by NULL), as its index. */
bw_status bw__option_choice(bw__question *q, const char *name, const char *const *choices,
                            int otherwise, int *out);
bw_status bw__option_phase(bw__question *q, const char *name, bw__phase otherwise,
                           bw__phase *out);
/** Index of the record that option `step` names; negative ones count from the end. */
bw_status bw__option_step(bw__question *q, uint32_t *out);

/** The records first … end - 1 lie in fromStep … toStep; bw__range_has() asks for the interval. */
typedef struct bw__range {
    uint32_t first, end;
    int64_t from, interval;
} bw__range;

bw_status bw__option_range(bw__question *q, bw__range *out);
bool bw__range_has(const bw__range *range, const bw__record *record);

/* Cells (cell_filter.c) ---------------------------------------------------------------------- */

/** Which cells count; a cell counts once, however many of the named wells hold it. */
typedef struct bw__filter {
    enum { BW__ALL, BW__NAMED, BW__LISTED, BW__BOXED, BW__REGION } kind;
    bw_view *names;
    uint32_t *cells;
    size_t count;
    uint64_t low[3], high[3]; /**< half-open */
    uint32_t region;          /**< from 1 */
} bw__filter;

bw_status bw__option_cells(bw__question *q, bw__filter *out);
bool bw__filter_names(const bw__filter *filter, bw_view name);
bool bw__filter_has(const bw_analysis *a, const bw__filter *filter, const bw__record *record,
                    uint32_t cell);

/* Answers (answer.c) ------------------------------------------------------------------------- */

bw_status bw__answer_number(bw__question *q, double value, bw_node **out);
bw_status bw__answer_map(bw__question *q, bw_node **out);
bw_status bw__answer_list(bw__question *q, bw_node **out);
bw_status bw__put(bw__question *q, bw_node *map, const char *key, bw_node *value);
bw_status bw__put_number(bw__question *q, bw_node *map, const char *key, double value);
bw_status bw__put_int(bw__question *q, bw_node *map, const char *key, int64_t value);
bw_status bw__put_text(bw__question *q, bw_node *map, const char *key, const char *text);
bw_status bw__put_bool(bw__question *q, bw_node *map, const char *key, bool value);
bw_status bw__put_null(bw__question *q, bw_node *map, const char *key);
/** A list of numbers. */
bw_status bw__put_numbers(bw__question *q, bw_node *map, const char *key, const double *values,
                          size_t count);
/** A float64 array, copied: NaN may stand in it. */
bw_status bw__put_series(bw__question *q, bw_node *map, const char *key, const double *values,
                         size_t count);
bw_status bw__push(bw__question *q, bw_node *list, bw_node *value);
bw_status bw__push_number(bw__question *q, bw_node *list, double value);
/** Adds [step, value] to a history. */
bw_status bw__push_at(bw__question *q, bw_node *history, int64_t step, bw_node *value);
bw_status bw__push_number_at(bw__question *q, bw_node *history, int64_t step, double value);
/** An array of the grid's shape in the answer: kind 'f' of 8 bytes, or 'b' of 1. */
bw_status bw__put_grid(bw__question *q, bw_node *map, const char *key, char kind,
                       bw_array **out);
/** The map {needsState: step}. */
bw_status bw__answer_needs(bw__question *q, int64_t step, bw_node **out);

/* A record of each state of a range, by one function. */
typedef bw_status (*bw__describe)(bw__question *q, uint32_t at, bw_node *map);
bw_status bw__answer_history(bw__question *q, bw__describe describe, bw_node **out);
bw_status bw__answer_step(bw__question *q, bw__describe describe, bw_node **out);
typedef bw_status (*bw__measure)(bw__question *q, uint32_t at, double *out);
bw_status bw__measure_history(bw__question *q, bw__measure measure, bw_node **out);
bw_status bw__measure_step(bw__question *q, bw__measure measure, bw_node **out);

/* Rates and volumes (volumes.c) -------------------------------------------------------------- */

typedef enum bw__quantity {
    BW__Q_OIL, BW__Q_WATER, BW__Q_GAS, /**< gas: free and dissolved */
    BW__Q_FREE_GAS,
    BW__Q_OIL_GAS, /**< free, and dissolved in oil alone */
    BW__Q_RES_OIL, BW__Q_RES_WATER, BW__Q_RES_GAS,
    BW__Q_RESERVOIR, /**< all phases, ft3 */
    BW__QUANTITIES
} bw__quantity;

double bw__flow_quantity(const bw__flow *flow, bw__quantity quantity);
/** STB/d, SCF/d or ft3/d of a record's flowing cells. */
double bw__rate(const bw_analysis *a, const bw__record *record, bool injected,
                bw__quantity quantity, const bw__filter *filter);
/** The volume of a record's interval: since the record before it, 0 for the first. */
double bw__volume(const bw_analysis *a, uint32_t at, bool injected, bw__quantity quantity,
                  const bw__filter *filter);
/** Of all intervals up to a record's. */
double bw__total_to(const bw_analysis *a, uint32_t at, bool injected, bw__quantity quantity,
                    const bw__filter *filter);
extern const bw__filter bw__everything;
/** The region of a cell, from 1; 0 where it is in none. */
uint32_t bw__region_of(const bw_analysis *a, uint32_t cell);

/** Volumes in place at first: 0 oil STB, 1 gas SCF, 2 free gas SCF, 3 water STB; given or computed. */
double bw__initial(const bw_analysis *a, int which);
/** Gas and its parts, SCF. */
double bw__zone_gas(const bw__zone *zone);
/** a/b, 0 where b is 0. */
double bw__ratio(double a, double b);
bool bw__is_gap(const bw_analysis *a, uint32_t at);

/* The tables of questions, each ended by a row without a name. */
extern const bw__row bw__volume_rows[], bw__record_rows[], bw__sweep_rows[], bw__decline_rows[],
    bw__vector_rows[], bw__plot_rows[], bw__compat_rows[];

#endif
