#include "config.h"

#include "judge/crl.h"

#include "base/clock.h"

enum { SAME_ISSUER_MAX = 32 };

struct look {
    struct mxs_arena *arena;
    const struct mxs_path *path;
    const struct mxs_ruleset *rules;
    int64_t at;
    size_t depth;
    const struct mxs_cert *cert, *issuer; /* issuer NULL: the path ends below it */
    struct mxs_reasons *out;
};

#define reason(l, id, ...) mxs_reasons_add((l)->arena, (l)->out, id, (l)->depth, __VA_ARGS__)

static bool lapsed(const struct mxs_crl *crl, int64_t at)
{
    return crl->next_update >= 0 && at > crl->next_update;
}

static bool current(const struct mxs_crl *crl, int64_t at)
{
    return at >= crl->this_update && !lapsed(crl, at);
}

/* The day at which its age is looked at. CAs replace their lists in time: one that counted when verifiers
 * were seen with it does so on any day. */
static int64_t day_of(const struct look *l, const struct mxs_crl *crl)
{
    int64_t seen = mxs_store_crls_seen(l->path->store, l->at);
    return current(crl, seen) ? seen : l->at;
}

/* A list of that name by another key is another CA's (RFC 5280 6.3.3 (f)): OpenSSL asks the key
 * identifiers. A delta needs the list that it goes with. GnuTLS asks nothing. */
static bool is_issuers(const struct look *l, const struct mxs_crl *crl)
{
    const struct mxs_cert *issuer = l->issuer;
    bool other_key = issuer && crl->aki.n && issuer->ski.n && !mxs_bytes_equal(crl->aki, issuer->ski);
    return l->rules->crl_lax || !(other_key || crl->delta);
}

/* Of several, first those about certificates like this one, then those that count now, then the newest; of
 * those as new as each other the one that was read first. GnuTLS takes the newest, and the last of those. */
static bool better(const struct look *l, const struct mxs_crl *a, const struct mxs_crl *b)
{
    if (l->rules->crl_lax)
        return a->this_update >= b->this_update;
    bool a_covers = mxs_crl_covers(a, l->cert), a_now = current(a, day_of(l, a));
    if (a_covers != mxs_crl_covers(b, l->cert))
        return a_covers;
    return a_now != current(b, day_of(l, b)) ? a_now : a->this_update > b->this_update;
}

static const struct mxs_crl *pick(const struct look *l)
{
    const struct mxs_crl *found[SAME_ISSUER_MAX], *best = NULL;
    size_t n = mxs_store_find_crls(l->path->store, l->cert->issuer_raw, l->rules->crl_first, found,
                                   SAME_ISSUER_MAX);
    for (size_t i = 0; i < n; i++)
        if (is_issuers(l, found[i]) && (!best || better(l, found[i], best)))
            best = found[i];
    return best;
}

/* RFC 5280 6.3.3 (a), (b), (f): is it a list to go by? */
static void check_list(struct look *l, const struct mxs_crl *crl)
{
    int64_t at = day_of(l, crl);
    if (l->rules->crl_lax)
        return;
    if (!mxs_crl_covers(crl, l->cert) || crl->unknown_critical)
        reason(l, "crl-scope", "RFC 5280 5.2.5", "the CRL of %s is about other certificates",
               crl->issuer);
    if (at < crl->this_update)
        reason(l, "crl-not-yet-valid", "RFC 5280 5.1.2.4", "the CRL of %s counts from %s only",
               crl->issuer, mxs_time_text(l->arena, crl->this_update));
    if (lapsed(crl, at))
        reason(l, "crl-expired", "RFC 5280 5.1.2.5", "the CRL of %s was to be replaced by %s",
               crl->issuer, mxs_time_text(l->arena, crl->next_update));
    if (l->issuer && !mxs_signatures_check_crl(mxs_store_signatures(l->path->store), crl, l->issuer))
        reason(l, "crl-bad-signature", "RFC 5280 6.3.3", "the CRL of %s is not signed by its key",
               crl->issuer);
}

static bool looked_at(const struct mxs_path *path, const struct mxs_ruleset *rules, size_t i)
{
    bool anchor = path->end == MXS_PATH_ANCHOR && !path->bare_key && i + 1 == path->certs.n;
    if (rules->crl == MXS_CRL_NONE || !path->store || !mxs_store_knows_crls(path->store))
        return false;
    if (i > 0 && rules->crl == MXS_CRL_LEAF)
        return false;
    return !anchor || i == 0 || !rules->crl_lax;
}

void mxs_crl_judge(struct mxs_arena *arena, const struct mxs_path *path, const struct mxs_ruleset *rules,
                   int64_t at, size_t i, struct mxs_reasons *out)
{
    struct look l = { arena, path, rules, at, i, path->certs.v[i], NULL, out };
    if (!looked_at(path, rules, i))
        return;
    if (i + 1 < path->certs.n)
        l.issuer = path->certs.v[i + 1];
    else if (l.cert->self_issued)
        l.issuer = l.cert;
    const struct mxs_crl *crl = pick(&l);
    if (!crl) {
        if (rules->crl_required && !mxs_store_crls_of_all(path->store))
            reason(&l, "crl-missing", "RFC 5280 6.3.3", "there is no CRL of %s", l.cert->issuer);
        return;
    }
    check_list(&l, crl);
    int64_t since = mxs_crl_revoked(crl, l.cert);
    if (since >= 0)
        reason(&l, "revoked", "RFC 5280 6.1.3", "%s is on the CRL of %s: revoked %s",
               l.cert->cn ? l.cert->cn : l.cert->subject, crl->issuer, mxs_time_text(arena, since));
}
