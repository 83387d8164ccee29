/* SPDX-License-Identifier: MIT */
/** The material balance of a state against the first one. */
#ifndef BORES_ANALYSIS_BALANCE_H
#define BORES_ANALYSIS_BALANCE_H

#include "question.h"

/** Volumes in bbl at reservoir conditions, expansions in bbl per STB. */
typedef struct bw__balance {
    double pressure, decline; /**< psi */
    double f, eo, eg, efw, m, n; /**< withdrawal, expansions, gas cap ratio, STOIIP */
    double rp, bo, boi;
    double oil, cap, water, rock, injected; /**< drives; water and gas injected, bbl */
} bw__balance;

void bw__balance_at(const bw_analysis *a, uint32_t at, bw__balance *out);
bw_status bw__answer_balance(bw__question *q, bw_node **out);

#endif
