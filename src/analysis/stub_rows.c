/* SPDX-License-Identifier: MIT */
#include "question.h"
const bw__row bw__plot_rows[] = {{NULL, NULL, 0, ""}};
const bw__row bw__compat_rows[] = {{NULL, NULL, 0, ""}};
