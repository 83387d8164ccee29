/* SPDX-License-Identifier: MIT */
/* The engine behind every operation: wants out, answers in, handlers called. */
#include "engine.h"

#include <string.h>

#include "bores/json.h"

#define NO_SLOT UINT32_MAX

struct bw_slot {
    bw_want_kind kind;
    bool document; /* a GET whose answer is parsed as JSON for `on_document` */
    bool handed;
    bw_bytes key;
    bw_get_handler on_bytes;
    bw_document_handler on_document;
    bw_list_handler on_list;
    bw_failure_handler on_failure; /* NULL for most */
    void *target;
    uint64_t cookie;
    uint64_t offset, length; /* of a RANGE */
    uint32_t next;
};

bw_status bw_store_new(bw_ctx *ctx, bw_store **out)
{
    bw_store *store = bw_alloc_zeroed(ctx, sizeof *store);

    if (store == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = store;
    return BW_OK;
}

void bw_store_free(bw_ctx *ctx, bw_store *store)
{
    if (store == NULL) {
        return;
    }
    if (store->self != NULL) {
        store->type->free(ctx, store->self);
    }
    bw_release(ctx, store);
}

/* Slots ------------------------------------------------------------------------------------- */

static bw_status slots_grow(bw_ctx *ctx, bw_op *op)
{
    uint32_t cap = op->slot_cap == 0 ? 16 : op->slot_cap * 2;
    bw_slot *slots;

    if (op->slot_cap >= UINT32_MAX / 2) {
        return bw_fail_limit(ctx, "keys wanted at a time", (uint64_t)cap, UINT32_MAX / 2);
    }
    slots = bw_resize(ctx, op->slots, op->slot_cap * sizeof *slots, cap * sizeof *slots);
    if (slots == NULL) {
        return BW_ERR_NOMEM;
    }
    op->slots = slots;
    op->slot_cap = cap;
    return BW_OK;
}

static bw_status slot_new(bw_ctx *ctx, bw_op *op, bw_view key, uint32_t *out)
{
    bw_slot *slot;
    bw_bytes buffer;
    uint32_t id = op->free_head;

    if (id == NO_SLOT) {
        if (op->slot_count == op->slot_cap) {
            BW_TRY(slots_grow(ctx, op));
        }
        id = op->slot_count;
        op->slots[id] = (bw_slot){0};
        op->slots[id].next = NO_SLOT;
        op->slot_count++;
        op->free_head = id; /* free until its key is in place */
    }
    slot = &op->slots[id];
    slot->key.len = 0;
    BW_TRY(bw_bytes_append(ctx, &slot->key, key.ptr, key.len));
    op->free_head = slot->next;
    buffer = slot->key;
    *slot = (bw_slot){.key = buffer, .next = NO_SLOT};
    *out = id;
    return BW_OK;
}

static void slot_free(bw_op *op, uint32_t id)
{
    op->slots[id].next = op->free_head;
    op->slots[id].handed = false;
    op->free_head = id;
}

static void enqueue(bw_op *op, uint32_t id)
{
    if (op->queue_head == NO_SLOT) {
        op->queue_head = id;
    } else {
        op->slots[op->queue_tail].next = id;
    }
    op->queue_tail = id;
}

static uint32_t dequeue(bw_op *op)
{
    uint32_t id = op->queue_head;

    op->queue_head = op->slots[id].next;
    op->slots[id].next = NO_SLOT;
    return id;
}

/* `what` is all of a slot but its key. */
static bw_status want(bw_ctx *ctx, bw_op *op, bw_view key, bw_slot what)
{
    uint32_t id;

    BW_TRY(slot_new(ctx, op, key, &id));
    what.key = op->slots[id].key;
    what.next = NO_SLOT;
    op->slots[id] = what;
    enqueue(op, id);
    return BW_OK;
}

bw_status bw__want_get(bw_ctx *ctx, bw_op *op, bw_view key, bw_get_handler handler, void *target,
                       uint64_t cookie)
{
    return want(ctx, op, key, (bw_slot){.kind = BW_WANT_GET, .on_bytes = handler, .target = target,
                                        .cookie = cookie});
}

bw_status bw__want_range(bw_ctx *ctx, bw_op *op, bw_view key, uint64_t offset, uint64_t length,
                         bw_get_handler handler, void *target, uint64_t cookie)
{
    return want(ctx, op, key, (bw_slot){.kind = BW_WANT_RANGE, .on_bytes = handler,
                                        .target = target, .cookie = cookie, .offset = offset,
                                        .length = length});
}

void bw__want_on_failure(bw_op *op, bw_failure_handler handler)
{
    op->slots[op->queue_tail].on_failure = handler;
}

bw_status bw__want_document(bw_ctx *ctx, bw_op *op, bw_view key, bw_document_handler handler,
                            void *target)
{
    return want(ctx, op, key, (bw_slot){.kind = BW_WANT_GET, .document = true,
                                        .on_document = handler, .target = target});
}

bw_status bw__want_list(bw_ctx *ctx, bw_op *op, bw_view folder, bw_list_handler handler,
                        void *target)
{
    return want(ctx, op, folder, (bw_slot){.kind = BW_WANT_LIST, .on_list = handler,
                                           .target = target});
}

/* Tasks ------------------------------------------------------------------------------------- */

void bw__task_add(bw_op *op, bw_task *task)
{
    task->next = op->tasks;
    if (op->tasks != NULL) {
        op->tasks->previous = task;
    }
    op->tasks = task;
}

void bw__task_end(bw_ctx *ctx, bw_op *op, bw_task *task)
{
    if (task->previous != NULL) {
        task->previous->next = task->next;
    } else {
        op->tasks = task->next;
    }
    if (task->next != NULL) {
        task->next->previous = task->previous;
    }
    task->free(ctx, task);
}

void bw__task_produces(bw_op *op, bw_task *task)
{
    if (op->producers == NULL) {
        op->producers = task;
    } else {
        op->last_producer->next_producer = task;
    }
    op->last_producer = task;
}

void bw__producer_done(bw_op *op)
{
    op->producers = op->producers->next_producer;
}

static bw_status produce(bw_ctx *ctx, bw_op *op, bool *asked)
{
    *asked = false;
    while (op->producers != NULL && !*asked) {
        BW_TRY(op->producers->produce(ctx, op, op->producers, asked));
    }
    return BW_OK;
}

/* Listings and keys ------------------------------------------------------------------------- */

bool bw__listing_next(bw_view *names, bw_view *name, bool *folder)
{
    uint32_t len;

    if (names->ptr == NULL || names->len < sizeof len) {
        return false;
    }
    memcpy(&len, names->ptr, sizeof len);
    if (len > names->len - sizeof len) {
        return false;
    }
    *name = (bw_view){names->ptr + sizeof len, len};
    *folder = len > 0 && name->ptr[len - 1] == '/';
    if (*folder) {
        name->len--;
    }
    names->ptr += sizeof len + len;
    names->len -= sizeof len + len;
    return true;
}

bool bw__listing_has(bw_view names, const char *wanted)
{
    bw_view name;
    bool folder;

    while (bw__listing_next(&names, &name, &folder)) {
        if (bw_view_equal(name, bw_view_text(wanted))) {
            return true;
        }
    }
    return false;
}

bw_status bw__key_join(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view name, bw_view *out)
{
    size_t len = folder.len + (folder.len > 0) + name.len;
    char *text = bw_arena_alloc(ctx, &op->arena, len + 1);

    if (text == NULL) {
        return BW_ERR_NOMEM;
    }
    if (folder.len > 0) {
        memcpy(text, folder.ptr, folder.len);
        text[folder.len] = '/';
    }
    memcpy(text + len - name.len, name.ptr, name.len);
    text[len] = '\0';
    *out = (bw_view){(const uint8_t *)text, len};
    return BW_OK;
}

bw_status bw__param_text(bw_ctx *ctx, const bw_op *op, const char *name, bw_view *out)
{
    if (!bw_map_get_string(op->params, name, out)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "operation %s: parameter '%s' must be text",
                       op->type->name, name);
    }
    return BW_OK;
}

