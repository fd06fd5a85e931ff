#include "config.h"

#include "judge/store.h"

#include "base/der.h"
#include "base/file.h"
#include "base/text.h"
#include "judge/path.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SYSTEM_STORE "/etc/ssl/certs/ca-certificates.crt"

enum { FILE_MAX = 16 * 1024 * 1024, DIR_FILES_MAX = 5000 };

struct anchor {
    struct mxs_bytes der, subject;
    const struct mxs_cert *cert; /* parsed when first asked for */
    bool broken;                 /* it has the frame of a certificate, but is none */
};

struct mxs_store {
    struct mxs_arena *arena;
    const char *path; /* NULL: the system's; "none": only what is added */
    bool loaded;
    const char *error;
    MXS_LIST(struct anchor) anchors;
    struct mxs_store *base; /* of a derived store; NULL */
    MXS_LIST(const struct mxs_cert *) removed;
    struct mxs_signatures *signatures; /* the base's, when derived */
    struct mxs_crls crls;
    bool crls_dropped; /* those of base do not count */
    bool crls_of_all;  /* a CA without one has a current one */
    bool has_seen;
    int64_t crls_seen;
};

static void free_signatures(void *signatures)
{
    mxs_signatures_free(signatures);
}

struct mxs_store *mxs_store_new(const char *path)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_store *store = MXS_NEW(arena, struct mxs_store);
    store->arena = arena;
    store->path = mxs_arena_strdup(arena, path);
    store->loaded = path && strcmp(path, "none") == 0;
    store->signatures = mxs_signatures_new();
    mxs_arena_defer(arena, free_signatures, store->signatures);
    return store;
}

struct mxs_store *mxs_store_derive(struct mxs_store *base)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_store *store = MXS_NEW(arena, struct mxs_store);
    store->arena = arena;
    store->base = base;
    store->loaded = true;
    store->signatures = base->signatures;
    return store;
}

void mxs_store_free(struct mxs_store *store)
{
    if (store)
        mxs_arena_free(store->arena);
}

/* The subject of a certificate, header included, without looking at anything else (RFC 5280 4.1):
 * the sixth element of the TBSCertificate, the fifth in version 1. */
static struct mxs_bytes subject_of(struct mxs_bytes der)
{
    struct mxs_cursor c = mxs_cursor(der);
    struct mxs_der cert, tbs, part = { 0 };
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &cert))
        return mxs_bytes(NULL, 0);
    c = mxs_der_enter(&c, &cert);
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &tbs))
        return mxs_bytes(NULL, 0);
    c = mxs_der_enter(&c, &tbs);
    mxs_der_optional(&c, MXS_DER_CONTEXT_CONSTRUCTED, &part);
    for (int i = 0; i < 4; i++) /* serial, algorithm, issuer, validity */
        mxs_der_next(&c, &part);
    return mxs_der_expect(&c, MXS_DER_SEQUENCE, &part) ? part.whole : mxs_bytes(NULL, 0);
}

static bool has_der(const struct mxs_store *store, struct mxs_bytes der)
{
    for (size_t i = 0; i < store->anchors.n; i++)
        if (mxs_bytes_equal(store->anchors.v[i].der, der))
            return true;
    return false;
}

static void add_der(struct mxs_store *store, struct mxs_bytes der)
{
    struct mxs_bytes subject = subject_of(der);
    if (subject.n && !has_der(store, der))
        *mxs_list_add(store->arena, &store->anchors) = (struct anchor){ .der = der,
                                                                        .subject = subject };
}

/* Every certificate block of a PEM text; what does not decode is passed over, as other readers of
 * bundles do. Returns how many blocks there were. */
