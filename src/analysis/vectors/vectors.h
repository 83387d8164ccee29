/* SPDX-License-Identifier: MIT */
/**
 * Summary vectors: a quantity of the field, a well, one of its connections or a region through time,
 * by ECLIPSE's mnemonics (OPM Flow manual, SUMMARY section), in FIELD units.
 */
#ifndef BORES_ANALYSIS_VECTORS_H
#define BORES_ANALYSIS_VECTORS_H

#include "analysis/question.h"

typedef struct bw__vector_row {
    const char *name;  /**< less the first letter, which says of what: F, W, C or R */
    const char *unit, *title;
    const char *of;    /**< which first letters it goes with */
    int what;          /**< private to vectors.c */
} bw__vector_row;

extern const bw__vector_row bw__vector_table[]; /**< ended by a row without a name */

typedef struct bw__vector {
    const bw__vector_row *row; /**< NULL for times */
    char letter;               /**< 'F', 'W', 'C', 'R', or 'T' for TIME, 'Y' for YEARS */
    bw__filter filter;
    bw_view well;              /**< of 'W' and 'C' */
    const char *unit, *title;
} bw__vector;

/** Takes a name apart: "FOPR", "WOPR:NAME", "COPR:NAME:i,j,k" (from 1), "ROPR:n". */
bw_status bw__vector_parse(bw__question *q, bw_view name, bw__vector *out);
/** Its values, one a record; NaN where a state has none. */
void bw__vector_values(const bw_analysis *a, const bw__vector *vector, double *out);

#endif
