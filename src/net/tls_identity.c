/* Our client certificate: loading it, and the choice to send it. GnuTLS by itself withholds one whose
 * issuer the server did not name (notes of RFC 8446 4.2.4: the list is a hint); here it is sent, unless no
 * signature algorithm of the server fits the key, when sending could only fail. */
#include "config.h"

#include "net/tls_room.h"

#include <string.h>

enum { CHAIN_MAX = 32 };

static gnutls_datum_t datum(struct mxs_bytes b)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)b.p, (unsigned)b.n };
}

static enum mxs_err load_chain(struct mxs_tls_identity *identity, struct mxs_bytes pem,
                               struct mxs_why *why)
{
    gnutls_datum_t d = datum(pem);
    unsigned n = CHAIN_MAX;
    identity->chain = mxs_alloc(n * sizeof *identity->chain);
    int rc = gnutls_pcert_list_import_x509_raw(identity->chain, &n, &d, GNUTLS_X509_FMT_PEM, 0);
    if (rc < 0)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "client certificate: %s", gnutls_strerror(rc));
    identity->n = n;
    return MXS_OK;
}

static enum mxs_err load_key(struct mxs_tls_identity *identity, struct mxs_bytes pem,
                             struct mxs_why *why)
{
    gnutls_datum_t d = datum(pem);
    int rc = gnutls_privkey_init(&identity->key);
    if (rc >= 0)
        rc = gnutls_privkey_import_x509_raw(identity->key, &d, GNUTLS_X509_FMT_PEM, NULL, 0);
    return rc < 0 ? mxs_why_set(why, MXS_ERR_SYNTAX, "client key: %s", gnutls_strerror(rc)) : MXS_OK;
}

/* The key id of GnuTLS is a digest of the SubjectPublicKeyInfo. */
static enum mxs_err same_key(const struct mxs_tls_identity *identity, struct mxs_why *why)
{
    unsigned char of_cert[64], of_key[64];
    size_t n_cert = sizeof of_cert, n_key = sizeof of_key;
    gnutls_pubkey_t pub = NULL;
    int rc = gnutls_pubkey_init(&pub);
    if (rc >= 0)
        rc = gnutls_pubkey_import_privkey(pub, identity->key, 0, 0);
    if (rc >= 0)
        rc = gnutls_pubkey_get_key_id(pub, GNUTLS_KEYID_USE_SHA256, of_key, &n_key);
    if (rc >= 0)
        rc = gnutls_pubkey_get_key_id(identity->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, of_cert,
                                      &n_cert);
    gnutls_pubkey_deinit(pub);
    if (rc < 0)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "client key: %s", gnutls_strerror(rc));
    if (n_key != n_cert || memcmp(of_key, of_cert, n_key) != 0)
        return mxs_why_set(why, MXS_ERR_USAGE,
                           "client key: does not belong to the client certificate");
    return MXS_OK;
}

enum mxs_err mxs_tls_identity_load(struct mxs_tls_identity *identity, struct mxs_bytes cert_pem,
                                   struct mxs_bytes key_pem, struct mxs_why *why)
{
    *identity = (struct mxs_tls_identity){ 0 };
    if (!cert_pem.n)
        return MXS_OK;
    enum mxs_err err = load_chain(identity, cert_pem, why);
    if (!err) /* a single file may hold both */
        err = load_key(identity, key_pem.n ? key_pem : cert_pem, why);
    if (!err)
        err = same_key(identity, why);
    if (err)
        mxs_tls_identity_fini(identity);
    return err;
}

void mxs_tls_identity_fini(struct mxs_tls_identity *identity)
{
    for (unsigned i = 0; i < identity->n; i++)
        gnutls_pcert_deinit(&identity->chain[i]);
    mxs_realloc(identity->chain, 0);
    if (identity->key)
        gnutls_privkey_deinit(identity->key);
    *identity = (struct mxs_tls_identity){ 0 };
}

enum mxs_err mxs_tls_client_cert_check(struct mxs_bytes cert_pem, struct mxs_bytes key_pem,
                                       struct mxs_why *why)
{
    struct mxs_tls_identity identity;
    enum mxs_err err = mxs_tls_identity_load(&identity, cert_pem, key_pem, why);
    mxs_tls_identity_fini(&identity);
    return err;
}

/* A server that named no algorithms at all (TLS 1.1 and before) takes any. */
static bool key_fits(gnutls_session_t session, gnutls_privkey_t key)
{
    gnutls_sign_algorithm_t algorithm;
    gnutls_pk_algorithm_t pk =
        (gnutls_pk_algorithm_t)gnutls_privkey_get_pk_algorithm(key, NULL);
    size_t i = 0;
    for (; gnutls_sign_algorithm_get_requested(session, i, &algorithm) >= 0; i++)
        if (gnutls_sign_supports_pk_algorithm(algorithm, pk))
            return true;
    return i == 0;
}

static void tell(const struct mxs_tls_stream *s, enum mxs_client_sent sent, const char *why)
{
    if (s->observer.client_cert)
        s->observer.client_cert(s->observer.data, sent, why);
}

int mxs_tls_identity_choose(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                            gnutls_pcert_st **chain, unsigned *n, gnutls_ocsp_data_st **ocsp,
                            unsigned *n_ocsp, gnutls_privkey_t *key, unsigned *flags)
{
    struct mxs_tls_stream *s = gnutls_session_get_ptr(session);
    (void)info;
    *ocsp = NULL;
    *n = *n_ocsp = *flags = 0;
    s->asked = true;
    if (!s->identity.n) {
        tell(s, MXS_SENT_EMPTY, "we have no client certificate");
    } else if (!key_fits(session, s->identity.key)) {
        tell(s, MXS_SENT_EMPTY, "no signature algorithm of the server fits our key");
    } else {
        *chain = s->identity.chain;
        *n = s->identity.n;
        *key = s->identity.key;
        tell(s, MXS_SENT_CERTIFICATE, NULL);
    }
    return mxs_coro_cancelled(s->stream.coro) ? -1 : 0;
}
