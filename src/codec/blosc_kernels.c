/* SPDX-License-Identifier: MIT */
/**
 * The parts of c-blosc that are used: the shuffles (but for the bit shuffle of elements that
 * bitshuffle_simd.c knows) and the BloscLZ encoder. Which shuffle
 * is chosen when compiling: SSE2 where there is SSE2 (in WebAssembly: simd128), which is
 * 2 to 5 times faster, otherwise the portable one. Both give the same bytes.
 */
#include <limits.h>
#include <string.h>

#include <bitshuffle-generic.h>
#include <blosclz.h>
#include <shuffle-generic.h>
#if defined(__SSE2__)
#include <bitshuffle-sse2.h>
#include <shuffle-sse2.h>
#endif

#include "codec/codec_internal.h"

#if defined(__SSE2__)
#define SHUFFLE blosc_internal_shuffle_sse2
#define UNSHUFFLE blosc_internal_unshuffle_sse2
#define BITSHUFFLE blosc_internal_bshuf_trans_bit_elem_sse2
#define BITUNSHUFFLE blosc_internal_bshuf_untrans_bit_elem_sse2
#else
#define SHUFFLE blosc_internal_shuffle_generic
#define UNSHUFFLE blosc_internal_unshuffle_generic
#define BITSHUFFLE blosc_internal_bshuf_trans_bit_elem_scal
#define BITUNSHUFFLE blosc_internal_bshuf_untrans_bit_elem_scal
#endif

void bw__shuffle(size_t size, size_t len, const uint8_t *in, uint8_t *out)
{
    SHUFFLE(size, len, in, out);
}

void bw__unshuffle(size_t size, size_t len, const uint8_t *in, uint8_t *out)
{
    UNSHUFFLE(size, len, in, out);
}

/* Blosc 1 transposes only when the elements fill whole bytes, and copies otherwise; the bytes
 * this returns are transposed. */
static size_t transposable(size_t size, size_t len)
{
    size_t count = len / size;

    return count % 8 == 0 ? count * size : 0;
}

/* The SSE2 kernels take their input without const, and do not write to it. */
static void *unconst(const uint8_t *in)
{
    return (void *)(uintptr_t)in;
}

void bw__bitshuffle(size_t size, size_t len, const uint8_t *in, uint8_t *out, uint8_t *scratch)
{
    size_t done = transposable(size, len);

    if (done > 0 && !bw__bit_split_simd(size, done / size, in, out)) {
        BITSHUFFLE(unconst(in), out, done / size, size, scratch);
    }
    memcpy(out + done, in + done, len - done);
}

void bw__bitunshuffle(size_t size, size_t len, const uint8_t *in, uint8_t *out,
                      uint8_t *scratch)
{
    size_t done = transposable(size, len);

    if (done > 0 && !bw__bit_join_simd(size, done / size, in, out)) {
        BITUNSHUFFLE(unconst(in), out, done / size, size, scratch);
    }
    memcpy(out + done, in + done, len - done);
}

size_t bw__blosclz_encode(int level, bool split, bw_view in, uint8_t *out, size_t cap)
{
    /* It reads the last quarter of its input before it looks at the length. */
    if (in.len < 16 || in.len > INT_MAX) {
        return 0;
    }
    cap = cap > INT_MAX ? INT_MAX : cap;
    return (size_t)blosclz_compress(level, in.ptr, (int)in.len, out, (int)cap, split);
}
