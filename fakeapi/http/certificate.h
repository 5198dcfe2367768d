/* Certificates, by GnuTLS: an authority made for one run of a door, what it signs, and who presents what it signed.
 *
 * Keys are random and live in memory only: whoever wants to trust the door or to be known by it gets a PEM from here.
 */
#ifndef SM_CERTIFICATE_H
#define SM_CERTIFICATE_H

#include "clock.h"
#include "region.h"

struct sm_authority;

struct sm_certificate {
    const char *certificate, *key; /* PEM */
};

enum { SM_CERTIFICATE_GROUPS_MAX = 32 };

/* A new authority, valid from a day before [now] for ten years. It lives in [r] and must be released all the same: the
 * library's memory hangs on it. NULL: [reterr] says why not. */
struct sm_authority *sm_authority_new(struct sm_region *r, sm_time now, const char **reterr);
void sm_authority_release(struct sm_authority *authority);
const char *sm_authority_pem(const struct sm_authority *authority);

/* Signed for a server: it is known as localhost, by the loopback addresses, and by [address] (NULL: no other). */
bool sm_authority_server(const struct sm_authority *authority, struct sm_region *r, const char *address, struct sm_certificate *ret);

/* Signed for a client: the common name is the user, each organization a group (ended by NULL). */
bool sm_authority_client(const struct sm_authority *authority, struct sm_region *r, const char *user, const char *const *groups,
                         struct sm_certificate *ret);

/* Whom the client of a TLS session (gnutls_session_t) says it is; false: its certificate was not signed by an authority that the
 * session trusts. [ret_user] NULL: it presents none. Groups are ended by NULL. */
bool sm_certificate_peer(struct sm_region *r, void *session, const char **ret_user, const char *const **ret_groups);

#endif
