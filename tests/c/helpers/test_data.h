/* SPDX-License-Identifier: MIT */
/** Files under tests/data. */
#ifndef BORES_TEST_DATA_H
#define BORES_TEST_DATA_H

#include "bores/bytes.h"

/**
 * The bytes of a file, by its path below tests/data, in memory of exactly that size
 * (so that a sanitizer sees a read past the end). Ends the process when it cannot be read.
 * The caller frees `ptr` with free().
 */
bw_bytes bw_test_file(const char *path);

#endif
