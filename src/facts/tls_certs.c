#include "config.h"

#include "facts/tls_decode.h"

#include "base/der.h"
#include "base/text.h"
#include "facts/cert.h"
#include "facts/dn.h"
#include "facts/ocsp.h"
#include "facts/tls_names.h"

const char *mxs_tls_dn_text(struct mxs_arena *arena, struct mxs_bytes der)
{
    const char *text = der.n ? mxs_dn_text(arena, der) : NULL;
    return text ? mxs_text_clip(arena, mxs_bytes_str(text), 1024) : NULL;
}

static struct mxs_bytes contents(const struct mxs_wire *v)
{
    return mxs_bytes(v->c.p, mxs_wire_left(v));
}

/* --- field trees ------------------------------------------------------------------------------ */

void mxs_tls_authorities_decode(struct mxs_wire *w)
{
    struct mxs_wire list = mxs_wire_vector(w, "authorities", 2);
    size_t n = 0;
    for (; mxs_wire_more(&list); n++) {
        struct mxs_wire name = mxs_wire_vector(&list, "authority", 2);
        struct mxs_bytes der = contents(&name);
        name.at->value = mxs_tls_dn_text(w->arena, der);
        struct mxs_der_tree tree = { w->arena, der.p, mxs_cursor_offset(&name.c) };
        if (name.at->value)
            mxs_dn_fields(&tree, der, name.at);
        else
            mxs_wire_malformed(&name, "a distinguished name (RFC 5280 4.1.2.4)");
    }
    list.at->value = n ? mxs_arena_printf(w->arena, "%zu", n) : "none named";
}

static void one_certificate(struct mxs_wire *w)
{
    struct mxs_wire v = mxs_wire_vector(w, "certificate", 3);
    struct mxs_bytes der = contents(&v);
    struct mxs_field *tree = mxs_cert_fields(w->arena, der, mxs_cursor_offset(&v.c));
    v.at->value = tree->value ? tree->value : mxs_arena_printf(w->arena, "%zu octets", der.n);
    mxs_field_adopt(v.at, tree, 0);
}

/* A whole DER OBJECT IDENTIFIER in a vector (RFC 8446 4.2.5). */
void mxs_tls_oid_decode(struct mxs_wire *w, const char *name)
{
    struct mxs_wire v = mxs_wire_vector(w, name, 1);
    struct mxs_der oid;
    if (mxs_der_expect(&v.c, MXS_DER_OID, &oid))
        v.at->value = mxs_der_oid(w->arena, oid.body);
    v.c.bad = false;
    if (!v.at->value)
        mxs_wire_malformed(&v, "an object identifier in DER");
    mxs_wire_end(&v);
}

void mxs_tls_certificate_decode(struct mxs_wire *w, unsigned version)
{
    bool v13 = version == MXS_TLS_1_3;
    if (v13)
        mxs_wire_vector_hex(w, "context", 1);
    struct mxs_wire list = mxs_wire_vector(w, "certificates", 3);
    size_t n = 0;
    for (; mxs_wire_more(&list); n++) {
        if (!v13) {
            one_certificate(&list);
            continue;
        }
        struct mxs_wire entry = mxs_wire_begin(&list, "entry"); /* RFC 8446 4.4.2 */
        one_certificate(&entry);
        entry.at->value = entry.at->last ? entry.at->last->value : NULL;
        mxs_tls_extensions_decode(&entry, MXS_TLS_CERTIFICATE);
        mxs_wire_close(&list, &entry);
    }
    w->at->value = n == 0 ? "no certificate" : n == 1 ? "1 certificate"
                     : mxs_arena_printf(w->arena, "%zu certificates", n);
}

static void ocsp_response(struct mxs_wire *w)
{
    struct mxs_wire v = mxs_wire_vector(w, "response", 3);
    struct mxs_bytes der = contents(&v);
    if (der.n == 0) { /* "none for this certificate" (RFC 6961 2.2) */
        v.at->value = "none";
        return;
    }
    struct mxs_field *tree = mxs_ocsp_fields(w->arena, der, mxs_cursor_offset(&v.c));
    v.at->value = tree->value ? tree->value : mxs_arena_printf(w->arena, "%zu octets", der.n);
    mxs_field_adopt(v.at, tree, 0);
}

/* RFC 6066 8, RFC 6961 2.2 */
void mxs_tls_certificate_status_decode(struct mxs_wire *w, unsigned version)
{
    (void)version;
    unsigned type = mxs_wire_named(w, "status type", 1, mxs_tls_status_type_name);
    if (w->c.bad)
        return;
    w->at->value = mxs_tls_status_type_name(type);
    if (type == 1) {
        ocsp_response(w);
    } else if (type == 2) {
        struct mxs_wire list = mxs_wire_vector(w, "responses", 3);
        while (mxs_wire_more(&list))
            ocsp_response(&list);
    } else {
        mxs_wire_hex(w, "contents", mxs_wire_left(w));
    }
}

void mxs_tls_certificate_request_decode(struct mxs_wire *w, unsigned version)
{
    if (version == MXS_TLS_1_3) {
        mxs_wire_vector_hex(w, "context", 1);
        mxs_tls_extensions_decode(w, MXS_TLS_CERTIFICATE_REQUEST);
        return;
    }
    mxs_wire_vector_named(w, "certificate types", 1, "type", 1,
                          mxs_tls_client_certificate_type_name);
    if (version == 0 || version >= MXS_TLS_1_2) /* RFC 5246 7.4.4 */
        mxs_wire_vector_named(w, "signature_algorithms", 2, "scheme", 2, mxs_tls_scheme_name);
    mxs_tls_authorities_decode(w);
}

/* --- values ----------------------------------------------------------------------------------- */

