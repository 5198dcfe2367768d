#include "kubeconfig.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base64.h"
#include "str.h"

static void add_data(struct sm_str *out, const char *key, const char *pem) {
    sm_str_addf(out, "    %s: %s\n", key, sm_base64_encode(out->region, pem, strlen(pem)));
}

const char *sm_kubeconfig_text(struct sm_region *r, const struct sm_kubeconfig *kubeconfig) {
    const char *user = kubeconfig->user ? kubeconfig->user : "admin";
    struct sm_str out;

    sm_str_init(&out, r);
    sm_str_addf(&out,
                "apiVersion: v1\nkind: Config\ncurrent-context: stalemate\n"
                "clusters:\n- name: stalemate\n  cluster:\n    server: %s\n",
                kubeconfig->url);
    if (kubeconfig->authority)
        add_data(&out, "certificate-authority-data", sm_authority_pem(kubeconfig->authority));
    sm_str_addf(&out, "users:\n- name: \"%s\"\n  user:\n", user);
    if (kubeconfig->token)
        sm_str_addf(&out, "    token: \"%s\"\n", kubeconfig->token);
    if (kubeconfig->certificate) {
        add_data(&out, "client-certificate-data", kubeconfig->certificate->certificate);
        add_data(&out, "client-key-data", kubeconfig->certificate->key);
    }
    sm_str_addf(&out, "contexts:\n- name: stalemate\n  context:\n    cluster: stalemate\n    user: \"%s\"\n", user);
    return out.data;
}

bool sm_kubeconfig_write(const char *path, const struct sm_kubeconfig *kubeconfig) {
    struct sm_region r;

    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file)
        return false;
    sm_region_init(&r, "kubeconfig", 0);
    fputs(sm_kubeconfig_text(&r, kubeconfig), file);
    sm_region_release(&r);
    return fclose(file) == 0;
}
