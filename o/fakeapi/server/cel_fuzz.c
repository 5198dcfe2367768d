/* Any text is an expression with a value, or an error; nothing else happens. */
#include "bug.h"
#include "cel.h"
#include "json.h"
#include "structural.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    struct sm_region r;
    sm_region_init(&r, "fuzz", 0);
    const char *error = NULL, *text = sm_region_strndup(&r, (const char *)data, bytes);
    struct sm_cel_scope scope = {.want = SM_CEL_BOOL};
    const struct sm_cel *cel = sm_cel_compile(&r, text, &scope, &error);
    if (cel) {
        int64_t steps = 10000;
        sm_val self = sm_json_literal(&r, "{'a':1,'b':[1,2.5,'x'],'s':'text','m':{'k':null}}");
        struct sm_cel_result result = sm_cel_eval(&r, cel, self, self, &steps);
        SM_ASSERT((result.value == NULL) == (result.error != NULL));
    } else {
        SM_ASSERT(error);
    }
    sm_region_release(&r);
    return 0;
}
