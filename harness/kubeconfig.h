/* A kubeconfig: where a cluster is, whose certificate it shows, and who its user is. */
#ifndef SM_KUBECONFIG_H
#define SM_KUBECONFIG_H

#include "certificate.h"

struct sm_kubeconfig {
    const char *url;
    const struct sm_authority *authority; /* NULL: plain */
    const char *user;                     /* NULL: `admin` */
    const char *token;                    /* NULL: a certificate instead */
    const struct sm_certificate *certificate;
};

const char *sm_kubeconfig_text(struct sm_region *r, const struct sm_kubeconfig *kubeconfig);

/* A file of the user alone; one that was there is replaced. False: errno says why. */
bool sm_kubeconfig_write(const char *path, const struct sm_kubeconfig *kubeconfig);

#endif
