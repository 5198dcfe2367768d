# sm_folder(NAME [SUBFOLDERS dir…] [LINKS target…] [PRIVATE_LINKS target…] [TEST_LINKS target…] [EMBEDS SYMBOL=file…])
#
# Makes the static library sm_NAME from the .c files of the current folder and its SUBFOLDERS, all of which are include
# directories. LINKS are folders whose headers ours may show; PRIVATE_LINKS are seen by our .c files alone; TEST_LINKS by
# the tests and fuzzers. EMBEDS are files that become arrays of bytes, see embed.cmake. A folder that has no .c file yet is an interface
# library.
#
#   *_test.c   each is an executable with cmocka, and a test `NAME/..._test` that runs in the folder of its source
#   *_fuzz.c   each is an executable with libFuzzer, in the fuzz preset only
#   main.c     never part of the library
function(sm_folder NAME)
    cmake_parse_arguments(ARG "" "" "SUBFOLDERS;LINKS;PRIVATE_LINKS;TEST_LINKS;EMBEDS" ${ARGN})
    set(library sm_${NAME})
    set(folders "${CMAKE_CURRENT_SOURCE_DIR}")
    foreach(subfolder IN LISTS ARG_SUBFOLDERS)
        list(APPEND folders "${CMAKE_CURRENT_SOURCE_DIR}/${subfolder}")
    endforeach()

    set(sources)
    foreach(folder IN LISTS folders)
        file(GLOB found CONFIGURE_DEPENDS "${folder}/*.c")
        list(APPEND sources ${found})
    endforeach()
    set(tests ${sources})
    set(fuzzers ${sources})
    list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|/main)\\.c$")
    list(FILTER tests INCLUDE REGEX "_test\\.c$")
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.c$")
    foreach(embed IN LISTS ARG_EMBEDS)
        string(REGEX MATCH "^([^=]+)=(.+)$" embed "${embed}")
        sm_embed(source ${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
        list(APPEND sources "${source}")
    endforeach()

    if(sources)
        add_library(${library} STATIC ${sources})
        target_include_directories(${library} PUBLIC ${folders})
        target_link_libraries(${library} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
    else()
        add_library(${library} INTERFACE)
        target_include_directories(${library} INTERFACE ${folders})
        target_link_libraries(${library} INTERFACE ${ARG_LINKS})
    endif()

    if(SM_FUZZ)
        foreach(source IN LISTS fuzzers)
            sm_folder_executable(target ${NAME} "${source}")
            target_link_libraries(${target} PRIVATE ${library} ${ARG_TEST_LINKS})
            target_link_options(${target} PRIVATE -fsanitize=fuzzer)
        endforeach()
        return()
    endif()
    foreach(source IN LISTS tests)
        sm_folder_executable(target ${NAME} "${source}")
        target_link_libraries(${target} PRIVATE ${library} ${ARG_TEST_LINKS} PkgConfig::CMOCKA)
        get_filename_component(folder "${source}" DIRECTORY)
        get_filename_component(test "${source}" NAME_WE)
        add_test(NAME ${NAME}/${test} COMMAND ${target} WORKING_DIRECTORY "${folder}")
        set_tests_properties(${NAME}/${test} PROPERTIES TIMEOUT 300)
    endforeach()
endfunction()

# The executable of one source: target NAME_x_test, file x_test in the folder that mirrors the source's.
function(sm_folder_executable RET_TARGET NAME SOURCE)
    get_filename_component(folder "${SOURCE}" DIRECTORY)
    get_filename_component(stem "${SOURCE}" NAME_WE)
    file(RELATIVE_PATH subfolder "${CMAKE_CURRENT_SOURCE_DIR}" "${folder}")
    set(target ${NAME}_${stem})
    add_executable(${target} "${SOURCE}")
    set_target_properties(${target} PROPERTIES OUTPUT_NAME ${stem} RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${subfolder}")
    set(${RET_TARGET} ${target} PARENT_SCOPE)
endfunction()
