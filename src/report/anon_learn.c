/* What is learned from the evidence: every name, address and digest in it that is somebody's. */
#include "config.h"

#include "report/anon_room.h"

#include "base/text.h"
#include "facts/dn.h"

#include <stdlib.h>
#include <string.h>

enum { SHORTEST_WORD = 4 };

static bool is_common(const char *word)
{
    static const char *const words[] = {
        "mail", "mailer", "mailserver", "smtp", "smtps", "submission", "imap", "pop3", "relay",
        "gateway", "outbound", "inbound", "server", "client", "host", "test", "testing", "example",
        "local", "localhost", "localdomain", "internet", "domain", "address", "policy", "connect",
        "banner", "ehlo", "starttls", "quit", "certificate", "finished", "verify", "secure",
        "insecure", "bogus", "error", "absent", "open", "warning", "failed", "info", "critical",
        "root", "issuer", "subject", "chain", "record", "message", "session", "event", "public",
        "private", "trust", "postfix", "exim", "sendmail", "dovecot", "opensmtpd", "stunnel",
        "openssl", "gnutls", "mxscope", "postmaster", "hostmaster", "webmaster", "abuse", "admin",
        "reports", "report", "tls-reports", "tlsrpt", "smtp-tls-reports", "security", "deliver",
        "defer", "bounce", "accept", "reject", "encrypted", "verified", "cleartext", "authority",
    };
    for (size_t i = 0; i < MXS_COUNT(words); i++)
        if (mxs_ascii_equal(words[i], word))
            return true;
    return false;
}

static void add_phrase(struct mxs_anon *anon, const char *words, const char *as)
{
    for (size_t i = 0; i < anon->phrases.n; i++)
        if (mxs_ascii_equal(anon->phrases.v[i].words, words))
            return;
    struct mxs_anon_phrase phrase = { mxs_arena_strdup(anon->arena, words), as,
                                      strpbrk(words, " .") != NULL, false };
    bool mixed = words[strcspn(words, "0123456789-")] && /* "mx1" is nobody's word */
                 words[strspn(words, "0123456789-")];
    phrase.strict = !phrase.spaced &&
                    (strlen(words) < (mixed ? 3 : SHORTEST_WORD) || is_common(words));
    *mxs_list_add(anon->arena, &anon->phrases) = phrase;
    size_t i = anon->phrases.n - 1, n = strlen(words);
    for (; i > 0 && strlen(anon->phrases.v[i - 1].words) < n; i--)
        anon->phrases.v[i] = anon->phrases.v[i - 1];
    anon->phrases.v[i] = phrase;
}

/* The first label when it is no word of the trade, and the label that a domain is known by. */
static void learn_labels(struct mxs_anon *anon, const char *name)
{
    const char *domain = mxs_anon_domain_of(anon, name);
    char *first = mxs_arena_strndup(anon->arena, name, strcspn(name, "."));
    char *own = mxs_arena_strndup(anon->arena, domain, strcspn(domain, "."));
    if (domain != name && strlen(first) >= 3 && strpbrk(first, "0123456789-"))
        add_phrase(anon, first, mxs_arena_printf(anon->arena, "host-%u",
                                                 mxs_anon_number(anon, MXS_ANON_HOST, name)));
    if (strlen(own) >= SHORTEST_WORD && !is_common(own))
        add_phrase(anon, own, mxs_arena_printf(anon->arena, "domain-%u",
                                               mxs_anon_number(anon, MXS_ANON_DOMAIN, domain)));
}

static void learn_name(struct mxs_anon *anon, const char *text)
{
    if (!text)
        return;
    char *name = mxs_ascii_lower(anon->arena, *text == '*' && text[1] == '.' ? text + 2 : text);
    size_t n = strlen(name);
    if (n && name[n - 1] == '.')
        name[--n] = 0;
    while (*name == '_' && strchr(name, '.'))
        name = strchr(name, '.') + 1;
    if (!mxs_anon_is_host(name, strlen(name)) || mxs_anon_is_mapped(name))
        return;
    mxs_anon_host(anon, anon->arena, name);
    if (!mxs_ascii_prefix(name, "mta-sts."))
        learn_labels(anon, name);
}

