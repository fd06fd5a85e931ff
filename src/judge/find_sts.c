#include "config.h"

#include "judge/finding.h"

#include "judge/mta_sts.h"
#include "judge/webpki.h"

#include "base/clock.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* MTA-STS and TLSRPT of the domain, and its mail servers against the policy. */

enum { DAY = 86400, TESTING_LONG_DAYS = 90 };

static const char *txt_words(const struct mxs_sts_facts *sts)
{
    static const struct { const char *reason, *words; } rows[] = {
        { "several", "there are several v=STSv1 records" }, { "no-id", "it has no id" },
        { "bad-id", "its id is not 1 to 32 letters and digits" },
    };
    for (size_t i = 0; sts->parsed.reason && i < MXS_COUNT(rows); i++)
        if (strcmp(rows[i].reason, sts->parsed.reason) == 0)
            return rows[i].words;
    return sts->parsed.reason;
}

static void record(struct mxs_find *f, const struct mxs_sts_facts *sts)
{
    bool none = !sts->parsed.reason || strcmp(sts->parsed.reason, "none") == 0;
    if (!sts->parsed.valid && !none)
        mxs_find_say(f, STS_TXT, NULL, sts->seq, NULL, { txt_words(sts) });
    if (sts->txt_security == MXS_SECURITY_ERROR || sts->txt_security == MXS_SECURITY_BOGUS)
        mxs_find_say(f, STS_TXT, NULL, sts->seq, NULL, { "the lookup failed" });
}

static void fetch(struct mxs_find *f, const struct mxs_sts_facts *sts)
{
    const char *id = sts->error_id ? sts->error_id : "";
    const char *error = sts->error ? sts->error : "no reason given";
    if (!sts->parsed.valid || !sts->fetched || sts->has_policy)
        return;
    if (strcmp(id, "redirect") == 0)
        mxs_find_say(f, STS_REDIRECT, NULL, sts->seq, NULL, { sts->location ? sts->location : error });
    else if (strcmp(id, "certificate") == 0)
        mxs_find_say(f, STS_HOST_TLS, NULL, sts->seq, NULL, { error });
    else
        mxs_find_say(f, STS_FETCH, NULL, sts->seq, NULL, { error });
}

static void text(struct mxs_find *f, const struct mxs_sts_facts *sts)
{
    const struct mxs_sts_policy *p = &sts->policy;
    struct mxs_arena *arena = f->assessment->arena;
    for (size_t i = 0; i < p->faults.n; i++) {
        const struct mxs_sts_fault *fault = &p->faults.v[i];
        const char *words = fault->line ? mxs_arena_printf(arena, "line %u, %s", fault->line,
                                                           fault->text) : fault->text;
        if (p->valid)
            mxs_find_say(f, STS_POLICY_NOTE, NULL, sts->seq, NULL, { words });
        else
            mxs_find_say(f, STS_POLICY, NULL, sts->seq, NULL, { words });
    }
    bool plain = !sts->media_type || strncmp(sts->media_type, "text/plain", 10) == 0;
    if (!plain)
        mxs_find_say(f, STS_MEDIA_TYPE, NULL, sts->seq, NULL, { sts->media_type });
    if (p->valid && p->mode == MXS_STS_ENFORCE && p->max_age >= 0 && p->max_age < DAY)
        mxs_find_say(f, STS_MAX_AGE, NULL, sts->seq, NULL,
                     { mxs_arena_printf(arena, "%lld", (long long)p->max_age) });
}

/* Many ids are a date (RFC 8461 3.1's own example): how long ago the policy last changed at least. */
static int64_t id_date(const char *id)
{
    char digits[9] = "";
    size_t n = 0;
    while (id && n < 8 && isdigit((unsigned char)id[n])) {
        digits[n] = id[n];
        n++;
    }
    long ymd = n == 8 ? strtol(digits, NULL, 10) : 0;
    int year = (int)(ymd / 10000), month = (int)(ymd / 100 % 100), day = (int)(ymd % 100);
    bool ok = year >= 2017 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    return ok ? mxs_time_utc(year, month, day, 0, 0, 0) : 0;
}

