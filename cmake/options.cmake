# How everything is compiled.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # GNU attributes
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
add_compile_definitions(_GNU_SOURCE)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
# Bugs are asserts that stay on in Release: no NDEBUG anywhere.
set(CMAKE_C_FLAGS_RELEASE "-O3 -g")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer")
if(SM_PLAIN)
    set(CMAKE_C_FLAGS_DEBUG "-O0 -g")
endif()

add_compile_options(
    -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla -Wformat=2 -Wundef
    -Wpointer-arith -Wcast-qual -Wwrite-strings -Wimplicit-fallthrough -Wdate-time -Wdouble-promotion
    -fno-common)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wtrampolines)
endif()
if(SM_WERROR)
    add_compile_options(-Werror)
endif()

if(SM_SANITIZE)
    # Every finding ends the program, so that no test can pass over one.
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
endif()
if(SM_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(SM_CHECK_HASHES)
    add_compile_definitions(SM_CHECK_HASHES)
endif()
if(SM_COVERAGE)
    add_compile_options(--coverage -O0)
    add_link_options(--coverage)
else()
    # The same bytes from any directory. (lcov needs the real paths.)
    add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}=.)
endif()
