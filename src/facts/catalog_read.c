#include "config.h"

#include "facts/catalog_read.h"

#include "base/der.h"
#include "base/text.h"
#include "facts/catalog_json.h"
#include "facts/cert_parse.h"
#include "facts/dn.h"

#include <stdlib.h>
#include <string.h>

#define SCHEMA "mxscope.catalog/1"
#define CERTAINTIES "exact about announced conflict unverified"
#define LEAF_KEYS "RSA ECDSA"
#define SPAN_KEYS " from until certainty note source"

struct reader {
    struct mxs_catalog *c;
    struct mxs_catalog_family *family;
    struct mxs_json_in in;
};

/* Reads one object of an array of a family. */
typedef void (*item_fn)(struct reader *r, json_t *o);

static struct mxs_catalog_span span_of(struct reader *r, json_t *o)
{
    struct mxs_catalog_span span;
    span.from = mxs_json_date(&r->in, o, "from", MXS_CATALOG_ALWAYS);
    span.until = mxs_json_date(&r->in, o, "until", MXS_CATALOG_NEVER);
    span.certainty = mxs_json_word(&r->in, o, "certainty", CERTAINTIES, true);
    span.note = mxs_json_str(&r->in, o, "note", false);
    span.source = mxs_json_str(&r->in, o, "source", true);
    if (span.from >= span.until)
        mxs_json_fail(&r->in, json_string_value(json_object_get(o, "until")),
                      "\"until\" is not after \"from\"");
    return span;
}

static const char *full_id(struct reader *r, const char *name)
{
    return mxs_arena_printf(r->c->arena, "%s/%s", r->family->id, name ? name : "");
}

/* A CA of this family, or of another by its full name. */
static struct mxs_catalog_ca *ca_named(struct reader *r, const char *name)
{
    const char *own = full_id(r, name);
    for (size_t i = 0; name && i < r->c->cas.n; i++)
        if (strcmp(r->c->cas.v[i]->id, own) == 0 || strcmp(r->c->cas.v[i]->id, name) == 0)
            return r->c->cas.v[i];
    mxs_json_fail(&r->in, name, "no CA is called \"%s\"", name ? name : "");
    return NULL;
}

static struct mxs_catalog_cert *cert_named(struct reader *r, const char *name)
{
    const char *own = full_id(r, name);
    for (size_t i = 0; name && i < r->c->certs.n; i++)
        if (strcmp(r->c->certs.v[i]->id, own) == 0 || strcmp(r->c->certs.v[i]->id, name) == 0)
            return r->c->certs.v[i];
    mxs_json_fail(&r->in, name, "no certificate is called \"%s\"", name ? name : "");
    return NULL;
}

/* --- families, CAs, certificates -------------------------------------------------------------- */

static struct mxs_catalog_family *family_of(struct reader *r, const char *id)
{
    for (size_t i = 0; id && i < r->c->families.n; i++)
        if (strcmp(r->c->families.v[i]->id, id) == 0)
            return r->c->families.v[i];
    struct mxs_catalog_family *family = MXS_NEW(r->c->arena, struct mxs_catalog_family);
    family->id = family->title = id ? id : "";
    family->kind = "ca";
    *mxs_list_add(r->c->arena, &r->c->families) = family;
    return family;
}

/* Several files may add to one family: what a file leaves out stays. */
static void read_family(struct reader *r, json_t *o)
{
    struct mxs_json_in *in = &r->in;
    mxs_json_keys(in, o, "a family",
                  "id title kind as_of note organizations cas certificates issuing backups "
                  "revocations trusted_until not_in_stores chains profiles events");
    r->family = family_of(r, mxs_json_str(in, o, "id", true));
    const char *title = mxs_json_str(in, o, "title", false);
    const char *kind = mxs_json_word(in, o, "kind", "ca programme", false);
    const char *as_of = mxs_json_str(in, o, "as_of", false);
    const char *note = mxs_json_str(in, o, "note", false);
    struct mxs_strs organizations = mxs_json_list(in, o, "organizations", NULL);
    r->family->title = title ? title : r->family->title;
    r->family->kind = kind ? kind : r->family->kind;
    r->family->as_of = as_of ? as_of : r->family->as_of;
    r->family->note = note ? note : r->family->note;
    if (organizations.n)
        r->family->organizations = organizations;
    if (as_of && strcmp(as_of, r->c->version) > 0)
        r->c->version = as_of;
}

