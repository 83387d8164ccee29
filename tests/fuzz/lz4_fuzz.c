/* SPDX-License-Identifier: MIT */
#include "codec_input.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_decode(&bw_codec_lz4, data, size);
    return 0;
}
