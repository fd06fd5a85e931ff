/* A catalog file from certificates (catalog import): a private CA then takes part in scenarios as the
 * shipped ones do. The form is what catalog_read.c reads. */
#include "config.h"

#include "facts/catalog.h"

#include "base/clock.h"
#include "base/text.h"
#include "facts/dn.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct import {
    struct mxs_arena *arena;
    const struct mxs_catalog *known; /* NULL: nothing is */
    json_t *cas, *certs;
    MXS_LIST(const struct mxs_cert *) seen; /* CAs, in the order of cas */
    struct mxs_strs names;                  /* theirs */
};

static json_t *text(const char *s)
{
    return s ? json_string(s) : json_null();
}

static json_t *hex(struct import *im, struct mxs_bytes b)
{
    return b.n ? text(mxs_hex(im->arena, b)) : json_null();
}

static json_t *base64(struct import *im, struct mxs_bytes b)
{
    return b.n ? text(mxs_base64(im->arena, b)) : json_null();
}

static json_t *words(struct mxs_strs strs)
{
    json_t *list = json_array();
    for (size_t i = 0; i < strs.n; i++)
        json_array_append_new(list, text(strs.v[i]));
    return list;
}

static json_t *digest(struct import *im, void (*fn)(struct mxs_bytes, uint8_t *), struct mxs_bytes b,
                      size_t size)
{
    uint8_t out[64];
    fn(b, out);
    return hex(im, mxs_bytes(out, size));
}

static void sha256(struct mxs_bytes b, uint8_t *out)
{
    mxs_digest_sha256(b, out);
}

static void sha512(struct mxs_bytes b, uint8_t *out)
{
    mxs_digest_sha512(b, out);
}

static bool has_name(const struct import *im, const char *name)
{
    for (size_t i = 0; i < im->names.n; i++)
        if (strcmp(im->names.v[i], name) == 0)
            return true;
    return false;
}

/* The CN, else the O, else the whole subject; a number behind it when another key has that name. */
static const char *name_for(struct import *im, const struct mxs_cert *cert)
{
    const char *base = cert->cn ? cert->cn : mxs_dn_attribute(im->arena, cert->subject_raw, "2.5.4.10");
    const char *name = base = base ? base : cert->subject;
    for (unsigned n = 2; has_name(im, name); n++)
        name = mxs_arena_printf(im->arena, "%s %u", base, n);
    return name;
}

/* The name under which this CA was added, or stands in the catalog; NULL. */
static const char *known(const struct import *im, const struct mxs_cert *cert)
{
    const struct mxs_catalog_ca *ca = im->known ? mxs_catalog_match(im->known, cert) : NULL;
    if (ca)
        return ca->id;
    for (size_t i = 0; i < im->seen.n; i++)
        if (memcmp(im->seen.v[i]->spki_sha256, cert->spki_sha256, 32) == 0 &&
            mxs_bytes_equal(im->seen.v[i]->subject_raw, cert->subject_raw))
            return im->names.v[i];
    return NULL;
}

static const char *issuer_name(const struct import *im, const struct mxs_cert *cert)
{
    for (size_t i = 0; i < im->seen.n; i++)
        if (mxs_bytes_equal(im->seen.v[i]->subject_raw, cert->issuer_raw))
            return im->names.v[i];
    const struct mxs_catalog_cert *issuer;
    if (im->known && mxs_catalog_by_subject(im->known, cert->issuer_raw, &issuer, 1))
        return issuer->ca->id;
    return NULL;
}

/* A certificate of a CA that neither the catalog has nor the chain before it. */
static bool is_new(const struct import *im, const struct mxs_chain *chain, size_t index)
{
    const struct mxs_cert *cert = chain->certs.v[index];
    for (size_t i = 0; i < index; i++)
        if (memcmp(chain->certs.v[i]->sha256, cert->sha256, 32) == 0)
            return false;
    return cert->ca && !(im->known && mxs_catalog_by_sha256(im->known, cert->sha256));
}

static void add_ca(struct import *im, const struct mxs_cert *cert)
{
    const char *name = name_for(im, cert);
    if (known(im, cert))
        return;
    json_t *o = json_object();
    *mxs_list_add(im->arena, &im->seen) = cert;
    *mxs_list_add(im->arena, &im->names) = name;
    json_object_set_new(o, "name", text(name));
    json_object_set_new(o, "kind", text(cert->self_issued ? "root" : "intermediate"));
    json_object_set_new(o, "key", text(cert->key));
    json_object_set_new(o, "subject", text(cert->subject));
    json_object_set_new(o, "subject_der", base64(im, cert->subject_raw));
    json_object_set_new(o, "ski", hex(im, cert->ski));
    json_object_set_new(o, "spki", base64(im, cert->spki));
    json_object_set_new(o, "spki_sha256", digest(im, sha256, cert->spki, 32));
    json_object_set_new(o, "spki_sha512", digest(im, sha512, cert->spki, 64));
    json_array_append_new(im->cas, o);
}

