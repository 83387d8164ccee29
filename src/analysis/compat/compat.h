/* SPDX-License-Identifier: MIT */
/**
 * BORES's own numbers, its defects included (`compat: 'bores'`): a volume is rate times the state's
 * own step, whatever is missing between states; acre-feet have 7758 bbl; what gas is depends on the
 * version (head, or guide and wheel); steps count from the end by number.
 */
#ifndef BORES_ANALYSIS_COMPAT_H
#define BORES_ANALYSIS_COMPAT_H

#include "analysis/question.h"

/** Of in-place volumes in BORES's barrels over those in consistent ones. */
#define BW__BORES_BARRELS (BW__BORES_ACRE_FOOT * BW__BARREL / 43560.0)

/** What states up to a record's add up to. */
double bw__bores_total(const bw_analysis *a, uint32_t at, bool injected, bw__quantity quantity);
/** 0 oil, 1 gas, 2 free gas, 3 water; given or the first state's. */
double bw__bores_initial(const bw_analysis *a, int which);
/** The record of option `step`; `negative` tells whether it was given from the end. */
bw_status bw__bores_step(bw__question *q, uint32_t *at, bool *negative);

bw_status bw__bores_balance(bw__question *q, bw_node **out);
bw_status bw__bores_replacement(bw__question *q, bw_node **out);
bw_status bw__bores_fit(bw__question *q, bw_node **out);
bw_status bw__bores_recommended(bw__question *q, bw_node **out);
bw_status bw__bores_forecast(bw__question *q, bw_node **out);
bw_status bw__bores_recovery(bw__question *q, bw_node **out);

#endif
