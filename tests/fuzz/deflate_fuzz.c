/* SPDX-License-Identifier: MIT */
#include "codec_input.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_decode(BW_CODEC_GZIP, data, size);
    fuzz_decode(BW_CODEC_ZLIB, data, size);
    return 0;
}
