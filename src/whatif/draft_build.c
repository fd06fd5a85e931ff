#include "config.h"

#include "whatif/draft.h"

#include "base/text.h"
#include "judge/path.h"
#include "whatif/crls.h"

#include <string.h>

/* The last step of a draft: certificates for the blueprints, and the trust store that goes with them.
 * What was truly signed is left alone as long as nothing in the chain is new; else every certificate
 * is made again, and so is each anchor that the store has for them: a true root cannot vouch for a
 * replica. An anchor that is not in the store is never made. */

enum { ANCHORS_MAX = 64, SAME_NAME_MAX = 32, DAY = 86400 };

struct build {
    struct mxs_draft *d;
    struct mxs_store *old, *store;
    struct mxs_chain anchors; /* of old, that the chain names */
    struct mxs_chain lost;    /* those of before that old lacks */
    bool rebuilt;
};

/* --- anchors that matter ---------------------------------------------------------------------- */

static bool has(const struct mxs_chain *chain, const struct mxs_cert *cert)
{
    for (size_t i = 0; i < chain->certs.n; i++)
        if (mxs_bytes_equal(chain->certs.v[i]->der, cert->der))
            return true;
    return false;
}

static void find_named(struct build *b, struct mxs_bytes name)
{
    const struct mxs_cert *found[SAME_NAME_MAX];
    size_t n = b->old ? mxs_store_find(b->old, name, found, SAME_NAME_MAX) : 0;
    for (size_t i = 0; i < n && b->anchors.certs.n < ANCHORS_MAX; i++)
        if (!has(&b->anchors, found[i]))
            *mxs_list_add(b->d->arena, &b->anchors.certs) = found[i];
}

/* Anchors of before that the chain as served names and that nobody has now. */
static void find_lost(struct build *b)
{
    const struct mxs_draft *d = b->d;
    struct mxs_store *now = b->old;
    struct mxs_chain kept = b->anchors;
    if (!d->store_with_own)
        return;
    memset(&b->anchors, 0, sizeof b->anchors);
    b->old = mxs_draft_was(d)->store;
    for (size_t i = 0; i < d->prints.n; i++) {
        find_named(b, mxs_print_issuer(&d->prints.v[i]));
        find_named(b, mxs_print_subject(&d->prints.v[i]));
    }
    for (size_t i = 0; i < b->anchors.certs.n; i++)
        if (!has(&kept, b->anchors.certs.v[i]))
            *mxs_list_add(d->arena, &b->lost.certs) = b->anchors.certs.v[i];
    b->old = now;
    b->anchors = kept;
}

/* By the names in the chain, those of before included: a root that is no longer served still ends the
 * path from what it signed. */
static void find_anchors(struct build *b)
{
    const struct mxs_chain *served = &b->d->base->session->chain;
    for (size_t i = 0; i < b->d->prints.n; i++) {
        find_named(b, mxs_print_issuer(&b->d->prints.v[i]));
        find_named(b, mxs_print_subject(&b->d->prints.v[i]));
    }
    for (size_t i = 0; i < served->certs.n; i++) {
        find_named(b, served->certs.v[i]->issuer_raw);
        find_named(b, served->certs.v[i]->subject_raw);
    }
    for (size_t i = 0; i < b->anchors.certs.n; i++)
        find_named(b, b->anchors.certs.v[i]->issuer_raw);
}

/* In the store of an earlier change the anchor may be a replica already. */
static bool same_ca(const struct build *b, const struct mxs_cert *anchor,
                    const struct mxs_catalog_ca *ca)
{
    return mxs_bytes_equal(anchor->subject_raw, ca->subject_raw) &&
           (mxs_bytes_equal(anchor->spki, ca->spki) ||
            mxs_bytes_equal(anchor->spki, mxs_rebuild_stand_in(b->d->whatif->rebuild, ca->spki)));
}

