# SPDX-License-Identifier: MIT
# Third-party libraries, compiled by us with only the files that are used.
#
# Sources are pinned in sources.json. They are looked for in build/third-party, where
# bootstrap.mjs puts them; what is not there is fetched from its URL. (A path given as
# FETCHCONTENT_SOURCE_DIR_<NAME> comes before both.)

include(FetchContent)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${CMAKE_SOURCE_DIR}/cmake/sources.json)
file(READ ${CMAKE_SOURCE_DIR}/cmake/sources.json BORES_PINS)

# Makes <name>_SOURCE_DIR. The library's own build files are not used.
macro(bores_source name)
    string(TOUPPER ${name} upper)
    string(JSON pin_url GET ${BORES_PINS} ${name} url)
    string(JSON pin_sha256 GET ${BORES_PINS} ${name} sha256)
    if(NOT FETCHCONTENT_SOURCE_DIR_${upper}
       AND EXISTS ${CMAKE_SOURCE_DIR}/build/third-party/${name}.stamp)
        set(FETCHCONTENT_SOURCE_DIR_${upper} ${CMAKE_SOURCE_DIR}/build/third-party/${name})
    endif()
    FetchContent_Declare(${name} URL ${pin_url} URL_HASH SHA256=${pin_sha256}
        DOWNLOAD_EXTRACT_TIMESTAMP OFF SOURCE_SUBDIR no-build-files)
    FetchContent_MakeAvailable(${name})
endmacro()

function(bores_third_party target include_dir)
    add_library(${target} STATIC ${ARGN})
    target_include_directories(${target} SYSTEM PUBLIC ${include_dir})
    target_compile_options(${target} PRIVATE -w)
    if(BORES_SANITIZE)
        # Their unaligned loads and wrapping shifts are known and not ours to mend.
        target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
    endif()
    # Checks of addresses as calls: the same, but compiled in half of the time. A fuzzer wants them inline.
    if(BORES_SANITIZE MATCHES "address" AND NOT BORES_FUZZ)
        target_compile_options(${target} PRIVATE -fsanitize-address-outline-instrumentation)
    endif()
endfunction()

