/* What sessions share, first of all our client certificate: loading it, and the choice to send it. GnuTLS by
 * itself withholds one whose issuer the server did not name (RFC 8446 4.2.4: the list is a hint); here it
 * is sent, unless no signature algorithm of the server fits the key, when sending could only fail. */
#include "config.h"

#include "net/tls_room.h"

#include <string.h>

enum { CHAIN_MAX = 32 };

static gnutls_datum_t datum(struct mxs_bytes b)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)b.p, (unsigned)b.n };
}

static enum mxs_err load_chain(struct mxs_tls_context *context, struct mxs_bytes pem,
                               struct mxs_why *why)
{
    gnutls_datum_t d = datum(pem);
    unsigned n = CHAIN_MAX;
    context->chain = mxs_alloc(n * sizeof *context->chain);
    int rc = gnutls_pcert_list_import_x509_raw(context->chain, &n, &d, GNUTLS_X509_FMT_PEM, 0);
    if (rc < 0)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "client certificate: %s", gnutls_strerror(rc));
    context->n = n;
    return MXS_OK;
}

static enum mxs_err load_key(struct mxs_tls_context *context, struct mxs_bytes pem,
                             struct mxs_why *why)
{
    gnutls_datum_t d = datum(pem);
    int rc = gnutls_privkey_init(&context->key);
    if (rc >= 0)
        rc = gnutls_privkey_import_x509_raw(context->key, &d, GNUTLS_X509_FMT_PEM, NULL, 0);
    return rc < 0 ? mxs_why_set(why, MXS_ERR_SYNTAX, "client key: %s", gnutls_strerror(rc)) : MXS_OK;
}

/* The key id of GnuTLS is a digest of the SubjectPublicKeyInfo. */
static enum mxs_err same_key(const struct mxs_tls_context *context, struct mxs_why *why)
{
    unsigned char of_cert[64], of_key[64];
    size_t n_cert = sizeof of_cert, n_key = sizeof of_key;
    gnutls_pubkey_t pub = NULL;
    int rc = gnutls_pubkey_init(&pub);
    if (rc >= 0)
        rc = gnutls_pubkey_import_privkey(pub, context->key, 0, 0);
    if (rc >= 0)
        rc = gnutls_pubkey_get_key_id(pub, GNUTLS_KEYID_USE_SHA256, of_key, &n_key);
    if (rc >= 0)
        rc = gnutls_pubkey_get_key_id(context->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, of_cert,
                                      &n_cert);
    gnutls_pubkey_deinit(pub);
    if (rc < 0)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "client key: %s", gnutls_strerror(rc));
    if (n_key != n_cert || memcmp(of_key, of_cert, n_key) != 0)
        return mxs_why_set(why, MXS_ERR_USAGE,
                           "client key: does not belong to the client certificate");
    return MXS_OK;
}

static enum mxs_err load(struct mxs_tls_context *context, struct mxs_bytes cert_pem,
                         struct mxs_bytes key_pem, struct mxs_why *why)
{
    if (gnutls_certificate_allocate_credentials(&context->credentials) < 0)
        mxs_out_of_memory();
    gnutls_certificate_set_retrieve_function3(context->credentials, mxs_tls_choose);
    if (!cert_pem.n)
        return MXS_OK;
    enum mxs_err err = load_chain(context, cert_pem, why);
    if (!err)
        err = load_key(context, key_pem.n ? key_pem : cert_pem, why);
    return err ? err : same_key(context, why);
}

enum mxs_err mxs_tls_context_new(struct mxs_bytes cert_pem, struct mxs_bytes key_pem,
                                 struct mxs_tls_context **out, struct mxs_why *why)
{
    struct mxs_tls_context *context = mxs_alloc(sizeof *context);
    enum mxs_err err = load(context, cert_pem, key_pem, why);
    if (err)
        mxs_tls_context_free(context);
    *out = err ? NULL : context;
    return err;
}

