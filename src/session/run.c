/* The order of a walk: the domain, its hosts, a session for each host x address x offer. */
#include "config.h"

#include "session/walk.h"

#include "session/stage_smtp.h"

#include <string.h>

/* Sessions of one walk: a domain with more than this many hosts x addresses is hostile. */
enum { SESSIONS_MAX = 256 };

static bool cancelled(const struct mxs_walk *walk)
{
    return mxs_coro_cancelled(walk->coro);
}

static enum mxs_err run_stage(struct mxs_walk *walk, struct mxs_probe *probe, enum mxs_stage stage,
                              struct mxs_why *why)
{
    const struct mxs_stage_row *row = mxs_stage_row(stage);
    if (cancelled(walk))
        return mxs_why_set(why, MXS_ERR_CANCELLED, "stopped by the operator");
    if (!row->run)
        return MXS_OK;
    if (row->opens_itself)
        return row->run(walk, probe, why);
    mxs_stage_begin(walk, probe, stage);
    enum mxs_err err = cancelled(walk) ? mxs_why_set(why, MXS_ERR_CANCELLED,
                                                     "stopped by the operator")
                                       : row->run(walk, probe, why);
    mxs_stage_end(walk, probe, err, why);
    return row->fatal || err == MXS_ERR_CANCELLED ? err : MXS_OK;
}

/* --- sessions --- */

/* With TLS from the first byte the banner comes inside it (RFC 8314 3.3). */
static const enum mxs_stage starttls_order[] = {
    MXS_STAGE_CONNECT,  MXS_STAGE_BANNER,       MXS_STAGE_EHLO,
    MXS_STAGE_STARTTLS, MXS_STAGE_CLIENT_HELLO, MXS_STAGE_EHLO_TLS,
    MXS_STAGE_CLIENT_VERDICT, MXS_STAGE_AUTH,   MXS_STAGE_MAIL,
    MXS_STAGE_RCPT,     MXS_STAGE_QUIT,         MXS_STAGE_NONE,
};
static const enum mxs_stage implicit_order[] = {
    MXS_STAGE_CONNECT,  MXS_STAGE_CLIENT_HELLO,   MXS_STAGE_BANNER,
    MXS_STAGE_EHLO_TLS, MXS_STAGE_CLIENT_VERDICT, MXS_STAGE_AUTH,
    MXS_STAGE_MAIL,     MXS_STAGE_RCPT,           MXS_STAGE_QUIT,
    MXS_STAGE_NONE,
};
static const enum mxs_stage clear_order[] = {
    MXS_STAGE_CONNECT, MXS_STAGE_BANNER, MXS_STAGE_EHLO, MXS_STAGE_STARTTLS,
    MXS_STAGE_MAIL,    MXS_STAGE_RCPT,   MXS_STAGE_QUIT, MXS_STAGE_NONE,
};
static const enum mxs_stage *const orders[] = {
    [MXS_TLS_STARTTLS] = starttls_order,
    [MXS_TLS_IMPLICIT] = implicit_order,
    [MXS_TLS_NONE] = clear_order,
};

static enum mxs_end end_of(enum mxs_err err)
{
    static const enum mxs_end ends[] = {
        [MXS_OK] = MXS_END_DONE,
        [MXS_ERR_LIMIT] = MXS_END_PROTOCOL,
        [MXS_ERR_SYNTAX] = MXS_END_PROTOCOL,
        [MXS_ERR_IO] = MXS_END_CONNECT,
        [MXS_ERR_TIMEOUT] = MXS_END_TIMEOUT,
        [MXS_ERR_CANCELLED] = MXS_END_CANCELLED,
        [MXS_ERR_CLOSED] = MXS_END_CLOSED,
        [MXS_ERR_NOT_FOUND] = MXS_END_DONE,
        [MXS_ERR_UNSUPPORTED] = MXS_END_DONE,
        [MXS_ERR_USAGE] = MXS_END_LOCAL_REFUSAL,
        [MXS_ERR_TLS] = MXS_END_PROTOCOL,
        [MXS_ERR_DNS] = MXS_END_DONE,
    };
    return (size_t)err < MXS_COUNT(ends) ? ends[err] : MXS_END_PROTOCOL;
}

