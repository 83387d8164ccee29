# SPDX-License-Identifier: MIT
# Flags for everything, and stricter ones for our own code.

if(BORES_SANITIZE)
    add_compile_options(-fsanitize=${BORES_SANITIZE} -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${BORES_SANITIZE})
endif()

if(BORES_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Natively SSE2 is x86-64's baseline and nothing above it is asked for, so that native and
# WebAssembly run the same kernels. What has simd has bulk memory, too.
if(EMSCRIPTEN)
    include(cmake/emcc.cmake)
    if(BORES_SIMD)
        bores_call_clang(-msimd128 -msse2 -mbulk-memory)
    else()
        bores_call_clang()
    endif()
endif()

# 1 MiB: BloscLZ alone wants more than the 64 KiB that new releases give. The option was
# renamed in 3.1.25.
if(EMSCRIPTEN)
    if(EMSCRIPTEN_VERSION VERSION_LESS 3.1.25)
        set(BORES_STACK_OPTION -sTOTAL_STACK=1048576)
    else()
        set(BORES_STACK_OPTION -sSTACK_SIZE=1048576)
    endif()
endif()

# Warnings are errors in our own code; third-party code keeps its own habits.
function(bores_own_code target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
        -Wpointer-arith -Wwrite-strings)
endfunction()