static size_t add_pem(struct mxs_store *store, struct mxs_bytes pem)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
    size_t blocks = 0;
    const char *p = (const char *)pem.p, *stop = p + pem.n;
    while (p < stop && (p = memmem(p, (size_t)(stop - p), begin, sizeof begin - 1)) != NULL) {
        p += sizeof begin - 1;
        const char *q = memmem(p, (size_t)(stop - p), end, sizeof end - 1);
        struct mxs_bytes der;
        if (!q)
            break;
        if (mxs_base64_parse(store->arena, p, (size_t)(q - p), &der) == MXS_OK)
            add_der(store, der);
        blocks++;
        p = q;
    }
    return blocks;
}

static enum mxs_err load_file(struct mxs_store *store, const char *path, struct mxs_why *why)
{
    struct mxs_bytes pem;
    enum mxs_err err = mxs_file_read(store->arena, path, FILE_MAX, &pem, why);
    if (err)
        return err;
    if (!add_pem(store, pem))
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: no certificate in it", path);
    return MXS_OK;
}

static enum mxs_err load_dir(struct mxs_store *store, const char *path, struct mxs_why *why)
{
    struct dirent **names = NULL;
    int n = scandir(path, &names, NULL, alphasort);
    if (n < 0)
        return mxs_why_set(why, MXS_ERR_IO, "%s: cannot be listed", path);
    for (int i = 0; i < n; i++) {
        char *file = mxs_arena_printf(store->arena, "%s/%s", path, names[i]->d_name);
        struct stat st;
        free(names[i]);
        if (i < DIR_FILES_MAX && stat(file, &st) == 0 && S_ISREG(st.st_mode))
            load_file(store, file, NULL);
    }
    free(names);
    if (!store->anchors.n)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: no certificate in it", path);
    return MXS_OK;
}

enum mxs_err mxs_store_load(struct mxs_store *store, struct mxs_why *why)
{
    struct mxs_why own = { MXS_OK, "" };
    const char *path = store->path ? store->path : SYSTEM_STORE;
    struct stat st;
    if (store->loaded)
        return store->error ? mxs_why_set(why, MXS_ERR_IO, "%s", store->error) : MXS_OK;
    store->loaded = true;
    bool dir = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    enum mxs_err err = dir ? load_dir(store, path, &own) : load_file(store, path, &own);
    if (err) {
        store->error = mxs_arena_strdup(store->arena, own.text);
        mxs_why_set(why, err, "%s", own.text);
    }
    return err;
}

void mxs_store_add(struct mxs_store *store, const struct mxs_cert *anchor)
{
    add_der(store, mxs_arena_bytes(store->arena, anchor->der));
}

void mxs_store_remove(struct mxs_store *store, const struct mxs_cert *anchor)
{
    const struct mxs_cert *copy = NULL;
    if (mxs_cert_parse(store->arena, anchor->der, &copy, NULL) == MXS_OK)
        *mxs_list_add(store->arena, &store->removed) = copy;
}

static bool removed(const struct mxs_store *store, const struct mxs_cert *cert)
{
    for (size_t i = 0; i < store->removed.n; i++)
        if (mxs_bytes_equal(store->removed.v[i]->subject_raw, cert->subject_raw) &&
            mxs_bytes_equal(store->removed.v[i]->spki, cert->spki))
            return true;
    return false;
}

static const struct mxs_cert *parsed(struct mxs_store *store, struct anchor *anchor)
{
    if (!anchor->cert && !anchor->broken)
        anchor->broken = mxs_cert_parse(store->arena, anchor->der, &anchor->cert, NULL) != MXS_OK;
    return anchor->broken ? NULL : anchor->cert;
}

size_t mxs_store_find(struct mxs_store *store, struct mxs_bytes subject_raw,
                      const struct mxs_cert **out, size_t max)
{
    size_t n = store->base ? mxs_store_find(store->base, subject_raw, out, max) : 0, kept = 0;
    mxs_store_load(store, NULL);
    for (size_t i = 0; i < store->anchors.n && n < max; i++)
        if (mxs_bytes_equal(store->anchors.v[i].subject, subject_raw) &&
            parsed(store, &store->anchors.v[i]))
            out[n++] = store->anchors.v[i].cert;
    for (size_t i = 0; i < n; i++)
        if (!removed(store, out[i]))
            out[kept++] = out[i];
    return kept;
}

