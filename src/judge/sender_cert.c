/* Senders: the certificate. DANE, where it is in use, a key on file, or the path and names that the
 * product asks for, and what failure costs. */
#include "config.h"

#include "judge/sender_room.h"

#include <string.h>

#include "base/text.h"
#include "judge/webpki.h"

/* A product without trust anchors sees no path to ours: the cache has those. */
static struct mxs_judge own_judge(const struct mxs_sending *q)
{
    struct mxs_judge j = *q->j;
    if (!q->s->store) {
        j.store = NULL;
        j.cache = MXS_NEW(j.arena, struct mxs_judge_cache);
    }
    return j;
}

static void references(const struct mxs_sending *q, struct mxs_strs *out)
{
    const struct mxs_evidence *ev = q->j->evidence;
    if (q->s->name_host || !ev->has_domain)
        mxs_reference_add(q->j->arena, out, q->j->host->host);
    if (q->s->name_nexthop && ev->has_domain)
        mxs_reference_add(q->j->arena, out, ev->domain.name);
}

static bool below(const char *name, const char *domain)
{
    size_t n = strlen(name), d = strlen(domain);
    return n > d + 1 && name[n - d - 1] == '.' && mxs_ascii_equal(name + n - d, domain);
}

/* Postfix's dot-nexthop: any name below the domain, a wildcard's too. */
static bool below_nexthop(const struct mxs_sending *q, const struct mxs_cert *leaf)
{
    const char *domain = q->j->evidence->domain.name;
    const struct mxs_strs *san = &leaf->san_dns;
    if (!q->s->name_below_nexthop || !q->j->evidence->has_domain || !domain)
        return false;
    for (size_t i = 0; i < san->n; i++)
        if (below(san->v[i], domain))
            return true;
    return q->s->rules->names.cn && !san->n && leaf->cn && below(leaf->cn, domain);
}

static bool policy_fits(const struct mxs_sending *q)
{
    const struct mxs_cert *leaf = q->j->session->chain.certs.v[0];
    return !q->s->policy || (leaf->policy_class && strstr(q->s->policy, leaf->policy_class));
}

/* Path, and names where they are asked for, by the product's rules. */
static void judge_chain(const struct mxs_sending *q, bool with_names, struct mxs_reasons *out)
{
    struct mxs_strs names = { NULL, 0, 0 };
    struct mxs_judge j = own_judge(q);
    bool asked = q->s->name_host || q->s->name_nexthop || q->s->name_below_nexthop;
    const struct mxs_chain *chain = &j.session->chain;
    references(q, &names);
    bool named = !with_names || !asked || (chain->certs.n && below_nexthop(q, chain->certs.v[0]));
    mxs_webpki_judge(&j, q->s->rules, q->s->purpose, named ? NULL : &names, out);
    if (chain->certs.n && !policy_fits(q))
        *mxs_list_add(j.arena, out) = (struct mxs_reason){
            "policy-missing", 0,
            mxs_arena_printf(j.arena, "the certificate is not one of %s", q->s->policy), NULL, NULL };
}

static bool pinned(const struct mxs_sending *q)
{
    const struct mxs_chain *chain = &q->j->session->chain, *pins = q->j->pins;
    if (!chain->certs.n)
        return false;
    struct mxs_cert_identity own, other;
    struct mxs_bytes key = mxs_cert_identity(chain->certs.v[0], &own)->spki;
    for (size_t i = 0; pins && i < pins->certs.n; i++)
        if (mxs_bytes_equal(mxs_cert_identity(pins->certs.v[i], &other)->spki, key))
            return true;
    return !pins || !pins->certs.n;
}

static bool only_the_name(const struct mxs_reasons *reasons)
{
    return reasons->n == 1 && strcmp(reasons->v[0].id, "name-mismatch") == 0;
}

static void fails(struct mxs_sending *q, const struct mxs_reasons *reasons,
                  enum mxs_sender_outcome outcome)
{
    bool no_match = reasons->n && strncmp(reasons->v[0].id, "tlsa-", 5) == 0;
    mxs_verdict_reasons(q->j, q->v, reasons);
    if (q->s->late_label)
        mxs_sending_say(q, q->s->misnamed_words.label && only_the_name(reasons)
                               ? &q->s->misnamed_words
                               : &q->s->failed_words);
    mxs_sending_say(q, &q->s->rejected_words);
    mxs_sending_end(q, outcome, MXS_STAGE_CERTIFICATE,
                    no_match ? "tlsa-invalid" : mxs_tls_rpt_of(reasons));
}

