/* SPDX-License-Identifier: MIT */
/**
 * Status codes: one list for C and JavaScript.
 *
 * Every fallible function returns a `bw_status`. JavaScript sees the same names
 * less the `BW_` prefix as `BoresError.code` (`BW_ERR_LIMIT` is `ERR_LIMIT`), which it
 * reads as text from the context's error, so the names exist once.
 */
#ifndef BORES_STATUS_H
#define BORES_STATUS_H

#define BW_STATUS_LIST(X)                                                                   \
    X(OK, "no error")                                                                       \
    X(ERR_NOMEM, "the allocator returned nothing")                                          \
    X(ERR_LIMIT, "a size is beyond the context's limits")                                   \
    X(ERR_CORRUPT, "stored bytes contradict their own metadata")                            \
    X(ERR_CHECKSUM, "a stored checksum does not match")                                     \
    X(ERR_METADATA, "a metadata document is not what its format says")                      \
    X(ERR_UNSUPPORTED, "valid, but this build cannot read or write it")                     \
    X(ERR_NOT_FOUND, "no such entry, group, array or key")                                  \
    X(ERR_INDEX_RANGE, "an index or slice is outside of what there is")                     \
    X(ERR_ARGUMENT, "the caller passed something this function does not accept")            \
    X(ERR_VALIDATION, "a state breaks the rules of its model")                              \
    X(ERR_SOLVER, "equations could not be solved")                                          \
    X(ERR_INTERNAL, "a bug in this library")

typedef enum bw_status {
#define BW_STATUS_ENUM(name, text) BW_##name,
    BW_STATUS_LIST(BW_STATUS_ENUM)
#undef BW_STATUS_ENUM
    BW_STATUS_COUNT
} bw_status;

/** The name less `BW_`, e.g. "ERR_LIMIT"; "ERR_INTERNAL" for a number out of range. */
const char *bw_status_name(bw_status status);

#endif
