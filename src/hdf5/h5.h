/* SPDX-License-Identifier: MIT */
/**
 * What the files of this folder share. HDF5's header is included here and nowhere else.
 *
 * HDF5 calls back (driver, filters, allocation) without a context of ours: the one of the running
 * call is bw__h5_ctx(), and a failure recorded there is the reason of the failure HDF5 then reports.
 */
#ifndef BORES_HDF5_H5_H
#define BORES_HDF5_H5_H

#include <hdf5.h>

#include "bores/hdf5.h"
#include "bores/chunks.h"
#include "h5_type.h"

struct bw_h5_file {
    hid_t id;
    bool writable;
    uint32_t host; /**< number in the driver's table */
};

/* h5_error.c */
/** Begins a call into HDF5: `ctx` takes the failures of callbacks. Sets the library up once. */
bw_status bw__h5_enter(bw_ctx *ctx);
bw_ctx *bw__h5_ctx(void);
/** Records a callback's failure, which survives HDF5's own error; returns -1. */
int bw__h5_callback_failed(void);
/** True when a callback has failed in this call. */
bool bw__h5_has_failed(void);
/** The failure of an HDF5 call as ours: what a callback recorded, else HDF5's deepest reason behind
 *  `what`. Clears HDF5's error stack. */
bw_status bw__h5_fail(bw_ctx *ctx, const char *what);
/** True, and forgotten, when a callback has failed since bw__h5_enter() or the last call. */
bool bw__h5_take_failure(bw_ctx *ctx, bw_status *st);

/* h5_driver.c */
hid_t bw__h5_driver(void);
/** Takes `host` into the table; `name` is what H5Fopen() knows it by. */
bw_status bw__h5_host_add(bw_ctx *ctx, const bw_h5_host *host, uint32_t *number, char name[64]);
void bw__h5_host_release(uint32_t number);
/** BW_ERR_CORRUPT for a range that is not in the file. */
bw_status bw__h5_host_check(bw_ctx *ctx, uint32_t number, uint64_t offset, uint64_t len);
/** Straight to the host, for chunks. */
bw_status bw__h5_host_read(bw_ctx *ctx, uint32_t number, uint64_t offset, size_t len, uint8_t *out);

/* h5_filters.c */
bw_status bw__h5_filters_register(bw_ctx *ctx);
/** Bytes of a whole chunk of what HDF5 reads next by itself; 0 when it does not. */
void bw__h5_filters_expect(size_t nbytes);
typedef struct bw_h5_filter {
    H5Z_filter_t id;
    unsigned flags;
    size_t cd_count;
    unsigned cd[32];
    char name[64];
} bw_h5_filter;
/** True for those that bw__h5_filter_decode() knows. */
bool bw__h5_filter_known(H5Z_filter_t id);
/** Name for messages and metadata: "gzip", "zstd", … or HDF5's own. */
const char *bw__h5_filter_name(const bw_h5_filter *filter);
/** Undoes one filter into `out`, whose content it replaces. `due` is how much is expected to come
 *  out, 0 where that is not known; the caller compares. `chunk` is how much a whole chunk has in the
 *  end, 0 where that is not known: what comes out of a filter is bounded by it. */
bw_status bw__h5_filter_decode(bw_ctx *ctx, const bw_h5_filter *filter, bw_view in, size_t due,
                               size_t chunk, bw_bytes *out);

/* h5_dataset.c */
/** A dataset being read. What it points to lives in the arena it was begun with. */
typedef struct bw_h5_dataset {
    bw_h5_file *file;
    hid_t id, space;
    H5S_class_t space_class;
    H5D_layout_t layout;
    bw_h5_type type;
    uint32_t rank; /**< of the space; `meta` has the type's dimensions behind them */
    hsize_t limits[BW_MAX_RANK];
    bw_array_meta meta; /**< a contiguous one is one chunk */
    bool uniform_fill; /**< `meta.fill` is right for every element */
    uint32_t filter_count;
    const bw_h5_filter *filters;
} bw_h5_dataset;
/** Zeroed `*out` is ended in any case. Consumes `id`. */
bw_status bw__h5_dataset_begin(bw_ctx *ctx, bw_arena *arena, bw_h5_file *file, hid_t id,
                               bw_h5_dataset *out);
