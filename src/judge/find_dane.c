#include "config.h"

#include "judge/finding.h"

#include "base/text.h"

#include <string.h>

/* The TLSA records of a host against what its servers show. */

enum { TA_DANE = 2, EE_DANE = 3, SHA256 = 1, SHA512 = 2, RECORDS_SOFT_MAX = 12 };

struct look { /* at one host */
    struct mxs_find *f;
    struct mxs_arena *arena;
    const struct mxs_host_facts *h;
    uint64_t seq; /* the TLSA answer */
    const struct mxs_judge *good, *bad; /* a session that verifies, one that does not */
};

static const char *short_record(const struct look *l, const struct mxs_tlsa *t)
{
    struct mxs_bytes head = mxs_bytes(t->data.p, t->data.n > 6 ? 6 : t->data.n);
    return mxs_arena_printf(l->arena, "%u %u %u %s%s", t->usage, t->selector, t->matching_type,
                            mxs_hex(l->arena, head), t->data.n > 6 ? ".." : "");
}

/* The record to publish for the key that is served now (RFC 7672 3.1). */
static const char *advice(const struct look *l, const struct mxs_judge *j)
{
    const struct mxs_chain *chain = &j->session->chain;
    if (!chain->certs.n)
        return "a 3 1 1 record of the server's key";
    const char *base = l->h->tlsa_base_domain ? l->h->tlsa_base_domain : l->h->host;
    return mxs_arena_printf(l->arena, "%s. IN TLSA 3 1 1 %s",
                            mxs_tlsa_owner(l->arena, j->session->port, base),
                            mxs_hex(l->arena, mxs_bytes(chain->certs.v[0]->spki_sha256, 32)));
}

static const char *records_text(const struct look *l)
{
    const char *text = NULL;
    for (size_t i = 0; i < l->h->tlsa.n && i < 3; i++) {
        const char *one = short_record(l, &l->h->tlsa.v[i]);
        text = text ? mxs_arena_printf(l->arena, "%s; %s", text, one) : one;
    }
    return l->h->tlsa.n > 3 ? mxs_arena_printf(l->arena, "%s; ..", text) : text;
}

/* The anchor of a public path that a usage 2 record names, though the server does not send it. */
static const struct mxs_cert *unsent_root(const struct look *l, const struct mxs_judge *j)
{
    const struct mxs_paths *paths = mxs_judge_paths(j);
    for (size_t i = 0; i < paths->v.n; i++)
        for (size_t k = 0; k < l->h->tlsa.n; k++) {
            const struct mxs_path *p = &paths->v.v[i];
            const struct mxs_tlsa *t = &l->h->tlsa.v[k];
            if (t->usage == TA_DANE && t->usable && p->end == MXS_PATH_ANCHOR &&
                mxs_tlsa_matches(t, p->certs.v[p->certs.n - 1]))
                return p->certs.v[p->certs.n - 1];
        }
    return NULL;
}

static bool has_usage(const struct mxs_host_facts *h, uint8_t usage)
{
    for (size_t i = 0; i < h->tlsa.n; i++)
        if (h->tlsa.v[i].usable && h->tlsa.v[i].usage == usage)
            return true;
    return false;
}

static bool stronger_is_stale(const struct look *l, const struct mxs_dane_result *dane)
{
    for (size_t i = 0; i < dane->records.n; i++)
        if (dane->records.v[i].outshone && dane->records.v[i].depth >= 0) {
            mxs_find_say(l->f, TLSA_STRONGER, l->h->host, l->seq, NULL, { NULL });
            return true;
        }
    return false;
}

