#include "config.h"

#include "judge/finding.h"

#include "base/clock.h"
#include "judge/webpki.h"

#include <string.h>

/* The chain against the public PKI. Nothing here is an alarm where no policy asks for it: findings
 * that do ask (MTA-STS, DANE) have their own rows. */

enum { DAY = 86400, EXPIRING_DAYS_MAX = 21, CA_EXPIRING_DAYS = 60 };

struct look {
    struct mxs_find *f;
    const struct mxs_judge *j;
    const struct mxs_cert *leaf;
    uint64_t seq;
    bool calm; /* DANE authenticates this session: the public PKI plays no part */
};

static const char *who(const struct mxs_cert *cert)
{
    return cert->cn ? cert->cn : *cert->subject ? cert->subject : "(no subject)";
}

static const struct mxs_path *chosen(const struct look *l)
{
    return mxs_paths_choose(l->j->arena, mxs_judge_paths(l->j), mxs_ruleset("rfc"),
                            MXS_PURPOSE_SERVER, l->j->at).path;
}

#define SAY(l, id, ...) \
    mxs_find_add((l)->f, MXS_F_##id, &(struct mxs_find_args){ .host = (l)->j->host->host, \
                 .seq = (l)->seq, .calm = (l)->calm, .v = __VA_ARGS__ })

static void unknown_issuer(const struct look *l, const struct mxs_cert *top, int depth)
{
    struct look calm = *l;
    /* A private CA's intermediate names no place to fetch its issuer from: perhaps only the root is
     * missing, which nobody has to send. */
    calm.calm = l->calm || (depth > 0 && !top->issuer_urls.n);
    SAY(&calm, CHAIN_INCOMPLETE,
        { mxs_arena_printf(l->j->arena, "%zu", l->j->session->chain.certs.n), who(top),
          top->issuer });
}

static const char *names_of(const struct look *l)
{
    const struct mxs_strs *san = &l->leaf->san_dns;
    const char *text = san->n ? san->v[0] : l->leaf->cn ? l->leaf->cn : "nothing";
    for (size_t i = 1; i < san->n && i < 4; i++)
        text = mxs_arena_printf(l->j->arena, "%s, %s", text, san->v[i]);
    return san->n > 4 ? mxs_arena_printf(l->j->arena, "%s, ..", text) : text;
}

static void name_reason(const struct look *l, const struct mxs_reason *r)
{
    if (r->rfc && strcmp(r->rfc, "RFC 9525 1.3") == 0)
        SAY(l, CN_ONLY, { NULL });
    else
        SAY(l, NAME_MISMATCH, { mxs_find_where(l->f, l->j->session), names_of(l) });
}

static const char *advice(const struct look *l)
{
    return mxs_arena_printf(l->j->arena, "a 3 1 1 record (see %s)",
                            mxs_tlsa_owner(l->j->arena, l->j->session->port, l->j->host->host));
}

static void reason(const struct look *l, const struct mxs_path *path, const struct mxs_reason *r)
{
    const struct mxs_cert *cert = r->depth >= 0 ? path->certs.v[r->depth] : l->leaf;
    struct mxs_arena *arena = l->j->arena;
    if (strcmp(r->id, "expired") == 0)
        SAY(l, CERT_EXPIRED, { who(cert), mxs_time_text(arena, cert->not_after) });
    else if (strcmp(r->id, "not-yet-valid") == 0)
        SAY(l, CERT_NOT_YET, { who(cert), mxs_time_text(arena, cert->not_before) });
    else if (strcmp(r->id, "issuer-unknown") == 0)
        unknown_issuer(l, cert, r->depth);
    else if (strcmp(r->id, "self-signed") == 0)
        SAY(l, SELF_SIGNED, { advice(l) });
    else if (strcmp(r->id, "untrusted-root") == 0)
        SAY(l, UNTRUSTED_ROOT, { who(cert) });
    else if (strcmp(r->id, "name-mismatch") == 0)
        name_reason(l, r);
    else if (strcmp(r->id, "eku-missing") == 0)
        SAY(l, SERVER_EKU, { r->text });
    else if (strncmp(r->id, "weak-", 5) == 0)
        SAY(l, WEAK, { r->text });
    else
        SAY(l, CHAIN_BROKEN, { r->text });
}

static const char *days_text(const struct look *l, int64_t seconds)
{
    return mxs_arena_printf(l->j->arena, "%lld", (long long)(seconds / DAY));
}

/* Overdue at a sixth of the lifetime, which suits 90 days (15) and 6 days (1) alike. */
static void expiring(const struct look *l, const struct mxs_path *path)
{
    int64_t at = l->j->at, left = l->leaf->not_after - at;
    int64_t life = l->leaf->not_after - l->leaf->not_before, limit = life / 6;
    if (limit > (int64_t)EXPIRING_DAYS_MAX * DAY)
        limit = (int64_t)EXPIRING_DAYS_MAX * DAY;
    if (left >= 0 && left < limit && at >= l->leaf->not_before)
        mxs_find_say(l->f, CERT_EXPIRING, l->j->host->host, l->seq, NULL,
                     { who(l->leaf), mxs_time_text(l->j->arena, l->leaf->not_after),
                       days_text(l, left) });
    for (size_t i = 1; i < path->certs.n; i++) {
        const struct mxs_cert *ca = path->certs.v[i];
        left = ca->not_after - at;
        if (left >= 0 && left < (int64_t)CA_EXPIRING_DAYS * DAY)
            mxs_find_say(l->f, CA_EXPIRING, l->j->host->host, l->seq, NULL,
                         { who(ca), mxs_time_text(l->j->arena, ca->not_after), days_text(l, left) });
    }
}

static void session(struct mxs_find *f, const struct mxs_judge *j)
{
    struct look l = { f, j, NULL, mxs_find_stage_event(j->session, MXS_STAGE_CERTIFICATE),
                      mxs_find_dane_verified(f, j) };
    struct mxs_strs names = { NULL, 0, 0 };
    struct mxs_reasons reasons = { NULL, 0, 0 };
    l.leaf = j->session->chain.certs.v[0];
    const struct mxs_path *path = chosen(&l);
    mxs_reference_add(j->arena, &names, j->host->host);
    mxs_webpki_judge(j, mxs_ruleset("rfc"), MXS_PURPOSE_SERVER, &names, &reasons);
    for (size_t i = 0; i < reasons.n; i++)
        reason(&l, path, &reasons.v[i]);
    if (!reasons.n)
        SAY(&l, WEBPKI_OK, { mxs_time_text(j->arena, l.leaf->not_after) });
    expiring(&l, path);
}

void mxs_find_chain(struct mxs_find *f)
{
    for (size_t i = 0; i < f->judges.n; i++) {
        const struct mxs_judge *j = &f->judges.v[i];
        /* Without a verdict that needed them, the trust store is not read for findings alone. */
        if (j->session->chain.certs.n && j->cache->has_paths && !f->evidence->client_role)
            session(f, j);
    }
}
