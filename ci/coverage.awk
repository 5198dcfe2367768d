# From lcov's records: lines and branches by folder, then by top folder with the goals of `core` and `fakeapi`.
BEGIN { FS = ":" }

function add(folder) {
    lines[folder] += line_count
    lines_hit[folder] += line_hits
    branches[folder] += branch_count
    branches_hit[folder] += branch_hits
}

function percent(part, whole) { return whole ? 100 * part / whole : 100 }

function row(folder) {
    printf "%-24s %8.1f %% %7d %8.1f %% %7d\n", folder, percent(lines_hit[folder], lines[folder]), lines[folder],
        percent(branches_hit[folder], branches[folder]), branches[folder]
}

$1 == "SF" {
    folder = substr($2, length(top) + 1)
    sub(/\/[^\/]*$/, "", folder)
    line_count = line_hits = branch_count = branch_hits = 0
}
$1 == "LF" { line_count = $2 }
$1 == "LH" { line_hits = $2 }
$1 == "BRF" { branch_count = $2 }
$1 == "BRH" { branch_hits = $2 }
/^end_of_record/ {
    if (!(folder in lines))
        order[++count] = folder
    add(folder)
    split(folder, parts, "/")
    if (parts[1] != folder) {
        if (!(parts[1] in is_top))
            tops[++top_count] = parts[1]
        is_top[parts[1]] = 1
        add(parts[1])
    }
}

END {
    printf "%-24s %10s %7s %10s %7s\n", "", "lines", "of", "branches", "of"
    for (i = 1; i <= count; i++)
        row(order[i])
    print ""
    for (i = 1; i <= top_count; i++)
        row(tops[i])
    goals["core"] = goals["fakeapi"] = 1
    for (i = 1; i <= top_count; i++) {
        folder = tops[i]
        if (!(folder in goals))
            continue
        if (percent(lines_hit[folder], lines[folder]) < lines_min || percent(branches_hit[folder], branches[folder]) < branches_min) {
            print folder ": below the goal of " lines_min " % of lines and " branches_min " % of branches"
            low = 1
        }
    }
    exit gate && low
}
