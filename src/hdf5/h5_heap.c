/* SPDX-License-Identifier: MIT */
/*
 * HDF5's memory, under a limit of its own: what a damaged file claims is asked for here, and
 * refused here. The library is compiled with these names for malloc() and its kin.
 */
#include <stdlib.h>
#include <string.h>

#include "h5.h"
#include "heap.h"

#define HEADER 16u /* keeps the alignment of malloc() */

static uint64_t heap_limit = UINT64_C(256) << 20;
static uint64_t heap_used;

void bw_h5_set_heap_limit(uint64_t nbytes)
{
    heap_limit = nbytes;
}

uint64_t bw_h5_heap_used(void)
{
    return heap_used;
}

static bool take(size_t nbytes)
{
    uint64_t needed = heap_used + nbytes;

    if (nbytes > SIZE_MAX - HEADER || needed > heap_limit) {
        (void)bw_fail_limit(bw__h5_ctx(), "bytes that HDF5 needs", needed, heap_limit);
        (void)bw__h5_callback_failed();
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
    block = malloc(nbytes + HEADER);
    if (block == NULL) {
        return NULL;
    }
    memcpy(block, &nbytes, sizeof nbytes);
    heap_used += nbytes;
    return block + HEADER;
}

void *bw_h5_calloc(size_t count, size_t size)
{
    size_t nbytes = count * size;
    void *block;

    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    block = bw_h5_malloc(nbytes);
    if (block != NULL) {
        memset(block, 0, nbytes);
    }
    return block;
}

void bw_h5_free(void *ptr)
{
    uint8_t *block = ptr;
    size_t nbytes;

    if (block != NULL) {
        memcpy(&nbytes, block - HEADER, sizeof nbytes);
        heap_used -= nbytes;
        free(block - HEADER);
    }
}

void *bw_h5_realloc(void *ptr, size_t nbytes)
{
    uint8_t *block = ptr;
    size_t before;

    if (block == NULL) {
        return bw_h5_malloc(nbytes);
    }
    memcpy(&before, block - HEADER, sizeof before);
    if (nbytes > before && !take(nbytes - before)) {
        return NULL;
    }
    block = realloc(block - HEADER, nbytes + HEADER);
    if (block == NULL) {
        return NULL;
    }
    memcpy(block, &nbytes, sizeof nbytes);
    heap_used = heap_used - before + nbytes;
    return block + HEADER;
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
