#include "config.h"

#include "whatif/change_rows.h"

#include "base/clock.h"

#include <string.h>

/* --- date ------------------------------------------------------------------------------------- */

MXS_CHANGE_CHECK(date)
{
    int64_t at;
    (void)catalog;
    if (mxs_change_date(NULL, change->words.v[0], &at))
        return MXS_OK;
    return mxs_why_set(why, MXS_ERR_USAGE,
                       "\"%.40s\" is no date (YYYY-MM-DD, now, expired, or +60d behind the date before)",
                       change->words.v[0]);
}

MXS_CHANGE_APPLY(date)
{
    bool end = strcmp(change->words.v[0], "expired") == 0;
    const struct mxs_blueprint *leaf = end ? mxs_draft_need_leaf(draft, why) : NULL;
    if (end && !leaf)
        return MXS_ERR_NOT_FOUND;
    if (end && mxs_print_not_after(leaf) < draft->at)
        return mxs_draft_not(why, "it has expired already");
    mxs_change_date(draft, change->words.v[0], &draft->at);
    mxs_draft_say(draft, "judged at %.10s", mxs_time_text(draft->arena, draft->at));
    return MXS_OK;
}

/* --- store ------------------------------------------------------------------------------------ */

static bool is_word(const struct mxs_change *change, size_t i, const char *word)
{
    return i < change->words.n && strcmp(change->words.v[i], word) == 0;
}

static enum mxs_err check_names(const struct mxs_change *change, const struct mxs_catalog *catalog,
                                struct mxs_why *why)
{
    for (size_t i = 1; i < change->words.n; i++) {
        enum mxs_err err = mxs_change_ca_known(catalog, change->words.v[i], why);
        if (err)
            return err;
    }
    return MXS_OK;
}

MXS_CHANGE_CHECK(store)
{
    size_t n = change->words.n;
    if (is_word(change, 0, "empty"))
        return n == 1 ? MXS_OK : mxs_change_usage(change, why);
    if ((!is_word(change, 0, "remove") && !is_word(change, 0, "add")) || n < 2)
        return mxs_change_usage(change, why);
    if (is_word(change, 0, "add") && is_word(change, 1, "private-ca"))
        return n == 2 ? MXS_OK : mxs_change_usage(change, why);
    if (is_word(change, 1, "own"))
        return n == 2 ? MXS_OK : mxs_change_usage(change, why);
    if (!is_word(change, 0, "remove") || !is_word(change, 1, "family"))
        return check_names(change, catalog, why);
    if (n > 3)
        return mxs_change_usage(change, why);
    if (n == 3 && catalog && !mxs_catalog_family(catalog, change->words.v[2]))
        return mxs_why_set(why, MXS_ERR_USAGE, "family \"%.40s\" is not in the catalog (mxscope catalog "
                           "list)", change->words.v[2]);
    return MXS_OK;
}

/* An anchor of the store that the chain as served, or what is served now, names. */
static bool leads_to(const struct mxs_draft *d, const struct mxs_catalog_ca *ca)
{
    const struct mxs_cert *found[8];
    size_t n = d->base->store ? mxs_store_find(d->base->store, ca->subject_raw, found, 8) : 0;
    for (size_t i = 0; n && i < d->prints.n; i++)
        if (mxs_bytes_equal(mxs_print_issuer(&d->prints.v[i]), ca->subject_raw) ||
            mxs_bytes_equal(mxs_print_subject(&d->prints.v[i]), ca->subject_raw))
            return true;
    return false;
}

static enum mxs_err remove_named(const struct mxs_change *change, struct mxs_draft *d,
                                 struct mxs_why *why)
{
    bool any = false;
    for (size_t i = 1; i < change->words.n; i++) {
        const struct mxs_catalog_ca *ca = mxs_catalog_ca(d->whatif->catalog, change->words.v[i]);
        if (!ca)
            continue;
        *mxs_list_add(d->arena, &d->store_without) = ca;
        mxs_draft_say(d, "trust store: without %s", ca->name);
        any = any || leads_to(d, ca);
    }
    return any ? MXS_OK : mxs_draft_not(why, "this chain does not lead to %.80s in the trust store",
                                        mxs_change_tail(d->arena, change, 1));
}

