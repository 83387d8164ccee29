/* SPDX-License-Identifier: MIT */
/* Every operation there is. (A WebAssembly module has a table of its own: src/wasm.) */
#include "eclipse/ecl_store.h"
#include "text/text_store.h"
#include "zarr/zarr_store.h"

const bw_op_type *const bw__op_types[] = {
    &bw__open_op,        &bw__entries_op,      &bw__load_op,     &bw__inventory_op,
    &bw__read_op,        &bw__verify_op,       &bw__node_op,     &bw__children_op,
    &bw__array_op,       &bw__encode_op,       &bw__root_op,     &bw__consolidate_op, &bw__encode_chunks_op,
    &bw__statistics_op,
    &bw__text_open_op,   &bw__text_entries_op, &bw__text_load_op, &bw__text_inventory_op,
    &bw__text_read_op,   &bw__text_verify_op,  &bw__text_encode_op,
    &bw__ecl_open_op,    &bw__ecl_entries_op,  &bw__ecl_load_op, &bw__ecl_inventory_op,
    &bw__ecl_read_op,    &bw__ecl_verify_op,   &bw__ecl_children_op, &bw__ecl_array_op,
    &bw__ecl_summary_op, &bw__ecl_geometry_op, &bw__ecl_cells_op, &bw__ecl_faces_op, &bw__ecl_fence_op,
    &bw__ecl_connections_op, &bw__ecl_includes_op, &bw__ecl_wells_op, NULL,
};
