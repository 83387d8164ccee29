# SPDX-License-Identifier: MIT
"""Writes the codec goldens beside this file, with numcodecs, gzip and zstandard.

The plain bytes are not stored: they follow from formulas that tests/c/codec_test.c has too.
Made with Debian 12's python3-numcodecs 0.11.0 (c-blosc 1.21.3) and python3-zstandard.
"""
import gzip
import pathlib
import zlib

import numcodecs
import numpy as np

here = pathlib.Path(__file__).parent


def plain_f8():
    i = np.arange(8808)
    return 3000 + ((i * 7919) % 64) * 0.25 + i // 50


def plain_i2():
    i = np.arange(5000)
    return ((i * i) % 311).astype("<i2")


def plain_u1():
    return (np.arange(3001) % 7).astype("u1")


def plain_s12():
    i = np.arange(3600)
    return ((i * i) % 251).astype("u1").view("S12")


def plain_noise():
    state, out = 1, bytearray()
    for _ in range(1000):
        state = (state * 1103515245 + 12345) % 2**31
        out.append(state >> 16 & 255)
    return np.frombuffer(bytes(out), "u1")


plains = {
    "f8": plain_f8(),
    "i2": plain_i2(),
    "u1": plain_u1(),
    "s12": plain_s12(),
    "noise": plain_noise(),
}


def write(name, data):
    (here / f"{name}.bin").write_bytes(bytes(data))


def main():
    import zstandard  # only the generator needs it, and readers of `plains` do not

    for cname in ("blosclz", "lz4", "lz4hc", "zlib", "zstd"):
        for shuffle in (0, 1, 2):
            codec = numcodecs.Blosc(cname=cname, clevel=5, shuffle=shuffle)
            write(f"blosc_{cname}_{shuffle}_f8", codec.encode(plains["f8"]))

    extra = numcodecs.Blosc
    for cname in ("blosclz", "lz4", "zlib"):
        # The smallest blocks that are still split: 64 KB, and a shorter one behind them.
        write(f"blosc_{cname}_1_f8_blocks", extra(cname, 5, 1, blocksize=8192).encode(plains["f8"]))
    write("blosc_blosclz_auto_i2", extra("blosclz", 9, -1).encode(plains["i2"]))
    write("blosc_blosclz_auto_u1", extra("blosclz", 1, -1).encode(plains["u1"]))
    write("blosc_blosclz_1_s12", extra("blosclz", 5, 1).encode(plains["s12"]))
    write("blosc_lz4_1_s12", extra("lz4", 5, 1).encode(plains["s12"]))
    write("blosc_lz4_2_i2_small_blocks", extra("lz4", 9, 2, blocksize=256).encode(plains["i2"]))
    write("blosc_zstd_1_i2_small_blocks", extra("zstd", 1, 1, blocksize=512).encode(plains["i2"]))
    write("blosc_zstd_9_f8", extra("zstd", 9, 1).encode(plains["f8"]))
    write("blosc_lz4_0_u1_stored", extra("lz4", 0, 0).encode(plains["u1"]))
    write("blosc_lz4_1_noise", extra("lz4", 5, 1).encode(plains["noise"]))

    f8 = plains["f8"].tobytes()
    for level in (-5, 1, 19):
        write(f"zstd_{level}_f8", numcodecs.Zstd(level=level).encode(plains["f8"]))
    checked = zstandard.ZstdCompressor(level=3, write_checksum=True)
    write("zstd_checksum_f8", checked.compress(f8))
    unsized = zstandard.ZstdCompressor(level=3, write_content_size=False)
    write("zstd_unsized_f8", unsized.compress(f8))
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    write(
        "zstd_frames_f8",
        skippable + unsized.compress(f8[:30000]) + skippable + checked.compress(f8[30000:]) + skippable,
    )

    write("gzip_f8", gzip.compress(f8, 5, mtime=0))
    write("gzip_members_f8", gzip.compress(f8[:100], mtime=0) + gzip.compress(f8[100:], mtime=0))
    write("gzip_padded_u1", gzip.compress(plains["u1"].tobytes(), mtime=0) + bytes(512))
    write("zlib_f8", zlib.compress(f8, 5))
    write("lz4_f8", numcodecs.LZ4(acceleration=1).encode(plains["f8"]))
    write("lz4_noise", numcodecs.LZ4(acceleration=10).encode(plains["noise"]))


if __name__ == "__main__":
    main()
