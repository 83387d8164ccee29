/* SPDX-License-Identifier: MIT */
/* HDF5's types as trees, for those who want to see all of one. */
#include <string.h>

#include "h5.h"

#define MAX_DEPTH 32u

static bw_status describe(bw_ctx *ctx, bw_arena *arena, hid_t type, uint32_t depth, bw_node **out);

static bw_status put_text(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key,
                          const char *text)
{
    bw_view shown;

    BW_TRY(bw__h5_name(ctx, arena, text == NULL ? "?" : text, &shown));
    return bw__h5_put(ctx, arena, map, key, bw_node_text(ctx, arena, shown));
}

static bw_status put_int(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, int64_t value)
{
    return bw__h5_put(ctx, arena, map, key, bw_node_int(ctx, arena, value));
}

static const char *order_name(hid_t type)
{
    switch (H5Tget_order(type)) {
    case H5T_ORDER_LE:
        return "le";
    case H5T_ORDER_BE:
        return "be";
    case H5T_ORDER_VAX:
        return "vax";
    default:
        return "mixed";
    }
}

static bw_status put_integer(bw_ctx *ctx, bw_arena *arena, hid_t type, bw_node *map)
{
    BW_TRY(put_text(ctx, arena, map, "order", order_name(type)));
    BW_TRY(bw__h5_put(ctx, arena, map, "signed",
                      bw_node_bool(ctx, arena, H5Tget_sign(type) == H5T_SGN_2)));
    BW_TRY(put_int(ctx, arena, map, "precision", (int64_t)H5Tget_precision(type)));
    return put_int(ctx, arena, map, "offset", H5Tget_offset(type));
}

static bw_status put_float(bw_ctx *ctx, bw_arena *arena, hid_t type, bw_node *map)
{
    size_t fields[5] = {0};
    bw_node *list = bw_node_list(ctx, arena);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    (void)H5Tget_fields(type, &fields[0], &fields[1], &fields[2], &fields[3], &fields[4]);
    for (size_t i = 0; i < 5; i++) {
        bw_node *field = bw_node_int(ctx, arena, (int64_t)fields[i]);
        if (field == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, field));
    }
    BW_TRY(put_text(ctx, arena, map, "order", order_name(type)));
    BW_TRY(put_int(ctx, arena, map, "precision", (int64_t)H5Tget_precision(type)));
    BW_TRY(bw__h5_put(ctx, arena, map, "fields", list));
    return put_int(ctx, arena, map, "ebias", (int64_t)H5Tget_ebias(type));
}

static bw_status put_string(bw_ctx *ctx, bw_arena *arena, hid_t type, bw_node *map)
{
    static const char *const pads[] = {"nullterm", "nullpad", "spacepad"};
    H5T_str_t pad = H5Tget_strpad(type);

    BW_TRY(put_text(ctx, arena, map, "cset",
                    H5Tget_cset(type) == H5T_CSET_UTF8 ? "utf-8" : "ascii"));
    return put_text(ctx, arena, map, "pad", (unsigned)pad < 3 ? pads[pad] : "?");
}

static bw_status put_base(bw_ctx *ctx, bw_arena *arena, hid_t type, uint32_t depth, bw_node *map)
{
    hid_t base = H5Tget_super(type);
    bw_node *tree = NULL;
    bw_status st;

    if (base < 0) {
        return bw__h5_fail(ctx, "a type cannot be read");
    }
    st = describe(ctx, arena, base, depth + 1, &tree);
    (void)H5Tclose(base);
    return st == BW_OK ? bw__h5_put(ctx, arena, map, "base", tree) : st;
}

static bw_status put_enum(bw_ctx *ctx, bw_arena *arena, hid_t type, uint32_t depth, bw_node *map)
{
    bw_node *members = bw_node_map(ctx, arena);
    int count = H5Tget_nmembers(type);
    bw_h5_type elements = {0};
    uint8_t stored[16] = {0};
    size_t size = H5Tget_size(type);
    bw_status st;

    BW_TRY(put_base(ctx, arena, type, depth, map));
    if (members == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__h5_type_begin(ctx, arena, type, &elements));
    st = BW_OK;
    for (int i = 0; i < count && size <= 8 && st == BW_OK; i++) {
        char *name = H5Tget_member_name(type, (unsigned)i);
        bw_h5_plan plan = *elements.plan;
        bw_node *value = NULL;

        plan.kind = plan.kind == BW_H5_BOOL ? BW_H5_INT : plan.kind;
        if (name == NULL || H5Tget_member_value(type, (unsigned)i, stored) < 0) {
            st = bw__h5_fail(ctx, "a member of an enum cannot be read");
        } else {
            bw_view shown = {0};
            if (plan.big_endian) {
                bw_swap_bytes(stored, 1, (uint32_t)plan.size);
            }
            st = bw__h5_value(ctx, arena, H5I_INVALID_HID, &plan, stored, &value);
            st = st != BW_OK ? st : bw__h5_name(ctx, arena, name, &shown);
            st = st != BW_OK ? st : bw_map_set(ctx, arena, members, shown, value);
        }
        (void)H5free_memory(name);
    }
    bw__h5_type_end(&elements);
    return st == BW_OK ? bw__h5_put(ctx, arena, map, "members", members) : st;
}

