/* SPDX-License-Identifier: MIT */
/* HDF5 types to plans and to the types of the elements in memory. */
#include "h5_type.h"

#include <stdio.h>
#include <string.h>

#include "h5.h"

#define MAX_DEPTH 32u

static bw_status build(bw_ctx *ctx, bw_arena *arena, hid_t file, uint32_t depth, bw_h5_plan *plan,
                       hid_t *memory);

static bw_status check_id(bw_ctx *ctx, hid_t id)
{
    return id >= 0 ? BW_OK : bw__h5_fail(ctx, "a type cannot be used");
}

static bool power_of_two(size_t size)
{
    return size == 1 || size == 2 || size == 4 || size == 8;
}

/* Numbers ----------------------------------------------------------------------------------- */

static hid_t integer_memory(size_t size, bool is_signed)
{
    switch (size) {
    case 1:
        return is_signed ? H5T_STD_I8LE : H5T_STD_U8LE;
    case 2:
        return is_signed ? H5T_STD_I16LE : H5T_STD_U16LE;
    case 4:
        return is_signed ? H5T_STD_I32LE : H5T_STD_U32LE;
    default:
        return is_signed ? H5T_STD_I64LE : H5T_STD_U64LE;
    }
}

/* What nobody has a number for is kept as bytes. */
static bw_status build_bytes(bw_ctx *ctx, hid_t file, bw_h5_plan *plan, hid_t *memory)
{
    plan->kind = BW_H5_OPAQUE;
    plan->size = H5Tget_size(file);
    plan->direct = true;
    *memory = H5Tcopy(file);
    return check_id(ctx, *memory);
}

static bw_status build_integer(bw_ctx *ctx, hid_t file, bw_h5_plan *plan, hid_t *memory)
{
    size_t size = H5Tget_size(file), wide = 1;
    bool is_signed = H5Tget_sign(file) == H5T_SGN_2;

    if (size > 8) {
        return build_bytes(ctx, file, plan, memory);
    }
    while (wide < size) {
        wide *= 2;
    }
    plan->kind = is_signed ? BW_H5_INT : BW_H5_UINT;
    plan->size = wide;
    plan->big_endian = size > 1 && H5Tget_order(file) == H5T_ORDER_BE;
    plan->direct = wide == size && H5Tget_precision(file) == size * 8 && H5Tget_offset(file) == 0;
    *memory = H5Tcopy(integer_memory(wide, is_signed));
    return check_id(ctx, *memory);
}

/* The three formats that NumPy has; others are read as binary64. */
bool bw__h5_is_ieee(hid_t file, size_t size)
{
    static const size_t fields[][5] = {{15, 10, 5, 0, 10}, {31, 23, 8, 0, 23}, {63, 52, 11, 0, 52}};
    const size_t *f = size == 2 ? fields[0] : size == 4 ? fields[1] : fields[2];
    size_t spos, epos, esize, mpos, msize;
    H5T_order_t order = H5Tget_order(file);

    return power_of_two(size) && size > 1 && (order == H5T_ORDER_LE || order == H5T_ORDER_BE) &&
           H5Tget_fields(file, &spos, &epos, &esize, &mpos, &msize) >= 0 && spos == f[0] &&
           epos == f[1] && esize == f[2] && mpos == f[3] && msize == f[4] &&
           H5Tget_norm(file) == H5T_NORM_IMPLIED && H5Tget_precision(file) == size * 8 &&
           H5Tget_offset(file) == 0 && H5Tget_ebias(file) == (1u << (f[2] - 1)) - 1;
}

static bw_status build_float(bw_ctx *ctx, hid_t file, bw_h5_plan *plan, hid_t *memory)
{
    size_t size = H5Tget_size(file);

    plan->kind = BW_H5_FLOAT;
    plan->direct = bw__h5_is_ieee(file, size);
    plan->size = plan->direct ? size : 8;
    plan->big_endian = plan->direct && H5Tget_order(file) == H5T_ORDER_BE;
    *memory = H5Tcopy(plan->size == 4 ? H5T_IEEE_F32LE
                      : plan->size == 2 ? H5T_IEEE_F16LE
                                        : H5T_IEEE_F64LE);
    return check_id(ctx, *memory);
}

static bw_status build_bits(bw_ctx *ctx, hid_t file, bw_h5_plan *plan, hid_t *memory)
{
    size_t size = H5Tget_size(file);

    if (!power_of_two(size)) {
        return build_bytes(ctx, file, plan, memory);
    }
    plan->kind = BW_H5_UINT;
    plan->size = size;
    plan->big_endian = size > 1 && H5Tget_order(file) == H5T_ORDER_BE;
    plan->direct = true;
    *memory = H5Tcopy(file);
    BW_TRY(check_id(ctx, *memory));
    return H5Tset_order(*memory, H5T_ORDER_LE) >= 0 ? BW_OK
                                                    : bw__h5_fail(ctx, "a type cannot be used");
}

