/* SPDX-License-Identifier: MIT */
/*
 * Reading one array: its metadata, then its chunks one want at a time, each decoded into place
 * when it comes. The array is built in an arena of its own, which joins the operation's only
 * when the result is wanted, and is begun only when its turn to ask for chunks has come: so a
 * check of a whole store holds few arrays at a time.
 */
#include <string.h>

#include "array/slice.h"
#include "documents.h"

typedef struct array_task array_task;

/* A shard of which some chunks are read, one by one, once the index is here. */
typedef struct shard_task {
    array_task *task;
    bw_chunk_read read;
    bw_bytes index;
    struct shard_task *next;
} shard_task;

/* With BW_EXTENT_DESCRIBE arrays up to this many elements are read all the same: the `shape` of an
 * array record and the keys of a sparse tensor are needed to say what they are. */
#define DESCRIBE_READS_UP_TO 64u
/* With BW_EXTENT_CHECK arrays up to this size are kept, for the same reason. */
#define CHECK_KEEPS_BYTES 1024u

struct array_task {
    bw_task task; /* the first */
    bw_view folder, metadata_key;
    const bw_node *slice;
    bw_array_extent extent;
    bw_array_handler done;
    void *target;

    const bw_array_meta *meta;
    bw_region region;
    uint32_t dropped;
    bw_arena arena;
    bw_chunk_read read;
    uint64_t grid[BW_MAX_RANK]; /* chunks along each dimension, for the cookie */
    bool begun;
    bool produced;              /* no chunk left to ask for */
    uint64_t awaited;           /* chunks asked for, not given */
    bool may_nest;              /* chunks may lie in folders, though nothing says so */
    bool asked, found;          /* for a chunk; one that is there */
    bool whole;                 /* for all there are */
    shard_task *shards;         /* owned, until the end */
    bw_bytes key;
};

static void task_free(bw_ctx *ctx, bw_task *self)
{
    array_task *task = (array_task *)self;

    if (task->begun) {
        bw_chunk_read_end(ctx, &task->read);
    }
    while (task->shards != NULL) {
        shard_task *shard = task->shards;

        task->shards = shard->next;
        bw_chunk_read_end(ctx, &shard->read);
        bw_bytes_free(ctx, &shard->index);
        bw_release(ctx, shard);
    }
    bw_arena_free(ctx, &task->arena);
    bw_bytes_free(ctx, &task->key);
    bw_release(ctx, task);
}

/* Hands the array over and ends the task. */
static bw_status task_deliver(bw_ctx *ctx, bw_op *op, array_task *task)
{
    bw_array_handler done = task->done;
    void *target = task->target;
    bw_array *array = task->read.out;

    array->origin = task->meta;
    bw__slice_drop(array, task->dropped);
    if (task->extent == BW_EXTENT_CHECK && array->nbytes > CHECK_KEEPS_BYTES) {
        bw_array *described = bw_arena_alloc(ctx, &op->arena, sizeof *described);
        if (described == NULL) {
            return BW_ERR_NOMEM;
        }
        *described = *array;
        described->data = NULL;
        array = described;
    } else {
        bw_arena_adopt(&op->arena, &task->arena);
    }
    bw__task_end(ctx, op, &task->task);
    return done(ctx, op, target, array);
}

/* A failure that the caller reports; what is left of the array still counts. */
static bw_status deliver_failed(bw_ctx *ctx, bw_op *op, array_task *task, bw_status st)
{
    bw_error kept = ctx->error;

    BW_TRY(task_deliver(ctx, op, task));
    ctx->error = kept;
    return st;
}

/* Of an array without a chunk nothing but its fill value would be read: are there any of other names? */
static bw_status on_names(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    array_task *task = target;
    bw_status st = bw__chunk_names_check(ctx, task->meta, task->may_nest && !task->whole, names);

    if (st == BW_OK) {
        return task_deliver(ctx, op, task);
    }
    (void)bw_fail_at(ctx, (const char *)task->metadata_key.ptr, task->metadata_key.len);
    return op->type->problem == NULL ? st : deliver_failed(ctx, op, task, st);
}

/* All that was asked for has come. */
static bw_status task_finish(bw_ctx *ctx, bw_op *op, array_task *task)
{
    return task->found || !task->asked ? task_deliver(ctx, op, task)
                                       : bw__want_list(ctx, op, task->folder, on_names, task);
}

/* A chunk's position in the grid as one number; it fits, bw_chunk_read_begin() checked. */
static uint64_t coord_to_cookie(const array_task *task, const uint64_t *coord)
{
    uint64_t cookie = 0;

    for (uint32_t d = 0; d < task->meta->rank; d++) {
        cookie = cookie * task->grid[d] + coord[d] % task->grid[d];
    }
    return cookie;
}

