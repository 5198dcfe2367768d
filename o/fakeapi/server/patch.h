/* Patches: pure functions from a document and a patch to a document. Each returns NULL and fills [reterr] on failure.
 * A merge patch is sm_val_merge_patch; apply is in apply.h. */
#ifndef SM_PATCH_H
#define SM_PATCH_H

#include "api.h"
#include "schema.h"

/* RFC 6902 as evanphx/json-patch behaves inside kube-apiserver (kubernetes.md, corrections). [patch] is the parsed list. */
sm_val sm_patch_json(struct sm_region *r, sm_val document, sm_val patch, struct sm_reply *reterr);

/* Strategic merge patch, with its directives. */
sm_val sm_patch_strategic(struct sm_region *r, const struct sm_schema *schema, sm_val document, sm_val patch, struct sm_reply *reterr);

#endif