static void learn_domain(struct mxs_anon *anon, const char *text)
{
    char *name = text ? mxs_ascii_lower(anon->arena, text) : NULL;
    if (!name || !mxs_anon_is_host(name, strlen(name)) || mxs_anon_is_mapped(name))
        return;
    for (size_t i = 0; i < anon->domains.n; i++)
        if (strcmp(anon->domains.v[i], name) == 0)
            return;
    *mxs_list_add(anon->arena, &anon->domains) = name;
    learn_name(anon, name);
}

static void learn_address(struct mxs_anon *anon, const char *address)
{
    if (address && !mxs_anon_address(anon, anon->arena, address) && !mxs_anon_is_taken(anon, address))
        *mxs_list_add(anon->arena, &anon->taken) = mxs_arena_strdup(anon->arena, address);
}

static void learn_digest(struct mxs_anon *anon, struct mxs_bytes b)
{
    const char *hex = mxs_hex(anon->arena, b);
    if (b.n < 4 || mxs_anon_is_open(anon, hex) || mxs_anon_knows(anon, MXS_ANON_DIGEST, hex))
        return;
    *mxs_list_add(anon->arena, &anon->digests) = hex;
    mxs_anon_number(anon, MXS_ANON_DIGEST, hex);
}

/* A name that the catalog has for one of its CAs. */
static bool is_ca_name(const struct mxs_anon *anon, struct mxs_bytes name)
{
    const struct mxs_catalog_cert *cert;
    return anon->catalog && mxs_catalog_by_subject(anon->catalog, name, &cert, 1) > 0;
}

static void learn_attribute(struct mxs_anon *anon, struct mxs_bytes name, const char *oid,
                            enum mxs_anon_kind kind, const char *word)
{
    const char *value = mxs_dn_attribute(anon->arena, name, oid);
    if (!value || !*value || mxs_anon_is_host(value, strlen(value)) || strchr(value, '@'))
        return; /* hosts and mailboxes are found by their form */
    const char *as = mxs_arena_printf(anon->arena, "%s %u", word,
                                      mxs_anon_number(anon, kind, mxs_ascii_lower(anon->arena, value)));
    add_phrase(anon, value, as);
}

static void learn_dn(struct mxs_anon *anon, struct mxs_bytes name)
{
    static const struct {
        const char *oid, *word;
        enum mxs_anon_kind kind;
    } rows[] = {
        { "2.5.4.10", "Organization", MXS_ANON_ORGANIZATION }, { "2.5.4.11", "Unit", MXS_ANON_UNIT },
        { "2.5.4.3", "Name", MXS_ANON_NAME },   { "2.5.4.7", "Place", MXS_ANON_PLACE },
        { "2.5.4.8", "Place", MXS_ANON_PLACE }, { "2.5.4.9", "Place", MXS_ANON_PLACE },
        { "2.5.4.17", "Other", MXS_ANON_OTHER }, { "2.5.4.5", "Other", MXS_ANON_OTHER },
        { "2.5.4.97", "Other", MXS_ANON_OTHER }, { "2.5.4.4", "Name", MXS_ANON_NAME },
        { "2.5.4.42", "Name", MXS_ANON_NAME },  { "0.9.2342.19200300.100.1.1", "Name", MXS_ANON_NAME },
    };
    for (size_t i = 0; !is_ca_name(anon, name) && i < MXS_COUNT(rows); i++)
        learn_attribute(anon, name, rows[i].oid, rows[i].kind, rows[i].word);
}

static void learn_cert(struct mxs_anon *anon, const struct mxs_cert *c)
{
    uint8_t sha512[64];
    const char *whole = mxs_hex(anon->arena, mxs_bytes(c->sha256, 32));
    if (mxs_anon_is_open(anon, whole) || mxs_anon_knows(anon, MXS_ANON_DIGEST, whole))
        return; /* public, or learned before */
    learn_dn(anon, c->subject_raw);
    learn_dn(anon, c->issuer_raw);
    for (size_t i = 0; i < c->san_dns.n; i++)
        learn_name(anon, c->san_dns.v[i]);
    for (size_t i = 0; i < c->san_ip.n; i++)
        learn_address(anon, c->san_ip.v[i]);
    learn_digest(anon, mxs_bytes(c->sha256, 32));
    learn_digest(anon, mxs_bytes(c->spki_sha256, 32));
    mxs_digest_sha512(c->der, sha512);
    learn_digest(anon, mxs_bytes(sha512, 64));
    mxs_digest_sha512(c->spki, sha512);
    learn_digest(anon, mxs_bytes(sha512, 64));
    learn_digest(anon, c->serial_raw);
    learn_digest(anon, c->ski);
    learn_digest(anon, c->aki);
}

