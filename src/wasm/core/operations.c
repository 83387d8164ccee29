/* SPDX-License-Identifier: MIT */
/* The operations of the core. Those over text are in a module of their own (text/), since a page
 * that opens a Zarr store should not fetch them. */
#include "zarr/zarr_store.h"

const bw_op_type *const bw__op_types[] = {
    &bw__open_op,   &bw__entries_op, &bw__load_op,     &bw__inventory_op, &bw__read_op,
    &bw__verify_op, &bw__node_op,    &bw__children_op, &bw__array_op,     &bw__encode_op,
    &bw__root_op,   &bw__consolidate_op, &bw__encode_chunks_op,
    &bw__statistics_op, NULL,
};
