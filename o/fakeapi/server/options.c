/* Options of a write as metav1 validates them: CreateOptions, UpdateOptions, PatchOptions. Those of deletes and lists are
 * checked by their verbs. */
#include "call.h"
#include "field_errors.h"

#include <string.h>

enum { FIELD_MANAGER_BYTES_MAX = 128 };

static bool printable(const char *text) {
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    }
    return true;
}

static void check_field_manager(struct sm_field_errors *errors, const char *manager) {
    if (strlen(manager) > FIELD_MANAGER_BYTES_MAX)
        sm_field_too_long(errors, "fieldManager", FIELD_MANAGER_BYTES_MAX);
    if (!printable(manager))
        sm_field_invalid(errors, "fieldManager", sm_val_str(errors->region, manager), "should only contain printable characters");
}

static void check_patch(struct sm_field_errors *errors, const struct sm_request *request) {
    bool named = request->field_manager && *request->field_manager;

    if (request->patch == SM_PATCH_APPLY && !named)
        sm_field_required(errors, "fieldManager", "is required for apply patch");
    if (request->patch != SM_PATCH_APPLY && request->force_given)
        sm_field_forbidden(errors, "force", "may not be specified for non-apply patch");
}

bool sm_options_check(struct sm_call *call, struct sm_reply *reterr) {
    static const char *const kinds[SM_VERB_COUNT] = {
        [SM_CREATE] = "CreateOptions", [SM_UPDATE] = "UpdateOptions", [SM_PATCH] = "PatchOptions"};
    const struct sm_request *request = call->request;
    struct sm_field_errors errors = sm_field_errors_init(call->r);

    if (!kinds[request->verb])
        return true;
    if (request->verb == SM_PATCH)
        check_patch(&errors, request);
    if (request->field_manager)
        check_field_manager(&errors, request->field_manager);
    if (errors.count == 0)
        return true;
    *reterr = sm_field_errors_reply(&errors, "meta.k8s.io", kinds[request->verb], "");
    return false;
}
