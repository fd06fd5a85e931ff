/* What a host of the lab shows, and which clients it believes. */
#include "config.h"

#include "lab/lab_tls_priv.h"

#include <stdio.h>
#include <string.h>

static void free_chain(gnutls_pcert_st *chain, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        gnutls_pcert_deinit(&chain[i]);
    gnutls_free(chain);
}

static int private_key(const struct mxs_lab_pki *pki, const char *leaf, gnutls_privkey_t *key)
{
    int rc = gnutls_privkey_init(key);
    return rc < 0 ? rc
                  : gnutls_privkey_import_x509(*key, mxs_lab_pki_key(pki, leaf),
                                               GNUTLS_PRIVKEY_IMPORT_COPY);
}

/* The answer goes with the chain of that index; none is no fault. */
static int staple(gnutls_certificate_credentials_t credentials, struct mxs_bytes answer, int index)
{
    gnutls_datum_t d = { (uint8_t *)(uintptr_t)answer.p, (unsigned)answer.n };
    if (answer.n == 0)
        return index;
    return gnutls_certificate_set_ocsp_status_request_mem(credentials, &d, (unsigned)index,
                                                          GNUTLS_X509_FMT_DER);
}

/* By pcerts and not by PEM: the library would put a PEM chain in order, and the plan may want it
 * wrong. `sni` is the name that selects it. */
static int add_chain(gnutls_certificate_credentials_t credentials, const struct mxs_lab_pki *pki,
                     const char *leaf, const char *tail, const char *sni)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes pem = mxs_lab_pki_chain(pki, arena, leaf, tail);
    gnutls_datum_t d = { mxs_arena_dup(arena, pem.p, pem.n), (unsigned)pem.n };
    gnutls_x509_crt_t *crts = NULL;
    gnutls_privkey_t key = NULL;
    unsigned n = 0;
    int rc = gnutls_x509_crt_list_import2(&crts, &n, &d, GNUTLS_X509_FMT_PEM, 0);
    gnutls_pcert_st *chain = rc < 0 ? NULL : gnutls_calloc(n, sizeof *chain);
    for (unsigned i = 0; i < n; i++) {
        if (rc >= 0)
            rc = gnutls_pcert_import_x509(&chain[i], crts[i], 0);
        gnutls_x509_crt_deinit(crts[i]);
    }
    gnutls_free(crts);
    if (rc >= 0)
        rc = private_key(pki, leaf, &key);
    if (rc >= 0)
        rc = gnutls_certificate_set_key(credentials, &sni, 1, chain, (int)n, key);
    if (rc >= 0)
        rc = staple(credentials, mxs_lab_pki_staple(pki, arena, leaf), rc);
    if (rc < 0) { /* else the credentials own both */
        if (key)
            gnutls_privkey_deinit(key);
        free_chain(chain, chain ? n : 0);
    } else {
        gnutls_free(chain);
    }
    mxs_arena_free(arena);
    return rc;
}

static int add_chains(struct mxs_lab_identity *identity, const struct mxs_lab_pki *pki)
{
    const struct mxs_lab_host_plan *host = identity->host;
    gnutls_certificate_credentials_t credentials = identity->credentials;
    int rc = 0;
    gnutls_certificate_set_flags(credentials, GNUTLS_CERTIFICATE_API_V2 |
                                                  GNUTLS_CERTIFICATE_SKIP_OCSP_RESPONSE_CHECK);
    if (host->without_sni) /* the first is the default */
        rc = add_chain(credentials, pki, host->without_sni, host->tail, "default.invalid");
    if (host->ec && rc >= 0)
        rc = add_chain(credentials, pki, host->ec, host->tail, host->host);
    if (host->rsa && rc >= 0)
        rc = add_chain(credentials, pki, host->rsa, host->tail, host->host);
    return rc;
}

static int set_client_trust(struct mxs_lab_identity *identity, const struct mxs_lab_pki *pki)
{
    char names[128], *save = NULL;
    int rc = 0;
    snprintf(names, sizeof names, "%s", identity->host->client_ca ? identity->host->client_ca : "");
    for (char *name = strtok_r(names, " ", &save); name && rc >= 0;
         name = strtok_r(NULL, " ", &save)) {
        gnutls_x509_crt_t ca = mxs_lab_pki_crt(pki, name);
        rc = ca ? gnutls_certificate_set_x509_trust(identity->credentials, &ca, 1)
                : GNUTLS_E_INVALID_REQUEST;
    }
    return rc;
}

enum mxs_err mxs_lab_identity_new(const struct mxs_lab_host_plan *host,
                                  const struct mxs_lab_pki *pki, struct mxs_lab_identity **out,
                                  struct mxs_why *why)
{
    struct mxs_lab_identity *identity = mxs_alloc(sizeof *identity);
    identity->host = host;
    int rc = gnutls_certificate_allocate_credentials(&identity->credentials);
    if (rc >= 0)
        rc = gnutls_priority_init(&identity->priority, host->priority, NULL);
    if (rc >= 0)
        rc = gnutls_session_ticket_key_generate(&identity->ticket_key);
    if (rc >= 0)
        rc = set_client_trust(identity, pki);
    if (rc >= 0)
        rc = add_chains(identity, pki);
    *out = identity;
    if (rc >= 0)
        return MXS_OK;
    mxs_lab_identity_free(identity);
    *out = NULL;
    return mxs_why_set(why, MXS_ERR_TLS, "lab host %s: %s", host->name, gnutls_strerror(rc));
}

void mxs_lab_identity_free(struct mxs_lab_identity *identity)
{
    if (!identity)
        return;
    if (identity->credentials)
        gnutls_certificate_free_credentials(identity->credentials);
    if (identity->priority)
        gnutls_priority_deinit(identity->priority);
    gnutls_free(identity->ticket_key.data);
    mxs_realloc(identity, 0);
}
