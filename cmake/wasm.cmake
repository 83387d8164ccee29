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

# A module is standalone (no JavaScript glue), has no file system, and memory that grows up to
# 4 GiB. Its exports are the C symbols listed in <folder>/exports.txt; the others are not linked.
function(bores_module target name folder)
    set(exports_file ${CMAKE_SOURCE_DIR}/${folder}/exports.txt)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${exports_file})
    file(STRINGS ${exports_file} exports REGEX "^[a-z]")
    list(TRANSFORM exports PREPEND "_")
    list(JOIN exports "," exports)
    if(NOT BORES_SIMD)
        string(APPEND name -scalar)
    endif()

    add_executable(${target} ${ARGN})
    target_include_directories(${target} PRIVATE src src/wasm)
    target_link_libraries(${target} PRIVATE bores)
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

file(GLOB module_sources CONFIGURE_DEPENDS src/wasm/*.c)
bores_module(bores-wasm bores src/wasm ${module_sources})
# JSON and YAML, loaded when such a file is met.
file(GLOB text_sources CONFIGURE_DEPENDS src/wasm/text/*.c)
bores_module(bores-text-wasm bores-text src/wasm/text src/wasm/exports.c ${text_sources})

include(cmake/licences.cmake)
