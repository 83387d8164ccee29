/* SPDX-License-Identifier: MIT */
#include "question.h"
const bw__row bw__plot_rows[] = {{NULL, NULL, 0, ""}};
