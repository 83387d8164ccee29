/* SPDX-License-Identifier: MIT */
/** Sweep of a state against the reference. */
#ifndef BORES_ANALYSIS_SWEEP_H
#define BORES_ANALYSIS_SWEEP_H

#include "analysis_internal.h"

/** Above which change of saturation, or concentration of solvent, a cell is contacted. */
typedef struct bw__thresholds {
    double water, gas, solvent;
} bw__thresholds;

#define BW__DEFAULT_THRESHOLDS ((bw__thresholds){.water = 0.02, .gas = 0.01, .solvent = 0.01})

/** By each displacing phase. */
void bw__sweep_of(const bw_analysis *a, const bw__state *state, bw__thresholds thresholds, bw__sweep out[BW__PHASES]);
/** Keeps the sweeps by all phases with the default thresholds in a record. */
void bw__sweep_record(const bw_analysis *a, const bw__state *state, bw__record *record);

#endif
