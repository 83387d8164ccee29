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
