# SPDX-License-Identifier: MIT
# emcc is a Python program around clang, which takes 0.25 s of a processor before it calls that: as much as it takes
# to compile one of our files, of which there are 1200. So it is asked once what it would call, and that is called.
# Its linker is its own affair, and where it does not answer, so are objects.

# What emcc makes of -Os.
set(BORES_SMALL -Os -fno-inline-functions)

# Compiles the objects of this folder and of those added below it, all with these flags of emcc's.
macro(bores_call_clang)
    find_program(BORES_EM_CONFIG em-config)
    if(BORES_EM_CONFIG)
        execute_process(COMMAND ${BORES_EM_CONFIG} LLVM_ROOT OUTPUT_VARIABLE bores_llvm
            ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
        execute_process(COMMAND ${CMAKE_C_COMPILER} --cflags ${ARGN} OUTPUT_VARIABLE bores_cflags
            ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    endif()
    string(REGEX REPLACE "^[^\n]*clang[^ \n]* -target" "-target" bores_cflags "${bores_cflags}") # behind a wrapper
    if(EXISTS "${bores_llvm}/clang" AND NOT bores_llvm MATCHES " " AND bores_cflags MATCHES "^-target wasm32[^\n]+$")
        set(CMAKE_C_COMPILE_OBJECT
            "${bores_llvm}/clang ${bores_cflags} <DEFINES> <INCLUDES> <FLAGS> -o <OBJECT> -c <SOURCE>")
    else()
        add_compile_options(${ARGN})
    endif()
endmacro()
