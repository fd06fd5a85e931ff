#include "config.h"

#include "whatif/remedy_room.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

struct fill {
    struct mxs_arena *arena;
    const struct mxs_whatif *whatif;
    const struct mxs_future *from, *with;
    struct mxs_strs notes; /* what stands for what, where the evidence does not know */
};

/* A digest as Postfix writes it: "AB:CD:..". */
static const char *colons(struct mxs_arena *arena, const uint8_t *digest, size_t n)
{
    const char *out = "";
    for (size_t i = 0; i < n; i++)
        out = mxs_arena_printf(arena, "%s%s%02X", out, i ? ":" : "", digest[i]);
    return out;
}

static const struct mxs_cert *leaf(const struct mxs_future *f)
{
    return f->session->chain.certs.n ? f->session->chain.certs.v[0] : NULL;
}

/* The key of a certificate to come is true when it is the key that the operator has; a new one is only
 * a stand-in, and its digest nobody's. */
static bool key_is_true(const struct mxs_cert *cert, const struct mxs_cert_identity *id)
{
    return !cert->identity || !mxs_bytes_equal(id->spki, cert->spki);
}

static const char *spki(const struct fill *f)
{
    const struct mxs_cert *cert = leaf(f->with);
    struct mxs_cert_identity own;
    if (!cert)
        return NULL;
    const struct mxs_cert_identity *id = mxs_cert_identity(cert, &own);
    return key_is_true(cert, id) ? colons(f->arena, id->spki_sha256, 32) : NULL;
}

/* --- who --- */

static const char stand_in[] = "mail.example.org";

static const char *host(const struct fill *f)
{
    return f->with->evidence->unnamed ? NULL : mxs_future_host(f->with);
}

static const char *domain(const struct fill *f)
{
    return f->with->evidence->has_domain ? f->with->evidence->domain.name : NULL;
}

/* All MX hosts, as a list of Exim's. */
static const char *hosts(const struct fill *f)
{
    const struct mxs_domain_facts *d = &f->with->evidence->domain;
    const char *out = NULL;
    for (size_t i = 0; host(f) && f->with->evidence->has_domain && i < d->mx.n; i++)
        out = out ? mxs_arena_printf(f->arena, "%s : %s", out, d->mx.v[i].host) : d->mx.v[i].host;
    return out ? out : host(f);
}

/* As Postfix looks it up: the domain, or the host in brackets where no MX was asked for (postconf(5)
 * smtp_tls_policy_maps). */
static const char *nexthop(const struct fill *f)
{
    unsigned port = f->with->session->port;
    if (domain(f) || !host(f))
        return domain(f);
    return port && port != 25 ? mxs_arena_printf(f->arena, "[%s]:%u", host(f), port)
                              : mxs_arena_printf(f->arena, "[%s]", host(f));
}

static const char *partner(const struct fill *f)
{
    return f->with->evidence->partner;
}

/* The zone of the host: the domain's where the host is in it. */
static const char *zone(const struct fill *f)
{
    const char *h = host(f), *d = domain(f), *dot = h ? strchr(h, '.') : NULL;
    size_t n = h ? strlen(h) : 0, k = d ? strlen(d) : 0;
    if (!h)
        return d;
    bool inside = k && n > k && h[n - k - 1] == '.' && mxs_ascii_equal(h + n - k, d);
    return inside || (d && mxs_ascii_equal(h, d)) ? d : dot ? dot + 1 : h;
}

/* The root that the chain leads to, by the name that CAs and certbot know it by. */
static const char *root(const struct fill *f)
{
    const struct mxs_chain *c = &f->with->session->chain;
    const struct mxs_cert *last = c->certs.n ? c->certs.v[c->certs.n - 1] : NULL;
    const struct mxs_catalog_cert *known;
    if (!last)
        return NULL;
    if (f->whatif->catalog && mxs_catalog_by_subject(f->whatif->catalog, last->issuer_raw, &known, 1))
        return known->ca->name;
    const char *cn = strstr(last->issuer, "CN=");
    return cn ? mxs_arena_strndup(f->arena, cn + 3, strcspn(cn + 3, ",")) : last->issuer;
}

