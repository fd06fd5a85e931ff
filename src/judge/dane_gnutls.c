#include "config.h"

#include "judge/dane.h"

/* GnuTLS's libdane, usages 0 and 2 (its verify_ca): some served certificate above the leaf matches, and
 * some served certificate issued the leaf: signature, CA and dates of these two. Whether the one leads
 * to the other, names and purposes are not looked at; a chain of one certificate leaves the record
 * unjudged. */

/* Only the leaf's issuer and the leaf itself count. */
static const struct mxs_ruleset pair_rules = {
    .name = "libdane", .partial_chain = true, .anchor_dates = true, .min_strength = 80,
};

static const struct mxs_cert *store_issuer(const struct mxs_judge *j)
{
    const struct mxs_chain *chain = &j->session->chain;
    const struct mxs_cert *top = chain->certs.v[chain->certs.n - 1], *found[1];
    if (!j->store || top->self_issued)
        return NULL;
    return mxs_store_find(j->store, top->issuer_raw, found, 1) ? found[0] : NULL;
}

static void judge_pair(const struct mxs_judge *j, const struct mxs_cert *leaf,
                       const struct mxs_cert *issuer, struct mxs_reasons *out)
{
    struct mxs_path pair = { .end = MXS_PATH_ANCHOR, .named = true };
    *mxs_list_add(j->arena, &pair.certs) = leaf;
    *mxs_list_add(j->arena, &pair.certs) = issuer;
    mxs_path_judge(j->arena, &pair, &pair_rules, MXS_PURPOSE_ANY, j->at, out);
}

static bool issued(const struct mxs_judge *j, const struct mxs_cert *leaf,
                   const struct mxs_cert *issuer)
{
    return mxs_bytes_equal(leaf->issuer_raw, issuer->subject_raw) &&
           mxs_signatures_check(j->signatures, leaf, issuer);
}

void mxs_dane_libdane(const struct mxs_judge *j, const struct mxs_dane_rules *rules,
                      const struct mxs_tlsa *tlsa, struct mxs_dane_record *out)
{
    const struct mxs_chain *chain = &j->session->chain;
    const struct mxs_cert *leaf = chain->certs.v[0], *issuer = NULL;
    const struct mxs_cert *extra = rules->extend ? store_issuer(j) : NULL;
    if (chain->certs.n + (extra != NULL) < 2) {
        out->usable = false;
        return;
    }
    for (size_t i = 1; i < chain->certs.n && !issuer; i++)
        issuer = issued(j, leaf, chain->certs.v[i]) ? chain->certs.v[i] : NULL;
    if (!issuer && extra && issued(j, leaf, extra))
        issuer = extra;
    if (out->depth < 0 && extra && mxs_tlsa_matches(tlsa, extra))
        out->depth = (int)chain->certs.n;
    if (out->depth < 0 || !issuer)
        return;
    judge_pair(j, leaf, issuer, &out->reasons);
    if (rules->ta_names)
        mxs_dane_check_names(j, rules, &out->reasons);
    out->verifies = !out->reasons.n;
}