static bool unwanted(const struct build *b, const struct mxs_cert *anchor)
{
    const struct mxs_draft *d = b->d;
    const struct mxs_catalog *c = d->whatif->catalog;
    if (d->store_empty || d->store_without_own)
        return true;
    for (size_t i = 0; i < d->store_without.n; i++)
        if (same_ca(b, anchor, d->store_without.v[i]))
            return true;
    for (size_t i = 0; i < d->store_without_family.n; i++)
        if (mxs_catalog_family_of(c, anchor) == d->store_without_family.v[i])
            return true;
    return false;
}

/* --- certificates ----------------------------------------------------------------------------- */

static void resolve_key(struct mxs_draft *d)
{
    struct mxs_blueprint *leaf = mxs_draft_leaf(d);
    if (!leaf || !d->renewed)
        return;
    if (d->key == MXS_DRAFT_KEY_UNSAID) {
        d->key = mxs_draft_choose(d, 2) == 0 ? MXS_DRAFT_KEY_SAME : MXS_DRAFT_KEY_NEW;
        mxs_draft_label(d, d->key == MXS_DRAFT_KEY_SAME ? "key kept" : "new key");
    }
    leaf->edits |= MXS_EDIT_RENEW;
    if (d->key == MXS_DRAFT_KEY_NEW) {
        leaf->edits |= MXS_EDIT_KEY;
        leaf->key_kind = d->key_kind;
        leaf->key_number = d->key_number;
    }
}

static bool wants_rebuild(const struct mxs_draft *d)
{
    for (size_t i = 0; i < d->prints.n; i++)
        if (d->prints.v[i].edits || !d->prints.v[i].cert)
            return true;
    if (d->revoked || d->crls == MXS_CRLS_LAPSED || d->crls == MXS_CRLS_CURRENT) /* lists have to be signed */
        return true;
    return d->whatif->own_keys || d->remake || d->store_with.n;
}

static enum mxs_err make_chain(struct build *b, struct mxs_why *why)
{
    struct mxs_draft *d = b->d;
    struct mxs_chain known = { { NULL, 0, 0 } };
    const struct mxs_chain *was = &d->base->session->chain;
    for (size_t i = 0; i < was->certs.n; i++)
        *mxs_list_add(d->arena, &known.certs) = was->certs.v[i];
    for (size_t i = 0; i < b->anchors.certs.n; i++)
        *mxs_list_add(d->arena, &known.certs) = b->anchors.certs.v[i];
    struct mxs_rebuild_known k = { .certs = known.certs.v, .n = known.certs.n };
    struct mxs_bytes *spkis = mxs_arena_alloc(d->arena, (d->host->tlsa.n + 1) * sizeof *spkis);
    for (size_t i = 0; i < d->host->tlsa.n; i++)
        if (d->host->tlsa.v[i].selector == 1 && d->host->tlsa.v[i].matching_type == 0)
            spkis[k.n_spkis++] = d->host->tlsa.v[i].data;
    k.spkis = spkis;
    struct mxs_why inner = { MXS_OK, "" };
    enum mxs_err err = mxs_rebuild_chain(d->whatif->rebuild, d->arena, d->prints.v, d->prints.n, &k,
                                         &d->session->chain, &inner);
    return err ? mxs_draft_not(why, "the chain cannot be made again: %s", inner.text) : MXS_OK;
}

static void keep_chain(struct mxs_draft *d)
{
    struct mxs_chain chain = { { NULL, 0, 0 } };
    for (size_t i = 0; i < d->prints.n; i++)
        *mxs_list_add(d->arena, &chain.certs) = d->prints.v[i].cert;
    d->session->chain = chain;
}

/* --- the trust store -------------------------------------------------------------------------- */

static void free_store(void *store)
{
    mxs_store_free(store);
}

static void derive(struct build *b)
{
    if (b->store != b->old)
        return;
    struct mxs_store *base = b->old;
    if (!base || b->d->store_empty) {
        base = mxs_store_new("none");
        mxs_arena_defer(b->d->arena, free_store, base);
    }
    b->store = mxs_store_derive(base);
    mxs_arena_defer(b->d->arena, free_store, b->store);
}

