/* SPDX-License-Identifier: MIT */
/*
 * The saturation that a restart does not have: what the others leave. Of oil it is seldom written;
 * where there is no oil, that of gas is not.
 *
 * Where one that the run's phases need is missing, or is no array of the cells, or they are not of
 * the same cells, nothing says what is left.
 */
#include <string.h>

#include "ecl_store.h"

enum { OIL = 1, WATER = 2, GAS = 4 }; /* bits of INTEHEAD 14 */

static const struct {
    const char *name;
    int32_t phase; /* 0: of none, present where it is written */
} parts[BW__ECL_PARTS] = {{"SWAT", WATER}, {"SGAS", GAS}, {"SSOL", 0}};

static bool is_saturation(const bw_ecl_store *store, const bw_ecl_keyword *keyword)
{
    return bw__ecl_is_cell_array(store, keyword) &&
           (keyword->type == BW_ECL_REAL || keyword->type == BW_ECL_DOUB);
}

/* What has no such phase says nothing: code 0 is not known, and every part that is there counts. */
static const char *missing_one(int32_t phases)
{
    return phases == 0 || (phases & OIL) != 0 ? "SOIL" : (phases & GAS) != 0 && (phases & WATER) != 0 ? "SGAS" : NULL;
}

void bw__ecl_find_remainder(const bw_ecl_store *store, const bw__ecl_step *step, bw__ecl_remainder *out)
{
    const bw_ecl_index *index = &store->files[step->file].index;
    const char *missing = missing_one(step->phases);
    const bw_ecl_keyword *first = NULL;

    *out = (bw__ecl_remainder){0};
    if (missing == NULL || bw__ecl_find(index, step->first, step->end, missing) != NULL) {
        return;
    }
    for (unsigned n = 0; n < BW__ECL_PARTS; n++) {
        const bw_ecl_keyword *keyword = bw__ecl_find(index, step->first, step->end, parts[n].name);
        bool needed = (step->phases & parts[n].phase) != 0 && strcmp(parts[n].name, missing) != 0;
        bool fits = keyword == NULL ? !needed
                                    : is_saturation(store, keyword) &&
                                          (first == NULL || first->count == keyword->count);
        if (!fits) {
            *out = (bw__ecl_remainder){0};
            return;
        }
        out->of[n] = keyword;
        first = first != NULL ? first : keyword;
    }
    out->first = first;
    out->name = first == NULL ? NULL : missing;
}

bool bw__ecl_take_part(bw__ecl_remainder *r, const bw_ecl_keyword *keyword, const bw_array *values)
{
    bool any = false;

    for (unsigned n = 0; n < BW__ECL_PARTS; n++) {
        if (r->of[n] == keyword) {
            r->values[n] = values;
            any = true;
        }
    }
    return any;
}

#define AT_ONCE 256u

/* left -= elements [first, first + count) of a part. */
static void subtract(const bw_array *part, uint64_t first, size_t count, double *left)
{
    if (part->dtype.itemsize == 4) {
        const float *values = (const float *)(const void *)part->data + first;
        for (size_t n = 0; n < count; n++) {
            left[n] -= (double)values[n];
        }
        return;
    }
    for (size_t n = 0; n < count; n++) {
        left[n] -= bw__ecl_element(part, first + n);
    }
}

bw_status bw__ecl_remainder_values(bw_ctx *ctx, bw_op *op, const bw__ecl_remainder *r, bw_array **out)
{
    static const char *const dtypes[] = {[BW_ECL_REAL] = "<f4", [BW_ECL_DOUB] = "<f8"};
    bw_dtype dtype;

    BW_TRY(bw_dtype_parse(ctx, bw_view_text(dtypes[r->first->type]), &dtype)); /* as precise as its parts */
    BW_TRY(bw_array_new(ctx, &op->arena, dtype, 1, &r->first->count, out));
    for (uint64_t first = 0; first < r->first->count; first += AT_ONCE) {
        double left[AT_ONCE];
        size_t count = r->first->count - first < AT_ONCE ? (size_t)(r->first->count - first) : AT_ONCE;
        for (size_t n = 0; n < count; n++) {
            left[n] = 1;
        }
        for (unsigned p = 0; p < BW__ECL_PARTS; p++) {
            if (r->values[p] != NULL) {
                subtract(r->values[p], first, count, left);
            }
        }
        for (size_t n = 0; n < count; n++) {
            bw__ecl_set_element(*out, first + n, left[n]);
        }
    }
    return BW_OK;
}
