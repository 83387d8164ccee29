/* SPDX-License-Identifier: MIT */
/*
 * Whether an array whose chunks are all absent has some under other names than its metadata say:
 * "0/1" where "0.1" is due, "c/0/1" where "c.0.1" is. Copies between stores lose the separator, and
 * such an array would else read as nothing but its fill value.
 */
#include "zarr_store.h"

/* What a name in an array's folder says of how chunks are called there. */
typedef struct chunk_name {
    bool prefixed; /* "c", "c.0" */
    bool dotted;   /* more than one number */
} chunk_name;

/* "0", "1.2", "c", "c.0.1"; false for what is no chunk's name, or the first part of one. */
static bool parse_name(bw_view text, chunk_name *out)
{
    bool digit = false;
    size_t i = 0;

    *out = (chunk_name){0};
    if (text.len > 0 && text.ptr[0] == 'c') {
        out->prefixed = true;
        if (text.len == 1) {
            return true;
        }
        if (text.ptr[1] != '.') {
            return false;
        }
        i = 2;
    }
    for (; i < text.len; i++) {
        bool dot = text.ptr[i] == '.';

        if (dot ? !digit : text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        out->dotted |= dot;
        digit = !dot;
    }
    return digit;
}

/* Whether a chunk of this array cannot be called so. */
static bool is_other(const bw_array_meta *meta, chunk_name name, bool folder)
{
    if (name.prefixed != meta->prefixed) {
        return meta->version == 3; /* version 2 has no prefix; what is called "c" there is no chunk */
    }
    if (meta->rank < (meta->prefixed ? 1u : 2u)) {
        return false; /* one number, or none, is called the same whatever stands between */
    }
    return meta->separator == '.' ? folder : name.dotted || (name.prefixed && !folder);
}

bw_status bw__chunk_names_check(bw_ctx *ctx, const bw_array_meta *meta, bool may_nest, bw_view names)
{
    bw_view name;
    bool folder;

    while (bw__listing_next(&names, &name, &folder)) {
        chunk_name parsed;

        if (!parse_name(name, &parsed) || !is_other(meta, parsed, folder)) {
            continue;
        }
        if (may_nest && folder && !parsed.dotted) {
            continue; /* those were looked for, too */
        }
        return bw_fail(ctx, BW_ERR_METADATA,
                       "chunks lie under other names, as '%.*s', than their metadata's separator '%c' "
                       "gives (dimension_separator, chunk_key_encoding)",
                       (int)name.len, (const char *)name.ptr, meta->separator);
    }
    return BW_OK;
}
