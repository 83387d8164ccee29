# SPDX-License-Identifier: MIT
# WebAssembly: how test programs run and are linked, and the module itself.

# The toolchain's own line has an option that new releases of Node refuse.
find_program(BORES_NODE node REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR ${BORES_NODE})

# Debian's emscripten has its JavaScript packages beside Debian's Node, where another Node
# does not look.
if(EXISTS /usr/share/nodejs/acorn)
    set_property(GLOBAL PROPERTY RULE_LAUNCH_LINK
        "${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs")
endif()

# The WebAssembly module: standalone (no JavaScript glue), no file system, memory that
# grows up to 4 GiB. Exports are the C symbols listed in src/wasm/exports.txt.

file(GLOB wasm_sources CONFIGURE_DEPENDS src/wasm/*.c)
set(wasm_exports ${CMAKE_SOURCE_DIR}/src/wasm/exports.txt)
if(wasm_sources)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${wasm_exports})
    file(STRINGS ${wasm_exports} exports REGEX "^[a-z]")
    list(TRANSFORM exports PREPEND "_")
    list(JOIN exports "," exports)

    if(BORES_SIMD)
        set(wasm_name bores)
    else()
        set(wasm_name bores-scalar)
    endif()

    add_executable(bores-wasm ${wasm_sources})
    target_include_directories(bores-wasm PRIVATE src)
    target_link_libraries(bores-wasm PRIVATE bores)
    bores_own_code(bores-wasm)
    target_link_options(bores-wasm PRIVATE
        -sSTANDALONE_WASM --no-entry -sFILESYSTEM=0 ${BORES_STACK_OPTION}
        -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4294967296
        "-sEXPORTED_FUNCTIONS=${exports}")
    set_target_properties(bores-wasm PROPERTIES
        OUTPUT_NAME ${wasm_name} SUFFIX .wasm
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR}/js/wasm
        LINK_DEPENDS ${wasm_exports})
endif()

# Their licences ask to go where the binary goes: js/wasm/LICENSES.txt is in the npm package.
set(licences
    zstd ${zstd_SOURCE_DIR}/LICENSE
    LZ4 ${lz4_SOURCE_DIR}/lib/LICENSE
    zlib ${zlib_SOURCE_DIR}/LICENSE
    "Blosc (shuffle filters, BloscLZ)" ${cblosc_SOURCE_DIR}/LICENSES/BLOSC.txt
    "FastLZ (in BloscLZ)" ${cblosc_SOURCE_DIR}/LICENSES/FASTLZ.txt
    "Bitshuffle (in Blosc)" ${cblosc_SOURCE_DIR}/LICENSES/BITSHUFFLE.txt
    cJSON ${cjson_SOURCE_DIR}/LICENSE)
set(licence_text "bores.wasm and bores-scalar.wasm contain parts of these works.\n")
while(licences)
    list(POP_FRONT licences work file)
    file(READ ${file} text)
    string(APPEND licence_text "\n==== ${work} ====\n\n${text}")
endwhile()
string(APPEND licence_text "\n==== musl libc, by way of Emscripten ====\n\n"
    "Copyright 2005-2020 Rich Felker, et al.; Copyright 2010-2014 Emscripten authors.\n"
    "Both under the MIT licence: see https://musl.libc.org and https://emscripten.org.\n")
file(WRITE ${CMAKE_SOURCE_DIR}/js/wasm/LICENSES.txt "${licence_text}")
