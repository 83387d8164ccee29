/* SPDX-License-Identifier: MIT */
/*
 * Keywords of a file as they are, without a grid.
 *
 * ecl.children: `{file}` → `[{name, type, count, offset}]` in file order; what a scan ended at comes
 * last, with `error: {code, message}`. A name that comes again is called NAME[1], NAME[2], …
 * ecl.array: `{file, name, slice}` → the elements: an array or the part that the slice says, or a list of
 * strings.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "array/slice.h"
#include "ecl_store.h"

typedef struct node_machine {
    bw__ecl_file *file;
    bool begun;
} node_machine;

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    node_machine *m = op->machine;
    int64_t number = 0;

    (void)bw_map_get_int(op->params, "file", &number);
    if (store == NULL || number < 0 || number >= (int64_t)store->file_count) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: there is no file %" PRId64, op->type->name, number);
    }
    m->file = &store->files[number];
    return bw__ecl_scan_file(ctx, op, m->file);
}

static bw_status put_keyword(bw_ctx *ctx, bw_op *op, const char *name, const char *type,
                             uint64_t count, uint64_t offset, bw_node **out)
{
    bw_node *item = bw_node_map(ctx, &op->arena);

    if (item == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__ecl_put(ctx, op, item, "name", bw__ecl_string(ctx, &op->arena, (const uint8_t *)name,
                                                             strlen(name))));
    BW_TRY(bw__ecl_put(ctx, op, item, "type", bw_node_text(ctx, &op->arena, bw_view_text(type))));
    BW_TRY(bw__ecl_put(ctx, op, item, "count", bw_node_int(ctx, &op->arena, (int64_t)count)));
    BW_TRY(bw__ecl_put(ctx, op, item, "offset", bw_node_int(ctx, &op->arena, (int64_t)offset)));
    *out = item;
    return bw_list_push(ctx, &op->arena, op->result, item);
}

static bw_status put_problem(bw_ctx *ctx, bw_op *op, const bw_ecl_problem *problem)
{
    bw_node *item, *error = bw_node_map(ctx, &op->arena);

    if (error == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put_keyword(ctx, op, problem->name[0] == '\0' ? "?" : problem->name, "", 0,
                       problem->offset, &item));
    BW_TRY(bw__ecl_put(ctx, op, error, "code",
                       bw_node_text(ctx, &op->arena, bw_view_text(bw_status_name(problem->status)))));
    BW_TRY(bw__ecl_put(ctx, op, error, "message",
                       bw_node_text(ctx, &op->arena, bw_view_text(problem->message))));
    return bw__ecl_put(ctx, op, item, "error", error);
}

/* How often the name of keyword `n` came before, kept in `seen`: name → count. */
static bw_status count_before(bw_ctx *ctx, bw_op *op, bw_node *seen, const char *name, int64_t *out)
{
    bw_node *known = bw_map_get_text(seen, name);

    if (known == NULL) {
        known = bw_node_int(ctx, &op->arena, 0);
        *out = 0;
        return bw__ecl_put(ctx, op, seen, name, known);
    }
    *out = ++known->integer;
    return BW_OK;
}

static bw_status children_finish(bw_ctx *ctx, bw_op *op)
{
    const bw__ecl_file *file = ((node_machine *)op->machine)->file;
    bw_node *seen = bw_node_map(ctx, &op->arena), *item;

    op->result = bw_node_list(ctx, &op->arena);
    if (op->result == NULL || seen == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t n = 0; n < file->index.count; n++) {
        const bw_ecl_keyword *keyword = &file->index.keywords[n];
        char type[5] = "", name[32];
        int64_t before;
        BW_TRY(count_before(ctx, op, seen, keyword->name, &before));
        snprintf(name, sizeof name, before == 0 ? "%s" : "%s[%" PRId64 "]", keyword->name, before);
        bw_ecl_type_name(keyword, type);
        BW_TRY(put_keyword(ctx, op, name, type, keyword->count, keyword->offset, &item));
    }
    return file->index.problem.status == BW_OK ? BW_OK : put_problem(ctx, op, &file->index.problem);
}

const bw_op_type bw__ecl_children_op = {"ecl.children", sizeof(node_machine), begin,
                                        children_finish, NULL};

/* "PRESSURE[2]" is the third one. */
static const bw_ecl_keyword *find_numbered(const bw_ecl_index *index, bw_view text)
{
    const uint8_t *bracket = memchr(text.ptr, '[', text.len);
    size_t len = bracket == NULL ? text.len : (size_t)(bracket - text.ptr);
    uint64_t wanted = 0;

    for (size_t n = len + 1; n + 1 < text.len && bracket != NULL; n++) {
        if (text.ptr[n] < '0' || text.ptr[n] > '9' || wanted > UINT32_MAX) {
            return NULL;
        }
        wanted = wanted * 10 + (uint64_t)(text.ptr[n] - '0');
    }
    for (uint32_t n = 0; n < index->count; n++) {
        const char *name = index->keywords[n].name;
        if (strlen(name) == len && memcmp(name, text.ptr, len) == 0 && wanted-- == 0) {
            return &index->keywords[n];
        }
    }
    return NULL;
}

static bw_status on_value(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                          const bw_ecl_keyword *keyword, bw_node *value)
{
    const bw_node *slice = bw_map_get_text(op->params, "slice");
    bw_array *part;

    (void)target;
    (void)cookie;
    (void)keyword;
    op->result = value;
    if (slice == NULL || slice->type == BW_NODE_NULL || value->type != BW_NODE_ARRAY) {
        return BW_OK;
    }
    BW_TRY(bw__slice_array(ctx, &op->arena, value->array, slice, &part));
    op->result = bw_node_array(ctx, &op->arena, part);
    return op->result == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status array_finish(bw_ctx *ctx, bw_op *op)
{
    node_machine *m = op->machine;
    const bw_ecl_problem *problem = &m->file->index.problem;
    const bw_ecl_keyword *keyword;
    bw_view name;

    if (m->begun) {
        return BW_OK;
    }
    m->begun = true;
    BW_TRY(bw__param_text(ctx, op, "name", &name));
    keyword = find_numbered(&m->file->index, name);
    if (keyword != NULL) {
        return bw__ecl_want(ctx, op, m->file, keyword, on_value, m, 0);
    }
    if (problem->status != BW_OK) { /* it is the damaged one, or behind it */
        return bw__ecl_fail_problem(ctx, m->file, problem);
    }
    (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no keyword %.*s", (int)name.len,
                  (const char *)name.ptr);
    return bw_fail_at(ctx, (const char *)m->file->name.ptr, m->file->name.len);
}

const bw_op_type bw__ecl_array_op = {"ecl.array", sizeof(node_machine), begin, array_finish, NULL};
