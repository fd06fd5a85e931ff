#include "config.h"

#include "report/json.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdlib.h>

json_t *mxs_json_text(const char *s)
{
    if (!s)
        return json_null();
    json_t *value = json_string(s);
    if (value)
        return value;
    struct mxs_arena *arena = mxs_arena_new();
    value = json_string(mxs_text_clean(arena, mxs_bytes_str(s)));
    mxs_arena_free(arena);
    return value;
}

json_t *mxs_json_texts(const struct mxs_strs *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->n; i++)
        json_array_append_new(array, mxs_json_text(list->v[i]));
    return array;
}

json_t *mxs_json_hex(struct mxs_bytes b)
{
    if (!b.n)
        return json_null();
    struct mxs_arena *arena = mxs_arena_new();
    json_t *value = json_string(mxs_hex(arena, b));
    mxs_arena_free(arena);
    return value;
}

json_t *mxs_json_time(int64_t wall)
{
    struct mxs_arena *arena = mxs_arena_new();
    json_t *value = json_string(mxs_time_text(arena, wall));
    mxs_arena_free(arena);
    return value;
}

static int append(const char *p, size_t n, void *data)
{
    return mxs_buf_add(data, p, n) == MXS_OK ? 0 : -1;
}

enum mxs_err mxs_json_line(json_t *object, struct mxs_buf *out)
{
    int failed = json_dump_callback(object, append, out, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(object);
    return failed ? MXS_ERR_LIMIT : mxs_buf_putc(out, '\n');
}

static json_t *policy(const struct mxs_cert *cert)
{
    if (!cert->policy_class)
        return json_null();
    json_t *o = json_object();
    json_object_set_new(o, "oid", mxs_json_text(cert->policy_oid));
    json_object_set_new(o, "class", mxs_json_text(cert->policy_class));
    return o;
}

static json_t *names(const struct mxs_cert *cert, bool known,
                     struct mxs_strs (*fn)(struct mxs_arena *, const struct mxs_cert *))
{
    if (!known)
        return json_null();
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_strs list = fn(arena, cert);
    json_t *array = mxs_json_texts(&list);
    mxs_arena_free(arena);
    return array;
}

/* Leaves are in no catalog: for them none is read. */
static json_t *catalog_id(const struct mxs_cert *c, struct mxs_catalog_loader *loader)
{
    const struct mxs_catalog *catalog = c->ca ? mxs_catalog_get(loader) : NULL;
    const struct mxs_catalog_ca *ca = catalog ? mxs_catalog_match(catalog, c) : NULL;
    return ca ? mxs_json_text(ca->id) : json_null();
}

static json_t *certificate(const struct mxs_cert *c, size_t depth,
                           struct mxs_catalog_loader *catalog)
{
    json_t *o = json_object();
    json_object_set_new(o, "depth", json_integer((json_int_t)depth));
    json_object_set_new(o, "subject", mxs_json_text(c->subject));
    json_object_set_new(o, "issuer", mxs_json_text(c->issuer));
    json_object_set_new(o, "serial", mxs_json_text(c->serial));
    json_object_set_new(o, "not_before", mxs_json_time(c->not_before));
    json_object_set_new(o, "not_after", mxs_json_time(c->not_after));
    json_object_set_new(o, "key", mxs_json_text(c->key));
    json_object_set_new(o, "signature_algorithm", mxs_json_text(c->signature_algorithm));
    json_object_set_new(o, "ca", json_boolean(c->ca));
    json_object_set_new(o, "path_length",
                        c->path_length < 0 ? json_null() : json_integer(c->path_length));
    json_object_set_new(o, "san_dns", mxs_json_texts(&c->san_dns));
    json_object_set_new(o, "eku", names(c, c->has_eku, mxs_cert_eku_names));
    json_object_set_new(o, "key_usage", names(c, c->has_key_usage, mxs_cert_key_usage_names));
    json_object_set_new(o, "policy", policy(c));
    json_object_set_new(o, "ski", mxs_json_hex(c->ski));
    json_object_set_new(o, "aki", mxs_json_hex(c->aki));
    struct mxs_cert_identity own;
    const struct mxs_cert_identity *id = mxs_cert_identity(c, &own);
    json_object_set_new(o, "sha256", mxs_json_hex(mxs_bytes(id->sha256, 32)));
    json_object_set_new(o, "spki_sha256", mxs_json_hex(mxs_bytes(id->spki_sha256, 32)));
    json_object_set_new(o, "catalog", catalog_id(c, catalog));
    return o;
}

json_t *mxs_json_chain(const struct mxs_chain *chain, struct mxs_catalog_loader *catalog)
{
    if (!chain->certs.n)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < chain->certs.n; i++)
        json_array_append_new(array, certificate(chain->certs.v[i], i, catalog));
    return array;
}

static json_t *tlsa_record(const struct mxs_tlsa *tlsa)
{
    json_t *o = json_object();
    json_object_set_new(o, "usage", json_integer(tlsa->usage));
    json_object_set_new(o, "selector", json_integer(tlsa->selector));
    json_object_set_new(o, "matching_type", json_integer(tlsa->matching_type));
    json_object_set_new(o, "data", tlsa->data.n ? mxs_json_hex(tlsa->data) : json_string(""));
    json_object_set_new(o, "ttl", json_integer(tlsa->ttl));
    json_object_set_new(o, "usable", json_boolean(tlsa->usable));
    json_object_set_new(o, "unusable_reason", mxs_json_text(tlsa->unusable_reason));
    return o;
}

json_t *mxs_json_tlsa(const struct mxs_host_facts *host)
{
    json_t *o = json_object(), *candidates = json_array(), *records = json_array();
    for (size_t i = 0; i < host->candidates.n; i++) {
        json_t *candidate = json_object();
        json_object_set_new(candidate, "name", mxs_json_text(host->candidates.v[i].name));
        json_object_set_new(candidate, "security",
                            mxs_json_text(mxs_security_name(host->candidates.v[i].security)));
        json_array_append_new(candidates, candidate);
    }
    for (size_t i = 0; i < host->tlsa.n; i++)
        json_array_append_new(records, tlsa_record(&host->tlsa.v[i]));
    for (size_t i = 0; i < host->idle_tlsa.n; i++)
        json_array_append_new(records, tlsa_record(&host->idle_tlsa.v[i]));
    json_object_set_new(o, "candidates", candidates);
    json_object_set_new(o, "base_domain", mxs_json_text(host->tlsa_base_domain));
    json_object_set_new(o, "security", mxs_json_text(mxs_security_name(host->tlsa_security)));
    json_object_set_new(o, "records", records);
    return o;
}

json_t *mxs_json_tlsa_matches(const struct mxs_session_assessment *session)
{
    json_t *array = json_array();
    for (size_t i = 0; session && i < session->matches.n; i++) {
        const struct mxs_tlsa_match *match = &session->matches.v[i];
        json_t *o = json_object();
        json_object_set_new(o, "record", json_integer((json_int_t)match->record));
        json_object_set_new(o, "depth",
                            match->depth < 0 ? json_null() : json_integer(match->depth));
        json_array_append_new(array, o);
    }
    return array;
}
