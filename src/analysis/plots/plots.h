/* SPDX-License-Identifier: MIT */
/** What the files of plots share: series being filled, and lines told. */
#ifndef BORES_ANALYSIS_PLOTS_H
#define BORES_ANALYSIS_PLOTS_H

#include "analysis/question.h"
#include "numbers/line_fit.h"

/** `count` series of a number a record, in `q->arena`; series n begins at (*out)[n * records]. */
bw_status bw__plot_series(bw__question *q, size_t count, double **out);
bw_status bw__plot_put(bw__question *q, bw_node *map, const char *key, const double *values);
/** {intercept, slope, rSquared, interceptInterval, slopeInterval, count}; null what is unknown. */
bw_status bw__plot_line(bw__question *q, bw_node *map, const char *key, const bw__line *line);
/** A number, or null where it is none. */
bw_status bw__plot_number(bw__question *q, bw_node *map, const char *key, double value);
/** A map with `steps` and `days` of all records. */
bw_status bw__plot_begin(bw__question *q, bw_node **out);

bw_status bw__answer_pz(bw__question *q, bw_node **out);
bw_status bw__answer_havlena_odeh(bw__question *q, bw_node **out);
bw_status bw__answer_campbell(bw__question *q, bw_node **out);
bw_status bw__answer_recovery_plot(bw__question *q, bw_node **out);
bw_status bw__answer_check(bw__question *q, bw_node **out);
bw_status bw__answer_chan(bw__question *q, bw_node **out);
bw_status bw__answer_wor_forecast(bw__question *q, bw_node **out);
bw_status bw__answer_hall(bw__question *q, bw_node **out);
bw_status bw__answer_breakthrough(bw__question *q, bw_node **out);
bw_status bw__answer_compare(bw__question *q, bw_node **out);
bw_status bw__answer_map_of(bw__question *q, bw_node **out);
bw_status bw__answer_statistics(bw__question *q, bw_node **out);

#endif
