/* SPDX-License-Identifier: MIT */
/** Entries as groups, datasets and attributes. */
#ifndef BORES_HDF5_H5_WRITE_H
#define BORES_HDF5_H5_WRITE_H

#include "h5.h"
#include "entry/encode.h"

typedef struct bw_h5_writer {
    bw_encoder encoder;    /**< forms of values and the path for messages; its keys are not used */
    H5Z_filter_t filter;   /**< gzip, lzf or H5Z_FILTER_NONE */
    unsigned level;        /**< of gzip */
    const bw_node *chunks; /**< a list of lengths, or NULL for BORES's own */
} bw_h5_writer;

/** A scalar as h5py writes it: int64, float64, enum of FALSE and TRUE, UTF-8 of variable length; a
 *  list of texts as an array of them. Replaces one that is there. */
bw_status bw__h5_write_attribute(bw_ctx *ctx, hid_t object, bw_view name, const bw_node *value);
/** Text as bytes: ASCII of variable length. */
bw_status bw__h5_write_bytes_attribute(bw_ctx *ctx, hid_t object, const char *name, bw_view text);
/** A dataset, chunked and filtered unless its rank is 0. */
bw_status bw__h5_write_array(bw_h5_writer *w, hid_t parent, bw_view name, const bw_array *array);
/** A dataset of texts of variable length. */
bw_status bw__h5_write_texts(bw_h5_writer *w, hid_t parent, bw_view name, const bw_node *list);
/** A new group below `parent`; its id is the caller's. */
bw_status bw__h5_write_group(bw_ctx *ctx, hid_t parent, bw_view name, hid_t *out);

#endif
