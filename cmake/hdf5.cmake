# SPDX-License-Identifier: MIT
# Imported targets `hdf5` and `deflate`, built by cmake/hdf5 in a tree that presets share: one for
# WebAssembly (they hold no SIMD), one for all native presets (uninstrumented, which sanitizers
# accept), one instrumented for fuzzing.

bores_source(libdeflate)
bores_source(hdf5)

set(hdf5_options -DBORES_HDF5_SOURCE_DIR=${hdf5_SOURCE_DIR}
    -DBORES_LIBDEFLATE_SOURCE_DIR=${libdeflate_SOURCE_DIR})
if(EMSCRIPTEN)
    set(hdf5_build ${CMAKE_SOURCE_DIR}/build/hdf5-wasm)
    list(APPEND hdf5_options -DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE})
elseif(BORES_FUZZ)
    set(hdf5_build ${CMAKE_SOURCE_DIR}/build/hdf5-fuzz)
    list(APPEND hdf5_options -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER}
        "-DBORES_FLAGS=-g -fsanitize=address -fsanitize=fuzzer-no-link")
else()
    set(hdf5_build ${CMAKE_SOURCE_DIR}/build/hdf5-native)
endif()

set(hdf5_outputs ${hdf5_build}/libhdf5.a ${hdf5_build}/libdeflate.a)
add_custom_command(OUTPUT ${hdf5_outputs}
    COMMAND ${CMAKE_COMMAND} -S ${CMAKE_SOURCE_DIR}/cmake/hdf5 -B ${hdf5_build} -G Ninja
        ${hdf5_options}
    COMMAND ${CMAKE_COMMAND} --build ${hdf5_build}
    DEPENDS ${CMAKE_SOURCE_DIR}/cmake/hdf5/CMakeLists.txt ${CMAKE_SOURCE_DIR}/cmake/sources.json
        ${CMAKE_SOURCE_DIR}/src/hdf5/config/H5pubconf.h
    COMMENT "HDF5 (a minute or two, once)" VERBATIM
    USES_TERMINAL) # so that its steps are in the log as they are done
add_custom_target(hdf5-build DEPENDS ${hdf5_outputs})

foreach(library hdf5 deflate)
    add_library(${library} STATIC IMPORTED GLOBAL)
    set_target_properties(${library} PROPERTIES
        IMPORTED_LOCATION ${hdf5_build}/lib${library}.a)
    add_dependencies(${library} hdf5-build)
endforeach()
target_include_directories(hdf5 SYSTEM INTERFACE
    ${hdf5_SOURCE_DIR}/src ${hdf5_SOURCE_DIR}/src/H5FDsubfiling ${CMAKE_SOURCE_DIR}/src/hdf5/config)
target_include_directories(deflate SYSTEM INTERFACE ${libdeflate_SOURCE_DIR})
