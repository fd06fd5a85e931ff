#include "config.h"

#include "judge/dane.h"

#include "base/text.h"

#include <string.h>

enum { TA_PKIX, EE_PKIX, TA_DANE, EE_DANE };
enum { FULL, SHA256, SHA512 };

/* The path rules of RFC 7672 3.1.2 and 3.2.3: those of RFC 5280 (so the authority's own dates do not
 * count, 6.1.1), and a CN where there is no DNS-ID. */
static const struct mxs_ruleset path_rules = {
    .name = "rfc-7672", .partial_chain = true, .any_eku_leaf = true, .any_eku_ca = true,
    .nested_eku = true, .leaf_key_usage = true, .min_strength = 80,
    .names = { .cn = true },
};
static const struct mxs_dane_rules rfc_rules = {
    .path = &path_rules, .agility = true, .absent_full = true, .absent_key = true, .ta_names = true,
    .names = MXS_DANE_BASE | MXS_DANE_NEXTHOP_SECURE,
};

const struct mxs_dane_rules *mxs_dane_rules_rfc(void)
{
    return &rfc_rules;
}

static bool means_leaf(const struct mxs_tlsa *tlsa)
{
    return tlsa->usage == EE_PKIX || tlsa->usage == EE_DANE;
}

bool mxs_dane_counts(const struct mxs_tlsa *tlsa, const struct mxs_dane_rules *rules)
{
    struct mxs_tlsa copy = *tlsa;
    bool known = tlsa->usage <= EE_DANE && tlsa->selector <= 1;
    if (rules->only_ee && !means_leaf(tlsa))
        return false;
    if (rules->usability == MXS_DANE_ANYTHING)
        return known && (rules->pkix_usages || tlsa->usage >= TA_DANE);
    if (rules->usability == MXS_DANE_LENGTH && tlsa->matching_type == FULL)
        return known && tlsa->usage >= TA_DANE;
    if (rules->pkix_usages && tlsa->usage < TA_DANE)
        mxs_tlsa_judge_usable(&copy, true);
    return copy.usable;
}

enum mxs_dane_state mxs_dane_state(const struct mxs_host_facts *host,
                                   const struct mxs_dane_rules *rules)
{
    if (host->is_address)
        return MXS_DANE_NONE;
    if (host->tlsa_security == MXS_SECURITY_BOGUS || host->tlsa_security == MXS_SECURITY_ERROR)
        return MXS_DANE_LOOKUP;
    if (host->tlsa_security != MXS_SECURITY_SECURE)
        return MXS_DANE_NONE;
    for (size_t i = 0; i < host->tlsa.n; i++)
        if (mxs_dane_counts(&host->tlsa.v[i], rules))
            return MXS_DANE_USABLE;
    return MXS_DANE_UNUSABLE;
}

bool mxs_tlsa_matches(const struct mxs_tlsa *tlsa, const struct mxs_cert *cert)
{
    struct mxs_cert_identity own;
    if (tlsa->selector > 1 || tlsa->matching_type > SHA512 || tlsa->data.n == 0)
        return false;
    if (tlsa->matching_type == SHA256 && !cert->identity) /* the usual case, digests at hand */
        return mxs_bytes_equal(tlsa->data,
                               mxs_bytes(tlsa->selector ? cert->spki_sha256 : cert->sha256, 32));
    const struct mxs_cert_identity *id = mxs_cert_identity(cert, &own);
    const struct mxs_bytes forms[][2] = {
        { id->der, id->spki },
        { mxs_bytes(id->sha256, 32), mxs_bytes(id->spki_sha256, 32) },
        { mxs_bytes(id->sha512, 64), mxs_bytes(id->spki_sha512, 64) },
    };
    return mxs_bytes_equal(tlsa->data, forms[tlsa->matching_type][tlsa->selector]);
}

int mxs_tlsa_depth(const struct mxs_tlsa *tlsa, const struct mxs_chain *chain)
{
    size_t first = means_leaf(tlsa) ? 0 : 1;
    size_t end = means_leaf(tlsa) && chain->certs.n ? 1 : chain->certs.n;
    for (size_t i = first; i < end && tlsa->usage <= EE_DANE; i++)
        if (mxs_tlsa_matches(tlsa, chain->certs.v[i]))
            return (int)i;
    return -1;
}