static void copy_digest(uint8_t *out, struct mxs_bytes b)
{
    if (b.n)
        memcpy(out, b.p, b.n);
}

static void check_key(struct reader *r, json_t *o, struct mxs_catalog_ca *ca)
{
    uint8_t digest[64];
    const char *subject = mxs_dn_text(r->c->arena, ca->subject_raw);
    const char *key = mxs_spki_name(r->c->arena, ca->spki);
    if (r->in.err)
        return;
    mxs_digest_sha256(ca->spki, digest);
    if (!key || strcmp(key, ca->key) != 0)
        mxs_json_fail(&r->in, ca->name, "the spki of %s is %s, not %s", ca->name,
                      key ? key : "no public key", ca->key);
    else if (memcmp(digest, ca->spki_sha256, 32) != 0)
        mxs_json_fail(&r->in, json_string_value(json_object_get(o, "spki_sha256")),
                      "spki_sha256 of %s is not the digest of its spki", ca->name);
    else if (!subject || strcmp(subject, ca->subject) != 0)
        mxs_json_fail(&r->in, ca->name, "the subject_der of %s says %s", ca->name,
                      subject ? subject : "nothing");
}

static void read_ca(struct reader *r, json_t *o)
{
    struct mxs_json_in *in = &r->in;
    mxs_json_keys(in, o, "a CA",
                  "name kind generation trust_anchor_oid key subject subject_der ski spki "
                  "spki_sha256 spki_sha512");
    struct mxs_catalog_ca *ca = MXS_NEW(r->c->arena, struct mxs_catalog_ca);
    ca->family = r->family;
    ca->name = mxs_json_str(in, o, "name", true);
    ca->id = full_id(r, ca->name);
    ca->kind = mxs_json_word(in, o, "kind", "root intermediate ocsp-signer", true);
    ca->generation = mxs_json_str(in, o, "generation", false);
    ca->key = mxs_json_str(in, o, "key", true);
    ca->subject = mxs_json_str(in, o, "subject", true);
    ca->subject_raw = mxs_json_base64(in, o, "subject_der", true);
    ca->spki = mxs_json_base64(in, o, "spki", true);
    ca->ski = mxs_json_hexes(in, o, "ski", 0);
    ca->trusted_until = MXS_CATALOG_NEVER;
    copy_digest(ca->spki_sha256, mxs_json_hexes(in, o, "spki_sha256", 32));
    copy_digest(ca->spki_sha512, mxs_json_hexes(in, o, "spki_sha512", 64));
    for (size_t i = 0; i < r->c->cas.n && !in->err; i++)
        if (strcmp(r->c->cas.v[i]->id, ca->id) == 0)
            mxs_json_fail(in, ca->name, "the CA \"%s\" stands twice", ca->id);
    check_key(r, o, ca);
    *mxs_list_add(r->c->arena, &r->c->cas) = ca;
}

static unsigned bits_of(const struct mxs_name *bits, const struct mxs_strs *words, unsigned other)
{
    unsigned all = 0;
    for (size_t i = 0; i < words->n; i++) {
        int bit = mxs_name_value(bits, words->v[i]);
        all |= bit < 0 ? other : (unsigned)bit;
    }
    return all;
}

static const struct mxs_name eku_bits[] = {
    { MXS_EKU_SERVER_AUTH, "serverAuth" }, { MXS_EKU_CLIENT_AUTH, "clientAuth" },
    { MXS_EKU_ANY, "anyExtendedKeyUsage" }, { MXS_EKU_EMAIL, "emailProtection" }, { 0, NULL },
};
static const struct mxs_name usage_bits[] = {
    { MXS_KU_DIGITAL_SIGNATURE, "digitalSignature" },
    { MXS_KU_NON_REPUDIATION, "nonRepudiation" },
    { MXS_KU_KEY_ENCIPHERMENT, "keyEncipherment" },
    { MXS_KU_DATA_ENCIPHERMENT, "dataEncipherment" },
    { MXS_KU_KEY_AGREEMENT, "keyAgreement" },
    { MXS_KU_KEY_CERT_SIGN, "keyCertSign" },
    { MXS_KU_CRL_SIGN, "cRLSign" },
    { 0, NULL },
};

