/* SPDX-License-Identifier: MIT */
/** Numbers that a document has as text: "0", "-1.5e3", "nan", "0x7fc00000". */
#ifndef BORES_FORMAT_NUMBER_TEXT_H
#define BORES_FORMAT_NUMBER_TEXT_H

#include "bores/tree.h"

/**
 * The number that `text` is to Python's int() or float(): with spaces around it, a sign, a point
 * on either side of which digits may be missing, an exponent; or nan, inf and infinity in any case.
 * `*out` is set to an integer or float node that is no part of a tree; false where it is no number,
 * or one of more than 400 characters.
 */
bool bw__number_from_text(bw_view text, bw_node *out);

/**
 * The bits that "0x…" gives an element of `size` bytes; `exact` asks for two digits a byte, as Zarr
 * version 3 does for floats. False where the text is something else, or has too many digits.
 */
bool bw__bits_from_text(bw_view text, uint32_t size, bool exact, uint64_t *out);

#endif
