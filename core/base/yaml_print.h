/* Printing a value as YAML, in blocks, for people: texts stand plain where every reader takes them for texts, else in double quotes. Of
 * a map the keys of [order], ended by NULL, come first and in that order; [order] may be NULL. */
#ifndef SM_YAML_PRINT_H
#define SM_YAML_PRINT_H

#include "str.h"
#include "val.h"

void sm_yaml_print(struct sm_str *out, sm_val v, const char *const *order);

#endif
