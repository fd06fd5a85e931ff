#include "config.h"

#include "whatif/subject.h"

#include <string.h>

struct look {
    struct mxs_arena *arena;
    const struct mxs_evidence *evidence;
    bool client;
    struct mxs_subjects *out;
};

static bool same_chain(const struct mxs_chain *a, const struct mxs_chain *b)
{
    if (a->certs.n != b->certs.n)
        return false;
    for (size_t i = 0; i < a->certs.n; i++)
        if (!mxs_bytes_equal(a->certs.v[i]->der, b->certs.v[i]->der))
            return false;
    return true;
}

static bool same(const struct mxs_session_facts *a, const struct mxs_session_facts *b)
{
    return a->port == b->port && a->starttls == b->starttls && a->has_tls == b->has_tls &&
           a->tls.finished == b->tls.finished && same_chain(&a->chain, &b->chain);
}

static const char *key_family(const struct mxs_session_facts *s)
{
    const char *key = s->chain.certs.n ? s->chain.certs.v[0]->key : "";
    return strncmp(key, "RSA", 3) == 0 ? " (RSA)" : strncmp(key, "ECDSA", 5) == 0 ? " (ECDSA)" : "";
}

/* One host with one session: what judges look at. */
static void add(struct look *l, const struct mxs_host_facts *host,
                const struct mxs_session_facts *session, bool shown, const char *name)
{
    struct mxs_subject *s = mxs_list_add(l->arena, &l->out->list);
    struct mxs_evidence *ev = mxs_arena_dup(l->arena, l->evidence, sizeof *ev);
    struct mxs_host_facts *h = mxs_arena_dup(l->arena, host, sizeof *h);
    struct mxs_session_facts *one = mxs_arena_dup(l->arena, session, sizeof *one);
    memset(&ev->hosts, 0, sizeof ev->hosts);
    memset(&h->sessions, 0, sizeof h->sessions);
    ev->client_role = shown || l->client;
    ev->shown = shown;
    if (shown)
        ev->partner = ev->has_domain && ev->domain.name
                          ? ev->domain.name : mxs_arena_printf(l->arena, "[%s]", host->host);
    /* The certificate that we showed is a subject of its own. */
    one->tls.client_auth.sent = MXS_SENT_NOTHING;
    *mxs_list_add(l->arena, &h->sessions) = one;
    *mxs_list_add(l->arena, &ev->hosts) = h;
    *s = (struct mxs_subject){ .name = name, .evidence = ev, .host = h, .session = one };
}

static void note_session(struct look *l, struct mxs_subject *s, const struct mxs_session_facts *f)
{
    const char **names = mxs_arena_alloc(l->arena, (s->n_sessions + 1) * sizeof *names);
    for (size_t i = 0; i < s->n_sessions; i++)
        names[i] = s->sessions[i];
    names[s->n_sessions++] = mxs_arena_printf(l->arena, "%s:%u %s", f->address ? f->address : "?",
                                              f->port, mxs_offer_name(f->offer));
    s->sessions = names;
}

static bool counts(const struct mxs_session_facts *s, bool chains)
{
    bool answered = s->starttls != MXS_STARTTLS_UNKNOWN || s->has_tls;
    return chains ? s->chain.certs.n > 0 : answered && !mxs_session_lacks_kind(s);
}

static void name(struct look *l, struct mxs_subject *s, bool several)
{
    const struct mxs_chain *chain = &s->session->chain;
    const char *host = mxs_arena_printf(l->arena, "%s:%u", s->host->host, s->session->port);
    if (l->evidence->unnamed)
        host = l->client ? "a sending server" : "a mail server";
    if (l->client && !chain->certs.n)
        s->name = mxs_arena_printf(l->arena, "%s without a client certificate", host);
    else
        s->name = mxs_arena_printf(l->arena, "%s%s%s", l->client ? "client certificate of " : "", host,
                                   several ? key_family(s->session) : "");
}

static void of_host(struct look *l, const struct mxs_host_facts *host)
{
    size_t first = l->out->list.n;
    bool chains = false;
    for (size_t i = 0; i < host->sessions.n; i++)
        chains = chains || host->sessions.v[i]->chain.certs.n;
    for (size_t i = 0; i < host->sessions.n; i++) {
        const struct mxs_session_facts *s = host->sessions.v[i];
        size_t at = first;
        if (!counts(s, chains))
            continue;
        while (at < l->out->list.n && !same(l->out->list.v[at].session, s))
            at++;
        if (at == l->out->list.n)
            add(l, host, s, false, NULL);
        note_session(l, &l->out->list.v[at], s);
    }
    for (size_t i = first; i < l->out->list.n; i++)
        name(l, &l->out->list.v[i], l->out->list.n - first > 1);
}

/* What the walk itself showed to this host. */
static void shown(struct look *l, const struct mxs_host_facts *host)
{
    for (size_t i = 0; i < host->sessions.n; i++) {
        const struct mxs_session_facts *s = host->sessions.v[i];
        struct mxs_session_facts ours = *s;
        size_t at = 0;
        if (s->tls.client_auth.sent != MXS_SENT_CERTIFICATE || !s->tls.client_auth.chain.certs.n)
            continue;
        ours.chain = s->tls.client_auth.chain;
        while (at < l->out->list.n && !(l->out->list.v[at].evidence->client_role &&
                                        same_chain(&l->out->list.v[at].session->chain, &ours.chain)))
            at++;
        if (at == l->out->list.n)
            add(l, host, &ours, true,
                mxs_arena_printf(l->arena, "our client certificate, shown to %s", host->host));
        note_session(l, &l->out->list.v[at], s);
    }
}

void mxs_subjects_of(struct mxs_arena *arena, const struct mxs_evidence *evidence, bool client,
                     struct mxs_subjects *out)
{
    struct look l = { .arena = arena, .evidence = evidence, .out = out,
                      .client = client || evidence->client_role };
    *out = (struct mxs_subjects){ 0 };
    for (size_t i = 0; i < evidence->hosts.n && l.client; i++)
        shown(&l, evidence->hosts.v[i]);
    for (size_t i = 0; i < evidence->hosts.n; i++)
        of_host(&l, evidence->hosts.v[i]);
    for (size_t i = 0; i < evidence->hosts.n && !l.client; i++)
        shown(&l, evidence->hosts.v[i]);
}
