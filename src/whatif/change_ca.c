#include "config.h"

#include "whatif/change_rows.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

enum { CANDIDATES_MAX = 8, SHORT_LIVED = 10 * 86400 };

/* --- a chain of the catalog --------------------------------------------------------------------- */

/* What is served behind the leaf: the first place is given, the others as the chain of the catalog
 * says. */
static void serve_path(struct mxs_draft *d, const struct mxs_catalog_cert *first,
                       const struct mxs_catalog_path *path)
{
    d->prints.n = d->prints.n ? 1 : 0;
    *mxs_list_add(d->arena, &d->prints) = (struct mxs_blueprint){ .catalog = first };
    for (size_t i = 1; path && i < path->positions.n; i++)
        if (path->positions.v[i].any.n)
            *mxs_list_add(d->arena, &d->prints) =
                (struct mxs_blueprint){ .catalog = path->positions.v[i].any.v[0] };
}

static void set_issuer(struct mxs_draft *d, const struct mxs_catalog_ca *ca)
{
    struct mxs_blueprint *leaf = mxs_draft_leaf(d);
    leaf->edits |= MXS_EDIT_ISSUER;
    leaf->issuer = mxs_issuer_of_ca(ca);
}

/* --- issuer ----------------------------------------------------------------------------------- */

/* Words joined as far as they name a CA, so that names with spaces need no quotes. */
static size_t next_ca(struct mxs_arena *arena, const struct mxs_catalog *c, const struct mxs_strs *words,
                      size_t from, const struct mxs_catalog_ca **out)
{
    const char *name = "";
    *out = NULL;
    for (size_t i = from; i < words->n; i++) {
        name = mxs_arena_printf(arena, "%s%s%s", name, i > from ? " " : "", words->v[i]);
        if ((*out = mxs_catalog_ca(c, name)))
            return i + 1;
    }
    return from;
}

MXS_CHANGE_CHECK(issuer)
{
    const struct mxs_catalog_ca *ca;
    enum mxs_err err = MXS_OK;
    if (strcmp(change->words.v[0], "leaf") != 0)
        return mxs_change_usage(change, why);
    struct mxs_arena *arena = mxs_arena_new();
    for (size_t i = 1; catalog && i < change->words.n && !err;) {
        size_t next = next_ca(arena, catalog, &change->words, i, &ca);
        if (!ca)
            err = mxs_change_ca_known(catalog, change->words.v[i], why);
        if (!ca && !err)
            err = mxs_why_set(why, MXS_ERR_USAGE, "\"%.60s\" is a certificate: name a CA",
                              change->words.v[i]);
        i = next;
    }
    mxs_arena_free(arena);
    return err;
}

/* The catalog says which kinds of leaf keys a CA signs; of one without such a row, its own kind. */
static bool signs_kind(const struct mxs_catalog *c, const struct mxs_catalog_ca *ca, const char *kind)
{
    bool listed = false;
    for (size_t i = 0; i < c->issuing.n; i++) {
        if (c->issuing.v[i].ca != ca)
            continue;
        listed = true;
        for (size_t k = 0; k < c->issuing.v[i].leaf_keys.n; k++)
            if (strcmp(c->issuing.v[i].leaf_keys.v[k], kind) == 0)
                return true;
    }
    return !listed;
}

static size_t fitting(struct mxs_draft *d, const struct mxs_change *change,
                      const struct mxs_catalog_ca **out, size_t max)
{
    const struct mxs_catalog *c = d->whatif->catalog;
    const struct mxs_catalog_ca *ca;
    size_t n = 0;
    for (size_t i = 1; i < change->words.n && n < max;) {
        size_t next = next_ca(d->arena, c, &change->words, i, &ca);
        if (ca && signs_kind(c, ca, mxs_draft_key_family(d)))
            out[n++] = ca;
        i = next > i ? next : i + 1;
    }
    return n;
}

static const struct mxs_catalog_cert *in_position(const struct mxs_catalog_position *p,
                                                  const struct mxs_catalog_ca *ca)
{
    for (size_t i = 0; i < p->any.n; i++)
        if (p->any.v[i]->ca == ca)
            return p->any.v[i];
    return NULL;
}

/* The chain that was served with this CA, at the draft's date if it can be. */
static const struct mxs_catalog_chain *chain_with(const struct mxs_draft *d,
                                                  const struct mxs_catalog_ca *ca,
                                                  const struct mxs_catalog_cert **first)
{
    const struct mxs_catalog *c = d->whatif->catalog;
    const struct mxs_catalog_chain *found = NULL;
    for (size_t i = 0; i < c->chains.n; i++) {
        const struct mxs_catalog_chain *row = &c->chains.v[i];
        const struct mxs_catalog_cert *cert =
            row->served.positions.n ? in_position(&row->served.positions.v[0], ca) : NULL;
        bool now = d->at >= row->when.from && d->at < row->when.until;
        if (!cert || (found && !now))
            continue;
        found = row;
        *first = cert;
        if (now)
            break;
    }
    return found;
}

