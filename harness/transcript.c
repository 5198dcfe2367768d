#include "transcript.h"

#include <string.h>

#include "bug.h"

enum { COUNTS_MIN = 256 };

/* --- Labels ----------------------------------------------------------------------------------------------------------------- */

static uint64_t hash_more(uint64_t hash, const char *text) {
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t hash_kind(enum sm_choice kind) {
    return UINT64_C(0xcbf29ce484222325) ^ ((uint64_t)kind + 1) << 56;
}

static uint64_t hash_parts(enum sm_choice kind, const char *actor, const char *what, const char *object) {
    uint64_t hash = hash_more(hash_kind(kind), actor);

    if (what)
        hash = hash_more(hash_more(hash, "."), what);
    if (object)
        hash = hash_more(hash_more(hash, " "), object);
    return hash ? hash : 1;
}

static struct sm_label_count *find(struct sm_label_count *counts, uint32_t size, uint64_t label) {
    uint32_t i = (uint32_t)(label ^ label >> 32) & (size - 1);

    while (counts[i].label && counts[i].label != label)
        i = (i + 1) & (size - 1);
    return &counts[i];
}

/* --- Writing down ----------------------------------------------------------------------------------------------------------- */

static void grow_counts(struct sm_transcript *transcript) {
    uint32_t size = 2 * transcript->counts_size;
    struct sm_label_count *counts = sm_region_zalloc(transcript->region, size * sizeof *counts);

    for (uint32_t i = 0; i < transcript->counts_size; i++)
        if (transcript->counts[i].label)
            *find(counts, size, transcript->counts[i].label) = transcript->counts[i];
    transcript->counts = counts;
    transcript->counts_size = size;
}

static uint32_t count_label(struct sm_transcript *transcript, uint64_t label) {
    struct sm_label_count *count = find(transcript->counts, transcript->counts_size, label);

    transcript->asked++;
    if (!count->label) {
        if (2 * ++transcript->counts_used > transcript->counts_size) {
            grow_counts(transcript);
            count = find(transcript->counts, transcript->counts_size, label);
        }
        count->label = label;
    }
    return ++count->times;
}

static void write_down(struct sm_transcript *transcript, enum sm_choice kind, const char *label, uint32_t occurrence, const char *way) {
    if (transcript->count == transcript->capacity) {
        size_t capacity = transcript->capacity ? 2 * transcript->capacity : 32;
        struct sm_chosen *chosen = sm_region_alloc(transcript->region, capacity * sizeof *chosen);
        if (transcript->count)
            memcpy(chosen, transcript->chosen, transcript->count * sizeof *chosen);
        transcript->chosen = chosen;
        transcript->capacity = capacity;
    }
    transcript->chosen[transcript->count++] = (struct sm_chosen){.kind = kind,
                                                                 .label = sm_region_strdup(transcript->region, label),
                                                                 .occurrence = occurrence,
                                                                 .way = sm_region_strdup(transcript->region, way)};
}

static uint32_t transcribe(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct sm_transcript *transcript = self;
    uint32_t occurrence = count_label(transcript, hash_parts(point->kind, point->actor, point->what, point->object));
    char label[SM_SIM_LABEL_BYTES];

    if (!transcript->inner.choose)
        return 0;
    uint32_t value = transcript->inner.choose(transcript->inner.self, env, point);
    if (value && value < point->n)
        write_down(transcript, point->kind, sm_sim_point_label(label, point), occurrence,
                   point->ways ? point->ways[value] : sm_region_printf(transcript->region, "%u", value));
    return value;
}

static uint32_t transcribe_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    struct sm_transcript *transcript = self;
    const struct sm_event *first = enabled[0];
    uint32_t occurrence = count_label(transcript, hash_parts(SM_CHOICE_EVENT, first->actor, first->what, first->object));
    char label[SM_SIM_LABEL_BYTES], way[SM_SIM_LABEL_BYTES];

    if (!transcript->inner.choose_event)
        return 0;
    uint32_t value = transcript->inner.choose_event(transcript->inner.self, env, enabled, n);
    if (value && value < n)
        write_down(transcript, SM_CHOICE_EVENT, sm_sim_label(label, first), occurrence, sm_sim_label(way, enabled[value]));
    return value;
}

struct sm_transcript *sm_transcript_new(struct sm_region *region, const struct sm_sim_chooser *inner) {
    struct sm_transcript *transcript = sm_region_zalloc(region, sizeof *transcript);