static void probe_event(struct mxs_walk *walk, const struct mxs_probe *p)
{
    mxs_walk_emit(walk, p, MXS_EVENT_PROBE, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "host", p->host }, { "address", p->address },
                            { "port", mxs_walk_uint(walk, p->port) },
                            { "offer", mxs_offer_name(p->offer) },
                            { "implicit", p->mode == MXS_TLS_IMPLICIT ? "1" : "0" },
                            { "client-cert", p->client_cert ? "1" : "0" }, { "sni", p->sni },
                            { "preference",
                              p->literal ? NULL : mxs_walk_uint(walk, p->preference) }),
                  "%s [%s]:%u, offer %s", p->host, p->address, p->port, mxs_offer_name(p->offer));
}

static void probe_end_event(struct mxs_walk *walk, const struct mxs_probe *p, enum mxs_err err,
                            const struct mxs_why *why)
{
    const char *end = mxs_end_name(p->end);
    mxs_walk_emit(walk, p, MXS_EVENT_PROBE_END, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "end", end }, { "error", err ? why->text : NULL },
                            { "reply", p->reply ? mxs_walk_uint(walk, (unsigned)p->reply) : NULL }),
                  "session %u ends: %s", p->session, err ? why->text : end);
}

static void hang_up(struct mxs_probe *probe)
{
    if (probe->stream)
        probe->stream->ops->close(probe->stream);
    probe->stream = NULL;
    if (probe->smtp)
        mxs_buf_fini(&probe->smtp->in);
}

/* From the connection to the end. */
static enum mxs_err converse(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    enum mxs_stage last = MXS_STAGE_NONE;
    struct mxs_why second;
    for (const enum mxs_stage *s = orders[probe->mode];
         !err && !probe->over && *s != MXS_STAGE_NONE; s++)
        err = run_stage(walk, probe, last = *s, why);
    if (err && err != MXS_ERR_CANCELLED && last != MXS_STAGE_CLIENT_VERDICT &&
        mxs_walk_client_refused(walk, probe)) /* the reason behind the failure */
        run_stage(walk, probe, MXS_STAGE_CLIENT_VERDICT, &second);
    if (probe->end == MXS_END_OPEN || err == MXS_ERR_CANCELLED)
        probe->end = end_of(err);
    if (err && err != MXS_ERR_CANCELLED)
        mxs_smtp_farewell(walk, probe);
    hang_up(probe);
    return err;
}

static void run_stages(struct mxs_walk *walk, struct mxs_probe *probe)
{
    struct mxs_why why = { MXS_OK, "" };
    probe_event(walk, probe);
    enum mxs_err err = run_stage(walk, probe, MXS_STAGE_POLICY, &why);
    size_t first = mxs_journal_count(walk->journal);
    if (!err && mxs_share_replay(walk, probe))
        return;
    if (!err)
        err = converse(walk, probe, &why);
    else
        probe->end = end_of(err);
    probe_end_event(walk, probe, err, &why);
    mxs_share_keep(walk, probe, first);
}

/* RFC 7672 8.1: the TLSA base domain where DANE applies; else the MX host (RFC 8461 7.1). RFC 6066 3
 * has no form for addresses. */
static const char *sni_for(const struct mxs_walk *walk, const struct mxs_probe *probe)
{
    const char *given = walk->options->sni;
    const struct mxs_host_facts *host = mxs_evidence_host(walk->evidence, probe->host);
    if (given)
        return strcmp(given, "none") == 0 ? NULL : given;
    if (probe->literal)
        return NULL;
    bool dane = host && host->tlsa_base_domain && host->tlsa_security == MXS_SECURITY_SECURE;
    return dane ? host->tlsa_base_domain : probe->host;
}

static enum mxs_tls_mode mode_for(const struct mxs_walk *walk)
{
    if (walk->options->tls != MXS_TLS_AUTO)
        return walk->options->tls;
    return walk->target.port == 465 ? MXS_TLS_IMPLICIT : MXS_TLS_STARTTLS;
}

/* A 421: it does not want to talk now. Inside TLS, to the half of a trial that shows no certificate, it
 * is the answer that the trial is about (as Postfix says that it requires one), and the other half
 * follows. */
static bool is_busy(const struct mxs_walk *walk, const struct mxs_probe *probe)
{
    bool trial = walk->options->client_cert_trial && !probe->client_cert && probe->served;
    return probe->reply == 421 && !trial;
}

