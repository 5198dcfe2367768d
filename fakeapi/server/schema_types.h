/* What the schema tables are written with, and the schemas they share. Only schema_*.c and kinds.c include this.
 *
 * A table of fields is sorted by name and reads as five columns; the last is the number in protobuf:
 *
 *      static const struct sm_field ordinals_fields[] = {
 *          {"start",   INT32,   ALWAYS,   NULL, 1},
 *      };
 *      static PLAIN(ordinals, "StatefulSetOrdinals");
 *
 * PLAIN says that nothing in it has a default; else it is OBJECT. ATOMIC: apply owns it as a whole.
 */
#ifndef SM_SCHEMA_TYPES_H
#define SM_SCHEMA_TYPES_H

#include "schema.h"

#define OPTIONAL SM_OPTIONAL
#define OMIT SM_OMIT_EMPTY
#define ALWAYS SM_ALWAYS
#define OR_NULL SM_OR_NULL
#define IN SM_FIELD_IN

/* The schema of a table x_fields is x. */
#define OBJECT_WITH(symbol, go_name, ...) \
    const struct sm_schema symbol = {.name = (go_name), \
                                     .type = SM_TYPE_OBJECT, \
                                     .fields = symbol##_fields, \
                                     .field_count = sizeof symbol##_fields / sizeof *symbol##_fields, \
                                     __VA_ARGS__}
#define PLAIN(symbol, go_name) OBJECT_WITH(symbol, go_name, .plain = true)
#define ATOMIC_PLAIN(symbol, go_name) OBJECT_WITH(symbol, go_name, .atomic = true, .plain = true)
#define OBJECT(symbol, go_name) OBJECT_WITH(symbol, go_name, .atomic = false)
#define ATOMIC_OBJECT(symbol, go_name) OBJECT_WITH(symbol, go_name, .atomic = true)

#define STRING (&sm_schema_string)
#define BOOL (&sm_schema_bool)
#define INT32 (&sm_schema_int32)
#define INT64 (&sm_schema_int64)
#define INT_OR_STRING (&sm_schema_int_or_string)
#define QUANTITY (&sm_schema_quantity)
#define TIME (&sm_schema_time)
#define MICROTIME (&sm_schema_microtime)
#define BYTES (&sm_schema_bytes)
#define ANY (&sm_schema_any)
#define STRINGS (&sm_schema_strings)       /* atomic list */
#define STRING_SET (&sm_schema_string_set) /* apply: a set; strategic merge: replaced */
#define STRING_MAP (&sm_schema_string_map)
#define QUANTITIES (&sm_schema_quantities) /* ResourceList */

/* A string type of Go, for its name in messages. */
#define NAMED(go_name) (&(const struct sm_schema){.name = (go_name), .type = SM_TYPE_STRING})

#define LIST_WITH(element_, ...) (&(const struct sm_schema){.type = SM_TYPE_LIST, .element = (element_), __VA_ARGS__})
#define ATOMIC_LIST(element_) LIST_WITH(element_, .list = SM_LIST_ATOMIC)
#define BY_KEY(element_, key_) LIST_WITH(element_, .list = SM_LIST_MAP, .keys = {key_}, .merge_key = (key_))
#define MAP_OF(element_) (&(const struct sm_schema){.type = SM_TYPE_MAP, .element = (element_)})
#define ATOMIC_MAP(element_) (&(const struct sm_schema){.type = SM_TYPE_MAP, .element = (element_), .atomic = true})

/* The head of every kind. */
#define API_VERSION \
    { "apiVersion", STRING, OMIT, NULL, 0 }
#define KIND \
    { "kind", STRING, OMIT, NULL, 0 }
#define METADATA \
    { "metadata", &sm_schema_object_meta, ALWAYS, NULL, 1 }

extern const struct sm_schema sm_schema_string, sm_schema_bool, sm_schema_int32, sm_schema_int64, sm_schema_int_or_string,
    sm_schema_quantity, sm_schema_time, sm_schema_microtime, sm_schema_bytes, sm_schema_any, sm_schema_strings, sm_schema_string_set,
    sm_schema_string_map, sm_schema_quantities;

/* meta */
extern const struct sm_schema sm_schema_label_selector, sm_schema_condition;

/* core, shared by several kinds */
extern const struct sm_schema sm_schema_local_object_reference, sm_schema_object_reference, sm_schema_secret_reference,
    sm_schema_typed_local_object_reference, sm_schema_node_selector, sm_schema_node_selector_term, sm_schema_volume, sm_schema_container,
    sm_schema_ephemeral_container, sm_schema_object_field_selector, sm_schema_resource_field_selector, sm_schema_resource_requirements,
    sm_schema_selinux_options, sm_schema_seccomp_profile, sm_schema_app_armor_profile, sm_schema_windows_options, sm_schema_pod_spec,
    sm_schema_pod_status, sm_schema_pod_template_spec, sm_schema_claim_spec, sm_schema_toleration;

/* imagePullPolicy for an image that does not say: Always for `latest`, tagged so or not tagged. */
sm_val sm_schema_pull_policy(struct sm_region *r, sm_val image);

/* Kinds. Their field `status` is what /status writes. */
extern const struct sm_schema sm_schema_pod, sm_schema_service, sm_schema_claim, sm_schema_volume_kind, sm_schema_secret,
    sm_schema_config_map, sm_schema_event, sm_schema_namespace, sm_schema_node, sm_schema_service_account, sm_schema_stateful_set,
    sm_schema_controller_revision, sm_schema_job, sm_schema_lease, sm_schema_cluster_role, sm_schema_cluster_role_binding, sm_schema_role,
    sm_schema_role_binding, sm_schema_crd, sm_schema_endpoints, sm_schema_pod_template, sm_schema_resource_quota, sm_schema_deployment,
    sm_schema_replica_set, sm_schema_disruption_budget, sm_schema_event_v1, sm_schema_cron_job, sm_schema_daemon_set,
    sm_schema_replication_controller, sm_schema_limit_range, sm_schema_autoscaler, sm_schema_autoscaler_v1, sm_schema_endpoint_slice,
    sm_schema_ingress, sm_schema_ingress_class, sm_schema_network_policy, sm_schema_storage_class, sm_schema_priority_class,
    sm_schema_runtime_class;

/* Kinds that are only stored. */
extern const struct sm_schema sm_schema_mutating_webhook, sm_schema_validating_webhook, sm_schema_admission_policy,
    sm_schema_admission_binding, sm_schema_api_service, sm_schema_signing_request, sm_schema_flow_schema, sm_schema_priority_level,
    sm_schema_ip_address, sm_schema_service_cidr, sm_schema_device_class, sm_schema_resource_claim, sm_schema_resource_claim_template,
    sm_schema_resource_slice, sm_schema_csi_driver, sm_schema_csi_node, sm_schema_csi_capacity, sm_schema_volume_attachment;

#endif
