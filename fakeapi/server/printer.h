/* Printers: the columns of `kubectl get`, and what stands in them. One table a kind (printers.c); custom resources print the
 * columns of their definition. Private to this folder. */
#ifndef SM_PRINTER_H
#define SM_PRINTER_H

#include "kind.h"
#include "str.h"

struct sm_column;

struct sm_printing {
    struct sm_region *r;
    sm_time now;
    const struct sm_column *column;
};

/* [path] and [absent] are the function's own: what it reads, and what stands there where there is nothing. */
struct sm_column {
    const char *name;
    sm_val (*cell)(const struct sm_printing *p, sm_val object);
    const char *path, *absent;
    int priority;     /* 1: only in wide output */
    const char *type; /* NULL: string */
};

/* The columns of a built-in kind; the last has no name. What has no table of its own prints its name and when it was made. */
const struct sm_column *sm_printer_of(const struct sm_kind_info *kind);

/* Cells of a custom resource: `additionalPrinterColumns` of its version, or its age. */
sm_val sm_printer_custom_columns(struct sm_region *r, sm_val version);
sm_val sm_printer_custom_cells(struct sm_region *r, sm_time now, sm_val version, sm_val object);

/* What a JSONPath (`.spec.items[0].name`, `.status.conditions[?(@.type=="Ready")].status`) finds first; NULL: nothing. */
sm_val sm_printer_find(sm_val object, const char *path);

/* --- Cells (printer_cells.c, printer_kinds.c, printer_pod.c) ---------------------------------------------------------------- */

typedef sm_val sm_cell(const struct sm_printing *p, sm_val object);

sm_cell sm_cell_text, sm_cell_int, sm_cell_bool, sm_cell_count, sm_cell_age, sm_cell_since, sm_cell_labels, sm_cell_selector, sm_cell_names,
    sm_cell_ratio, sm_cell_containers, sm_cell_images, sm_cell_phase, sm_cell_flag, sm_cell_reference;
sm_cell sm_cell_data, sm_cell_access_modes, sm_cell_claim, sm_cell_class, sm_cell_default_name, sm_cell_controller, sm_cell_service_address,
    sm_cell_service_ports, sm_cell_job_status, sm_cell_job_done, sm_cell_job_time, sm_cell_node_status, sm_cell_node_roles, sm_cell_address,
    sm_cell_event_object, sm_cell_message, sm_cell_event_source, sm_cell_event_first, sm_cell_event_last, sm_cell_event_count,
    sm_cell_subjects, sm_cell_endpoints, sm_cell_slice_ports, sm_cell_slice_endpoints, sm_cell_hosts, sm_cell_ingress_address,
    sm_cell_ingress_ports, sm_cell_targets, sm_cell_quota, sm_cell_request_state, sm_cell_strings;
sm_cell sm_cell_pod_ready, sm_cell_pod_status, sm_cell_pod_restarts, sm_cell_pod_gates;

/* Texts joined by [between], `<none>` for none. */
void sm_cell_join(struct sm_str *text, const char *between, const char *item);

#endif
