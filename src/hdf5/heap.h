/* SPDX-License-Identifier: MIT */
/** The names under which HDF5 is compiled to find memory (cmake/hdf5/CMakeLists.txt). */
#ifndef BORES_HDF5_HEAP_H
#define BORES_HDF5_HEAP_H

#include <stddef.h>

void *bw_h5_malloc(size_t nbytes);
void *bw_h5_calloc(size_t count, size_t size);
void *bw_h5_realloc(void *ptr, size_t nbytes);
void bw_h5_free(void *ptr);
char *bw_h5_strdup(const char *text);
char *bw_h5_strndup(const char *text, size_t max);

#endif
