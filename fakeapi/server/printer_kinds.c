/* Cells that one kind has, or two. */
#include <ctype.h>
#include <string.h>

#include "age.h"
#include "meta.h"
#include "printer.h"

enum { SHOWN_MAX = 3 };

static sm_val or_none(const struct sm_printing *p, const struct sm_str *text) {
    return sm_val_str(p->r, text->bytes ? text->data : "<none>");
}

static sm_val condition(sm_val object, const char *type) {
    sm_val it;

    SM_EACH_ITEM(it, sm_val_at(object, "status.conditions"))
        if (sm_val_is_text(sm_val_get(it, "type"), type))
            return it;
    return NULL;
}

static bool is_so(sm_val object, const char *type) {
    return sm_val_is_text(sm_val_get(condition(object, type), "status"), "True");
}

static const char *lower(struct sm_region *r, const char *text) {
    char *out = sm_region_strdup(r, text);

    for (char *c = out; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return out;
}

/* --- Storage ------------------------------------------------------------------------------------------------------------------ */

static const char *modes_text(struct sm_region *r, sm_val modes) {
    static const char *const names[][2] = {
        {"ReadWriteOnce", "RWO"}, {"ReadOnlyMany", "ROX"}, {"ReadWriteMany", "RWX"}, {"ReadWriteOncePod", "RWOP"}};
    struct sm_str text;
    sm_val mode;

    sm_str_init(&text, r);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bool found = false;
        SM_EACH_ITEM(mode, modes)
            found |= sm_val_is_text(mode, names[i][0]);
        if (found)
            sm_cell_join(&text, ",", names[i][1]);
    }
    return text.data;
}

/* Of a claim: what it got, once it is bound. */
sm_val sm_cell_access_modes(const struct sm_printing *p, sm_val object) {
    bool claim = strcmp(p->column->path, "status.accessModes") == 0;

    if (claim && !*sm_val_str_at(object, "spec.volumeName"))
        return sm_val_str(p->r, "");
    return sm_val_str(p->r, modes_text(p->r, sm_val_at(object, p->column->path)));
}

/* The capacity of a claim that is bound. */
sm_val sm_cell_claim(const struct sm_printing *p, sm_val object) {
    return *sm_val_str_at(object, "spec.volumeName") ? sm_cell_text(p, object) : sm_val_str(p->r, "");
}

/* `namespace/name` of the claim that holds a volume. */
sm_val sm_cell_data(const struct sm_printing *p, sm_val object) {
    sm_val claim = sm_val_at(object, "spec.claimRef");

    if (strcmp(p->column->path, "spec.claimRef") == 0)
        return claim ? sm_val_strf(p->r, "%s/%s", sm_val_str_at(claim, "namespace"), sm_val_str_at(claim, "name")) : sm_val_str(p->r, "");
    return sm_val_int(p->r, (int64_t)(sm_val_count(sm_val_get(object, "data")) + sm_val_count(sm_val_get(object, "binaryData"))));
}

sm_val sm_cell_class(const struct sm_printing *p, sm_val object) {
    const char *old = sm_val_str_at(object, "metadata.annotations[volume.beta.kubernetes.io/storage-class]");

    return *old ? sm_val_str(p->r, old) : sm_cell_text(p, object);
}

/* The name of a class, with a mark if it is the one for whoever names none. */
sm_val sm_cell_default_name(const struct sm_printing *p, sm_val object) {
    const char *mark = sm_val_str_at(object, sm_region_printf(p->r, "metadata.annotations[%s]", p->column->path));

    return sm_val_strf(p->r, "%s%s", sm_meta_name(object), strcmp(mark, "true") == 0 ? " (default)" : "");
}

static sm_val quota_item(sm_val quota, const char *part, const char *name) {
    return sm_val_get(sm_val_at(quota, part), name);
}

/* `requests.cpu: 1/2`: limits in one column, everything else in the other. */
sm_val sm_cell_quota(const struct sm_printing *p, sm_val object) {
    bool limits = strcmp(p->column->path, "limits") == 0;
    const struct sm_member *hard;
    struct sm_str text;

    sm_str_init(&text, p->r);
    SM_EACH_MEMBER(hard, sm_val_at(object, "status.hard")) {
        const char *used = sm_val_text(quota_item(object, "status.used", hard->key));
        if ((strncmp(hard->key, "limits", 6) == 0) == limits)
            sm_str_addf(&text, "%s%s: %s/%s", text.bytes ? ", " : "", hard->key, *used ? used : "0", sm_val_text(hard->value));
    }
    return sm_val_str(p->r, text.data);
}