static enum mxs_err remove_family(const struct mxs_change *change, struct mxs_draft *d,
                                  struct mxs_why *why)
{
    const struct mxs_catalog_family *family =
        change->words.n > 2 ? mxs_catalog_family(d->whatif->catalog, change->words.v[2])
                            : mxs_draft_family(d);
    if (!family)
        return mxs_draft_not(why, "the catalog does not know the CA of this leaf");
    *mxs_list_add(d->arena, &d->store_without_family) = family;
    mxs_draft_say(d, "trust store: without the roots of %s", family->title);
    return MXS_OK;
}

/* A CA's own root where it has one; else the one certificate that it has. */
static enum mxs_err add_named(const struct mxs_change *change, struct mxs_draft *d,
                              struct mxs_why *why)
{
    for (size_t i = 1; i < change->words.n; i++) {
        const struct mxs_catalog_cert *cert =
            mxs_catalog_cert(d->whatif->catalog, change->words.v[i]);
        if (!cert)
            return mxs_draft_not(why, "the catalog has several certificates of %.60s: name one",
                                 change->words.v[i]);
        *mxs_list_add(d->arena, &d->store_with) = cert;
        mxs_draft_say(d, "trust store: with %s", cert->id);
    }
    return MXS_OK;
}

static enum mxs_err remove_own(struct mxs_draft *d, struct mxs_why *why)
{
    if (!mxs_draft_need_leaf(d, why))
        return MXS_ERR_NOT_FOUND;
    d->store_without_own = true;
    mxs_draft_say(d, "trust store: without the roots that this chain leads to");
    return MXS_OK;
}

static const struct mxs_catalog_cert *catalog_root(const struct mxs_catalog *c, struct mxs_bytes name)
{
    const struct mxs_catalog_cert *found;
    if (!c || !mxs_catalog_by_subject(c, name, &found, 1))
        return NULL;
    found = mxs_catalog_cert(c, found->ca->name); /* its own root, where it has one */
    return found && found->issuer == found->ca ? found : NULL;
}

static bool in_store(struct mxs_store *store, struct mxs_bytes name)
{
    const struct mxs_cert *found[2];
    return store && mxs_store_find(store, name, found, 2) > 0;
}

/* What this chain leads to and the store lacks: a root that is served, one of before, or the catalog's
 * root of that name. */
static enum mxs_err add_own(struct mxs_draft *d, struct mxs_why *why)
{
    struct mxs_store *now = d->base->store, *was = mxs_draft_was(d)->store;
    const struct mxs_blueprint *last = mxs_draft_need_leaf(d, why);
    if (!last)
        return MXS_ERR_NOT_FOUND;
    last = &d->prints.v[d->prints.n - 1];
    struct mxs_bytes top = mxs_print_issuer(last);
    const struct mxs_catalog_cert *root = catalog_root(d->whatif->catalog, top);
    if (in_store(now, top))
        return mxs_draft_not(why, "the trust store has what this chain leads to");
    if (last->cert && mxs_bytes_equal(last->cert->subject_raw, top))
        *mxs_list_add(d->arena, &d->store_with_certs) = last->cert;
    else if (in_store(was, top))
        d->store_with_own = true;
    else if (root)
        *mxs_list_add(d->arena, &d->store_with) = root;
    else
        return mxs_draft_not(why, "nobody here knows the root that this chain leads to");
    for (size_t i = 0; d->store_with_own && i < d->prints.n; i++)
        d->remake = d->remake || (d->prints.v[i].cert && d->prints.v[i].cert->identity);
    mxs_draft_say(d, "trust store: with the root that this chain leads to");
    return MXS_OK;
}

