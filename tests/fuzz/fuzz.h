/* SPDX-License-Identifier: MIT */
/** What a fuzz target defines; libFuzzer or replay.c calls it. */
#ifndef BORES_FUZZ_H
#define BORES_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** One input. Returns 0; a finding is a crash, a sanitizer report or a failed assertion. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
