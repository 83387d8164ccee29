/* SPDX-License-Identifier: MIT */
/* GRDECL: the keywords of a grid as a simulator's input has them. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ecl_internal.h"

#define MOST_NAME BW__GRDECL_NAME
/* Values of a keyword while nothing says how large the grid is. */
#define MOST_VALUES (UINT64_C(1) << 24)

typedef struct reader {
    bw_ctx *ctx;
    bw_arena *arena;
    const uint8_t *at, *end;
    uint64_t line;
    bw_node *keywords, *includes, *edits;
    uint32_t first_edit; /* of this text */
    double box[6];       /* i1 i2 j1 j2 k1 k2 of BOX; NaN: the grid's */
    bool boxed;
    /* the keyword being read */
    char name[MOST_NAME + 1];
    uint64_t name_line, most;
    bw_bytes numbers; /* doubles */
    bw_node *strings;
} reader;

typedef enum kind { END, SLASH, WORD, QUOTED } kind;

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\f' || byte == ',';
}

static void skip_line(reader *r)
{
    while (r->at < r->end && *r->at != '\n') {
        r->at++;
    }
}

static bool at_comment(const reader *r)
{
    return r->end - r->at >= 2 && r->at[0] == '-' && r->at[1] == '-';
}

/* The next token; behind a slash the rest of the line is no more looked at. */
static kind next(reader *r, bw_view *token)
{
    for (; r->at < r->end; r->at++) {
        if (at_comment(r)) {
            skip_line(r);
        }
        if (r->at == r->end || !is_blank(*r->at)) {
            break;
        }
        r->line += *r->at == '\n';
    }
    token->ptr = r->at;
    token->len = 0;
    if (r->at == r->end) {
        return END;
    }
    if (*r->at == '/') {
        skip_line(r);
        return SLASH;
    }
    if (*r->at == '\'' || *r->at == '"') {
        uint8_t quote = *r->at++;
        token->ptr = r->at;
        while (r->at < r->end && *r->at != quote && *r->at != '\n') {
            r->at++;
        }
        token->len = (size_t)(r->at - token->ptr);
        r->at += r->at < r->end && *r->at == quote;
        return QUOTED;
    }
    while (r->at < r->end && !is_blank(*r->at) && *r->at != '/' && *r->at != '\'' && !at_comment(r)) {
        r->at++;
    }
    token->len = (size_t)(r->at - token->ptr);
    return WORD;
}

static bw_status fail_token(reader *r, bw_view token, const char *why)
{
    return bw_fail(r->ctx, BW_ERR_CORRUPT, "%s (line %" PRIu64 "): \"%.*s\" in line %" PRIu64 " %s", r->name,
                   r->name_line, (int)(token.len > 40 ? 40 : token.len), (const char *)token.ptr,
                   r->line, why);
}

static bw_status push(reader *r, double value, uint64_t times)
{
    uint64_t count = r->numbers.len / sizeof value;
    double *to;

    if (times == 0) {
        return BW_OK; /* "0*5" has no value */
    }
    if (times > r->most || count + times > r->most) {
        bw_fail_limit(r->ctx, "values", times > UINT64_MAX - count ? UINT64_MAX : count + times,
                      r->most);
        return bw_fail_at(r->ctx, r->name, strlen(r->name));
    }
    BW_TRY(bw_bytes_reserve(r->ctx, &r->numbers, (size_t)times * sizeof value));
    to = (double *)(void *)(r->numbers.ptr + r->numbers.len);
    for (uint64_t n = 0; n < times; n++) {
        to[n] = value;
    }
    r->numbers.len += (size_t)times * sizeof value;
    return BW_OK;
}

/* "12*0.25", "12*" (defaults, which have no value), "0.25". */
static bw_status read_value(reader *r, bw_view token)
{
    const uint8_t *star = memchr(token.ptr, '*', token.len);
    uint64_t times = 1;
    double value = (double)NAN;

    if (star != NULL) {
        size_t digits = (size_t)(star - token.ptr);
        times = 0;
        for (size_t i = 0; i < digits; i++) {
            if (token.ptr[i] < '0' || token.ptr[i] > '9' || digits > 18) {
                return fail_token(r, token, "is no repeat count with a value");
            }
            times = times * 10 + (uint64_t)(token.ptr[i] - '0');
        }
        if (digits == 0) {
            return fail_token(r, token, "has no repeat count before the star");
        }
        token.ptr += digits + 1;
        token.len -= digits + 1;
    }
    if ((star == NULL || token.len > 0) && !bw__ecl_read_number(token, &value)) {
        return fail_token(r, token, "is no number (or the / that ends the keyword is missing)");
    }
    return push(r, value, times);
}

/* SPECGRID's last item says whether the grid is radial: T or F, without quotes. */
static bool is_flag(bw_view token)
{
    return token.len == 1 && (token.ptr[0] | 0x20) >= 'a' && (token.ptr[0] | 0x20) <= 'z';
}

