#include "config.h"

#include "judge/finding.h"

#include "base/text.h"
#include "judge/ocsp.h"

#include <string.h>

/* What a server serves beside a path: order, extras, staple, names of others, several certificates. */

struct look {
    struct mxs_find *f;
    const struct mxs_judge *j;
    const struct mxs_chain *chain;
    const char *host;
    uint64_t seq;
};

static const char *who(const struct mxs_cert *cert)
{
    return cert->cn ? cert->cn : *cert->subject ? cert->subject : "(no subject)";
}

/* RFC 8446 4.4.2: each SHOULD certify the one before it. */
static void order(const struct look *l)
{
    for (size_t i = 1; i < l->chain->certs.n; i++) {
        const struct mxs_cert *below = l->chain->certs.v[i - 1], *cert = l->chain->certs.v[i];
        if (mxs_bytes_equal(below->issuer_raw, cert->subject_raw))
            continue;
        bool issued_here = false;
        for (size_t k = 0; k < l->chain->certs.n; k++)
            issued_here = issued_here || (k != i - 1 && mxs_bytes_equal(below->issuer_raw,
                                                        l->chain->certs.v[k]->subject_raw));
        if (issued_here && !below->self_issued) {
            mxs_find_say(l->f, CHAIN_ORDER, l->host, l->seq, NULL, { who(cert) });
            return;
        }
    }
}

static bool in_a_path(const struct mxs_paths *paths, const struct mxs_cert *cert)
{
    for (size_t i = 0; i < paths->v.n; i++)
        for (size_t k = 0; k < paths->v.v[i].certs.n; k++)
            if (mxs_bytes_equal(paths->v.v[i].certs.v[k]->der, cert->der))
                return true;
    return false;
}

/* A root is sent for DANE, or out of habit: no finding. */
static void extra(const struct look *l)
{
    if (!l->j->cache->has_paths)
        return;
    for (size_t i = 1; i < l->chain->certs.n; i++)
        if (!l->chain->certs.v[i]->self_issued && !in_a_path(&l->j->cache->paths,
                                                             l->chain->certs.v[i]))
            mxs_find_say(l->f, CHAIN_EXTRA, l->host, l->seq, NULL, { who(l->chain->certs.v[i]) });
}

static void revoked(const struct look *l)
{
    const struct mxs_assess_options *o = l->f->options;
    for (size_t i = 1; o->revoked && i < l->chain->certs.n; i++) {
        const char *name = o->revoked(o->revoked_data, l->chain->certs.v[i]);
        if (name)
            mxs_find_say(l->f, CHAIN_CROSS_REVOKED, l->host, l->seq, NULL,
                         { strcmp(name, who(l->chain->certs.v[i])) == 0
                               ? name : mxs_arena_printf(l->j->arena, "%s (%s)",
                                                         who(l->chain->certs.v[i]), name) });
    }
}

static void web_hosts(const struct look *l)
{
    const struct mxs_strs *san = &l->chain->certs.v[0]->san_dns;
    for (size_t i = 0; i < san->n; i++)
        if (mxs_ascii_prefix(san->v[i], "www.")) {
            mxs_find_say(l->f, WEB_HOSTS, l->host, l->seq, NULL, { san->v[i] });
            return;
        }
}

/* The issuer as the paths see it; NULL when it is not there. */
static const struct mxs_cert *issuer_of_leaf(const struct look *l)
{
    const struct mxs_cert *leaf = l->chain->certs.v[0];
    for (size_t i = 1; i < l->chain->certs.n; i++)
        if (mxs_bytes_equal(l->chain->certs.v[i]->subject_raw, leaf->issuer_raw) &&
            mxs_signatures_check(l->j->signatures, leaf, l->chain->certs.v[i]))
            return l->chain->certs.v[i];
    return NULL;
}

static void staple(const struct look *l)
{
    const struct mxs_cert *leaf = l->chain->certs.v[0];
    struct mxs_ocsp o = mxs_ocsp_judge(l->j->arena, l->j->session->tls.ocsp, leaf,
                                       issuer_of_leaf(l), l->j->at);
    if (o.state == MXS_OCSP_REVOKED)
        mxs_find_say(l->f, OCSP_REVOKED, l->host, l->seq, NULL, { o.text });
    else if (o.state != MXS_OCSP_NONE && o.state != MXS_OCSP_GOOD)
        mxs_find_say(l->f, OCSP_BAD, l->host, l->seq, NULL, { o.text });
    if (o.state == MXS_OCSP_NONE && leaf->must_staple && !l->j->session->tls.ocsp_stapled)
        mxs_find_say(l->f, STAPLE_MISSING, l->host, l->seq, NULL, { NULL });
}