static void read_purposes(struct reader *r, json_t *o, struct mxs_catalog_cert *cert)
{
    struct mxs_strs eku = mxs_json_list(&r->in, o, "eku", NULL);
    struct mxs_strs usage = mxs_json_list(
        &r->in, o, "key_usage",
        "digitalSignature nonRepudiation keyEncipherment dataEncipherment keyAgreement keyCertSign "
        "cRLSign");
    cert->has_eku = eku.n > 0;
    for (size_t i = 0; i < eku.n; i++)
        if (mxs_name_value(eku_bits, eku.v[i]) < 0)
            *mxs_list_add(r->c->arena, &cert->eku_others) = eku.v[i];
    cert->eku = bits_of(eku_bits, &eku, MXS_EKU_OTHER);
    cert->key_usage = bits_of(usage_bits, &usage, 0);
    cert->is_ca = mxs_json_flag(&r->in, o, "is_ca");
    cert->path_length = (int)mxs_json_number(&r->in, o, "path_length", -1);
}

static void read_cert(struct reader *r, json_t *o)
{
    struct mxs_json_in *in = &r->in;
    mxs_json_keys(in, o, "a certificate",
                  "id ca issuer state note serial issuer_der not_before not_after "
                  "signature_algorithm is_ca path_length eku key_usage ski aki extensions_der "
                  "sha256 sha512 source");
    struct mxs_catalog_cert *cert = MXS_NEW(r->c->arena, struct mxs_catalog_cert);
    const char *issuer = mxs_json_str(in, o, "issuer", false);
    cert->id = full_id(r, mxs_json_str(in, o, "id", true));
    cert->ca = ca_named(r, mxs_json_str(in, o, "ca", true));
    cert->issuer = issuer ? ca_named(r, issuer) : NULL;
    cert->state = mxs_json_word(in, o, "state", "active backup retired expired revoked", true);
    cert->note = mxs_json_str(in, o, "note", false);
    cert->source = mxs_json_str(in, o, "source", true);
    cert->serial_raw = mxs_json_hexes(in, o, "serial", 0);
    cert->issuer_raw = mxs_json_base64(in, o, "issuer_der", true);
    cert->not_before = mxs_json_date(in, o, "not_before", MXS_CATALOG_ALWAYS);
    cert->not_after = mxs_json_date(in, o, "not_after", MXS_CATALOG_NEVER);
    cert->signature_algorithm = mxs_json_str(in, o, "signature_algorithm", true);
    read_purposes(r, o, cert);
    cert->ski = mxs_json_hexes(in, o, "ski", 0);
    cert->aki = mxs_json_hexes(in, o, "aki", 0);
    cert->extensions_raw = mxs_json_base64(in, o, "extensions_der", false);
    copy_digest(cert->sha256, mxs_json_hexes(in, o, "sha256", 32));
    copy_digest(cert->sha512, mxs_json_hexes(in, o, "sha512", 64));
    cert->revoked = MXS_CATALOG_NEVER;
    cert->self_issued = cert->ca && cert->ca == cert->issuer;
    for (size_t i = 0; i < r->c->certs.n && !in->err; i++)
        if (strcmp(r->c->certs.v[i]->id, cert->id) == 0)
            mxs_json_fail(in, json_string_value(json_object_get(o, "id")),
                          "the certificate \"%s\" stands twice", cert->id);
    *mxs_list_add(r->c->arena, &r->c->certs) = cert;
}

/* --- what refers to them ---------------------------------------------------------------------- */

static void add_issuing(struct reader *r, json_t *o, bool backup)
{
    mxs_json_keys(&r->in, o, "a period of issuing", "cas profiles leaf_keys" SPAN_KEYS);
    struct mxs_strs cas = mxs_json_list(&r->in, o, "cas", NULL);
    struct mxs_catalog_issuing row = { .backup = backup };
    row.profiles = mxs_json_list(&r->in, o, "profiles", NULL);
    row.leaf_keys = mxs_json_list(&r->in, o, "leaf_keys", LEAF_KEYS);
    row.when = span_of(r, o);
    for (size_t i = 0; i < cas.n; i++) {
        row.ca = ca_named(r, cas.v[i]);
        if (row.ca)
            *mxs_list_add(r->c->arena, &r->c->issuing) = row;
    }
}

