#include "config.h"

#include "whatif/draft.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- copies ----------------------------------------------------------------------------------- */

/* Lists that a verb may add to are copied; the rest is shared with the evidence. */
static void copy_host(struct mxs_draft *d)
{
    struct mxs_host_facts *h = mxs_arena_dup(d->arena, d->base->host, sizeof *h);
    memset(&h->tlsa, 0, sizeof h->tlsa);
    memset(&h->sessions, 0, sizeof h->sessions);
    for (size_t i = 0; i < d->base->host->tlsa.n; i++)
        *mxs_list_add(d->arena, &h->tlsa) = d->base->host->tlsa.v[i];
    *mxs_list_add(d->arena, &h->sessions) = d->session;
    d->host = h;
}

static void copy_evidence(struct mxs_draft *d)
{
    d->session = mxs_arena_dup(d->arena, d->base->session, sizeof *d->session);
    copy_host(d);
    d->evidence = mxs_arena_dup(d->arena, d->base->evidence, sizeof *d->evidence);
    memset(&d->evidence->hosts, 0, sizeof d->evidence->hosts);
    *mxs_list_add(d->arena, &d->evidence->hosts) = d->host;
}

void mxs_draft_start(struct mxs_draft *d, struct mxs_arena *arena, const struct mxs_whatif *whatif,
                     const struct mxs_future *base, struct mxs_draft_ways *ways)
{
    *d = (struct mxs_draft){ .arena = arena, .whatif = whatif, .base = base, .ways = ways,
                             .at = base->at, .receiver_asks = base->receiver_asks,
                             .receiver_requires = base->receiver_requires };
    ways->asked = 0;
    copy_evidence(d);
    for (size_t i = 0; i < base->session->chain.certs.n; i++)
        *mxs_list_add(arena, &d->prints) =
            (struct mxs_blueprint){ .cert = base->session->chain.certs.v[i] };
    for (size_t i = 0; i < base->changes.n; i++)
        *mxs_list_add(arena, &d->changes) = base->changes.v[i];
}

enum mxs_err mxs_draft_run(struct mxs_draft *d, const struct mxs_changes *changes,
                           struct mxs_future *out, struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    for (size_t i = 0; i < changes->list.n && !err; i++) {
        const struct mxs_change *c = &changes->list.v[i];
        err = c->kind->apply(c, d, why);
        if (err == MXS_ERR_NOT_FOUND && c->optional)
            err = MXS_OK;
    }
    return err ? err : mxs_draft_build(d, out, why);
}

const struct mxs_future *mxs_draft_was(const struct mxs_draft *d)
{
    return d->base->was ? d->base->was : d->base;
}

/* --- ways ------------------------------------------------------------------------------------- */

size_t mxs_draft_choose(struct mxs_draft *d, size_t n)
{
    struct mxs_draft_ways *w = d->ways;
    size_t i = w->asked++;
    if (i >= MXS_DRAFT_CHOICES_MAX || n < 2)
        return w->asked--, 0;
    if (i == w->n) {
        w->pick[i] = 0;
        w->n++;
    }
    w->of[i] = n;
    return w->pick[i] < n ? w->pick[i] : 0;
}

MXS_PRINTF(2, 0)
static const char *vprint(struct mxs_arena *arena, const char *fmt, va_list ap)
{
    char text[600];
    vsnprintf(text, sizeof text, fmt, ap);
    return mxs_text_clean(arena, mxs_bytes_str(text));
}

void mxs_draft_label(struct mxs_draft *d, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    *mxs_list_add(d->arena, &d->branch) = vprint(d->arena, fmt, ap);
    va_end(ap);
}

void mxs_draft_say(struct mxs_draft *d, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    *mxs_list_add(d->arena, &d->changes) = vprint(d->arena, fmt, ap);
    va_end(ap);
}

enum mxs_err mxs_draft_not(struct mxs_why *why, const char *fmt, ...)
{
    char text[sizeof why->text];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return mxs_why_set(why, MXS_ERR_NOT_FOUND, "%s", text);
}

/* --- when it can be --------------------------------------------------------------------------- */

static void not_before(const struct mxs_catalog_cert *cert, int64_t *from, const char **whose)
{
    if (cert->not_before <= *from)
        return;
    *from = cert->not_before;
    *whose = cert->id;
}

int64_t mxs_draft_earliest(const struct mxs_draft *d, const char **whose)
{
    int64_t from = MXS_CATALOG_ALWAYS;
    for (size_t i = 0; i < d->prints.n; i++)
        if (d->prints.v[i].catalog)
            not_before(d->prints.v[i].catalog, &from, whose);
    for (size_t i = 0; i < d->store_with.n; i++)
        not_before(d->store_with.v[i], &from, whose);
    return from;
}

/* --- the leaf --------------------------------------------------------------------------------- */

struct mxs_blueprint *mxs_draft_leaf(const struct mxs_draft *d)
{
    return d->prints.n ? &d->prints.v[0] : NULL;
}

struct mxs_blueprint *mxs_draft_need_leaf(const struct mxs_draft *d, struct mxs_why *why)
{
    if (!d->prints.n)
        mxs_draft_not(why, "no certificate is shown");
    return mxs_draft_leaf(d);
}