/* Verification as configured, DANE aside. */
static void ordinary(struct mxs_sending *q)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    enum mxs_sender_verify verify = q->sts ? MXS_VERIFY_REQUIRE : q->s->verify;
    if (verify == MXS_VERIFY_NOTHING) {
        mxs_sending_deliver(q, MXS_CHANNEL_ENCRYPTED, false);
        return;
    }
    judge_chain(q, verify != MXS_VERIFY_LOOK, &reasons);
    if (reasons.n && verify == MXS_VERIFY_REQUIRE) {
        fails(q, &reasons, q->s->failed);
        return;
    }
    mxs_verdict_reasons(q->j, q->v, &reasons);
    bool verified = !reasons.n && verify != MXS_VERIFY_LOOK;
    mxs_sending_say(q, reasons.n ? &q->s->failed_words
                       : verified ? &q->s->verified_words
                                  : &q->s->trusted_words);
    mxs_sending_deliver(q, verified ? MXS_CHANNEL_VERIFIED : MXS_CHANNEL_ENCRYPTED, verified);
}

/* TLS, and nobody authenticated: the path is looked at for the log. */
static void unauthenticated(struct mxs_sending *q)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    judge_chain(q, false, &reasons);
    if (q->dane == MXS_FOUND_UNUSABLE && q->s->unusable_names && q->j->session->chain.certs.n)
        mxs_dane_check_names(q->j, &q->s->dane_rules, &reasons);
    mxs_sending_say(q, reasons.n ? &q->s->failed_words : &q->s->trusted_words);
    mxs_verdict_reason(q->j, q->v, "tlsa-unusable", -1, "RFC 7672 2.2", "no TLSA record is usable");
    mxs_sending_deliver(q, MXS_CHANNEL_ENCRYPTED, false);
}

static void unusable(struct mxs_sending *q)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    bool refuse = q->s->unusable == MXS_UNUSABLE_FAIL ||
                  (q->s->unusable == MXS_UNUSABLE_ENCRYPT && q->s->dane == MXS_DANE_REQUIRE);
    if (refuse) {
        *mxs_list_add(q->j->arena, &reasons) = (struct mxs_reason){
            "tlsa-unusable", -1, "no TLSA record is usable", "RFC 7672 6", NULL };
        fails(q, &reasons, q->s->failed);
    } else if (q->s->unusable == MXS_UNUSABLE_ORDINARY) {
        ordinary(q);
    } else {
        unauthenticated(q);
    }
}

static void dane_holds(struct mxs_sending *q, const struct mxs_dane_result *dane)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    if (q->s->with_pkix)
        judge_chain(q, true, &reasons);
    if (reasons.n) {
        fails(q, &reasons, q->s->failed);
        return;
    }
    mxs_verdict_reason(q->j, q->v, "tlsa-match", dane->records.v[dane->record].depth, "RFC 7671 5",
                       "a TLSA record matches");
    mxs_sending_say(q, q->half ? &q->s->half_words : &q->s->dane_words);
    mxs_sending_deliver(q, q->half ? MXS_CHANNEL_ENCRYPTED : MXS_CHANNEL_VERIFIED, !q->half);
}

static void by_dane(struct mxs_sending *q)
{
    struct mxs_dane_result dane;
    struct mxs_reasons reasons = { NULL, 0, 0 };
    struct mxs_judge j = own_judge(q);
    mxs_dane_judge(&j, &q->s->dane_rules, &dane);
    if (dane.record >= 0) {
        dane_holds(q, &dane);
        return;
    }
    if (q->s->ta_name_falls_back && only_the_name(&dane.reasons)) {
        judge_chain(q, false, &reasons);
        if (!reasons.n) {
            mxs_verdict_reasons(q->j, q->v, &dane.reasons);
            mxs_sending_say(q, &q->s->verified_words);
            mxs_sending_deliver(q, MXS_CHANNEL_VERIFIED, true);
            return;
        }
    }
    fails(q, &dane.reasons, MXS_OUT_DEFER);
}

void mxs_sending_certificate(struct mxs_sending *q)
{
    struct mxs_reasons reasons = { NULL, 0, 0 };
    if (q->s->pinned && !pinned(q)) {
        *mxs_list_add(q->j->arena, &reasons) = (struct mxs_reason){
            "not-pinned", 0, "the key is not the one on file", NULL, NULL };
        fails(q, &reasons, q->s->failed);
    } else if (q->s->pinned) {
        mxs_sending_say(q, &q->s->verified_words);
        mxs_sending_deliver(q, MXS_CHANNEL_VERIFIED, true);
    } else if (q->dane == MXS_FOUND_USABLE) {
        by_dane(q);
    } else if (q->dane == MXS_FOUND_UNUSABLE || q->dane == MXS_FOUND_EMPTY) {
        unusable(q);
    } else {
        ordinary(q);
    }
}
