#include "run_json.h"

#include <string.h>

#include "json.h"

static void add_lines(struct sm_str *out, const char *key, const char *log) {
    sm_str_addf(out, ",\"%s\":[", key);
    for (const char *line = log; *line;) {
        size_t bytes = strcspn(line, "\n");
        if (line != log)
            sm_str_addc(out, ',');
        sm_json_quote(out, line, bytes, SM_JSON_COMPACT);
        line += bytes + (line[bytes] == '\n');
    }
    sm_str_addc(out, ']');
}

void sm_run_json(struct sm_str *out, const struct sm_cell *cells, size_t count) {
    struct sm_region *r = out->region;

    sm_str_add(out, "{\"results\":[");
    for (size_t i = 0; i < count; i++) {
        const struct sm_cell *cell = &cells[i];
        const struct {
            const char *key, *text;
        } texts[] = {{"scenario", cell->scenario}, {"file", cell->file},     {"profile", cell->profile}, {"verdict", cell->verdict},
                     {"expected", cell->expected}, {"reason", cell->reason}, {"why", cell->why},         {"replay", cell->replay}};
        sm_str_add(out, i ? ",\n{" : "\n{");
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            sm_str_addf(out, "%s\"%s\":", t ? "," : "", texts[t].key);
            sm_json_print(out, sm_val_str(r, texts[t].text ? texts[t].text : ""), SM_JSON_COMPACT);
        }
        sm_str_addf(out, ",\"ok\":%s,\"control\":%s,\"events\":%llu,\"virtualMilliseconds\":%lld", cell->as_expected ? "true" : "false",
                    cell->control ? "true" : "false", (unsigned long long)cell->events, (long long)(cell->time / SM_MILLISECOND));
        if (cell->log)
            add_lines(out, cell->log_is_whole ? "timeline" : "lastEvents", cell->log);
        sm_str_addc(out, '}');
    }
    sm_str_add(out, "\n]}\n");
}