static bool is_served(const struct build *b, const struct mxs_cert *anchor)
{
    for (size_t i = 0; i < b->d->prints.n; i++)
        if (b->d->prints.v[i].cert && mxs_bytes_equal(b->d->prints.v[i].cert->tbs, anchor->tbs))
            return true;
    return false;
}

/* An intermediate that is trusted by itself: a path may go on above it, so its signature counts. */
static const struct mxs_cert *replica_below(struct build *b, const struct mxs_cert *anchor)
{
    struct mxs_blueprint print = { .cert = anchor };
    struct mxs_rebuild_known known = { .certs = b->anchors.certs.v, .n = b->anchors.certs.n };
    struct mxs_chain made = { { NULL, 0, 0 } };
    enum mxs_err err = mxs_rebuild_chain(b->d->whatif->rebuild, b->d->arena, &print, 1, &known, &made,
                                         NULL);
    return err ? NULL : made.certs.v[0];
}

static void replace_anchor(struct build *b, const struct mxs_cert *anchor)
{
    const struct mxs_cert *made = anchor->self_issued
        ? mxs_rebuild_anchor(b->d->whatif->rebuild, anchor,
                             b->d->whatif->own_keys || is_served(b, anchor))
        : replica_below(b, anchor);
    if (made && made->der.n && !mxs_bytes_equal(made->der, anchor->der)) {
        derive(b);
        mxs_store_remove(b->store, anchor);
        mxs_store_add(b->store, made);
    }
}

static void set_anchors(struct build *b)
{
    for (size_t i = 0; i < b->anchors.certs.n; i++) {
        if (unwanted(b, b->anchors.certs.v[i])) {
            derive(b);
            mxs_store_remove(b->store, b->anchors.certs.v[i]);
        } else if (b->rebuilt) {
            replace_anchor(b, b->anchors.certs.v[i]);
        }
    }
}

static void add_lost(struct build *b)
{
    for (size_t i = 0; i < b->lost.certs.n; i++) {
        const struct mxs_cert *anchor = b->lost.certs.v[i], *made = anchor;
        derive(b);
        if (b->rebuilt)
            made = anchor->self_issued
                ? mxs_rebuild_anchor(b->d->whatif->rebuild, anchor, b->d->whatif->own_keys)
                : replica_below(b, anchor);
        mxs_store_add(b->store, made ? made : anchor);
    }
}

static enum mxs_err add_anchors(struct build *b, struct mxs_why *why)
{
    struct mxs_draft *d = b->d;
    add_lost(b);
    for (size_t i = 0; i < d->store_with.n; i++) {
        struct mxs_blueprint print = { .catalog = d->store_with.v[i] };
        struct mxs_chain made = { { NULL, 0, 0 } };
        enum mxs_err err = mxs_rebuild_chain(d->whatif->rebuild, d->arena, &print, 1, NULL, &made, why);
        if (err)
            return err;
        derive(b);
        mxs_store_add(b->store, made.certs.v[0]);
    }
    for (size_t i = 0; i < d->store_with_certs.n; i++) {
        derive(b);
        mxs_store_add(b->store, d->store_with_certs.v[i]);
    }
    return MXS_OK;
}

/* --- CRLs ------------------------------------------------------------------------------------- */

/* The certificate that the changes revoke, as it was made; NULL. */
static const struct mxs_cert *newly_revoked(const struct mxs_draft *d)
{
    const struct mxs_chain *chain = &d->session->chain;
    if (!d->revoked || !chain->certs.n || d->revoked == MXS_REVOKED_LEAF)
        return d->revoked && chain->certs.n ? chain->certs.v[0] : NULL;
    for (size_t i = 1; i < chain->certs.n; i++)
        if (mxs_bytes_equal(chain->certs.v[i]->subject_raw, chain->certs.v[0]->issuer_raw))
            return chain->certs.v[i];
    return NULL;
}