static void failed(const struct look *l, const struct mxs_judge *j,
                   const struct mxs_dane_result *dane)
{
    const char *where = mxs_find_where(l->f, j->session), *todo = advice(l, j);
    const char *host = l->h->host;
    const struct mxs_cert *root = NULL;
    if (stronger_is_stale(l, dane))
        return;
    if (dane->reasons.n && dane->reasons.v[0].depth >= 0) {
        mxs_find_say(l->f, TLSA_PATH, host, l->seq, NULL, { where, dane->reasons.v[0].text, todo });
        return;
    }
    if (has_usage(l->h, TA_DANE) && j->store)
        root = unsent_root(l, j);
    if (root)
        mxs_find_say(l->f, TLSA_ROOT_NOT_SENT, host, l->seq, NULL, { where, root->subject, todo });
    else if (has_usage(l->h, TA_DANE) && !has_usage(l->h, EE_DANE))
        mxs_find_say(l->f, TLSA_CA_GONE, host, l->seq, NULL, { where, records_text(l), todo });
    else
        mxs_find_say(l->f, TLSA_STALE, host, l->seq, NULL, { where, records_text(l), todo });
}

static void verified(const struct look *l, const struct mxs_judge *j,
                     const struct mxs_dane_result *dane)
{
    const struct mxs_tlsa *t = &l->h->tlsa.v[dane->record];
    bool absent = dane->records.v[dane->record].depth == (int)j->session->chain.certs.n;
    const char *where = mxs_find_where(l->f, j->session);
    if (absent && t->selector == 0)
        mxs_find_say(l->f, TLSA_FULL_ABSENT, l->h->host, l->seq, NULL, { where });
    if (absent && t->selector == 1)
        mxs_find_say(l->f, TLSA_KEY_ABSENT, l->h->host, l->seq, NULL, { where });
}

static void no_tls(const struct look *l, enum mxs_transport transport,
                   const struct mxs_session_facts *s)
{
    if (transport == MXS_TRANSPORT_CLEAR)
        mxs_find_say(l->f, TLSA_NO_STARTTLS, l->h->host,
                     mxs_find_stage_event(s, MXS_STAGE_STARTTLS), NULL,
                     { s->starttls == MXS_STARTTLS_ABSENT ? "does not offer STARTTLS"
                                                          : "refuses STARTTLS" });
}

static void session(struct look *l, const struct mxs_judge *j)
{
    struct mxs_dane_result dane;
    enum mxs_transport transport = mxs_transport_of(j->evidence, j->host, j->session);
    if (transport != MXS_TRANSPORT_TLS) {
        no_tls(l, transport, j->session);
        return;
    }
    mxs_dane_judge(j, mxs_dane_rules_rfc(), &dane);
    if (dane.state != MXS_DANE_USABLE)
        return;
    if (dane.record >= 0) {
        verified(l, j, &dane);
        l->good = j;
    } else {
        failed(l, j, &dane);
        l->bad = j;
    }
}

/* RFC 7671 8: of each (usage, selector, type) one record has to match the chain of today. */
static void combinations(const struct look *l)
{
    struct mxs_dane_result dane;
    mxs_dane_judge(l->good, mxs_dane_rules_rfc(), &dane);
    for (size_t i = 0; i < l->h->tlsa.n; i++) {
        const struct mxs_tlsa *t = &l->h->tlsa.v[i];
        bool some = !t->usable;
        for (size_t k = 0; k < l->h->tlsa.n && !some; k++) {
            const struct mxs_tlsa *u = &l->h->tlsa.v[k];
            bool kin = u->usage == t->usage && u->selector == t->selector &&
                       u->matching_type == t->matching_type;
            some = kin && dane.records.v[k].depth >= 0;
        }
        if (!some)
            mxs_find_say(l->f, TLSA_COMBINATION, l->h->host, l->seq, NULL,
                         { mxs_arena_printf(l->arena, "%u %u %u", t->usage, t->selector,
                                            t->matching_type) });
    }
}

static bool empty_digest(const struct mxs_tlsa *t)
{
    uint8_t digest[64];
    size_t n = t->matching_type == SHA256 ? 32 : t->matching_type == SHA512 ? 64 : 0;
    if (!n)
        return false;
    if (n == 32)
        mxs_digest_sha256(mxs_bytes(NULL, 0), digest);
    else
        mxs_digest_sha512(mxs_bytes(NULL, 0), digest);
    return mxs_bytes_equal(t->data, mxs_bytes(digest, n));
}

