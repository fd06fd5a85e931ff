/* Loading and asking the catalog; what a file may say is in catalog_read.c. */
#include "config.h"

#include "facts/catalog.h"

#include "base/file.h"
#include "base/text.h"
#include "facts/catalog_read.h"
#include "facts/dn.h"

#include <string.h>

enum { FILE_MAX = 16 * 1024 * 1024 };

enum mxs_err mxs_catalog_read(const char *const *names, const struct mxs_bytes *texts, size_t n,
                              struct mxs_catalog **out, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_catalog *c = MXS_NEW(arena, struct mxs_catalog);
    enum mxs_err err = MXS_OK;
    c->arena = arena;
    c->version = "";
    *out = NULL;
    struct mxs_catalog_files files = { .catalog = c };
    for (size_t i = 0; i < n && !err; i++)
        err = mxs_catalog_file_open(&files, names[i], texts[i], why);
    if (!err)
        err = mxs_catalog_files_read(&files, why);
    mxs_catalog_files_close(&files);
    if (err)
        mxs_arena_free(arena);
    else
        *out = c;
    return err;
}

/* The files of both folders; the second one need not exist. */
static enum mxs_err list_files(struct mxs_arena *arena, const char *folder, const char *own,
                               struct mxs_strs *paths, struct mxs_why *why)
{
    struct mxs_strs more = { 0 };
    enum mxs_err err = mxs_file_list(arena, folder, ".json", paths, why);
    if (err == MXS_OK && own && mxs_file_list(arena, own, ".json", &more, NULL) == MXS_OK)
        for (size_t i = 0; i < more.n; i++)
            *mxs_list_add(arena, paths) = more.v[i];
    return err;
}

enum mxs_err mxs_catalog_load(const char *folder, struct mxs_catalog **out, struct mxs_why *why)
{
    return mxs_catalog_load_own(folder, NULL, out, why);
}

enum mxs_err mxs_catalog_load_own(const char *folder, const char *own, struct mxs_catalog **out,
                                  struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_strs paths = { 0 };
    *out = NULL;
    enum mxs_err err = list_files(arena, folder, own, &paths, why);
    struct mxs_bytes *texts = mxs_arena_alloc(arena, (paths.n + 1) * sizeof *texts);
    for (size_t i = 0; i < paths.n && !err; i++)
        err = mxs_file_read(arena, paths.v[i], FILE_MAX, &texts[i], why);
    if (!err && paths.n == 0)
        err = mxs_why_set(why, MXS_ERR_NOT_FOUND, "%s: no catalog file (*.json) in it", folder);
    if (!err)
        err = mxs_catalog_read(paths.v, texts, paths.n, out, why);
    mxs_arena_free(arena);
    return err;
}

void mxs_catalog_free(struct mxs_catalog *catalog)
{
    if (catalog)
        mxs_arena_free(catalog->arena);
}

const struct mxs_catalog *mxs_catalog_get(struct mxs_catalog_loader *loader)
{
    if (loader && loader->folder && !loader->tried) {
        loader->tried = true;
        if (mxs_catalog_load_own(loader->folder, loader->own, &loader->catalog, &loader->why) &&
            loader->own)
            mxs_catalog_load(loader->folder, &loader->catalog, NULL);
    }
    return loader ? loader->catalog : NULL;
}

/* --- by name ---------------------------------------------------------------------------------- */

/* True when name is id, or id without its family. */
static bool is_named(const char *id, const char *name)
{
    const char *slash = strchr(id, '/');
    return mxs_ascii_equal(id, name) || (slash && mxs_ascii_equal(slash + 1, name));
}

const struct mxs_catalog_family *mxs_catalog_family(const struct mxs_catalog *c, const char *id)
{
    for (size_t i = 0; i < c->families.n; i++)
        if (mxs_ascii_equal(c->families.v[i]->id, id))
            return c->families.v[i];
    return NULL;
}

const struct mxs_catalog_ca *mxs_catalog_ca(const struct mxs_catalog *c, const char *name)
{
    const struct mxs_catalog_ca *found = NULL;
    for (size_t i = 0; i < c->cas.n; i++) {
        if (!is_named(c->cas.v[i]->id, name))
            continue;
        if (found)
            return NULL;
        found = c->cas.v[i];
    }
    return found;
}

