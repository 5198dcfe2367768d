/* coordination.k8s.io: Lease. */
#include "schema_types.h"

static const struct sm_field spec_fields[] = {
    {"acquireTime",          MICROTIME,                        OPTIONAL, NULL, 3},
    {"holderIdentity",       STRING,                           OPTIONAL, NULL, 1},
    {"leaseDurationSeconds", INT32,                            OPTIONAL, NULL, 2},
    {"leaseTransitions",     INT32,                            OPTIONAL, NULL, 5},
    {"preferredHolder",      STRING,                           OPTIONAL, NULL, 7},
    {"renewTime",            MICROTIME,                        OPTIONAL, NULL, 4},
    {"strategy",             NAMED("CoordinatedLeaseStrategy"), OPTIONAL, NULL, 6},
};
static PLAIN(spec, "LeaseSpec");

static const struct sm_field sm_schema_lease_fields[] = {
    API_VERSION,
    KIND,
    METADATA,
    {"spec", &spec, ALWAYS, NULL, 2},
};
PLAIN(sm_schema_lease, "Lease");
