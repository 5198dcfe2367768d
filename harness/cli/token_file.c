#include "token_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES_MAX = 4096, FIELDS = 4, GROUPS_MAX = 64 };

/* Takes the next field off [at]; quotes hold commas, two of them are one. */
static const char *field(struct sm_region *r, const char **at) {
    char *out = sm_region_alloc(r, strlen(*at) + 1), *to = out;
    const char *from = *at + strspn(*at, " ");
    bool quoted = *from == '"';

    from += quoted;
    for (; *from && (quoted || *from != ','); from++) {
        if (quoted && *from == '"') {
            if (from[1] != '"') {
                from += 1 + strcspn(from + 1, ",");
                break;
            }
            from++;
        }
        *to++ = *from;
    }
    *to = '\0';
    *at = *from == ',' ? from + 1 : from;
    return out;
}

static const char *const *groups_of(struct sm_region *r, const char *list) {
    const char **groups = sm_region_zalloc(r, (GROUPS_MAX + 2) * sizeof groups[0]);
    size_t count = 0;

    while (*list && count < GROUPS_MAX) {
        size_t bytes = strcspn(list, ",");
        if (bytes)
            groups[count++] = sm_region_strndup(r, list, bytes);
        list += bytes + (list[bytes] == ',');
    }
    groups[count] = "system:authenticated";
    return groups;
}

bool sm_token_file_read(struct sm_region *r, const char *path, struct sm_http_account *accounts, size_t *count, const char **reterr) {
    FILE *file = fopen(path, "r");
    char line[LINE_BYTES_MAX];
    size_t read = 0, number = 0;

    *reterr = NULL;
    if (!file) {
        *reterr = strerror(errno);
        return false;
    }
    while (!*reterr && fgets(line, sizeof line, file)) {
        const char *fields[FIELDS], *at = line;
        number++;
        line[strcspn(line, "\r\n")] = '\0';
        if (!*line)
            continue;
        for (size_t i = 0; i < FIELDS; i++)
            fields[i] = field(r, &at);
        if (!*fields[0] || !*fields[1] || read == SM_TOKEN_FILE_MAX)
            *reterr = sm_region_printf(r, "line %zu: write token,user,uid and no more than %d lines", number, SM_TOKEN_FILE_MAX);
        else
            accounts[read++] = (struct sm_http_account){fields[0], fields[1], groups_of(r, fields[3])};
    }
    fclose(file);
    *count += read;
    return !*reterr;
}
