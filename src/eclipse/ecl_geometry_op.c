/* SPDX-License-Identifier: MIT */
/*
 * ecl.geometry: `{}` → `{dims, coord, zcorn, active, actnum, mapaxes, mapunits, gridunit, nnc1, nnc2}`: what
 * corner-point geometry is made of, from EGRID, GRID or GRDECL. What the file does not have is null;
 * `active` is a byte a cell by g; numbers of cells in nnc1 and nnc2, which are of the main grid, begin with 1.
 * Pillars of a radial grid, which the file has by radius and angle, are x and y here. A GRDECL's other keywords are in
 * `arrays`.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ecl_store.h"

typedef bw__ecl_geometry_machine geometry_machine;

static bw_status fail_in(bw_ctx *ctx, const geometry_machine *m)
{
    return bw_fail_at(ctx, (const char *)m->file->name.ptr, m->file->name.len);
}

/* GRDECL ------------------------------------------------------------------------------------ */

static bw_status want_text(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file);

/* "./include/grid.inc" and "INCLUDE\GRID.INC" are one path. */
static bool same_path(bw_view a, bw_view b)
{
    size_t i = a.len > 2 && a.ptr[0] == '.' && (a.ptr[1] == '/' || a.ptr[1] == '\\') ? 2 : 0;
    size_t j = b.len > 2 && b.ptr[0] == '.' && (b.ptr[1] == '/' || b.ptr[1] == '\\') ? 2 : 0;

    if (a.len - i != b.len - j) {
        return false;
    }
    for (; i < a.len; i++, j++) {
        uint8_t x = a.ptr[i] == '\\' ? '/' : a.ptr[i], y = b.ptr[j] == '\\' ? '/' : b.ptr[j];
        bool letters = (x | 0x20) >= 'a' && (x | 0x20) <= 'z' && (x | 0x20) == (y | 0x20);
        if (x != y && !letters) {
            return false;
        }
    }
    return true;
}

static bw_status want_includes(bw_ctx *ctx, bw_op *op, geometry_machine *m)
{
    const bw_ecl_store *store = bw__ecl_store(op);

    while (m->asked < m->includes->children.len) {
        bw_view path = m->includes->children.items[m->asked++]->text;
        const bw__ecl_file *found = NULL;
        if (m->asked > 1000) {
            return bw_fail_limit(ctx, "included files", m->asked, 1000);
        }
        for (uint32_t n = 0; n < store->file_count && found == NULL; n++) {
            found = same_path(store->files[n].name, path) ? &store->files[n] : NULL;
        }
        if (found == NULL && m->missing != NULL) {
            BW_TRY(bw_list_push(ctx, &op->arena, m->missing, m->includes->children.items[m->asked - 1]));
            continue;
        }
        if (found == NULL) {
            (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "INCLUDE '%.*s': there is no such file beside it",
                          (int)path.len, (const char *)path.ptr);
            return fail_in(ctx, m);
        }
        BW_TRY(want_text(ctx, op, found));
    }
    return BW_OK;
}

static bw_status on_text(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    geometry_machine *m = target;

    (void)cookie;
    if (bw_grdecl_read(ctx, &op->arena, bytes, m->keywords, m->includes, m->edits) != BW_OK) {
        return fail_in(ctx, m);
    }
    return want_includes(ctx, op, m);
}

static bw_status want_text(bw_ctx *ctx, bw_op *op, const bw__ecl_file *file)
{
    uint64_t limit = ctx->limits.max_array_bytes;

    if (file->size > limit) {
        (void)bw_fail_limit(ctx, "bytes of text", file->size, limit);
        return bw_fail_at(ctx, (const char *)file->name.ptr, file->name.len);
    }
    if (file->size == 0) {
        return BW_OK; /* nothing to read */
    }
    return bw__ecl_want_bytes(ctx, op, file, 0, file->size, on_text, op->machine, 0);
}

static bw_status take_grdecl(bw_ctx *ctx, bw_op *op, geometry_machine *m)
{
    if (bw_grdecl_finish(ctx, &op->arena, m->keywords, m->edits) != BW_OK) {
        return fail_in(ctx, m);
    }
    m->dimens = bw_map_get_text(m->keywords, "SPECGRID");
    if (m->dimens == NULL) {
        m->dimens = bw_map_get_text(m->keywords, "DIMENS");
    }
    m->coord = bw_map_get_text(m->keywords, "COORD");
    m->zcorn = bw_map_get_text(m->keywords, "ZCORN");
    m->actnum = bw_map_get_text(m->keywords, "ACTNUM");
    m->mapaxes = bw_map_get_text(m->keywords, "MAPAXES");
    m->mapunits = bw_map_get_text(m->keywords, "MAPUNITS");
    m->gridunit = bw_map_get_text(m->keywords, "GRIDUNIT");
    if (m->dimens == NULL || m->dimens->type != BW_NODE_ARRAY || m->dimens->array->shape[0] < 3) {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "neither SPECGRID nor DIMENS says how large the grid is");
        return fail_in(ctx, m);
    }
    return BW_OK;
}

