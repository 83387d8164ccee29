/* SPDX-License-Identifier: MIT */
/**
 * libyaml's event interface. Its allocations get no user pointer, as cJSON's do not, so the context
 * is set while a parser is open, and each block carries its size.
 */
#include "yaml_events.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "yaml_heap.h"

struct bw__yaml_parser {
    bw_ctx *ctx;
    yaml_parser_t parser;
    yaml_event_t event;
    bw_view text;
    bool has_event;
};

static bw_ctx *heap_ctx;

/* A block's size stands before it, in as many bytes as keep it aligned. */
#define BLOCK_HEAD 16u

void *bw__yaml_malloc(size_t nbytes)
{
    uint8_t *block = nbytes > SIZE_MAX - BLOCK_HEAD ? NULL : bw_alloc(heap_ctx, nbytes + BLOCK_HEAD);

    if (block == NULL) {
        return NULL;
    }
    memcpy(block, &nbytes, sizeof nbytes);
    return block + BLOCK_HEAD;
}

void bw__yaml_free(void *ptr)
{
    if (ptr != NULL) {
        bw_release(heap_ctx, (uint8_t *)ptr - BLOCK_HEAD);
    }
}

void *bw__yaml_realloc(void *ptr, size_t nbytes)
{
    uint8_t *block = ptr == NULL ? NULL : (uint8_t *)ptr - BLOCK_HEAD;
    size_t before;

    if (block == NULL) {
        return bw__yaml_malloc(nbytes);
    }
    memcpy(&before, block, sizeof before);
    block = nbytes > SIZE_MAX - BLOCK_HEAD
                ? NULL
                : bw_resize(heap_ctx, block, before + BLOCK_HEAD, nbytes + BLOCK_HEAD);
    if (block == NULL) {
        return NULL;
    }
    memcpy(block, &nbytes, sizeof nbytes);
    return block + BLOCK_HEAD;
}

char *bw__yaml_strdup(const char *text)
{
    size_t len = strlen(text) + 1;
    char *copy = bw__yaml_malloc(len);

    return copy == NULL ? NULL : memcpy(copy, text, len);
}

bw_status bw__yaml_open(bw_ctx *ctx, bw_view text, bw__yaml_parser **out)
{
    bw__yaml_parser *parser = bw_alloc_zeroed(ctx, sizeof *parser);

    if (parser == NULL) {
        return BW_ERR_NOMEM;
    }
    assert(heap_ctx == NULL);
    heap_ctx = parser->ctx = ctx;
    parser->text = text;
    if (!yaml_parser_initialize(&parser->parser)) {
        heap_ctx = NULL;
        bw_release(ctx, parser);
        return BW_ERR_NOMEM;
    }
    yaml_parser_set_encoding(&parser->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser->parser, text.ptr, text.len);
    *out = parser;
    return BW_OK;
}

void bw__yaml_close(bw__yaml_parser *parser)
{
    if (parser == NULL) {
        return;
    }
    if (parser->has_event) {
        yaml_event_delete(&parser->event);
    }
    yaml_parser_delete(&parser->parser);
    heap_ctx = NULL;
    bw_release(parser->ctx, parser);
}

bw__text_place bw__yaml_place(const bw__text_place *start, uint64_t line, uint64_t column)
{
    return (bw__text_place){start->offset, start->line + line,
                            line == 0 ? start->column + column : column + 1};
}

static bw_status fail(const bw__yaml_parser *parser, const bw__text_place *start)
{
    const yaml_parser_t *p = &parser->parser;
    yaml_mark_t mark = p->problem_mark;
    bw__text_place place;

    if (p->error == YAML_MEMORY_ERROR || p->error == YAML_NO_ERROR) {
        return BW_ERR_NOMEM; /* it has no other reason to say nothing */
    }
    if (p->error == YAML_READER_ERROR) { /* it reads ahead of its marks, and says how many bytes */
        size_t offset = p->problem_offset < parser->text.len ? p->problem_offset : parser->text.len;
        place = *start;
        bw__text_advance(&place, (bw_view){parser->text.ptr, offset});
    } else {
        place = bw__yaml_place(start, mark.line, mark.column);
    }
    return bw__text_fail(parser->ctx, BW_ERR_METADATA, &place, "%s%s%s",
                         p->context == NULL ? "" : p->context, p->context == NULL ? "" : ", ",
                         p->problem == NULL ? "not YAML" : p->problem);
}

static bw_view view_of(const yaml_char_t *text)
{
    return text == NULL ? (bw_view){0} : bw_view_text((const char *)text);
}

bw_status bw__yaml_next(bw__yaml_parser *parser, const bw__text_place *start, bw__yaml_event *out)
{
    yaml_event_t *e = &parser->event;

    if (parser->has_event) {
        yaml_event_delete(e);
        parser->has_event = false;
    }
    do {
        if (!yaml_parser_parse(&parser->parser, e)) {
            return fail(parser, start);
        }
    } while (e->type == YAML_STREAM_START_EVENT);
    parser->has_event = true;
    *out = (bw__yaml_event){.line = e->start_mark.line, .column = e->start_mark.column};
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        out->kind = BW__YAML_SCALAR;
        out->anchor = view_of(e->data.scalar.anchor);
        out->tag = view_of(e->data.scalar.tag);
        out->text = (bw_view){e->data.scalar.value, e->data.scalar.length};
        out->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && out->tag.ptr == NULL;
        break;
    case YAML_SEQUENCE_START_EVENT:
        out->kind = BW__YAML_LIST;
        out->anchor = view_of(e->data.sequence_start.anchor);
        out->tag = view_of(e->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        out->kind = BW__YAML_MAP;
        out->anchor = view_of(e->data.mapping_start.anchor);
        out->tag = view_of(e->data.mapping_start.tag);
        break;
    case YAML_ALIAS_EVENT:
        out->kind = BW__YAML_ALIAS;
        out->anchor = view_of(e->data.alias.anchor);
        break;
    case YAML_DOCUMENT_START_EVENT:
        out->kind = BW__YAML_DOCUMENT;
        break;
    case YAML_DOCUMENT_END_EVENT:
        out->kind = BW__YAML_DOCUMENT_END;
        break;
    case YAML_STREAM_END_EVENT:
        out->kind = BW__YAML_END;
        break;
    default:
        out->kind = BW__YAML_CLOSE;
        break;
    }
    return BW_OK;
}