/* --- Owners, events, rights --------------------------------------------------------------------------------------------------- */

sm_val sm_cell_controller(const struct sm_printing *p, sm_val object) {
    sm_val owner;

    SM_EACH_ITEM(owner, sm_val_at(object, "metadata.ownerReferences")) {
        if (!sm_val_true_at(owner, "controller"))
            continue;
        const char *version = sm_val_str_at(owner, "apiVersion");
        size_t group = strchr(version, '/') ? strcspn(version, "/") : 0;
        return sm_val_strf(p->r, "%s%s%.*s/%s", lower(p->r, sm_val_str_at(owner, "kind")), group ? "." : "", (int)group, version,
                           sm_val_str_at(owner, "name"));
    }
    return sm_val_str(p->r, "<none>");
}

sm_val sm_cell_event_object(const struct sm_printing *p, sm_val object) {
    const char *kind = lower(p->r, sm_val_str_at(object, "involvedObject.kind")), *name = sm_val_str_at(object, "involvedObject.name");

    return *name ? sm_val_strf(p->r, "%s/%s", kind, name) : sm_val_str(p->r, kind);
}

sm_val sm_cell_event_source(const struct sm_printing *p, sm_val object) {
    const char *component = sm_val_str_at(object, "source.component"), *host = sm_val_str_at(object, "source.host");

    if (!*component)
        component = sm_val_str_at(object, "reportingComponent");
    if (!*host && !*sm_val_str_at(object, "source.component"))
        host = sm_val_str_at(object, "reportingInstance");
    return sm_val_strf(p->r, "%s%s%s", component, *component && *host ? ", " : "", host);
}

/* Without blanks around it. */
sm_val sm_cell_message(const struct sm_printing *p, sm_val object) {
    const char *text = sm_val_str_at(object, p->column->path);
    size_t bytes;

    text += strspn(text, " \t\r\n");
    for (bytes = strlen(text); bytes && strchr(" \t\r\n", text[bytes - 1]); bytes--)
        ;
    return sm_val_strn(p->r, text, bytes);
}

static const char *first_seen(sm_val object) {
    const char *first = sm_val_str_at(object, "firstTimestamp");

    return *first ? first : sm_val_str_at(object, "eventTime");
}

sm_val sm_cell_event_first(const struct sm_printing *p, sm_val object) {
    return sm_val_str(p->r, sm_age_since(p->r, p->now, first_seen(object)));
}

sm_val sm_cell_event_last(const struct sm_printing *p, sm_val object) {
    const char *last = sm_val_str_at(object, "series.lastObservedTime");

    if (!*last)
        last = sm_val_str_at(object, "lastTimestamp");
    return sm_val_str(p->r, sm_age_since(p->r, p->now, *last ? last : first_seen(object)));
}

sm_val sm_cell_event_count(const struct sm_printing *p, sm_val object) {
    int64_t count = sm_val_int_at(object, "series.count", sm_val_int_at(object, "count", 0));

    return sm_val_int(p->r, count ? count : 1);
}

/* The subjects of one kind. */
sm_val sm_cell_subjects(const struct sm_printing *p, sm_val object) {
    struct sm_str text;
    sm_val subject;

    sm_str_init(&text, p->r);
    SM_EACH_ITEM(subject, sm_val_get(object, "subjects")) {
        const char *name = sm_val_str_at(subject, "name"), *name_space = sm_val_str_at(subject, "namespace");
        if (sm_val_is_text(sm_val_get(subject, "kind"), p->column->path))
            sm_cell_join(&text, ", ",
                         strcmp(p->column->path, "ServiceAccount") == 0 ? sm_region_printf(p->r, "%s/%s", name_space, name) : name);
    }
    return sm_val_str(p->r, text.data);
}

/* Approved,Issued; Denied; Failed; Pending. */
sm_val sm_cell_request_state(const struct sm_printing *p, sm_val object) {
    const char *state = condition(object, "Denied") ? "Denied" : condition(object, "Approved") ? "Approved" : "Pending";

    return sm_val_strf(p->r, "%s%s%s", state, condition(object, "Failed") ? ",Failed" : "",
                       *sm_val_str_at(object, "status.certificate") ? ",Issued" : "");
}

/* --- Services and what is behind them ----------------------------------------------------------------------------------------- */

static void add_balancers(struct sm_str *text, sm_val object) {
    sm_val ingress;

    SM_EACH_ITEM(ingress, sm_val_at(object, "status.loadBalancer.ingress")) {
        const char *ip = sm_val_str_at(ingress, "ip");
        sm_cell_join(text, ",", *ip ? ip : sm_val_str_at(ingress, "hostname"));
    }
}

