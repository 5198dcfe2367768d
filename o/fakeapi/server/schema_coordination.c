/* coordination.k8s.io: Lease. */
#include "schema_types.h"

static const struct sm_field spec_fields[] = {
    {"acquireTime",          MICROTIME,                        OPTIONAL, NULL},
    {"holderIdentity",       STRING,                           OPTIONAL, NULL},
    {"leaseDurationSeconds", INT32,                            OPTIONAL, NULL},
    {"leaseTransitions",     INT32,                            OPTIONAL, NULL},
    {"preferredHolder",      STRING,                           OPTIONAL, NULL},
    {"renewTime",            MICROTIME,                        OPTIONAL, NULL},
    {"strategy",             NAMED("CoordinatedLeaseStrategy"), OPTIONAL, NULL},
};
static PLAIN(spec, "LeaseSpec");

static const struct sm_field sm_schema_lease_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec", &spec, ALWAYS, NULL},
};
PLAIN(sm_schema_lease, "Lease");