static bool member_is(hid_t file, unsigned at, const char *name, int value)
{
    char *found = H5Tget_member_name(file, at);
    int8_t stored = -1;
    bool same = found != NULL && strcmp(found, name) == 0 &&
                H5Tget_member_value(file, at, &stored) >= 0 && stored == value;

    (void)H5free_memory(found);
    return same;
}

static bw_status build_enum(bw_ctx *ctx, hid_t file, bw_h5_plan *plan, hid_t *memory)
{
    hid_t base = H5Tget_super(file);
    bw_status st;

    BW_TRY(check_id(ctx, base));
    st = build_integer(ctx, base, plan, memory);
    (void)H5Tclose(base);
    if (st == BW_OK && plan->size == 1 && H5Tget_nmembers(file) == 2 &&
        ((member_is(file, 0, "FALSE", 0) && member_is(file, 1, "TRUE", 1)) ||
         (member_is(file, 1, "FALSE", 0) && member_is(file, 0, "TRUE", 1)))) {
        plan->kind = BW_H5_BOOL;
    }
    return st;
}

/* Text and bytes ---------------------------------------------------------------------------- */

static bw_status build_text(bw_ctx *ctx, hid_t file, bw_h5_plan *plan, hid_t *memory)
{
    if (H5Tis_variable_str(file) > 0) {
        plan->kind = BW_H5_VTEXT;
        plan->size = sizeof(char *);
        *memory = H5Tcopy(file);
        return check_id(ctx, *memory);
    }
    plan->kind = BW_H5_TEXT;
    plan->size = H5Tget_size(file);
    plan->direct = H5Tget_strpad(file) == H5T_STR_NULLPAD;
    *memory = H5Tcopy(file);
    BW_TRY(check_id(ctx, *memory));
    return H5Tset_strpad(*memory, H5T_STR_NULLPAD) >= 0 ? BW_OK
                                                        : bw__h5_fail(ctx, "a type cannot be used");
}

/* NumPy's times have a tag, "NUMPY:<M8[ns]". */
static bw_status build_opaque(bw_ctx *ctx, hid_t file, bw_h5_plan *plan, hid_t *memory)
{
    char *tag = H5Tget_tag(file);
    size_t len = tag == NULL ? 0 : strlen(tag);

    if (len > 9 && len < 9 + sizeof plan->unit && memcmp(tag, "NUMPY:<", 7) == 0 &&
        (tag[7] == 'M' || tag[7] == 'm') && tag[8] == '8' && H5Tget_size(file) == 8) {
        plan->time_kind = tag[7];
        memcpy(plan->unit, tag + 9, len - 9);
    }
    (void)H5free_memory(tag);
    return build_bytes(ctx, file, plan, memory);
}

static bw_status build_reference(bw_ctx *ctx, hid_t file, bw_h5_plan *plan, hid_t *memory)
{
    if (H5Tequal(file, H5T_STD_REF_OBJ) > 0) {
        plan->kind = BW_H5_REFERENCE;
        *memory = H5Tcopy(H5T_STD_REF_OBJ);
    } else if (H5Tequal(file, H5T_STD_REF_DSETREG) > 0) {
        plan->kind = BW_H5_REGION;
        *memory = H5Tcopy(H5T_STD_REF_DSETREG);
    } else {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "references of HDF5 1.12's kind (H5T_STD_REF)");
    }
    plan->size = H5Tget_size(*memory);
    return check_id(ctx, *memory);
}

/* Of other types ---------------------------------------------------------------------------- */

static bw_status build_list(bw_ctx *ctx, bw_arena *arena, hid_t file, uint32_t depth, bool vlen,
                            bw_h5_plan *plan, hid_t *memory)
{
    hid_t base = H5Tget_super(file), inner = H5I_INVALID_HID;
    uint64_t count = 1;
    bw_status st = check_id(ctx, base);
    int rank = vlen ? 0 : H5Tget_array_ndims(file);

    plan->kind = vlen ? BW_H5_VLIST : BW_H5_LIST;
    plan->children = bw_arena_alloc_zeroed(ctx, arena, sizeof *plan->children);
    if (st != BW_OK || plan->children == NULL) {
        st = st != BW_OK ? st : BW_ERR_NOMEM;
        goto done;
    }
    BW_GO(build(ctx, arena, base, depth + 1, plan->children, &inner));
    if (rank < 0 || rank > (int)BW_MAX_RANK ||
        (rank > 0 && H5Tget_array_dims2(file, plan->dims) < 0)) {
        st = bw__h5_fail(ctx, "an array type cannot be used");
        goto done;
    }
    for (int d = 0; d < rank; d++) {
        count *= plan->dims[d];
        if (count * plan->children->size > UINT32_MAX) {
            st = bw_fail_limit(ctx, "bytes of an element", count * plan->children->size, UINT32_MAX);
            goto done;
        }
    }
    plan->rank = (uint32_t)rank;
    plan->count = (uint32_t)count;
    plan->size = vlen ? sizeof(hvl_t) : (size_t)count * plan->children->size;
    plan->direct = !vlen && plan->children->direct;
    plan->big_endian = plan->children->big_endian;
    *memory = vlen ? H5Tvlen_create(inner)
                   : H5Tarray_create2(inner, (unsigned)rank, plan->dims);
    st = check_id(ctx, *memory);

done:
    (void)H5Tclose(base);
    if (inner >= 0) {
        (void)H5Tclose(inner);
    }
    return st;
}