/* EGRID and GRID ---------------------------------------------------------------------------- */

/* Connections that are listed follow an NNCHEAD, of which each grid may have one. */
static bw_status want_listed(bw_ctx *ctx, bw_op *op, geometry_machine *m)
{
    const struct {
        const char *name;
        const bw_node **to;
    } wanted[] = {{"NNCHEAD", &m->nnchead}, {"NNC1", &m->nnc1}, {"NNC2", &m->nnc2}};
    const bw_ecl_index *index = &m->file->index;
    const bw_ecl_keyword *head = bw__ecl_find(index, 0, index->count, "NNCHEAD"), *next;
    uint32_t from = head == NULL ? 0 : (uint32_t)(head - index->keywords), end;

    next = head == NULL ? NULL : bw__ecl_find(index, from + 1, index->count, "NNCHEAD");
    end = next == NULL ? index->count : (uint32_t)(next - index->keywords);
    for (size_t n = 0; n < sizeof wanted / sizeof wanted[0]; n++) {
        const bw_ecl_keyword *keyword = bw__ecl_find(index, from, end, wanted[n].name);
        if (keyword != NULL) {
            BW_TRY(bw__ecl_want(ctx, op, m->file, keyword, bw__ecl_keep_node, (void *)wanted[n].to, 0));
        }
    }
    return BW_OK;
}

static bw_status want_keywords(bw_ctx *ctx, bw_op *op, geometry_machine *m)
{
    const struct {
        const char *name;
        const bw_node **to;
    } wanted[] = {
        {"GRIDHEAD", &m->gridhead}, {"DIMENS", &m->dimens},     {"COORD", &m->coord},
        {"ZCORN", &m->zcorn},       {"ACTNUM", &m->actnum},     {"MAPAXES", &m->mapaxes},
        {"MAPUNITS", &m->mapunits}, {"GRIDUNIT", &m->gridunit}, {"FILEHEAD", &m->filehead},
    };
    const bw_ecl_index *index = &m->file->index;

    if (index->problem.status != BW_OK) {
        return bw__ecl_fail_problem(ctx, m->file, &index->problem);
    }
    for (size_t n = 0; n < sizeof wanted / sizeof wanted[0]; n++) {
        const bw_ecl_keyword *keyword = bw__ecl_find(index, 0, index->count, wanted[n].name);
        if (keyword != NULL) {
            BW_TRY(bw__ecl_want(ctx, op, m->file, keyword, bw__ecl_keep_node, (void *)wanted[n].to, 0));
        }
    }
    BW_TRY(want_listed(ctx, op, m));
    if (bw__ecl_find(index, 0, index->count, "GRIDHEAD") == NULL &&
        bw__ecl_find(index, 0, index->count, "DIMENS") == NULL) {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "GRIDHEAD is missing");
        return fail_in(ctx, m);
    }
    return BW_OK;
}

static bw_status on_cell(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                         const bw_ecl_keyword *keyword, bw_node *value)
{
    const geometry_machine *m = target;

    (void)op;
    (void)cookie;
    return bw__ecl_old_grid_take(ctx, m->old, keyword->name, value) == BW_OK ? BW_OK
                                                                             : fail_in(ctx, m);
}

static bw_status want_old_cells(bw_ctx *ctx, bw_op *op, geometry_machine *m)
{
    static const char *const names[] = {"COORDS", "CORNERS", NULL};

    const bw_ecl_index *index = &m->file->index;
    uint32_t end = 0;

    while (end < index->count && strcmp(index->keywords[end].name, "LGR") != 0) {
        end++; /* cells of local grids come behind all of the main one */
    }
    BW_TRY(bw__ecl_old_grid_new(ctx, op, m->dimens, &m->old));
    return bw__ecl_want_run(ctx, op, m->file, 0, end, names, on_cell, m);
}

/* The result -------------------------------------------------------------------------------- */

static bw_status check_count(bw_ctx *ctx, const geometry_machine *m, const char *name,
                             const bw_node *array, double wanted)
{
    double count = array == NULL || array->type != BW_NODE_ARRAY ? -1
                                                                : (double)array->array->shape[0];

    if (count == wanted) {
        return BW_OK;
    }
    if (count < 0) {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "%s is missing", name);
    } else {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "%s has %.0f values, the grid needs %.0f", name, count,
                      wanted);
    }
    return fail_in(ctx, m);
}

