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

# The module is standalone (no JavaScript glue), has no file system, and memory that grows up
# to 4 GiB. Its exports are the C symbols listed in src/wasm/exports.txt.
set(exports_file ${CMAKE_SOURCE_DIR}/src/wasm/exports.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${exports_file})
file(STRINGS ${exports_file} exports REGEX "^[a-z]")
list(TRANSFORM exports PREPEND "_")
list(JOIN exports "," exports)

if(BORES_SIMD)
    set(module_name bores)
else()
    set(module_name bores-scalar)
endif()

file(GLOB module_sources CONFIGURE_DEPENDS src/wasm/*.c)
add_executable(bores-wasm ${module_sources})
target_include_directories(bores-wasm PRIVATE src)
target_link_libraries(bores-wasm PRIVATE bores)
bores_own_code(bores-wasm)
target_link_options(bores-wasm PRIVATE
    -sSTANDALONE_WASM --no-entry -sFILESYSTEM=0 ${BORES_STACK_OPTION}
    -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4294967296
    "-sEXPORTED_FUNCTIONS=${exports}")
set_target_properties(bores-wasm PROPERTIES
    OUTPUT_NAME ${module_name} SUFFIX .wasm
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR}/js/wasm
    LINK_DEPENDS ${exports_file})

include(cmake/licences.cmake)
