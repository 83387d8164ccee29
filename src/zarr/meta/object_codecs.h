/* SPDX-License-Identifier: MIT */
/** Codecs of elements of variable length: a file and a row in object_codecs.c each. */
#ifndef BORES_ZARR_OBJECT_CODECS_H
#define BORES_ZARR_OBJECT_CODECS_H

#include "bores/zarr.h"

/**
 * Reads the filter that makes objects of bytes (Zarr v2: the first of `filters`).
 * Errors: BW_ERR_UNSUPPORTED naming the id of one that is not built in ("pickle" among them),
 * BW_ERR_METADATA.
 */
bw_status bw__object_codec_v2(bw_ctx *ctx, bw_arena *arena, const bw_node *filter,
                              const bw_object_codec **out);
/** The same by name alone: "vlen-utf8" or "vlen-bytes" of version 3; NULL: no such codec. */
bw_status bw__object_codec_v3(bw_ctx *ctx, bw_arena *arena, bw_view name,
                              const bw_object_codec **out);

#endif