static void read_issuing(struct reader *r, json_t *o)
{
    add_issuing(r, o, false);
}

static void read_backup(struct reader *r, json_t *o)
{
    add_issuing(r, o, true);
}

static void read_revocation(struct reader *r, json_t *o)
{
    mxs_json_keys(&r->in, o, "a revocation", "certificates date certainty note source");
    struct mxs_strs certs = mxs_json_list(&r->in, o, "certificates", NULL);
    int64_t date = mxs_json_date(&r->in, o, "date", MXS_CATALOG_ALWAYS);
    const char *note = mxs_json_str(&r->in, o, "note", false);
    mxs_json_word(&r->in, o, "certainty", CERTAINTIES, true);
    mxs_json_str(&r->in, o, "source", true);
    for (size_t i = 0; i < certs.n; i++) {
        struct mxs_catalog_cert *cert = cert_named(r, certs.v[i]);
        if (!cert)
            return;
        cert->revoked = date;
        cert->revoked_note = note;
    }
}

static void read_trusted_until(struct reader *r, json_t *o)
{
    mxs_json_keys(&r->in, o, "an end of trust", "ca date note source");
    struct mxs_catalog_ca *ca = ca_named(r, mxs_json_str(&r->in, o, "ca", true));
    if (ca)
        ca->trusted_until = mxs_json_date(&r->in, o, "date", MXS_CATALOG_NEVER);
}

static void read_not_in_stores(struct reader *r, json_t *o)
{
    mxs_json_keys(&r->in, o, "a list of roots in no store", "cas as_of source");
    struct mxs_strs cas = mxs_json_list(&r->in, o, "cas", NULL);
    for (size_t i = 0; i < cas.n; i++) {
        struct mxs_catalog_ca *ca = ca_named(r, cas.v[i]);
        if (ca)
            ca->not_in_stores = true;
    }
}

static struct mxs_catalog_path read_path(struct reader *r, json_t *positions)
{
    struct mxs_catalog_path path = { 0 };
    size_t i, k;
    json_t *any, *name;
    json_array_foreach(positions, i, any) {
        struct mxs_catalog_position *p = mxs_list_add(r->c->arena, &path.positions);
        if (json_array_size(any) == 0)
            mxs_json_fail(&r->in, NULL, "a place of a chain lists no certificate");
        json_array_foreach(any, k, name) {
            const struct mxs_catalog_cert *cert = cert_named(r, json_string_value(name));
            if (cert)
                *mxs_list_add(r->c->arena, &p->any) = cert;
        }
    }
    return path;
}

static void read_chain(struct reader *r, json_t *o)
{
    size_t i;
    json_t *alternate;
    mxs_json_keys(&r->in, o, "a chain", "id leaf_keys profiles served alternates" SPAN_KEYS);
    struct mxs_catalog_chain row = { .family = r->family };
    row.id = mxs_json_str(&r->in, o, "id", true);
    row.profiles = mxs_json_list(&r->in, o, "profiles", NULL);
    row.leaf_keys = mxs_json_list(&r->in, o, "leaf_keys", LEAF_KEYS);
    row.served = read_path(r, mxs_json_array(&r->in, o, "served"));
    json_array_foreach(mxs_json_array(&r->in, o, "alternates"), i, alternate)
        *mxs_list_add(r->c->arena, &row.alternates) = read_path(r, alternate);
    row.when = span_of(r, o);
    *mxs_list_add(r->c->arena, &r->c->chains) = row;
}