sm_val sm_cell_service_address(const struct sm_printing *p, sm_val object) {
    const char *type = sm_val_str_at(object, "spec.type");
    bool balances = strcmp(type, "LoadBalancer") == 0;
    struct sm_str text;
    sm_val ip;

    if (strcmp(type, "ExternalName") == 0)
        return sm_val_get(sm_val_get(object, "spec"), "externalName");
    sm_str_init(&text, p->r);
    if (balances)
        add_balancers(&text, object);
    SM_EACH_ITEM(ip, sm_val_at(object, "spec.externalIPs"))
        sm_cell_join(&text, ",", sm_val_text(ip));
    return sm_val_str(p->r, text.bytes ? text.data : balances ? "<pending>" : "<none>");
}

sm_val sm_cell_service_ports(const struct sm_printing *p, sm_val object) {
    struct sm_str text;
    sm_val port;

    sm_str_init(&text, p->r);
    SM_EACH_ITEM(port, sm_val_at(object, "spec.ports")) {
        long long node = sm_val_int_at(port, "nodePort", 0);
        sm_str_addf(&text, "%s%lld", text.bytes ? "," : "", (long long)sm_val_int_at(port, "port", 0));
        if (node)
            sm_str_addf(&text, ":%lld", node);
        sm_str_addf(&text, "/%s", sm_val_str_at(port, "protocol"));
    }
    return or_none(p, &text);
}

/* Joined, the first few of them. */
struct few {
    struct sm_str text;
    size_t count;
};

static void add_few(struct few *few, const char *item) {
    if (few->count++ < SHOWN_MAX)
        sm_cell_join(&few->text, ",", item);
}

static sm_val few_text(const struct sm_printing *p, struct few *few, const char *none) {
    if (few->count > SHOWN_MAX)
        sm_str_addf(&few->text, " + %zu more...", few->count - SHOWN_MAX);
    return sm_val_str(p->r, few->count ? few->text.data : none);
}

sm_val sm_cell_endpoints(const struct sm_printing *p, sm_val object) {
    struct few few = {.count = 0};
    sm_val subset, address, port;

    sm_str_init(&few.text, p->r);
    SM_EACH_ITEM(subset, sm_val_get(object, "subsets")) {
        SM_EACH_ITEM(port, sm_val_get(subset, "ports"))
            SM_EACH_ITEM(address, sm_val_get(subset, "addresses"))
                add_few(&few, sm_region_printf(p->r, "%s:%lld", sm_val_str_at(address, "ip"), (long long)sm_val_int_at(port, "port", 0)));
        if (!sm_val_count(sm_val_get(subset, "ports")))
            SM_EACH_ITEM(address, sm_val_get(subset, "addresses"))
                add_few(&few, sm_val_str_at(address, "ip"));
    }
    return few_text(p, &few, "<none>");
}

sm_val sm_cell_slice_ports(const struct sm_printing *p, sm_val object) {
    struct few few = {.count = 0};
    sm_val port;

    sm_str_init(&few.text, p->r);
    SM_EACH_ITEM(port, sm_val_get(object, "ports"))
        add_few(&few, sm_val_get(port, "port") ? sm_region_printf(p->r, "%lld", (long long)sm_val_int_at(port, "port", 0)) : "*");
    return few_text(p, &few, "<unset>");
}

sm_val sm_cell_slice_endpoints(const struct sm_printing *p, sm_val object) {
    struct few few = {.count = 0};
    sm_val endpoint, address;

    sm_str_init(&few.text, p->r);
    SM_EACH_ITEM(endpoint, sm_val_get(object, "endpoints"))
        SM_EACH_ITEM(address, sm_val_get(endpoint, "addresses"))
            add_few(&few, sm_val_text(address));
    return few_text(p, &few, "<unset>");
}

sm_val sm_cell_hosts(const struct sm_printing *p, sm_val object) {
    struct few few = {.count = 0};
    sm_val rule;

    sm_str_init(&few.text, p->r);
    SM_EACH_ITEM(rule, sm_val_at(object, "spec.rules")) {
        const char *host = sm_val_str_at(rule, "host");
        add_few(&few, *host ? host : "*");
    }
    return few_text(p, &few, "*");
}

sm_val sm_cell_ingress_address(const struct sm_printing *p, sm_val object) {
    struct sm_str text;

    sm_str_init(&text, p->r);
    add_balancers(&text, object);
    return sm_val_str(p->r, text.data);
}

sm_val sm_cell_ingress_ports(const struct sm_printing *p, sm_val object) {
    return sm_val_str(p->r, sm_val_count(sm_val_at(object, "spec.tls")) ? "80, 443" : "80");
}