# Single-threaded, current format only, without the dictionary builder.
bores_source(zstd)
file(GLOB zstd_files
    ${zstd_SOURCE_DIR}/lib/common/*.c
    ${zstd_SOURCE_DIR}/lib/compress/*.c
    ${zstd_SOURCE_DIR}/lib/decompress/*.c)
list(REMOVE_ITEM zstd_files
    ${zstd_SOURCE_DIR}/lib/common/pool.c
    ${zstd_SOURCE_DIR}/lib/common/threading.c
    ${zstd_SOURCE_DIR}/lib/compress/zstdmt_compress.c)
bores_third_party(zstd ${zstd_SOURCE_DIR}/lib ${zstd_files})
target_compile_definitions(zstd PRIVATE
    ZSTD_DISABLE_ASM=1 ZSTD_LEGACY_SUPPORT=0 ZSTD_TRACE=0 ZSTD_STRIP_ERROR_STRINGS=0)
# Every visitor of a page fetches the module, and encodes less than decodes. So without the
# optimal parsers of levels 16 and up, which then compress as 15 does, and for size what is
# control rather than loops, at no cost that can be measured: 261 KB gzipped become 231.
# (zstd_fast.c and zstd_lazy.c as well would be 12 KB less and a third slower.)
if(EMSCRIPTEN)
    target_compile_definitions(zstd PRIVATE
        ZSTD_EXCLUDE_BTOPT_BLOCK_COMPRESSOR=1 ZSTD_EXCLUDE_BTULTRA_BLOCK_COMPRESSOR=1)
    set(small_files zstd_compress zstd_compress_literals zstd_compress_sequences
        zstd_compress_superblock zstd_double_fast zstd_ldm zstd_opt zstd_preSplit
        fse_compress hist huf_compress)
    list(TRANSFORM small_files PREPEND ${zstd_SOURCE_DIR}/lib/compress/)
    list(TRANSFORM small_files APPEND .c)
    set_source_files_properties(${small_files} PROPERTIES COMPILE_OPTIONS "${BORES_SMALL}")
endif()

# All memory is the caller's (or the stack's).
bores_source(lz4)
bores_third_party(lz4 ${lz4_SOURCE_DIR}/lib
    ${lz4_SOURCE_DIR}/lib/lz4.c ${lz4_SOURCE_DIR}/lib/lz4hc.c)
target_compile_definitions(lz4 PRIVATE
    LZ4_STATIC_LINKING_ONLY_DISABLE_MEMORY_ALLOCATION=1 LZ4HC_HEAPMODE=0)
if(EMSCRIPTEN) # as above, and faster so
    set_source_files_properties(${lz4_SOURCE_DIR}/lib/lz4hc.c PROPERTIES COMPILE_OPTIONS "${BORES_SMALL}")
endif()

# Without the gz* file functions; allocation is hooked at each use.
bores_source(zlib)
set(zlib_files adler32 crc32 deflate inffast inflate inftrees trees zutil)
list(TRANSFORM zlib_files PREPEND ${zlib_SOURCE_DIR}/)
list(TRANSFORM zlib_files APPEND .c)
bores_third_party(zlib ${zlib_SOURCE_DIR} ${zlib_files})

# The kernels only: BloscLZ and the shuffles. Blosc's container is src/codec/blosc_*.c, since
# blosc.c brings threads, the environment and unchecked allocations along, and shuffle.c
# chooses by cpuid at run time.
bores_source(cblosc)
set(blosc_dir ${cblosc_SOURCE_DIR}/blosc)
bores_third_party(blosckernels ${blosc_dir}
    ${blosc_dir}/blosclz.c ${blosc_dir}/fastcopy.c
    ${blosc_dir}/shuffle-generic.c ${blosc_dir}/bitshuffle-generic.c
    ${blosc_dir}/shuffle-sse2.c ${blosc_dir}/bitshuffle-sse2.c)

bores_source(cjson)
bores_third_party(cjson ${cjson_SOURCE_DIR} ${cjson_SOURCE_DIR}/cJSON.c)

# The parser; what BORES's emitter writes is src/text/yaml_write.c. Its memory is the context's.
bores_source(yaml)
set(yaml_files api reader scanner parser)
list(TRANSFORM yaml_files PREPEND ${yaml_SOURCE_DIR}/src/)
list(TRANSFORM yaml_files APPEND .c)
bores_third_party(yaml ${yaml_SOURCE_DIR}/include ${yaml_files})
target_compile_options(yaml PRIVATE
    -include ${CMAKE_SOURCE_DIR}/src/text/yaml_heap.h -DBORES_YAML_HEAP -DNDEBUG)
target_compile_definitions(yaml PUBLIC YAML_DECLARE_STATIC PRIVATE
    YAML_VERSION_MAJOR=0 YAML_VERSION_MINOR=2 YAML_VERSION_PATCH=5 YAML_VERSION_STRING="0.2.5")

# Decoding only; what it would call to encode is in src/codec/bzip2_codec.c.
bores_source(bzip2)
set(bzip2_files bzlib decompress huffman crctable randtable)
list(TRANSFORM bzip2_files PREPEND ${bzip2_SOURCE_DIR}/)
list(TRANSFORM bzip2_files APPEND .c)
bores_third_party(bzip2 ${bzip2_SOURCE_DIR} ${bzip2_files})
target_compile_definitions(bzip2 PRIVATE BZ_NO_STDIO=1)
if(EMSCRIPTEN)
    target_compile_options(bzip2 PRIVATE ${BORES_SMALL})
endif()

# liblzma's decoders of .xz, .lzma and raw streams, single-threaded, with every filter and check. Its two
# CRCs are in src/codec/lzma_codec.c, since 16 KB of tables are a page's to fetch. (xz-embedded would
# read .xz alone.)
bores_source(xz)
set(xz_dir ${xz_SOURCE_DIR}/src/liblzma)
set(xz_files
    check/check check/sha256
    common/alone_decoder common/auto_decoder common/block_decoder common/block_header_decoder
    common/block_util common/common common/filter_common common/filter_decoder
    common/filter_flags_decoder common/index_hash common/stream_decoder
    common/stream_flags_common common/stream_flags_decoder common/vli_decoder common/vli_size
    delta/delta_common delta/delta_decoder
    lz/lz_decoder lzma/lzma_decoder lzma/lzma2_decoder
    simple/arm simple/arm64 simple/armthumb simple/ia64 simple/powerpc simple/simple_coder
    simple/simple_decoder simple/sparc simple/x86)
list(TRANSFORM xz_files PREPEND ${xz_dir}/)
list(TRANSFORM xz_files APPEND .c)
bores_third_party(lzma ${xz_dir}/api ${xz_files})
target_include_directories(lzma PRIVATE ${xz_SOURCE_DIR}/src/common
    ${xz_dir}/check ${xz_dir}/common ${xz_dir}/delta ${xz_dir}/lz ${xz_dir}/lzma
    ${xz_dir}/rangecoder ${xz_dir}/simple)
target_compile_definitions(lzma PUBLIC LZMA_API_STATIC PRIVATE
    HAVE_STDBOOL_H HAVE_STDINT_H HAVE_INTTYPES_H HAVE_LIMITS_H HAVE_STRING_H HAVE_VISIBILITY=0
    HAVE_DECODERS HAVE_DECODER_LZMA1 HAVE_DECODER_LZMA2 HAVE_DECODER_DELTA HAVE_DECODER_X86
    HAVE_DECODER_ARM HAVE_DECODER_ARM64 HAVE_DECODER_ARMTHUMB HAVE_DECODER_IA64
    HAVE_DECODER_POWERPC HAVE_DECODER_SPARC
    HAVE_CHECK_CRC32 HAVE_CHECK_CRC64 HAVE_CHECK_SHA256
    TUKLIB_SYMBOL_PREFIX=lzma_ SIZEOF_SIZE_T=${CMAKE_SIZEOF_VOID_P} ASSUME_RAM=128
    PACKAGE_NAME="XZ Utils" PACKAGE_BUGREPORT="" PACKAGE_URL="")
set_target_properties(lzma PROPERTIES C_EXTENSIONS ON) # its headers name sigset_t
if(EMSCRIPTEN)
    target_compile_options(lzma PRIVATE ${BORES_SMALL})
endif()
