/* SPDX-License-Identifier: MIT */
/*
 * HDF5's memory, under a limit of its own: what a damaged file claims is asked for here, and
 * refused here. The library is compiled with these names for malloc() and its kin.
 *
 * On its way out of a damaged file HDF5 releases tables that it has filled in part. So all memory
 * begins as zeros (h5_error.c keeps it from being handed on within HDF5), and a block is marked while
 * it is one: what is not is left alone.
 */
#include <stdlib.h>
#include <string.h>

#include "h5.h"
#include "heap.h"

#define HEADER 16u /* keeps the alignment of malloc() */
#define LIVE UINT64_C(0x48354c4956455f5f)

typedef struct header {
    size_t nbytes;
    uint64_t mark;
} header;

_Static_assert(sizeof(header) <= HEADER, "a block's head");

static uint64_t heap_limit = UINT64_C(256) << 20;
static uint64_t heap_used;
static bool refused;

void bw_h5_set_heap_limit(uint64_t nbytes)
{
    heap_limit = nbytes;
}

uint64_t bw_h5_heap_used(void)
{
    return heap_used;
}

bool bw_h5_heap_refused(void)
{
    return refused;
}

static bool take(size_t nbytes)
{
    uint64_t needed = heap_used + nbytes;

    if (nbytes > heap_limit || needed > heap_limit || nbytes > SIZE_MAX - HEADER) {
        (void)bw_fail_limit(bw__h5_ctx(), "bytes that HDF5 needs", needed, heap_limit);
        (void)bw__h5_callback_failed();
        refused = true;
        return false;
    }
    return true;
}

void *bw_h5_malloc(size_t nbytes)
{
    uint8_t *block;

    if (!take(nbytes)) {
        return NULL;
    }
    block = calloc(1, nbytes + HEADER);
    if (block == NULL) {
        refused = true;
        return NULL;
    }
    *(header *)(void *)block = (header){nbytes, LIVE};
    heap_used += nbytes;
    return block + HEADER;
}

void *bw_h5_calloc(size_t count, size_t size)
{
    return size != 0 && count > SIZE_MAX / size ? NULL : bw_h5_malloc(count * size);
}

void bw_h5_free(void *ptr)
{
    header *head = ptr == NULL ? NULL : (header *)(void *)((uint8_t *)ptr - HEADER);

    if (head != NULL && head->mark == LIVE) {
        heap_used -= head->nbytes;
        head->mark = 0;
        free(head);
    }
}

void *bw_h5_realloc(void *ptr, size_t nbytes)
{
    size_t before;
    void *block;

    if (ptr == NULL) {
        return bw_h5_malloc(nbytes);
    }
    before = ((header *)(void *)((uint8_t *)ptr - HEADER))->nbytes;
    block = bw_h5_malloc(nbytes);
    if (block != NULL) {
        memcpy(block, ptr, before < nbytes ? before : nbytes);
        bw_h5_free(ptr);
    }
    return block;
}

static void *copy_text(const char *text, size_t len)
{
    char *copy = bw_h5_malloc(len + 1);

    if (copy != NULL) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

char *bw_h5_strdup(const char *text)
{
    return copy_text(text, strlen(text));
}

char *bw_h5_strndup(const char *text, size_t max)
{
    const char *end = memchr(text, '\0', max);

    return copy_text(text, end != NULL ? (size_t)(end - text) : max);
}