void mxs_tls_context_free(struct mxs_tls_context *context)
{
    if (!context)
        return;
    for (unsigned i = 0; i < context->n; i++)
        gnutls_pcert_deinit(&context->chain[i]);
    mxs_realloc(context->chain, 0);
    if (context->key)
        gnutls_privkey_deinit(context->key);
    for (size_t i = 0; i < MXS_TLS_OFFERS; i++)
        if (context->priorities[i])
            gnutls_priority_deinit(context->priorities[i]);
    for (size_t i = 0; i < MXS_TLS_OFFERS; i++)
        if (context->signing[i])
            gnutls_priority_deinit(context->signing[i]);
    gnutls_certificate_free_credentials(context->credentials);
    mxs_realloc(context, 0);
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

static bool issued_by(const gnutls_pcert_st *cert, const gnutls_datum_t *names, int n)
{
    gnutls_x509_crt_t crt = NULL;
    gnutls_datum_t issuer = { NULL, 0 };
    bool found = false;
    if (gnutls_x509_crt_init(&crt) < 0)
        mxs_out_of_memory();
    if (gnutls_x509_crt_import(crt, &cert->cert, GNUTLS_X509_FMT_DER) >= 0 &&
        gnutls_x509_crt_get_raw_issuer_dn(crt, &issuer) >= 0)
        for (int i = 0; i < n && !found; i++)
            found = mxs_bytes_equal(mxs_bytes(issuer.data, issuer.size),
                                    mxs_bytes(names[i].data, names[i].size));
    gnutls_free(issuer.data);
    gnutls_x509_crt_deinit(crt);
    return found;
}

/* RFC 8446 4.2.4: the authorities named are a hint; one of our chain's issuers should be among them. */
static bool named(const struct mxs_tls_context *context, const struct gnutls_cert_retr_st *info)
{
    bool found = info->nreqs == 0;
    for (unsigned i = 0; i < context->n && !found; i++)
        found = issued_by(&context->chain[i], info->req_ca_rdn, info->nreqs);
    return found;
}

static void tell(const struct mxs_tls_stream *s, enum mxs_client_sent sent, const char *why)
{
    if (s->observer.client_cert)
        s->observer.client_cert(s->observer.data, sent, why);
}

int mxs_tls_choose(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                   gnutls_pcert_st **chain, unsigned *n, gnutls_ocsp_data_st **ocsp,
                   unsigned *n_ocsp, gnutls_privkey_t *key, unsigned *flags)
{
    struct mxs_tls_stream *s = gnutls_session_get_ptr(session);
    const struct mxs_tls_context *context = s->context;
    static const char unnamed[] = "its issuer is not among the authorities that the server names, "
                                  "where GnuTLS by itself sends none";
    *ocsp = NULL;
    *n = *n_ocsp = *flags = 0;
    s->asked = true;
    if (!context->n || s->without_cert) {
        tell(s, MXS_SENT_EMPTY, "we have no client certificate");
    } else if (!key_fits(session, context->key)) {
        tell(s, MXS_SENT_EMPTY, "no signature algorithm of the server fits our key");
    } else {
        *chain = context->chain;
        *n = context->n;
        *key = context->key;
        s->shown = true;
        mxs_tls_sign_with(s, true); /* else GnuTLS may withhold it still, and say nothing */
        tell(s, MXS_SENT_CERTIFICATE, named(context, info) ? NULL : unnamed);
    }
    return mxs_coro_cancelled(s->stream.coro) ? -1 : 0;
}

static void use_priority(struct mxs_tls_stream *s, const char *text, gnutls_priority_t *shared)
{
    gnutls_priority_t own = NULL, *p = s->priority ? &own : shared;
    if (!*p && gnutls_priority_init2(p, text, NULL, 0) < 0)
        *p = NULL;
    if (*p)
        gnutls_priority_set(s->session, *p);
    if (own) /* the session holds it on */
        gnutls_priority_deinit(own);
}

void mxs_tls_sign_with(struct mxs_tls_stream *s, bool any)
{
    struct mxs_tls_context *context = s->context;
    gnutls_priority_t *shared = any ? context->signing : context->priorities;
    const char *offered = s->priority ? s->priority : mxs_tls_priority_of(s->offer);
    struct mxs_buf text;
    if (any == s->sign_any)
        return;
    s->sign_any = any;
    mxs_buf_init(&text, 64 * 1024);
    mxs_buf_printf(&text, "%s%s", offered, any ? ":+SIGN-ALL" : "");
    use_priority(s, mxs_buf_str(&text), &shared[s->offer]);
    mxs_buf_fini(&text);
}
