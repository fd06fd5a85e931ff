#include "config.h"

#include "judge/finding.h"

#include "base/clock.h"
#include "facts/dns_names.h"

#include <string.h>

enum { SIGNATURE_LATE = 3 * 86400 };

/* MX, address and TLSA lookups. A lookup that failed is never "there is none" (RFC 7672 2.1.1). */

static const char *why(const char *text)
{
    return text ? text : "no reason given";
}

/* Names are lower case and have no dot at the end but the root's. */
static bool within(const char *name, const char *zone)
{
    size_t n = strlen(name), z = strlen(zone);
    if (strcmp(zone, ".") == 0)
        return true;
    return n >= z && strcmp(name + n - z, zone) == 0 && (n == z || name[n - z - 1] == '.');
}

static bool expired(const struct mxs_find *f, const struct mxs_signature_end *s)
{
    return s->security == MXS_SECURITY_BOGUS && s->expiration < f->evidence->started;
}

/* Why an answer about name is bogus; where its zone let a signature expire, since when. */
static const char *bogus(const struct mxs_find *f, const char *name, const char *text)
{
    struct mxs_arena *arena = f->assessment->arena;
    for (size_t i = 0; i < f->evidence->signature_ends.n; i++) {
        const struct mxs_signature_end *s = &f->evidence->signature_ends.v[i];
        if (expired(f, s) && within(name, s->signer))
            return mxs_arena_printf(arena, "%s; a signature by %s expired %s", why(text), s->signer,
                                    mxs_time_text(arena, s->expiration));
    }
    return why(text);
}

static uint64_t zone_event(const struct mxs_find *f, const char *name)
{
    for (size_t i = 0; name && i < f->evidence->zones.n; i++)
        if (strcmp(f->evidence->zones.v[i].zone, name) == 0)
            return f->evidence->zones.v[i].dnskey_seq;
    return 0;
}

