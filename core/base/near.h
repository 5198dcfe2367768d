/* What somebody may have meant by a word that is not known: the nearest of the known ones, if a typing error leads there. */
#ifndef SM_NEAR_H
#define SM_NEAR_H

struct sm_near {
    const char *word;
    const char *best; /* NULL: nothing is near */
    unsigned distance;
};

static inline struct sm_near sm_near_init(const char *word) { return (struct sm_near){.word = word}; }

/* Offers a known word, which must live as long as [near]; of two that are equally near the first stays. */
void sm_near_try(struct sm_near *near, const char *known);

/* Over a list ended by NULL. */
const char *sm_near_of(const char *word, const char *const *known);

#endif
