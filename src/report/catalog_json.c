#include "config.h"

#include "report/catalog.h"

#include "base/text.h"
#include "facts/dn.h"
#include "report/json.h"

#include <string.h>

static json_t *instant(int64_t wall)
{
    return wall == MXS_CATALOG_ALWAYS || wall == MXS_CATALOG_NEVER ? json_null()
                                                                   : mxs_json_time(wall);
}

static void add_span(json_t *o, const struct mxs_catalog_span *when)
{
    json_object_set_new(o, "from", instant(when->from));
    json_object_set_new(o, "until", instant(when->until));
    json_object_set_new(o, "certainty", mxs_json_text(when->certainty));
    json_object_set_new(o, "note", mxs_json_text(when->note));
    json_object_set_new(o, "source", mxs_json_text(when->source));
}

static void add_tlsa(struct mxs_arena *arena, json_t *list, unsigned selector, unsigned type,
                     const uint8_t *digest)
{
    json_array_append_new(list, mxs_json_text(mxs_arena_printf(
        arena, "2 %u %u %s", selector, type,
        mxs_hex(arena, mxs_bytes(digest, type == 1 ? 32 : 64)))));
}

static json_t *tlsa_of(struct mxs_arena *arena, const struct mxs_catalog_cert *cert)
{
    json_t *list = json_array();
    add_tlsa(arena, list, 1, 1, cert->ca->spki_sha256);
    add_tlsa(arena, list, 1, 2, cert->ca->spki_sha512);
    add_tlsa(arena, list, 0, 1, cert->sha256);
    add_tlsa(arena, list, 0, 2, cert->sha512);
    return list;
}

static json_t *certificate(struct mxs_arena *arena, const struct mxs_catalog_cert *cert)
{
    struct mxs_cert bits = { .eku = cert->eku, .key_usage = cert->key_usage,
                             .eku_oids = cert->eku_others };
    struct mxs_strs eku = mxs_cert_eku_names(arena, &bits);
    struct mxs_strs usage = mxs_cert_key_usage_names(arena, &bits);
    json_t *o = json_object();
    json_object_set_new(o, "id", mxs_json_text(cert->id));
    json_object_set_new(o, "issuer", mxs_json_text(cert->issuer ? cert->issuer->id : NULL));
    json_object_set_new(o, "issuer_name", mxs_json_text(mxs_dn_text(arena, cert->issuer_raw)));
    json_object_set_new(o, "state", mxs_json_text(cert->state));
    json_object_set_new(o, "serial", mxs_json_hex(cert->serial_raw));
    json_object_set_new(o, "not_before", instant(cert->not_before));
    json_object_set_new(o, "not_after", instant(cert->not_after));
    json_object_set_new(o, "revoked", instant(cert->revoked));
    json_object_set_new(o, "revoked_note", mxs_json_text(cert->revoked_note));
    json_object_set_new(o, "signature_algorithm", mxs_json_text(cert->signature_algorithm));
    json_object_set_new(o, "path_length",
                        cert->path_length < 0 ? json_null() : json_integer(cert->path_length));
    json_object_set_new(o, "eku", cert->has_eku ? mxs_json_texts(&eku) : json_null());
    json_object_set_new(o, "key_usage", mxs_json_texts(&usage));
    json_object_set_new(o, "ski", mxs_json_hex(cert->ski));
    json_object_set_new(o, "aki", mxs_json_hex(cert->aki));
    json_object_set_new(o, "sha256", mxs_json_hex(mxs_bytes(cert->sha256, 32)));
    json_object_set_new(o, "sha512", mxs_json_hex(mxs_bytes(cert->sha512, 64)));
    json_object_set_new(o, "tlsa", tlsa_of(arena, cert));
    json_object_set_new(o, "note", mxs_json_text(cert->note));
    json_object_set_new(o, "source", mxs_json_text(cert->source));
    return o;
}

