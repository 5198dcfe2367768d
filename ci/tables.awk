# Prints `--lines=FROM:TO` for all of a C file but its tables. Initialisers and enums of more than one line, and cases that
# share a line, are rows and columns laid out by hand, and a formatter would undo that.
function braces(line) {
    gsub(/\\./, "", line)
    gsub(/"[^"]*"|'[^']*'|\/\*.*\*\/|\/\/.*/, "", line)
    return gsub(/\{/, "", line) - gsub(/\}/, "", line)
}

function end_of_code(last) {
    if (last >= from)
        print "--lines=" from ":" last
}

BEGIN { from = 1 }

/clang-format off/ {
    off = 1
    end_of_code(NR - 1)
}
/clang-format on/ {
    off = 0
    from = NR + 1
}
off { next }

depth > 0 {
    depth += braces($0)
    if (depth == 0)
        from = NR + 1
    next
}

/=[ ]*(\([^()]*\))?[ ]*\{/ || /^ *(typedef )?enum.*\{/ || /^ *(static |const )+struct.*\{$/ {
    depth = braces($0)
    if (depth > 0)
        end_of_code(NR - 1)
    else
        depth = 0
}

/: case / {
    end_of_code(NR - 1)
    from = NR + 1
}

END {
    if (!off && depth == 0)
        end_of_code(NR)
}
