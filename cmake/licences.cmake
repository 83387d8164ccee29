# SPDX-License-Identifier: MIT
# The licences of what is inside the modules ask to go where the modules go: the file
# js/wasm/LICENSES.txt is in the npm package.

set(licences
    zstd ${zstd_SOURCE_DIR}/LICENSE
    LZ4 ${lz4_SOURCE_DIR}/lib/LICENSE
    zlib ${zlib_SOURCE_DIR}/LICENSE
    "Blosc (shuffle filters, BloscLZ)" ${cblosc_SOURCE_DIR}/LICENSES/BLOSC.txt
    "FastLZ (in BloscLZ)" ${cblosc_SOURCE_DIR}/LICENSES/FASTLZ.txt
    "Bitshuffle (in Blosc)" ${cblosc_SOURCE_DIR}/LICENSES/BITSHUFFLE.txt
    cJSON ${cjson_SOURCE_DIR}/LICENSE
    "HDF5 (in the HDF5 modules)" ${hdf5_SOURCE_DIR}/COPYING
    "libdeflate (in the HDF5 modules)" ${libdeflate_SOURCE_DIR}/COPYING
    bzip2 ${bzip2_SOURCE_DIR}/LICENSE
    "liblzma (of XZ Utils, public domain)" ${xz_SOURCE_DIR}/COPYING
    LibYAML ${yaml_SOURCE_DIR}/License)
set(licence_text "The WebAssembly modules beside this file contain parts of these works.\n")
while(licences)
    list(POP_FRONT licences work file)
    file(READ ${file} text)
    string(APPEND licence_text "\n==== ${work} ====\n\n${text}")
endwhile()
string(APPEND licence_text "\n==== musl libc, by way of Emscripten ====\n\n"
    "Copyright 2005-2020 Rich Felker, et al.; Copyright 2010-2014 Emscripten authors.\n"
    "Both under the MIT licence: see https://musl.libc.org and https://emscripten.org.\n")
file(WRITE ${CMAKE_SOURCE_DIR}/js/wasm/LICENSES.txt "${licence_text}")
