/* The journal: the stream of what happened in a run. Everything people see (timeline, reports, coverage) is written from
 * this alone, so reports need no header but this one and values.
 */
#ifndef SM_JOURNAL_H
#define SM_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "val.h"

/* What can happen: enum, name, and whether it is something a person wants to see in a timeline. */
#define SM_JOURNAL_KINDS(X) \
    X(SENT, "sent", false)           /* a request leaves its client */ \
    X(COMMITTED, "committed", true)  /* the server has answered it; code, version and bodies are known */ \
    X(ANSWERED, "answered", false)   /* the answer reached its client */ \
    X(READ, "read", true)            /* a cached read: version seen, latest version, how far behind */ \
    X(DELIVERED, "delivered", false) /* a watch event reached a cache */ \
    X(STARTED, "started", true)      /* a reconcile begins */ \
    X(FINISHED, "finished", true)    /* a reconcile ends; text says how */ \
    X(EVENT, "event", true)          /* a Kubernetes Event was recorded; text is `Normal Reason message` */ \
    X(SERVICE, "service", true)      /* a call of an outside service (the sidecar) was answered */ \
    X(METRIC, "metric", false)       /* text is `name{labels} value` */ \
    X(STEP, "step", true)            /* the scenario did something */ \
    X(ACTED, "acted", true)          /* an actor without a queue did something (container started …) */ \
    X(FAULT, "fault", true)          /* something was made to go wrong */ \
    X(CRASHED, "crashed", true) \
    X(RESTARTED, "restarted", true) \
    X(SYNCED, "synced", false) /* an informer has its first list */ \
    X(CHOSE, "chose", true)    /* an engine took another way than the default */ \
    X(VERDICT, "verdict", true) \
    X(NOTE, "note", true)

enum sm_journal_kind {
#define X(id, name, shown) SM_JOURNAL_##id,
    SM_JOURNAL_KINDS(X)
#undef X
    SM_JOURNAL_COUNT
};
extern const char *const sm_journal_names[SM_JOURNAL_COUNT];
extern const bool sm_journal_shown[SM_JOURNAL_COUNT];

/* Pointers need only live while the event is being emitted. Unused fields are zero. */
struct sm_journal_event {
    sm_time time;
    uint64_t number; /* set by the sink: 1, 2, 3 … */
    uint64_t cause;  /* number of the event this one answers; 0: none */
    enum sm_journal_kind kind;
    const char *actor;    /* `seinode-controller`, `statefulset-controller`, `kubelet`, `user` … */
    const char *verb;     /* `get`, `list`, `create`, `update`, `patch`, `apply`, `delete`; services: `POST /v0/tasks` */
    const char *resource; /* `pods`, `statefulsets/status` */
    const char *name_space;
    const char *name;
    int64_t version;          /* resourceVersion seen or written; 0 unknown */
    int64_t latest;           /* the store's version of that object at that moment; 0 unknown */
    sm_time behind;           /* how long ago the version seen was overtaken; 0: it is current */
    int code;                 /* HTTP code of the answer */
    const char *text;         /* one line for people; may be NULL */
    sm_val request;           /* body sent */
    sm_val reply;             /* body answered */
    const char *options;      /* query of the request: `fieldManager=x&force=true` */
    uint32_t choice, choices; /* CHOSE: value taken, number of ways open */
};

#endif
