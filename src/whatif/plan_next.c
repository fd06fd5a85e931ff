#include "config.h"

#include "whatif/plan_room.h"

#include "base/text.h"
#include "facts/cert_parse.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

/* What is coming, from PEM files: the public half of a key, a certificate with its chain, a request. */

static gnutls_datum_t datum(struct mxs_bytes b)
{
    return (gnutls_datum_t){ (unsigned char *)(uintptr_t)b.p, (unsigned)b.n };
}

/* The public key as SubjectPublicKeyInfo; releases it. */
static bool keep(struct mxs_arena *arena, gnutls_pubkey_t key, struct mxs_plan_next *out)
{
    gnutls_datum_t der = { NULL, 0 };
    bool good = gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der) == 0;
    if (good)
        out->spki = mxs_arena_bytes(arena, mxs_bytes(der.data, der.size));
    gnutls_free(der.data);
    gnutls_pubkey_deinit(key);
    out->key = good ? mxs_spki_name(arena, out->spki) : NULL;
    return out->key != NULL;
}

static enum mxs_err unreadable(const char *name, const char *what, int code, struct mxs_why *why)
{
    bool locked = code == GNUTLS_E_DECRYPTION_FAILED;
    return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: %s%s%s%s", name,
                       locked ? "the private key is encrypted; a CSR or certificate will do" : what,
                       locked || !code ? "" : " (", locked || !code ? "" : gnutls_strerror(code),
                       locked || !code ? "" : ")");
}

static enum mxs_err public_key(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                               struct mxs_plan_next *out, struct mxs_why *why)
{
    gnutls_pubkey_t key;
    gnutls_datum_t text = datum(pem);
    gnutls_pubkey_init(&key);
    int code = gnutls_pubkey_import(key, &text, GNUTLS_X509_FMT_PEM);
    if (code < 0) {
        gnutls_pubkey_deinit(key);
        return unreadable(name, "not a PEM key", code, why);
    }
    return keep(arena, key, out) ? MXS_OK : unreadable(name, "not a key that can be used", 0, why);
}

struct mxs_plan_next mxs_plan_next_unknown(const struct mxs_catalog *catalog,
                                           const struct mxs_session_facts *session)
{
    const struct mxs_cert *leaf = session && session->chain.certs.n ? session->chain.certs.v[0] : NULL;
    bool named = leaf && catalog && mxs_catalog_family_of(catalog, leaf);
    return (struct mxs_plan_next){ .issuer = named ? "any" : NULL };
}

enum mxs_err mxs_plan_next_key(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                               struct mxs_plan_next *out, struct mxs_why *why)
{
    gnutls_privkey_t key;
    gnutls_pubkey_t half;
    gnutls_datum_t text = datum(pem);
    out->file = name;
    if (pem.n && strstr((const char *)pem.p, "BEGIN PUBLIC KEY"))
        return public_key(arena, name, pem, out, why);
    gnutls_privkey_init(&key);
    gnutls_pubkey_init(&half);
    int code = gnutls_privkey_import_x509_raw(key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (code == 0)
        code = gnutls_pubkey_import_privkey(half, key, 0, 0);
    gnutls_privkey_deinit(key);
    if (code < 0) {
        gnutls_pubkey_deinit(half);
        return unreadable(name, "not a PEM private key", code, why);
    }
    return keep(arena, half, out) ? MXS_OK : unreadable(name, "not a key that can be used", 0, why);
}

enum mxs_err mxs_plan_next_cert(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                                struct mxs_plan_next *out, struct mxs_why *why)
{
    out->chain = (struct mxs_chain){ { NULL, 0, 0 } };
    enum mxs_err err = mxs_cert_pem(arena, name, pem, &out->chain, why);
    if (err)
        return err;
    const struct mxs_cert *leaf = out->chain.certs.v[0];
    out->file = name;
    out->spki = leaf->spki;
    out->key = leaf->key;
    out->names = leaf->san_dns;
    if (!leaf->has_san && leaf->cn)
        *mxs_list_add(arena, &out->names) = leaf->cn;
    return MXS_OK;
}

static void request_names(struct mxs_arena *arena, gnutls_x509_crq_t crq, struct mxs_strs *out)
{
    char name[256];
    unsigned type;
    for (unsigned i = 0; i < 100; i++) {
        size_t n = sizeof name;
        int code = gnutls_x509_crq_get_subject_alt_name(crq, i, name, &n, &type, NULL);
        if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            break;
        if (code >= 0 && type == GNUTLS_SAN_DNSNAME)
            *mxs_list_add(arena, out) = mxs_text_clip(arena, mxs_bytes(name, n), sizeof name);
    }
    size_t n = sizeof name;
    if (!out->n && gnutls_x509_crq_get_dn_by_oid(crq, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &n) == 0)
        *mxs_list_add(arena, out) = mxs_text_clip(arena, mxs_bytes(name, n), sizeof name);
}

enum mxs_err mxs_plan_next_csr(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                               struct mxs_plan_next *out, struct mxs_why *why)
{
    gnutls_x509_crq_t crq;
    gnutls_pubkey_t key;
    gnutls_datum_t text = datum(pem);
    out->file = name;
    gnutls_x509_crq_init(&crq);
    gnutls_pubkey_init(&key);
    int code = gnutls_x509_crq_import(crq, &text, GNUTLS_X509_FMT_PEM);
    if (code >= 0)
        code = gnutls_x509_crq_verify(crq, 0);
    if (code >= 0)
        code = gnutls_pubkey_import_x509_crq(key, crq, 0);
    if (code >= 0)
        request_names(arena, crq, &out->names);
    gnutls_x509_crq_deinit(crq);
    if (code < 0) {
        gnutls_pubkey_deinit(key);
        return unreadable(name, "not a PEM certificate request", code, why);
    }
    return keep(arena, key, out) ? MXS_OK : unreadable(name, "its key cannot be used", 0, why);
}