void mxs_dane_references(const struct mxs_judge *j, const struct mxs_dane_rules *rules,
                         struct mxs_strs *out)
{
    const struct mxs_domain_facts *d = &j->evidence->domain;
    const char *base = j->host->tlsa_base_domain;
    bool secure = d->mx_security == MXS_SECURITY_SECURE;
    if (rules->names & MXS_DANE_BASE)
        mxs_reference_add(j->arena, out, base ? base : j->host->host);
    if (rules->names & MXS_DANE_HOST)
        mxs_reference_add(j->arena, out, j->host->host);
    if (j->evidence->has_domain && (rules->names & MXS_DANE_NEXTHOP ||
                                    (secure && rules->names & MXS_DANE_NEXTHOP_SECURE))) {
        mxs_reference_add(j->arena, out, d->name);
        mxs_reference_add(j->arena, out, d->canonname);
    }
}

static void add_name_reason(const struct mxs_judge *j, const struct mxs_strs *names,
                            struct mxs_reasons *out)
{
    const char *list = names->n ? mxs_text_joined(j->arena, names, " or ") : "(no name)";
    *mxs_list_add(j->arena, out) = (struct mxs_reason){
        "name-mismatch", 0, mxs_arena_printf(j->arena, "the certificate does not name %s", list),
        "RFC 7672 3.2.2", NULL };
}

void mxs_dane_check_names(const struct mxs_judge *j, const struct mxs_dane_rules *rules,
                          struct mxs_reasons *out)
{
    struct mxs_strs names = { NULL, 0, 0 };
    mxs_dane_references(j, rules, &names);
    if (!mxs_cert_covers(j->session->chain.certs.v[0], &rules->path->names, &names).reference)
        add_name_reason(j, &names, out);
}

static const struct mxs_cert *own_certificate(const struct mxs_judge *j,
                                              const struct mxs_tlsa *tlsa)
{
    const struct mxs_cert *cert = NULL;
    if (tlsa->selector != 0 || tlsa->matching_type != FULL ||
        mxs_cert_parse(j->arena, tlsa->data, &cert, NULL) != MXS_OK)
        return NULL;
    return cert;
}

/* Everything that this usage 2 record makes an authority. */
static struct mxs_path_anchor *anchors_of(const struct mxs_judge *j,
                                          const struct mxs_dane_rules *rules,
                                          const struct mxs_tlsa *tlsa, size_t *n)
{
    const struct mxs_chain *chain = &j->session->chain;
    struct mxs_path_anchor *v = mxs_arena_alloc(j->arena, (chain->certs.n + 1) * sizeof *v);
    bool strict = tlsa->selector == 0;
    *n = 0;
    for (size_t i = 1; i < chain->certs.n; i++)
        if (mxs_tlsa_matches(tlsa, chain->certs.v[i]))
            v[(*n)++] = (struct mxs_path_anchor){ .cert = chain->certs.v[i], .strict = strict };
    if (*n || tlsa->matching_type != FULL)
        return v;
    const struct mxs_cert *own = rules->absent_full ? own_certificate(j, tlsa) : NULL;
    if (own)
        v[(*n)++] = (struct mxs_path_anchor){ .cert = own, .strict = true };
    else if (tlsa->selector == 1 && rules->absent_key)
        v[(*n)++] = (struct mxs_path_anchor){ .spki = tlsa->data };
    return v;
}

/* Usage 2: a path to the authority that the record names, by the usual rules, and the name. */
static void judge_ta(const struct mxs_judge *j, const struct mxs_dane_rules *rules,
                     const struct mxs_tlsa *tlsa, struct mxs_dane_record *out)
{
    size_t n;
    const struct mxs_path_anchor *anchors = anchors_of(j, rules, tlsa, &n);
    struct mxs_path_query query = { &j->session->chain, NULL, anchors, n };
    struct mxs_paths paths = { .truncated = false };
    if (!n)
        return;
    mxs_paths_build(j->arena, j->signatures, &query, &paths);
    struct mxs_path_choice choice = mxs_paths_choose(j->arena, &paths, rules->path,
                                                     MXS_PURPOSE_SERVER, j->at);
    bool ended = choice.path && choice.path->end == MXS_PATH_ANCHOR;
    if (!ended && out->depth < 0)
        return; /* what the record brings itself signed nothing here: no match */
    if (out->depth < 0)
        out->depth = (int)j->session->chain.certs.n;
    out->reasons = choice.reasons;
    if (rules->ta_names)
        mxs_dane_check_names(j, rules, &out->reasons);
    out->verifies = ended && !out->reasons.n;
}

static bool path_holds(const struct mxs_path *path, const struct mxs_tlsa *tlsa)
{
    size_t end = means_leaf(tlsa) ? 1 : path->certs.n;
    for (size_t i = means_leaf(tlsa) ? 0 : 1; i < end; i++)
        if (mxs_tlsa_matches(tlsa, path->certs.v[i]))
            return true;
    return false;
}

/* Usages 0 and 1: a path to a local anchor that holds the certificate (RFC 6698 2.1.1; RFC 7671 5.4:
 * the match may lie above the first local anchor). */
