# sm_embed(RET_SOURCE SYMBOL FILE)
#
# Makes a C source that defines `const char SYMBOL[]` with the bytes of FILE and a NUL behind them, when FILE changes.
# So the binary needs no files of its own at run time. The generator is this same file, run as a script.
if(CMAKE_SCRIPT_MODE_FILE)
    file(READ "${FILE}" bytes HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
    file(WRITE "${SOURCE}" "extern const char ${SYMBOL}[];\nconst char ${SYMBOL}[] = {\n${bytes}0};\n")
    return()
endif()

set(SM_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(sm_embed RET_SOURCE SYMBOL FILE)
    set(source "${CMAKE_CURRENT_BINARY_DIR}/${SYMBOL}.c")
    get_filename_component(file "${FILE}" ABSOLUTE)
    add_custom_command(
        OUTPUT "${source}"
        COMMAND "${CMAKE_COMMAND}" -DFILE=${file} -DSOURCE=${source} -DSYMBOL=${SYMBOL} -P "${SM_EMBED_SCRIPT}"
        DEPENDS "${file}" "${SM_EMBED_SCRIPT}"
        VERBATIM)
    set(${RET_SOURCE} "${source}" PARENT_SCOPE)
endfunction()
