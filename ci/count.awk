# Reads the output of `ctest -V` and prints how many tests of cmocka passed and how many did not. A test that never
# reported, because its program ended before, did not pass; a program that failed counts at least once, and one that ctest
# skipped as neither.
/^[0-9]+: / {
    id = $1 + 0
    if (match($0, /Running [0-9]+ test/))
        announced[id] += substr($0, RSTART + 8, RLENGTH - 13)
    else if (/\[       OK \] /)
        passed[id]++
    else if (/\[  SKIPPED \] [A-Za-z_]/)
        skipped[id]++
}

/Test +#[0-9]+: / {
    match($0, /#[0-9]+/)
    id = substr($0, RSTART + 1, RLENGTH - 1) + 0
    ended[id] = 1
    left_out[id] = /\*\*\*Skipped/
    failing[id] = $0 !~ / Passed / && !left_out[id]
}

END {
    for (id in ended) {
        bad = announced[id] - passed[id] - skipped[id]
        if (bad < failing[id])
            bad = failing[id]
        all_passed += announced[id] || bad || left_out[id] ? passed[id] : 1
        all_failed += bad
    }
    print all_passed + 0, all_failed + 0
}