static void cookie_to_coord(const array_task *task, uint64_t cookie, uint64_t *coord)
{
    for (uint32_t d = task->meta->rank; d-- > 0;) {
        coord[d] = cookie % task->grid[d];
        cookie /= task->grid[d];
    }
}

/* One chunk less to wait for, placed or failed; the last one delivers the array. */
static bw_status chunk_settled(bw_ctx *ctx, bw_op *op, array_task *task, bw_status st)
{
    task->awaited--;
    if (task->produced && task->awaited == 0) {
        return st == BW_OK ? task_finish(ctx, op, task)
                           : op->type->problem == NULL ? st : deliver_failed(ctx, op, task, st);
    }
    return st;
}

static bw_status want_chunk(bw_ctx *ctx, bw_op *op, array_task *task, const uint64_t *coord,
                            char separator, bw_get_handler handler);

static bw_status place_chunk(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    array_task *task = target;
    uint64_t coord[BW_MAX_RANK];

    task->found |= bytes.ptr != NULL;
    cookie_to_coord(task, cookie, coord);
    return chunk_settled(ctx, op, task, bw_chunk_read_place(ctx, &task->read, coord, bytes));
}

/* zarr-python's NestedDirectoryStore before 2.8 put chunks into folders and did not say so in the
 * metadata: where no separator is stated, "0.1" that is absent may be there as "0/1". */
static bw_status on_chunk(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    array_task *task = target;
    uint64_t coord[BW_MAX_RANK];

    task->may_nest &= bytes.ptr == NULL; /* one that is there tells how they all are called */
    if (!task->may_nest) {
        return place_chunk(ctx, op, target, cookie, bytes);
    }
    cookie_to_coord(task, cookie, coord);
    task->awaited--;
    return want_chunk(ctx, op, task, coord, '/', place_chunk);
}

static bw_status on_chunk_failure_of_shard(bw_ctx *ctx, bw_op *op, void *target, bw_status st)
{
    return chunk_settled(ctx, op, ((shard_task *)target)->task, st);
}

/* The chunk's key below the root. */
static bw_status chunk_key(bw_ctx *ctx, const array_task *task, const uint64_t *coord,
                           char separator, bw_bytes *key)
{
    key->len = 0;
    if (task->folder.len > 0) {
        BW_TRY(bw_bytes_append(ctx, key, task->folder.ptr, task->folder.len));
        BW_TRY(bw_bytes_append(ctx, key, "/", 1));
    }
    if (separator != task->meta->separator) {
        bw_array_meta meta = *task->meta;

        meta.separator = separator;
        return bw_zarr_chunk_key(ctx, &meta, coord, key);
    }
    return bw_zarr_chunk_key(ctx, task->meta, coord, key);
}

static bw_status on_chunk_failure(bw_ctx *ctx, bw_op *op, void *target, bw_status st)
{
    return chunk_settled(ctx, op, target, st);
}

/* Shards ------------------------------------------------------------------------------------ */

static bw_status on_inner_chunk(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                                bw_view bytes)
{
    shard_task *shard = target;
    const bw_shards *shards = shard->task->meta->shards;
    uint64_t coord[BW_MAX_RANK] = {0}, offset, nbytes;
    bool present;
    bw_status st;

    for (uint32_t d = shards->inner.rank; d-- > 0;) {
        coord[d] = cookie % shards->grid[d];
        cookie /= shards->grid[d];
    }
    st = bw_shards_find(ctx, shards, &shard->index, coord, &offset, &nbytes, &present);
    if (st == BW_OK && bytes.len != nbytes) {
        st = bw_fail(ctx, BW_ERR_CORRUPT,
                     "shard index: a chunk of %llu bytes at %llu, the shard ends %llu bytes before",
                     (unsigned long long)nbytes, (unsigned long long)offset,
                     (unsigned long long)(nbytes - bytes.len));
    }
    if (st == BW_OK) {
        st = bw_chunk_read_place(ctx, &shard->read, coord, bytes);
    }
    return chunk_settled(ctx, op, shard->task, st);
}

