#include "env.h"

const char *const sm_choice_names[SM_CHOICE_COUNT] = {
    [SM_CHOICE_EVENT] = "event",
    [SM_CHOICE_YIELD] = "yield",
    [SM_CHOICE_FAULT] = "fault",
    [SM_CHOICE_LATE] = "late",
    [SM_CHOICE_AGE] = "age",
    [SM_CHOICE_USER] = "user",
};