/* Answers ----------------------------------------------------------------------------------- */

static bw_status answer_document(bw_ctx *ctx, bw_op *op, const bw_slot *slot, bw_view bytes)
{
    bw_node *document = NULL;

    if (bytes.ptr != NULL) {
        BW_TRY(bw_json_parse(ctx, &op->arena, bytes, &document));
    }
    return slot->on_document(ctx, op, slot->target, document);
}

/* Frees the slot after its handler, which may have added others (and moved the table). */
static bw_status settle(bw_ctx *ctx, bw_op *op, uint32_t id, bw_status st)
{
    if (st != BW_OK) {
        bw_slot *slot = &op->slots[id];
        st = bw_fail_at(ctx, (const char *)slot->key.ptr, slot->key.len);
        if (op->type->problem != NULL && st != BW_ERR_NOMEM) {
            st = op->type->problem(ctx, op);
        }
    }
    slot_free(op, id);
    return st;
}

static bw_status call_handler(bw_ctx *ctx, bw_op *op, const bw_slot *slot, bw_view bytes)
{
    if (slot->kind == BW_WANT_LIST) {
        return slot->on_list(ctx, op, slot->target, bytes);
    }
    return slot->document ? answer_document(ctx, op, slot, bytes)
                          : slot->on_bytes(ctx, op, slot->target, slot->cookie, bytes);
}