static json_t *issuing(const struct mxs_catalog *c, const struct mxs_catalog_ca *ca)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->issuing.n; i++) {
        const struct mxs_catalog_issuing *row = &c->issuing.v[i];
        if (row->ca != ca)
            continue;
        json_t *o = json_object();
        json_object_set_new(o, "backup", json_boolean(row->backup));
        json_object_set_new(o, "profiles", mxs_json_texts(&row->profiles));
        json_object_set_new(o, "leaf_keys", mxs_json_texts(&row->leaf_keys));
        add_span(o, &row->when);
        json_array_append_new(list, o);
    }
    return list;
}

static bool path_has(const struct mxs_catalog_path *path, const struct mxs_catalog_ca *ca,
                     json_t *certs, size_t *depth)
{
    bool found = false;
    for (size_t i = 0; i < path->positions.n; i++)
        for (size_t k = 0; k < path->positions.v[i].any.n; k++)
            if (path->positions.v[i].any.v[k]->ca == ca) {
                json_array_append_new(certs, mxs_json_text(path->positions.v[i].any.v[k]->id));
                *depth = i + 1;
                found = true;
            }
    return found;
}

static json_t *chains(const struct mxs_catalog *c, const struct mxs_catalog_ca *ca)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->chains.n; i++) {
        const struct mxs_catalog_chain *chain = &c->chains.v[i];
        json_t *o = json_object(), *certs = json_array();
        size_t depth = 0;
        bool served = path_has(&chain->served, ca, certs, &depth), alternate = false;
        for (size_t k = 0; !served && !alternate && k < chain->alternates.n; k++)
            alternate = path_has(&chain->alternates.v[k], ca, certs, &depth);
        json_object_set_new(o, "id", mxs_json_text(chain->id));
        json_object_set_new(o, "served_by_default", json_boolean(served));
        json_object_set_new(o, "depth", json_integer((json_int_t)depth));
        json_object_set_new(o, "certificates", certs);
        json_object_set_new(o, "profiles", mxs_json_texts(&chain->profiles));
        json_object_set_new(o, "leaf_keys", mxs_json_texts(&chain->leaf_keys));
        add_span(o, &chain->when);
        if (served || alternate)
            json_array_append_new(list, o);
        else
            json_decref(o);
    }
    return list;
}

static json_t *ca_json(const struct mxs_catalog_report *r, const struct mxs_catalog_ca *ca,
                       const struct mxs_catalog_cert *only)
{
    struct mxs_arena *arena = mxs_arena_new();
    json_t *o = json_object(), *certs = json_array();
    for (size_t i = 0; i < r->catalog->certs.n; i++)
        if (r->catalog->certs.v[i]->ca == ca && (!only || only == r->catalog->certs.v[i]))
            json_array_append_new(certs, certificate(arena, r->catalog->certs.v[i]));
    json_object_set_new(o, "schema", json_string("mxscope.ca/1"));
    json_object_set_new(o, "id", mxs_json_text(ca->id));
    json_object_set_new(o, "family", mxs_json_text(ca->family->id));
    json_object_set_new(o, "name", mxs_json_text(ca->name));
    json_object_set_new(o, "kind", mxs_json_text(ca->kind));
    json_object_set_new(o, "generation", mxs_json_text(ca->generation));
    json_object_set_new(o, "at", instant(r->at));
    json_object_set_new(o, "state", mxs_json_text(mxs_catalog_state(r->catalog, ca, r->at)));
    json_object_set_new(o, "as_of", mxs_json_text(ca->family->as_of));
    json_object_set_new(o, "key", mxs_json_text(ca->key));
    json_object_set_new(o, "subject", mxs_json_text(ca->subject));
    json_object_set_new(o, "ski", mxs_json_hex(ca->ski));
    json_object_set_new(o, "spki", mxs_json_text(mxs_base64(arena, ca->spki)));
    json_object_set_new(o, "spki_sha256", mxs_json_hex(mxs_bytes(ca->spki_sha256, 32)));
    json_object_set_new(o, "spki_sha512", mxs_json_hex(mxs_bytes(ca->spki_sha512, 64)));
    json_object_set_new(o, "trusted_until", instant(ca->trusted_until));
    json_object_set_new(o, "in_no_store", json_boolean(ca->not_in_stores));
    json_object_set_new(o, "issuing", issuing(r->catalog, ca));
    json_object_set_new(o, "chains", chains(r->catalog, ca));
    json_object_set_new(o, "certificates", certs);
    mxs_arena_free(arena);
    return o;
}