/* True: go on with further sessions to this address. */
static bool run_session(struct mxs_walk *walk, struct mxs_probe *probe)
{
    const char *address = probe->address;
    unsigned port = probe->port;
    mxs_walk_connect_to(walk, probe->host, probe->port, &address, &port);
    if (walk->sessions >= SESSIONS_MAX || mxs_engine_enter(walk, address, port) != MXS_OK)
        return false;
    probe->session = ++walk->sessions;
    run_stages(walk, probe);
    walk->probe = NULL;
    bool busy = is_busy(walk, probe);
    mxs_engine_leave(walk, address, port, busy);
    return probe->connected && !busy;
}

struct offers {
    enum mxs_offer v[3];
    size_t n;
};

/* A domain is asked for both kinds of certificate, which servers hold side by side; a single host
 * first for what it gives everybody. */
static struct offers offers_for(const struct mxs_walk *walk, enum mxs_tls_mode mode)
{
    const struct mxs_session_options *o = walk->options;
    if (mode == MXS_TLS_NONE || o->priority)
        return (struct offers){ { MXS_OFFER_ANY }, 1 };
    if (!o->offer_all)
        return (struct offers){ { o->offer }, 1 };
    if (walk->target.kind == MXS_TARGET_DOMAIN)
        return (struct offers){ { MXS_OFFER_RSA, MXS_OFFER_ECDSA }, 2 };
    return (struct offers){ { MXS_OFFER_ANY, MXS_OFFER_RSA, MXS_OFFER_ECDSA }, 3 };
}

/* One session, and what it means for those to come. */
static bool run_offer(struct mxs_walk *walk, struct mxs_probe *at, enum mxs_offer offer, bool with)
{
    struct mxs_probe probe = *at;
    probe.offer = offer;
    probe.client_cert = with;
    probe.alert = -1;
    bool more = run_session(walk, &probe);
    if (probe.served)
        at->served_offer = offer;
    at->kind_served |= probe.served;
    if (probe.lacks_kind)
        at->refused = offer;
    return more;
}

/* False: the server does not want to talk now. */
static bool run_address(struct mxs_walk *walk, struct mxs_probe *at)
{
    bool have = walk->options->client_cert_pem.n > 0;
    int first = have && !walk->options->client_cert_trial, last = have;
    struct offers offers = offers_for(walk, at->mode);
    at->kinds = offers.n > 1;
    for (size_t i = 0; i < offers.n; i++)
        for (int with = first; with <= last; with++) {
            bool more = i + 1 < offers.n || with < last;
            if (run_offer(walk, at, offers.v[i], with) || cancelled(walk) || !more)
                continue;
            mxs_walk_note(walk, at, "sessions-skipped",
                          "no further session with %s [%s]: it does not want to talk now",
                          at->host, at->address);
            return false;
        }
    return true;
}

/* What clients without SNI get (RFC 7672 8.1: not all send it): the session that was served, without. */
static bool run_without_sni(struct mxs_walk *walk, const struct mxs_probe *at)
{
    struct mxs_probe p = *at;
    p.sni = NULL;
    p.kinds = p.kind_served = false;
    return run_offer(walk, &p, at->served_offer, walk->options->client_cert_pem.n > 0);
}

/* -4, -6, or what --source leaves. */
static int family_of(const struct mxs_walk *walk)
{
    const struct mxs_session_options *o = walk->options;
    if (o->family || !o->source)
        return o->family;
    return strchr(o->source, ':') ? 6 : 4;
}

static void run_addresses(struct mxs_walk *walk, struct mxs_probe *probe)
{
    const struct mxs_host_facts *host = mxs_evidence_host(walk->evidence, probe->host);
    size_t n = host ? host->addresses.n : 0, wanted = 0;
    int family = family_of(walk);
    bool bare = walk->options->sni_trial;
    for (size_t i = 0; i < n && !cancelled(walk); i++) {
        struct mxs_probe p = *probe;
        p.address = host->addresses.v[i].address;
        if (family && (family == 6) != (strchr(p.address, ':') != NULL))
            continue;
        wanted++;
        p.sni = sni_for(walk, &p);
        bool more = run_address(walk, &p);
        if (bare && more && p.kind_served && p.sni && !cancelled(walk)) {
            run_without_sni(walk, &p);
            bare = false; /* addresses of one host are served alike: once is enough */
        }
    }
    if (n && !wanted)
        mxs_walk_note(walk, probe, "family", "%s has no IPv%d address", probe->host, family);
}

