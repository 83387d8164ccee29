/* SPDX-License-Identifier: MIT */
/** The tag bytes of packed trees, for pack.c and unpack.c. JavaScript's twin: js/core/pack.js. */
#ifndef BORES_BASE_PACK_TAGS_H
#define BORES_BASE_PACK_TAGS_H

enum {
    BW__PACK_NULL,
    BW__PACK_FALSE,
    BW__PACK_TRUE,
    BW__PACK_INT,
    BW__PACK_FLOAT,
    BW__PACK_STRING,
    BW__PACK_LIST,
    BW__PACK_MAP,
    BW__PACK_ARRAY,
    BW__PACK_NATURAL
};

#endif
