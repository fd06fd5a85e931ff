/* Keys and certificates of the lab, made in memory at the start: P-256 takes a fraction of a
 * millisecond, the one RSA-2048 key about 50 ms, so no key is kept in a file and none can leak. */
#ifndef MXSCOPE_SRC_LAB_LAB_PKI_H
#define MXSCOPE_SRC_LAB_LAB_PKI_H

#include "base/clock.h"
#include "lab/lab_plan.h"

#include <gnutls/abstract.h>

struct mxs_lab_pki;

/* Times are those of the clock; where the machine's own date lies outside, the interval is
 * stretched to hold it too, since curl, delv and browsers that talk to the lab live in the
 * machine's time. */
struct mxs_lab_span {
    int64_t from, to;
};
struct mxs_lab_span mxs_lab_span(const struct mxs_clock *clock, int64_t before, int64_t after);

/* Plans that name an unknown issuer or certificate: MXS_ERR_SYNTAX. */
enum mxs_err mxs_lab_pki_new(const struct mxs_lab_plan *plan, const struct mxs_clock *clock,
                             struct mxs_lab_pki **out, struct mxs_why *why);
void mxs_lab_pki_free(struct mxs_lab_pki *pki);

/* NULL when there is no certificate of that name; they belong to the pki. */
gnutls_x509_crt_t mxs_lab_pki_crt(const struct mxs_lab_pki *pki, const char *name);
gnutls_x509_privkey_t mxs_lab_pki_key(const struct mxs_lab_pki *pki, const char *name);

/* The chain "leaf" + tail ("issuer cross", "filler*37") as PEM; n 0 when a name is unknown. */
struct mxs_bytes mxs_lab_pki_chain(const struct mxs_lab_pki *pki, struct mxs_arena *arena,
                                   const char *leaf, const char *tail);
struct mxs_bytes mxs_lab_pki_key_pem(const struct mxs_lab_pki *pki, struct mxs_arena *arena,
                                     const char *name);
/* TLSA association data in hex; selector and matching type as in RFC 6698 2.1. NULL when
 * unknown. */
char *mxs_lab_pki_tlsa(const struct mxs_lab_pki *pki, struct mxs_arena *arena, const char *name,
                       unsigned selector, unsigned matching);

/* The OCSP answer to be stapled to it, DER; n 0 when the plan wants none. */
struct mxs_bytes mxs_lab_pki_staple(const struct mxs_lab_pki *pki, struct mxs_arena *arena,
                                    const char *name);
/* The name of the revoked CA of the lab that this DER is; NULL for every other. */
const char *mxs_lab_pki_revoked(const struct mxs_lab_pki *pki, struct mxs_bytes der);

#endif
