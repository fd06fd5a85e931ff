/* OCSP answers of the lab's CAs, for stapling (RFC 6960, RFC 6066 8). */
#ifndef MXSCOPE_SRC_LAB_LAB_OCSP_H
#define MXSCOPE_SRC_LAB_LAB_OCSP_H

#include "lab/lab_pki.h"

/* A DER OCSPResponse about crt, signed by its issuer itself; n 0 when that failed. */
struct mxs_bytes mxs_lab_ocsp(struct mxs_arena *arena, gnutls_x509_crt_t crt,
                              gnutls_x509_crt_t issuer, gnutls_x509_privkey_t issuer_key,
                              bool revoked, struct mxs_lab_span span);

#endif