void bw__h5_dataset_end(bw_h5_dataset *dataset);
/** A region (of all of `meta`'s dimensions) as an array of `type.dtype`. Elements that hold pointers
 *  are to be given back by bw__h5_reclaim(). */
bw_status bw__h5_dataset_read(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *dataset,
                              const bw_region *region, bw_array **out);
void bw__h5_reclaim(const bw_h5_type *type, bw_array *array);
typedef enum bw_h5_form {
    BW_H5_TREE,  /**< arrays; of a dataset without axes, and where it is no number, plain values, in lists */
    BW_H5_ARRAY, /**< arrays; what is no number as {ndarray, shape, data} */
    BW_H5_BYTES  /**< {bytes, shape, dtype} */
} bw_h5_form;
/** A part of the dataset (bw__slice_resolve) as a node. */
bw_status bw__h5_dataset_slice(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *dataset,
                               const bw_node *slice, bw_h5_form form, bw_node **out);

/* h5_chunks.c */
/** True for chunks whose filters are all undone here. */
bool bw__h5_chunks_ours(const bw_h5_dataset *dataset);
/** A region chunk by chunk, from the host straight into place. */
bw_status bw__h5_chunks_read(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *dataset,
                             const bw_region *region, bw_array **out);

/* h5_convert.c */
bw_status bw__h5_conversions_register(bw_ctx *ctx);

/* h5_attribute.c */
/** All attributes of an object as a map; `lists`: arrays as nested lists. */
bw_status bw__h5_attributes(bw_ctx *ctx, bw_arena *arena, hid_t object, bool lists, bw_node **out);
/** One, or NULL. */
bw_status bw__h5_attribute(bw_ctx *ctx, bw_arena *arena, hid_t object, const char *name,
                           bw_node **out);

/* h5_links.c */
/** A name of HDF5's as UTF-8: bytes that are none are escaped. `*out` ends with a NUL. */
bw_status bw__h5_name(bw_ctx *ctx, bw_arena *arena, const char *raw, bw_view *out);
/** Undoes the escapes of bw__h5_name() in place; false when there were none. */
bool bw__h5_raw_name(char *text);
typedef struct bw_h5_link {
    bw_view name;    /**< as bw__h5_name() has it */
    const char *raw; /**< as HDF5 has it */
    H5L_type_t type;
} bw_h5_link;
/** The links of a group in the file's order (creation, where that is kept). */
bw_status bw__h5_links(bw_ctx *ctx, bw_arena *arena, hid_t group, bw_h5_link **out, uint32_t *count);
/** Opens an object by a path of names below `from`; BW_ERR_NOT_FOUND naming it. */
bw_status bw__h5_open_object(bw_ctx *ctx, hid_t from, bw_view path, hid_t *out);

/* one op a function */
typedef struct bw_h5_call {
    bw_h5_file *file;
    const bw_node *params;
    bw_arena *arena;
    bw_node *result;
} bw_h5_call;
bw_status bw__h5_op_open(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_entries(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_statistics(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_load(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_inventory(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_read(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_verify(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_node(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_children(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_array(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_bytes(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_write(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_remove(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_clear(bw_ctx *ctx, bw_h5_call *call);
bw_status bw__h5_op_flush(bw_ctx *ctx, bw_h5_call *call);
/** A text parameter; BW_ERR_ARGUMENT. */
bw_status bw__h5_param(bw_ctx *ctx, const bw_h5_call *call, const char *name, bw_view *out);

/** Sets map[key], passing on a NULL `value` as BW_ERR_NOMEM. */
bw_status bw__h5_put(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, bw_node *value);

#endif
