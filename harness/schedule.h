/* A schedule: the choices of one run that were not 0, as text that people read and compare. With scenario and profile it is the run.
 *
 *      # An edit while the update is under way is stamped before it is applied.
 *      scenario = scenarios/plain/edit.yaml
 *      profile = merged
 *      verdict = violated: image-ran
 *
 *      fault seinode-controller.apply statefulsets/default/n-1#2 = lose-answer
 *      late seinode-controller/pods.deliver default/n-1-0#1 = 20s
 *      event kubelet.sync default/n-1-0#3 = seinode-controller.answer pods/default/n-1-0
 *      user user.patch seinode/n-1#2 = 17
 *
 * `<kind> <label>#<occurrence> = <way>`: at the so-many-th choice of that kind with that label, that way. Ways are names where the
 * choice has names, the label of what runs instead where an event is passed over, and numbers elsewhere. All other choices are 0, so
 * a schedule outlives changes of the program; a line whose choice does not occur any more is outdated, and is named.
 */
#ifndef SM_SCHEDULE_H
#define SM_SCHEDULE_H

#include "env.h"
#include "problem.h"
#include "scenario.h"
#include "str.h"

enum { SM_SCHEDULE_CHOICES_MAX = 1 << 16 };

struct sm_chosen {
    enum sm_choice kind;
    const char *label;
    uint32_t occurrence; /* from 1 */
    const char *way;     /* a name, a label, or a number as text */
    unsigned line;       /* of the file; 0: not from a file */
};

struct sm_schedule {
    const char *file;     /* NULL: not from a file */
    const char *about;    /* its first lines, `#` and all; "" */
    const char *scenario; /* a path */
    const char *profile;
    const char *verdict; /* what the run ended with when it was written: `stuck`, `violated: claim-kept`; "" */
    const char *build;   /* information; "" */
    const struct sm_chosen *chosen;
    size_t count;
};

void sm_schedule_write(struct sm_str *out, const struct sm_schedule *schedule);

/* The line of one choice, without its end. */
void sm_schedule_line(struct sm_str *out, const struct sm_chosen *chosen);

/* NULL if anything is wrong: then [problems] has grown. Lives in [r]. */
const struct sm_schedule *sm_schedule_read(struct sm_region *r, const struct sm_reader *reader, const char *path,
                                           struct sm_problems *problems);

#endif
