/* Evidence from one line of words, for tables: "chain=good int|tlsa=!311:good|mx=insecure". What no word
 * changes is the healthy walk of judge_evidence.h. */
#ifndef MXSCOPE_TESTS_UNIT_JUDGE_WORDS_H
#define MXSCOPE_TESTS_UNIT_JUDGE_WORDS_H

#include "judge_certs.h"
#include "judge_evidence.h"

struct judge_words {
    struct judge_evidence e;
    struct mxs_session_facts *s; /* the session that words change: "second" moves on */
    struct mxs_assess_options options;
    struct judge_evidence previous;
};

/* "311:good", "!" before it spoils the data, "x" shortens it, "0" makes it the digest of nothing. */
static inline void judge_add_tlsa(struct mxs_arena *arena, struct mxs_host_facts *host,
                                  const char *word)
{
    char twist = strchr("!x0", *word) && word[1] != ':' && strlen(word) > 4 ? *word : 0;
    if (twist == '0' && word[4] != ':')
        twist = 0;
    word += twist != 0;
    struct mxs_tlsa t = { .usage = (uint8_t)(word[0] - '0'), .selector = (uint8_t)(word[1] - '0'),
                          .matching_type = (uint8_t)(word[2] - '0') };
    const struct mxs_cert *cert = judge_cert(arena, word + 4);
    struct mxs_bytes data = t.selector == 1 ? cert->spki : cert->der;
    uint8_t *digest = mxs_arena_alloc(arena, 64);
    if (twist == '0')
        data.n = 0;
    if (t.matching_type == 2)
        mxs_digest_sha512(data, digest);
    else if (t.matching_type)
        mxs_digest_sha256(data, digest);
    t.data = t.matching_type ? mxs_bytes(digest, t.matching_type == 2 ? 64 : 32)
                             : mxs_arena_bytes(arena, data);
    if (twist == '!') {
        uint8_t *copy = mxs_arena_dup(arena, t.data.p, t.data.n);
        copy[t.data.n - 1] ^= 1;
        t.data.p = copy;
    }
    t.data.n -= twist == 'x';
    mxs_tlsa_judge_usable(&t, false);
    *mxs_list_add(arena, &host->tlsa) = t;
}

static inline void judge_words_tlsa(struct judge_words *w, char *value)
{
    char *save = NULL;
    struct mxs_arena *arena = w->e.ev.arena;
    w->e.ev.domain.mx_security = w->e.host->address_security = MXS_SECURITY_SECURE;
    w->e.host->tlsa_security = MXS_SECURITY_SECURE;
    w->e.host->tlsa_base_domain = w->e.host->host;
    for (char *word = strtok_r(value, " ", &save); word; word = strtok_r(NULL, " ", &save))
        judge_add_tlsa(arena, w->e.host, word);
}

/* "timeout@banner" */
static inline void judge_words_end(struct judge_words *w, char *value)
{
    char *at = strchr(value, '@');
    *at++ = 0;
    w->s->end = (enum mxs_end)mxs_end_parse(value);
    w->s->reached = mxs_stage_parse(at);
    if (w->s->reached < MXS_STAGE_CLIENT_HELLO)
        w->s->has_tls = w->s->tls.finished = w->s->has_ehlo_tls = false;
    else if (w->s->reached <= MXS_STAGE_FINISHED)
        w->s->tls.finished = w->s->has_ehlo_tls = false;
}

static inline void judge_words_policy(struct judge_words *w, struct mxs_sts_facts *sts,
                                      const char *value)
{
    sts->parsed.valid = true;
    sts->parsed.id = "20261101T000000";
    sts->fetched = sts->has_policy = true;
    sts->http_status = 200;
    sts->media_type = "text/plain";
    mxs_sts_policy_parse(w->e.ev.arena, mxs_bytes_str(value), &sts->policy);
}

static inline void judge_words_second(struct judge_words *w, const char *value)
{
    struct mxs_session_facts *s = MXS_NEW(w->e.ev.arena, struct mxs_session_facts);
    *s = *w->s;
    s->id = 2;
    if (strcmp(value, "rsa") == 0)
        s->offer = MXS_OFFER_RSA;
    else
        s->address = value;
    s->chain = (struct mxs_chain){ { NULL, 0, 0 } };
    *mxs_list_add(w->e.ev.arena, &w->e.host->sessions) = s;
    w->s = s;
}

static inline const char *judge_words_revoked(void *data, const struct mxs_cert *cert)
{
    const char *cn = data;
    return cert->cn && strcmp(cert->cn, cn) == 0 ? "catalog/revoked" : NULL;
}

static inline void judge_words_ehlo(struct judge_words *w, const char *value)
{
    *mxs_list_add(w->e.ev.arena, &w->s->ehlo_tls.lines) = "mx.example.org";
    *mxs_list_add(w->e.ev.arena, &w->s->ehlo_tls.lines) = value;
}