const struct mxs_catalog_family *mxs_draft_family(const struct mxs_draft *d)
{
    const struct mxs_catalog *c = d->whatif->catalog;
    const struct mxs_blueprint *leaf = mxs_draft_leaf(d);
    if (!c)
        return NULL;
    if (d->scenario && d->scenario->family)
        return mxs_catalog_family(c, d->scenario->family);
    return leaf && leaf->cert ? mxs_catalog_family_of(c, leaf->cert) : NULL;
}

const char *mxs_draft_key_family(const struct mxs_draft *d)
{
    const struct mxs_blueprint *leaf = mxs_draft_leaf(d);
    const char *kind = d->key == MXS_DRAFT_KEY_NEW && d->key_kind ? d->key_kind
                       : leaf && leaf->cert                       ? leaf->cert->key
                                                                  : "RSA";
    return strncmp(kind, "RSA", 3) == 0 ? "RSA" : "ECDSA";
}

/* --- blueprints ------------------------------------------------------------------------------- */

struct mxs_bytes mxs_print_subject(const struct mxs_blueprint *p)
{
    return p->cert ? p->cert->subject_raw : p->catalog->ca->subject_raw;
}

struct mxs_bytes mxs_print_issuer(const struct mxs_blueprint *p)
{
    if (p->edits & MXS_EDIT_SELF_SIGN)
        return mxs_print_subject(p);
    if (p->edits & MXS_EDIT_ISSUER)
        return p->issuer.subject_raw;
    return p->cert ? p->cert->issuer_raw : p->catalog->issuer_raw;
}

int64_t mxs_print_not_before(const struct mxs_blueprint *p)
{
    return p->edits & MXS_EDIT_DATES ? p->not_before
           : p->cert                 ? p->cert->not_before
                                     : p->catalog->not_before;
}

int64_t mxs_print_not_after(const struct mxs_blueprint *p)
{
    return p->edits & MXS_EDIT_DATES ? p->not_after
           : p->cert                 ? p->cert->not_after
                                     : p->catalog->not_after;
}

static const struct mxs_name eku_words[] = {
    { MXS_EKU_SERVER_AUTH, "serverAuth" }, { MXS_EKU_CLIENT_AUTH, "clientAuth" },
    { MXS_EKU_ANY, "anyExtendedKeyUsage" }, { MXS_EKU_EMAIL, "emailProtection" }, { 0, NULL },
};

bool mxs_print_eku(struct mxs_arena *arena, const struct mxs_blueprint *p, struct mxs_strs *out)
{
    memset(out, 0, sizeof *out);
    if (p->edits & MXS_EDIT_EKU) {
        for (size_t i = 0; i < p->eku.n; i++)
            *mxs_list_add(arena, out) = p->eku.v[i];
        return p->eku.n > 0;
    }
    if (p->cert) {
        *out = mxs_cert_eku_names(arena, p->cert);
        return p->cert->has_eku;
    }
    for (const struct mxs_name *w = eku_words; w->name; w++)
        if (p->catalog->eku & (unsigned)w->value)
            *mxs_list_add(arena, out) = w->name;
    return p->catalog->has_eku;
}

const struct mxs_catalog_cert *mxs_print_catalog(const struct mxs_draft *d,
                                                 const struct mxs_blueprint *p)
{
    if (!p->cert || !d->whatif->catalog)
        return p->catalog;
    return mxs_catalog_by_sha256(d->whatif->catalog,
                                 p->cert->identity ? p->cert->identity->sha256 : p->cert->sha256);
}

static const struct mxs_catalog_ca *ca_of(const struct mxs_draft *d, const struct mxs_blueprint *p)
{
    if (!p->cert)
        return p->catalog->ca;
    return d->whatif->catalog ? mxs_catalog_match(d->whatif->catalog, p->cert) : NULL;
}

const char *mxs_print_name(const struct mxs_draft *d, const struct mxs_blueprint *p)
{
    const struct mxs_catalog_ca *ca = ca_of(d, p);
    if (ca)
        return ca->name;
    if (p->edits & MXS_EDIT_NAMES && p->cn)
        return p->cn;
    return p->cert->cn ? p->cert->cn : *p->cert->subject ? p->cert->subject
           : p->cert->san_dns.n                          ? p->cert->san_dns.v[0]
                                                         : "a certificate without a name";
}

bool mxs_print_is(const struct mxs_draft *d, const struct mxs_blueprint *p, const char *name)
{
    const struct mxs_catalog *c = d->whatif->catalog;
    const struct mxs_catalog_ca *ca = c ? mxs_catalog_ca(c, name) : NULL;
    const struct mxs_catalog_cert *cert = c && !ca ? mxs_catalog_cert(c, name) : NULL;
    if (ca)
        return ca_of(d, p) == ca;
    if (cert)
        return mxs_print_catalog(d, p) == cert;
    return p->cert && p->cert->cn && mxs_ascii_equal(p->cert->cn, name);
}

struct mxs_bytes mxs_draft_association(struct mxs_arena *arena, const struct mxs_cert *cert,
                                       const struct mxs_tlsa *t)
{
    struct mxs_cert_identity own;
    const struct mxs_cert_identity *id = mxs_cert_identity(cert, &own);
    const uint8_t *sha256 = t->selector ? id->spki_sha256 : id->sha256;
    const uint8_t *sha512 = t->selector ? id->spki_sha512 : id->sha512;
    if (t->matching_type == 0)
        return t->selector ? id->spki : id->der;
    return mxs_arena_bytes(arena, t->matching_type == 1 ? mxs_bytes(sha256, 32)
                                                         : mxs_bytes(sha512, 64));
}
