/* SPDX-License-Identifier: MIT */
/** The shortest text that reads back as the same double. */
#ifndef BORES_JSON_FLOAT_TEXT_H
#define BORES_JSON_FLOAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define BW__FLOAT_TEXT_MAX 32

/**
 * Writes a finite `value` and returns the text's length; it always has a point or an exponent.
 * `python`: as repr() has it ("1e-05"), else as orjson ("1e-5", "0.0001").
 */
size_t bw__float_text(double value, bool python, char out[BW__FLOAT_TEXT_MAX]);

#endif
