/* Conversations with the server, one a text file of testdata. A block is a request, a line of four dashes and the reply; blank lines part
 * blocks. With SM_REWRITE=1 the files are written anew with the replies as they are now: read the diff.
 *
 *      as bot system:serviceaccounts              who asks from here on: a user, and groups; `as admin` is system:masters
 *      create configmaps default [option=value …]          then the body as JSON, single quotes allowed
 *      get | update | patch | apply | delete statefulsets/status default/web …
 *      list | watch | deletecollection pods [default] …
 *      log pods                                   what was appended to the log since it was last asked
 *      advance 30s · compact VERSION
 *
 * Options: those of a request (fieldManager, force, dryRun, type=json|strategic, labelSelector, fieldSelector, limit, continue,
 * resourceVersion, resourceVersionMatch, fieldValidation), duplicate=path of a key that the body has twice, and show=path,path: nothing else of the object; `managers` is a line
 * for each manager with the paths it owns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field_set.h"
#include "json.h"
#include "meta.h"
#include "server.h"
#include "sim.h"

enum { GROUPS_MAX = 8, WORDS_MAX = 24 };

struct conversation {
    struct sm_region run, scratch;
    struct sm_sim *sim;
    struct sm_server *server;
    struct sm_client client;
    const char *groups[GROUPS_MAX + 1];
    uint32_t logged[SM_RESOURCE_COUNT];
    const char *token; /* of the last list */
    const char *show;
};

/* --- Saying what a reply is -------------------------------------------------------------------------------------------------- */

static void say_path(void *arg, const char *path) {
    sm_str_addf(arg, " %s", path);
}

/* `ctl Apply: .spec.replicas`; an entry without a time says so. */
static void say_managers(struct conversation *c, struct sm_str *out, sm_val object) {
    sm_val entry, entries = sm_val_at(object, "metadata.managedFields");

    if (!entries)
        sm_str_add(out, "no managers\n");
    SM_EACH_ITEM(entry, entries) {
        const char *subresource = sm_val_str_at(entry, "subresource");

        sm_str_addf(out, "%s %s%s%s%s:", sm_val_str_at(entry, "manager"), sm_val_str_at(entry, "operation"), *subresource ? " of " : "",
                    subresource, sm_val_get(entry, "time") ? "" : " (no time)");
        sm_field_set_each(&c->run, sm_val_get(entry, "fieldsV1"), say_path, out);
        sm_str_addc(out, '\n');
    }
}

static void say_shown(struct conversation *c, struct sm_str *out, sm_val object) {
    char *paths = sm_region_strdup(&c->run, c->show), *rest = NULL;

    for (char *path = strtok_r(paths, ",", &rest); path; path = strtok_r(NULL, ",", &rest)) {
        sm_val v = strcmp(path, "managers") == 0 ? NULL : sm_val_at(object, path);

        if (strcmp(path, "managers") == 0)
            say_managers(c, out, object);
        else
            sm_str_addf(out, "%s: %s\n", path, v ? sm_json_text(&c->run, v, SM_JSON_COMPACT) : "absent");
    }
}

/* One line a field; what differs from run to run, or is said in every object, is left out. */
static void say_object(struct conversation *c, struct sm_str *out, sm_val object) {
    static const char *const silent[] = {"metadata.managedFields", "metadata.uid", "metadata.creationTimestamp"};
    const struct sm_member *field;

    if (c->show) {
        say_shown(c, out, object);
        return;
    }
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
        object = sm_val_set_at(&c->run, object, silent[i], NULL);
    SM_EACH_MEMBER(field, object) {
        if (strcmp(field->key, "apiVersion") != 0 && strcmp(field->key, "kind") != 0)
            sm_str_addf(out, "%s: %s\n", field->key, sm_json_text(&c->run, field->value, SM_JSON_COMPACT));
    }
}

static void say_key(struct sm_str *out, sm_val object) {
    const char *name_space = sm_meta_namespace(object);

    sm_str_addf(out, "%s%s%s @%lld\n", name_space, *name_space ? "/" : "", sm_meta_name(object), (long long)sm_meta_version(object));
}