static uint64_t count_of(const bw_node *array)
{
    return array == NULL || array->type != BW_NODE_ARRAY ? 0 : array->array->shape[0];
}

/* Pairs of cells of the main grid (item 1 of NNCHEAD says whose they are); those of fractures follow the matrix's. */
static bw_status check_listed(bw_ctx *ctx, geometry_machine *m, double cells)
{
    double most = bw__ecl_int(m->filehead, 5, 0) == 0 ? cells : 2 * cells;
    uint64_t count = count_of(m->nnc1);

    if (bw__ecl_int(m->nnchead, 1, 0) != 0) {
        m->nnc1 = m->nnc2 = NULL;
        return BW_OK;
    }
    if (count != count_of(m->nnc2)) {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "NNC1 has %" PRIu64 " cells, NNC2 %" PRIu64, count, count_of(m->nnc2));
        return fail_in(ctx, m);
    }
    for (uint64_t n = 0; n < 2 * count; n++) {
        int32_t cell = bw__ecl_int(n < count ? m->nnc1 : m->nnc2, n % count, 0);
        if (cell < 1 || cell > most) {
            (void)bw_fail(ctx, BW_ERR_CORRUPT, "%s lists cell %" PRId32 ", the grid has %.0f cells",
                          n < count ? "NNC1" : "NNC2", cell, most);
            return fail_in(ctx, m);
        }
    }
    return BW_OK;
}

static double extent(const geometry_machine *m, unsigned d)
{
    if (m->gridhead != NULL) {
        return bw__ecl_int(m->gridhead, 1 + d, 0);
    }
    return m->dimens == NULL ? 0 : m->dimens->array->dtype.kind == 'i'
                                       ? bw__ecl_int(m->dimens, d, 0)
                                       : bw__ecl_number(m->dimens, d, 0);
}

static bw_status put_active(bw_ctx *ctx, bw_op *op, const uint64_t size[3])
{
    const bw_node *actnum = bw_map_get_text(op->result, "actnum");
    uint64_t cells = size[0] * size[1] * size[2];
    bw_array *active;
    bw_dtype u1;

    BW_TRY(bw_dtype_parse(ctx, BW_VIEW("|u1"), &u1));
    BW_TRY(bw_array_new(ctx, &op->arena, u1, 1, &cells, &active));
    bw__ecl_fill_active(bw__ecl_store(op), size, actnum == NULL || actnum->type != BW_NODE_ARRAY ? NULL : actnum,
                        active->data);
    return bw__ecl_put(ctx, op, op->result, "active", bw_node_array(ctx, &op->arena, active));
}