static inline void judge_words_alert(struct judge_words *w, const char *value)
{
    struct mxs_tls_alert *a = mxs_list_add(w->e.ev.arena, &w->s->tls.alerts);
    *a = (struct mxs_tls_alert){ .dir = MXS_DIR_IN, .level = 2,
                                 .code = (uint8_t)strtoul(value, NULL, 10),
                                 .after_finished = w->s->tls.finished };
}

static inline void judge_words_client(struct judge_words *w, const char *value)
{
    struct mxs_client_auth *a = &w->s->tls.client_auth;
    a->requested = true;
    if (strstr(value, "sent")) {
        a->sent = MXS_SENT_CERTIFICATE;
        w->s->client_certificate = true;
        judge_chain(w->e.ev.arena, "eku-both int", &a->chain);
    }
    if (strstr(value, "refused"))
        a->verdict = MXS_CLIENT_REFUSED;
    if (strstr(value, "accepted"))
        a->verdict = MXS_CLIENT_ACCEPTED;
    if (strstr(value, "alert"))
        a->alert = 116;
    if (strstr(value, "reply"))
        a->reply = 421;
    a->verdict_why = "in the test";
}

/* "secure 0 ad", "bogus 2": our verdict, the resolver's rcode (-1: none), its AD flag. */
static inline void judge_words_view(struct judge_words *w, char *value)
{
    char *rcode = strchr(value, ' ');
    *rcode++ = 0;
    *mxs_list_add(w->e.ev.arena, &w->e.ev.resolver_views) = (struct mxs_resolver_view){
        .resolver = "192.0.2.53:53", .qname = "example.org", .qtype = "MX",
        .ours = mxs_security_parse(value), .rcode = (int)strtol(rcode, NULL, 10), .ad = strstr(rcode, "ad")
    };
}

/* Hours left, of a life of so many (400): secure, or bogus. */
static inline void judge_words_signed(struct judge_words *w, char *value)
{
    char *end = NULL;
    char *hours = strchr(value, ' ');
    *hours++ = 0;
    long left = strtol(hours, &end, 10), life = *end ? strtol(end, NULL, 10) : 400;
    int64_t ends = w->e.ev.started + left * 3600;
    *mxs_list_add(w->e.ev.arena, &w->e.ev.signature_ends) = (struct mxs_signature_end){
        .signer = "example.org", .owner = "example.org", .type = 15, .expiration = ends,
        .inception = ends - life * 3600, .security = mxs_security_parse(value)
    };
}

static inline bool judge_words_domain(struct judge_words *w, const char *key, char *value)
{
    struct mxs_arena *arena = w->e.ev.arena;
    struct mxs_domain_facts *d = &w->e.ev.domain;
    if (strcmp(key, "mx") == 0)
        d->mx_security = mxs_security_parse(value);
    else if (strcmp(key, "mxwhy") == 0)
        d->mx_why = value;
    else if (strcmp(key, "view") == 0)
        judge_words_view(w, value);
    else if (strcmp(key, "signed") == 0)
        judge_words_signed(w, value);
    else if (strcmp(key, "nullmx") == 0)
        d->null_mx = true, d->mx.n = w->e.ev.hosts.n = 0;
    else if (strcmp(key, "nomx") == 0)
        d->mx_security = MXS_SECURITY_ABSENT, d->mx.n = w->e.ev.hosts.n = 0;
    else if (strcmp(key, "sts") == 0)
        judge_words_policy(w, &d->sts, value);
    else if (strcmp(key, "stsid") == 0)
        d->sts.parsed.id = value;
    else if (strcmp(key, "ststxt") == 0)
        d->sts.parsed.valid = false, d->sts.parsed.reason = value;
    else if (strcmp(key, "stserror") == 0)
        d->sts.has_policy = false, d->sts.fetched = true, d->sts.error_id = value,
        d->sts.error = "in the test", d->sts.location = "https://www.example.org/";
    else if (strcmp(key, "media") == 0)
        d->sts.media_type = value;
    else if (strcmp(key, "cached") == 0)
        d->sts.has_cached = true, d->sts.cached_fetched = w->options.at - 86400,
        mxs_sts_policy_parse(arena, mxs_bytes_str(value), &d->sts.cached);
    else if (strcmp(key, "previous") == 0)
        w->previous.ev.has_domain = true, w->options.previous = &w->previous.ev,
        judge_words_policy(w, &w->previous.ev.domain.sts, value);
    else if (strcmp(key, "tlsrpt") == 0)
        d->tlsrpt.valid = strcmp(value, "ok") == 0, d->tlsrpt.reason = value;
    else if (strcmp(key, "domain") == 0)
        d->name = value;
    else if (strcmp(key, "caa") == 0)
        *mxs_list_add(arena, &d->caa) = value;
    else
        return false;
    return true;
}