/* --- Jobs, nodes, autoscalers ------------------------------------------------------------------------------------------------- */

sm_val sm_cell_job_status(const struct sm_printing *p, sm_val job) {
    const char *text = is_so(job, "Complete")             ? "Complete"
                       : is_so(job, "Failed")             ? "Failed"
                       : sm_meta_deleting(job)            ? "Terminating"
                       : is_so(job, "Suspended")          ? "Suspended"
                       : is_so(job, "FailureTarget")      ? "FailureTarget"
                       : is_so(job, "SuccessCriteriaMet") ? "SuccessCriteriaMet"
                                                          : "Running";

    return sm_val_str(p->r, text);
}

sm_val sm_cell_job_done(const struct sm_printing *p, sm_val job) {
    long long done = sm_val_int_at(job, "status.succeeded", 0), parallel = sm_val_int_at(job, "spec.parallelism", 0);
    sm_val wanted = sm_val_at(job, "spec.completions");

    if (wanted)
        return sm_val_strf(p->r, "%lld/%lld", done, (long long)wanted->integer);
    return parallel > 1 ? sm_val_strf(p->r, "%lld/1 of %lld", done, parallel) : sm_val_strf(p->r, "%lld/1", done);
}

sm_val sm_cell_job_time(const struct sm_printing *p, sm_val job) {
    sm_time from, to;

    if (!sm_clock_parse_rfc3339(sm_val_str_at(job, "status.startTime"), &from))
        return sm_val_str(p->r, "");
    bool ended = sm_clock_parse_rfc3339(sm_val_str_at(job, "status.completionTime"), &to);
    return sm_val_str(p->r, sm_age_text(p->r, (ended ? to : p->now) - from));
}

sm_val sm_cell_node_status(const struct sm_printing *p, sm_val node) {
    sm_val ready = condition(node, "Ready");
    const char *text = !ready ? "Unknown" : is_so(node, "Ready") ? "Ready" : "NotReady";

    return sm_val_strf(p->r, "%s%s", text, sm_val_true_at(node, "spec.unschedulable") ? ",SchedulingDisabled" : "");
}

sm_val sm_cell_node_roles(const struct sm_printing *p, sm_val node) {
    static const char prefix[] = "node-role.kubernetes.io/";
    const struct sm_member *label;
    struct sm_str text;

    sm_str_init(&text, p->r);
    SM_EACH_MEMBER(label, sm_val_at(node, "metadata.labels")) {
        if (strncmp(label->key, prefix, sizeof prefix - 1) == 0 && label->key[sizeof prefix - 1])
            sm_cell_join(&text, ",", label->key + sizeof prefix - 1);
        else if (strcmp(label->key, "kubernetes.io/role") == 0 && *sm_val_text(label->value))
            sm_cell_join(&text, ",", sm_val_text(label->value));
    }
    return or_none(p, &text);
}

/* The first address of a type. */
sm_val sm_cell_address(const struct sm_printing *p, sm_val node) {
    sm_val address;

    SM_EACH_ITEM(address, sm_val_at(node, "status.addresses"))
        if (sm_val_is_text(sm_val_get(address, "type"), p->column->path))
            return sm_val_get(address, "address");
    return sm_val_str(p->r, "<none>");
}

/* `cpu: 20%/80%` of each metric of a resource; of others their target alone. */
sm_val sm_cell_targets(const struct sm_printing *p, sm_val scaler) {
    sm_val current = sm_val_at(scaler, "status.currentMetrics"), metric;
    struct sm_str text;

    sm_str_init(&text, p->r);
    SM_EACH_ITEM(metric, sm_val_at(scaler, "spec.metrics")) {
        sm_val target = sm_val_at(metric, "resource.target"), now = sm_val_at(sm_val_item(current, metric_i), "resource.current");
        const char *name = sm_val_str_at(metric, "resource.name");
        sm_val of = sm_val_get(target, "averageUtilization"), is = sm_val_get(now, "averageUtilization");

        if (!target)
            sm_cell_join(&text, ", ", "<unknown>");
        else if (of)
            sm_cell_join(&text, ", ",
                         sm_region_printf(p->r, "%s: %s/%lld%%", name,
                                          is ? sm_region_printf(p->r, "%lld%%", (long long)is->integer) : "<unknown>",
                                          (long long)of->integer));
        else
            sm_cell_join(&text, ", ",
                         sm_region_printf(p->r, "%s: %s/%s", name, now ? sm_val_str_at(now, "averageValue") : "<unknown>",
                                          sm_val_str_at(target, "averageValue")));
    }
    return or_none(p, &text);
}
