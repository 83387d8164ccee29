/* SPDX-License-Identifier: MIT */
/**
 * What tests of operations share: a store of tests/data/store in a host in memory, operations by
 * name with parameters written as JSON, and ways into the trees that come out.
 */
#ifndef BORES_STORE_FIXTURE_H
#define BORES_STORE_FIXTURE_H

#include "memory_host.h"

typedef struct store_fixture {
    bw_ctx ctx;
    bw_arena arena; /**< parameters */
    bw_bytes file;
    bw_host host;
    bw_store *store;
    bw_op *op; /**< the last run */
} store_fixture;

#define STORE_LAYOUTS 4u
extern const char *const store_layouts[STORE_LAYOUTS];

/** The store of that layout, opened by nothing yet. End with teardown(). */
void setup(store_fixture *f, const char *layout);
void teardown(store_fixture *f);

/** Runs an operation. Its result lives until the next run. */
bw_status run(store_fixture *f, const char *name, const char *params);
/** NULL when the last run failed. */
const bw_node *result(const store_fixture *f);

/** Walks maps by name and lists by number: AT(node, "data", "model"); NULL: there is nothing. */
const bw_node *node_at(const bw_node *node, const char *const *path);
#define AT(node, ...) node_at((node), (const char *const[]){__VA_ARGS__, NULL})

/** Element `i` of an array node of that type; a failed check and -1 where there is none. */
double f8_at(const bw_node *node, size_t i);
int64_t i8_at(const bw_node *node, size_t i);
double f8_sum(const bw_node *node);

/** The same values, and maps in the same order. */
bool same_tree(const bw_node *a, const bw_node *b);

#endif