/* The organisations of issuers, and the words that allow them in CAA records (their own policies). */
static const struct {
    const char *organisation, *domain;
} cas[] = {
    { "Let's Encrypt", "letsencrypt.org" }, { "ISRG", "letsencrypt.org" },
    { "Internet Security Research Group", "letsencrypt.org" },
    { "DigiCert", "digicert.com" },         { "Sectigo", "sectigo.com" },
    { "Google Trust Services", "pki.goog" }, { "GlobalSign", "globalsign.com" },
    { "Buypass", "buypass.com" },           { "Entrust", "entrust.net" },
    { "SSL Corp", "ssl.com" },              { "Actalis", "actalis.it" },
    { "D-Trust", "d-trust.net" },           { "HARICA", "harica.gr" },
};

static bool within(const char *host, const char *domain)
{
    size_t h = strlen(host), d = strlen(domain);
    return h >= d && mxs_ascii_equal(host + h - d, domain) && (h == d || host[h - d - 1] == '.');
}

/* RFC 8659 4: where there is an issue property, only those named may issue. */
static void caa(const struct look *l)
{
    const struct mxs_evidence *ev = l->f->evidence;
    const char *issuer = l->chain->certs.v[0]->issuer, *word = NULL;
    bool restricted = false, allowed = false;
    if (!ev->has_domain || !ev->domain.name || !within(l->host, ev->domain.name))
        return;
    for (size_t i = 0; i < MXS_COUNT(cas) && !word; i++)
        if (strstr(issuer, cas[i].organisation))
            word = cas[i].domain;
    for (size_t i = 0; word && i < ev->domain.caa.n; i++) {
        bool issue = strstr(ev->domain.caa.v[i], "issue ") != NULL;
        restricted = restricted || issue;
        allowed = allowed || (issue && strstr(ev->domain.caa.v[i], word));
    }
    if (restricted && !allowed)
        mxs_find_say(l->f, CAA_FORBIDS, l->host, 0, NULL, { word });
}

static bool same_leaf(const struct mxs_judge *a, const struct mxs_judge *b)
{
    return memcmp(a->session->chain.certs.v[0]->sha256, b->session->chain.certs.v[0]->sha256,
                  32) == 0;
}

static bool names_host(const struct mxs_judge *j)
{
    struct mxs_strs names = { NULL, 0, 0 };
    mxs_reference_add(j->arena, &names, j->host->host);
    return mxs_cert_covers(j->session->chain.certs.v[0], &mxs_ruleset("gnutls")->names,
                           &names).reference != NULL;
}

/* Another session of the same host that shows another certificate. */
static void compare(const struct look *l, const struct mxs_judge *other)
{
    const struct mxs_session_facts *a = l->j->session, *b = other->session;
    bool same_address = a->address && b->address && strcmp(a->address, b->address) == 0;
    if (same_leaf(l->j, other) || a->port != b->port)
        return;
    if (!same_address && a->offer == b->offer && a->id < b->id)
        mxs_find_say(l->f, CERTS_DIFFER, l->host, l->seq, NULL,
                     { who(l->chain->certs.v[0]), mxs_find_where(l->f, a),
                       who(b->chain.certs.v[0]), mxs_find_where(l->f, b) });
}

/* The session without SNI beside the same with it. */
static void without_sni(struct mxs_find *f, const struct mxs_judge *with,
                        const struct mxs_judge *trial)
{
    const struct mxs_session_facts *a = with->session, *b = trial->session;
    uint64_t seq = mxs_find_stage_event(b, b->reached);
    if (!a->tls.sni || !a->tls.finished || a->offer != b->offer || a->port != b->port ||
        !a->address || !b->address || strcmp(a->address, b->address) != 0)
        return;
    if (!b->tls.finished)
        mxs_find_say(f, SNI_REQUIRED, with->host->host, seq, NULL,
                     { b->address, b->error ? b->error : "no reason given" });
    else if (a->chain.certs.n && b->chain.certs.n && !same_leaf(with, trial) && names_host(with) &&
             !names_host(trial))
        mxs_find_say(f, SNI_DEFAULT, with->host->host,
                     mxs_find_stage_event(b, MXS_STAGE_CERTIFICATE), NULL,
                     { b->address, who(b->chain.certs.v[0]) });
}

void mxs_find_served(struct mxs_find *f)
{
    for (size_t i = 0; i < f->judges.n; i++)
        for (size_t k = 0; k < f->trials.n; k++)
            if (f->judges.v[i].host == f->trials.v[k].host)
                without_sni(f, &f->judges.v[i], &f->trials.v[k]);
    for (size_t i = 0; i < f->judges.n; i++) {
        const struct mxs_judge *j = &f->judges.v[i];
        struct look l = { f, j, &j->session->chain, j->host->host,
                          mxs_find_stage_event(j->session, MXS_STAGE_CERTIFICATE) };
        if (!l.chain->certs.n || f->evidence->client_role)
            continue;
        order(&l);
        extra(&l);
        revoked(&l);
        web_hosts(&l);
        staple(&l);
        caa(&l);
        for (size_t k = 0; k < f->judges.n; k++)
            if (f->judges.v[k].host == j->host && f->judges.v[k].session->chain.certs.n)
                compare(&l, &f->judges.v[k]);
    }
}