static void testing(struct mxs_find *f, const struct mxs_sts_facts *sts)
{
    int64_t since = id_date(sts->parsed.id), at = f->assessment->at;
    if (since && at - since > (int64_t)TESTING_LONG_DAYS * DAY)
        mxs_find_say(f, STS_TESTING_LONG, NULL, sts->seq, NULL,
                     { mxs_arena_printf(f->assessment->arena, "%.10s",
                                        mxs_time_text(f->assessment->arena, since)) });
    else
        mxs_find_say(f, STS_TESTING, NULL, sts->seq, NULL, { NULL });
}

/* One host, one session. Returns whether it satisfies the policy. */
static bool host_session(struct mxs_find *f, const struct mxs_judge *j,
                         const struct mxs_sts_policy *policy)
{
    struct mxs_strs names = { NULL, 0, 0 };
    struct mxs_reasons reasons = { NULL, 0, 0 };
    const struct mxs_session_facts *s = j->session;
    bool enforced = policy->mode == MXS_STS_ENFORCE;
    enum mxs_transport transport = mxs_transport_of(j->evidence, j->host, s);
    if (transport == MXS_TRANSPORT_CLEAR && enforced)
        mxs_find_say(f, STS_STARTTLS, j->host->host, mxs_find_stage_event(s, MXS_STAGE_STARTTLS),
                     NULL, { mxs_find_where(f, s) });
    if (transport != MXS_TRANSPORT_TLS)
        return false;
    mxs_reference_add(j->arena, &names, j->host->host);
    mxs_webpki_judge(j, mxs_ruleset("rfc"), MXS_PURPOSE_SERVER, &names, &reasons);
    if (!reasons.n)
        return true;
    uint64_t seq = mxs_find_stage_event(s, MXS_STAGE_CERTIFICATE);
    const char *where = mxs_find_where(f, s);
    if (enforced)
        mxs_find_say(f, STS_CERTIFICATE, j->host->host, seq, NULL, { where, reasons.v[0].text });
    else
        mxs_find_say(f, STS_CERTIFICATE_TESTING, j->host->host, seq, NULL,
                     { where, reasons.v[0].text });
    return false;
}

static bool listed(struct mxs_find *f, const char *host, const struct mxs_sts_policy *policy,
                   uint64_t seq)
{
    if (mxs_sts_lists(policy, host))
        return true;
    if (policy->mode == MXS_STS_ENFORCE)
        mxs_find_say(f, STS_MX, host, seq, NULL, { NULL });
    else
        mxs_find_say(f, STS_MX_TESTING, host, seq, NULL, { NULL });
    return false;
}

static void unused(struct mxs_find *f, const struct mxs_sts_policy *policy, uint64_t seq)
{
    const struct mxs_domain_facts *d = &f->evidence->domain;
    for (size_t i = 0; i < policy->mx.n; i++) {
        bool used = d->mx.n == 0;
        for (size_t k = 0; k < d->mx.n; k++)
            used = used || mxs_sts_mx_match(policy->mx.v[i], d->mx.v[k].host);
        if (!used)
            mxs_find_say(f, STS_UNUSED, NULL, seq, NULL, { policy->mx.v[i] });
    }
}

static void hosts(struct mxs_find *f, const struct mxs_sts_policy *policy, uint64_t seq)
{
    size_t good = 0;
    bool all = f->evidence->hosts.n > 0;
    for (size_t i = 0; i < f->evidence->hosts.n; i++)
        if (!listed(f, f->evidence->hosts.v[i]->host, policy, seq))
            all = false;
    for (size_t i = 0; i < f->judges.n; i++) {
        if (mxs_session_lacks_kind(f->judges.v[i].session))
            continue;
        if (host_session(f, &f->judges.v[i], policy))
            good++;
        else
            all = false;
    }
    unused(f, policy, seq);
    if (all && good && policy->mode == MXS_STS_ENFORCE)
        mxs_find_say(f, STS_OK, NULL, seq, NULL, { NULL });
}