static bw_status build_member(bw_ctx *ctx, bw_arena *arena, hid_t file, unsigned at,
                              uint32_t depth, bw_h5_plan *plan, hid_t *memory)
{
    char *name = H5Tget_member_name(file, at), *copy;
    hid_t type = H5Tget_member_type(file, at);
    bw_status st = name != NULL ? check_id(ctx, type) : bw__h5_fail(ctx, "a member has no name");

    if (st == BW_OK) {
        copy = bw_arena_copy(ctx, arena, name, strlen(name));
        st = copy == NULL ? BW_ERR_NOMEM : build(ctx, arena, type, depth + 1, plan, memory);
        plan->raw = copy;
        st = st == BW_OK ? bw__h5_name(ctx, arena, copy, &plan->name) : st;
    }
    (void)H5free_memory(name);
    if (type >= 0) {
        (void)H5Tclose(type);
    }
    return st;
}

static bool is_complex(const bw_h5_plan *plan)
{
    const bw_h5_plan *m = plan->children;

    return plan->count == 2 && m[0].kind == BW_H5_FLOAT && m[1].kind == BW_H5_FLOAT &&
           m[0].size == m[1].size && m[0].size >= 4 && m[0].big_endian == m[1].big_endian &&
           bw_view_equal(m[0].name, BW_VIEW("r")) && bw_view_equal(m[1].name, BW_VIEW("i"));
}

static bw_status build_compound(bw_ctx *ctx, bw_arena *arena, hid_t file, uint32_t depth,
                                bw_h5_plan *plan, hid_t *memory)
{
    int count = H5Tget_nmembers(file);
    hid_t members[1] = {H5I_INVALID_HID}, *types = members;
    bool direct = true;
    bw_status st = BW_OK;

    if (count < 1) {
        return bw__h5_fail(ctx, "a compound type has no members");
    }
    plan->kind = BW_H5_COMPOUND;
    plan->count = (uint32_t)count;
    plan->children = bw_arena_alloc_zeroed(ctx, arena, (size_t)count * sizeof *plan->children);
    types = bw_arena_alloc(ctx, arena, (size_t)count * sizeof *types);
    if (plan->children == NULL || types == NULL) {
        return BW_ERR_NOMEM;
    }
    for (int i = 0; i < count; i++) {
        types[i] = H5I_INVALID_HID;
    }
    for (unsigned i = 0; i < plan->count; i++) {
        bw_h5_plan *member = &plan->children[i];

        BW_GO(build_member(ctx, arena, file, i, depth, member, &types[i]));
        member->offset = plan->size;
        direct &= member->direct && H5Tget_member_offset(file, i) == member->offset &&
                  member->big_endian == plan->children[0].big_endian;
        plan->size += member->size;
    }
    *memory = H5Tcreate(H5T_COMPOUND, plan->size);
    BW_GO(check_id(ctx, *memory));
    for (unsigned i = 0; i < plan->count; i++) {
        const bw_h5_plan *member = &plan->children[i];
        if (H5Tinsert(*memory, member->raw, member->offset, types[i]) < 0) {
            st = bw__h5_fail(ctx, "a compound type cannot be used");
            goto done;
        }
    }
    direct &= plan->size == H5Tget_size(file);
    if (is_complex(plan)) {
        plan->kind = BW_H5_COMPLEX;
        plan->big_endian = plan->children[0].big_endian;
        plan->direct = direct;
    } else {
        plan->direct = direct && !plan->children[0].big_endian;
    }

done:
    for (int i = 0; i < count; i++) {
        if (types[i] >= 0) {
            (void)H5Tclose(types[i]);
        }
    }
    return st;
}