/* A policy's id: of 32 letters and digits at most, and later ones read better when they are larger
 * (RFC 8461 3.1). */
static const char *sts_id(const struct fill *f)
{
    const char *time = mxs_time_text(f->arena, f->from->at), *out = "";
    for (; *time; time++)
        if (*time >= '0' && *time <= '9')
            out = mxs_arena_printf(f->arena, "%s%c", out, *time);
    return out;
}

static const char *crl_url(const struct fill *f)
{
    const struct mxs_cert *cert = leaf(f->with);
    return cert && cert->crl_urls.n ? cert->crl_urls.v[0] : NULL;
}

/* --- files, as the operator's own settings name them --- */

static const char *cert_file(const struct fill *f) { return f->whatif->files.cert; }
static const char *key_file(const struct fill *f) { return f->whatif->files.key; }
static const char *server_cert(const struct fill *f) { return f->whatif->files.server_cert; }
static const char *server_key(const struct fill *f) { return f->whatif->files.server_key; }
static const char *roots(const struct fill *f) { return f->whatif->files.roots; }

static const struct {
    const char *name;
    const char *(*value)(const struct fill *f);
    const char *what;     /* what to put there, where it is not known */
    const char *stand_in; /* and what stands there where a line has no words of its own; NULL */
} places[] = {
    { "host", host, "the name of your server", stand_in },
    { "hosts", hosts, "the names of the MX hosts", stand_in },
    { "domain", domain, "your domain", NULL },
    { "nexthop", nexthop, "the destination, as in the transport table", stand_in },
    { "zone", zone, "the zone", "example.org" },
    { "partner", partner, "the partner's domain, as in the recipients' addresses", NULL },
    { "root", root, NULL, NULL },
    { "spki", spki, "the SHA-256 of the new public key", NULL },
    { "sts-id", sts_id, NULL, NULL },
    { "crl-url", crl_url, "the URL of the list, which certificates of the authority name",
      "http://crl.example.org/ca.crl" },
    { "cert", cert_file, "the file of your client certificate", NULL },
    { "key", key_file, "the file of the key of your client certificate", NULL },
    { "server-cert", server_cert, "the file of the server's certificate and chain", NULL },
    { "server-key", server_key, "the file of the server's key", NULL },
    { "roots", roots, "the file of the roots that you trust", NULL },
};

/* Says once what to put in the place of words, which it gives back. */
static const char *note(struct fill *f, const char *words, const char *what)
{
    const char *text = mxs_arena_printf(f->arena, "# for %s", words);
    for (size_t i = 0; i < f->notes.n; i++)
        if (strcmp(f->notes.v[i], text) == 0)
            return words;
    *mxs_list_add(f->arena, &f->notes) = text;
    *mxs_list_add(f->arena, &f->notes) = mxs_arena_printf(f->arena, "#   put %s", what);
    return words;
}

/* "{NAME}" or "{NAME|WORDS}" in line, its end in *end; NULL: it is not there. */
static const char *place_in(const char *line, const char *name, const char **words, const char **end)
{
    size_t n = strlen(name);
    for (const char *at = line; (at = strchr(at, '{')); at++)
        if (strncmp(at + 1, name, n) == 0 && (at[1 + n] == '}' || at[1 + n] == '|')) {
            *words = at[1 + n] == '|' ? at + 2 + n : NULL;
            *end = strchr(at, '}');
            return *end ? at : NULL;
        }
    return NULL;
}