void mxs_catalog_ca_json(const struct mxs_catalog_report *r, const struct mxs_catalog_ca *ca,
                         const struct mxs_catalog_cert *cert, struct mxs_buf *out)
{
    mxs_json_line(ca_json(r, ca, cert), out);
}

void mxs_catalog_list_json(const struct mxs_catalog_report *r,
                           const struct mxs_catalog_family *family, struct mxs_buf *out)
{
    for (size_t i = 0; i < r->catalog->cas.n; i++) {
        const struct mxs_catalog_ca *ca = r->catalog->cas.v[i];
        const char *state = mxs_catalog_state(r->catalog, ca, r->at);
        if ((!family || ca->family == family) &&
            (!r->only_then || (strcmp(state, "expired") && strcmp(state, "not yet valid"))))
            mxs_catalog_ca_json(r, ca, NULL, out);
    }
}

static json_t *profiles(const struct mxs_catalog *c, const struct mxs_catalog_family *family)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->profiles.n; i++) {
        const struct mxs_catalog_profile *profile = &c->profiles.v[i];
        if (profile->family != family)
            continue;
        json_t *o = json_object();
        json_object_set_new(o, "name", mxs_json_text(profile->name));
        json_object_set_new(o, "validity_hours", json_integer(profile->validity / 3600));
        json_object_set_new(o, "eku", mxs_json_texts(&profile->eku));
        json_object_set_new(o, "common_name", json_boolean(profile->common_name));
        json_object_set_new(o, "subject_key_id", json_boolean(profile->subject_key_id));
        add_span(o, &profile->when);
        json_array_append_new(list, o);
    }
    return list;
}

void mxs_catalog_family_json(const struct mxs_catalog_report *r,
                             const struct mxs_catalog_family *family, struct mxs_buf *out)
{
    json_t *o = json_object(), *cas = json_array(), *events = json_array();
    for (size_t i = 0; i < r->catalog->cas.n; i++)
        if (r->catalog->cas.v[i]->family == family)
            json_array_append_new(cas, mxs_json_text(r->catalog->cas.v[i]->id));
    for (size_t i = 0; i < r->catalog->events.n; i++) {
        const struct mxs_catalog_event *event = &r->catalog->events.v[i];
        if (event->family != family)
            continue;
        json_t *e = json_object();
        json_object_set_new(e, "id", mxs_json_text(event->full_id));
        json_object_set_new(e, "date", instant(event->when.from));
        json_object_set_new(e, "kind", mxs_json_text(event->kind));
        json_object_set_new(e, "title", mxs_json_text(event->title));
        json_object_set_new(e, "certainty", mxs_json_text(event->when.certainty));
        json_object_set_new(e, "note", mxs_json_text(event->when.note));
        json_object_set_new(e, "source", mxs_json_text(event->when.source));
        json_array_append_new(events, e);
    }
    json_object_set_new(o, "schema", json_string("mxscope.ca-family/1"));
    json_object_set_new(o, "id", mxs_json_text(family->id));
    json_object_set_new(o, "title", mxs_json_text(family->title));
    json_object_set_new(o, "kind", mxs_json_text(family->kind));
    json_object_set_new(o, "as_of", mxs_json_text(family->as_of));
    json_object_set_new(o, "note", mxs_json_text(family->note));
    json_object_set_new(o, "organizations", mxs_json_texts(&family->organizations));
    json_object_set_new(o, "cas", cas);
    json_object_set_new(o, "profiles", profiles(r->catalog, family));
    json_object_set_new(o, "events", events);
    mxs_json_line(o, out);
}
