#include "config.h"

#include "facts/tls_decode.h"

#include "facts/tls_names.h"

/* Key exchange messages of TLS 1.2 and before, and signatures. The messages do not say which key
 * exchange they belong to: the shape does, as every length must fit. */

static bool has_scheme(unsigned version)
{
    return version == 0 || version >= MXS_TLS_1_2; /* RFC 5246 4.7 */
}

/* True when c is exactly a signature, or nothing (anonymous). */
static bool ends_with_signature(struct mxs_cursor c, unsigned version)
{
    if (mxs_cursor_left(&c) == 0)
        return !c.bad;
    mxs_cursor_take(&c, has_scheme(version) ? 2 : 0);
    mxs_cursor_vector(&c, 2);
    return !c.bad && mxs_cursor_left(&c) == 0;
}

static bool is_ecdhe(struct mxs_cursor c, unsigned version)
{
    if (mxs_cursor_uint(&c, 1) != 3) /* named_curve (RFC 8422 5.4) */
        return false;
    mxs_cursor_uint(&c, 2);
    mxs_cursor_vector(&c, 1);
    return ends_with_signature(c, version);
}

static bool is_dhe(struct mxs_cursor c, unsigned version)
{
    for (int i = 0; i < 3; i++) /* p, g, Ys (RFC 5246 7.4.3) */
        mxs_cursor_vector(&c, 2);
    return ends_with_signature(c, version);
}

void mxs_tls_signature_decode(struct mxs_wire *w, bool with_scheme)
{
    struct mxs_wire s = mxs_wire_begin(w, "signature");
    if (with_scheme) {
        unsigned scheme = mxs_wire_named(&s, "algorithm", 2, mxs_tls_scheme_name);
        const char *name = mxs_tls_scheme_name(scheme);
        s.at->value = s.c.bad ? NULL : name ? name : "unknown";
    }
    mxs_wire_vector_hex(&s, "value", 2);
    mxs_wire_close(w, &s);
}

static void signature_if_any(struct mxs_wire *w, unsigned version)
{
    if (mxs_wire_more(w))
        mxs_tls_signature_decode(w, has_scheme(version));
    else if (!w->c.bad)
        mxs_field_note(w->arena, w->at, "not signed: an anonymous key exchange");
}

static void ecdhe(struct mxs_wire *w, unsigned version)
{
    mxs_wire_named(w, "curve type", 1, mxs_tls_curve_type_name);
    unsigned group = mxs_wire_named(w, "group", 2, mxs_tls_group_name);
    const char *name = mxs_tls_group_name(group);
    w->at->value = w->c.bad ? NULL : mxs_arena_printf(w->arena, "ECDHE, %s", name ? name : "?");
    mxs_wire_vector_hex(w, "public key", 1);
    signature_if_any(w, version);
}

static void dhe(struct mxs_wire *w, unsigned version)
{
    struct mxs_bytes p = mxs_wire_vector_hex(w, "p", 2);
    size_t zeros = 0;
    while (zeros < p.n && p.p[zeros] == 0)
        zeros++;
    w->at->value = mxs_arena_printf(w->arena, "DHE, %zu bits", (p.n - zeros) * 8);
    mxs_wire_vector_hex(w, "g", 2);
    mxs_wire_vector_hex(w, "public key", 2);
    signature_if_any(w, version);
}

void mxs_tls_server_key_exchange_decode(struct mxs_wire *w, unsigned version)
{
    if (is_ecdhe(w->c, version))
        ecdhe(w, version);
    else if (is_dhe(w->c, version))
        dhe(w, version);
    else if (mxs_wire_more(w) && w->c.p[0] == 3) /* broken, but this is what it was to be */
        ecdhe(w, version);
    else
        dhe(w, version);
}

void mxs_tls_client_key_exchange_decode(struct mxs_wire *w, unsigned version)
{
    (void)version;
    size_t left = mxs_wire_left(w);
    if (left == 0) {
        mxs_wire_malformed(w, "a public key or an encrypted secret (RFC 5246 7.4.7)");
        return;
    }
    if (w->c.p[0] == left - 1 && left > 32) { /* no point of a curve in use is shorter */
        w->at->value = "ECDHE";
        mxs_wire_vector_hex(w, "public key", 1);
        return;
    }
    w->at->value = "DHE or RSA";
    mxs_wire_vector_hex(w, "public key or encrypted secret", 2);
}

void mxs_tls_certificate_verify_decode(struct mxs_wire *w, unsigned version)
{
    mxs_tls_signature_decode(w, has_scheme(version));
    w->at->value = w->at->child ? w->at->child->value : NULL;
}

unsigned mxs_tls_key_exchange_group(struct mxs_bytes body)
{
    struct mxs_cursor c = mxs_cursor(body);
    if (!is_ecdhe(c, MXS_TLS_1_2) && !is_ecdhe(c, MXS_TLS_1_1))
        return 0;
    mxs_cursor_uint(&c, 1);
    return mxs_cursor_uint(&c, 2);
}

unsigned mxs_tls_signature_scheme(unsigned type, unsigned version, struct mxs_bytes body)
{
    struct mxs_cursor c = mxs_cursor(body);
    if (!has_scheme(version))
        return 0;
    if (type == MXS_TLS_SERVER_KEY_EXCHANGE && is_ecdhe(c, version)) {
        mxs_cursor_uint(&c, 3);
        mxs_cursor_vector(&c, 1);
    } else if (type == MXS_TLS_SERVER_KEY_EXCHANGE && is_dhe(c, version)) {
        for (int i = 0; i < 3; i++)
            mxs_cursor_vector(&c, 2);
    } else if (type != MXS_TLS_CERTIFICATE_VERIFY) {
        return 0;
    }
    unsigned scheme = mxs_cursor_uint(&c, 2);
    mxs_cursor_vector(&c, 2);
    return c.bad ? 0 : scheme;
}
