/* Messages between processes of one program: numbers and texts, one after the other, with their length before them. Both ends are
 * the same build, so there is no format to keep. */
#ifndef SM_MESSAGE_H
#define SM_MESSAGE_H

#include "finding.h"

/* Writing: into a string. */
void sm_message_begin(struct sm_str *out, char kind);
void sm_message_number(struct sm_str *out, uint64_t number);
void sm_message_text(struct sm_str *out, const char *text); /* NULL stays NULL */
void sm_message_choices(struct sm_str *out, const struct sm_chosen *chosen, size_t count);
bool sm_message_send(int fd, struct sm_str *out); /* false: nobody reads */

/* Reading. Texts live in the region of the message. */
struct sm_message {
    struct sm_region *region;
    const char *at;
    char kind; /* 0: the other end is closed */
};
struct sm_message sm_message_receive(int fd, struct sm_region *region);
uint64_t sm_message_read_number(struct sm_message *message);
const char *sm_message_read_text(struct sm_message *message);
const struct sm_chosen *sm_message_read_choices(struct sm_message *message, size_t *ret_count);

#endif