/* One that stands by goes live in the place of its sisters: a certificate of the same issuer. */
static const struct mxs_catalog_chain *chain_of_sister(const struct mxs_draft *d,
                                                       const struct mxs_catalog_ca *ca,
                                                       const struct mxs_catalog_cert **first)
{
    const struct mxs_catalog_cert *own[CANDIDATES_MAX];
    const struct mxs_catalog *c = d->whatif->catalog;
    size_t n = mxs_catalog_certs_of(c, ca, own, CANDIDATES_MAX);
    for (size_t i = c->chains.n; i > 0; i--) {
        const struct mxs_catalog_chain *row = &c->chains.v[i - 1];
        const struct mxs_catalog_position *p = row->served.positions.v;
        for (size_t k = 0; row->family == ca->family && k < n; k++)
            if (row->served.positions.n && p->any.n && p->any.v[0]->issuer == own[k]->issuer) {
                *first = own[k];
                return row;
            }
    }
    return NULL;
}

static enum mxs_err serve_ca(struct mxs_draft *d, const struct mxs_catalog_ca *ca,
                             struct mxs_why *why)
{
    const struct mxs_catalog_cert *first = NULL, *own[2];
    const struct mxs_catalog_chain *chain = chain_with(d, ca, &first);
    if (!chain)
        chain = chain_of_sister(d, ca, &first);
    if (!first && mxs_catalog_certs_of(d->whatif->catalog, ca, own, 2))
        first = own[0];
    if (!first)
        return mxs_draft_not(why, "the catalog has no certificate of %s", ca->name);
    set_issuer(d, ca);
    serve_path(d, first, chain ? &chain->served : NULL);
    mxs_draft_say(d, "leaf: issued by %s, whose chain is served", ca->name);
    return MXS_OK;
}

MXS_CHANGE_APPLY(issuer)
{
    const struct mxs_catalog_ca *cas[CANDIDATES_MAX];
    if (!mxs_draft_need_leaf(draft, why))
        return MXS_ERR_NOT_FOUND;
    if (!draft->whatif->catalog)
        return mxs_draft_not(why, "there is no catalog to take the CA from");
    size_t n = fitting(draft, change, cas, CANDIDATES_MAX);
    if (!n)
        return mxs_draft_not(why, "none of these CAs signs leaves with %s keys",
                             mxs_draft_key_family(draft));
    size_t pick = mxs_draft_choose(draft, n);
    if (n > 1)
        mxs_draft_label(draft, "signed by %s", cas[pick]->name);
    draft->renewed = true;
    return serve_ca(draft, cas[pick], why);
}

MXS_CHANGE_HOLDS(issuer)
{
    const struct mxs_catalog_ca *cas[CANDIDATES_MAX];
    struct mxs_draft scratch = *draft;
    const struct mxs_blueprint *leaf = mxs_draft_leaf(draft);
    if (!leaf || !draft->whatif->catalog)
        return false;
    size_t n = fitting(&scratch, change, cas, CANDIDATES_MAX);
    for (size_t i = 0; i < n; i++)
        if (mxs_bytes_equal(cas[i]->subject_raw, mxs_print_issuer(leaf)))
            return true;
    return false;
}

/* --- catalog ---------------------------------------------------------------------------------- */

MXS_CHANGE_CHECK(catalog)
{
    const struct mxs_strs *w = &change->words;
    int64_t at;
    if (w->n != 1 && (w->n != 3 || strcmp(w->v[1], "profile") != 0))
        return mxs_change_usage(change, why);
    if (!mxs_change_date(NULL, w->v[0], &at) || *w->v[0] == '+')
        return mxs_why_set(why, MXS_ERR_USAGE, "\"%.40s\" is no date (YYYY-MM-DD, or now)", w->v[0]);
    for (size_t i = 0; catalog && w->n == 3 && i < catalog->profiles.n; i++)
        if (strcmp(catalog->profiles.v[i].name, w->v[2]) == 0)
            return MXS_OK;
    if (!catalog || w->n == 1)
        return MXS_OK;
    return mxs_why_set(why, MXS_ERR_USAGE, "\"%.40s\" is no profile of the catalog (classic, tlsserver, "
                       "shortlived, tlsclient)", w->v[2]);
}

