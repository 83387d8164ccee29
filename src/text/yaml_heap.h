/* SPDX-License-Identifier: MIT */
/**
 * Included before each of libyaml's files (cmake/third_party.cmake): its memory is that of the
 * context for which yaml_events.c has opened a parser.
 */
#ifndef BORES_TEXT_YAML_HEAP_H
#define BORES_TEXT_YAML_HEAP_H

#include <stdlib.h>
#include <string.h>

void *bw__yaml_malloc(size_t nbytes);
void *bw__yaml_realloc(void *ptr, size_t nbytes);
void bw__yaml_free(void *ptr);
char *bw__yaml_strdup(const char *text);

#ifdef BORES_YAML_HEAP
#define malloc bw__yaml_malloc
#define realloc bw__yaml_realloc
#define free bw__yaml_free
#undef strdup
#define strdup bw__yaml_strdup
#endif

#endif
