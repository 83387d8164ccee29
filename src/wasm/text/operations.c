/* SPDX-License-Identifier: MIT */
/*
 * The text module: the operations over JSON and YAML, with the exports of ../exports.c.
 */
#include "text/text_store.h"

const bw_op_type *const bw__op_types[] = {
    &bw__text_open_op, &bw__text_entries_op, &bw__text_load_op,   &bw__text_inventory_op,
    &bw__text_read_op, &bw__text_verify_op,  &bw__text_encode_op, NULL,
};