/* One inner chunk: asked for, or filled in where it is missing. */
static bw_status want_inner(bw_ctx *ctx, bw_op *op, shard_task *shard, bw_view key,
                            const uint64_t *coord)
{
    const bw_shards *shards = shard->task->meta->shards;
    uint64_t offset, nbytes, cookie = 0;
    bool present;

    BW_TRY(bw_shards_find(ctx, shards, &shard->index, coord, &offset, &nbytes, &present));
    if (!present) {
        return bw_chunk_read_place(ctx, &shard->read, coord, (bw_view){NULL, 0});
    }
    for (uint32_t d = 0; d < shards->inner.rank; d++) {
        cookie = cookie * shards->grid[d] + coord[d];
    }
    BW_TRY(bw__want_range(ctx, op, key, offset, nbytes, on_inner_chunk, shard, cookie));
    bw__want_on_failure(op, on_chunk_failure_of_shard);
    shard->task->awaited++;
    return BW_OK;
}

static bw_status shard_begin(bw_ctx *ctx, bw_op *op, array_task *task, const uint64_t *coord,
                             bw_view index)
{
    shard_task *shard = bw_alloc_zeroed(ctx, sizeof *shard);
    uint64_t inner[BW_MAX_RANK] = {0};
    bw_bytes key = {0};
    bw_status st;

    if (shard == NULL) {
        return BW_ERR_NOMEM;
    }
    shard->task = task;
    shard->next = task->shards;
    task->shards = shard;
    BW_TRY(bw_shards_index(ctx, task->meta->shards, index, &shard->index));
    BW_TRY(bw_shards_begin(ctx, &task->read, coord, &shard->read));
    st = chunk_key(ctx, task, coord, task->meta->separator, &key);
    while (st == BW_OK && bw_chunk_read_next(&shard->read, inner)) {
        st = want_inner(ctx, op, shard, bw_bytes_view(&key), inner);
    }
    bw_bytes_free(ctx, &key);
    return st;
}

static bw_status on_index(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    array_task *task = target;
    uint64_t coord[BW_MAX_RANK];

    if (bytes.ptr == NULL) { /* the whole shard is missing */
        return place_chunk(ctx, op, target, cookie, bytes);
    }
    task->found = true;
    cookie_to_coord(task, cookie, coord);
    return chunk_settled(ctx, op, task, shard_begin(ctx, op, task, coord, bytes));
}

/* Asking for chunks ------------------------------------------------------------------------- */

/* The grid and its size in chunks, which must fit the cookie. */
static bw_status grid_size(bw_ctx *ctx, array_task *task)
{
    uint64_t all = 1;

    for (uint32_t d = 0; d < task->meta->rank; d++) {
        uint64_t chunks = task->meta->chunks[d], extent = task->meta->shape[d];
        uint64_t n = extent / chunks + (extent % chunks != 0);

        task->grid[d] = n == 0 ? 1 : n;
        if (all > UINT64_MAX / task->grid[d]) {
            return bw_fail_limit(ctx, "chunks in the grid of shape and chunks", UINT64_MAX,
                                 UINT64_MAX);
        }
        all *= task->grid[d];
    }
    return BW_OK;
}

/* Its memory. A failure is the metadata's, and to a verification one more problem. */
static bw_status task_begin(bw_ctx *ctx, bw_op *op, array_task *task)
{
    bw_status st = grid_size(ctx, task);

    if (st == BW_OK) {
        st = bw_chunk_read_begin(ctx, &task->arena, task->meta, &task->region, &task->read);
    }
    if (st == BW_OK) {
        task->begun = true;
        return BW_OK;
    }
    (void)bw_fail_at(ctx, (const char *)task->metadata_key.ptr, task->metadata_key.len);
    bw__producer_done(op);
    bw__task_end(ctx, op, &task->task);
    return op->type->problem != NULL && st != BW_ERR_NOMEM ? op->type->problem(ctx, op) : st;
}

static bw_status want_chunk(bw_ctx *ctx, bw_op *op, array_task *task, const uint64_t *coord,
                            char separator, bw_get_handler handler)
{
    uint64_t cookie = coord_to_cookie(task, coord);
    const bw_shards *shards = task->meta->shards;

    BW_TRY(chunk_key(ctx, task, coord, separator, &task->key));
    if (bw_shards_partial(task->meta) && !bw_shards_wants_all(&task->read, coord)) {
        BW_TRY(bw__want_range(ctx, op, bw_bytes_view(&task->key),
                              shards->index_at_start ? 0 : BW_SUFFIX, shards->index_nbytes,
                              on_index, task, cookie));
    } else {
        BW_TRY(bw__want_get(ctx, op, bw_bytes_view(&task->key), handler, task, cookie));
    }
    bw__want_on_failure(op, on_chunk_failure);
    task->awaited++;
    return BW_OK;
}

