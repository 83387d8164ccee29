/* SPDX-License-Identifier: MIT */
/* Files of a run: finding their keywords, and wanting parts of them. */
#include <inttypes.h>
#include <string.h>

#include "ecl_store.h"

bw__ecl_file *bw__ecl_file_of(const bw_ecl_store *store, bw__ecl_role role)
{
    for (uint32_t n = 0; n < store->file_count; n++) {
        if (store->files[n].role == role) {
            return &store->files[n];
        }
    }
    return NULL;
}

const bw_ecl_keyword *bw__ecl_find(const bw_ecl_index *index, uint32_t from, uint32_t end,
                                   const char *name)
{
    bool local = false;

    for (uint32_t n = from; n < end; n++) {
        const bw_ecl_keyword *keyword = &index->keywords[n];
        if (strcmp(keyword->name, "LGR") == 0) {
            local = true;
        } else if (strcmp(keyword->name, "ENDLGR") == 0) {
            local = false;
        } else if (!local && strcmp(keyword->name, name) == 0) {
            return keyword;
        }
    }
    return NULL;
}

static bw_status fail_in(bw_ctx *ctx, const bw__ecl_file *file)
{
    return bw_fail_at(ctx, (const char *)file->name.ptr, file->name.len);
}

bw_status bw__ecl_fail_problem(bw_ctx *ctx, const bw__ecl_file *file, const bw_ecl_problem *problem)
{
    (void)bw_fail(ctx, problem->status, "%s", problem->message);
    return fail_in(ctx, file);
}

bw_status bw__ecl_want_bytes(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file, uint64_t offset,
                             uint64_t length, bw_get_handler handler, void *target,
                             uint64_t cookie)
{
    return bw__want_range(ctx, op, file->name, offset, length, handler, target, cookie);
}

/* Scanning ---------------------------------------------------------------------------------- */

/*
 * A scan is the file's, not the operation's: one that an aborted operation began goes on, and several
 * operations that need it at once each bring parts. Whichever brings the part that is wanted takes the
 * scan further; a part that another one has brought meanwhile is dropped.
 */
typedef struct part {
    bw__ecl_file *file;
    uint64_t offset;
    size_t length;
} part;

static void end_scan(bw_ctx *ctx, bw__ecl_file *file)
{
    bw_ecl_scan_free(ctx, file->scan);
    file->scan = NULL;
}

static bw_status on_part(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    const part *p = target;
    bw__ecl_file *file = p->file;
    uint64_t offset;
    size_t length;

    (void)cookie;
    if (file->scan != NULL && bw_ecl_scan_wants(file->scan, &offset, &length) && offset == p->offset &&
        length == p->length && bw_ecl_scan_give(ctx, file->scan, bytes) != BW_OK) {
        end_scan(ctx, file); /* the next one begins again */
        return fail_in(ctx, file);
    }
    return bw__ecl_scan_file(ctx, op, file);
}

static bw_status want_next(bw_ctx *ctx, bw_op *op, bw__ecl_file *file)
{
    part *p = bw_arena_alloc(ctx, &op->arena, sizeof *p);

    if (p == NULL) {
        return BW_ERR_NOMEM;
    }
    p->file = file;
    if (bw_ecl_scan_wants(file->scan, &p->offset, &p->length)) {
        return bw__ecl_want_bytes(ctx, op, file, p->offset, p->length, on_part, p, 0);
    }
    file->index = bw_ecl_scan_take(file->scan);
    file->scanned = true;
    end_scan(ctx, file);
    return BW_OK;
}

bw_status bw__ecl_scan_file(bw_ctx *ctx, bw_op *op, bw__ecl_file *file)
{
    if (file->scanned) {
        return BW_OK;
    }
    if (file->scan == NULL && bw_ecl_scan_new(ctx, file->size, &file->scan) != BW_OK) {
        return fail_in(ctx, file);
    }
    return want_next(ctx, op, file);
}

/* Elements ---------------------------------------------------------------------------------- */

typedef struct request {
    const bw__ecl_file *file;
    const bw_ecl_keyword *keyword;
    bw__ecl_handler handler;
    void *target;
} request;

bw_status bw__ecl_decode_in(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file, const bw_ecl_keyword *keyword,
                            bw_view bytes, bw_node **out)
{
    return bw_ecl_decode(ctx, &op->arena, file->index.form, keyword, bytes, out) == BW_OK ? BW_OK : fail_in(ctx, file);
}

static bw_status on_elements(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    const request *r = target;
    bw_node *value;

    BW_TRY(bw__ecl_decode_in(ctx, op, r->file, r->keyword, bytes, &value));
    return r->handler(ctx, op, r->target, cookie, r->keyword, value);
}

bw_status bw__ecl_want(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file,
                       const bw_ecl_keyword *keyword, bw__ecl_handler handler, void *target,
                       uint64_t cookie)
{
    request *r = bw_arena_alloc(ctx, &op->arena, sizeof *r);

    if (r == NULL) {
        return BW_ERR_NOMEM;
    }
    *r = (request){file, keyword, handler, target};
    if (keyword->end == keyword->data) { /* nothing to read */
        return on_elements(ctx, op, r, cookie, (bw_view){(const uint8_t *)"", 0});
    }
    return bw__ecl_want_bytes(ctx, op, file, keyword->data, keyword->end - keyword->data,
                              on_elements, r, cookie);
}

