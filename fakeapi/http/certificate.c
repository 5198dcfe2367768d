#include "certificate.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

enum { YEARS = 10, SERIAL_BYTES = 16, NAME_BYTES_MAX = 1024 };

struct sm_authority {
    gnutls_x509_crt_t certificate;
    gnutls_x509_privkey_t key;
    const char *pem;
    time_t from, until;
};

/* --- Making one ------------------------------------------------------------------------------------------------------------- */

static bool new_key(gnutls_x509_privkey_t *key) {
    return gnutls_x509_privkey_init(key) == 0 &&
           gnutls_x509_privkey_generate(*key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0;
}

static bool set_dn(gnutls_x509_crt_t certificate, const char *oid, const char *text) {
    return gnutls_x509_crt_set_dn_by_oid(certificate, oid, 0, text, (unsigned)strlen(text)) == 0;
}

/* What every certificate says. */
static bool begin(gnutls_x509_crt_t *certificate, gnutls_x509_privkey_t key, const struct sm_authority *authority, const char *name) {
    unsigned char serial[SERIAL_BYTES];

    if (gnutls_x509_crt_init(certificate) != 0 || gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial) != 0)
        return false;
    serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and all its bytes count */
    return gnutls_x509_crt_set_version(*certificate, 3) == 0 && gnutls_x509_crt_set_key(*certificate, key) == 0 &&
           gnutls_x509_crt_set_serial(*certificate, serial, sizeof serial) == 0 &&
           gnutls_x509_crt_set_activation_time(*certificate, authority->from) == 0 &&
           gnutls_x509_crt_set_expiration_time(*certificate, authority->until) == 0 &&
           set_dn(*certificate, GNUTLS_OID_X520_COMMON_NAME, name);
}

/* Python's ssl and others insist on both identifiers. */
static bool sign(gnutls_x509_crt_t certificate, const struct sm_authority *by) {
    unsigned char id[64];
    size_t bytes = sizeof id;

    if (gnutls_x509_crt_get_key_id(certificate, 0, id, &bytes) != 0 || gnutls_x509_crt_set_subject_key_id(certificate, id, bytes) != 0)
        return false;
    bytes = sizeof id;
    return gnutls_x509_crt_get_key_id(by->certificate, 0, id, &bytes) == 0 &&
           gnutls_x509_crt_set_authority_key_id(certificate, id, bytes) == 0 &&
           gnutls_x509_crt_sign2(certificate, by->certificate, by->key, GNUTLS_DIG_SHA256, 0) == 0;
}

static const char *text_of(struct sm_region *r, gnutls_datum_t *datum) {
    const char *text = sm_region_strndup(r, (const char *)datum->data, datum->size);

    gnutls_free(datum->data);
    return text;
}

static bool print(struct sm_region *r, gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, struct sm_certificate *ret) {
    gnutls_datum_t datum;

    if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &datum) != 0)
        return false;
    ret->certificate = text_of(r, &datum);
    if (gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &datum) != 0)
        return false;
    ret->key = text_of(r, &datum);
    return true;
}

struct sm_authority *sm_authority_new(struct sm_region *r, sm_time now, const char **reterr) {
    enum { DAY_SECONDS = 24 * 60 * 60 };
    struct sm_authority *authority = sm_region_zalloc(r, sizeof *authority);
    struct sm_certificate pem;

    authority->from = (time_t)(now / SM_SECOND) - DAY_SECONDS;
    authority->until = authority->from + (time_t)YEARS * 365 * DAY_SECONDS;
    if (new_key(&authority->key) && begin(&authority->certificate, authority->key, authority, "stalemate") &&
        gnutls_x509_crt_set_basic_constraints(authority->certificate, 1, -1) == 0 &&
        gnutls_x509_crt_set_key_usage(authority->certificate, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_DIGITAL_SIGNATURE) == 0 &&
        sign(authority->certificate, authority) && print(r, authority->certificate, authority->key, &pem)) {
        authority->pem = pem.certificate;
        return authority;
    }
    *reterr = "no certificate could be made";
    sm_authority_release(authority);
    return NULL;
}

void sm_authority_release(struct sm_authority *authority) {
    gnutls_x509_crt_deinit(authority->certificate);
    gnutls_x509_privkey_deinit(authority->key);
}

