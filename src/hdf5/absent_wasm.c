/* SPDX-License-Identifier: MIT */
/*
 * In the module there are no files, no clock and no environment: the C library's functions for them
 * are these, so that the module asks its host for nothing but bytes.
 */
#ifdef __EMSCRIPTEN__

#define _GNU_SOURCE

#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int access(const char *path, int mode)
{
    (void)path;
    (void)mode;
    return -1;
}

int close(int fd)
{
    (void)fd;
    return -1;
}

off_t lseek(int fd, off_t offset, int whence)
{
    (void)fd;
    (void)offset;
    (void)whence;
    return -1;
}

ssize_t read(int fd, void *out, size_t len)
{
    (void)fd;
    (void)out;
    (void)len;
    return -1;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    (void)fd;
    (void)bytes;
    (void)len;
    return -1;
}

char *getcwd(char *out, size_t cap)
{
    (void)out;
    (void)cap;
    return NULL;
}

char *getenv(const char *name)
{
    (void)name;
    return NULL;
}

time_t time(time_t *out)
{
    if (out != NULL) {
        *out = 0;
    }
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    (void)clock;
    *out = (struct timespec){0};
    return 0;
}

int nanosleep(const struct timespec *span, struct timespec *rest)
{
    (void)span;
    (void)rest;
    return 0;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    (void)zone;
    *out = (struct timeval){0};
    return 0;
}

#else

typedef int bw_h5_no_empty_unit; /* C wants one declaration */

#endif