static void judge_pkix(const struct mxs_judge *j, const struct mxs_dane_rules *rules,
                       const struct mxs_tlsa *tlsa, struct mxs_dane_record *out)
{
    const struct mxs_paths *all = mxs_judge_paths(j);
    struct mxs_paths some = { .truncated = all->truncated };
    for (size_t i = 0; i < all->v.n; i++)
        if (path_holds(&all->v.v[i], tlsa))
            *mxs_list_add(j->arena, &some.v) = all->v.v[i];
    struct mxs_path_choice choice = mxs_paths_choose(j->arena, &some, rules->path,
                                                     MXS_PURPOSE_SERVER, j->at);
    if (!choice.path)
        return;
    out->reasons = choice.reasons;
    mxs_dane_check_names(j, rules, &out->reasons);
    out->verifies = !out->reasons.n;
}

static void judge_record(const struct mxs_judge *j, const struct mxs_dane_rules *rules,
                         const struct mxs_tlsa *tlsa, struct mxs_dane_record *out)
{
    if (!out->usable || out->outshone || !j->session->chain.certs.n)
        return;
    if (rules->libdane && !means_leaf(tlsa)) {
        mxs_dane_libdane(j, rules, tlsa, out);
    } else if (rules->libdane) {
        out->verifies = out->depth == 0;
    } else if (tlsa->usage == TA_DANE) {
        judge_ta(j, rules, tlsa, out);
    } else if (tlsa->usage == EE_DANE && out->depth == 0) {
        /* The match is all there is: no name, no date, no EKU (RFC 7672 3.1.1, RFC 7671 5.1). */
        if (rules->ee_names)
            mxs_dane_check_names(j, rules, &out->reasons);
        out->verifies = !out->reasons.n;
    } else if (tlsa->usage < TA_DANE) {
        judge_pkix(j, rules, tlsa, out);
    }
}

/* RFC 7671 9, after the unusable ones are gone: SHA-512 before SHA-256, Full(0) always stays. */
static bool outshone(const struct mxs_host_facts *h, const struct mxs_dane_rules *rules, size_t at)
{
    const struct mxs_tlsa *tlsa = &h->tlsa.v[at];
    if (!rules->agility || tlsa->matching_type != SHA256)
        return false;
    for (size_t i = 0; i < h->tlsa.n; i++)
        if (h->tlsa.v[i].matching_type == SHA512 && h->tlsa.v[i].usage == tlsa->usage &&
            h->tlsa.v[i].selector == tlsa->selector && mxs_dane_counts(&h->tlsa.v[i], rules))
            return true;
    return false;
}

/* Why no record verifies: the record that came furthest speaks; none matching is said as such. */
static void explain_failure(const struct mxs_judge *j, struct mxs_dane_result *out)
{
    for (size_t i = 0; i < out->records.n; i++)
        if (out->records.v[i].reasons.n &&
            (!out->reasons.n || out->records.v[i].reasons.n < out->reasons.n))
            out->reasons = out->records.v[i].reasons;
    if (out->reasons.n)
        return;
    size_t n = 0;
    for (size_t i = 0; i < out->records.n; i++)
        n += out->records.v[i].usable && !out->records.v[i].outshone;
    bool none = j->session->chain.certs.n == 0;
    const char *text = "the server presented no certificate";
    if (!none)
        text = mxs_arena_printf(j->arena, "%zu usable TLSA record%s, and none matches a certificate "
                                "that it may match", n, n == 1 ? "" : "s");
    *mxs_list_add(j->arena, &out->reasons) =
        (struct mxs_reason){ none ? "no-certificate" : "tlsa-no-match", -1, text, "RFC 7671 5", NULL };
}

void mxs_dane_judge(const struct mxs_judge *j, const struct mxs_dane_rules *rules,
                    struct mxs_dane_result *out)
{
    const struct mxs_host_facts *h = j->host;
    *out = (struct mxs_dane_result){ .state = mxs_dane_state(h, rules), .record = -1 };
    for (size_t i = 0; i < h->tlsa.n; i++) {
        struct mxs_dane_record *r = mxs_list_add(j->arena, &out->records);
        r->usable = mxs_dane_counts(&h->tlsa.v[i], rules);
        r->outshone = r->usable && outshone(h, rules, i);
        r->depth = mxs_tlsa_depth(&h->tlsa.v[i], &j->session->chain);
        judge_record(j, rules, &h->tlsa.v[i], r);
        if (r->verifies && out->record < 0)
            out->record = (int)i;
    }
    if (out->state == MXS_DANE_USABLE && out->record < 0)
        explain_failure(j, out);
}