/* A grid's largest array is ZCORN, or COORD where it is flat. */
static void take_dimensions(reader *r, const bw_array *numbers)
{
    const double *n = (const double *)(const void *)numbers->data;
    double cells = 1, pillars = 1;

    if (numbers->shape[0] < 3) {
        return;
    }
    for (unsigned d = 0; d < 3; d++) {
        if (!(n[d] >= 1 && n[d] <= 4e9)) {
            return;
        }
        cells *= n[d];
        pillars *= d < 2 ? n[d] + 1 : 1;
    }
    cells = fmax(8 * cells, 6 * pillars);
    if (cells < (double)(r->ctx->limits.max_array_bytes / sizeof(double))) {
        r->most = (uint64_t)cells;
    }
}

/* Keywords of a grid that have no value for each cell. */
static bool is_of_cells(const char *name)
{
    static const char *const others[] = {"SPECGRID", "DIMENS", "COORD", "ZCORN", "MAPAXES", "MAPUNITS", "GRIDUNIT",
                                         "COORDSYS", "BOX", "FILEUNIT", "GDORIENT", "PINCH", "MINPV"};

    for (size_t n = 0; n < sizeof others / sizeof others[0]; n++) {
        if (strcmp(others[n], name) == 0) {
            return false;
        }
    }
    return true;
}

/* Values of a BOX, as many as it has cells: they are put where they belong when the array is known. */
static bool fills_box(const reader *r, uint64_t count)
{
    double cells = 1;

    for (unsigned d = 0; d < 3; d++) {
        cells *= r->box[2 * d + 1] - r->box[2 * d] + 1;
    }
    return r->boxed && count > 0 && (double)count == cells && is_of_cells(r->name);
}

/* What came before an array in the same text was about another one. */
static void forget_edits(reader *r)
{
    bw_view name = bw_view_text(r->name);

    for (uint32_t n = r->first_edit; n < r->edits->children.len; n++) {
        bw_node *target = r->edits->children.items[n]->children.items[1];
        if (bw_view_equal(target->text, name)) {
            target->text.len = 0;
        }
    }
}

static bw_status finish(reader *r)
{
    uint64_t count = r->numbers.len / sizeof(double);
    bw_node *value = r->strings;
    bw_array *array;
    bw_dtype f8;

    if (strcmp(r->name, "BOX") == 0) {
        r->boxed = count == 6;
        for (unsigned n = 0; n < 6; n++) {
            r->box[n] = r->boxed ? ((const double *)(const void *)r->numbers.ptr)[n] : (double)NAN;
        }
        return BW_OK;
    }
    if (fills_box(r, count)) {
        bw__grdecl_edit edit = {.keyword = "BOX", .kind = BW__GRDECL_BOX, .first = bw_view_text(r->name),
                                .value = (double)NAN, .count = count,
                                .values = (const double *)(const void *)r->numbers.ptr};
        memcpy(edit.box, r->box, sizeof edit.box);
        return bw__grdecl_keep_edit(r->ctx, r->arena, r->edits, &edit);
    }
    forget_edits(r);
    if (strcmp(r->name, "SPECGRID") == 0 && r->strings->children.len > 0 &&
        (r->strings->children.items[0]->text.ptr[0] | 0x20) == 't') {
        bw_node *radial = bw_node_bool(r->ctx, r->arena, true);
        if (radial == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_map_set(r->ctx, r->arena, r->keywords, BW_VIEW("RADIAL"), radial));
    }
    if (count > 0 || r->strings->children.len == 0) {
        BW_TRY(bw_dtype_parse(r->ctx, BW_VIEW("<f8"), &f8));
        BW_TRY(bw_array_new(r->ctx, r->arena, f8, 1, &count, &array));
        if (count > 0) {
            memcpy(array->data, r->numbers.ptr, r->numbers.len);
        }
        value = bw_node_array(r->ctx, r->arena, array);
        if (value == NULL) {
            return BW_ERR_NOMEM;
        }
        if (strcmp(r->name, "SPECGRID") == 0 || strcmp(r->name, "DIMENS") == 0) {
            take_dimensions(r, array);
        }
    }
    return bw_map_set(r->ctx, r->arena, r->keywords, bw_view_text(r->name), value);
}

static bw_status add_string(reader *r, bw_node *list, bw_view token)
{
    bw_node *text = bw__ecl_string(r->ctx, r->arena, token.ptr, token.len);

    return text == NULL ? BW_ERR_NOMEM : bw_list_push(r->ctx, r->arena, list, text);
}

/* Units and directions, which some write without quotes. */
static bool has_words(const char *name)
{
    return strcmp(name, "GRIDUNIT") == 0 || strcmp(name, "MAPUNITS") == 0 || strcmp(name, "FILEUNIT") == 0 ||
           strcmp(name, "GDORIENT") == 0;
}

static bw_status end_missing(reader *r)
{
    return bw_fail(r->ctx, BW_ERR_CORRUPT, "%s (line %" PRIu64 "): the text ends before the / that ends the keyword",
                   r->name, r->name_line);
}

