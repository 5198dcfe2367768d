/* What names, label keys and label values may look like, with apimachinery's texts (Kubernetes: "Object Names and IDs").
 *
 * Each function fills [errors] with what is wrong, at most SM_NAMES_ERRORS_MAX static texts, and returns how many there are.
 */
#ifndef SM_NAMES_H
#define SM_NAMES_H

#include <stddef.h>

enum { SM_NAMES_ERRORS_MAX = 3 };

size_t sm_names_subdomain(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]);    /* RFC 1123 subdomain: most kinds */
size_t sm_names_label(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]);        /* RFC 1123 label: namespaces, containers */
size_t sm_names_label_1035(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]);   /* RFC 1035 label: services */
size_t sm_names_path_segment(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]); /* RBAC objects */
size_t sm_names_qualified(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]);    /* keys of labels: `[prefix/]name` */
size_t sm_names_label_value(const char *text, const char *errors[SM_NAMES_ERRORS_MAX]);

#endif
