/* Bugs: states that can only arise if this program is wrong. They stop it in every build; what can arise from input is
 * an error value instead. Whoever can say how to reach the state again hooks in to say so. */
#ifndef SM_BUG_H
#define SM_BUG_H

/* Called once with the message before the program aborts, to print a replay line. It may also leave by longjmp, which
 * turns a bug into the verdict of one run. NULL: nothing. */
extern void (*sm_bug_hook)(const char *message);

_Noreturn void sm_bug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* assert() that stays on in Release. */
#define SM_ASSERT(condition) ((condition) ? (void)0 : sm_bug("%s, line %d: not so: %s", __func__, __LINE__, #condition))

#endif