/* One row of EQUALS, COPY …: an array or two, numbers. `*any`: there was something in it. */
static bw_status read_edit(reader *r, bw__grdecl_edit *edit, bool *any)
{
    const uint64_t before = edit->kind == BW__GRDECL_COPY ? 0 : 1; /* numbers before the box */
    unsigned names = 0;
    bw_view token;
    uint64_t count;

    *any = false;
    r->numbers.len = 0;
    edit->first = edit->second = (bw_view){0};
    for (kind what = next(r, &token); what != SLASH; what = next(r, &token), *any = true) {
        if (what == END) {
            return end_missing(r);
        }
        if (what == QUOTED || isalpha(token.ptr[0])) {
            *(names == 0 ? &edit->first : &edit->second) = names < 2 ? token : edit->second;
            names++;
        } else {
            BW_TRY(read_value(r, token));
        }
    }
    count = r->numbers.len / sizeof(double);
    edit->value = before == 1 && count > 0 ? ((const double *)(const void *)r->numbers.ptr)[0] : (double)NAN;
    for (uint64_t n = before; edit->kind < BW__GRDECL_OTHER && n < count && n < before + 6; n++) {
        double limit = ((const double *)(const void *)r->numbers.ptr)[n];
        edit->box[n - before] = isnan(limit) ? edit->box[n - before] : limit; /* that of the row before */
    }
    if (*any && (names == 0 || (edit->kind == BW__GRDECL_COPY && names < 2))) {
        return bw_fail(r->ctx, BW_ERR_CORRUPT, "%s (line %" PRIu64 "): a row names no array", r->name, r->name_line);
    }
    return BW_OK;
}

static bw_status read_edits(reader *r, bw__grdecl_kind kind_of)
{
    bw__grdecl_edit edit = {.keyword = r->name, .kind = kind_of};
    bool any = true;

    memcpy(edit.box, r->box, sizeof edit.box);
    while (any) {
        BW_TRY(read_edit(r, &edit, &any));
        if (any) {
            BW_TRY(bw__grdecl_keep_edit(r->ctx, r->arena, r->edits, &edit));
        }
    }
    return BW_OK;
}

/* The values behind a keyword. `*token`, `*what`: where reading goes on at the next keyword. */
static bw_status read_values(reader *r, kind *what, bw_view *token)
{
    bool include = strcmp(r->name, "INCLUDE") == 0;
    bool any = false;

    r->numbers.len = 0;
    r->strings = bw_node_list(r->ctx, r->arena);
    if (r->strings == NULL) {
        return BW_ERR_NOMEM;
    }
    for (;; any = true) {
        *what = next(r, token);
        if (*what == SLASH) {
            break;
        }
        if (*what == END && !any) {
            return BW_OK;
        }
        if (*what == END) {
            return end_missing(r);
        }
        if (*what == QUOTED || include || has_words(r->name) || (r->numbers.len > 0 && is_flag(*token))) {
            BW_TRY(add_string(r, include ? r->includes : r->strings, *token));
        } else if (!any && isalpha(token->ptr[0])) {
            return BW_OK; /* a keyword without values: the next one begins */
        } else {
            BW_TRY(read_value(r, *token));
        }
    }
    *what = next(r, token);
    return include ? BW_OK : finish(r);
}

static void end_box(reader *r)
{
    r->boxed = false;
    for (unsigned n = 0; n < 6; n++) {
        r->box[n] = (double)NAN;
    }
}

static bw_status read_all(reader *r)
{
    bw__grdecl_kind kind_of;
    bw_view token;
    kind what = next(r, &token);

    while (what != END) {
        if (what != WORD || !isalpha(token.ptr[0])) {
            /* Rows of a table, each with a slash of its own: none of a grid's keywords. */
            what = next(r, &token);
            continue;
        }
        r->name_line = r->line;
        token.len = token.len < MOST_NAME ? token.len : MOST_NAME;
        for (size_t i = 0; i < token.len; i++) {
            r->name[i] = (char)toupper(token.ptr[i]);
        }
        r->name[token.len] = '\0';
        kind_of = bw__grdecl_kind_of(r->name);
        if (kind_of != BW__GRDECL_NONE && kind_of != BW__GRDECL_BOX) {
            BW_TRY(read_edits(r, kind_of));
            what = next(r, &token);
            continue;
        }
        if (strcmp(r->name, "ENDBOX") == 0) {
            end_box(r);
        }
        BW_TRY(read_values(r, &what, &token));
    }
    return BW_OK;
}

bw_status bw_grdecl_read(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node *keywords,
                         bw_node *includes, bw_node *edits)
{
    reader r = {.ctx = ctx, .arena = arena, .at = text.ptr, .end = text.ptr + text.len, .line = 1,
                .keywords = keywords, .includes = includes, .edits = edits, .first_edit = edits->children.len,
                .most = MOST_VALUES};
    const bw_node *size = bw_map_get_text(keywords, "SPECGRID");
    bw_status st;

    size = size != NULL ? size : bw_map_get_text(keywords, "DIMENS");
    if (size != NULL && size->type == BW_NODE_ARRAY) { /* of the file that includes this one */
        take_dimensions(&r, size->array);
    }
    end_box(&r);
    st = read_all(&r);

    bw_bytes_free(ctx, &r.numbers);
    return st;
}
