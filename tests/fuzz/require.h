/* SPDX-License-Identifier: MIT */
/** assert() for fuzz targets: it stays, and its argument is run, in every build. */
#ifndef BORES_FUZZ_REQUIRE_H
#define BORES_FUZZ_REQUIRE_H

#include <stdbool.h>
#include <stdlib.h>

static inline void require(bool held)
{
    if (!held) {
        abort();
    }
}

#endif
