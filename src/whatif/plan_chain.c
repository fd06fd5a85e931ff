#include "config.h"

#include "whatif/plan_room.h"

#include "base/text.h"
#include "facts/cert_parse.h"
#include "facts/refid.h"

#include <string.h>

/* Who may issue what comes next, and the chains that a place may show during and after the rollover. */

enum { ISSUERS_MAX = 16, CHAIN_MAX = 6, ISSUED_LATER = 400 * 86400 };

/* --- who may issue --------------------------------------------------------------------------------- */

static enum mxs_err all_issuers(struct mxs_plan *plan, const struct mxs_plan_place *place,
                                const char *family, const struct mxs_catalog_ca **out, size_t max,
                                size_t *n, struct mxs_why *why)
{
    const struct mxs_plan_input *in = plan->input;
    const struct mxs_catalog *catalog = in->whatif->catalog;
    const char *key = mxs_plan_family(in->next.key ? in->next.key : mxs_plan_leaf(place)->key);
    *n = mxs_catalog_issuers_at(catalog, family, in->next.profile, key, in->now, false, out, max);
    *n += mxs_catalog_issuers_at(catalog, family, NULL, key, in->now, true, out + *n, max - *n);
    return *n ? MXS_OK
              : mxs_why_set(why, MXS_ERR_NOT_FOUND,
                            "--next-issuer any: the catalog knows no issuer of %s certificates of %s%s%s",
                            key, family, in->next.profile ? " in profile " : "",
                            in->next.profile ? in->next.profile : "");
}

enum mxs_err mxs_plan_issuers(struct mxs_plan *plan, const struct mxs_plan_place *place,
                              const struct mxs_catalog_ca **out, size_t max, size_t *n,
                              struct mxs_why *why)
{
    const struct mxs_plan_input *in = plan->input;
    const struct mxs_catalog *catalog = in->whatif->catalog;
    const char *name = in->next.issuer;
    *n = 0;
    if (!name)
        return MXS_OK;
    if (!catalog)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND, "--next-issuer: the CA catalog cannot be read");
    if (strcmp(name, "any") != 0) {
        out[0] = mxs_catalog_ca(catalog, name);
        *n = out[0] ? 1 : 0;
        return *n ? MXS_OK
                  : mxs_why_set(why, MXS_ERR_NOT_FOUND, "--next-issuer: no CA of the catalog is called '%s'",
                                name);
    }
    const struct mxs_catalog_family *family = mxs_catalog_family_of(catalog, mxs_plan_leaf(place));
    if (!family)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND,
                           "--next-issuer any: the issuer of %s (%s) is not in the catalog",
                           place->name, mxs_plan_leaf(place)->issuer);
    return all_issuers(plan, place, family->id, out, max, n, why);
}

/* --- the next chain -------------------------------------------------------------------------------- */

static const struct mxs_catalog_cert *live_cert(const struct mxs_catalog *catalog,
                                                const struct mxs_catalog_ca *ca,
                                                const struct mxs_catalog_position *position)
{
    const struct mxs_catalog_cert *all[8], *best = NULL;
    for (size_t i = 0; position && i < position->any.n; i++)
        if (position->any.v[i]->ca == ca)
            return position->any.v[i];
    size_t n = mxs_catalog_certs_of(catalog, ca, all, MXS_COUNT(all));
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i]->state, "active") == 0 || (!best && strcmp(all[i]->state, "backup") == 0))
            best = all[i];
    return best ? best : n ? all[0] : NULL;
}

/* What the CA's customers serve behind the leaf. */
static size_t served(struct mxs_plan *plan, const struct mxs_catalog_ca *ca, const char *key,
                     struct mxs_blueprint *out, size_t max)
{
    const struct mxs_plan_input *in = plan->input;
    const struct mxs_catalog *catalog = in->whatif->catalog;
    const struct mxs_catalog_chain *chain =
        mxs_catalog_chain_at(catalog, ca->family->id, in->next.profile, key, in->now);
    size_t positions = chain ? chain->served.positions.n : 0;
    const struct mxs_catalog_cert *cert =
        live_cert(catalog, ca, positions ? &chain->served.positions.v[0] : NULL);
    size_t n = 0;
    for (size_t at = 1; cert && n < max; at++) {
        out[n++] = (struct mxs_blueprint){ .catalog = cert };
        const struct mxs_catalog_cert *above =
            at < positions && chain->served.positions.v[at].any.n ? chain->served.positions.v[at].any.v[0]
                                                                  : NULL;
        cert = above && above->ca == cert->issuer ? above : NULL;
    }
    return n;
}

static struct mxs_blueprint next_leaf(struct mxs_plan *plan, const struct mxs_plan_place *place,
                                      const struct mxs_catalog_ca *ca)
{
    const struct mxs_plan_input *in = plan->input;
    const struct mxs_cert *leaf = mxs_plan_leaf(place);
    const struct mxs_catalog_profile *profile =
        ca && in->next.profile
            ? mxs_catalog_profile_at(in->whatif->catalog, ca->family->id, in->next.profile, in->now)
            : NULL;
    struct mxs_blueprint p = {
        .cert = leaf, .edits = MXS_EDIT_RENEW | MXS_EDIT_DATES, .not_before = in->now - 3600,
    };
    /* Nobody knows yet when it is issued: its end stays clear of whatever date the plan is moved to. */
    p.not_after = p.not_before + ISSUED_LATER +
                  (profile ? profile->validity : leaf->not_after - leaf->not_before);
    if (!in->next.key_kept) {
        p.edits |= MXS_EDIT_KEY;
        p.key_kind = in->next.key;
        p.key_number = 1;
    }
    if (in->next.names.n) {
        p.edits |= MXS_EDIT_NAMES;
        p.cn = leaf->cn ? in->next.names.v[0] : NULL;
        p.dns = in->next.names;
    }
    if (ca) {
        p.edits |= MXS_EDIT_ISSUER;
        p.issuer = mxs_issuer_of_ca(ca);
    } else if (leaf->self_issued) {
        p.edits |= MXS_EDIT_SELF_SIGN;
    }
    return p;
}

