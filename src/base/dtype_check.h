/* SPDX-License-Identifier: MIT */
/** The one rule for which element types exist, for whoever reads them as parts. */
#ifndef BORES_BASE_DTYPE_CHECK_H
#define BORES_BASE_DTYPE_CHECK_H

#include "bores/dtype.h"

/** True when kind, itemsize and unit belong together. Byte order is not looked at. */
bool bw__dtype_valid(bw_dtype dtype);

#endif
