#include "config.h"

#include "whatif/change_rows.h"

#include "base/text.h"
#include "whatif/crls.h"

#include <string.h>

/* --- places of the chain ------------------------------------------------------------------------ */

static bool is_root(const struct mxs_blueprint *p)
{
    return mxs_bytes_equal(mxs_print_subject(p), mxs_print_issuer(p));
}

static bool is_place(const struct mxs_draft *d, size_t i, const char *name)
{
    if (i == 0)
        return false;
    if (strcmp(name, "first") == 0)
        return i == 1;
    if (strcmp(name, "last") == 0)
        return i == d->prints.n - 1;
    if (strcmp(name, "root") == 0)
        return is_root(&d->prints.v[i]);
    return mxs_print_is(d, &d->prints.v[i], name);
}

static void take_out(struct mxs_draft *d, size_t at)
{
    mxs_draft_say(d, "served: without %s", mxs_print_name(d, &d->prints.v[at]));
    for (size_t i = at + 1; i < d->prints.n; i++)
        d->prints.v[i - 1] = d->prints.v[i];
    d->prints.n--;
}

/* --- serve ------------------------------------------------------------------------------------ */

static enum mxs_err not_served(const struct mxs_change *c, const struct mxs_draft *d,
                               struct mxs_why *why)
{
    const char *names = c->words.v[1];
    for (size_t i = 2; i < c->words.n; i++)
        names = mxs_arena_printf(d->arena, "%s, %s", names, c->words.v[i]);
    return mxs_draft_not(why, "no such certificate is served: %.160s", names);
}

static enum mxs_err omit(const struct mxs_change *c, struct mxs_draft *d, struct mxs_why *why)
{
    size_t was = d->prints.n;
    for (size_t w = 1; w < c->words.n; w++)
        for (size_t i = d->prints.n; i > 1; i--)
            if (is_place(d, i - 1, c->words.v[w])) {
                take_out(d, i - 1);
                break;
            }
    return d->prints.n < was ? MXS_OK : not_served(c, d, why);
}

static enum mxs_err cut(const struct mxs_change *c, struct mxs_draft *d, struct mxs_why *why)
{
    for (size_t i = 1; i < d->prints.n; i++)
        for (size_t w = 1; w < c->words.n; w++)
            if (is_place(d, i, c->words.v[w])) {
                mxs_draft_say(d, "served: without %s and what stands behind it",
                              mxs_print_name(d, &d->prints.v[i]));
                d->prints.n = i;
                return MXS_OK;
            }
    return not_served(c, d, why);
}

static enum mxs_err swap(const struct mxs_change *c, struct mxs_draft *d, struct mxs_why *why)
{
    bool any = false;
    if (!d->whatif->catalog)
        return mxs_draft_not(why, "there is no catalog to take the certificate from");
    for (size_t w = 1; w + 1 < c->words.n; w += 2)
        for (size_t i = 1; i < d->prints.n; i++) {
            const struct mxs_catalog_cert *to = mxs_catalog_cert(d->whatif->catalog,
                                                                 c->words.v[w + 1]);
            if (!to || !is_place(d, i, c->words.v[w]) || mxs_print_catalog(d, &d->prints.v[i]) == to)
                continue;
            d->prints.v[i] = (struct mxs_blueprint){ .catalog = to };
            mxs_draft_say(d, "served: %s", to->id);
            any = true;
        }
    return any ? MXS_OK : mxs_draft_not(why, "none of the certificates that it exchanges is served");
}

static enum mxs_err append(const struct mxs_change *c, struct mxs_draft *d, struct mxs_why *why)
{
    const char *name = mxs_change_tail(d->arena, c, 1);
    const struct mxs_catalog_cert *cert =
        d->whatif->catalog ? mxs_catalog_cert(d->whatif->catalog, name) : NULL;
    if (!cert)
        return mxs_draft_not(why, "the catalog has no single certificate called %.60s", name);
    *mxs_list_add(d->arena, &d->prints) = (struct mxs_blueprint){ .catalog = cert };
    mxs_draft_say(d, "served: %s behind the others", cert->id);
    return MXS_OK;
}

