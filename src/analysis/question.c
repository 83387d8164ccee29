/* SPDX-License-Identifier: MIT */
/** The options of questions, and who answers which. */
#include "question.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const bw_node *option(const bw__question *q, const char *name)
{
    return bw__find(q->params, name);
}

static bw_status refuse(bw__question *q, const char *name, const char *what)
{
    return bw_fail(q->ctx, BW_ERR_ARGUMENT, "%s: %s must be %s", q->row->name, name, what);
}

bw_status bw__option_number(bw__question *q, const char *name, double otherwise, double *out)
{
    const bw_node *node = option(q, name);

    *out = otherwise;
    if (node != NULL && (!bw__to_number(node, out) || isnan(*out))) {
        return refuse(q, name, "a number");
    }
    return BW_OK;
}

bw_status bw__option_bool(bw__question *q, const char *name, bool otherwise, bool *out)
{
    const bw_node *node = option(q, name);

    *out = otherwise;
    if (node != NULL) {
        if (node->type != BW_NODE_BOOL) {
            return refuse(q, name, "true or false");
        }
        *out = node->boolean;
    }
    return BW_OK;
}

static bool to_integer(const bw_node *node, int64_t *out)
{
    double number;

    if (!bw__to_number(node, &number) || number != floor(number) ||
        !(fabs(number) <= 9007199254740992.0)) {
        return false;
    }
    *out = (int64_t)number;
    return true;
}

bw_status bw__option_count(bw__question *q, const char *name, int64_t otherwise, int64_t least,
                           int64_t *out)
{
    const bw_node *node = option(q, name);

    *out = otherwise;
    if (node != NULL && (!to_integer(node, out) || *out < least)) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT,
                       "%s: %s must be an integer of at least %" PRId64, q->row->name, name,
                       least);
    }
    return BW_OK;
}

bw_status bw__option_choice(bw__question *q, const char *name, const char *const *choices,
                            int otherwise, int *out)
{
    const bw_node *node = option(q, name);
    char known[160] = "";

    *out = otherwise;
    if (node == NULL) {
        return BW_OK;
    }
    for (int n = 0; choices[n] != NULL; n++) {
        size_t len = strlen(known);

        if (node->type == BW_NODE_STRING &&
            bw_view_equal(node->text, bw_view_text(choices[n]))) {
            *out = n;
            return BW_OK;
        }
        if (len + strlen(choices[n]) + 5 < sizeof known) {
            strcat(known, n > 0 ? ", '" : "'");
            strcat(known, choices[n]);
            strcat(known, "'");
        }
    }
    return bw_fail(q->ctx, BW_ERR_ARGUMENT, "%s: %s '%.*s' is none of %s", q->row->name, name,
                   node->type == BW_NODE_STRING ? (int)(node->text.len < 60 ? node->text.len : 60)
                                                : 1,
                   node->type == BW_NODE_STRING ? (const char *)node->text.ptr : "?", known);
}

bw_status bw__option_phase(bw__question *q, const char *name, bw__phase otherwise,
                           bw__phase *out)
{
    static const char *const phases[] = {"oil", "water", "gas", NULL};
    int choice;

    BW_TRY(bw__option_choice(q, name, phases, (int)otherwise, &choice));
    *out = (bw__phase)choice;
    return BW_OK;
}

/* Steps -------------------------------------------------------------------------------------- */

static bw_status no_states(bw__question *q)
{
    return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "%s: no state has been read", q->row->name);
}

/* A step by its number, or by its place from the end where it is negative. */
static bw_status resolve(bw__question *q, const char *name, int64_t otherwise, int64_t *out)
{
    const bw_node *node = option(q, name);
    const bw_analysis *a = q->a;

    *out = otherwise;
    if (node != NULL && !to_integer(node, out)) {
        return refuse(q, name, "an integer");
    }
    if (*out < 0) {
        if (*out < -(int64_t)a->count) {
            return bw_fail(q->ctx, BW_ERR_NOT_FOUND,
                           "%s: %s %" PRId64 " of %u states does not exist", q->row->name, name,
                           *out, (unsigned)a->count);
        }
        *out = a->records[(int64_t)a->count + *out]->step;
    }
    return BW_OK;
}

bw_status bw__option_step(bw__question *q, uint32_t *out)
{
    const bw_analysis *a = q->a;
    int64_t step;

    if (a->count == 0) {
        return no_states(q);
    }
    BW_TRY(resolve(q, "step", -1, &step));
    for (uint32_t n = 0; n < a->count; n++) {
        if (a->records[n]->step == step) {
            *out = n;
            return BW_OK;
        }
    }
    return bw_fail(q->ctx, BW_ERR_NOT_FOUND,
                   "%s: step %" PRId64 " was not saved; the steps are %" PRId64 " to %" PRId64
                   ", %u of them", q->row->name, step, a->records[0]->step,
                   a->records[a->count - 1]->step, (unsigned)a->count);
}

