/* kube-apiserver's file of static tokens: a line each, `token,user,uid` or `token,user,uid,"group1,group2"`. */
#ifndef SM_TOKEN_FILE_H
#define SM_TOKEN_FILE_H

#include "http.h"

enum { SM_TOKEN_FILE_MAX = 256 };

/* Fills [accounts] (room for SM_TOKEN_FILE_MAX) and adds to [count]; all lives in [r]. False: [reterr] says what is wrong. */
bool sm_token_file_read(struct sm_region *r, const char *path, struct sm_http_account *accounts, size_t *count, const char **reterr);

#endif
