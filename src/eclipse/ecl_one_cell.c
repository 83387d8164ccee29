/* SPDX-License-Identifier: MIT */
/*
 * One cell of an array, as a curve through time asks for it: of each step the block of the file is read that has
 * the value, not the array.
 */
#include <math.h>
#include <string.h>

#include "ecl_store.h"

#define MOST_PATH 160u

struct bw__ecl_one_cell {
    const bw__ecl_file *file;
    const bw_ecl_keyword *keyword;
    const bw__ecl_name *name; /* BORES's, or NULL */
    uint32_t elements, at;    /* of the block, and which of them it is */
    bw_node *value;           /* once it came */
};

bw_node *bw__ecl_one_cell_value(const bw__ecl_one_cell *cell)
{
    return cell->value;
}

/* g of the cell [i, j, k]; false: the slice is none, or not within the grid. */
static bool find_cell(const bw_ecl_store *store, const bw_node *slice, uint64_t *g)
{
    uint64_t at[3];

    if (slice == NULL || slice->type != BW_NODE_LIST || slice->children.len != 3) {
        return false;
    }
    for (unsigned d = 0; d < 3; d++) {
        const bw_node *item = slice->children.items[d];
        int64_t size = (int64_t)store->size[d];
        if (item->type != BW_NODE_INT || item->integer >= size || item->integer < -size) {
            return false;
        }
        at[d] = (uint64_t)(item->integer < 0 ? item->integer + size : item->integer);
    }
    *g = at[0] + store->size[0] * (at[1] + store->size[1] * at[2]);
    return true;
}

/* Names with dots between them; false: it is longer than any of a keyword. */
static bool join(const bw_node *path, char out[MOST_PATH])
{
    size_t len = 0;

    for (uint32_t n = 0; n < path->children.len; n++) {
        const bw_node *name = path->children.items[n];
        if (name->type != BW_NODE_STRING || len + name->text.len + 2 > MOST_PATH) {
            return false;
        }
        if (n > 0) {
            out[len++] = '.';
        }
        memcpy(out + len, name->text.ptr, name->text.len);
        len += name->text.len;
    }
    out[len] = '\0';
    return true;
}

/* The last keyword among [first, end) that is the array at a path, but not one of a local grid. */
static const bw_ecl_keyword *find_array(const bw_ecl_store *store, const bw__ecl_file *file, uint32_t first,
                                        uint32_t end, const char *path)
{
    const bw_ecl_keyword *found = NULL;
    bool local = false;

    for (uint32_t n = first; n < end; n++) {
        const bw_ecl_keyword *keyword = &file->index.keywords[n];
        const bw__ecl_name *name = bw__ecl_bores_name(keyword->name);
        bool own = name == NULL && strncmp(path, "eclipse.", 8) == 0 && strcmp(path + 8, keyword->name) == 0;
        local = strcmp(keyword->name, "LGR") == 0 || (local && strcmp(keyword->name, "ENDLGR") != 0);
        if (!local && (own || (name != NULL && strcmp(path, name->path) == 0)) &&
            bw__ecl_is_cell_array(store, keyword)) {
            found = keyword;
        }
    }
    return found;
}

static bw_status put_value(bw_ctx *ctx, bw_op *op, bw__ecl_one_cell *cell, const uint8_t *element, bool swap)
{
    bw_array *grid, *value;

    BW_TRY(bw__ecl_grid_new(ctx, op, cell->keyword, true, &grid));
    BW_TRY(bw_array_new(ctx, &op->arena, grid->dtype, 0, NULL, &value));
    if (element != NULL) {
        memcpy(value->data, element, value->dtype.itemsize);
        if (swap) {
            bw_swap_bytes(value->data, 1, value->dtype.itemsize);
        }
    } else {
        bw__ecl_set_element(value, 0, value->dtype.kind == 'f' ? (double)NAN : 0);
    }
    if (cell->name != NULL) {
        BW_TRY(bw__ecl_convert(ctx, op, cell->name, value));
    }
    cell->value = bw_node_array(ctx, &op->arena, value);
    return cell->value == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status on_block(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    bw__ecl_one_cell *cell = target;
    bw_ecl_form form = cell->file->index.form;
    uint32_t width = cell->keyword->width, size = cell->elements * width;

    (void)cookie;
    if (bytes.len != size + 2 * BW__ECL_MARKER_BYTES || bw__ecl_u32(bytes.ptr, form) != size ||
        bw__ecl_u32(bytes.ptr + BW__ECL_MARKER_BYTES + size, form) != size) {
        return BW_OK; /* the array is cut in another way, or damaged */
    }
    return put_value(ctx, op, cell, bytes.ptr + BW__ECL_MARKER_BYTES + (size_t)cell->at * width,
                     form == BW_ECL_BIG_ENDIAN);
}

static bw_status want_block(bw_ctx *ctx, bw_op *op, bw__ecl_one_cell *cell, uint64_t place)
{
    const bw_ecl_keyword *keyword = cell->keyword;
    uint64_t block = place / BW__ECL_BLOCK_ELEMENTS, left = keyword->count - block * BW__ECL_BLOCK_ELEMENTS;
    uint64_t whole = (uint64_t)BW__ECL_BLOCK_ELEMENTS * keyword->width + 2 * BW__ECL_MARKER_BYTES;

    cell->elements = left < BW__ECL_BLOCK_ELEMENTS ? (uint32_t)left : BW__ECL_BLOCK_ELEMENTS;
    cell->at = (uint32_t)(place % BW__ECL_BLOCK_ELEMENTS);
    return bw__ecl_want_bytes(ctx, op, cell->file, keyword->data + block * whole,
                              (uint64_t)cell->elements * keyword->width + 2 * BW__ECL_MARKER_BYTES, on_block, cell, 0);
}

/* Whether elements are numbers in a file whose length is that of blocks as writers cut them. */
static bool has_blocks(const bw__ecl_file *file, const bw_ecl_keyword *keyword)
{
    uint64_t blocks = (keyword->count + BW__ECL_BLOCK_ELEMENTS - 1) / BW__ECL_BLOCK_ELEMENTS;

    return file->index.form != BW_ECL_FORMATTED && keyword->type != BW_ECL_LOGI &&
           keyword->end - keyword->data == keyword->count * keyword->width + 2 * BW__ECL_MARKER_BYTES * blocks;
}

bw_status bw__ecl_one_cell_begin(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step, const bw_node *path,
                                 const bw_node *slice, bw__ecl_one_cell **out)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw__ecl_file *file = &store->files[step->file], *init = bw__ecl_file_of(store, BW__ECL_INIT);
    const bw_ecl_keyword *keyword;
    bw__ecl_one_cell *cell;
    char dotted[MOST_PATH];
    uint64_t g, place;

    *out = NULL;
    if (!find_cell(store, slice, &g) || !join(path, dotted)) {
        return BW_OK;
    }
    keyword = find_array(store, file, step->first, step->end, dotted);
    if (keyword == NULL && init != NULL) {
        file = init;
        keyword = find_array(store, file, 0, file->index.count, dotted);
    }
    if (keyword == NULL || store->places == NULL || !has_blocks(file, keyword)) {
        return BW_OK;
    }
    cell = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *cell);
    if (cell == NULL) {
        return BW_ERR_NOMEM;
    }
    cell->file = file;
    cell->keyword = keyword;
    cell->name = bw__ecl_bores_name(keyword->name);
    *out = cell;
    place = bw__ecl_is_of_all(store, keyword) ? g : store->places[g];
    return place == UINT32_MAX ? put_value(ctx, op, cell, NULL, false) : want_block(ctx, op, cell, place);
}
