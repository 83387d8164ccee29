/* SPDX-License-Identifier: MIT */
/** Sums and means over a state's cells. */
#ifndef BORES_ANALYSIS_CELL_SUMS_H
#define BORES_ANALYSIS_CELL_SUMS_H

#include "analysis_internal.h"

/** Makes what is in place in each of the record's zones, and in all of them (cell_volumes.c). */
void bw__cell_volumes(const bw_analysis *a, const bw__state *state, bw__record *record);
/** Makes the record's means; its flows are there already (cell_means.c). */
void bw__cell_means(const bw__state *state, bw__record *record);

#endif