static enum mxs_err add_private(struct mxs_draft *d, struct mxs_why *why)
{
    if (!d->private_ca)
        return mxs_draft_not(why, "there is no private CA: \"sign leaf private-ca\" comes first");
    *mxs_list_add(d->arena, &d->store_with_certs) = d->private_ca;
    mxs_draft_say(d, "trust store: with the private CA");
    return MXS_OK;
}

MXS_CHANGE_APPLY(store)
{
    if (is_word(change, 0, "empty")) {
        draft->store_empty = true;
        mxs_draft_say(draft, "trust store: empty");
        return MXS_OK;
    }
    if (is_word(change, 1, "own"))
        return is_word(change, 0, "add") ? add_own(draft, why) : remove_own(draft, why);
    if (is_word(change, 1, "private-ca"))
        return add_private(draft, why);
    if (!draft->whatif->catalog)
        return mxs_draft_not(why, "there is no catalog to take the root from");
    if (is_word(change, 0, "add"))
        return add_named(change, draft, why);
    return is_word(change, 1, "family") ? remove_family(change, draft, why)
                                        : remove_named(change, draft, why);
}

/* --- receivers and partners ------------------------------------------------------------------- */

static enum mxs_err client_only(const struct mxs_draft *d, struct mxs_why *why)
{
    return d->evidence->client_role
               ? MXS_OK
               : mxs_draft_not(why, "it is about the certificate that a sending server presents");
}

MXS_CHANGE_CHECK(receiver)
{
    (void)catalog;
    return is_word(change, 0, "asks") || is_word(change, 0, "requires") ? MXS_OK
                                                                        : mxs_change_usage(change, why);
}

MXS_CHANGE_APPLY(receiver)
{
    enum mxs_err err = client_only(draft, why);
    if (err)
        return err;
    draft->receiver_asks = true;
    draft->receiver_requires = is_word(change, 0, "requires");
    mxs_draft_say(draft, "receivers %s a client certificate",
                  draft->receiver_requires ? "require" : "ask for");
    return MXS_OK;
}

MXS_CHANGE_CHECK(pin)
{
    (void)catalog;
    return is_word(change, 0, "leaf") || is_word(change, 0, "key") ? MXS_OK
                                                                   : mxs_change_usage(change, why);
}

/* A key on file is met by the leaf of before as long as the key stays; so there is nothing to edit. */
MXS_CHANGE_APPLY(pin)
{
    if (!mxs_draft_need_leaf(draft, why))
        return MXS_ERR_NOT_FOUND;
    draft->pin_new = is_word(change, 0, "leaf");
    mxs_draft_say(draft, draft->pin_new ? "partners have the new leaf on file"
                                        : "partners have the leaf's key on file");
    return MXS_OK;
}

/* --- CRLs ------------------------------------------------------------------------------------- */

static const struct mxs_name crl_words[] = { { MXS_CRLS_ABSENT, "absent" },
                                             { MXS_CRLS_LAPSED, "expired" },
                                             { MXS_CRLS_CURRENT, "current" },
                                             { 0, NULL } };

MXS_CHANGE_CHECK(crl)
{
    (void)catalog;
    return mxs_name_value(crl_words, change->words.v[0]) >= 0 ? MXS_OK : mxs_change_usage(change, why);
}

MXS_CHANGE_APPLY(crl)
{
    int word = mxs_name_value(crl_words, change->words.v[0]);
    if (!mxs_draft_need_leaf(draft, why))
        return MXS_ERR_NOT_FOUND;
    if (word == MXS_CRLS_CURRENT && (!draft->base->store || !mxs_store_knows_crls(draft->base->store)))
        return mxs_draft_not(why, "verifiers are taken to have a current CRL of each CA");
    draft->crls = word;
    mxs_draft_say(draft, word == MXS_CRLS_ABSENT   ? "those who look at CRLs have none"
                         : word == MXS_CRLS_LAPSED ? "the CRLs that verifiers have were to be replaced a "
                                                     "day ago"
                                                   : "verifiers have a current CRL of each CA");
    return MXS_OK;
}
