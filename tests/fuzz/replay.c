/* SPDX-License-Identifier: MIT */
/**
 * Runs a fuzz target over files and folders of files, without a fuzz engine. Each
 * input lies in memory of exactly its size, so that a sanitizer sees a read past it.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static size_t runs;

static int run_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size > 0 ? size : 1);
    int failed = 1;

    if (file != NULL && data != NULL && fread(data, 1, size, file) == size) {
        LLVMFuzzerTestOneInput(data, size);
        runs++;
        failed = 0;
    } else {
        fprintf(stderr, "cannot read %s\n", path);
    }
    free(data);
    if (file != NULL) {
        fclose(file);
    }
    return failed;
}

static int run_path(const char *path)
{
    struct stat info;
    DIR *folder;
    struct dirent *entry;
    int failed = 0;

    if (stat(path, &info) != 0) {
        fprintf(stderr, "no such file or folder: %s\n", path);
        return 1;
    }
    if (!S_ISDIR(info.st_mode)) {
        return run_file(path, (size_t)info.st_size);
    }
    folder = opendir(path);
    if (folder == NULL) {
        fprintf(stderr, "cannot list %s\n", path);
        return 1;
    }
    while ((entry = readdir(folder)) != NULL) {
        char child[4096];
        int length = snprintf(child, sizeof child, "%s/%s", path, entry->d_name);

        if (entry->d_name[0] != '.' && length > 0 && (size_t)length < sizeof child) {
            failed |= run_path(child);
        }
    }
    closedir(folder);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++) {
        failed |= run_path(argv[i]);
    }
    printf("%zu inputs\n", runs);
    return failed != 0 || runs == 0;
}