static void learn_chain(struct mxs_anon *anon, const struct mxs_chain *chain)
{
    for (size_t i = 0; i < chain->certs.n; i++)
        learn_cert(anon, chain->certs.v[i]);
}

static void learn_host(struct mxs_anon *anon, const struct mxs_host_facts *h)
{
    learn_name(anon, h->host);
    learn_name(anon, h->canonname);
    learn_name(anon, h->tlsa_alias);
    for (size_t i = 0; i < h->addresses.n; i++)
        learn_address(anon, h->addresses.v[i].address);
    for (size_t i = 0; i < h->candidates.n; i++)
        learn_name(anon, h->candidates.v[i].base_domain);
    for (size_t i = 0; i < h->tlsa.n; i++)
        learn_digest(anon, h->tlsa.v[i].data);
    for (size_t i = 0; i < h->sessions.n; i++) {
        const struct mxs_session_facts *s = h->sessions.v[i];
        learn_address(anon, s->address);
        learn_name(anon, s->tls.sni);
        learn_chain(anon, &s->chain);
        learn_chain(anon, &s->tls.client_auth.chain);
    }
}

/* "mailto:tls-reports@example.org": the word before the @, where it is somebody's own. */
static void learn_mailbox(struct mxs_anon *anon, const char *uri)
{
    const char *at = strchr(uri, '@'), *start = strchr(uri, ':') ? strchr(uri, ':') + 1 : uri;
    if (!at || at <= start)
        return;
    char *local = mxs_ascii_lower(anon->arena, mxs_arena_strndup(anon->arena, start,
                                                                 (size_t)(at - start)));
    unsigned n = mxs_anon_number(anon, MXS_ANON_MAILBOX, local);
    if (strlen(local) >= SHORTEST_WORD && !is_common(local))
        add_phrase(anon, local, mxs_arena_printf(anon->arena, "mailbox-%u", n));
    learn_name(anon, at + 1);
}

static void learn_domain_facts(struct mxs_anon *anon, const struct mxs_evidence *ev)
{
    const struct mxs_domain_facts *d = &ev->domain;
    learn_domain(anon, d->name);
    learn_name(anon, ev->target);
    for (size_t i = 0; i < d->mx.n; i++)
        learn_name(anon, d->mx.v[i].host);
    learn_name(anon, d->canonname);
    for (size_t i = 0; i < d->sts.policy.mx.n; i++)
        learn_name(anon, d->sts.policy.mx.v[i]);
    for (size_t i = 0; i < d->tlsrpt.rua.n; i++)
        learn_mailbox(anon, d->tlsrpt.rua.v[i]);
    learn_chain(anon, &d->sts.certificate);
}

void mxs_anon_learn(struct mxs_anon *anon, const struct mxs_evidence *ev)
{
    if (anon->domains.n == 0 || ev->has_domain)
        learn_domain_facts(anon, ev);
    for (size_t i = 0; i < ev->hosts.n; i++)
        learn_host(anon, ev->hosts.v[i]);
    for (size_t i = 0; i < ev->zones.n; i++)
        learn_name(anon, ev->zones.v[i].zone);
    learn_chain(anon, &ev->pins);
}

void mxs_anon_learn_host(struct mxs_anon *anon, const char *name)
{
    if (name && strchr(name, '.'))
        learn_name(anon, name);
    else if (name && strlen(name) >= SHORTEST_WORD && !is_common(name))
        add_phrase(anon, name, mxs_arena_printf(anon->arena, "host-%u",
                                                mxs_anon_number(anon, MXS_ANON_HOST,
                                                                mxs_ascii_lower(anon->arena, name))));
}