/* The shorter or longer chain that the CA offers for the same leaf (RFC 8555 7.4.2). */
static enum mxs_err alternate(const struct mxs_change *c, struct mxs_draft *d, struct mxs_why *why)
{
    const struct mxs_catalog *cat = d->whatif->catalog;
    (void)c;
    for (size_t i = 0; cat && d->prints.n > 1 && i < cat->chains.n; i++) {
        const struct mxs_catalog_chain *chain = &cat->chains.v[i];
        const struct mxs_catalog_cert *first = mxs_print_catalog(d, &d->prints.v[1]);
        bool now = d->at >= chain->when.from && d->at < chain->when.until;
        if (!first || !now || !chain->alternates.n || chain->served.positions.n != d->prints.n - 1)
            continue;
        const struct mxs_catalog_path *path = &chain->alternates.v[0];
        for (size_t k = 0; k < path->positions.v[0].any.n; k++)
            if (path->positions.v[0].any.v[k]->ca == first->ca) {
                d->prints.n = 1;
                *mxs_list_add(d->arena, &d->prints) =
                    (struct mxs_blueprint){ .catalog = path->positions.v[0].any.v[k] };
                for (size_t m = 1; m < path->positions.n; m++)
                    *mxs_list_add(d->arena, &d->prints) =
                        (struct mxs_blueprint){ .catalog = path->positions.v[m].any.v[0] };
                mxs_draft_say(d, "served: the alternate chain of %s", chain->id);
                return MXS_OK;
            }
    }
    return mxs_draft_not(why, "the catalog knows no alternate for this chain at this date");
}

static enum mxs_err leaf_only(const struct mxs_change *c, struct mxs_draft *d, struct mxs_why *why)
{
    (void)c;
    if (d->prints.n < 2)
        return mxs_draft_not(why, "nothing but the leaf is served");
    d->prints.n = 1;
    mxs_draft_say(d, "served: the leaf alone");
    return MXS_OK;
}

static const struct way {
    const char *word;
    size_t least, most;
    enum mxs_err (*apply)(const struct mxs_change *, struct mxs_draft *, struct mxs_why *);
} ways[] = {
    { "omit", 2, 16, omit },     { "cut", 2, 16, cut },           { "swap", 3, 15, swap },
    { "append", 2, 16, append }, { "alternate", 1, 1, alternate }, { "leaf-only", 1, 1, leaf_only },
};

static const struct way *way_of(const struct mxs_change *change)
{
    for (size_t i = 0; i < MXS_COUNT(ways); i++)
        if (strcmp(ways[i].word, change->words.v[0]) == 0)
            return &ways[i];
    return NULL;
}

MXS_CHANGE_CHECK(serve)
{
    const struct way *way = way_of(change);
    bool swaps = way && way->apply == swap, appends = way && way->apply == append;
    if (!way || change->words.n < way->least || change->words.n > way->most ||
        (swaps && change->words.n % 2 == 0))
        return mxs_change_usage(change, why);
    struct mxs_arena *arena = mxs_arena_new();
    enum mxs_err err = appends ? mxs_change_ca_known(catalog, mxs_change_tail(arena, change, 1), why)
                               : MXS_OK;
    for (size_t i = 1; swaps && i < change->words.n && !err; i++)
        err = mxs_change_ca_known(catalog, change->words.v[i], why);
    mxs_arena_free(arena);
    return err;
}

MXS_CHANGE_APPLY(serve)
{
    if (!mxs_draft_need_leaf(draft, why))
        return MXS_ERR_NOT_FOUND;
    return way_of(change)->apply(change, draft, why);
}

/* Only an exchange can be seen afterwards: what is no longer served leaves no trace. */
MXS_CHANGE_HOLDS(serve)
{
    bool any = false;
    if (way_of(change)->apply != swap || !draft->whatif->catalog)
        return false;
    for (size_t w = 1; w + 1 < change->words.n; w += 2)
        for (size_t i = 1; i < draft->prints.n; i++) {
            if (mxs_print_catalog(draft, &draft->prints.v[i]) ==
                mxs_catalog_cert(draft->whatif->catalog, change->words.v[w + 1]))
                any = true;
            else if (is_place(draft, i, change->words.v[w]))
                return false;
        }
    return any;
}

/* --- need ------------------------------------------------------------------------------------- */

static bool is_need(const char *word)
{
    static const char *const alone[] = { "tlsa", "policy", "revoked", "unrevoked" };
    for (size_t i = 0; i < MXS_COUNT(alone); i++)
        if (strcmp(alone[i], word) == 0)
            return true;
    return false;
}

