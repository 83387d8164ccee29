/* SPDX-License-Identifier: MIT */
/* The module of ECLIPSE's result files, with the exports of ../exports.c. */
#include "eclipse/ecl_store.h"

const bw_op_type *const bw__op_types[] = {
    &bw__ecl_open_op,   &bw__ecl_entries_op,  &bw__ecl_load_op,     &bw__ecl_inventory_op,
    &bw__ecl_read_op,   &bw__ecl_verify_op,   &bw__ecl_children_op, &bw__ecl_array_op,
    &bw__ecl_summary_op, &bw__ecl_geometry_op, &bw__ecl_cells_op,   &bw__ecl_faces_op, &bw__ecl_fence_op,
    &bw__ecl_connections_op, &bw__ecl_includes_op, &bw__ecl_wells_op,  NULL,
};