static void records(const struct look *l, const char *todo)
{
    size_t usable = 0, sha512 = 0;
    for (size_t i = 0; i < l->h->tlsa.n; i++) {
        const struct mxs_tlsa *t = &l->h->tlsa.v[i];
        usable += t->usable;
        sha512 += t->usable && t->matching_type == SHA512;
        if (empty_digest(t))
            mxs_find_say(l->f, TLSA_EMPTY_DIGEST, l->h->host, l->seq, NULL,
                         { short_record(l, t), todo });
    }
    const char *why = l->h->tlsa.n ? l->h->tlsa.v[0].unusable_reason : NULL;
    if (!usable)
        mxs_find_say(l->f, TLSA_UNUSABLE_ALL, l->h->host, l->seq, NULL,
                     { why ? why : "malformed", todo });
    for (size_t i = 0; usable && i < l->h->tlsa.n; i++)
        if (!l->h->tlsa.v[i].usable)
            mxs_find_say(l->f, TLSA_UNUSABLE, l->h->host, l->seq, NULL,
                         { short_record(l, &l->h->tlsa.v[i]), l->h->tlsa.v[i].unusable_reason });
    if (usable && sha512 == usable)
        mxs_find_say(l->f, TLSA_SHA512_ONLY, l->h->host, l->seq, NULL, { NULL });
    if (l->h->tlsa.n > RECORDS_SOFT_MAX)
        mxs_find_say(l->f, TLSA_MANY, l->h->host, l->seq, NULL,
                     { mxs_arena_printf(l->arena, "%zu", l->h->tlsa.n) });
}

static bool mx_insecure(const struct mxs_find *f)
{
    return f->evidence->has_domain && f->evidence->domain.mx_security == MXS_SECURITY_INSECURE;
}

static void outcome(const struct look *l)
{
    struct mxs_dane_result dane;
    if (!l->good)
        return;
    mxs_dane_judge(l->good, mxs_dane_rules_rfc(), &dane);
    combinations(l);
    if (l->bad)
        mxs_find_say(l->f, TLSA_DIFFERS, l->h->host, l->seq, NULL,
                     { mxs_find_where(l->f, l->good->session),
                       mxs_find_where(l->f, l->bad->session) });
    else
        mxs_find_say(l->f, DANE_OK, l->h->host, l->seq, NULL,
                     { short_record(l, &l->h->tlsa.v[dane.record]) });
    if (mx_insecure(l->f))
        mxs_find_say(l->f, DANE_MX_INSECURE, l->h->host, l->seq, NULL, { NULL });
}

static uint64_t answer_event(const struct mxs_host_facts *h)
{
    for (size_t i = 0; i < h->candidates.n; i++)
        if (h->tlsa_base_domain && h->candidates.v[i].base_domain &&
            strcmp(h->candidates.v[i].base_domain, h->tlsa_base_domain) == 0)
            return h->candidates.v[i].seq;
    return 0;
}

static void host(struct mxs_find *f, const struct mxs_host_facts *h)
{
    struct look l = { f, f->assessment->arena, h, answer_event(h), NULL, NULL };
    const char *todo = "a 3 1 1 record of the server's key";
    if ((h->tlsa_security == MXS_SECURITY_INSECURE && h->tlsa.n) || h->idle_tlsa.n)
        mxs_find_say(f, TLSA_INSECURE, h->host, h->idle_tlsa.n ? h->idle_seq : l.seq, NULL, { NULL });
    if (h->tlsa_security != MXS_SECURITY_SECURE)
        return;
    for (size_t i = 0; i < f->judges.n; i++)
        if (f->judges.v[i].host == h) {
            session(&l, &f->judges.v[i]);
            todo = advice(&l, &f->judges.v[i]);
        }
    records(&l, todo);
    outcome(&l);
}

void mxs_find_dane(struct mxs_find *f)
{
    for (size_t i = 0; i < f->evidence->hosts.n; i++)
        host(f, f->evidence->hosts.v[i]);
}