/* The stand-in's key becomes the true next one wherever digests are compared. */
static const struct mxs_cert *with_key(struct mxs_arena *arena, const struct mxs_cert *made,
                                       struct mxs_bytes spki)
{
    struct mxs_cert *cert = mxs_arena_dup(arena, made, sizeof *made);
    struct mxs_cert_identity *id = mxs_arena_dup(arena, made->identity, sizeof *made->identity);
    id->spki = spki;
    mxs_digest_sha256(spki, id->spki_sha256);
    mxs_digest_sha512(spki, id->spki_sha512);
    cert->identity = id;
    return cert;
}

static const char *chain_words(struct mxs_plan *plan, const char *issuer)
{
    const struct mxs_plan_next *next = &plan->input->next;
    const char *key = next->key_kept ? "the key of today" : next->spki.n ? "the next key"
                                                                         : "a key nobody knows yet";
    return issuer ? mxs_arena_printf(plan->arena, "a chain by %s with %s", issuer, key)
                  : mxs_arena_printf(plan->arena, "the next chain with %s", key);
}

static enum mxs_err rebuilt(struct mxs_plan *plan, struct mxs_plan_place *place,
                            const struct mxs_catalog_ca *ca, struct mxs_why *why)
{
    const struct mxs_plan_next *next = &plan->input->next;
    struct mxs_blueprint prints[CHAIN_MAX] = { next_leaf(plan, place, ca) };
    const struct mxs_chain *old = &place->chains.v[0].chain;
    struct mxs_rebuild_known known = { old->certs.v, old->certs.n, NULL, 0 };
    const char *key = mxs_plan_family(next->key ? next->key : mxs_plan_leaf(place)->key);
    size_t n = 1 + (ca ? served(plan, ca, key, prints + 1, CHAIN_MAX - 1) : 0);
    struct mxs_plan_chain made = { .next = true, .words = chain_words(plan, ca ? ca->name : NULL) };
    enum mxs_err err = mxs_rebuild_chain(plan->input->whatif->rebuild, plan->arena, prints, n, &known,
                                         &made.chain, why);
    if (err)
        return err;
    if (next->spki.n && !next->key_kept)
        made.chain.certs.v[0] = with_key(plan->arena, made.chain.certs.v[0], next->spki);
    for (size_t i = 1; !ca && i < old->certs.n; i++)
        *mxs_list_add(plan->arena, &made.chain.certs) = old->certs.v[i];
    *mxs_list_add(plan->arena, &place->chains) = made;
    return MXS_OK;
}

/* A certificate that is at hand; what is served behind it when the file has the leaf alone: as now if
 * the issuer is the same, else as the catalog says. */
static enum mxs_err given(struct mxs_plan *plan, struct mxs_plan_place *place, struct mxs_why *why)
{
    const struct mxs_chain *next = &plan->input->next.chain, *old = &place->chains.v[0].chain;
    const struct mxs_catalog *catalog = plan->input->whatif->catalog;
    struct mxs_plan_chain made = { .next = true, .words = "the next chain" };
    struct mxs_blueprint prints[CHAIN_MAX];
    const struct mxs_catalog_cert *issuer = NULL;
    for (size_t i = 0; i < next->certs.n; i++)
        *mxs_list_add(plan->arena, &made.chain.certs) = next->certs.v[i];
    const struct mxs_cert *leaf = next->certs.v[0];
    bool alone = next->certs.n == 1 && !leaf->self_issued;
    if (alone && old->certs.n > 1 &&
        mxs_bytes_equal(leaf->issuer_raw, old->certs.v[1]->subject_raw)) {
        for (size_t i = 1; i < old->certs.n; i++)
            *mxs_list_add(plan->arena, &made.chain.certs) = old->certs.v[i];
    } else if (alone && catalog && mxs_catalog_by_subject(catalog, leaf->issuer_raw, &issuer, 1)) {
        struct mxs_rebuild_known known = { next->certs.v, 1, NULL, 0 };
        struct mxs_chain behind;
        size_t n = served(plan, issuer->ca, mxs_plan_family(leaf->key), prints, CHAIN_MAX);
        enum mxs_err err = mxs_rebuild_chain(plan->input->whatif->rebuild, plan->arena, prints, n,
                                             &known, &behind, why);
        if (err)
            return err;
        for (size_t i = 0; i < behind.certs.n; i++)
            *mxs_list_add(plan->arena, &made.chain.certs) = behind.certs.v[i];
    }
    *mxs_list_add(plan->arena, &place->chains) = made;
    return MXS_OK;
}

enum mxs_err mxs_plan_next_chains(struct mxs_plan *plan, struct mxs_plan_place *place,
                                  struct mxs_why *why)
{
    const struct mxs_catalog_ca *issuers[ISSUERS_MAX];
    size_t n;
    if (plan->input->next.chain.certs.n)
        return given(plan, place, why);
    enum mxs_err err = mxs_plan_issuers(plan, place, issuers, ISSUERS_MAX, &n, why);
    if (err == MXS_OK && n == 0)
        return rebuilt(plan, place, NULL, why);
    for (size_t i = 0; i < n && err == MXS_OK; i++)
        err = rebuilt(plan, place, issuers[i], why);
    return err;
}
