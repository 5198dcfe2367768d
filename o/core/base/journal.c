#include "journal.h"

const char *const sm_journal_names[SM_JOURNAL_COUNT] = {
#define X(id, name, shown) [SM_JOURNAL_##id] = name,
    SM_JOURNAL_KINDS(X)
#undef X
};

const bool sm_journal_shown[SM_JOURNAL_COUNT] = {
#define X(id, name, shown) [SM_JOURNAL_##id] = shown,
    SM_JOURNAL_KINDS(X)
#undef X
};
