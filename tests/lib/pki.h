/* Throw-away certificates for tests, made in memory. Dates are fixed (2020 to 2049); P-256 keys are made
 * afresh, the RSA key is one for all (making it is slow). */
#ifndef MXSCOPE_TESTS_LIB_PKI_H
#define MXSCOPE_TESTS_LIB_PKI_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "base/base.h"

struct pki_cert {
    gnutls_x509_crt_t crt;
    gnutls_x509_privkey_t key;
};

struct pki_spec {
    const char *name;  /* CN and, for leaves, the only DNS name */
    bool rsa, ed25519, ca; /* key: P-256 unless one is named */
    bool client_only;  /* EKU clientAuth alone; else serverAuth and clientAuth for leaves */
    size_t padding;    /* octets of a private extension */
};

/* issuer NULL: self-signed. */
struct pki_cert pki_make(const struct pki_spec *spec, const struct pki_cert *issuer);
void pki_free(struct pki_cert *cert);
/* Malloc'ed, NUL-terminated PEM; the caller frees. */
char *pki_cert_pem(const struct pki_cert *cert);
char *pki_key_pem(const struct pki_cert *cert);

#endif