static bw_want want_of(const bw_op *op, uint32_t id)
{
    const bw_slot *slot = &op->slots[id];

    return (bw_want){id, slot->kind, bw_bytes_view(&slot->key), slot->offset, slot->length};
}

/* The format answers without the host; `*answered` false when it cannot. */
static bw_status answer_locally(bw_ctx *ctx, bw_op *op, uint32_t id, bool *answered)
{
    bw_slot slot = op->slots[id]; /* a copy: handlers may move the table */
    bw_want want = want_of(op, id);
    bw_view answer;

    *answered = false;
    if (op->store->self == NULL || op->store->type->answer == NULL) {
        return BW_OK;
    }
    BW_TRY(op->store->type->answer(ctx, op, &want, &answer, answered));
    return *answered ? settle(ctx, op, id, call_handler(ctx, op, &slot, answer)) : BW_OK;
}

static bool idle(const bw_op *op)
{
    return op->queue_head == NO_SLOT && op->outstanding == 0 && op->producers == NULL;
}

static bw_status finish_if_idle(bw_ctx *ctx, bw_op *op)
{
    if (op->done || !idle(op)) {
        return BW_OK;
    }
    if (op->type->finish != NULL) {
        BW_TRY(op->type->finish(ctx, op));
    }
    op->done = idle(op);
    if (op->done && op->result == NULL) {
        return bw_fail(ctx, BW_ERR_INTERNAL, "operation %s ended without a result",
                       op->type->name);
    }
    return BW_OK;
}

bw_status bw_op_begin(bw_ctx *ctx, bw_store *store, const char *name, const bw_node *params,
                      bw_op **out)
{
    const bw_op_type *type = NULL;
    bw_op *op;
    bw_status st;

    for (const bw_op_type *const *row = bw__op_types; *row != NULL; row++) {
        if (strcmp((*row)->name, name) == 0) {
            type = *row;
        }
    }
    if (type == NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "there is no operation '%s'", name);
    }
    op = bw_alloc_zeroed(ctx, sizeof *op);
    if (op == NULL) {
        return BW_ERR_NOMEM;
    }
    op->type = type;
    op->store = store;
    op->params = params;
    op->free_head = op->queue_head = op->queue_tail = NO_SLOT;
    op->machine = bw_arena_alloc_zeroed(ctx, &op->arena, type->machine_size + 1);
    st = op->machine == NULL ? BW_ERR_NOMEM : type->begin(ctx, op);
    if (st == BW_OK) {
        st = finish_if_idle(ctx, op);
    }
    if (st != BW_OK) {
        bw_op_free(ctx, op);
        return st;
    }
    *out = op;
    return BW_OK;
}

