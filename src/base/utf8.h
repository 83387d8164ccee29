/* SPDX-License-Identifier: MIT */
/** UTF-8 by one character at a time (RFC 3629, section 4), for base and format. */
#ifndef BORES_BASE_UTF8_H
#define BORES_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/** Bytes of the well-formed character at `text` (1 to 4), or 0 when there is none. */
size_t bw__utf8_step(const uint8_t *text, size_t len);
/** The code point of a well-formed character of `step` bytes. */
uint32_t bw__utf8_point(const uint8_t *text, size_t step);

#endif