const struct mxs_catalog_cert *mxs_catalog_cert(const struct mxs_catalog *c, const char *name)
{
    const struct mxs_catalog_cert *only[2];
    for (size_t i = 0; i < c->certs.n; i++)
        if (is_named(c->certs.v[i]->id, name))
            return c->certs.v[i];
    const struct mxs_catalog_ca *ca = mxs_catalog_ca(c, name);
    return ca && mxs_catalog_certs_of(c, ca, only, 2) == 1 ? only[0] : NULL;
}

/* --- by contents ------------------------------------------------------------------------------ */

const struct mxs_catalog_ca *mxs_catalog_match(const struct mxs_catalog *c,
                                               const struct mxs_cert *cert)
{
    const uint8_t *key = cert->identity ? cert->identity->spki_sha256 : cert->spki_sha256;
    for (size_t i = 0; i < c->cas.n; i++)
        if (memcmp(c->cas.v[i]->spki_sha256, key, 32) == 0 &&
            mxs_bytes_equal(c->cas.v[i]->subject_raw, cert->subject_raw))
            return c->cas.v[i];
    return NULL;
}

/* False when the files have no certificate of that digest, by their text alone. */
static bool mentioned(const struct mxs_catalog_loader *loader, const uint8_t sha256[32])
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_strs paths = { 0 };
    const char *hex = mxs_hex(arena, mxs_bytes(sha256, 32));
    bool found = list_files(arena, loader->folder, loader->own, &paths, NULL) != MXS_OK;
    for (size_t i = 0; i < paths.n && !found; i++) {
        struct mxs_bytes text;
        found = mxs_file_read(arena, paths.v[i], FILE_MAX, &text, NULL) != MXS_OK ||
                memmem(text.p, text.n, hex, 64) != NULL;
    }
    mxs_arena_free(arena);
    return found;
}

/* One chain of an unknown CA is not worth a third of a check's time; a batch of them is. */
static bool worth_reading(struct mxs_catalog_loader *loader, const uint8_t sha256[32])
{
    enum { LOOKS = 8 };
    return !loader || !loader->folder || loader->tried || loader->looked++ >= LOOKS ||
           mentioned(loader, sha256);
}

const char *mxs_catalog_revoked(void *loader, const struct mxs_cert *cert)
{
    const uint8_t *sha256 = cert->identity ? cert->identity->sha256 : cert->sha256;
    const struct mxs_catalog *c = worth_reading(loader, sha256) ? mxs_catalog_get(loader) : NULL;
    const struct mxs_catalog_cert *found = c ? mxs_catalog_by_sha256(c, sha256) : NULL;
    return found && found->revoked != MXS_CATALOG_NEVER ? found->id : NULL;
}

const struct mxs_catalog_cert *mxs_catalog_by_sha256(const struct mxs_catalog *c,
                                                     const uint8_t sha256[32])
{
    for (size_t i = 0; i < c->certs.n; i++)
        if (memcmp(c->certs.v[i]->sha256, sha256, 32) == 0)
            return c->certs.v[i];
    return NULL;
}

const struct mxs_catalog_ca *mxs_catalog_by_spki(const struct mxs_catalog *c,
                                                 const uint8_t spki_sha256[32])
{
    for (size_t i = 0; i < c->cas.n; i++)
        if (memcmp(c->cas.v[i]->spki_sha256, spki_sha256, 32) == 0)
            return c->cas.v[i];
    return NULL;
}

size_t mxs_catalog_by_subject(const struct mxs_catalog *c, struct mxs_bytes subject_raw,
                              const struct mxs_catalog_cert **out, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < c->certs.n && n < max; i++)
        if (mxs_bytes_equal(c->certs.v[i]->ca->subject_raw, subject_raw))
            out[n++] = c->certs.v[i];
    return n;
}

size_t mxs_catalog_certs_of(const struct mxs_catalog *c, const struct mxs_catalog_ca *ca,
                            const struct mxs_catalog_cert **out, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < c->certs.n && n < max; i++)
        if (c->certs.v[i]->ca == ca)
            out[n++] = c->certs.v[i];
    return n;
}

static const struct mxs_catalog_family *by_organization(const struct mxs_catalog *c,
                                                        const char *organization)
{
    for (size_t i = 0; i < c->families.n; i++)
        for (size_t k = 0; k < c->families.v[i]->organizations.n; k++)
            if (strcmp(c->families.v[i]->organizations.v[k], organization) == 0)
                return c->families.v[i];
    return NULL;
}

