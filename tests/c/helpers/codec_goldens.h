/* SPDX-License-Identifier: MIT */
/**
 * The plain bytes behind tests/data/codec/, by the formulas of its generate.py, and the list of
 * its files, which other implementations wrote.
 */
#ifndef BORES_CODEC_GOLDENS_H
#define BORES_CODEC_GOLDENS_H

#include "bores/codec.h"

typedef enum codec_plain { PLAIN_F8, PLAIN_I2, PLAIN_U1, PLAIN_S12, PLAIN_NOISE } codec_plain;

typedef struct codec_golden {
    const char *file; /**< below tests/data/codec, less ".bin" */
    const bw_codec_type *type;
    codec_plain plain;
} codec_golden;

extern const codec_golden codec_goldens[];
extern const size_t codec_golden_count;

/** Writes the plain bytes to `out` (CODEC_PLAIN_MAX of room); returns how many. */
size_t codec_plain_bytes(codec_plain plain, uint8_t *out);
uint32_t codec_plain_itemsize(codec_plain plain);

#define CODEC_PLAIN_MAX (8808u * 8u)

#endif