static bw_status build(bw_ctx *ctx, bw_arena *arena, hid_t file, uint32_t depth, bw_h5_plan *plan,
                       hid_t *memory)
{
    H5T_class_t class = H5Tget_class(file);

    *memory = H5I_INVALID_HID;
    if (depth > MAX_DEPTH) {
        return bw_fail_limit(ctx, "levels of a type", depth, MAX_DEPTH);
    }
    switch (class) {
    case H5T_INTEGER:
        return build_integer(ctx, file, plan, memory);
    case H5T_FLOAT:
        return build_float(ctx, file, plan, memory);
    case H5T_TIME:
    case H5T_BITFIELD:
        return build_bits(ctx, file, plan, memory);
    case H5T_ENUM:
        return build_enum(ctx, file, plan, memory);
    case H5T_STRING:
        return build_text(ctx, file, plan, memory);
    case H5T_OPAQUE:
        return build_opaque(ctx, file, plan, memory);
    case H5T_REFERENCE:
        return build_reference(ctx, file, plan, memory);
    case H5T_ARRAY:
    case H5T_VLEN:
        return build_list(ctx, arena, file, depth, class == H5T_VLEN, plan, memory);
    case H5T_COMPOUND:
        return build_compound(ctx, arena, file, depth, plan, memory);
    default:
        return class == H5T_NO_CLASS ? bw__h5_fail(ctx, "a type cannot be read")
                                     : bw_fail(ctx, BW_ERR_UNSUPPORTED, "type class %d", (int)class);
    }
}

/* The whole --------------------------------------------------------------------------------- */

static bool all_fixed(const bw_h5_plan *plan)
{
    if (plan->kind == BW_H5_VTEXT || plan->kind == BW_H5_VLIST ||
        plan->kind == BW_H5_REFERENCE || plan->kind == BW_H5_REGION) {
        return false;
    }
    if (plan->kind == BW_H5_LIST) {
        return all_fixed(plan->children);
    }
    for (uint32_t i = 0; plan->kind == BW_H5_COMPOUND && i < plan->count; i++) {
        if (!all_fixed(&plan->children[i])) {
            return false;
        }
    }
    return true;
}

static char kind_letter(const bw_h5_plan *plan)
{
    static const char letters[] = {
        [BW_H5_INT] = 'i',  [BW_H5_UINT] = 'u',    [BW_H5_FLOAT] = 'f', [BW_H5_BOOL] = 'b',
        [BW_H5_TEXT] = 'S', [BW_H5_COMPLEX] = 'c',
    };

    if (plan->kind == BW_H5_OPAQUE && plan->time_kind != '\0') {
        return plan->time_kind;
    }
    return plan->kind < sizeof letters && letters[plan->kind] != '\0' ? letters[plan->kind] : 'V';
}

bw_status bw__h5_type_begin(bw_ctx *ctx, bw_arena *arena, hid_t file_type, bw_h5_type *out)
{
    bw_h5_plan *plan = bw_arena_alloc_zeroed(ctx, arena, sizeof *plan);
    hid_t memory = H5I_INVALID_HID;
    bw_status st;

    if (plan == NULL) {
        return BW_ERR_NOMEM;
    }
    st = build(ctx, arena, file_type, 0, plan, &memory);
    if (st != BW_OK) {
        if (memory >= 0) {
            (void)H5Tclose(memory);
        }
        return st;
    }
    *out = (bw_h5_type){.memory = memory, .direct = plan->direct, .fixed = all_fixed(plan)};
    while (plan->kind == BW_H5_LIST && out->rank + plan->rank <= BW_MAX_RANK) {
        for (uint32_t d = 0; d < plan->rank; d++) {
            out->dims[out->rank++] = plan->dims[d];
        }
        plan = plan->children;
    }
    out->plan = plan;
    out->dtype = (bw_dtype){.kind = kind_letter(plan), .itemsize = (uint32_t)plan->size,
                            .big_endian = plan->direct && plan->big_endian};
    memcpy(out->dtype.unit, plan->unit, sizeof plan->unit);
    out->plain = out->dtype.kind != 'V' || plan->kind == BW_H5_OPAQUE;
    return BW_OK;
}

void bw__h5_type_end(bw_h5_type *type)
{
    if (type->memory > 0) {
        (void)H5Tclose(type->memory);
        type->memory = 0;
    }
}

const char *bw__h5_type_name(const bw_h5_type *type, char text[32])
{
    if (type->plain) {
        bw_dtype_format(type->dtype, text);
        if (text[0] == '<' && type->plan->big_endian) {
            text[0] = '>';
        }
        return text;
    }
    switch (type->plan->kind) {
    case BW_H5_VTEXT:
        return "str";
    case BW_H5_VLIST:
        return "vlen";
    case BW_H5_COMPOUND:
        return "compound";
    case BW_H5_LIST:
        return "array";
    default:
        return "reference";
    }
}