bool mxs_store_has(struct mxs_store *store, const struct mxs_cert *cert)
{
    mxs_store_load(store, NULL);
    bool here = has_der(store, cert->der) || (store->base && mxs_store_has(store->base, cert));
    return here && !removed(store, cert);
}

const struct mxs_cert *mxs_store_names(struct mxs_store *store, const char *subject)
{
    mxs_store_load(store, NULL);
    for (size_t i = 0; i < store->anchors.n; i++) {
        const struct mxs_cert *cert = parsed(store, &store->anchors.v[i]);
        if (cert && !removed(store, cert) && strcmp(cert->subject, subject) == 0)
            return cert;
    }
    return store->base ? mxs_store_names(store->base, subject) : NULL;
}

size_t mxs_store_size(struct mxs_store *store)
{
    mxs_store_load(store, NULL);
    return store->anchors.n + (store->base ? mxs_store_size(store->base) : 0);
}

const char *mxs_store_error(const struct mxs_store *store)
{
    return store->base ? mxs_store_error(store->base) : store->error;
}

struct mxs_signatures *mxs_store_signatures(const struct mxs_store *store)
{
    return store->signatures;
}

/* --- CRLs --- */

void mxs_store_add_crl(struct mxs_store *store, const struct mxs_crl *crl)
{
    const struct mxs_crl *copy = NULL;
    if (mxs_crl_parse(store->arena, crl->der, &copy, NULL) == MXS_OK)
        *mxs_list_add(store->arena, &store->crls.list) = copy;
}

void mxs_store_drop_crls(struct mxs_store *store)
{
    store->crls = (struct mxs_crls){ { NULL, 0, 0 } };
    store->crls_dropped = true;
    store->has_seen = store->crls_of_all = false;
}

void mxs_store_set_crls_of_all(struct mxs_store *store)
{
    store->crls_of_all = true;
}

bool mxs_store_crls_of_all(const struct mxs_store *store)
{
    return store->crls_of_all ||
           (store->base && !store->crls_dropped && mxs_store_crls_of_all(store->base));
}

void mxs_store_set_crls_seen(struct mxs_store *store, int64_t day)
{
    store->has_seen = true;
    store->crls_seen = day;
}

int64_t mxs_store_crls_seen(const struct mxs_store *store, int64_t at)
{
    if (store->has_seen)
        return store->crls_seen;
    return store->base && !store->crls_dropped ? mxs_store_crls_seen(store->base, at) : at;
}

bool mxs_store_knows_crls(const struct mxs_store *store)
{
    return store->crls.list.n || store->crls_dropped ||
           (store->base && mxs_store_knows_crls(store->base));
}

static const struct mxs_crl *first_crl(const struct mxs_store *store)
{
    const struct mxs_crl *first = NULL;
    if (store->base && !store->crls_dropped)
        first = first_crl(store->base);
    return first || !store->crls.list.n ? first : store->crls.list.v[0];
}

size_t mxs_store_find_crls(const struct mxs_store *store, struct mxs_bytes issuer_raw, bool first,
                           const struct mxs_crl **out, size_t max)
{
    size_t n = 0;
    const struct mxs_crl *only = first ? first_crl(store) : NULL;
    if (store->base && !store->crls_dropped)
        n = mxs_store_find_crls(store->base, issuer_raw, false, out, max);
    for (size_t i = 0; i < store->crls.list.n && n < max; i++)
        if (mxs_bytes_equal(store->crls.list.v[i]->issuer_raw, issuer_raw))
            out[n++] = store->crls.list.v[i];
    for (size_t i = 0; first && i < n; i++)
        if (out[i] == only) {
            out[0] = only;
            return 1;
        }
    return first ? 0 : n;
}