static bw_status produce(bw_ctx *ctx, bw_op *op, bw_task *self, bool *asked)
{
    array_task *task = (array_task *)self;
    uint64_t coord[BW_MAX_RANK];

    if (!task->begun) {
        return task_begin(ctx, op, task);
    }
    if (bw_chunk_read_next(&task->read, coord)) {
        *asked = task->asked = true;
        return want_chunk(ctx, op, task, coord, task->meta->separator, on_chunk);
    }
    bw__producer_done(op);
    task->produced = true;
    return task->awaited == 0 ? task_finish(ctx, op, task) : BW_OK; /* all came already */
}

/* Only a description: the shape and size that a read would have. */
static bw_status task_describe(bw_ctx *ctx, bw_op *op, array_task *task)
{
    const bw_region *region = &task->region;
    bw_array *array = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *array);
    bw_array_handler done = task->done;
    void *target = task->target;
    uint64_t count;

    if (array == NULL) {
        return BW_ERR_NOMEM;
    }
    array->dtype = task->meta->dtype;
    array->dtype.big_endian = false;
    array->rank = region->rank;
    memcpy(array->shape, region->count, sizeof array->shape);
    array->origin = task->meta;
    BW_TRY(bw_array_size(ctx, array->dtype, array->rank, array->shape, &count, &array->nbytes));
    bw__task_end(ctx, op, &task->task);
    return done(ctx, op, target, array);
}

static bool wants_description(const array_task *task)
{
    const bw_region *region = &task->region;
    uint64_t count = 1;

    if (task->extent != BW_EXTENT_DESCRIBE) {
        return false;
    }
    for (uint32_t d = 0; d < region->rank; d++) {
        if (region->count[d] > DESCRIBE_READS_UP_TO ||
            (count *= region->count[d]) > DESCRIBE_READS_UP_TO) {
            return true;
        }
    }
    return false;
}

static bw_status task_start(bw_ctx *ctx, bw_op *op, array_task *task)
{
    const bw_node *separator = bw_map_get_text(task->meta->document, "dimension_separator");

    task->may_nest = task->meta->version == 2 && task->meta->rank > 1 &&
                     (separator == NULL || separator->type == BW_NODE_NULL);
    BW_TRY(bw__slice_resolve(ctx, task->meta, task->slice, &task->region, &task->dropped));
    task->whole = memcmp(task->region.count, task->meta->shape,
                         task->meta->rank * sizeof task->meta->shape[0]) == 0;
    if (wants_description(task)) {
        return task_describe(ctx, op, task);
    }
    bw__task_produces(op, &task->task);
    return BW_OK;
}

static bw_status on_metadata(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    array_task *task = target;
    int format = bw__is_v3(op) ? 3 : 2;

    (void)cookie;
    if (bytes.ptr != NULL) {
        BW_TRY(bw__meta_cache_get(ctx, op, bytes, &task->meta));
    }
    if (task->meta == NULL) {
        bw_array_handler done = task->done;
        void *done_target = task->target;
        bw__task_end(ctx, op, &task->task);
        return done(ctx, op, done_target, NULL);
    }
    if (task->meta->version != format) {
        return bw_fail(ctx, BW_ERR_METADATA, "zarr_format is %d, %d is needed", task->meta->version,
                       format);
    }
    return task_start(ctx, op, task);
}

static array_task *task_new(bw_ctx *ctx, bw_op *op, bw_view folder, const bw_node *slice,
                               bw_array_extent extent, bw_array_handler done, void *target)
{
    array_task *task = bw_alloc_zeroed(ctx, sizeof *task);

    if (task == NULL) {
        return NULL;
    }
    task->task = (bw_task){.produce = produce, .free = task_free};
    bw__task_add(op, &task->task);
    task->folder = folder;
    task->slice = slice;
    task->extent = extent;
    task->done = done;
    task->target = target;
    return task;
}

bw_status bw__array_read_known(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view metadata_key,
                               const bw_array_meta *meta, const bw_node *slice,
                               bw_array_extent extent, bw_array_handler done, void *target)
{
    array_task *task = task_new(ctx, op, folder, slice, extent, done, target);

    if (task == NULL) {
        return BW_ERR_NOMEM;
    }
    task->metadata_key = metadata_key;
    task->meta = meta;
    return task_start(ctx, op, task);
}

bw_status bw__array_read(bw_ctx *ctx, bw_op *op, bw_view folder, const bw_node *slice,
                         bw_array_extent extent, bw_array_handler done, void *target)
{
    array_task *task = task_new(ctx, op, folder, slice, extent, done, target);
    bw_view key;

    if (task == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__key_join(ctx, op, folder, bw_view_text(bw__array_document(op)), &key));
    task->metadata_key = key;
    return bw__want_get(ctx, op, key, on_metadata, task, 0);
}
