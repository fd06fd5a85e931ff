#include "config.h"

#include "whatif/remedy_room.h"

#include <string.h>

#include "base/text.h"

struct fill {
    struct mxs_arena *arena;
    const struct mxs_future *from, *with;
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

static const char *host(const struct fill *f)
{
    return f->with->host->host;
}

/* The evidence of a client's certificate names no destination. */
static const char *partner(const struct fill *f)
{
    (void)f;
    return "partner.example";
}

static const struct {
    const char *name;
    const char *(*value)(const struct fill *f);
} places[] = { { "{host}", host }, { "{partner}", partner }, { "{spki}", spki } };

/* NULL: a placeholder has no value here. */
static const char *filled(const struct fill *f, const char *line)
{
    const char *out = line;
    for (size_t i = 0; i < MXS_COUNT(places); i++)
        for (const char *at; (at = strstr(out, places[i].name));) {
            const char *value = places[i].value(f);
            if (!value)
                return NULL;
            out = mxs_arena_printf(f->arena, "%.*s%s%s", (int)(at - out), out, value,
                                   at + strlen(places[i].name));
        }
    return out;
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
    const char *base = f->with->host->tlsa_base_domain;
    unsigned port = f->with->session->port;
    for (size_t i = 0; i < f->with->host->tlsa.n; i++) {
        const struct mxs_tlsa *t = &f->with->host->tlsa.v[i];
        if (published(f->from, t))
            continue;
        *mxs_list_add(f->arena, out) =
            is_true(f->with, t)
                ? mxs_arena_printf(f->arena, "_%u._tcp.%s. IN TLSA %s", port ? port : 25,
                                   base ? base : host(f), mxs_tlsa_text(f->arena, t))
                : mxs_arena_printf(f->arena, "_%u._tcp.%s. IN TLSA %u %u %u (digest of the new key, two "
                                   "TTLs before it is used)", port ? port : 25, base ? base : host(f),
                                   t->usage, t->selector, t->matching_type);
    }
}

void mxs_remedy_fill(struct mxs_arena *arena, const struct mxs_remedy *remedy,
                     const struct mxs_future *from, const struct mxs_future *with,
                     struct mxs_offered *out)
{
    struct fill f = { arena, from, with };
    for (size_t i = 0; i < remedy->config.n; i++) {
        const struct mxs_remedy_lines *lines = &remedy->config.v[i];
        struct mxs_remedy_lines *own = mxs_list_add(arena, &out->config);
        *own = (struct mxs_remedy_lines){ .product = lines->product, .version = lines->version };
        for (size_t k = 0; k < lines->lines.n; k++) {
            const char *line = strcmp(lines->lines.v[k], "{tlsa}") == 0 ? NULL
                                                                        : filled(&f, lines->lines.v[k]);
            if (line)
                *mxs_list_add(arena, &own->lines) = line;
            else if (strcmp(lines->lines.v[k], "{tlsa}") == 0)
                tlsa_lines(&f, &own->lines);
        }
        if (!own->lines.n)
            out->config.n--;
    }
}
