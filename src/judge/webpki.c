#include "config.h"

#include "judge/webpki.h"

const struct mxs_paths *mxs_judge_paths(const struct mxs_judge *j)
{
    struct mxs_path_query query = { &j->session->chain, j->store, NULL, 0 };
    if (!j->cache->has_paths)
        mxs_paths_build(j->arena, j->signatures, &query, &j->cache->paths);
    j->cache->has_paths = true;
    return &j->cache->paths;
}

static void add_name_reason(const struct mxs_judge *j, const struct mxs_cert *leaf,
                            const struct mxs_strs *names, const struct mxs_ruleset *rules,
                            struct mxs_reasons *out)
{
    const struct mxs_name_rules by_cn = { .cn = true };
    bool only_cn = !rules->names.cn && mxs_cert_covers(leaf, &by_cn, names).by_cn;
    *mxs_list_add(j->arena, out) = (struct mxs_reason){
        "name-mismatch", 0,
        mxs_arena_printf(j->arena, only_cn ? "%s stands only in the CN, which no longer counts"
                                           : "the certificate does not name %s",
                         names->n ? names->v[0] : "the server"),
        only_cn ? "RFC 9525 1.3" : "RFC 9525 6.3", NULL };
}

void mxs_webpki_judge(const struct mxs_judge *j, const struct mxs_ruleset *rules,
                      enum mxs_purpose purpose, const struct mxs_strs *names,
                      struct mxs_reasons *out)
{
    const struct mxs_chain *chain = &j->session->chain;
    if (!chain->certs.n) {
        *mxs_list_add(j->arena, out) = (struct mxs_reason){
            "no-certificate", -1, "no certificate was presented", "RFC 8446 4.4.2", NULL };
        return;
    }
    struct mxs_path_choice choice = mxs_paths_choose(j->arena, mxs_judge_paths(j), rules, purpose,
                                                     j->at);
    *out = choice.reasons;
    if (!choice.path)
        *mxs_list_add(j->arena, out) = (struct mxs_reason){
            "issuer-unknown", 0, "no path can be built", "RFC 5280 6.1", NULL };
    if (names && !mxs_cert_covers(chain->certs.v[0], &rules->names, names).reference)
        add_name_reason(j, chain->certs.v[0], names, rules, out);
}

/* rfc/webpki: TLS, a path and the MX host's name, all required. */
void mxs_check_webpki(const struct mxs_judge *j, struct mxs_verdict *v)
{
    struct mxs_strs names = { NULL, 0, 0 };
    struct mxs_reasons reasons = { NULL, 0, 0 };
    if (mxs_transport_settles(j, v, true, "RFC 9525 6.6"))
        return;
    mxs_reference_add(j->arena, &names, j->host->host);
    mxs_webpki_judge(j, mxs_ruleset("rfc"), MXS_PURPOSE_SERVER, &names, &reasons);
    v->verified = !reasons.n;
    mxs_verdict_reasons(j, v, &reasons);
    if (reasons.n)
        mxs_verdict_refuse(v, MXS_ACTION_DEFER, MXS_STAGE_CERTIFICATE, mxs_tls_rpt_of(&reasons));
    else
        mxs_verdict_deliver(v, MXS_CHANNEL_VERIFIED);
}
