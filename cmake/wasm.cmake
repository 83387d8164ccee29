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

# The modules are standalone (no JavaScript glue), have no file system, and memory that grows up
# to 4 GiB. Their exports are the C symbols listed in a file each.
function(bores_module target name exports_file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${exports_file})
    file(STRINGS ${exports_file} exports REGEX "^[a-z]")
    list(TRANSFORM exports PREPEND "_")
    list(JOIN exports "," exports)
    if(NOT BORES_SIMD)
        string(APPEND name -scalar)
    endif()
    add_executable(${target} ${ARGN})
    target_include_directories(${target} PRIVATE src src/wasm)
    bores_own_code(${target})
    target_link_options(${target} PRIVATE
        -sSTANDALONE_WASM --no-entry -sFILESYSTEM=0 ${BORES_STACK_OPTION}
        -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4294967296
        "-sEXPORTED_FUNCTIONS=${exports}")
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${name} SUFFIX .wasm
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR}/js/wasm
        LINK_DEPENDS ${exports_file})
endfunction()

set(exports_dir ${CMAKE_SOURCE_DIR}/src/wasm)
file(GLOB module_sources CONFIGURE_DEPENDS src/wasm/*.c)
list(FILTER module_sources EXCLUDE REGEX "/hdf5_")
bores_module(bores-core bores ${exports_dir}/exports.txt ${module_sources})
target_link_libraries(bores-core PRIVATE bores)

# JSON and YAML, loaded when such a file is met.
file(GLOB text_sources CONFIGURE_DEPENDS src/wasm/text/*.c)
bores_module(bores-text-module bores-text ${exports_dir}/text/exports.txt
    src/wasm/exports.c src/wasm/memory_exports.c ${text_sources})
target_link_libraries(bores-text-module PRIVATE bores)

# Answers from states, loaded with the first analysis.
file(GLOB analysis_sources CONFIGURE_DEPENDS src/wasm/analysis/*.c)
bores_module(bores-analysis-module bores-analysis ${exports_dir}/analysis/exports.txt
    src/wasm/memory_exports.c ${analysis_sources})
target_link_libraries(bores-analysis-module PRIVATE bores)

bores_module(bores-hdf5-module bores-hdf5 ${exports_dir}/hdf5_exports.txt
    src/wasm/hdf5_exports.c src/wasm/memory_exports.c)
target_link_libraries(bores-hdf5-module PRIVATE bores-hdf5)
# Its imports are the host's, which emcc looks for in vain; tests/meta says what they may be.
target_link_options(bores-hdf5-module PRIVATE
    -Os -sERROR_ON_UNDEFINED_SYMBOLS=0 -sWARN_ON_UNDEFINED_SYMBOLS=0)

add_custom_target(bores-wasm DEPENDS bores-core bores-text-module bores-hdf5-module
    bores-analysis-module)

include(cmake/licences.cmake)
