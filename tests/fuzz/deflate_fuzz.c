/* SPDX-License-Identifier: MIT */
#include "codec_input.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_decode(&bw_codec_gzip, data, size);
    fuzz_decode(&bw_codec_zlib, data, size);
    return 0;
}