static void entry_extension(unsigned type, struct mxs_cursor *body, bool leaf,
                            struct mxs_tls_certificates *out)
{
    if (type == 5 && mxs_cursor_uint(body, 1) == 1) {
        struct mxs_cursor response = mxs_cursor_vector(body, 3);
        if (leaf && !response.bad)
            out->ocsp = mxs_bytes(response.p, mxs_cursor_left(&response));
    } else if (type == 18) {
        struct mxs_cursor list = mxs_cursor_vector(body, 2);
        while (!list.bad && mxs_cursor_left(&list)) {
            mxs_cursor_vector(&list, 2);
            out->scts += !list.bad;
        }
    }
}

static bool entry_extensions(struct mxs_cursor *c, bool leaf, struct mxs_tls_certificates *out)
{
    struct mxs_cursor list = mxs_cursor_vector(c, 2);
    while (!list.bad && mxs_cursor_left(&list)) {
        unsigned type = mxs_cursor_uint(&list, 2);
        struct mxs_cursor body = mxs_cursor_vector(&list, 2);
        if (!body.bad)
            entry_extension(type, &body, leaf, out);
    }
    return !list.bad;
}

bool mxs_tls_certificates_parse(struct mxs_arena *arena, unsigned version, struct mxs_bytes body,
                                struct mxs_tls_certificates *out)
{
    struct mxs_cursor c = mxs_cursor(body);
    bool v13 = version == MXS_TLS_1_3;
    *out = (struct mxs_tls_certificates){ .scts = 0 };
    if (v13)
        mxs_cursor_vector(&c, 1);
    struct mxs_cursor list = mxs_cursor_vector(&c, 3);
    while (!list.bad && mxs_cursor_left(&list)) {
        struct mxs_cursor der = mxs_cursor_vector(&list, 3);
        if (der.bad)
            return false;
        *mxs_list_add(arena, &out->der) = mxs_bytes(der.p, mxs_cursor_left(&der));
        if (v13 && !entry_extensions(&list, out->der.n == 1, out))
            return false;
    }
    return !list.bad && !c.bad && mxs_cursor_left(&c) == 0;
}

static void take_authorities(struct mxs_arena *arena, struct mxs_cursor *c,
                             struct mxs_tls_certificate_request *out)
{
    struct mxs_cursor list = mxs_cursor_vector(c, 2);
    while (!list.bad && mxs_cursor_left(&list)) {
        struct mxs_cursor name = mxs_cursor_vector(&list, 2);
        struct mxs_bytes der = mxs_bytes(name.p, mxs_cursor_left(&name));
        const char *text = name.bad ? NULL : mxs_tls_dn_text(arena, der);
        c->bad = c->bad || name.bad;
        if (!name.bad)
            *mxs_list_add(arena, &out->authorities) = text ? text : "(not a name)";
    }
}

static void take_schemes(struct mxs_arena *arena, struct mxs_cursor *c,
                         struct mxs_tls_certificate_request *out)
{
    struct mxs_cursor list = mxs_cursor_vector(c, 2);
    while (!list.bad && mxs_cursor_left(&list)) {
        uint32_t scheme = mxs_cursor_uint(&list, 2);
        if (!list.bad)
            *mxs_list_add(arena, &out->signature_schemes) = (uint16_t)scheme;
    }
    c->bad = c->bad || list.bad;
}

static void take_filters(struct mxs_arena *arena, struct mxs_cursor *c,
                         struct mxs_tls_certificate_request *out)
{
    (void)arena;
    struct mxs_cursor list = mxs_cursor_vector(c, 2);
    while (!list.bad && mxs_cursor_left(&list)) {
        mxs_cursor_vector(&list, 1);
        mxs_cursor_vector(&list, 2);
        out->oid_filters += !list.bad;
    }
    c->bad = c->bad || list.bad;
}

static const struct {
    uint16_t type;
    void (*fn)(struct mxs_arena *arena, struct mxs_cursor *c,
               struct mxs_tls_certificate_request *out);
} takers[] = { { 13, take_schemes }, { 47, take_authorities }, { 48, take_filters } };

static bool request_extensions(struct mxs_arena *arena, struct mxs_cursor *c,
                               struct mxs_tls_certificate_request *out)
{
    struct mxs_cursor list = mxs_cursor_vector(c, 2);
    while (!list.bad && mxs_cursor_left(&list)) {
        unsigned type = mxs_cursor_uint(&list, 2);
        struct mxs_cursor body = mxs_cursor_vector(&list, 2);
        for (size_t i = 0; !body.bad && i < MXS_COUNT(takers); i++)
            if (takers[i].type == type)
                takers[i].fn(arena, &body, out);
        if (body.bad)
            return false;
    }
    return !list.bad;
}

bool mxs_tls_certificate_request_parse(struct mxs_arena *arena, unsigned version,
                                       struct mxs_bytes body,
                                       struct mxs_tls_certificate_request *out)
{
    struct mxs_cursor c = mxs_cursor(body);
    *out = (struct mxs_tls_certificate_request){ .oid_filters = 0 };
    struct mxs_cursor first = mxs_cursor_vector(&c, 1); /* 1.3: context */
    if (version == MXS_TLS_1_3)
        return request_extensions(arena, &c, out) && !c.bad && mxs_cursor_left(&c) == 0;
    while (!first.bad && mxs_cursor_left(&first))
        *mxs_list_add(arena, &out->types) = (uint8_t)mxs_cursor_uint(&first, 1);
    if (version == 0 || version >= MXS_TLS_1_2)
        take_schemes(arena, &c, out);
    take_authorities(arena, &c, out);
    return !c.bad && mxs_cursor_left(&c) == 0;
}