/* A CA keeps on its list whom it has there. */
static struct mxs_chain revoked(const struct build *b)
{
    const struct mxs_draft *d = b->d;
    const struct mxs_cert *now = newly_revoked(d);
    struct mxs_chain out = { { NULL, 0, 0 } };
    for (size_t i = 0; i < d->session->chain.certs.n; i++) {
        const struct mxs_cert *cert = d->session->chain.certs.v[i];
        if (cert == now || (d->crls == MXS_CRLS_CURRENT && mxs_crls_name(b->store, cert)))
            *mxs_list_add(d->arena, &out.certs) = cert;
    }
    return out;
}

/* New lists beside those that receivers were said to have; of all CAs where nothing was said. */
static void set_crls(struct build *b)
{
    struct mxs_draft *d = b->d;
    bool lapsed = d->crls == MXS_CRLS_LAPSED;
    struct mxs_crls made = { { NULL, 0, 0 } };
    if (!d->revoked && d->crls == MXS_CRLS_AS_THEY_ARE)
        return;
    derive(b);
    bool said = mxs_store_knows_crls(b->store);
    struct mxs_crls_plan plan = { .rebuild = d->whatif->rebuild, .chain = &d->session->chain,
                                  .store = b->store, .revoked = revoked(b),
                                  .this_update = lapsed ? d->at - 8 * DAY : d->at,
                                  .next_update = lapsed ? d->at - DAY : d->at + 7 * DAY,
                                  .only_its_issuer = said };
    if (d->crls != MXS_CRLS_AS_THEY_ARE) {
        mxs_store_drop_crls(b->store);
        plan.only_its_issuer = false;
    }
    if (d->crls == MXS_CRLS_CURRENT || (d->crls == MXS_CRLS_AS_THEY_ARE && !said))
        mxs_store_set_crls_of_all(b->store);
    if (d->crls != MXS_CRLS_ABSENT)
        mxs_crls_make(d->arena, &plan, &made);
    for (size_t i = 0; i < made.list.n; i++)
        mxs_store_add_crl(b->store, made.list.v[i]);
}

/* --- the future ------------------------------------------------------------------------------- */

/* Partners hold the leaf of before, unless they were told. */
static const struct mxs_chain *pins_of(const struct mxs_draft *d)
{
    struct mxs_chain *pins = MXS_NEW(d->arena, struct mxs_chain);
    const struct mxs_chain *was = &d->base->session->chain, *is = &d->session->chain;
    if (d->pin_new && is->certs.n)
        *mxs_list_add(d->arena, &pins->certs) = is->certs.v[0];
    else if (d->base->pins)
        return d->base->pins;
    else if (was->certs.n)
        *mxs_list_add(d->arena, &pins->certs) = was->certs.v[0];
    return pins->certs.n ? pins : NULL;
}

enum mxs_err mxs_draft_build(struct mxs_draft *d, struct mxs_future *out, struct mxs_why *why)
{
    struct build b = { .d = d, .old = d->base->store, .store = d->base->store };
    enum mxs_err err = MXS_OK;
    resolve_key(d);
    find_anchors(&b);
    find_lost(&b);
    b.rebuilt = wants_rebuild(d);
    if (d->store_empty)
        derive(&b);
    if (b.rebuilt)
        err = make_chain(&b, why);
    else
        keep_chain(d);
    if (!err && !d->store_empty)
        set_anchors(&b);
    err = err ? err : add_anchors(&b, why);
    if (!err)
        set_crls(&b);
    const char *branch = d->branch.n ? mxs_text_joined(d->arena, &d->branch, ", ") : NULL;
    *out = (struct mxs_future){ .branch = branch, .evidence = d->evidence,
                                .host = d->host, .session = d->session, .store = b.store, .at = d->at,
                                .pins = pins_of(d), .receiver_asks = d->receiver_asks,
                                .receiver_requires = d->receiver_requires, .changes = d->changes,
                                .was = mxs_draft_was(d) };
    return err;
}
