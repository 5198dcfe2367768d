/* CustomResourceDefinition as a kind. What storing one does is the server's business (custom.c). */
#include "crd.h"
#include "kind_functions.h"

VALIDATE(sm_definition_validate) {
    if (strcmp(write->subresource, "status") != 0)
        sm_crd_validate_definition(errors, object, before);
}