static inline bool judge_words_host(struct judge_words *w, const char *key, char *value)
{
    struct mxs_host_facts *h = w->e.host;
    if (strcmp(key, "tlsa") == 0)
        judge_words_tlsa(w, value);
    else if (strcmp(key, "tlsasec") == 0)
        h->tlsa_security = mxs_security_parse(value);
    else if (strcmp(key, "address") == 0)
        h->address_security = mxs_security_parse(value);
    else if (strcmp(key, "noaddress") == 0)
        h->address_security = MXS_SECURITY_ABSENT, h->addresses.n = h->sessions.n = 0;
    else if (strcmp(key, "literal") == 0)
        h->is_address = true, h->host = value;
    else if (strcmp(key, "canonname") == 0)
        h->canonname = value;
    else if (strcmp(key, "host") == 0)
        h->host = value;
    else
        return false;
    return true;
}

static inline void judge_words_session(struct judge_words *w, const char *key, char *value)
{
    struct mxs_arena *arena = w->e.ev.arena;
    if (strcmp(key, "chain") == 0)
        judge_chain(arena, value, &w->s->chain);
    else if (strcmp(key, "end") == 0)
        judge_words_end(w, value);
    else if (strcmp(key, "reply") == 0)
        w->s->reply = (int)strtol(value, NULL, 10);
    else if (strcmp(key, "error") == 0)
        w->s->error = value;
    else if (strcmp(key, "port") == 0)
        w->s->port = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(key, "starttls") == 0)
        w->s->starttls = strcmp(value, "absent") == 0 ? MXS_STARTTLS_ABSENT : MXS_STARTTLS_REFUSED,
        w->s->starttls_reply = 454,
        w->s->has_tls = w->s->tls.finished = w->s->has_ehlo_tls = false;
    else if (strcmp(key, "glued") == 0)
        w->s->glued_bytes = strtoul(value, NULL, 10);
    else if (strcmp(key, "quirks") == 0)
        w->s->smtp_quirks = MXS_SMTP_BARE_LF | MXS_SMTP_NUL;
    else if (strcmp(key, "version") == 0)
        w->s->tls.version = (unsigned)strtoul(value, NULL, 16);
    else if (strcmp(key, "alert") == 0)
        judge_words_alert(w, value);
    else if (strcmp(key, "client") == 0)
        judge_words_client(w, value);
    else if (strcmp(key, "external") == 0)
        w->s->tls.client_auth.external_offered = true;
    else if (strcmp(key, "ca") == 0)
        *mxs_list_add(arena, &w->s->tls.client_auth.acceptable_cas) = value;
    else if (strcmp(key, "ehlotls") == 0)
        judge_words_ehlo(w, value);
    else if (strcmp(key, "sni") == 0)
        w->s->tls.sni = *value ? value : NULL;
    else if (strcmp(key, "ocsp") == 0)
        w->s->tls.ocsp_stapled = true, w->s->tls.ocsp = judge_file(arena, "judge", value, ".ocsp");
    else if (strcmp(key, "second") == 0)
        judge_words_second(w, value);
    else
        fprintf(stderr, "no such word: %s\n", key), abort();
}

static inline void judge_words_set(struct judge_words *w, const char *key, char *value)
{
    if (strcmp(key, "at") == 0)
        w->options.at = judge_at(value);
    else if (strcmp(key, "failed") == 0)
        w->e.ev.error = value, w->e.ev.hosts.n = 0;
    else if (strcmp(key, "running") == 0)
        w->e.ev.finished = false;
    else if (strcmp(key, "role") == 0)
        w->e.ev.client_role = true;
    else if (strcmp(key, "revoked") == 0)
        w->options.revoked = judge_words_revoked, w->options.revoked_data = value;
    else if (!judge_words_domain(w, key, value) && !judge_words_host(w, key, value))
        judge_words_session(w, key, value);
}

static inline void judge_words_make(struct judge_words *w, const char *words,
                                    struct mxs_store *store)
{
    *w = (struct judge_words){ .e = judge_evidence_new(), .previous = judge_evidence_new() };
    w->s = w->e.session;
    w->options = (struct mxs_assess_options){ .at = judge_at(JUDGE_AT), .store = store,
                                                .public_roots = true };
    judge_chain(w->e.ev.arena, "good int", &w->s->chain);
    char *copy = mxs_arena_strdup(w->e.ev.arena, words), *save = NULL;
    for (char *word = strtok_r(copy, "|", &save); word; word = strtok_r(NULL, "|", &save)) {
        char *value = strchr(word, '=');
        if (value)
            *value++ = 0;
        judge_words_set(w, word, value ? value : word + strlen(word));
    }
}

static inline void judge_words_free(struct judge_words *w)
{
    judge_evidence_free(&w->e);
    judge_evidence_free(&w->previous);
}

#endif