static void say_list(struct conversation *c, struct sm_str *out, sm_val list) {
    sm_val item;
    const char *token = sm_val_str_at(list, "metadata.continue");

    sm_str_addf(out, "%s @%s", sm_val_str_at(list, "kind"), sm_val_str_at(list, "metadata.resourceVersion"));
    if (*token)
        sm_str_addf(out, ", and %lld more", (long long)sm_val_int_at(list, "metadata.remainingItemCount", -1));
    sm_str_addc(out, '\n');
    if (*token)
        c->token = token;
    SM_EACH_ITEM(item, sm_val_get(list, "items")) {
        sm_str_add(out, "- ");
        say_key(out, item);
        if (c->show)
            say_shown(c, out, item);
    }
}

static void say_reply(struct conversation *c, struct sm_str *out, const struct sm_reply *reply) {
    sm_val details = sm_val_get(reply->body, "details");

    for (const char *const *warning = reply->warnings; warning && *warning; warning++)
        sm_str_addf(out, "warning: %s\n", *warning);
    if (!sm_reply_ok(reply)) {
        sm_str_addf(out, "%d %s: %s\n", reply->code, sm_val_str_at(reply->body, "reason"), sm_val_str_at(reply->body, "message"));
        if (details)
            sm_str_addf(out, "details: %s\n", sm_json_text(&c->run, details, SM_JSON_COMPACT));
        return;
    }
    if (sm_val_is_text(sm_val_get(reply->body, "kind"), "Status")) {
        sm_str_addf(out, "%d Status %s\n", reply->code, sm_val_str_at(reply->body, "status"));
        return;
    }
    sm_str_addf(out, "%d ", reply->code);
    if (sm_val_get(reply->body, "items")) {
        say_list(c, out, reply->body);
        return;
    }
    sm_str_addf(out, "%s\n", sm_val_str_at(reply->body, "kind"));
    say_object(c, out, reply->body);
}

/* --- Requests ---------------------------------------------------------------------------------------------------------------- */

/* A custom one is named with its group; one that is not served (any more) is asked for all the same. */
static const struct sm_resource *find_resource(struct conversation *c, const char *name) {
    const struct sm_resource *resource = sm_resource_by_name(name);
    const struct sm_kind_info *kind;
    size_t bytes = strcspn(name, ".");

    if (resource)
        return resource;
    if (!name[bytes])
        fail_msg("no resource: %s", name);
    struct sm_resource *custom = sm_region_alloc(&c->run, sizeof *custom);
    *custom = (struct sm_resource){.group = sm_region_strdup(&c->run, name + bytes + 1),
                                   .version = "v1",
                                   .api_version = "",
                                   .kind = "",
                                   .plural = sm_region_strndup(&c->run, name, bytes),
                                   .namespaced = true};
    kind = sm_server_kind(c->server, custom);
    return kind ? kind->resource : custom;
}

static bool option(const char *word, const char *name, const char **ret_value) {
    size_t bytes = strlen(name);

    if (strncmp(word, name, bytes) != 0 || word[bytes] != '=')
        return false;
    *ret_value = word + bytes + 1;
    return true;
}

static void take_option(struct conversation *c, struct sm_request *request, const char *word) {
    const char *value;

    if (option(word, "fieldManager", &value))
        request->field_manager = value;
    else if (option(word, "force", &value))
        request->force = request->force_given = true;
    else if (option(word, "dryRun", &value))
        request->dry_run = true;
    else if (option(word, "type", &value))
        request->patch = strcmp(value, "json") == 0 ? SM_PATCH_JSON : SM_PATCH_STRATEGIC;
    else if (option(word, "labelSelector", &value))
        request->label_selector = value;
    else if (option(word, "fieldSelector", &value))
        request->field_selector = value;
    else if (option(word, "limit", &value))
        request->limit = atoll(value);
    else if (option(word, "continue", &value))
        request->continue_token = *value ? value : c->token;
    else if (option(word, "resourceVersionMatch", &value))
        request->resource_version_match = value;
    else if (option(word, "resourceVersion", &value))
        request->resource_version = value;
    else if (option(word, "fieldValidation", &value))
        request->field_validation = strcmp(value, "Strict") == 0 ? SM_VALIDATE_STRICT : SM_VALIDATE_IGNORE;
    else if (option(word, "duplicate", &value))
        request->duplicates = SM_LIST(&c->run, sm_val_str(&c->run, value));
    else if (option(word, "show", &value))
        c->show = value;
    else
        fail_msg("no option: %s", word);
}