/* --- hosts --- */

static void literal(struct mxs_walk *walk, struct mxs_probe *probe)
{
    mxs_stage_skipped(walk, probe, MXS_STAGE_ADDRESS, "the target is an address");
    mxs_walk_emit(walk, probe, MXS_EVENT_HOST, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "host", probe->host }, { "literal", "1" }), "%s, an address",
                  probe->host);
    mxs_walk_emit(walk, probe, MXS_EVENT_ADDRESS, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "host", probe->host }, { "address", probe->host }), "%s",
                  probe->host);
    mxs_stage_skipped(walk, probe, MXS_STAGE_TLSA, "DANE does not apply to an address literal");
}

static void run_host(struct mxs_walk *walk, struct mxs_probe probe)
{
    struct mxs_why why = { MXS_OK, "" };
    if (probe.literal)
        literal(walk, &probe);
    else if (run_stage(walk, &probe, MXS_STAGE_ADDRESS, &why) != MXS_OK ||
             run_stage(walk, &probe, MXS_STAGE_TLSA, &why) != MXS_OK)
        return;
    run_addresses(walk, &probe);
}

/* The hosts as the MX lookup left them: the evidence's list may move while they are walked. */
static struct mxs_probe *hosts_of(struct mxs_walk *walk, size_t *n)
{
    const struct mxs_domain_facts *domain = &walk->evidence->domain;
    bool is_domain = walk->target.kind == MXS_TARGET_DOMAIN;
    *n = is_domain ? domain->mx.n : 1;
    struct mxs_probe *hosts = mxs_arena_alloc(walk->arena, *n * sizeof *hosts);
    for (size_t i = 0; i < *n; i++) {
        hosts[i].host = is_domain ? domain->mx.v[i].host : walk->target.name;
        hosts[i].preference = is_domain ? domain->mx.v[i].preference : 0;
        hosts[i].literal = walk->target.kind == MXS_TARGET_ADDRESS;
        hosts[i].port = walk->target.port;
        hosts[i].mode = mode_for(walk);
    }
    return hosts;
}

static enum mxs_err run_target(struct mxs_walk *walk, struct mxs_why *why)
{
    struct mxs_probe none = { .host = NULL };
    size_t n;
    if (walk->target.kind != MXS_TARGET_DOMAIN)
        mxs_stage_skipped(walk, &none, MXS_STAGE_MX, "the target is a host");
    enum mxs_err err = walk->target.kind == MXS_TARGET_DOMAIN
                           ? run_stage(walk, &none, MXS_STAGE_MX, why) : MXS_OK;
    if (!err)
        err = run_stage(walk, &none, MXS_STAGE_MTA_STS, why);
    if (err)
        return err;
    struct mxs_probe *hosts = hosts_of(walk, &n);
    for (size_t i = 0; i < n && !cancelled(walk); i++)
        run_host(walk, hosts[i]);
    return MXS_OK;
}

void mxs_walk_run(struct mxs_coro *self, void *data)
{
    static const char *const kinds[] = { [MXS_TARGET_DOMAIN] = "domain",
                                         [MXS_TARGET_HOST] = "host",
                                         [MXS_TARGET_ADDRESS] = "address" };
    struct mxs_walk *walk = data;
    struct mxs_why why = { MXS_OK, "" };
    mxs_walk_emit(walk, NULL, MXS_EVENT_WALK, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "target", walk->target.text }, { "name", walk->target.name },
                            { "port", mxs_walk_uint(walk, walk->target.port) },
                            { "kind", kinds[walk->target.kind] }),
                  "walk to %s", walk->target.text);
    enum mxs_err err = run_target(walk, &why);
    bool stopped = mxs_coro_cancelled(self);
    mxs_walk_emit(walk, NULL, MXS_EVENT_WALK_END, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "error", err && !stopped ? why.text : NULL },
                            { "cancelled", stopped ? "1" : NULL }),
                  "%s", stopped ? "stopped by the operator" : err ? why.text : "walk done");
    walk->done = true;
}
