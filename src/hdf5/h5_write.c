/* SPDX-License-Identifier: MIT */
/*
 * Attributes and datasets as h5py writes them, so that BORES finds what it would have written.
 *
 * Chunks, as seen in BORES's files: along each axis the array's length but not more than 20; larger ones
 * of long arrays (chunk_lengths.h). Where an axis has none, what h5py guesses: 1024 for that axis, which
 * is halved until it fits (its guess_chunk(); [0] of int8 is chunked as [1024]).
 */
#include "h5_write.h"

#include <stdlib.h>
#include <string.h>

#include "array/chunk_lengths.h"

#define LZF 32000
#define GUESS 1024u
#define STORED_TEXT 16u /* bytes of a dataset's element: length, place in a heap */

static bw_status cannot(bw_ctx *ctx, bw_view name, const char *what)
{
    bw_status st = bw__h5_fail(ctx, what);
    bw_error error = ctx->error;

    return bw_fail(ctx, st, "'%.*s': %s", (int)(name.len > 100 ? 100 : name.len),
                   (const char *)name.ptr, error.message);
}

/* Names and text that C's strings can say. */
static bw_status check_text(bw_ctx *ctx, bw_view text, bool name)
{
    if (memchr(text.ptr, '\0', text.len) != NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "U+0000 in text, which HDF5 does not keep");
    }
    if (name && (text.len == 0 || memchr(text.ptr, '/', text.len) != NULL ||
                 bw_view_equal(text, BW_VIEW(".")))) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "'%.*s' cannot be a name in HDF5",
                       (int)(text.len > 100 ? 100 : text.len), (const char *)text.ptr);
    }
    return BW_OK;
}

/* Types ------------------------------------------------------------------------------------- */

