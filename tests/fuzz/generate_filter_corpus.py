# SPDX-License-Identifier: MIT
"""Makes the seeds of h5_filter_fuzz.c (which says how an input begins): chunks as they are stored in
tests/data/hdf5/szip.h5 and in the plugin_*.h5 of its cases.tar.br, unpacked into the folder given."""
import bz2
import pathlib
import sys
import zlib

import h5py

here = pathlib.Path(__file__).parent
corpus = here / "corpus" / "h5_filter"
corpus.mkdir(exist_ok=True)
SZIP, LZ4, BITSHUFFLE, BZIP2, LZF, INFLATE = range(6)
MAX_BYTES = 1500


def seed(name, which, settings, stored):
    if len(stored) <= MAX_BYTES:
        (corpus / name).write_bytes(bytes([which, *settings]) + stored)


def first_chunks(path, which, settings_of, number):
    with h5py.File(path) as file:
        for name, dataset in file.items():
            plist = dataset.id.get_create_plist()
            filters = [plist.get_filter(i) for i in range(plist.get_nfilters())]
            if len(filters) != 1 or filters[0][0] != number:
                continue
            where = dataset.id.get_chunk_info(0)
            if where.filter_mask == 0:
                stored = dataset.id.read_direct_chunk(where.chunk_offset)[1]
                seed(f"{path.stem}_{name}", which, settings_of(filters[0][2]), stored)


cases = pathlib.Path(sys.argv[1])
data = here.parent / "data" / "hdf5"
first_chunks(data / "szip.h5", SZIP, lambda cd: [cd[0] & 255, cd[1], cd[2], min(cd[3], 255)], 4)
first_chunks(cases / "plugin_lz4.h5", LZ4, lambda cd: [0, 0, 0, 0], 32004)
first_chunks(cases / "plugin_bitshuffle.h5", BITSHUFFLE, lambda cd: [cd[2], cd[3] // 8, cd[4], 0], 32008)
first_chunks(cases / "lzf.h5", LZF, lambda cd: [4, 0, 0, 0], 32000)
first_chunks(cases / "plugin_bzip2.h5", BZIP2, lambda cd: [8, 0, 0, 0], 307)
text = bytes(range(97, 123)) * 30
seed("bzip2_text", BZIP2, [4, 0, 0, 0], bz2.compress(text, 1))
seed("bzip2_runs", BZIP2, [255, 0, 0, 0], bz2.compress(bytes(60000)))
seed("zlib_text", INFLATE, [4, 0, 0, 0], zlib.compress(text))
