/* SPDX-License-Identifier: MIT */
/** An entry's keys and bytes in Zarr: what the files encode_*.c share. */
#ifndef BORES_ZARR_ENCODE_ENCODE_ZARR_H
#define BORES_ZARR_ENCODE_ENCODE_ZARR_H

#include "entry/encode.h"
#include "zarr/zarr_store.h"

/* encode_put.c */
/** Leaves `{puts}` as the operation's result. */
bw_status bw__encode_result(bw_encoder *e, bw_op *op);
bw_status bw__encode_put(bw_encoder *e, bw_view folder, const char *name, bw_view bytes);
bw_status bw__encode_put_document(bw_encoder *e, bw_view folder, const char *name,
                                  const bw_node *document);
/** A group's document, and its attributes (NULL: none) as the last that is put. */
bw_status bw__encode_put_group(bw_encoder *e, bw_view folder, bw_node *attributes);
/** Adds the statistics of an entry's arrays to its attributes. */
bw_status bw__encode_put_statistics(bw_encoder *e, bw_node *attributes);
/**
 * The chunks of `part`, which begins at `start` in an array of `meta` and ends with a chunk or with it.
 * A part without elements has none.
 */
bw_status bw__encode_put_chunks(bw_encoder *e, bw_view folder, const bw_array_meta *meta,
                                const bw_array *part, const uint64_t *start);
/** An array's document and all its chunks. */
bw_status bw__encode_put_array(bw_encoder *e, bw_view folder, const bw_array *array);
/** "folder/name" in the arena, for a name that can be a Zarr group's or array's. */
bw_status bw__encode_folder(bw_encoder *e, bw_view folder, bw_view name, bw_view *out);

/* encode_array_v3.c */
/** The document of an array in version 3, which is filled with zeros and has chunks of `chunks`. */
bw_status bw__encode_document_v3(bw_encoder *e, const bw_array *array, const uint64_t *chunks,
                                 bw_node **out);

/* encode_nested.c, encode_flat.c: everything of an entry, its attributes (to which `attributes`
 * belong) last */
bw_status bw__encode_nested(bw_encoder *e, bw_view group, const bw_node *data,
                            bw_node *attributes);
bw_status bw__encode_flat(bw_encoder *e, bw_view group, const bw_node *data, bw_node *attributes);

#endif
