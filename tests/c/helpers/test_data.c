/* SPDX-License-Identifier: MIT */
#include "test_data.h"

#include <stdio.h>
#include <stdlib.h>

bw_bytes bw_test_file(const char *path)
{
    char full[1024];
    FILE *file;
    long size = -1;
    bw_bytes bytes = {0};

    snprintf(full, sizeof full, "%s/%s", BORES_TEST_DATA, path);
    file = fopen(full, "rb");
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        size = ftell(file);
        rewind(file);
    }
    if (size >= 0) {
        bytes.len = bytes.cap = (size_t)size;
        bytes.ptr = malloc(bytes.len > 0 ? bytes.len : 1);
    }
    if (bytes.ptr == NULL || fread(bytes.ptr, 1, bytes.len, file) != bytes.len) {
        fprintf(stderr, "cannot read %s\n", full);
        exit(2);
    }
    fclose(file);
    return bytes;
}