    *transcript = (struct sm_transcript){.inner = *inner, .region = region, .counts_size = COUNTS_MIN};
    transcript->counts = sm_region_zalloc(region, COUNTS_MIN * sizeof *transcript->counts);
    return transcript;
}

struct sm_sim_chooser sm_transcript_chooser(struct sm_transcript *transcript) {
    return (struct sm_sim_chooser){
        .self = transcript, .choose = transcribe, .choose_event = transcript->inner.choose_event ? transcribe_event : NULL};
}

/* --- Playing ---------------------------------------------------------------------------------------------------------------- */

enum { NONE = UINT32_MAX };

/* The choice of the player that is due at this question; NULL: none is. */
static const struct sm_chosen *due(struct sm_player *player, uint64_t label) {
    struct sm_label_count *count = find(player->counts, player->counts_size, label);

    if (!count->label)
        return NULL;
    count->times++;
    if (count->next == NONE || player->chosen[count->next].occurrence != count->times)
        return NULL;
    const struct sm_chosen *chosen = &player->chosen[count->next];
    player->met[count->next] = true;
    count->next = player->next[count->next];
    return chosen;
}

static uint32_t number_of(const char *text) {
    uint32_t number = 0;

    for (; *text >= '0' && *text <= '9' && number < UINT32_MAX / 10; text++)
        number = number * 10 + (uint32_t)(*text - '0');
    return *text ? 0 : number;
}

static uint32_t way_of(const struct sm_choice_point *point, const char *way) {
    for (uint32_t i = 0; point->ways && i < point->n; i++)
        if (strcmp(point->ways[i], way) == 0)
            return i;
    return point->ways ? 0 : number_of(way);
}

static uint32_t play(void *self, struct sm_env *env, const struct sm_choice_point *point) {
    struct sm_player *player = self;
    const struct sm_chosen *chosen = due(player, hash_parts(point->kind, point->actor, point->what, point->object));
    (void)env;

    if (!chosen)
        return 0;
    uint32_t value = way_of(point, chosen->way);
    if (value >= point->n)
        return 0;
    player->played[chosen - player->chosen] = value != 0;
    return value;
}

static uint32_t play_event(void *self, struct sm_env *env, const struct sm_event *const *enabled, uint32_t n) {
    struct sm_player *player = self;
    const struct sm_chosen *chosen = due(player, hash_parts(SM_CHOICE_EVENT, enabled[0]->actor, enabled[0]->what, enabled[0]->object));
    char label[SM_SIM_LABEL_BYTES];
    (void)env;

    for (uint32_t i = 1; chosen && i < n; i++)
        if (strcmp(sm_sim_label(label, enabled[i]), chosen->way) == 0) {
            player->played[chosen - player->chosen] = true;
            return i;
        }
    return 0;
}

static void add_choice(struct sm_player *player, uint32_t i) {
    const struct sm_chosen *chosen = &player->chosen[i];
    uint64_t label = hash_parts(chosen->kind, chosen->label, NULL, NULL);
    struct sm_label_count *count = find(player->counts, player->counts_size, label);

    if (!count->label)
        *count = (struct sm_label_count){.label = label, .next = NONE};
    uint32_t *at = &count->next;
    while (*at != NONE && player->chosen[*at].occurrence < chosen->occurrence)
        at = &player->next[*at];
    player->next[i] = *at;
    *at = i;
}

struct sm_player *sm_player_new(struct sm_region *region, const struct sm_chosen *chosen, size_t count) {
    struct sm_player *player = sm_region_zalloc(region, sizeof *player);
    uint32_t size = 16;

    SM_ASSERT(count <= SM_SCHEDULE_CHOICES_MAX);
    while (size < 2 * count + 2)
        size *= 2;
    *player = (struct sm_player){.chosen = chosen, .count = count, .counts_size = size};
    player->played = sm_region_zalloc(region, (count + 1) * sizeof *player->played);
    player->met = sm_region_zalloc(region, (count + 1) * sizeof *player->met);
    player->next = sm_region_zalloc(region, (count + 1) * sizeof *player->next);
    player->counts = sm_region_zalloc(region, size * sizeof *player->counts);
    for (size_t i = 0; i < count; i++)
        add_choice(player, (uint32_t)i);
    return player;
}

struct sm_sim_chooser sm_player_chooser(struct sm_player *player) {
    bool events = false;

    for (size_t i = 0; i < player->count; i++)
        events |= player->chosen[i].kind == SM_CHOICE_EVENT;
    return (struct sm_sim_chooser){.self = player, .choose = play, .choose_event = events ? play_event : NULL};
}
