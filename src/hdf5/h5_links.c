/* SPDX-License-Identifier: MIT */
/* Groups: their links, and objects by path. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "h5.h"

/* Names -------------------------------------------------------------------------------------
 *
 * Names in HDF5 files are bytes; here they are UTF-8. A byte that is no part of a character is written
 * as "\xB0", and a name that is not found is looked for with such escapes undone: so what is listed can
 * be opened, and a name that has a backslash of its own stays itself.
 */

bw_status bw__h5_name(bw_ctx *ctx, bw_arena *arena, const char *raw, bw_view *out)
{
    size_t len = strlen(raw), at = 0, size = 0;
    char *text = bw_arena_alloc(ctx, arena, 4 * len + 1);

    if (text == NULL) {
        return BW_ERR_NOMEM;
    }
    while (at < len) {
        size_t step = bw__utf8_step((const uint8_t *)raw + at, len - at);

        if (step == 0) {
            size += (size_t)snprintf(text + size, 5, "\\x%02X", (unsigned)(uint8_t)raw[at]);
            at++;
            continue;
        }
        memcpy(text + size, raw + at, step);
        size += step;
        at += step;
    }
    text[size] = '\0';
    *out = (bw_view){(const uint8_t *)text, size};
    return BW_OK;
}

static int hex_value(char digit)
{
    return digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

bool bw__h5_raw_name(char *text)
{
    char *to = text;
    bool changed = false;

    for (const char *from = text; *from != '\0';) {
        int high = from[0] == '\\' && from[1] == 'x' ? hex_value(from[2]) : -1;
        int low = high >= 8 ? hex_value(from[3]) : -1; /* only what is no ASCII was escaped */

        if (low >= 0) {
            *to++ = (char)(high * 16 + low);
            from += 4;
            changed = true;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    return changed;
}

/* Links ------------------------------------------------------------------------------------- */

typedef struct link_walk {
    bw_ctx *ctx;
    bw_arena *arena;
    bw_h5_link *links;
    uint32_t count, cap;
    bw_status status;
} link_walk;

static bw_status add_link(link_walk *walk, const char *name, H5L_type_t type)
{
    bw_ctx *ctx = walk->ctx;
    char *copy = bw_arena_copy(ctx, walk->arena, name, strlen(name));
    bw_view shown;

    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__h5_name(ctx, walk->arena, copy, &shown));
    if (walk->count == walk->cap) {
        uint32_t cap = walk->cap == 0 ? 16 : walk->cap * 2;
        bw_h5_link *grown = bw_arena_alloc(ctx, walk->arena, cap * sizeof *grown);

        if (grown == NULL) {
            return BW_ERR_NOMEM;
        }
        if (walk->count > 0) {
            memcpy(grown, walk->links, walk->count * sizeof *grown);
        }
        walk->links = grown;
        walk->cap = cap;
    }
    walk->links[walk->count++] = (bw_h5_link){shown, copy, type};
    return BW_OK;
}

static herr_t on_link(hid_t group, const char *name, const H5L_info2_t *info, void *data)
{
    link_walk *walk = data;

    (void)group;
    walk->status = add_link(walk, name, info->type);
    return walk->status == BW_OK ? 0 : -1;
}

bw_status bw__h5_links(bw_ctx *ctx, bw_arena *arena, hid_t group, bw_h5_link **out, uint32_t *count)
{
    link_walk walk = {.ctx = ctx, .arena = arena};
    hid_t plist = H5Gget_create_plist(group);
    unsigned flags = 0;
    hsize_t at = 0;
    H5_index_t index;

    if (plist >= 0) {
        (void)H5Pget_link_creation_order(plist, &flags);
        (void)H5Pclose(plist);
    }
    index = (flags & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
    if (H5Literate2(group, index, H5_ITER_INC, &at, on_link, &walk) < 0) {
        if (walk.status == BW_OK) {
            return bw__h5_fail(ctx, "the group cannot be listed");
        }
        H5Eclear2(H5E_DEFAULT);
        return walk.status;
    }
    *out = walk.links;
    *count = walk.count;
    return BW_OK;
}

/* A link on the way that does not exist is "not found", anything else is damage. */
static bool path_exists(hid_t from, char *path)
{
    for (char *slash = strchr(path, '/');; slash = strchr(slash + 1, '/')) {
        htri_t there;

        if (slash != NULL) {
            *slash = '\0';
        }
        there = H5Lexists(from, path, H5P_DEFAULT);
        if (slash != NULL) {
            *slash = '/';
        }
        if (there == 0) {
            return false;
        }
        if (there < 0 || slash == NULL) {
            return true;
        }
    }
}

/* Where a soft or external link leads, for the message about one that leads nowhere. */
static bool link_target(bw_ctx *ctx, hid_t from, const char *path, char *out, size_t cap)
{
    H5L_info2_t info;
    const char *file, *object;
    char value[256];
    unsigned flags;

    (void)ctx;
    out[0] = '\0';
    if (H5Lget_info2(from, path, &info, H5P_DEFAULT) < 0 || info.type == H5L_TYPE_HARD ||
        H5Lget_val(from, path, value, sizeof value, H5P_DEFAULT) < 0) {
        return false;
    }
    value[sizeof value - 1] = '\0';
    if (info.type == H5L_TYPE_EXTERNAL) {
        if (H5Lunpack_elink_val(value, sizeof value, &flags, &file, &object) < 0) {
            return false;
        }
        (void)snprintf(out, cap, "%s:%s", file, object);
        return true;
    }
    (void)snprintf(out, cap, "%s", value);
    return info.type == H5L_TYPE_SOFT;
}

bw_status bw__h5_open_object(bw_ctx *ctx, hid_t from, bw_view path, hid_t *out)
{
    char text[1024], target[300];
    bw_status st;

    if (path.len >= sizeof text || memchr(path.ptr, '\0', path.len) != NULL) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no '%.100s'…", (const char *)path.ptr);
    }
    memcpy(text, path.ptr, path.len);
    text[path.len] = '\0';
    if (path.len > 0 && !path_exists(from, text) &&
        !(bw__h5_raw_name(text) && path_exists(from, text))) {
        H5Eclear2(H5E_DEFAULT);
        (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no such group or array");
        return bw_fail_at(ctx, (const char *)path.ptr, path.len);
    }
    *out = H5Oopen(from, path.len > 0 ? text : "/", H5P_DEFAULT);
    if (*out >= 0) {
        return BW_OK;
    }
    st = bw__h5_fail(ctx, "it cannot be opened");
    if (path.len > 0 && link_target(ctx, from, text, target, sizeof target)) {
        bw_error error = ctx->error;
        bool loop = strstr(error.message, "loop") != NULL;

        H5Eclear2(H5E_DEFAULT);
        st = bw_fail(ctx, BW_ERR_NOT_FOUND, "a link to '%s', which %s", target,
                     loop ? "is a loop" : "cannot be found");
    }
    return path.len == 0 ? st : bw_fail_at(ctx, (const char *)path.ptr, path.len);
}
