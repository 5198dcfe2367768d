#include "near.h"

#include <stddef.h>
#include <string.h>

enum { BYTES_MAX = 60, PREFIX_BYTES_MIN = 3 };

/* How many letters were put in, left out or mistaken; two that changed places count once. */
static unsigned distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes) {
    unsigned rows[3][BYTES_MAX + 1], *before = rows[0], *above = rows[1], *row = rows[2];

    for (unsigned j = 0; j <= b_bytes; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a_bytes; i++) {
        unsigned *spare = before;
        before = above;
        above = row;
        row = spare;
        row[0] = i;
        for (unsigned j = 1; j <= b_bytes; j++) {
            unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
    }
    return row[b_bytes];
}

void sm_near_try(struct sm_near *near, const char *known) {
    size_t word_bytes = strlen(near->word), known_bytes = strlen(known);
    unsigned d, allowed = word_bytes < 3 ? 0 : word_bytes < 6 ? 1 : 2;

    if (word_bytes > BYTES_MAX || known_bytes > BYTES_MAX)
        return;
    if (word_bytes >= PREFIX_BYTES_MIN && word_bytes < known_bytes && strncmp(known, near->word, word_bytes) == 0)
        d = allowed; /* the beginning of it: as good as the worst error */
    else
        d = distance(near->word, word_bytes, known, known_bytes);
    if (d <= allowed && (!near->best || d < near->distance)) {
        near->best = known;
        near->distance = d;
    }
}

const char *sm_near_of(const char *word, const char *const *known) {
    struct sm_near near = sm_near_init(word);

    for (size_t i = 0; known[i]; i++)
        sm_near_try(&near, known[i]);
    return near.best;
}