MXS_CHANGE_CHECK(need)
{
    const char *what = change->words.v[0];
    bool served = strcmp(what, "served") == 0, alone = change->words.n == 1;
    bool other = strcmp(what, "other") == 0 && change->words.n == 2;
    if (other && catalog && !mxs_catalog_family(catalog, change->words.v[1]))
        return mxs_why_set(why, MXS_ERR_USAGE, "family \"%.40s\" is not in the catalog (mxscope catalog "
                           "list)", change->words.v[1]);
    if (other)
        return MXS_OK;
    if (strcmp(what, "key") == 0 && change->words.n == 2)
        return strcmp(change->words.v[1], "RSA") == 0 || strcmp(change->words.v[1], "ECDSA") == 0
                   ? MXS_OK : mxs_change_usage(change, why);
    return (served ? !alone : alone && is_need(what)) ? MXS_OK : mxs_change_usage(change, why);
}

/* A certificate of that name is served, or signed one that is. */
static bool involved(const struct mxs_draft *d, const char *name)
{
    const struct mxs_catalog *c = d->whatif->catalog;
    const struct mxs_catalog_ca *ca = c ? mxs_catalog_ca(c, name) : NULL;
    for (size_t i = 0; i < d->prints.n; i++)
        if ((i > 0 && mxs_print_is(d, &d->prints.v[i], name)) ||
            (ca && mxs_bytes_equal(mxs_print_issuer(&d->prints.v[i]), ca->subject_raw)))
            return true;
    return false;
}

/* Of what is served now, whomever the scenario is about. */
static enum mxs_err need_other(const struct mxs_change *c, struct mxs_draft *d, struct mxs_why *why)
{
    const struct mxs_catalog *cat = d->whatif->catalog;
    const struct mxs_cert *leaf = d->prints.v[0].cert;
    const struct mxs_catalog_family *is = cat && leaf ? mxs_catalog_family_of(cat, leaf) : NULL;
    return is && strcmp(is->id, c->words.v[1]) == 0
               ? mxs_draft_not(why, "the leaf is from %s", is->title) : MXS_OK;
}

/* "revoked" or "unrevoked": whether the leaf is on a CRL that verifiers hold. */
static enum mxs_err need_revoked(const struct mxs_draft *d, const char *word, struct mxs_why *why)
{
    const struct mxs_cert *leaf = mxs_draft_leaf(d)->cert;
    bool is = leaf && mxs_crls_name(d->base->store, leaf);
    if (is == (strcmp(word, "revoked") == 0))
        return MXS_OK;
    return mxs_draft_not(why, is ? "the leaf is on a CRL" : "the leaf is on no CRL");
}

MXS_CHANGE_APPLY(need)
{
    const struct mxs_sts_facts *sts = &draft->evidence->domain.sts;
    if (strcmp(change->words.v[0], "tlsa") == 0)
        return draft->host->tlsa.n ? MXS_OK : mxs_draft_not(why, "%s has no TLSA record",
                                                            draft->host->host);
    if (strcmp(change->words.v[0], "policy") == 0)
        return sts->has_policy || sts->has_cached
                   ? MXS_OK : mxs_draft_not(why, "the domain has no MTA-STS policy");
    if (!mxs_draft_need_leaf(draft, why))
        return MXS_ERR_NOT_FOUND;
    if (strcmp(change->words.v[0], "other") == 0)
        return need_other(change, draft, why);
    if (strstr(change->words.v[0], "revoked"))
        return need_revoked(draft, change->words.v[0], why);
    if (strcmp(change->words.v[0], "key") == 0)
        return strcmp(change->words.v[1], mxs_draft_key_family(draft)) == 0
                   ? MXS_OK : mxs_draft_not(why, "the leaf has no %s key", change->words.v[1]);
    for (size_t i = 1; i < change->words.n; i++)
        if (involved(draft, change->words.v[i]))
            return MXS_OK;
    return mxs_draft_not(why, "%s has no part in this chain",
                         mxs_change_tail(draft->arena, change, 1));
}

/* --- client-cert ------------------------------------------------------------------------------ */

MXS_CHANGE_CHECK(client_cert)
{
    (void)catalog;
    return strcmp(change->words.v[0], "none") == 0 ? MXS_OK : mxs_change_usage(change, why);
}

MXS_CHANGE_APPLY(client_cert)
{
    (void)change;
    if (!draft->evidence->client_role)
        return mxs_draft_not(why, "it is about the certificate that a sending server presents");
    if (!draft->prints.n)
        return mxs_draft_not(why, "no certificate is sent as it is");
    draft->prints.n = 0;
    mxs_draft_say(draft, "no client certificate is sent");
    return MXS_OK;
}
