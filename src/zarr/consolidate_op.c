/* SPDX-License-Identifier: MIT */
/*
 * zarr.consolidate: all metadata documents of a hierarchy as one, with the text that zarr-python's
 * consolidate_metadata() writes for documents of its own: `.zmetadata` in version 2, a member of the root's
 * `zarr.json` in version 3. Documents are checked and then copied as they stand, so no number loses a
 * digit on the way.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "documents.h"
#include "encode/encode_zarr.h"

typedef struct document {
    bw_view key;
    bw_view text;
} document;

typedef struct consolidate_machine {
    document *documents; /* owned by the arena, as all views are */
    uint32_t len, cap;
    uint64_t nbytes;
} consolidate_machine;

static bw_status add_document(bw_ctx *ctx, bw_op *op, bw_view key, bw_view text)
{
    consolidate_machine *m = op->machine;
    char *copy = bw_arena_copy(ctx, &op->arena, text.ptr, text.len);

    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    if (m->len == m->cap) {
        uint32_t cap = m->cap == 0 ? 256 : m->cap * 2;
        document *grown = bw_arena_alloc(ctx, &op->arena, cap * sizeof *grown);

        if (grown == NULL) {
            return BW_ERR_NOMEM;
        }
        if (m->len > 0) {
            memcpy(grown, m->documents, m->len * sizeof *grown);
        }
        m->documents = grown;
        m->cap = cap;
    }
    m->documents[m->len++] = (document){key, {(const uint8_t *)copy, text.len}};
    return BW_OK;
}

static bw_view trim(bw_view text)
{
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[text.len - 1]) != NULL) {
        text.len--;
    }
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[0]) != NULL) {
        text.ptr++;
        text.len--;
    }
    return text;
}

/* A document is JSON, and an object; `*group`: it says that it is a group's of version 3. */
static bw_status check_document(bw_ctx *ctx, bw_view bytes, bool *group)
{
    bw_view type = BW_VIEW("");
    bw_arena arena = {0};
    bw_node *node = NULL;
    bw_status st = bw_json_parse(ctx, &arena, bytes, &node);

    if (st == BW_OK && node->type != BW_NODE_MAP) {
        st = bw_fail(ctx, BW_ERR_METADATA, "a metadata document is no JSON object");
    }
    *group = st == BW_OK && bw_map_get_string(node, "node_type", &type) &&
             bw_view_equal(type, BW_VIEW("group"));
    bw_arena_free(ctx, &arena);
    return st;
}

static bw_status keep_document(bw_ctx *ctx, bw_op *op, bw_view key, bw_view bytes)
{
    consolidate_machine *m = op->machine;

    m->nbytes += key.len + bytes.len;
    if (m->nbytes > ctx->limits.max_document_bytes) {
        return bw_fail_limit(ctx, "bytes of consolidated metadata", m->nbytes,
                             ctx->limits.max_document_bytes);
    }
    return add_document(ctx, op, key, trim(bytes));
}

/* Version 2 --------------------------------------------------------------------------------- */

static bw_status on_document(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    bool group;

    (void)cookie;
    if (bytes.ptr == NULL) {
        return BW_OK; /* listed a moment ago, gone now */
    }
    BW_TRY(check_document(ctx, bytes, &group));
    return keep_document(ctx, op, *(const bw_view *)target, bytes);
}

static bool is_document(bw_view name)
{
    return bw_view_equal(name, BW_VIEW(".zarray")) || bw_view_equal(name, BW_VIEW(".zgroup")) ||
           bw_view_equal(name, BW_VIEW(".zattrs"));
}

