# From lines `SCENARIO FILE LINE`: how many lines each scenario reaches, how many of them no other does, and which those are.
{
    line = $2 ":" $3
    if (!($1 in reached))
        order[++count] = $1
    reached[$1]++
    if (line in only) {
        only[line] = ""
    } else {
        only[line] = $1
        all++
    }
}

# [lines] of one file in ascending order, like `12 15-18`.
function ranges(lines,   word, n, i, j, t, text) {
    n = split(lines, word)
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && word[j - 1] + 0 > word[j] + 0; j--) {
            t = word[j]
            word[j] = word[j - 1]
            word[j - 1] = t
        }
    for (i = 1; i <= n; i = j) {
        for (j = i + 1; j <= n && word[j] == word[j - 1] + 1; j++)
            ;
        text = text " " word[i] (j > i + 1 ? "-" word[j - 1] : "")
    }
    return text
}

END {
    for (line in only)
        if (only[line] != "") {
            split(line, part, ":")
            alone[only[line]]++
            if (!((only[line], part[1]) in lines))
                files[only[line]] = files[only[line]] " " part[1]
            lines[only[line], part[1]] = lines[only[line], part[1]] " " part[2]
        }
    printf "%-24s %8s %8s\n", "", "lines", "alone"
    for (i = 1; i <= count; i++)
        printf "%-24s %8d %8d\n", order[i], reached[order[i]], alone[order[i]]
    printf "%-24s %8d\n", "all of them", all
    for (i = 1; i <= count; i++) {
        n = split(files[order[i]], file)
        if (n)
            print "\n" order[i] " alone reaches"
        for (j = 2; j <= n; j++)
            for (k = j; k > 1 && file[k - 1] > file[k]; k--) {
                t = file[k]
                file[k] = file[k - 1]
                file[k - 1] = t
            }
        for (j = 1; j <= n; j++)
            print "  " file[j] ":" ranges(lines[order[i], file[j]])
    }
}