static bool same_policy(const struct mxs_sts_policy *a, const struct mxs_sts_policy *b)
{
    bool same = a->mode == b->mode && a->mx.n == b->mx.n && a->max_age == b->max_age;
    for (size_t i = 0; same && i < a->mx.n; i++)
        same = strcmp(a->mx.v[i], b->mx.v[i]) == 0;
    return same;
}

static void cache(struct mxs_find *f, const struct mxs_sts_facts *sts)
{
    struct mxs_arena *arena = f->assessment->arena;
    struct mxs_sts_choice choice = mxs_sts_choose(sts, f->assessment->at);
    if (!choice.cached || !sts->has_policy || same_policy(&sts->cached, &sts->policy))
        return;
    const char *what = sts->cached.mode != sts->policy.mode
                           ? mxs_arena_printf(arena, "mode %s, now %s",
                                              mxs_sts_mode_name(sts->cached.mode),
                                              sts->policy.valid ? mxs_sts_mode_name(sts->policy.mode)
                                                                : "invalid")
                           : "other mx or max_age lines";
    int64_t until = sts->cached_fetched + sts->cached.max_age;
    mxs_find_say(f, STS_CACHE_DIFFERS, NULL, sts->seq, NULL, { what, mxs_time_text(arena, until) });
}

static void since_recorded(struct mxs_find *f, const struct mxs_sts_facts *sts)
{
    const struct mxs_evidence *old = f->options->previous;
    if (!old || !old->has_domain || !sts->has_policy || !old->domain.sts.has_policy)
        return;
    const struct mxs_sts_facts *before = &old->domain.sts;
    bool same_id = sts->parsed.id && before->parsed.id &&
                   strcmp(sts->parsed.id, before->parsed.id) == 0;
    if (same_id && !same_policy(&sts->policy, &before->policy))
        mxs_find_say(f, STS_ID_UNCHANGED, NULL, sts->seq, NULL, { sts->parsed.id });
}

static void reports(struct mxs_find *f, const struct mxs_domain_facts *d, bool sts)
{
    bool dane = false;
    for (size_t i = 0; i < f->evidence->hosts.n; i++)
        dane = dane || f->evidence->hosts.v[i]->tlsa_security == MXS_SECURITY_SECURE;
    const char *reason = d->tlsrpt.reason;
    bool none = !d->tlsrpt.valid && reason && strcmp(reason, "none") == 0;
    if (d->tlsrpt.valid || !reason)
        return; /* well, or never looked up */
    if (none && (dane || sts))
        mxs_find_say(f, TLSRPT_ABSENT, NULL, 0, NULL,
                     { dane && sts ? "DANE and MTA-STS" : dane ? "DANE" : "MTA-STS" });
    else if (!none)
        mxs_find_say(f, TLSRPT_BAD, NULL, 0, NULL, { reason });
}

void mxs_find_sts(struct mxs_find *f)
{
    const struct mxs_sts_facts *sts = &f->evidence->domain.sts;
    if (!f->evidence->has_domain)
        return;
    struct mxs_sts_choice live = mxs_sts_live(sts);
    record(f, sts);
    fetch(f, sts);
    if (sts->has_policy)
        text(f, sts);
    if (live.policy && live.policy->mode == MXS_STS_TESTING)
        testing(f, sts);
    if (live.policy && live.policy->mode != MXS_STS_NONE)
        hosts(f, live.policy, sts->seq);
    cache(f, sts);
    since_recorded(f, sts);
    if (f->evidence->finished)
        reports(f, &f->evidence->domain, live.policy != NULL);
}
