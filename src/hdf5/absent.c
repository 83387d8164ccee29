/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins for the parts of HDF5 that are not compiled (cmake/hdf5/CMakeLists.txt): the drivers
 * that open files, plugins, the environment, the connector that passes calls through, and expressions
 * for what is read (H5Pset_data_transform()). The library's default driver is ours.
 */
#include <H5PLpublic.h>

#include "h5.h"

/* Declared here since HDF5's own declarations are private or renamed. */
char *bw_h5_no_environment(const char *name);
int bw_h5_no_open(const char *name, int flags, ...);
void *bw_h5_no_fopen(const char *name, const char *mode);
hid_t H5FD_core_init(void);
hid_t H5FD_family_init(void);
hid_t H5FD_log_init(void);
hid_t H5FD_multi_init(void);
hid_t H5FD_sec2_init(void);
hid_t H5FD_splitter_init(void);
hid_t H5FD_stdio_init(void);
const void *H5PL_load(H5PL_type_t type, const void *key);
herr_t H5PL_iterate(int kind, void *callback, void *data);
int H5PL_term_package(void);
herr_t H5PL_init(void);
hid_t H5VL_pass_through_register(void);
void *H5Z_xform_create(const char *expression);
herr_t H5Z_xform_copy(void **transform);
herr_t H5Z_xform_destroy(void *transform);
herr_t H5Z_xform_eval(void *transform, void *array, size_t count, const void *type);
bool H5Z_xform_noop(const void *transform);
const char *H5Z_xform_extract_xform_str(const void *transform);
extern const char H5build_settings[];

const char H5build_settings[] = "";

char *bw_h5_no_environment(const char *name)
{
    (void)name;
    return NULL;
}

int bw_h5_no_open(const char *name, int flags, ...)
{
    (void)name;
    (void)flags;
    return -1;
}

void *bw_h5_no_fopen(const char *name, const char *mode)
{
    (void)name;
    (void)mode;
    return NULL;
}

#define NO_DRIVER(name)                \
    hid_t H5FD_##name##_init(void)     \
    {                                  \
        return H5I_INVALID_HID;        \
    }
NO_DRIVER(core)
NO_DRIVER(family)
NO_DRIVER(log)
NO_DRIVER(multi)
NO_DRIVER(splitter)
NO_DRIVER(stdio)

hid_t H5FD_sec2_init(void) /* HDF5's default driver */
{
    return bw__h5_driver();
}

const void *H5PL_load(H5PL_type_t type, const void *key)
{
    (void)type;
    (void)key;
    return NULL;
}

herr_t H5PL_iterate(int kind, void *callback, void *data)
{
    (void)kind;
    (void)callback;
    (void)data;
    return 0;
}

int H5PL_term_package(void)
{
    return 0;
}

herr_t H5PL_init(void)
{
    return 0;
}

hid_t H5VL_pass_through_register(void)
{
    return H5I_INVALID_HID;
}

void *H5Z_xform_create(const char *expression)
{
    (void)expression;
    return NULL;
}

herr_t H5Z_xform_copy(void **transform)
{
    (void)transform;
    return 0;
}

herr_t H5Z_xform_destroy(void *transform)
{
    (void)transform;
    return 0;
}

herr_t H5Z_xform_eval(void *transform, void *array, size_t count, const void *type)
{
    (void)transform;
    (void)array;
    (void)count;
    (void)type;
    return 0;
}

bool H5Z_xform_noop(const void *transform)
{
    (void)transform;
    return true;
}

const char *H5Z_xform_extract_xform_str(const void *transform)
{
    (void)transform;
    return NULL;
}
