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
# to 4 GiB. Each has a folder in src/wasm: its sources, and exports.txt, the C symbols that it exports.
# What stands after the folder is the name of the module's file, its library and the sources that
# it shares with others.
function(bores_module folder name library)
    set(target bores-${folder}-module)
    set(exports_file ${CMAKE_SOURCE_DIR}/src/wasm/${folder}/exports.txt)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${exports_file})
    file(STRINGS ${exports_file} exports REGEX "^[a-z]")
    list(TRANSFORM exports PREPEND "_")
    list(JOIN exports "," exports)
    if(NOT BORES_SIMD)
        string(APPEND name -scalar)
    endif()
    file(GLOB sources CONFIGURE_DEPENDS src/wasm/${folder}/*.c)
    add_executable(${target} ${sources} src/wasm/memory_exports.c ${ARGN})
    target_include_directories(${target} PRIVATE src src/wasm)
    target_link_libraries(${target} PRIVATE ${library})
    bores_own_code(${target})
    target_link_options(${target} PRIVATE
        -sSTANDALONE_WASM --no-entry -sFILESYSTEM=0 ${BORES_STACK_OPTION}
        -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4294967296
        "-sEXPORTED_FUNCTIONS=${exports}")
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${name} SUFFIX .wasm
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR}/js/wasm
        LINK_DEPENDS ${exports_file})
    add_dependencies(bores-wasm ${target})
endfunction()

add_custom_target(bores-wasm)
bores_module(core bores bores src/wasm/exports.c src/wasm/rows.c)
bores_module(text bores-text bores src/wasm/exports.c) # loaded when JSON or YAML is met
bores_module(eclipse bores-eclipse bores src/wasm/exports.c) # with ECLIPSE's files
bores_module(analysis bores-analysis bores src/wasm/rows.c) # loaded with the first analysis
bores_module(sim bores-sim bores) # loaded when a run starts
bores_module(hdf5 bores-hdf5 bores-hdf5)
# Its imports are the host's, which emcc looks for in vain; tests/meta says what they may be.
target_link_options(bores-hdf5-module PRIVATE
    -Os -sERROR_ON_UNDEFINED_SYMBOLS=0 -sWARN_ON_UNDEFINED_SYMBOLS=0)

include(cmake/licences.cmake)