bw_status bw__ecl_keep_node(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                            const bw_ecl_keyword *keyword, bw_node *value)
{
    (void)ctx;
    (void)op;
    (void)cookie;
    (void)keyword;
    *(const bw_node **)target = value;
    return BW_OK;
}

/* Many small keywords ------------------------------------------------------------------------ */

#define PART_BYTES (UINT64_C(4) << 20)

typedef struct run {
    const bw__ecl_file *file;
    uint32_t next, end; /* keywords of the part that is wanted now, and behind it */
    uint32_t last;
    const char *const *names;
    bw__ecl_handler handler;
    void *target;
} run;

static bool is_named(const run *r, const bw_ecl_keyword *keyword)
{
    for (const char *const *name = r->names; *name != NULL; name++) {
        if (strcmp(*name, keyword->name) == 0) {
            return true;
        }
    }
    return false;
}

static bw_status on_run_part(bw_ctx *ctx, bw_op *op, void *target, uint64_t from, bw_view bytes);

static bw_status want_run_part(bw_ctx *ctx, bw_op *op, run *r)
{
    const bw_ecl_keyword *keywords = r->file->index.keywords;
    uint64_t from;

    while (r->next < r->last && !is_named(r, &keywords[r->next])) {
        r->next++;
    }
    if (r->next == r->last) {
        return BW_OK;
    }
    from = keywords[r->next].data;
    r->end = r->next + 1;
    while (r->end < r->last && keywords[r->end].end - from <= PART_BYTES) {
        r->end++;
    }
    return bw__ecl_want_bytes(ctx, op, r->file, from, keywords[r->end - 1].end - from, on_run_part,
                              r, from);
}

static bw_status on_run_part(bw_ctx *ctx, bw_op *op, void *target, uint64_t from, bw_view bytes)
{
    run *r = target;
    bw_arena scratch = {0};
    bw_status st = BW_OK;

    for (; st == BW_OK && r->next < r->end; r->next++) {
        const bw_ecl_keyword *keyword = &r->file->index.keywords[r->next];
        bw_node *value;
        if (!is_named(r, keyword)) {
            continue;
        }
        if (keyword->end - from > bytes.len) {
            st = bw_fail(ctx, BW_ERR_CORRUPT, "%s at byte %" PRIu64 ": the file ends before it",
                         keyword->name, keyword->offset);
        } else {
            bw_view elements = {bytes.ptr + (keyword->data - from),
                                (size_t)(keyword->end - keyword->data)};
            st = bw_ecl_decode(ctx, &scratch, r->file->index.form, keyword, elements, &value);
        }
        if (st != BW_OK) {
            st = fail_in(ctx, r->file);
            break;
        }
        st = r->handler(ctx, op, r->target, r->next, keyword, value);
        bw_arena_free(ctx, &scratch);
        scratch = (bw_arena){0};
    }
    bw_arena_free(ctx, &scratch);
    return st == BW_OK ? want_run_part(ctx, op, r) : st;
}

bw_status bw__ecl_want_run(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file, uint32_t first,
                           uint32_t end, const char *const *names, bw__ecl_handler handler,
                           void *target)
{
    run *r = bw_arena_alloc(ctx, &op->arena, sizeof *r);

    if (r == NULL) {
        return BW_ERR_NOMEM;
    }
    *r = (run){.file = file, .next = first, .last = end, .names = names, .handler = handler,
               .target = target};
    return want_run_part(ctx, op, r);
}

/* Values ------------------------------------------------------------------------------------ */

int32_t bw__ecl_int(const bw_node *array, uint64_t at, int32_t fallback)
{
    const bw_array *a = array != NULL && array->type == BW_NODE_ARRAY ? array->array : NULL;

    if (a == NULL || a->dtype.kind != 'i' || at >= a->shape[0]) {
        return fallback;
    }
    return ((const int32_t *)(const void *)a->data)[at];
}

double bw__ecl_number(const bw_node *array, uint64_t at, double fallback)
{
    const bw_array *a = array != NULL && array->type == BW_NODE_ARRAY ? array->array : NULL;

    if (a == NULL || a->dtype.kind != 'f' || at >= a->shape[0]) {
        return fallback;
    }
    return a->dtype.itemsize == 8 ? ((const double *)(const void *)a->data)[at]
                                  : ((const float *)(const void *)a->data)[at];
}

bw_node *bw__ecl_extents(bw_ctx *ctx, bw_op *op, const uint64_t size[3])
{
    bw_node *list = bw_node_list(ctx, &op->arena);

    for (unsigned d = 0; list != NULL && d < 3; d++) {
        bw_node *item = bw_node_int(ctx, &op->arena, (int64_t)size[d]);
        if (item == NULL || bw_list_push(ctx, &op->arena, list, item) != BW_OK) {
            return NULL;
        }
    }
    return list;
}

bw_status bw__ecl_put(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, &op->arena, map, bw_view_text(key), value);
}

bw_status bw__ecl_put_or_null(bw_ctx *ctx, bw_op *op, const char *key, const bw_node *value)
{
    return bw__ecl_put(ctx, op, op->result, key,
                       value != NULL ? (bw_node *)(uintptr_t)value : bw_node_null(ctx, &op->arena));
}