static bw_status on_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    const bw_view *folder = target;
    bool array = bw__listing_has(names, ".zarray"), is_folder;
    bw_view name;

    if (names.ptr == NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "this location cannot list folders");
    }
    while (bw__listing_next(&names, &name, &is_folder)) {
        bw_view *key;

        if (is_folder ? array : !is_document(name)) {
            continue; /* chunks, and the folders of an array, which hold chunks */
        }
        key = bw_arena_alloc(ctx, &op->arena, sizeof *key);
        if (key == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw__key_join(ctx, op, *folder, name, key));
        BW_TRY(is_folder ? bw__want_list(ctx, op, *key, on_listing, key)
                         : bw__want_get(ctx, op, *key, on_document, key, 0));
    }
    return BW_OK;
}

/* Version 3 --------------------------------------------------------------------------------- */

static bw_status visit_v3(bw_ctx *ctx, bw_op *op, bw_view parent, bw_view name);

static bw_status on_v3_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    bw_view name;
    bool is_folder;

    if (names.ptr == NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "this location cannot list folders");
    }
    while (bw__listing_next(&names, &name, &is_folder)) {
        if (is_folder) {
            BW_TRY(visit_v3(ctx, op, *(const bw_view *)target, name));
        }
    }
    return BW_OK;
}

static bw_status on_v3_document(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    const bw_view *folder = target;
    bw_v3_root root;
    bool group;

    (void)cookie;
    if (bytes.ptr == NULL) {
        return BW_OK; /* a folder of something else */
    }
    if (folder->len == 0) { /* may hold all that was consolidated before, which is not kept */
        BW_TRY(bw__read_v3_root(ctx, op, bytes, &root));
        BW_TRY(add_document(ctx, op, *folder, trim(bytes)));
        group = root.group;
    } else {
        BW_TRY(check_document(ctx, bytes, &group));
        BW_TRY(keep_document(ctx, op, *folder, bytes));
    }
    return group ? bw__want_list(ctx, op, *folder, on_v3_listing, target) : BW_OK;
}

/* Asks for the document of a node, whose folder is its key in the consolidated metadata. */
static bw_status visit_v3(bw_ctx *ctx, bw_op *op, bw_view parent, bw_view name)
{
    bw_view *folder = bw_arena_alloc(ctx, &op->arena, sizeof *folder), key;

    if (folder == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__key_join(ctx, op, parent, name, folder));
    BW_TRY(bw__key_join(ctx, op, *folder, BW_VIEW("zarr.json"), &key));
    return bw__want_get(ctx, op, key, on_v3_document, folder, 0);
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    bw_view *root;

    if (bw__is_v3(op)) {
        return visit_v3(ctx, op, BW_VIEW(""), BW_VIEW(""));
    }
    root = bw_arena_alloc(ctx, &op->arena, sizeof *root);
    if (root == NULL) {
        return BW_ERR_NOMEM;
    }
    *root = BW_VIEW("");
    return bw__want_list(ctx, op, *root, on_listing, root);
}

/* The result -------------------------------------------------------------------------------- */

