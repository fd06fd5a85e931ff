/* Certificate revocation lists (RFC 5280 5) as facts: who issued one, for how long it counts, and which
 * serial numbers are on it. */
#ifndef MXSCOPE_SRC_FACTS_CRL_H
#define MXSCOPE_SRC_FACTS_CRL_H

#include "facts/cert.h"

struct mxs_crl {
    struct mxs_bytes der;
    /* raw slices into der, header included */
    struct mxs_bytes tbs, issuer_raw;
    const char *issuer;               /* RFC 4514 text, sanitised */
    int64_t this_update, next_update; /* next_update: -1 when absent */
    struct mxs_bytes revoked;         /* contents of revokedCertificates; n 0: none */
    size_t n;                         /* how many are on it */
    struct mxs_bytes aki;             /* key identifier, n 0 when absent */
    bool only_users, only_cas, only_attributes; /* issuingDistributionPoint: its scope, */
    struct mxs_strs points;           /* and the URIs it is published at */
    bool delta;                       /* it only says what is new since another one */
    const char *unknown_critical;     /* OID of the first critical extension we do not process; NULL */
    struct mxs_bytes signature, signature_alg;
    uint8_t sha256[32];
};

struct mxs_crls {
    MXS_LIST(const struct mxs_crl *) list; /* as in the file */
};

/* Parses one DER CRL; der is copied into the arena. MXS_ERR_SYNTAX with why when it is none. */
enum mxs_err mxs_crl_parse(struct mxs_arena *arena, struct mxs_bytes der, const struct mxs_crl **out,
                           struct mxs_why *why);
/* Adds all CRLs of a PEM text, or the one that is DER, to out; name is for messages. None at all is
 * MXS_ERR_SYNTAX. */
enum mxs_err mxs_crl_read(struct mxs_arena *arena, const char *name, struct mxs_bytes text,
                          struct mxs_crls *out, struct mxs_why *why);
/* PEM, in the arena. */
char *mxs_crl_to_pem(struct mxs_arena *arena, const struct mxs_crl *crl);

/* Its issuer's name and this serial number are the certificate's: since when; -1 when it is not on it. */
int64_t mxs_crl_revoked(const struct mxs_crl *crl, const struct mxs_cert *cert);
/* It is about certificates like this one (RFC 5280 5.2.5, 6.3.3 (b)(2)). */
bool mxs_crl_covers(const struct mxs_crl *crl, const struct mxs_cert *cert);
/* True when issuer's key made its signature. A CA of a simulation counts for the one it stands for. */
bool mxs_crl_signed_by(const struct mxs_crl *crl, const struct mxs_cert *issuer);

/* --- making one (whatif) --- */

struct mxs_crl_words {
    struct mxs_bytes issuer_raw, aki; /* aki n 0: none */
    int64_t this_update, next_update;
    struct mxs_bytes serial;          /* INTEGER contents, revoked at this_update; n 0: nobody */
};
/* The TBSCertList in DER, to be signed under that AlgorithmIdentifier. */
struct mxs_bytes mxs_crl_tbs(struct mxs_arena *arena, const struct mxs_crl_words *words,
                             struct mxs_bytes algorithm);

#endif