/* The profile that a leaf looks like; the first of its CA is what most get. */
static const char *guess_profile(const struct mxs_draft *d, const char *family, int64_t at)
{
    const struct mxs_blueprint *leaf = mxs_draft_leaf(d);
    int64_t lasts = mxs_print_not_after(leaf) - mxs_print_not_before(leaf);
    bool nameless = leaf->cert && !leaf->cert->cn;
    const char *guess = lasts < SHORT_LIVED ? "shortlived" : nameless ? "tlsserver" : "classic";
    if (mxs_catalog_profile_at(d->whatif->catalog, family, guess, at))
        return guess;
    for (size_t i = 0; i < d->whatif->catalog->profiles.n; i++)
        if (strcmp(d->whatif->catalog->profiles.v[i].family->id, family) == 0)
            return d->whatif->catalog->profiles.v[i].name;
    return guess;
}

struct asked { /* what the words and the evidence come to */
    const struct mxs_catalog_family *family;
    const struct mxs_catalog_profile *profile;
    const struct mxs_catalog_chain *chain;
    int64_t at;
};

static enum mxs_err ask(struct mxs_draft *d, const struct mxs_change *change, struct asked *out,
                        struct mxs_why *why)
{
    const struct mxs_catalog *c = d->whatif->catalog;
    const char *name = change->words.n > 2 ? change->words.v[2] : NULL;
    const char *date = change->words.v[0];
    *out = (struct asked){ .family = mxs_draft_family(d) };
    mxs_change_date(d, date, &out->at);
    if (!out->family)
        return mxs_draft_not(why, "the catalog does not know the CA of this leaf");
    name = name ? name : guess_profile(d, out->family->id, out->at);
    out->profile = mxs_catalog_profile_at(c, out->family->id, name, out->at);
    out->chain = mxs_catalog_chain_at(c, out->family->id, name, mxs_draft_key_family(d), out->at);
    if (out->profile && out->chain && out->chain->served.positions.n &&
        out->chain->served.positions.v[0].any.n)
        return MXS_OK;
    return mxs_draft_not(why, "the catalog does not say what %s issued and served as %s on %.10s",
                         out->family->title, name, mxs_time_text(d->arena, out->at));
}

/* A profile without a common name has its names in the SAN only, which is critical then. */
static void set_names(struct mxs_draft *d, struct mxs_blueprint *leaf,
                      const struct mxs_catalog_profile *profile)
{
    const struct mxs_cert *cert = leaf->cert;
    bool edited = leaf->edits & MXS_EDIT_NAMES;
    const char *cn = edited ? leaf->cn : cert->cn;
    if (profile->common_name == (cn != NULL))
        return;
    if (!edited) {
        memset(&leaf->dns, 0, sizeof leaf->dns);
        for (size_t i = 0; i < cert->san_dns.n; i++)
            *mxs_list_add(d->arena, &leaf->dns) = cert->san_dns.v[i];
    }
    leaf->edits |= MXS_EDIT_NAMES;
    leaf->cn = profile->common_name && leaf->dns.n && strlen(leaf->dns.v[0]) < 64 ? leaf->dns.v[0]
                                                                                  : NULL;
}

static void issue(struct mxs_draft *d, const struct asked *a)
{
    struct mxs_blueprint *leaf = mxs_draft_leaf(d);
    /* A leaf that is still valid is renewed now, under the rule of then; an expired one is history. */
    bool past = d->backward || mxs_print_not_after(leaf) < d->at;
    d->at = past || a->at > d->at ? a->at : d->at;
    d->renewed = true;
    leaf->edits |= MXS_EDIT_EKU | MXS_EDIT_DATES | (a->profile->subject_key_id ? 0 : MXS_EDIT_NO_SKI) |
                   (a->profile->key_encipherment ? 0 : MXS_EDIT_NO_KEY_ENCIPHERMENT);
    leaf->eku = a->profile->eku;
    leaf->not_before = d->at - 3600;
    leaf->not_after = leaf->not_before + a->profile->validity;
    set_names(d, leaf, a->profile);
    mxs_draft_say(d, "leaf: profile %s of %.10s, %d days", a->profile->name,
                  mxs_time_text(d->arena, a->at), (int)(a->profile->validity / 86400));
}

MXS_CHANGE_APPLY(catalog)
{
    struct mxs_blueprint *leaf = mxs_draft_need_leaf(draft, why);
    struct asked a;
    enum mxs_err err = leaf ? MXS_OK : MXS_ERR_NOT_FOUND;
    err = err ? err : ask(draft, change, &a, why);
    if (err)
        return err;
    const struct mxs_catalog_position *first = &a.chain->served.positions.v[0];
    size_t pick = draft->backward ? 0 : mxs_draft_choose(draft, first->any.n);
    const struct mxs_catalog_cert *ca = first->any.v[pick];
    if (first->any.n > 1)
        mxs_draft_label(draft, "signed by %s", ca->ca->name);
    set_issuer(draft, ca->ca);
    serve_path(draft, ca, &a.chain->served);
    mxs_draft_say(draft, "leaf: issued by %s, whose chain is served", ca->ca->name);
    issue(draft, &a);
    return MXS_OK;
}

