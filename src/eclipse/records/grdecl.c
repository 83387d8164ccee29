/* SPDX-License-Identifier: MIT */
/* GRDECL: the keywords of a grid as a simulator's input has them. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ecl_internal.h"

#define MOST_NAME 64u
/* Values of a keyword while nothing says how large the grid is. */
#define MOST_VALUES (UINT64_C(1) << 24)

typedef struct reader {
    bw_ctx *ctx;
    bw_arena *arena;
    const uint8_t *at, *end;
    uint64_t line;
    bw_node *keywords, *includes;
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

static bw_status finish(reader *r)
{
    uint64_t count = r->numbers.len / sizeof(double);
    bw_node *value = r->strings;
    bw_array *array;
    bw_dtype f8;

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
            return bw_fail(r->ctx, BW_ERR_CORRUPT, "%s (line %" PRIu64 "): the text ends before the / "
                           "that ends the keyword", r->name, r->name_line);
        }
        if (*what == QUOTED || include || (r->numbers.len > 0 && is_flag(*token))) {
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

static bw_status read_all(reader *r)
{
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
        BW_TRY(read_values(r, &what, &token));
    }
    return BW_OK;
}

bw_status bw_grdecl_read(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node *keywords,
                         bw_node *includes)
{
    reader r = {.ctx = ctx, .arena = arena, .at = text.ptr, .end = text.ptr + text.len, .line = 1,
                .keywords = keywords, .includes = includes, .most = MOST_VALUES};
    const bw_node *size = bw_map_get_text(keywords, "SPECGRID");
    bw_status st;

    size = size != NULL ? size : bw_map_get_text(keywords, "DIMENS");
    if (size != NULL && size->type == BW_NODE_ARRAY) { /* of the file that includes this one */
        take_dimensions(&r, size->array);
    }
    st = read_all(&r);

    bw_bytes_free(ctx, &r.numbers);
    return st;
}
