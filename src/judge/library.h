/* What the TLS libraries say when a certificate fails: which of several errors OpenSSL meets first, its
 * number and text for it, the alert it sends, and the names that libraries have for alerts. */
#ifndef MXSCOPE_SRC_JUDGE_LIBRARY_H
#define MXSCOPE_SRC_JUDGE_LIBRARY_H

#include "judge/verdict.h"

/* What libraries call a reason: the finer word for it, or its id. */
const char *mxs_reason_kind(const struct mxs_reason *reason);

struct mxs_library_error {
    int code;         /* X509_V_ERR_* */
    int alert;        /* RFC 8446 6 */
    const char *text; /* X509_verify_cert_error_string(3) of OpenSSL 3.0 */
};

/* The reason that OpenSSL meets first; nearest: the first of those nearest to the leaf, which is what a
 * program keeps that lets the verification go on. NULL when there is none. */
const struct mxs_reason *mxs_openssl_first(const struct mxs_reason *reasons, size_t n, bool nearest);
/* What it makes of a reason; NULL when it knows no such error. */
const struct mxs_library_error *mxs_openssl_error(const struct mxs_reason *reason);
/* What GnuTLS says of a path of n certificates (gnutls_certificate_verification_status_print(3)): one
 * sentence for each of its flags, in arena; NULL when it has none. anchored: it ends in an anchor. */
const char *mxs_gnutls_status(struct mxs_arena *arena, const struct mxs_reason *reasons, size_t n_reasons,
                              size_t n, bool anchored);
/* The reason that Go meets first; NULL when it knows none of them. */
const struct mxs_reason *mxs_go_first(const struct mxs_reason *reasons, size_t n);
/* The alert that Go sends for it since 1.21; bad_certificate for what it does not tell apart. */
int mxs_go_alert(const struct mxs_reason *reason);
/* The library's name for an alert ("sslv3 alert bad certificate", "Certificate is bad"); NULL. */
const char *mxs_library_alert(bool gnutls, int alert);

#endif