static bool served_by(const struct mxs_catalog_chain *chain, struct mxs_bytes issuer)
{
    const struct mxs_catalog_position *p = chain && chain->served.positions.n
                                               ? chain->served.positions.v : NULL;
    for (size_t i = 0; p && i < p->any.n; i++)
        if (mxs_bytes_equal(p->any.v[i]->ca->subject_raw, issuer))
            return true;
    return false;
}

/* The leaf came after that day, or from a CA that took over only then. */
MXS_CHANGE_HOLDS(catalog)
{
    struct mxs_draft scratch = *draft;
    const struct mxs_blueprint *leaf = mxs_draft_leaf(draft);
    struct asked a;
    if (!leaf || !draft->whatif->catalog || ask(&scratch, change, &a, NULL) != MXS_OK)
        return false;
    if (mxs_print_not_before(leaf) >= a.at)
        return true;
    const struct mxs_catalog_chain *was =
        mxs_catalog_chain_at(draft->whatif->catalog, a.family->id, a.profile->name,
                             mxs_draft_key_family(draft), a.at - 86400);
    return served_by(a.chain, mxs_print_issuer(leaf)) && !served_by(was, mxs_print_issuer(leaf));
}

/* --- sign ------------------------------------------------------------------------------------- */

MXS_CHANGE_CHECK(sign)
{
    const char *how = change->words.v[1];
    bool ca = strcmp(how, "private-ca") == 0;
    (void)catalog;
    if (strcmp(change->words.v[0], "leaf") != 0 || (!ca && change->words.n > 2) ||
        (!ca && strcmp(how, "self") != 0 && strcmp(how, "stranger") != 0))
        return mxs_change_usage(change, why);
    return MXS_OK;
}

static void sign_self(struct mxs_draft *d, struct mxs_blueprint *leaf)
{
    leaf->edits |= MXS_EDIT_SELF_SIGN | MXS_EDIT_RENEW;
    d->prints.n = 1;
    if (d->key == MXS_DRAFT_KEY_UNSAID)
        d->key = MXS_DRAFT_KEY_SAME;
    mxs_draft_say(d, "leaf: signs itself; nothing else is served");
}

static const char private_ca[] = "Private CA of the operator";

static void sign_private(struct mxs_draft *d, struct mxs_blueprint *leaf, const char *name)
{
    const char *kind = strcmp(mxs_draft_key_family(d), "RSA") == 0 ? "RSA-2048" : "ECDSA-P256";
    int64_t from = d->at - 365 * 86400;
    const struct mxs_cert *ca =
        mxs_rebuild_private_ca(d->whatif->rebuild, *name ? name : private_ca, kind, from,
                               from + 3650 * (int64_t)86400);
    leaf->edits |= MXS_EDIT_ISSUER | MXS_EDIT_RENEW;
    leaf->issuer = mxs_issuer_of_cert(ca);
    d->private_ca = ca;
    d->prints.n = 1;
    *mxs_list_add(d->arena, &d->prints) = (struct mxs_blueprint){ .cert = ca };
    if (d->key == MXS_DRAFT_KEY_UNSAID)
        d->key = MXS_DRAFT_KEY_SAME;
    mxs_draft_say(d, "leaf: signed by a private CA (%s), which is served with it", ca->cn);
}

/* Somebody else got a certificate for this name from the same CA (a mis-issue, a hijacked validation):
 * all is in order but for the key. */
static void sign_stranger(struct mxs_draft *d)
{
    d->renewed = true;
    d->key = MXS_DRAFT_KEY_NEW;
    d->key_kind = NULL;
    d->key_number = 666;
    mxs_draft_say(d, "leaf: issued to a stranger's key");
}

MXS_CHANGE_APPLY(sign)
{
    struct mxs_blueprint *leaf = mxs_draft_need_leaf(draft, why);
    const char *how = change->words.v[1];
    if (!leaf)
        return MXS_ERR_NOT_FOUND;
    if (strcmp(how, "self") == 0)
        sign_self(draft, leaf);
    else if (strcmp(how, "stranger") == 0)
        sign_stranger(draft);
    else
        sign_private(draft, leaf, mxs_change_tail(draft->arena, change, 2));
    return MXS_OK;
}