/* NULL: a placeholder has neither a value here nor words that stand for it. */
static const char *filled(struct fill *f, const char *line)
{
    const char *words, *end;
    for (size_t i = 0; i < MXS_COUNT(places); i++)
        for (const char *at; (at = place_in(line, places[i].name, &words, &end));) {
            const char *value = places[i].value(f);
            if (!value && words)
                value = note(f, mxs_arena_strndup(f->arena, words, (size_t)(end - words)), places[i].what);
            else if (!value && places[i].stand_in)
                value = note(f, places[i].stand_in, places[i].what);
            if (!value)
                return NULL;
            line = mxs_arena_printf(f->arena, "%.*s%s%s", (int)(at - line), line, value, end + 1);
        }
    return line;
}

/* --- TLSA records to add --- */

static bool published(const struct mxs_future *f, const struct mxs_tlsa *t)
{
    for (size_t i = 0; i < f->host->tlsa.n; i++) {
        const struct mxs_tlsa *o = &f->host->tlsa.v[i];
        if (o->usage == t->usage && o->selector == t->selector &&
            o->matching_type == t->matching_type && mxs_bytes_equal(o->data, t->data))
            return true;
    }
    return false;
}

/* Data that will be true: not the digest of a throw-away key. */
static bool is_true(const struct mxs_future *f, const struct mxs_tlsa *t)
{
    for (size_t i = 0; i < f->session->chain.certs.n; i++) {
        const struct mxs_cert *cert = f->session->chain.certs.v[i];
        uint8_t spki_digest[32];
        mxs_digest_sha256(cert->spki, spki_digest);
        if (cert->identity && mxs_bytes_equal(t->data, mxs_bytes(spki_digest, 32)))
            return false;
    }
    return true;
}

static void tlsa_lines(const struct fill *f, struct mxs_strs *out)
{
    const char *name = host(f) ? host(f) : stand_in;
    const char *base = host(f) && f->with->host->tlsa_base_domain ? f->with->host->tlsa_base_domain : name;
    unsigned port = f->with->session->port;
    for (size_t i = 0; i < f->with->host->tlsa.n; i++) {
        const struct mxs_tlsa *t = &f->with->host->tlsa.v[i];
        if (published(f->from, t))
            continue;
        *mxs_list_add(f->arena, out) =
            is_true(f->with, t)
                ? mxs_arena_printf(f->arena, "_%u._tcp.%s. IN TLSA %s", port ? port : 25,
                                   base, mxs_tlsa_text(f->arena, t))
                : mxs_arena_printf(f->arena, "_%u._tcp.%s. IN TLSA %u %u %u (digest of the new key, two "
                                   "TTLs before it is used)", port ? port : 25, base,
                                   t->usage, t->selector, t->matching_type);
    }
}

static void fill_product(struct fill *f, const struct mxs_remedy_lines *lines, struct mxs_offered *out)
{
    struct mxs_strs text = { NULL, 0, 0 };
    memset(&f->notes, 0, sizeof f->notes);
    for (size_t k = 0; k < lines->lines.n; k++) {
        if (strcmp(lines->lines.v[k], "{tlsa}") == 0) {
            tlsa_lines(f, &text);
            continue;
        }
        const char *line = filled(f, lines->lines.v[k]);
        if (line)
            *mxs_list_add(f->arena, &text) = line;
    }
    if (!text.n)
        return;
    struct mxs_remedy_lines *own = mxs_list_add(f->arena, &out->config);
    *own = (struct mxs_remedy_lines){ .product = lines->product, .version = lines->version,
                                      .lines = text };
    for (size_t k = 0; k < f->notes.n; k++)
        *mxs_list_add(f->arena, &own->lines) = f->notes.v[k];
}

void mxs_remedy_fill(struct mxs_arena *arena, const struct mxs_whatif *whatif,
                     const struct mxs_remedy *remedy, const struct mxs_future *from,
                     const struct mxs_future *with, struct mxs_offered *out)
{
    struct fill f = { .arena = arena, .whatif = whatif, .from = from, .with = with };
    for (size_t i = 0; i < remedy->config.n; i++)
        fill_product(&f, &remedy->config.v[i], out);
}