static hid_t bool_type(void)
{
    hid_t type = H5Tenum_create(H5T_STD_I8LE);
    const int8_t no = 0, yes = 1;

    if (type >= 0 && (H5Tenum_insert(type, "FALSE", &no) < 0 ||
                      H5Tenum_insert(type, "TRUE", &yes) < 0)) {
        (void)H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

static hid_t text_type(H5T_cset_t cset)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    if (type >= 0 && (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, cset) < 0)) {
        (void)H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

static hid_t complex_type(uint32_t itemsize)
{
    hid_t part = itemsize == 8 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
    hid_t type = H5Tcreate(H5T_COMPOUND, itemsize);

    if (type >= 0 && (H5Tinsert(type, "r", 0, part) < 0 ||
                      H5Tinsert(type, "i", itemsize / 2, part) < 0)) {
        (void)H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

/* The type of an array's elements, to be closed; BW_ERR_UNSUPPORTED for what has none. */
static bw_status element_type(bw_ctx *ctx, bw_dtype dtype, hid_t *out)
{
    static const uint8_t sizes[] = {1, 2, 4, 8};
    const hid_t ints[] = {H5T_STD_I8LE, H5T_STD_I16LE, H5T_STD_I32LE, H5T_STD_I64LE};
    const hid_t naturals[] = {H5T_STD_U8LE, H5T_STD_U16LE, H5T_STD_U32LE, H5T_STD_U64LE};
    const hid_t floats[] = {H5I_INVALID_HID, H5T_IEEE_F16LE, H5T_IEEE_F32LE, H5T_IEEE_F64LE};
    const hid_t *row = dtype.kind == 'i'   ? ints
                       : dtype.kind == 'u' ? naturals
                       : dtype.kind == 'f' ? floats
                                           : NULL;
    char text[32];

    *out = H5I_INVALID_HID;
    for (size_t i = 0; row != NULL && i < sizeof sizes; i++) {
        if (sizes[i] == dtype.itemsize && row[i] >= 0) {
            *out = H5Tcopy(row[i]);
        }
    }
    if (dtype.kind == 'b' && dtype.itemsize == 1) {
        *out = bool_type();
    } else if (dtype.kind == 'c' && (dtype.itemsize == 8 || dtype.itemsize == 16)) {
        *out = complex_type(dtype.itemsize);
    }
    if (*out < 0) {
        bw_dtype_format(dtype, text);
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "an array of dtype %s cannot be written to HDF5",
                       text);
    }
    return BW_OK;
}

/* Attributes -------------------------------------------------------------------------------- */

/* Consumes `type` and `space`. */
static bw_status put_attribute(bw_ctx *ctx, hid_t object, bw_view name, hid_t type, hid_t space,
                               const void *value)
{
    const char *text = (const char *)name.ptr;
    hid_t id = H5I_INVALID_HID;
    bw_status st = check_text(ctx, name, false);

    if (st == BW_OK && (type < 0 || space < 0)) {
        st = bw__h5_fail(ctx, "a type cannot be made");
    }
    if (st == BW_OK && H5Aexists(object, text) > 0 && H5Adelete(object, text) < 0) {
        st = cannot(ctx, name, "the attribute cannot be replaced");
    }
    if (st == BW_OK) {
        id = H5Acreate2(object, text, type, space, H5P_DEFAULT, H5P_DEFAULT);
        if (id < 0 || H5Awrite(id, type, value) < 0) {
            st = cannot(ctx, name, "the attribute cannot be written");
        }
    }
    if (id >= 0 && H5Aclose(id) < 0 && st == BW_OK) {
        st = cannot(ctx, name, "the attribute cannot be written");
    }
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    if (space >= 0) {
        (void)H5Sclose(space);
    }
    return st;
}

static bw_status put_scalar(bw_ctx *ctx, hid_t object, bw_view name, hid_t type, const void *value)
{
    return put_attribute(ctx, object, name, type, H5Screate(H5S_SCALAR), value);
}

static bw_status put_text_scalar(bw_ctx *ctx, hid_t object, bw_view name, bw_view text,
                                 H5T_cset_t cset)
{
    const char *value = (const char *)text.ptr;

    BW_TRY(check_text(ctx, text, false));
    return put_scalar(ctx, object, name, text_type(cset), &value);
}

/* The texts of a list, to be released; lists of anything else have no place in the layout. */
static bw_status collect_texts(bw_ctx *ctx, const bw_node *list, const char ***out)
{
    const char **texts = bw_alloc(ctx, ((size_t)list->children.len + 1) * sizeof *texts);
    bw_status st = texts == NULL ? BW_ERR_NOMEM : BW_OK;

    for (uint32_t i = 0; st == BW_OK && i < list->children.len; i++) {
        const bw_node *item = list->children.items[i];

        if (item->type != BW_NODE_STRING) {
            st = bw_fail(ctx, BW_ERR_UNSUPPORTED,
                         "a list of this kind has no place in BORES's HDF5 layout");
        } else {
            texts[i] = (const char *)item->text.ptr;
            st = check_text(ctx, item->text, false);
        }
    }
    if (st != BW_OK) {
        bw_release(ctx, texts);
        return st;
    }
    *out = texts;
    return BW_OK;
}

static bw_status put_list(bw_ctx *ctx, hid_t object, bw_view name, const bw_node *list)
{
    hsize_t count = list->children.len;
    const char **texts;
    bw_status st;

    BW_TRY(collect_texts(ctx, list, &texts));
    st = put_attribute(ctx, object, name, text_type(H5T_CSET_UTF8),
                       H5Screate_simple(1, &count, NULL), texts);
    bw_release(ctx, texts);
    return st;
}

bw_status bw__h5_write_attribute(bw_ctx *ctx, hid_t object, bw_view name, const bw_node *value)
{
    int8_t flag = value->type == BW_NODE_BOOL && value->boolean;

    switch (value->type) {
    case BW_NODE_NULL:
        return put_text_scalar(ctx, object, name, BW_VIEW(BW_NONE_SENTINEL), H5T_CSET_UTF8);
    case BW_NODE_BOOL:
        return put_scalar(ctx, object, name, bool_type(), &flag);
    case BW_NODE_INT:
        return put_scalar(ctx, object, name, H5Tcopy(H5T_STD_I64LE), &value->integer);
    case BW_NODE_FLOAT:
        return value->natural != 0
                   ? put_scalar(ctx, object, name, H5Tcopy(H5T_STD_U64LE), &value->natural)
                   : put_scalar(ctx, object, name, H5Tcopy(H5T_IEEE_F64LE), &value->number);
    case BW_NODE_STRING:
        return put_text_scalar(ctx, object, name, value->text, H5T_CSET_UTF8);
    case BW_NODE_LIST:
        return put_list(ctx, object, name, value);
    default:
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "a value of this kind cannot be an attribute");
    }
}

bw_status bw__h5_write_bytes_attribute(bw_ctx *ctx, hid_t object, const char *name, bw_view text)
{
    return put_text_scalar(ctx, object, bw_view_text(name), text, H5T_CSET_ASCII);
}

/* Datasets ---------------------------------------------------------------------------------- */

static void default_chunks(const bw_array *array, hsize_t *chunks)
{
    bool empty = array->nbytes == 0;
    uint64_t bytes = array->dtype.itemsize;

    if (!empty) {
        uint64_t lengths[BW_MAX_RANK];

        bw__chunk_lengths(array->shape, array->rank, array->dtype.itemsize, lengths);
        for (uint32_t i = 0; i < array->rank; i++) {
            chunks[i] = lengths[i];
        }
        return;
    }
    for (uint32_t i = 0; i < array->rank; i++) {
        chunks[i] = array->shape[i] == 0 ? GUESS : array->shape[i];
        bytes *= chunks[i];
    }
    /* An empty array's guess, in halves as h5py takes them, down to about 16 KiB. */
    for (uint32_t i = 0; array->rank > 0 && bytes > 24576; i = (i + 1) % array->rank) {
        bytes = bytes / chunks[i] * ((chunks[i] + 1) / 2);
        chunks[i] = (chunks[i] + 1) / 2;
    }
}

static void given_chunks(const bw_node *lengths, const bw_array *array, hsize_t *chunks)
{
    for (uint32_t i = 0; i < array->rank; i++) {
        uint64_t given = i < lengths->children.len
                             ? (uint64_t)lengths->children.items[i]->integer : array->shape[i];
        /* of a fixed length, which no chunk may exceed; the axis of an empty one may */
        chunks[i] = array->shape[i] > 0 && given > array->shape[i] ? array->shape[i]
                    : given == 0                                   ? GUESS
                                                                   : given;
    }
}

static hid_t array_plist(const bw_h5_writer *w, const bw_array *array)
{
    hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    unsigned lzf[3] = {4, 261, array->dtype.itemsize}; /* h5py's: revisions, bytes of a chunk */
    hsize_t chunks[BW_MAX_RANK];
    herr_t fine;

    if (plist < 0) {
        return plist;
    }
    fine = H5Pset_obj_track_times(plist, 0); /* the same bytes for the same content */
    if (array->rank > 0 && fine >= 0) {
        if (w->chunks != NULL) {
            given_chunks(w->chunks, array, chunks);
        } else {
            default_chunks(array, chunks);
        }
        fine = H5Pset_chunk(plist, (int)array->rank, chunks);
    }
    if (array->rank > 0 && fine >= 0 && w->filter == H5Z_FILTER_DEFLATE) {
        fine = H5Pset_filter(plist, H5Z_FILTER_DEFLATE, H5Z_FLAG_OPTIONAL, 1, &w->level);
    } else if (array->rank > 0 && fine >= 0 && w->filter == LZF) {
        for (uint32_t i = 0; i < array->rank; i++) {
            lzf[2] *= (unsigned)chunks[i];
        }
        fine = H5Pset_filter(plist, LZF, H5Z_FLAG_OPTIONAL, 3, lzf);
    }
    if (fine < 0) {
        (void)H5Pclose(plist);
        return H5I_INVALID_HID;
    }
    return plist;
}

static hid_t array_space(const bw_array *array)
{
    hsize_t shape[BW_MAX_RANK];

    for (uint32_t i = 0; i < array->rank; i++) {
        shape[i] = array->shape[i];
    }
    return array->rank == 0 ? H5Screate(H5S_SCALAR)
                            : H5Screate_simple((int)array->rank, shape, NULL);
}

/* Consumes `type`, which is that of the array's elements. */
static bw_status write_dataset(bw_h5_writer *w, hid_t parent, bw_view name, hid_t type,
                               const bw_array *array)
{
    bw_ctx *ctx = w->encoder.ctx;
    hid_t space = array_space(array), plist = array_plist(w, array), id = H5I_INVALID_HID;
    bw_status st;

    if (type >= 0 && space >= 0 && plist >= 0) {
        id = H5Dcreate2(parent, (const char *)name.ptr, type, space, H5P_DEFAULT, plist,
                        H5P_DEFAULT);
    }
    st = id < 0 || (array->nbytes > 0 &&
                    H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, array->data) < 0)
             ? cannot(ctx, name, "the array cannot be written")
             : BW_OK;
    if (id >= 0 && H5Dclose(id) < 0 && st == BW_OK) {
        st = cannot(ctx, name, "the array cannot be written");
    }
    if (plist >= 0) {
        (void)H5Pclose(plist);
    }
    if (space >= 0) {
        (void)H5Sclose(space);
    }
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    return st;
}

bw_status bw__h5_write_array(bw_h5_writer *w, hid_t parent, bw_view name, const bw_array *array)
{
    hid_t type;

    BW_TRY(check_text(w->encoder.ctx, name, true));
    BW_TRY(element_type(w->encoder.ctx, array->dtype, &type));
    return write_dataset(w, parent, name, type, array);
}

bw_status bw__h5_write_texts(bw_h5_writer *w, hid_t parent, bw_view name, const bw_node *list)
{
    bw_array array = {.rank = 1, .dtype = {.kind = 'O', .itemsize = STORED_TEXT}};
    bw_ctx *ctx = w->encoder.ctx;
    const char **texts;
    bw_status st;

    BW_TRY(check_text(ctx, name, true));
    BW_TRY(collect_texts(ctx, list, &texts));
    array.shape[0] = list->children.len;
    array.nbytes = (size_t)list->children.len * STORED_TEXT;
    array.data = (uint8_t *)texts;
    st = write_dataset(w, parent, name, text_type(H5T_CSET_UTF8), &array);
    bw_release(ctx, texts);
    return st;
}

bw_status bw__h5_write_group(bw_ctx *ctx, hid_t parent, bw_view name, hid_t *out)
{
    BW_TRY(check_text(ctx, name, true));
    *out = H5Gcreate2(parent, (const char *)name.ptr, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    return *out >= 0 ? BW_OK : cannot(ctx, name, "the group cannot be made");
}