static bool take_verb(const char *word, struct sm_request *request) {
    if (strcmp(word, "apply") == 0) {
        request->verb = SM_PATCH;
        request->patch = SM_PATCH_APPLY;
        return true;
    }
    for (int verb = 0; verb < SM_VERB_COUNT; verb++) {
        if (strcmp(sm_verb_names[verb], word) == 0) {
            request->verb = (enum sm_verb)verb;
            request->patch = verb == SM_PATCH ? SM_PATCH_MERGE : SM_PATCH_NONE;
            return true;
        }
    }
    return false;
}

/* `default/web`, `default` of a collection, or the name of what has no namespace. */
static void take_place(struct sm_request *request, char *word) {
    bool one = request->verb != SM_CREATE && request->verb != SM_LIST && request->verb != SM_WATCH && request->verb != SM_DELETE_COLLECTION;
    char *slash = strchr(word, '/');

    if (slash) {
        *slash = '\0';
        request->name_space = word;
        request->name = slash + 1;
    } else if (one) {
        request->name = word;
    } else {
        request->name_space = word;
    }
}

static void say_watch(struct conversation *c, struct sm_str *out, const struct sm_request *request, const struct sm_reply *reply) {
    const struct sm_log *log = sm_server_log(&c->sim->env, c->server, request->resource);
    int64_t cursor = sm_val_int_at(reply->body, "cursor", -1);
    sm_val event;

    SM_EACH_ITEM(event, sm_val_get(reply->body, "events")) {
        sm_str_addf(out, "%s %s", sm_val_str_at(event, "type"), sm_val_str_at(event, "object.message"));
        say_key(out, sm_val_get(event, "object"));
    }
    for (; cursor >= 0 && cursor < log->count; cursor++) {
        event = sm_server_watch_event(&c->run, c->server, request, &log->entries[cursor]);
        if (!event)
            continue;
        sm_str_addf(out, "later %s ", sm_val_str_at(event, "type"));
        say_key(out, sm_val_get(event, "object"));
    }
    sm_str_add(out, cursor < 0 ? "closed\n" : "open\n");
}

static void ask(struct conversation *c, struct sm_str *out, char **words, size_t count, const char *body) {
    struct sm_request request = {.client = &c->client, .subresource = "", .name_space = "", .name = ""};
    size_t i = 2;

    if (count < 2 || !take_verb(words[0], &request))
        fail_msg("no request: %s", words[0]);
    char *slash = strchr(words[1], '/');
    if (slash) {
        *slash = '\0';
        request.subresource = slash + 1;
    }
    request.resource = find_resource(c, words[1]);
    if (i < count && !strchr(words[i], '='))
        take_place(&request, words[i++]);
    c->show = NULL;
    for (; i < count; i++)
        take_option(c, &request, words[i]);
    if (*body)
        request.body = sm_json_literal(&c->run, body);
    struct sm_reply reply = sm_server_handle(&c->sim->env, c->server, &request);
    if (request.verb == SM_WATCH && reply.code == 200)
        say_watch(c, out, &request, &reply);
    else
        say_reply(c, out, &reply);
}

static void say_log(struct conversation *c, struct sm_str *out, const char *name) {
    const struct sm_resource *resource = sm_resource_by_name(name);
    const struct sm_log *log = sm_server_log(&c->sim->env, c->server, resource);
    uint32_t *logged = &c->logged[resource - sm_resources];

    for (; *logged < log->count; (*logged)++) {
        sm_str_addf(out, "%s ", sm_change_names[log->entries[*logged].change]);
        say_key(out, log->entries[*logged].object);
    }
}

static void take_client(struct conversation *c, char **words, size_t count) {
    bool admin = strcmp(words[1], "admin") == 0;
    size_t groups = 0;

    for (size_t i = 2; i < count && groups < GROUPS_MAX; i++)
        c->groups[groups++] = sm_region_strdup(&c->run, words[i]);
    if (admin)
        c->groups[groups++] = "system:masters";
    c->groups[groups] = NULL;
    c->client = (struct sm_client){.name = "test", .user = sm_region_strdup(&c->run, words[1]), .groups = c->groups, .agent = "test"};
}