bw_op_state_t bw_op_state(const bw_op *op)
{
    return op->done ? BW_OP_DONE : BW_OP_RUNNING;
}

bw_status bw_op_wants(bw_ctx *ctx, bw_op *op, bw_want *wants, uint32_t capacity, uint32_t *count)
{
    uint32_t n = 0;

    while (n < capacity && !op->done) {
        bool more = true;
        uint32_t id;

        if (op->queue_head == NO_SLOT) {
            BW_TRY(produce(ctx, op, &more));
        }
        if (!more || op->queue_head == NO_SLOT) {
            BW_TRY(finish_if_idle(ctx, op));
            if (op->queue_head == NO_SLOT && op->producers == NULL) {
                break;
            }
            continue;
        }
        id = dequeue(op);
        BW_TRY(answer_locally(ctx, op, id, &more));
        if (more) {
            continue;
        }
        op->slots[id].handed = true;
        op->outstanding++;
        wants[n++] = want_of(op, id);
    }
    *count = n;
    return BW_OK;
}

static bw_status take_slot(bw_ctx *ctx, bw_op *op, uint32_t id, bw_want_kind kind, bw_slot *out)
{
    if (id >= op->slot_count || !op->slots[id].handed ||
        (op->slots[id].kind == BW_WANT_LIST) != (kind == BW_WANT_LIST)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "operation %s: answer to want %u, which is not open",
                       op->type->name, (unsigned)id);
    }
    *out = op->slots[id]; /* a copy: handlers may move the table */
    op->outstanding--;
    return BW_OK;
}

bw_status bw_op_give(bw_ctx *ctx, bw_op *op, uint32_t id, bw_view bytes)
{
    bw_slot slot = {0};

    BW_TRY(take_slot(ctx, op, id, BW_WANT_GET, &slot));
    BW_TRY(settle(ctx, op, id, call_handler(ctx, op, &slot, bytes)));
    return finish_if_idle(ctx, op);
}

bw_status bw_op_give_listing(bw_ctx *ctx, bw_op *op, uint32_t id, bw_view names)
{
    bw_slot slot = {0};

    BW_TRY(take_slot(ctx, op, id, BW_WANT_LIST, &slot));
    BW_TRY(settle(ctx, op, id, call_handler(ctx, op, &slot, names)));
    return finish_if_idle(ctx, op);
}

bw_status bw_op_give_failure(bw_ctx *ctx, bw_op *op, uint32_t id, bw_status status,
                             const char *message)
{
    bw_want_kind kind = id < op->slot_count ? op->slots[id].kind : BW_WANT_GET;
    bw_slot slot = {0};
    bw_status st;

    BW_TRY(take_slot(ctx, op, id, kind, &slot));
    st = bw_fail(ctx, status, "%s", message);
    if (slot.on_failure != NULL) {
        st = slot.on_failure(ctx, op, slot.target, st);
    }
    BW_TRY(settle(ctx, op, id, st));
    return finish_if_idle(ctx, op);
}

const bw_node *bw_op_result(const bw_op *op)
{
    return op->done ? op->result : NULL;
}

void bw_op_free(bw_ctx *ctx, bw_op *op)
{
    if (op == NULL) {
        return;
    }
    while (op->tasks != NULL) {
        bw__task_end(ctx, op, op->tasks);
    }
    for (uint32_t i = 0; i < op->slot_count; i++) {
        bw_bytes_free(ctx, &op->slots[i].key);
    }
    bw_release(ctx, op->slots);
    bw_arena_free(ctx, &op->arena);
    bw_release(ctx, op);
}
