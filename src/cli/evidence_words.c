#include "config.h"

#include "cli/evidence.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>

/* Evidence from files and words: what a walk of one mail server would have learned, as far as the words
 * say, and healthy where they say nothing. */

enum { CHAIN_MAX = 1 << 20, POLICY_MAX = 1 << 20 };

struct build {
    struct cli *cli;
    const struct cli_evidence *words;
    struct mxs_arena *arena;
    struct mxs_evidence *ev;
    struct mxs_host_facts *host;
    struct mxs_session_facts *session;
    struct mxs_why *why;
};

static enum mxs_err read_chain(struct build *b, const char *path, struct mxs_chain *out)
{
    struct mxs_bytes pem;
    enum mxs_err err = mxs_file_read(b->arena, path, CHAIN_MAX, &pem, b->why);
    return err ? err : mxs_cert_pem(b->arena, path, pem, out, b->why);
}

static enum mxs_err add_chain(struct build *b)
{
    const char *path = b->words->chain;
    if (!path || strcmp(path, "none") == 0)
        return MXS_OK;
    return read_chain(b, path, &b->session->chain);
}

static enum mxs_err add_pins(struct build *b)
{
    for (size_t i = 0; i < b->words->pins.n; i++) {
        struct mxs_chain pins = { { NULL, 0, 0 } };
        enum mxs_err err = read_chain(b, b->words->pins.v[i], &pins);
        if (err)
            return err;
        *mxs_list_add(b->arena, &b->ev->pins.certs) = pins.certs.v[0];
    }
    return MXS_OK;
}

/* --host; else the first name of the leaf, so that a chain alone can be judged; else how a sending server
 * calls itself (--like). */
static const char *host_name(const struct build *b)
{
    const struct mxs_chain *chain = &b->session->chain;
    const char *own = b->ev->client_role ? b->cli->session.ehlo : NULL;
    if (b->words->host)
        return b->words->host;
    const struct mxs_cert *leaf = chain->certs.n ? chain->certs.v[0] : NULL;
    for (size_t i = 0; leaf && i < leaf->san_dns.n; i++)
        if (!strchr(leaf->san_dns.v[i], '*'))
            return leaf->san_dns.v[i];
    if (leaf && leaf->cn)
        return leaf->cn;
    b->ev->unnamed = !own;
    return own ? own : "mail.invalid";
}

static enum mxs_err add_host(struct build *b)
{
    enum mxs_err err = mxs_dns_name(b->arena, host_name(b), &b->host->host, b->why);
    b->session->address = b->host->host;
    b->ev->target = b->host->host;
    return err;
}

/* The domain of a host whose domain nobody named: what stands behind the first label. */
static const char *parent(const char *host)
{
    const char *dot = strchr(host, '.');
    return dot && strchr(dot + 1, '.') ? dot + 1 : host;
}

static enum mxs_err add_domain(struct build *b)
{
    const struct cli_evidence *w = b->words;
    struct mxs_domain_facts *d = &b->ev->domain;
    bool wanted = w->domain || w->sts || w->sts_cached || w->mx_security;
    if (!wanted)
        return MXS_OK;
    b->ev->has_domain = true;
    d->mx_security = w->mx_security ? mxs_security_parse(w->mx_security) : MXS_SECURITY_SECURE;
    d->sts.txt_security = MXS_SECURITY_ABSENT;
    *mxs_list_add(b->arena, &d->mx) = (struct mxs_mx){ b->host->host, 0 };
    enum mxs_err err = mxs_dns_name(b->arena, w->domain ? w->domain : parent(b->host->host),
                                    &d->name, b->why);
    b->ev->target = d->name;
    b->ev->partner = b->ev->client_role && w->domain ? d->name : NULL;
    return err;
}

static enum mxs_err add_tlsa(struct build *b)
{
    const struct cli_evidence *w = b->words;
    for (size_t i = 0; i < w->tlsa.n; i++) {
        struct mxs_why why = { MXS_OK, "" };
        struct mxs_tlsa *t = mxs_list_add(b->arena, &b->host->tlsa);
        enum mxs_err err = mxs_tlsa_text_parse(b->arena, w->tlsa.v[i], t, &why);
        if (err)
            return mxs_why_set(b->why, err, "--tlsa: %s", why.text);
    }
    enum mxs_security by_default = w->tlsa.n ? MXS_SECURITY_SECURE : MXS_SECURITY_ABSENT;
    b->host->tlsa_security = w->tlsa_security ? mxs_security_parse(w->tlsa_security) : by_default;
    b->host->tlsa_base_domain = b->host->host;
    return MXS_OK;
}

