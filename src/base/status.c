/* SPDX-License-Identifier: MIT */
/** Names of the status codes, from the one list in status.h. */
#include "bores/status.h"

#include <stddef.h>

static const char *const names[BW_STATUS_COUNT] = {
#define BW_STATUS_NAME(name, text) #name,
    BW_STATUS_LIST(BW_STATUS_NAME)
#undef BW_STATUS_NAME
};

const char *bw_status_name(bw_status status)
{
    size_t index = (size_t)status;
    return names[index < BW_STATUS_COUNT ? index : BW_ERR_INTERNAL];
}
