/* SPDX-License-Identifier: MIT */
/**
 * How the elements of a dataset or attribute come to us: in memory they are little-endian and
 * packed, and a plan says what lies where, so that no element costs a question to HDF5.
 */
#ifndef BORES_HDF5_H5_TYPE_H
#define BORES_HDF5_H5_TYPE_H

#include <hdf5.h>

#include "bores/tree.h"

typedef enum bw_h5_kind {
    BW_H5_INT,
    BW_H5_UINT, /**< bit fields and times too */
    BW_H5_FLOAT,
    BW_H5_BOOL, /**< an enum of FALSE and TRUE in one byte */
    BW_H5_COMPLEX,
    BW_H5_TEXT,   /**< of fixed size */
    BW_H5_VTEXT,  /**< char * */
    BW_H5_OPAQUE, /**< also what HDF5 has and nobody else */
    BW_H5_COMPOUND,
    BW_H5_LIST,  /**< HDF5's array type */
    BW_H5_VLIST, /**< hvl_t */
    BW_H5_REFERENCE,
    BW_H5_REGION
} bw_h5_kind;

/** What lies at `offset` of its parent. Lives in the arena it was made in. */
typedef struct bw_h5_plan {
    bw_h5_kind kind;
    size_t offset, size;
    bw_view name;       /**< members of compounds */
    const char *raw;    /**< the same as HDF5 has it */
    uint32_t count;     /**< members; elements of a LIST */
    uint32_t rank;      /**< LIST */
    hsize_t dims[BW_MAX_RANK];
    struct bw_h5_plan *children; /**< `count` of a compound, one of a LIST or VLIST */
    bool direct;        /**< the stored bytes are those in memory, byte order aside */
    bool big_endian;    /**< of the stored ones */
    char unit[16];      /**< of times that NumPy wrote: "[ns]" */
    char time_kind;     /**< 'M', 'm' or 0 */
} bw_h5_plan;

typedef struct bw_h5_type {
    hid_t memory; /**< little-endian and packed; ends with bw__h5_type_end() */
    const bw_h5_plan *plan;
    bw_dtype dtype;    /**< of one element, 'V' where it is no number or text */
    bool direct;       /**< stored bytes are the elements, once swapped if `dtype` says so */
    bool plain;        /**< numbers, text of fixed size, opaque: an array node says it all */
    bool fixed;        /**< nothing of variable length, no references */
    uint32_t rank;     /**< dimensions that HDF5's array types add to those of the space */
    uint64_t dims[BW_MAX_RANK];
} bw_h5_type;

/** Errors: BW_ERR_UNSUPPORTED naming the class; BW_ERR_CORRUPT; BW_ERR_LIMIT (nesting, rank). */
bw_status bw__h5_type_begin(bw_ctx *ctx, bw_arena *arena, hid_t file_type, bw_h5_type *out);
void bw__h5_type_end(bw_h5_type *type);

/** HDF5's type as a tree: {class, size, order, …}. */
bw_status bw__h5_type_describe(bw_ctx *ctx, bw_arena *arena, hid_t type, bw_node **out);
/** NumPy's type string as stored, "str", or HDF5's class. */
const char *bw__h5_type_name(const bw_h5_type *type, char text[32]);

/** One of NumPy's three formats; `size` is the type's. */
bool bw__h5_is_ieee(hid_t file, size_t size);

/* h5_value.c */
/** A little-endian float of 2, 4 or 8 bytes. */
double bw__h5_number(const uint8_t *at, size_t size);
/** One element as a node: numbers, strings, lists, maps, {ref} and {region_of}. `where` is an object
 *  of the file, for references. */
bw_status bw__h5_value(bw_ctx *ctx, bw_arena *arena, hid_t where, const bw_h5_plan *plan,
                       const uint8_t *at, bw_node **out);
/** `rank` dimensions of elements as nested lists; rank 0 gives the element. */
bw_status bw__h5_values(bw_ctx *ctx, bw_arena *arena, hid_t where, const bw_h5_plan *plan,
                        uint32_t rank, const uint64_t *shape, const uint8_t *at, bw_node **out);

#endif