static enum mxs_err read_policy(struct build *b, const char *path, struct mxs_sts_policy *out)
{
    struct mxs_bytes text;
    enum mxs_err err = mxs_file_read(b->arena, path, POLICY_MAX, &text, b->why);
    if (err == MXS_OK)
        mxs_sts_policy_parse(b->arena, text, out);
    return err;
}

static enum mxs_err add_policies(struct build *b)
{
    const struct cli_evidence *w = b->words;
    struct mxs_sts_facts *sts = &b->ev->domain.sts;
    enum mxs_err err = MXS_OK;
    if (!w->sts_cached != !w->sts_fetched)
        return mxs_why_set(b->why, MXS_ERR_USAGE, "--sts-cached and --sts-fetched go together");
    if (w->sts) {
        err = read_policy(b, w->sts, &sts->policy);
        sts->parsed.valid = sts->fetched = sts->has_policy = true;
        sts->http_status = 200;
    }
    if (err == MXS_OK && w->sts_cached) {
        err = read_policy(b, w->sts_cached, &sts->cached);
        sts->has_cached = true;
        mxs_time_parse(w->sts_fetched, &sts->cached_fetched);
    }
    return err;
}

static void set_tls(struct build *b)
{
    const struct cli_evidence *w = b->words;
    struct mxs_session_facts *s = b->session;
    bool absent = w->starttls && strcmp(w->starttls, "absent") == 0;
    bool refused = w->starttls && strcmp(w->starttls, "refused") == 0;
    s->starttls = absent ? MXS_STARTTLS_ABSENT : refused ? MXS_STARTTLS_REFUSED
                                                         : MXS_STARTTLS_OFFERED;
    s->starttls_reply = refused ? 454 : absent ? 0 : 220;
    s->has_ehlo = true;
    s->ehlo.code = 250;
    s->has_tls = s->tls.finished = !absent && !refused;
    s->tls.version = w->tls_version && strcmp(w->tls_version, "1.2") == 0 ? MXS_TLS_1_2
                                                                         : MXS_TLS_1_3;
    s->tls.sni = b->host->host;
}

static void start(struct build *b)
{
    b->ev = MXS_NEW(b->arena, struct mxs_evidence);
    b->host = MXS_NEW(b->arena, struct mxs_host_facts);
    b->session = MXS_NEW(b->arena, struct mxs_session_facts);
    b->ev->arena = b->arena;
    b->ev->started = b->cli->at;
    b->ev->finished = true;
    b->ev->client_role = b->words->role && strcmp(b->words->role, "client") == 0;
    b->host->address_security = b->words->address_security
                                    ? mxs_security_parse(b->words->address_security)
                                    : MXS_SECURITY_SECURE;
    *b->session = (struct mxs_session_facts){ .id = 1, .port = 25, .reached = MXS_STAGE_QUIT,
                                              .end = MXS_END_DONE };
    b->session->tls.client_auth.required = b->session->tls.client_auth.alert = -1;
    *mxs_list_add(b->arena, &b->host->sessions) = b->session;
    *mxs_list_add(b->arena, &b->ev->hosts) = b->host;
}

enum mxs_err cli_evidence_words(struct cli *cli, struct mxs_evidence **out, struct mxs_why *why)
{
    struct build b = { .cli = cli, .words = &cli->evidence, .arena = cli->arena, .why = why };
    static enum mxs_err (*const steps[])(struct build *) = { add_chain, add_pins, add_host,
                                                             add_domain, add_tlsa, add_policies };
    enum mxs_err err = MXS_OK;
    start(&b);
    for (size_t i = 0; i < MXS_COUNT(steps) && err == MXS_OK; i++)
        err = steps[i](&b);
    set_tls(&b);
    *out = b.ev;
    return err;
}