static void read_profile(struct reader *r, json_t *o)
{
    mxs_json_keys(&r->in, o, "a profile",
                  "name validity_hours eku common_name subject_key_id key_encipherment" SPAN_KEYS);
    struct mxs_catalog_profile row = { .family = r->family };
    row.name = mxs_json_str(&r->in, o, "name", true);
    row.validity = (int64_t)mxs_json_number(&r->in, o, "validity_hours", 0) * 3600;
    row.eku = mxs_json_list(&r->in, o, "eku", NULL);
    row.common_name = mxs_json_flag(&r->in, o, "common_name");
    row.subject_key_id = mxs_json_flag(&r->in, o, "subject_key_id");
    row.key_encipherment = mxs_json_word(&r->in, o, "key_encipherment", LEAF_KEYS, false);
    row.when = span_of(r, o);
    *mxs_list_add(r->c->arena, &r->c->profiles) = row;
}

static void read_event(struct reader *r, json_t *o)
{
    mxs_json_keys(&r->in, o, "an event", "id date kind title certainty note source");
    struct mxs_catalog_event row = { .family = r->family };
    row.id = mxs_json_str(&r->in, o, "id", true);
    row.full_id = full_id(r, row.id);
    row.kind = mxs_json_word(&r->in, o, "kind", "eku rollover lifetime trust revocation", true);
    row.title = mxs_json_str(&r->in, o, "title", true);
    row.when = span_of(r, o);
    row.when.from = mxs_json_date(&r->in, o, "date", MXS_CATALOG_ALWAYS);
    if (row.when.from == MXS_CATALOG_ALWAYS)
        mxs_json_fail(&r->in, row.id, "\"date\" is missing");
    *mxs_list_add(r->c->arena, &r->c->events) = row;
}

/* --- passes ----------------------------------------------------------------------------------- */

static const struct pass {
    const char *key; /* NULL: the family itself */
    item_fn fn;
} passes[] = {
    { NULL, read_family },
    { "cas", read_ca },
    { "certificates", read_cert },
    { "issuing", read_issuing },
    { "backups", read_backup },
    { "revocations", read_revocation },
    { "trusted_until", read_trusted_until },
    { "not_in_stores", read_not_in_stores },
    { "chains", read_chain },
    { "profiles", read_profile },
    { "events", read_event },
};

static void read_pass(struct reader *r, const struct pass *pass, json_t *root)
{
    size_t i, k;
    json_t *family, *item;
    json_array_foreach(mxs_json_array(&r->in, root, "families"), i, family) {
        if (!pass->key) {
            pass->fn(r, family);
            continue;
        }
        r->family = family_of(r, mxs_json_str(&r->in, family, "id", true));
        json_array_foreach(mxs_json_array(&r->in, family, pass->key), k, item)
            if (!r->in.err)
                pass->fn(r, item);
    }
}

static int by_date(const void *a, const void *b)
{
    const struct mxs_catalog_event *x = a, *y = b;
    if (x->when.from != y->when.from)
        return x->when.from < y->when.from ? -1 : 1;
    return strcmp(x->full_id, y->full_id);
}

enum mxs_err mxs_catalog_files_read(struct mxs_catalog_files *files, struct mxs_why *why)
{
    struct mxs_catalog *c = files->catalog;
    for (size_t p = 0; p < MXS_COUNT(passes); p++)
        for (size_t i = 0; i < files->files.n; i++) {
            const struct mxs_catalog_file *f = &files->files.v[i];
            struct reader r = { .c = c, .in = { c->arena, f->name, f->text, why, MXS_OK } };
            read_pass(&r, &passes[p], f->root);
            if (r.in.err)
                return r.in.err;
        }
    if (c->events.n)
        qsort(c->events.v, c->events.n, sizeof *c->events.v, by_date);
    return MXS_OK;
}

enum mxs_err mxs_catalog_file_open(struct mxs_catalog_files *files, const char *name,
                                   struct mxs_bytes text, struct mxs_why *why)
{
    json_error_t error;
    json_t *root = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    struct mxs_json_in in = { files->catalog->arena, name, text, why, MXS_OK };
    if (!root)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%d: %s", name, error.line, error.text);
    *mxs_list_add(files->catalog->arena, &files->files) =
        (struct mxs_catalog_file){ name, text, root };
    mxs_json_keys(&in, root, "a catalog", "schema families");
    mxs_json_word(&in, root, "schema", SCHEMA, true);
    return in.err;
}

void mxs_catalog_files_close(struct mxs_catalog_files *files)
{
    for (size_t i = 0; i < files->files.n; i++)
        json_decref(files->files.v[i].root);
}