bw_status bw__option_range(bw__question *q, bw__range *out)
{
    const bw_analysis *a = q->a;
    int64_t to;

    if (a->count == 0) {
        return no_states(q);
    }
    BW_TRY(resolve(q, "fromStep", 0, &out->from));
    BW_TRY(resolve(q, "toStep", -1, &to));
    BW_TRY(bw__option_count(q, "interval", 1, 1, &out->interval));
    out->first = 0;
    while (out->first < a->count && a->records[out->first]->step < out->from) {
        out->first++;
    }
    out->end = out->first;
    while (out->end < a->count && a->records[out->end]->step <= to) {
        out->end++;
    }
    return BW_OK;
}

bool bw__range_has(const bw__range *range, const bw__record *record)
{
    return (record->step - range->from) % range->interval == 0;
}

/* Who answers -------------------------------------------------------------------------------- */

static const bw__row *find_row(const bw__row *rows, const char *name)
{
    for (; rows->name != NULL; rows++) {
        if (strcmp(rows->name, name) == 0) {
            return rows;
        }
    }
    return NULL;
}

static const bw__row *const tables[] = {
    bw__volume_rows, bw__record_rows, bw__sweep_rows, bw__decline_rows,
    bw__vector_rows, bw__plot_rows,
};

static const bw__row *find_answerer(const bw_analysis *a, const char *name)
{
    const bw__row *row = a->compat ? find_row(bw__compat_rows, name) : NULL;

    for (size_t n = 0; row == NULL && n < sizeof tables / sizeof *tables; n++) {
        row = find_row(tables[n], name);
    }
    return row;
}

static bool lists(const char *names, bw_view name)
{
    while (*names != '\0') {
        size_t len = strcspn(names, " ");

        if (len == name.len && memcmp(names, name.ptr, len) == 0) {
            return true;
        }
        names += len;
        names += *names == ' ';
    }
    return false;
}

static bw_status check_options(bw_ctx *ctx, const bw__row *row, const bw_node *params)
{
    if (params == NULL || params->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (params->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s takes an object of options", row->name);
    }
    for (uint32_t n = 0; n < params->children.len; n++) {
        bw_view key = params->children.keys[n];

        if (!lists(row->options, key)) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "%s has no option '%.*s'; its options: %s",
                           row->name, (int)(key.len < 60 ? key.len : 60), (const char *)key.ptr,
                           row->options[0] == '\0' ? "none" : row->options);
        }
    }
    return BW_OK;
}

/* The names of a question's options, separated by spaces. */
static bw_status answer_options(bw_ctx *ctx, const bw_analysis *analysis, const bw_node *params,
                                bw_arena *arena, bw_node **out)
{
    bw_view question = BW_VIEW("");
    char name[64] = "";
    const bw__row *row;

    if (params != NULL && bw_map_get_string(params, "question", &question) &&
        question.len < sizeof name) {
        memcpy(name, question.ptr, question.len);
    }
    row = find_answerer(analysis, name);
    if (row == NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "there is no question '%s'", name);
    }
    *out = bw_node_text(ctx, arena, bw_view_text(row->options));
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* True where a number that is none stands in an answer; arrays may hold some. */
static bool holds_nan(const bw_node *node)
{
    if (node->type == BW_NODE_FLOAT) {
        return isnan(node->number);
    }
    if (node->type == BW_NODE_LIST || node->type == BW_NODE_MAP) {
        for (uint32_t n = 0; n < node->children.len; n++) {
            if (holds_nan(node->children.items[n])) {
                return true;
            }
        }
    }
    return false;
}

/* Why an answer is no number: the first thing that states hold no number for. */
static bw_status explain(bw__question *q)
{
    for (uint32_t n = 0; n < q->a->count; n++) {
        if (q->a->records[n]->problem[0] != '\0') {
            return bw_fail(q->ctx, BW_ERR_VALIDATION, "%s: %s", q->row->name,
                           q->a->records[n]->problem);
        }
    }
    return bw_fail(q->ctx, BW_ERR_VALIDATION,
                   "%s: the states lack a grid that it needs, or hold no numbers in it",
                   q->row->name);
}

bw_status bw_analysis_ask(bw_ctx *ctx, bw_analysis *analysis, const char *name,
                          const bw_node *params, const bw_node *state, bw_arena *arena,
                          bw_node **out)
{
    bw__question q = {.ctx = ctx, .a = analysis, .params = params, .arena = arena};
    bw_node *answer;

    if (strcmp(name, "options") == 0) {
        return answer_options(ctx, analysis, params, arena, out);
    }
    q.row = find_answerer(analysis, name);
    if (q.row == NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "there is no question '%.60s'", name);
    }
    q.state = state != NULL && state->type != BW_NODE_NULL ? state : NULL;
    BW_TRY(check_options(ctx, q.row, params));
    BW_TRY(q.row->answer(&q, &answer));
    if (holds_nan(answer)) {
        return explain(&q);
    }
    *out = answer;
    return BW_OK;
}
