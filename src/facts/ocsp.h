/* OCSP responses (RFC 6960) as facts: what a server staples. */
#ifndef MXSCOPE_SRC_FACTS_OCSP_H
#define MXSCOPE_SRC_FACTS_OCSP_H

#include "facts/cert.h"

enum mxs_ocsp_cert_status { MXS_OCSP_CERT_GOOD, MXS_OCSP_CERT_REVOKED, MXS_OCSP_CERT_UNKNOWN };
const char *mxs_ocsp_status_name(enum mxs_ocsp_cert_status status); /* "good" "revoked" "unknown" */

struct mxs_ocsp_single {
    const char *hash;                       /* of the two below: "SHA1", "SHA256", or an OID */
    struct mxs_bytes name_hash, key_hash;   /* of the issuer */
    struct mxs_bytes serial_raw;            /* INTEGER contents, as mxs_cert.serial_raw */
    const char *serial;                     /* hex */
    enum mxs_ocsp_cert_status status;
    int64_t this_update, next_update;       /* next_update -1 when absent */
    int64_t revoked;                        /* when; -1 */
    const char *reason;                     /* "keyCompromise" ..; NULL */
};

struct mxs_ocsp_response {
    int response_status;        /* 0 successful; others have no more than this */
    const char *response_name;  /* "successful", "tryLater", .. */
    const char *responder;      /* RFC 4514 name, or the key hash in hex */
    struct mxs_bytes responder_name, responder_key; /* the one that is there; n 0 the other */
    int64_t produced_at;
    const char *signature_algorithm;
    struct mxs_bytes signed_data, signature, signature_alg; /* as in mxs_cert */
    MXS_LIST(struct mxs_ocsp_single) singles;
    MXS_LIST(const struct mxs_cert *) certs; /* the responder's, as sent */
};

/* der is copied into the arena. MXS_ERR_SYNTAX with why when it is no OCSPResponse. */
enum mxs_err mxs_ocsp_parse(struct mxs_arena *arena, struct mxs_bytes der, struct mxs_ocsp_response *out,
                            struct mxs_why *why);
/* The field tree; base_off as in mxs_cert_fields. */
struct mxs_field *mxs_ocsp_fields(struct mxs_arena *arena, struct mxs_bytes der, size_t base_off);

/* The entry for cert, when issuer is its issuer (RFC 6960 4.1.1: name, key and serial); NULL. */
const struct mxs_ocsp_single *mxs_ocsp_find(const struct mxs_ocsp_response *ocsp, const struct mxs_cert *cert,
                                            const struct mxs_cert *issuer);
/* True when issuer signed it, or a responder whom issuer certified for OCSPSigning (RFC 6960
 * 4.2.2.2). Dates are not looked at. */
bool mxs_ocsp_signed_by(const struct mxs_ocsp_response *ocsp, const struct mxs_cert *issuer);

#endif