/* For qsort: by bytes. */
static int compare_documents(const void *a, const void *b)
{
    const bw_view *x = &((const document *)a)->key, *y = &((const document *)b)->key;
    size_t shared = x->len < y->len ? x->len : y->len;
    int order = shared == 0 ? 0 : memcmp(x->ptr, y->ptr, shared);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* A text, deeper by an indentation. In JSON a line break is never part of a string. */
static bw_status append_indented(bw_ctx *ctx, bw_bytes *out, bw_view text, const char *indent)
{
    size_t at = 0;

    while (at < text.len) {
        const uint8_t *end = memchr(text.ptr + at, '\n', text.len - at);
        size_t len = end == NULL ? text.len - at : (size_t)(end - text.ptr) + 1 - at;

        BW_TRY(bw_bytes_append(ctx, out, text.ptr + at, len));
        if (end != NULL) {
            BW_TRY(bw_bytes_append_text(ctx, out, indent + 1));
        }
        at += len;
    }
    return BW_OK;
}

/* `indent`: of the document's own lines, a line break and spaces. */
static bw_status append_document(bw_ctx *ctx, bw_bytes *out, const document *d, const char *indent)
{
    bw_node key = {.type = BW_NODE_STRING, .text = d->key};

    BW_TRY(bw_bytes_append_text(ctx, out, indent));
    BW_TRY(bw_json_write(ctx, &key, BW_JSON_ZARR, out));
    BW_TRY(bw_bytes_append_text(ctx, out, ": "));
    return append_indented(ctx, out, d->text, indent);
}

static bw_status write_v2(bw_ctx *ctx, const consolidate_machine *m, bw_bytes *out)
{
    BW_TRY(bw_bytes_append_text(ctx, out, "{\n    \"metadata\": {"));
    for (uint32_t i = 0; i < m->len; i++) {
        BW_TRY(bw_bytes_append_text(ctx, out, i == 0 ? "" : ","));
        BW_TRY(append_document(ctx, out, &m->documents[i], "\n        "));
    }
    return bw_bytes_append_text(ctx, out, "\n    },\n    \"zarr_consolidated_format\": 1\n}");
}

/* The root's own members, but for metadata that were consolidated before. */
static bw_status write_root(bw_ctx *ctx, bw_arena *arena, bw_view root, bw_bytes *out)
{
    bw_json_member *members;
    uint32_t count;

    BW_TRY(bw_json_members(ctx, arena, root, ctx->limits.max_consolidated_bytes, &members, &count));
    for (uint32_t i = 0; i < count; i++) {
        bw_node key = {.type = BW_NODE_STRING, .text = members[i].key};

        if (bw_view_equal(members[i].key, BW_VIEW("consolidated_metadata"))) {
            continue;
        }
        BW_TRY(bw_bytes_append_text(ctx, out, "\n  "));
        BW_TRY(bw_json_write(ctx, &key, BW_JSON_ZARR, out));
        BW_TRY(bw_bytes_append_text(ctx, out, ": "));
        BW_TRY(bw_bytes_append(ctx, out, members[i].value.ptr, members[i].value.len));
        BW_TRY(bw_bytes_append_text(ctx, out, ","));
    }
    return BW_OK;
}

/* The first document, whose key is empty, is the root's. */
static bw_status write_v3(bw_ctx *ctx, bw_arena *arena, const consolidate_machine *m, bw_bytes *out)
{
    BW_TRY(bw_bytes_append_text(ctx, out, "{"));
    BW_TRY(write_root(ctx, arena, m->documents[0].text, out));
    BW_TRY(bw_bytes_append_text(ctx, out, "\n  \"consolidated_metadata\": {\n    \"kind\": \"inline\",\n"
                                          "    \"must_understand\": false,\n    \"metadata\": {"));
    for (uint32_t i = 1; i < m->len; i++) {
        BW_TRY(bw_bytes_append_text(ctx, out, i == 1 ? "" : ","));
        BW_TRY(append_document(ctx, out, &m->documents[i], "\n      "));
    }
    return bw_bytes_append_text(ctx, out, "\n    }\n  }\n}");
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    consolidate_machine *m = op->machine;
    bool v3 = bw__is_v3(op);
    bw_bytes text = {0};
    bw_encoder e;
    bw_status st;

    if (m->len == 0) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no Zarr group or array here");
    }
    qsort(m->documents, m->len, sizeof *m->documents, compare_documents);
    BW_TRY(bw__encoder_begin(ctx, &op->arena, &e));
    BW_GO(v3 ? write_v3(ctx, &op->arena, m, &text) : write_v2(ctx, m, &text));
    BW_GO(bw__encode_put(&e, BW_VIEW(""), v3 ? "zarr.json" : ".zmetadata", bw_bytes_view(&text)));
    BW_GO(bw__encode_result(&e, op));

done:
    bw_bytes_free(ctx, &text);
    bw__encoder_end(&e);
    return st;
}

const bw_op_type bw__consolidate_op = {"zarr.consolidate", sizeof(consolidate_machine), begin,
                                       finish, NULL};