static bw_status put_member(bw_ctx *ctx, bw_arena *arena, hid_t type, unsigned at, uint32_t depth,
                            bw_node *list)
{
    bw_node *item = bw_node_map(ctx, arena), *tree = NULL;
    hid_t member = H5Tget_member_type(type, at);
    char *name = H5Tget_member_name(type, at);
    bw_status st;

    if (item == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    if (member < 0 || name == NULL) {
        st = bw__h5_fail(ctx, "a member cannot be read");
        goto done;
    }
    BW_GO(describe(ctx, arena, member, depth + 1, &tree));
    BW_GO(put_text(ctx, arena, item, "name", name));
    BW_GO(put_int(ctx, arena, item, "offset", (int64_t)H5Tget_member_offset(type, at)));
    BW_GO(bw__h5_put(ctx, arena, item, "type", tree));
    BW_GO(bw_list_push(ctx, arena, list, item));

done:
    (void)H5free_memory(name);
    if (member >= 0) {
        (void)H5Tclose(member);
    }
    return st;
}

static bw_status put_members(bw_ctx *ctx, bw_arena *arena, hid_t type, uint32_t depth, bw_node *map)
{
    bw_node *list = bw_node_list(ctx, arena);
    int count = H5Tget_nmembers(type);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (int i = 0; i < count; i++) {
        BW_TRY(put_member(ctx, arena, type, (unsigned)i, depth, list));
    }
    return bw__h5_put(ctx, arena, map, "members", list);
}

static bw_status put_dims(bw_ctx *ctx, bw_arena *arena, hid_t type, bw_node *map)
{
    bw_node *list = bw_node_list(ctx, arena);
    hsize_t dims[H5S_MAX_RANK];
    int rank = H5Tget_array_ndims(type);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    if (rank < 0 || H5Tget_array_dims2(type, dims) < 0) {
        return bw__h5_fail(ctx, "an array type cannot be read");
    }
    for (int i = 0; i < rank; i++) {
        bw_node *length = bw_node_int(ctx, arena, (int64_t)dims[i]);
        if (length == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, length));
    }
    return bw__h5_put(ctx, arena, map, "dims", list);
}

static bw_status put_tag(bw_ctx *ctx, bw_arena *arena, hid_t type, bw_node *map)
{
    char *tag = H5Tget_tag(type);
    bw_status st = put_text(ctx, arena, map, "tag", tag != NULL ? tag : "");

    (void)H5free_memory(tag);
    return st;
}

static bw_status put_details(bw_ctx *ctx, bw_arena *arena, hid_t type, uint32_t depth, bw_node *map)
{
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        return put_integer(ctx, arena, type, map);
    case H5T_FLOAT:
        return put_float(ctx, arena, type, map);
    case H5T_STRING:
        return put_string(ctx, arena, type, map);
    case H5T_ENUM:
        return put_enum(ctx, arena, type, depth, map);
    case H5T_COMPOUND:
        return put_members(ctx, arena, type, depth, map);
    case H5T_ARRAY:
        BW_TRY(put_dims(ctx, arena, type, map));
        return put_base(ctx, arena, type, depth, map);
    case H5T_VLEN:
        return put_base(ctx, arena, type, depth, map);
    case H5T_OPAQUE:
        return put_tag(ctx, arena, type, map);
    case H5T_REFERENCE:
        return bw__h5_put(ctx, arena, map, "region",
                          bw_node_bool(ctx, arena, H5Tequal(type, H5T_STD_REF_DSETREG) > 0));
    default:
        return put_text(ctx, arena, map, "order", order_name(type));
    }
}

static bw_status describe(bw_ctx *ctx, bw_arena *arena, hid_t type, uint32_t depth, bw_node **out)
{
    static const char *const names[] = {"integer",  "float",     "time", "string", "bitfield", "opaque",
                                        "compound", "reference", "enum", "vlen",   "array"};
    H5T_class_t class = H5Tget_class(type);
    bool vlen_text = class == H5T_STRING && H5Tis_variable_str(type) > 0;
    bw_node *map = bw_node_map(ctx, arena);

    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    if (depth > MAX_DEPTH) {
        return bw_fail_limit(ctx, "levels of a type", depth, MAX_DEPTH);
    }
    BW_TRY(put_text(ctx, arena, map, "class",
                    vlen_text ? "vlen-string"
                    : (unsigned)class < sizeof names / sizeof *names ? names[class] : "unknown"));
    if (!vlen_text && class != H5T_VLEN) { /* those have sizes of this machine */
        BW_TRY(put_int(ctx, arena, map, "size", (int64_t)H5Tget_size(type)));
    }
    BW_TRY(put_details(ctx, arena, type, depth, map));
    *out = map;
    return BW_OK;
}

bw_status bw__h5_type_describe(bw_ctx *ctx, bw_arena *arena, hid_t type, bw_node **out)
{
    return describe(ctx, arena, type, 0, out);
}
