/* SPDX-License-Identifier: MIT */
/**
 * What operations are made of. A machine asks for keys with a handler each; the engine
 * hands the wants to the host, but for what the format answers from what it has kept of the
 * store, and calls the handlers. When nothing is queued, produced or outstanding, it calls
 * the type's finish(), which either asks for more or leaves a result. It knows no format.
 */
#ifndef BORES_OP_ENGINE_H
#define BORES_OP_ENGINE_H

#include "bores/op.h"

/** `bytes.ptr == NULL`: absent. `cookie` is what was given with the want. */
typedef bw_status (*bw_get_handler)(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                                    bw_view bytes);
/** A parsed JSON document; NULL: absent. */
typedef bw_status (*bw_document_handler)(bw_ctx *ctx, bw_op *op, void *target, bw_node *document);
/** `names.ptr == NULL`: the host cannot list. Iterate with bw__listing_next(). */
typedef bw_status (*bw_list_handler)(bw_ctx *ctx, bw_op *op, void *target, bw_view names);

/** A read that the host could not do, already recorded as `st`, which it returns or replaces. */
typedef bw_status (*bw_failure_handler)(bw_ctx *ctx, bw_op *op, void *target, bw_status st);

/** What a failed read below a machine means: NULL ends the operation with it. */
typedef bw_status (*bw_problem_handler)(bw_ctx *ctx, bw_op *op);

typedef struct bw_op_type {
    const char *name;
    size_t machine_size; /**< zeroed memory at op->machine */
    bw_status (*begin)(bw_ctx *ctx, bw_op *op);
    bw_status (*finish)(bw_ctx *ctx, bw_op *op); /**< sets op->result or wants
                                                  *   more; NULL: begin() sets it */
    bw_problem_handler problem;                  /**< NULL for all but verify */
} bw_op_type;

typedef struct bw_slot bw_slot;

/**
 * A part of an operation that has memory of its own, at the beginning of a larger struct. It may be a
 * producer, which is asked for a want whenever none is queued: so many wants need not exist at once.
 */
typedef struct bw_task bw_task;
struct bw_task {
    /** Asks for the next thing, `*asked` is true then, or ends as a producer. */
    bw_status (*produce)(bw_ctx *ctx, bw_op *op, bw_task *task, bool *asked);
    void (*free)(bw_ctx *ctx, bw_task *task);
    bw_task *next_producer, *previous, *next;
};

/** What a format keeps of a store from one operation to the next. */
typedef struct bw_store_type {
    void (*free)(bw_ctx *ctx, void *self);
    /** Finds the answer to a want without the host, or leaves `*answered` false; NULL: never. */
    bw_status (*answer)(bw_ctx *ctx, bw_op *op, const bw_want *want, bw_view *answer,
                        bool *answered);
} bw_store_type;

struct bw_store {
    const bw_store_type *type; /**< the format's, once it has something to keep */
    void *self;
};

/** What a format has kept; NULL where that is nothing, or another format's. */
static inline void *bw__store_self(const bw_store *store, const bw_store_type *type)
{
    return store->type == type ? store->self : NULL;
}

struct bw_op {
    const bw_op_type *type;
    bw_store *store;
    const bw_node *params;
    bw_arena arena;
    void *machine;
    bw_node *result;
    bool done;

    bw_slot *slots; /**< wants by id, reused */
    uint32_t slot_count, slot_cap;
    uint32_t free_head, queue_head, queue_tail; /**< lists through slots, NO_SLOT ends */
    uint32_t outstanding;                       /**< handed out, not answered */
    bw_task *producers, *last_producer;         /**< those with wants left, in their order */
    bw_task *tasks;                             /**< all that have not ended */
};

/* engine.c */
bw_status bw__want_get(bw_ctx *ctx, bw_op *op, bw_view key, bw_get_handler handler, void *target,
                       uint64_t cookie);
/** Part of a key: `length` bytes from `offset`, or with BW_SUFFIX the last ones. */
bw_status bw__want_range(bw_ctx *ctx, bw_op *op, bw_view key, uint64_t offset, uint64_t length,
                         bw_get_handler handler, void *target, uint64_t cookie);
/** Also calls `handler` if the host cannot read the key that was wanted last. */
void bw__want_on_failure(bw_op *op, bw_failure_handler handler);
bw_status bw__want_document(bw_ctx *ctx, bw_op *op, bw_view key, bw_document_handler handler,
                            void *target);
bw_status bw__want_list(bw_ctx *ctx, bw_op *op, bw_view folder, bw_list_handler handler,
                        void *target);
/** Takes a task over: what is left of it goes with the operation. */
void bw__task_add(bw_op *op, bw_task *task);
/** Ends a task: it is freed. */
void bw__task_end(bw_ctx *ctx, bw_op *op, bw_task *task);
/** Makes a task the last of the producers. */
void bw__task_produces(bw_op *op, bw_task *task);
/** The first of the producers is none any more. */
void bw__producer_done(bw_op *op);
/** Walks a listing; `name` is without the trailing '/', which `folder` tells. */
bool bw__listing_next(bw_view *names, bw_view *name, bool *folder);
bool bw__listing_has(bw_view names, const char *name);
/** "a/b" in the operation's arena; an empty `folder` gives `name` alone. */
bw_status bw__key_join(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view name, bw_view *out);

bw_status bw__param_text(bw_ctx *ctx, const bw_op *op, const char *name, bw_view *out);

/* operations.c */
extern const bw_op_type *const bw__op_types[]; /* NULL ends it */

#endif
