#include "schedule.h"

#include <string.h>

/* --- Writing ---------------------------------------------------------------------------------------------------------------- */

void sm_schedule_line(struct sm_str *out, const struct sm_chosen *chosen) {
    sm_str_addf(out, "%s %s#%u = %s", sm_choice_names[chosen->kind], chosen->label, chosen->occurrence, chosen->way);
}

static void write_key(struct sm_str *out, const char *key, const char *value) {
    if (value && value[0])
        sm_str_addf(out, "%s = %s\n", key, value);
}

void sm_schedule_write(struct sm_str *out, const struct sm_schedule *schedule) {
    sm_str_add(out, schedule->about ? schedule->about : "");
    write_key(out, "scenario", schedule->scenario);
    write_key(out, "profile", schedule->profile);
    write_key(out, "verdict", schedule->verdict);
    write_key(out, "build", schedule->build);
    if (schedule->count)
        sm_str_addc(out, '\n');
    for (size_t i = 0; i < schedule->count; i++) {
        sm_schedule_line(out, &schedule->chosen[i]);
        sm_str_addc(out, '\n');
    }
}

/* --- Reading ---------------------------------------------------------------------------------------------------------------- */

struct reading {
    struct sm_region *r;
    struct sm_problems *problems;
    struct sm_schedule *schedule;
    struct sm_chosen *chosen;
    struct sm_str about;
    unsigned line;
    bool begun; /* something other than a comment has come */
};

static void problem(struct reading *reading, size_t column, const char *what) {
    sm_problem(reading->problems, reading->schedule->file, reading->line, (unsigned)column + 1, "%s", what);
}

/* The last place of [what] in [text]. */
static const char *last(const char *text, const char *what) {
    const char *found = NULL;

    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        found = at;
    return found;
}

static bool read_key(struct reading *reading, const char *line) {
    struct sm_schedule *schedule = reading->schedule;
    const struct {
        const char *name, **to;
    } keys[] = {
        {"scenario", &schedule->scenario}, {"profile", &schedule->profile}, {"verdict", &schedule->verdict}, {"build", &schedule->build}};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        size_t bytes = strlen(keys[i].name);
        if (strncmp(line, keys[i].name, bytes) != 0 || strncmp(line + bytes, " = ", 3) != 0)
            continue;
        if ((*keys[i].to)[0])
            problem(reading, 0, sm_region_printf(reading->r, "%s is given twice", keys[i].name));
        *keys[i].to = sm_region_strdup(reading->r, line + bytes + 3);
        return true;
    }
    return false;
}

static int kind_of(const char *line, size_t bytes) {
    for (int i = 0; i < SM_CHOICE_COUNT; i++)
        if (strlen(sm_choice_names[i]) == bytes && strncmp(sm_choice_names[i], line, bytes) == 0)
            return i;
    return -1;
}

static bool read_number(const char *text, const char *end, uint32_t *ret_number) {
    uint64_t number = 0;

    if (text == end)
        return false;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9' || number > UINT32_MAX / 10)
            return false;
        number = number * 10 + (uint64_t)(*text - '0');
    }
    *ret_number = (uint32_t)number;
    return number > 0 && number <= UINT32_MAX;
}

static void read_choice(struct reading *reading, const char *line) {
    size_t word = strcspn(line, " ");
    int kind = kind_of(line, word);
    const char *label = line + word + (line[word] == ' '), *equals = strstr(label, " = "), *number = NULL;
    struct sm_chosen *chosen = &reading->chosen[reading->schedule->count];

    if (kind < 0) {
        problem(
            reading, 0,
            "neither a key nor a choice: write scenario, profile, verdict or build, or begin with event, yield, fault, late, age or user");
        return;
    }
    if (!equals || !equals[3]) {
        problem(reading, strlen(line), "a choice without its way: write `KIND LABEL#OCCURRENCE = WAY`");
        return;
    }
    const char *head = sm_region_strndup(reading->r, label, (size_t)(equals - label)), *hash = last(head, "#");
    if (hash)
        number = hash + 1;
    if (!hash || hash == head || !read_number(number, head + strlen(head), &chosen->occurrence)) {
        problem(reading, (size_t)(label - line), "a choice without its occurrence: write LABEL#1 for the first");
        return;
    }
    if (reading->schedule->count == SM_SCHEDULE_CHOICES_MAX - 1) {
        problem(reading, 0, "more choices than a run may have");
        return;
    }
    chosen->kind = (enum sm_choice)kind;
    chosen->label = sm_region_strndup(reading->r, head, (size_t)(hash - head));
    chosen->way = sm_region_strdup(reading->r, equals + 3);
    chosen->line = reading->line;
    reading->schedule->count++;
}

static void read_line(struct reading *reading, const char *line) {
    if (line[0] == '#' || !line[0]) {
        if (!reading->begun && line[0])
            sm_str_addf(&reading->about, "%s\n", line);
        return;
    }
    reading->begun = true;
    if (!read_key(reading, line))
        read_choice(reading, line);
}

static size_t lines_of(const char *text) {
    size_t lines = 1;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

const struct sm_schedule *sm_schedule_read(struct sm_region *r, const struct sm_reader *reader, const char *path,
                                           struct sm_problems *problems) {
    size_t bytes = 0, before = problems->count;
    const char *why = NULL, *text = reader->read(reader->self, r, path, &bytes, &why);
    struct reading reading = {.r = r, .problems = problems};

    if (!text) {
        sm_problem(problems, path, 0, 0, "%s", why);
        return NULL;
    }
    if (strlen(text) != bytes) {
        sm_problem(problems, path, 0, 0, "a byte 0: this is no text");
        return NULL;
    }
    reading.schedule = sm_region_zalloc(r, sizeof *reading.schedule);
    *reading.schedule = (struct sm_schedule){.file = path, .scenario = "", .profile = "", .verdict = "", .build = ""};
    reading.chosen = sm_region_zalloc(r, (lines_of(text) + 1) * sizeof *reading.chosen);
    sm_str_init(&reading.about, r);
    char *copy = sm_region_strdup(r, text), *rest = copy;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        reading.line++;
        size_t length = strlen(line);
        if (length && line[length - 1] == '\r')
            line[length - 1] = '\0';
        read_line(&reading, line);
    }
    if (!reading.schedule->scenario[0])
        sm_problem(problems, path, 0, 0, "no scenario: write `scenario = scenarios/NAME.yaml`");
    if (!reading.schedule->profile[0])
        sm_problem(problems, path, 0, 0, "no profile: write `profile = merged`");
    reading.schedule->about = reading.about.data;
    reading.schedule->chosen = reading.chosen;
    return problems->count == before ? reading.schedule : NULL;
}