static void converse(struct conversation *c, struct sm_str *out, const char *request) {
    size_t line = strcspn(request, "\n"), count = 0;
    char *words[WORDS_MAX], *text = sm_region_strndup(&c->run, request, line), *rest = NULL;
    sm_time duration;

    for (char *word = strtok_r(text, " ", &rest); word && count < WORDS_MAX; word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    if (strcmp(words[0], "as") == 0)
        take_client(c, words, count);
    else if (strcmp(words[0], "log") == 0)
        say_log(c, out, words[1]);
    else if (strcmp(words[0], "compact") == 0)
        sm_server_compact(c->server, atoll(words[1]));
    else if (strcmp(words[0], "advance") == 0 && sm_clock_parse_duration(words[1], &duration))
        sm_sim_run_until(c->sim, c->sim->env.now + duration);
    else
        ask(c, out, words, count, request[line] ? request + line + 1 : "");
}

/* --- Files ------------------------------------------------------------------------------------------------------------------- */

static char *read_file(struct sm_region *r, const char *path) {
    struct sm_str text;
    FILE *file = fopen(path, "r");
    int c;

    if (!file)
        fail_msg("%s cannot be read", path);
    sm_str_init(&text, r);
    while ((c = fgetc(file)) != EOF)
        sm_str_addc(&text, (char)c);
    fclose(file);
    return text.data;
}

/* Comments and blank lines are kept as they are. */
static void replay(struct conversation *c, struct sm_str *out, const char *text) {
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t bytes = end ? (size_t)(end - text) : strlen(text);
        char *block = sm_region_strndup(&c->run, text, bytes), *dashes = strstr(block, "\n----"), *request = block;

        while (*request == '#')
            request += strcspn(request, "\n") + (request[strcspn(request, "\n")] == '\n');
        if (!dashes) {
            sm_str_add(out, block);
            sm_str_addc(out, '\n');
        } else {
            *dashes = '\0';
            sm_str_addf(out, "%s\n----\n", block);
            converse(c, out, request);
        }
        text += bytes;
        while (*text == '\n')
            text++;
        if (*text)
            sm_str_addc(out, '\n');
    }
}

static void check_file(const char *path) {
    static struct conversation c;
    char as[] = "as", admin[] = "admin";
    struct sm_str out;

    memset(&c, 0, sizeof c);
    sm_region_init(&c.run, path, 0);
    sm_region_init(&c.scratch, "scratch", 0);
    c.sim = sm_sim_new(&(struct sm_sim_config){.run = &c.run, .scratch = &c.scratch});
    c.server = sm_server_new(&c.sim->env, &(struct sm_server_config){.seed = 1, .rbac = true});
    for (size_t i = 0; i < SM_RESOURCE_COUNT; i++) {
        const struct sm_log *log = sm_server_log(&c.sim->env, c.server, &sm_resources[i]);

        c.logged[i] = log ? log->count : 0;
    }
    take_client(&c, (char *[]){as, admin}, 2);
    char *text = read_file(&c.run, path);
    sm_str_init(&out, &c.run);
    replay(&c, &out, text);
    if (getenv("SM_REWRITE")) {
        FILE *file = fopen(path, "w");

        fputs(out.data, file);
        fclose(file);
    } else {
        assert_string_equal(out.data, text);
    }
    sm_region_release(&c.run);
    sm_region_release(&c.scratch);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void conversations_go_as_written(void **state) {
    enum { FILES_MAX = 64 };
    char *paths[FILES_MAX];
    size_t count = 0;
    DIR *folder = opendir("testdata");

    (void)state;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && count < FILES_MAX;) {
        size_t bytes = strlen(entry->d_name);

        if (bytes > 4 && strcmp(entry->d_name + bytes - 4, ".txt") == 0) {
            paths[count] = test_malloc(bytes + sizeof "testdata/");
            snprintf(paths[count++], bytes + sizeof "testdata/", "testdata/%s", entry->d_name);
        }
    }
    closedir(folder);
    qsort(paths, count, sizeof paths[0], by_name);

    for (size_t i = 0; i < count; i++) {
        check_file(paths[i]);
        test_free(paths[i]);
    }

    assert_true(count > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(conversations_go_as_written)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