/* Radius and angle in degrees to x and y, of both ends of each pillar. */
static bw_status unroll(bw_ctx *ctx, bw_op *op, geometry_machine *m)
{
    const bw_array *from = m->coord->array;
    bw_array *to;
    bw_dtype f8;
    double *out;

    BW_TRY(bw_dtype_parse(ctx, BW_VIEW("<f8"), &f8));
    BW_TRY(bw_array_new(ctx, &op->arena, f8, 1, &from->shape[0], &to));
    out = (double *)(void *)to->data;
    for (uint64_t n = 0; n < from->shape[0]; n += 3) {
        double radius = bw__ecl_number(m->coord, n, 0), angle = bw__ecl_number(m->coord, n + 1, 0);
        out[n] = radius * cos(angle * (3.14159265358979323846 / 180));
        out[n + 1] = radius * sin(angle * (3.14159265358979323846 / 180));
        out[n + 2] = bw__ecl_number(m->coord, n + 2, 0);
    }
    m->coord = bw_node_array(ctx, &op->arena, to);
    return m->coord == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* GRIDHEAD 26 or the last item of SPECGRID: radii and angles. */
static bool is_radial(const geometry_machine *m)
{
    return bw__ecl_int(m->gridhead, 26, 0) == 1 ||
           (m->keywords != NULL && bw_map_get_text(m->keywords, "RADIAL") != NULL);
}

static bw_status put_result(bw_ctx *ctx, bw_op *op, geometry_machine *m)
{
    double n[3] = {extent(m, 0), extent(m, 1), extent(m, 2)};
    uint64_t size[3];

    op->result = bw_node_map(ctx, &op->arena);
    if (op->result == NULL) {
        return BW_ERR_NOMEM;
    }
    if (!(n[0] >= 1 && n[1] >= 1 && n[2] >= 1)) {
        (void)bw_fail(ctx, BW_ERR_CORRUPT, "GRIDHEAD counts %.0f x %.0f x %.0f cells", n[0], n[1], n[2]);
        return fail_in(ctx, m);
    }
    if (m->old == NULL && m->coord == NULL && bw__ecl_int(m->gridhead, 0, 1) != 1) {
        (void)bw_fail(ctx, BW_ERR_UNSUPPORTED, "GRIDHEAD: the grid is of type %" PRId32 ", of corner points it would "
                      "be of type 1", bw__ecl_int(m->gridhead, 0, 1));
        return fail_in(ctx, m);
    }
    BW_TRY(check_listed(ctx, m, n[0] * n[1] * n[2]));
    for (unsigned d = 0; d < 3; d++) {
        size[d] = (uint64_t)n[d];
    }
    BW_TRY(bw__ecl_put(ctx, op, op->result, "dims", bw__ecl_extents(ctx, op, size)));
    if (m->old != NULL) {
        BW_TRY(bw__ecl_old_grid_finish(ctx, op, m->old, op->result));
    } else {
        BW_TRY(check_count(ctx, m, "COORD", m->coord, 6 * (n[0] + 1) * (n[1] + 1)));
        BW_TRY(check_count(ctx, m, "ZCORN", m->zcorn, 8 * n[0] * n[1] * n[2]));
        if (m->coord->array->dtype.kind != 'f' || m->zcorn->array->dtype.kind != 'f') {
            (void)bw_fail(ctx, BW_ERR_CORRUPT, "%s has whole numbers, where coordinates have fractions",
                          m->coord->array->dtype.kind != 'f' ? "COORD" : "ZCORN");
            return fail_in(ctx, m);
        }
        if (m->actnum != NULL) {
            BW_TRY(check_count(ctx, m, "ACTNUM", m->actnum, n[0] * n[1] * n[2]));
        }
        if (is_radial(m)) {
            BW_TRY(unroll(ctx, op, m));
        }
        BW_TRY(bw__ecl_put_or_null(ctx, op, "coord", m->coord));
        BW_TRY(bw__ecl_put_or_null(ctx, op, "zcorn", m->zcorn));
        BW_TRY(bw__ecl_put_or_null(ctx, op, "actnum", m->actnum));
    }
    BW_TRY(put_active(ctx, op, size));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "mapaxes", m->mapaxes));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "mapunits", m->mapunits));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "gridunit", m->gridunit));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "nnc1", m->nnc1));
    BW_TRY(bw__ecl_put_or_null(ctx, op, "nnc2", m->nnc2));
    return bw__ecl_put_or_null(ctx, op, "arrays", m->keywords);
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    bw_ecl_store *store = bw__ecl_store(op);
    geometry_machine *m = op->machine;

    m->file = store == NULL ? NULL : bw__ecl_file_of(store, BW__ECL_GRID);
    if (m->file != NULL) {
        return bw__ecl_scan_file(ctx, op, m->file);
    }
    m->file = store == NULL ? NULL : bw__ecl_file_of(store, BW__ECL_GRDECL);
    if (m->file == NULL) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no grid (EGRID, GRID or GRDECL) in this run");
    }
    m->keywords = bw_node_map(ctx, &op->arena);
    m->includes = bw_node_list(ctx, &op->arena);
    m->edits = bw_node_list(ctx, &op->arena);
    if (m->keywords == NULL || m->includes == NULL || m->edits == NULL) {
        return BW_ERR_NOMEM;
    }
    return want_text(ctx, op, m->file);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    geometry_machine *m = op->machine;

    if (m->keywords != NULL) {
        BW_TRY(take_grdecl(ctx, op, m));
        return put_result(ctx, op, m);
    }
    if (m->phase == BEGINNING) {
        m->phase = READING;
        return want_keywords(ctx, op, m);
    }
    if (m->phase == READING && m->gridhead == NULL && m->dimens != NULL) {
        m->phase = CELLS;
        return want_old_cells(ctx, op, m);
    }
    return put_result(ctx, op, m);
}

const bw_op_type bw__ecl_geometry_op = {"ecl.geometry", sizeof(geometry_machine), begin, finish, NULL};

/* ecl.includes: `{}` → the paths of a GRDECL's INCLUDE that none of the files has ------------------- */

static bw_status includes_begin(bw_ctx *ctx, bw_op *op)
{
    geometry_machine *m = op->machine;

    m->missing = bw_node_list(ctx, &op->arena);
    return m->missing == NULL ? BW_ERR_NOMEM : begin(ctx, op);
}

static bw_status includes_finish(bw_ctx *ctx, bw_op *op)
{
    (void)ctx;
    op->result = ((geometry_machine *)op->machine)->missing;
    return BW_OK;
}

const bw_op_type bw__ecl_includes_op = {"ecl.includes", sizeof(geometry_machine), includes_begin,
                                        includes_finish, NULL};