/* The id of a CA of the catalog without its family; other names as they are. */
static const char *bare(const struct import *im, const char *name)
{
    const char *slash = strchr(name, '/');
    const char *family = slash ? mxs_arena_strndup(im->arena, name, (size_t)(slash - name)) : NULL;
    return family && im->known && mxs_catalog_family(im->known, family) ? slash + 1 : name;
}

static void add_cert(struct import *im, const struct mxs_cert *c, size_t n)
{
    const char *name = known(im, c), *issuer = issuer_name(im, c);
    const char *id = c->self_issued ? bare(im, name)
                     : mxs_arena_printf(im->arena, "%s by %s", bare(im, name),
                                        issuer ? bare(im, issuer) : c->issuer);
    json_t *o = json_object();
    for (size_t i = 0; i < json_array_size(im->certs); i++) /* the same name signed it twice */
        if (strcmp(id, json_string_value(json_object_get(json_array_get(im->certs, i), "id"))) == 0)
            id = mxs_arena_printf(im->arena, "%s (%zu)", id, n + 1);
    json_object_set_new(o, "id", text(id));
    json_object_set_new(o, "ca", text(name));
    json_object_set_new(o, "issuer", text(issuer));
    json_object_set_new(o, "state", text("active"));
    json_object_set_new(o, "serial", hex(im, c->serial_raw));
    json_object_set_new(o, "issuer_der", base64(im, c->issuer_raw));
    json_object_set_new(o, "not_before", text(mxs_time_text(im->arena, c->not_before)));
    json_object_set_new(o, "not_after", text(mxs_time_text(im->arena, c->not_after)));
    json_object_set_new(o, "signature_algorithm", text(c->signature_algorithm));
    json_object_set_new(o, "is_ca", json_boolean(c->ca));
    json_object_set_new(o, "path_length",
                        c->path_length < 0 ? json_null() : json_integer(c->path_length));
    json_object_set_new(o, "eku", c->has_eku ? words(mxs_cert_eku_names(im->arena, c)) : json_null());
    json_object_set_new(o, "key_usage", words(mxs_cert_key_usage_names(im->arena, c)));
    json_object_set_new(o, "ski", hex(im, c->ski));
    json_object_set_new(o, "aki", hex(im, c->aki));
    json_object_set_new(o, "extensions_der", base64(im, c->extensions_raw));
    json_object_set_new(o, "sha256", hex(im, mxs_bytes(c->sha256, 32)));
    json_object_set_new(o, "sha512", digest(im, sha512, c->der, 64));
    json_object_set_new(o, "source", text("imported"));
    json_array_append_new(im->certs, o);
}

static json_t *catalog_of(struct import *im, const char *family)
{
    json_t *o = json_object(), *f = json_object(), *families = json_array();
    json_object_set_new(f, "id", text(family));
    json_object_set_new(f, "cas", im->cas);
    json_object_set_new(f, "certificates", im->certs);
    json_array_append_new(families, f);
    json_object_set_new(o, "schema", text("mxscope.catalog/1"));
    json_object_set_new(o, "families", families);
    return o;
}

char *mxs_catalog_import(struct mxs_arena *arena, const char *family, const struct mxs_chain *chain,
                         const struct mxs_catalog *known, struct mxs_why *why)
{
    struct import im = { .arena = arena, .known = known, .cas = json_array(),
                         .certs = json_array() };
    bool any = false;
    for (size_t i = 0; i < chain->certs.n; i++) {
        any |= chain->certs.v[i]->ca;
        if (is_new(&im, chain, i))
            add_ca(&im, chain->certs.v[i]);
    }
    for (size_t i = 0; i < chain->certs.n; i++)
        if (is_new(&im, chain, i))
            add_cert(&im, chain->certs.v[i], i);
    size_t n = json_array_size(im.certs);
    json_t *o = catalog_of(&im, family);
    char *dump = n ? json_dumps(o, JSON_INDENT(1)) : NULL;
    char *out = dump ? mxs_arena_printf(arena, "%s\n", dump) : NULL;
    free(dump);
    json_decref(o);
    if (!out)
        mxs_why_set(why, MXS_ERR_NOT_FOUND, any ? "its CA certificates are all in the catalog"
                                                : "no CA certificate in it");
    return out;
}