const char *sm_authority_pem(const struct sm_authority *authority) {
    return authority->pem;
}

static bool add_address(gnutls_x509_crt_t certificate, const char *text) {
    unsigned char address[16];
    unsigned bytes = inet_pton(AF_INET, text, address) == 1 ? 4 : inet_pton(AF_INET6, text, address) == 1 ? 16 : 0;

    return !bytes || gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address, bytes, GNUTLS_FSAN_APPEND) == 0;
}

static bool add_name(gnutls_x509_crt_t certificate, const char *name) {
    return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name), GNUTLS_FSAN_APPEND) == 0;
}

static bool describe_server(gnutls_x509_crt_t certificate, const void *arg) {
    const char *address = arg;

    return gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0) == 0 && add_name(certificate, "localhost") &&
           add_name(certificate, "kubernetes.default.svc") && add_address(certificate, "127.0.0.1") && add_address(certificate, "::1") &&
           (!address || add_address(certificate, address));
}

static bool describe_client(gnutls_x509_crt_t certificate, const void *arg) {
    for (const char *const *group = arg; group && *group; group++)
        if (!set_dn(certificate, GNUTLS_OID_X520_ORGANIZATION_NAME, *group))
            return false;
    return gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_CLIENT, 0) == 0;
}

static bool issue(const struct sm_authority *authority, struct sm_region *r, const char *name,
                  bool (*describe)(gnutls_x509_crt_t certificate, const void *arg), const void *arg, struct sm_certificate *ret) {
    gnutls_x509_crt_t certificate = NULL;
    gnutls_x509_privkey_t key = NULL;
    bool done = new_key(&key) && begin(&certificate, key, authority, name) &&
                gnutls_x509_crt_set_basic_constraints(certificate, 0, -1) == 0 &&
                gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE) == 0 && describe(certificate, arg) &&
                sign(certificate, authority) && print(r, certificate, key, ret);

    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
    return done;
}

bool sm_authority_server(const struct sm_authority *authority, struct sm_region *r, const char *address, struct sm_certificate *ret) {
    return issue(authority, r, "stalemate serve", describe_server, address, ret);
}

bool sm_authority_client(const struct sm_authority *authority, struct sm_region *r, const char *user, const char *const *groups,
                         struct sm_certificate *ret) {
    return issue(authority, r, user, describe_client, groups, ret);
}

/* --- Reading one ------------------------------------------------------------------------------------------------------------ */

static const char *dn_of(struct sm_region *r, gnutls_x509_crt_t certificate, const char *oid, unsigned i) {
    char text[NAME_BYTES_MAX];
    size_t bytes = sizeof text;

    return gnutls_x509_crt_get_dn_by_oid(certificate, oid, i, 0, text, &bytes) == 0 ? sm_region_strndup(r, text, bytes) : NULL;
}

static bool read_peer(struct sm_region *r, gnutls_x509_crt_t certificate, const char **ret_user, const char *const **ret_groups) {
    const char **groups = sm_region_zalloc(r, (SM_CERTIFICATE_GROUPS_MAX + 2) * sizeof groups[0]);
    unsigned count = 0;

    *ret_user = dn_of(r, certificate, GNUTLS_OID_X520_COMMON_NAME, 0);
    while (count < SM_CERTIFICATE_GROUPS_MAX && (groups[count] = dn_of(r, certificate, GNUTLS_OID_X520_ORGANIZATION_NAME, count)) != NULL)
        count++;
    groups[count] = "system:authenticated";
    *ret_groups = groups;
    return *ret_user != NULL;
}

bool sm_certificate_peer(struct sm_region *r, void *session, const char **ret_user, const char *const **ret_groups) {
    unsigned count = 0, status = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    gnutls_x509_crt_t certificate;

    *ret_user = NULL;
    if (!chain || count == 0)
        return true;
    if (gnutls_certificate_verify_peers2(session, &status) != 0 || status != 0 || gnutls_x509_crt_init(&certificate) != 0)
        return false;
    bool known =
        gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) == 0 && read_peer(r, certificate, ret_user, ret_groups);
    gnutls_x509_crt_deinit(certificate);
    return known;
}