/* What follows the prefix, or NULL. */
static const char *behind(const char *text, const char *prefix)
{
    size_t n = strlen(prefix);
    return text && strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

/* The walk's own words when not even the trust anchor could be reached, or the resolver is silent: not
 * the domain's doing. */
static bool unavailable(struct mxs_find *f, enum mxs_security security, const char *text)
{
    const char *anchor = behind(text, MXS_DNS_UNAVAILABLE), *silent = behind(text, MXS_DNS_SILENT);
    if (security != MXS_SECURITY_ERROR || !(anchor || silent))
        return false;
    if (anchor)
        mxs_find_say(f, DNSSEC_UNAVAILABLE, NULL, 0, NULL, { anchor });
    else
        mxs_find_say(f, RESOLVER_SILENT, NULL, 0, NULL, { silent });
    return true;
}

static void domain(struct mxs_find *f, const struct mxs_domain_facts *d)
{
    uint64_t seq = zone_event(f, d->name);
    bool settled = f->evidence->finished;
    if (d->null_mx)
        mxs_find_say(f, NULL_MX, NULL, seq, NULL, { NULL });
    if (unavailable(f, d->mx_security, d->mx_why))
        return;
    if (d->mx_security == MXS_SECURITY_BOGUS)
        mxs_find_say(f, MX_BOGUS, NULL, seq, d->mx_why, { bogus(f, d->name, d->mx_why) });
    else if (d->mx_security == MXS_SECURITY_ERROR)
        mxs_find_say(f, MX_ERROR, NULL, seq, d->mx_why, { why(d->mx_why) });
    else if (settled && !d->null_mx && !d->mx.n && !f->evidence->hosts.n)
        mxs_find_say(f, NO_MAIL_SERVER, NULL, seq, NULL, { NULL });
    if (d->mx_security == MXS_SECURITY_UNSUPPORTED)
        mxs_find_say(f, DNSSEC_UNSUPPORTED, NULL, seq, NULL, { d->name });
}

static void tlsa(struct mxs_find *f, const struct mxs_host_facts *h)
{
    struct mxs_arena *arena = f->assessment->arena;
    const char *base = h->tlsa_base_domain ? h->tlsa_base_domain : h->host;
    const char *owner = mxs_tlsa_owner(arena, h->sessions.n ? h->sessions.v[0]->port : 25, base);
    uint64_t seq = h->candidates.n ? h->candidates.v[h->candidates.n - 1].seq : 0;
    if (h->tlsa_security == MXS_SECURITY_BOGUS)
        mxs_find_say(f, TLSA_BOGUS, h->host, seq, NULL, { bogus(f, base, h->tlsa_why) });
    if (h->tlsa_security == MXS_SECURITY_ERROR)
        mxs_find_say(f, TLSA_ERROR, h->host, seq, NULL, { why(h->tlsa_why), owner });
}

static bool no_address(const struct mxs_find *f, const struct mxs_host_facts *h)
{
    bool asked = h->address_security != MXS_SECURITY_NONE;
    return asked && !h->addresses.n && !h->is_address && !h->sessions.n && f->evidence->finished;
}

static void host(struct mxs_find *f, const struct mxs_host_facts *h)
{
    bool literal = f->evidence->has_domain && h->is_address;
    if (unavailable(f, h->address_security, h->address_why) ||
        unavailable(f, h->tlsa_security, h->tlsa_why))
        return;
    if (literal)
        mxs_find_say(f, MX_ADDRESS_LITERAL, h->host, 0, NULL, { h->host });
    if (f->evidence->has_domain && h->canonname)
        mxs_find_say(f, MX_ALIAS, h->host, 0, h->canonname, { h->canonname });
    if (h->address_security == MXS_SECURITY_BOGUS)
        mxs_find_say(f, ADDRESS_BOGUS, h->host, 0, h->address_why,
                     { bogus(f, h->host, h->address_why) });
    else if (h->address_security == MXS_SECURITY_ERROR)
        mxs_find_say(f, ADDRESS_ERROR, h->host, 0, h->address_why, { why(h->address_why) });
    else if (no_address(f, h))
        mxs_find_say(f, NO_ADDRESS, h->host, 0, NULL, { NULL });
    if (h->address_security == MXS_SECURITY_UNSUPPORTED)
        mxs_find_say(f, DNSSEC_UNSUPPORTED, h->host, 0, NULL, { h->host });
    tlsa(f, h);
}

/* The operator's resolver beside our verdict: does it hold for secure what is, and refuse what is bogus
 * (RFC 4035 5.5)? A mail server goes by its AD flag alone. */
static void resolver(struct mxs_find *f, const struct mxs_resolver_view *v)
{
    struct mxs_arena *arena = f->assessment->arena;
    bool good = v->rcode == 0 || v->rcode == 3, secure = v->ours == MXS_SECURITY_SECURE;
    bool agree = good ? secure && v->ad : !secure, failed = v->ours == MXS_SECURITY_ERROR;
    const char *rcode = mxs_dns_rcode_name(v->rcode), *ours = mxs_security_name(v->ours);
    const char *question = mxs_arena_printf(arena, "%s %s", v->qname, v->qtype);
    const char *says = mxs_arena_printf(arena, "%s%s%s%s", rcode ? rcode : "an error",
                                        v->ad ? " with AD" : "", v->ede ? ", EDE " : "",
                                        v->ede ? v->ede : "");
    if (v->rcode < 0 || agree)
        return;
    if (good && !v->ad && !failed)
        mxs_find_say(f, RESOLVER_UNVALIDATED, NULL, v->seq, NULL, { v->resolver, question, ours });
    else
        mxs_find_say(f, RESOLVER_DIFFERS, NULL, v->seq, v->ede,
                     { v->resolver, question, ours, says });
}

/* A lookup in this zone is bogus and named as such: the cause is told there, once. */
static bool told(const struct mxs_find *f, const char *zone)
{
    const struct mxs_domain_facts *d = &f->evidence->domain;
    if (f->evidence->has_domain && d->mx_security == MXS_SECURITY_BOGUS && within(d->name, zone))
        return true;
    for (size_t i = 0; i < f->evidence->hosts.n; i++) {
        const struct mxs_host_facts *h = f->evidence->hosts.v[i];
        const char *base = h->tlsa_base_domain ? h->tlsa_base_domain : h->host;
        if ((h->address_security == MXS_SECURITY_BOGUS && within(h->host, zone)) ||
            (h->tlsa_security == MXS_SECURITY_BOGUS && within(base, zone)))
            return true;
    }
    return false;
}

/* Overdue in the last eighth of a signature's life, but not before the last three days: signers renew
 * at a quarter or a half (RFC 6781 4.4.2), those that sign anew for each answer always stand at a half.
 * By the date of the walk: --at does not move DNSSEC. */
static void signature(struct mxs_find *f, const struct mxs_signature_end *s)
{
    struct mxs_arena *arena = f->assessment->arena;
    int64_t now = f->evidence->started, left = s->expiration - now;
    int64_t limit = (s->expiration - s->inception) / 8;
    const char *what = mxs_arena_printf(arena, "%s %s", s->owner, mxs_dns_type_text(arena, s->type));
    const char *when = mxs_time_text(arena, s->expiration);
    if (limit > SIGNATURE_LATE)
        limit = SIGNATURE_LATE;
    if (expired(f, s) && !told(f, s->signer))
        mxs_find_say(f, RRSIG_EXPIRED, NULL, s->seq, NULL, { what, s->signer, when });
    else if (s->security == MXS_SECURITY_SECURE && left >= 0 && left < limit)
        mxs_find_say(f, RRSIG_EXPIRING, NULL, s->seq, NULL,
                     { what, s->signer, when,
                       mxs_arena_printf(arena, "%lld", (long long)(left / 3600)) });
}

void mxs_find_dns(struct mxs_find *f)
{
    for (size_t i = 0; i < f->evidence->signature_ends.n; i++)
        signature(f, &f->evidence->signature_ends.v[i]);
    for (size_t i = 0; i < f->evidence->resolver_views.n; i++)
        resolver(f, &f->evidence->resolver_views.v[i]);
    if (f->evidence->has_domain)
        domain(f, &f->evidence->domain);
    for (size_t i = 0; i < f->evidence->hosts.n; i++)
        host(f, f->evidence->hosts.v[i]);
}