const struct mxs_catalog_family *mxs_catalog_family_of(const struct mxs_catalog *c,
                                                       const struct mxs_cert *cert)
{
    const struct mxs_catalog_ca *self = mxs_catalog_match(c, cert);
    const struct mxs_catalog_cert *issuer;
    if (self)
        return self->family;
    if (mxs_catalog_by_subject(c, cert->issuer_raw, &issuer, 1))
        return issuer->ca->family;
    struct mxs_arena *arena = mxs_arena_new();
    const char *organization = mxs_dn_attribute(arena, cert->issuer_raw, "2.5.4.10");
    const struct mxs_catalog_family *family = organization ? by_organization(c, organization) : NULL;
    mxs_arena_free(arena);
    return family;
}

/* --- by date ---------------------------------------------------------------------------------- */

static bool holds(const struct mxs_catalog_span *span, int64_t at)
{
    return at >= span->from && at < span->until;
}

static bool lists(const struct mxs_strs *strs, const char *word)
{
    for (size_t i = 0; word && i < strs->n; i++)
        if (strcmp(strs->v[i], word) == 0)
            return true;
    return !word;
}

static bool has_ca(const struct mxs_catalog_ca *const *list, size_t n,
                   const struct mxs_catalog_ca *ca)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == ca)
            return true;
    return false;
}

size_t mxs_catalog_issuers_at(const struct mxs_catalog *c, const char *family, const char *profile,
                              const char *leaf_key, int64_t at, bool backups,
                              const struct mxs_catalog_ca **out, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < c->issuing.n && n < max; i++) {
        const struct mxs_catalog_issuing *row = &c->issuing.v[i];
        if (row->backup == backups && strcmp(row->ca->family->id, family) == 0 &&
            (backups || lists(&row->profiles, profile)) && lists(&row->leaf_keys, leaf_key) &&
            holds(&row->when, at) && !has_ca(out, n, row->ca))
            out[n++] = row->ca;
    }
    return n;
}

/* What its certificates say alone. */
static const char *certificate_state(const struct mxs_catalog *c, const struct mxs_catalog_ca *ca,
                                     int64_t at)
{
    const char *state = NULL;
    bool past = false, revoked = false;
    for (size_t i = 0; i < c->certs.n; i++) {
        const struct mxs_catalog_cert *cert = c->certs.v[i];
        if (cert->ca != ca || at < cert->not_before)
            continue;
        past = true;
        if (at >= cert->not_after)
            continue;
        if (at >= cert->revoked)
            revoked = true;
        else if (!state || !strcmp(cert->state, "active"))
            state = strcmp(cert->state, "revoked") && strcmp(cert->state, "expired") ? cert->state
                                                                                     : "active";
    }
    return state ? state : revoked ? "revoked" : past ? "expired" : "not yet valid";
}

static bool lives(const char *state)
{
    return strcmp(state, "revoked") && strcmp(state, "expired") && strcmp(state, "not yet valid");
}

const char *mxs_catalog_state(const struct mxs_catalog *c, const struct mxs_catalog_ca *ca, int64_t at)
{
    const char *state = certificate_state(c, ca, at);
    bool later = false, rows = false;
    if (!lives(state))
        return state;
    if (at >= ca->trusted_until)
        return "distrusted";
    for (size_t i = 0; i < c->issuing.n; i++) {
        const struct mxs_catalog_issuing *row = &c->issuing.v[i];
        if (row->ca != ca)
            continue;
        if (holds(&row->when, at))
            return row->backup ? "backup" : "issuing";
        rows = true;
        later |= at < row->when.from;
    }
    return later ? "not yet issuing" : rows ? "retired" : state;
}

const struct mxs_catalog_chain *mxs_catalog_chain_at(const struct mxs_catalog *c,
                                                     const char *family, const char *profile,
                                                     const char *leaf_key, int64_t at)
{
    for (size_t i = 0; i < c->chains.n; i++) {
        const struct mxs_catalog_chain *row = &c->chains.v[i];
        if (strcmp(row->family->id, family) == 0 && lists(&row->profiles, profile) &&
            lists(&row->leaf_keys, leaf_key) && holds(&row->when, at))
            return row;
    }
    return NULL;
}

const struct mxs_catalog_profile *mxs_catalog_profile_at(const struct mxs_catalog *c,
                                                         const char *family, const char *profile,
                                                         int64_t at)
{
    for (size_t i = 0; i < c->profiles.n; i++) {
        const struct mxs_catalog_profile *row = &c->profiles.v[i];
        if (strcmp(row->family->id, family) == 0 && strcmp(row->name, profile) == 0 &&
            holds(&row->when, at))
            return row;
    }
    return NULL;
}
