#include "config.h"

#include "facts/tls.h"

#include <string.h>

#include "base/text.h"
#include "facts/tls_decode.h"
#include "facts/tls_names.h"

/* SHA-256("HelloRetryRequest"), the random of a ServerHello that is one (RFC 8446 4.1.3). */
static const uint8_t retry_random[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

static bool is_retry(struct mxs_bytes random)
{
    return mxs_bytes_equal(random, mxs_bytes(retry_random, sizeof retry_random));
}

/* --- values ----------------------------------------------------------------------------------- */

static void get_sni(struct mxs_arena *arena, struct mxs_cursor *c, struct mxs_tls_hello *out)
{
    struct mxs_cursor list = mxs_cursor_vector(c, 2);
    while (!list.bad && mxs_cursor_left(&list)) {
        unsigned type = mxs_cursor_uint(&list, 1);
        struct mxs_cursor name = mxs_cursor_vector(&list, 2);
        if (type == 0 && !name.bad && !out->sni)
            out->sni = mxs_text_clip(arena, mxs_bytes(name.p, mxs_cursor_left(&name)), 256);
    }
}

static void get_version(struct mxs_arena *arena, struct mxs_cursor *c, struct mxs_tls_hello *out)
{
    (void)arena;
    if (mxs_cursor_left(c) == 2) { /* the server's choice */
        out->version = mxs_cursor_uint(c, 2);
        return;
    }
    struct mxs_cursor list = mxs_cursor_vector(c, 1);
    unsigned best = 0;
    while (!list.bad && mxs_cursor_left(&list)) {
        unsigned version = mxs_cursor_uint(&list, 2);
        if (!mxs_tls_is_grease(version) && version > best)
            best = version;
    }
    out->version = best ? best : out->version;
}

static void get_client_group(struct mxs_arena *arena, struct mxs_cursor *c,
                             struct mxs_tls_hello *out)
{
    (void)arena;
    struct mxs_cursor list = mxs_cursor_vector(c, 2);
    while (!list.bad && mxs_cursor_left(&list) && !out->group) {
        unsigned group = mxs_cursor_uint(&list, 2);
        mxs_cursor_vector(&list, 2);
        out->group = mxs_tls_is_grease(group) ? 0 : group;
    }
}

static void get_server_group(struct mxs_arena *arena, struct mxs_cursor *c,
                             struct mxs_tls_hello *out)
{
    (void)arena;
    out->group = mxs_cursor_uint(c, 2);
}

static void get_alpn(struct mxs_arena *arena, struct mxs_cursor *c, struct mxs_tls_hello *out)
{
    struct mxs_cursor list = mxs_cursor_vector(c, 2), name = mxs_cursor_vector(&list, 1);
    if (!name.bad)
        out->alpn = mxs_text_clip(arena, mxs_bytes(name.p, mxs_cursor_left(&name)), 256);
}

static void get_early_data(struct mxs_arena *arena, struct mxs_cursor *c, struct mxs_tls_hello *out)
{
    (void)arena;
    (void)c;
    out->early_data = true;
}

static void get_ticket(struct mxs_arena *arena, struct mxs_cursor *c, struct mxs_tls_hello *out)
{
    (void)arena;
    (void)c;
    out->session_ticket = true;
}

static void get_ems(struct mxs_arena *arena, struct mxs_cursor *c, struct mxs_tls_hello *out)
{
    (void)arena;
    (void)c;
    out->extended_master_secret = true;
}

enum { CLIENT = 1, SERVER = 2, BOTH = 3 };

static const struct {
    uint16_t type;
    uint8_t sides;
    void (*fn)(struct mxs_arena *arena, struct mxs_cursor *c, struct mxs_tls_hello *out);
} getters[] = {
    { 0, CLIENT, get_sni },      { 16, SERVER, get_alpn },          { 23, BOTH, get_ems },
    { 35, BOTH, get_ticket },    { 42, BOTH, get_early_data },      { 43, BOTH, get_version },
    { 51, CLIENT, get_client_group }, { 51, SERVER, get_server_group },
};

/* Walks an extension block; false when it is broken. */
static bool get_extensions(struct mxs_arena *arena, struct mxs_cursor *c, unsigned side,
                           struct mxs_tls_hello *out)
{
    struct mxs_cursor list = mxs_cursor_vector(c, 2);
    while (!list.bad && mxs_cursor_left(&list)) {
        unsigned type = mxs_cursor_uint(&list, 2);
        struct mxs_cursor body = mxs_cursor_vector(&list, 2);
        for (size_t i = 0; !body.bad && i < MXS_COUNT(getters); i++)
            if (getters[i].type == type && getters[i].sides & side)
                getters[i].fn(arena, &body, out);
        if (body.bad)
            return false;
    }
    return !list.bad;
}

bool mxs_tls_hello_parse(struct mxs_arena *arena, unsigned type, struct mxs_bytes body,
                         struct mxs_tls_hello *out)
{
    struct mxs_cursor c = mxs_cursor(body);
    unsigned side = type == MXS_TLS_CLIENT_HELLO ? CLIENT : SERVER;
    *out = (struct mxs_tls_hello){ 0 };
    out->version = mxs_cursor_uint(&c, 2);
    out->retry = is_retry(mxs_cursor_take(&c, 32)) && side == SERVER;
    mxs_cursor_vector(&c, 1); /* session id */
    if (side == CLIENT) {
        mxs_cursor_vector(&c, 2); /* cipher suites */
        mxs_cursor_vector(&c, 1); /* compression methods */
    } else {
        out->cipher = mxs_cursor_uint(&c, 2);
        mxs_cursor_uint(&c, 1);
    }
    if (c.bad || mxs_cursor_left(&c) == 0) /* extensions may be absent (RFC 5246 7.4.1.2) */
        return !c.bad;
    return get_extensions(arena, &c, side, out) && !c.bad && mxs_cursor_left(&c) == 0;
}

const char *mxs_tls_alpn(struct mxs_arena *arena, struct mxs_bytes encrypted_extensions)
{
    struct mxs_cursor c = mxs_cursor(encrypted_extensions);
    struct mxs_tls_hello hello = { 0 };
    get_extensions(arena, &c, SERVER, &hello);
    return hello.alpn;
}

/* --- field trees ------------------------------------------------------------------------------ */

static void session_id(struct mxs_wire *w)
{
    mxs_wire_vector_hex(w, "session id", 1);
    if (!w->c.bad && w->at->last->len > 33)
        mxs_field_malformed(w->arena, w->at->last, w->at->last->off,
                            "at most 32 octets (RFC 8446 4.1.2)");
}

static void extensions_if_any(struct mxs_wire *w, unsigned message)
{
    if (mxs_wire_more(w))
        mxs_tls_extensions_decode(w, message);
    else if (!w->c.bad)
        mxs_field_note(w->arena, w->at, "no extensions");
}

static void client_summary(struct mxs_wire *w, struct mxs_bytes body)
{
    struct mxs_tls_hello hello;
    if (!mxs_tls_hello_parse(w->arena, MXS_TLS_CLIENT_HELLO, body, &hello))
        return;
    const char *version = mxs_tls_version_name(hello.version);
    w->at->value = mxs_arena_printf(w->arena, "up to %s, %s%s", version ? version : "unknown",
                                    hello.sni ? "SNI " : "no SNI", hello.sni ? hello.sni : "");
}

void mxs_tls_client_hello_decode(struct mxs_wire *w, unsigned version)
{
    (void)version;
    struct mxs_bytes body = mxs_bytes(w->c.p, mxs_cursor_left(&w->c));
    mxs_wire_named(w, "legacy_version", 2, mxs_tls_version_name);
    mxs_wire_hex(w, "random", 32);
    session_id(w);
    mxs_wire_vector_named(w, "cipher_suites", 2, "cipher suite", 2, mxs_tls_cipher_name);
    mxs_wire_vector_named(w, "compression_methods", 1, "compression method", 1,
                          mxs_tls_compression_name);
    extensions_if_any(w, MXS_TLS_CLIENT_HELLO);
    client_summary(w, body);
}

static void random_notes(struct mxs_wire *w, struct mxs_bytes random)
{
    static const uint8_t downgrade[7] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D' };
    if (random.n != 32)
        return;
    /* Whether the second is a fault depends on what was offered, which does not stand here. */
    const char *text = NULL;
    if (is_retry(random))
        text = "this ServerHello is a HelloRetryRequest (RFC 8446 4.1.3)";
    else if (memcmp(random.p + 24, downgrade, 7) == 0 && random.p[31] <= 1)
        text = random.p[31] ? "the server could do TLS 1.3 (RFC 8446 4.1.3)"
                            : "the server could do TLS 1.2 or 1.3 (RFC 8446 4.1.3)";
    if (text)
        mxs_field_note(w->arena, w->at->last, text);
}

static void server_summary(struct mxs_wire *w, struct mxs_bytes body)
{
    struct mxs_tls_hello hello;
    if (!mxs_tls_hello_parse(w->arena, MXS_TLS_SERVER_HELLO, body, &hello))
        return;
    const char *version = mxs_tls_version_name(hello.version);
    const char *cipher = mxs_tls_cipher_name(hello.cipher);
    const char *group = hello.group ? mxs_tls_group_name(hello.group) : NULL;
    w->at->value = mxs_arena_printf(w->arena, "%s, %s%s%s", version ? version : "unknown",
                                    cipher ? cipher : "unknown", group ? ", " : "",
                                    group ? group : "");
}

void mxs_tls_server_hello_decode(struct mxs_wire *w, unsigned version)
{
    (void)version;
    struct mxs_bytes body = mxs_bytes(w->c.p, mxs_cursor_left(&w->c));
    mxs_wire_named(w, "legacy_version", 2, mxs_tls_version_name);
    struct mxs_bytes random = mxs_wire_hex(w, "random", 32);
    random_notes(w, random);
    session_id(w);
    mxs_wire_named(w, "cipher_suite", 2, mxs_tls_cipher_name);
    mxs_wire_named(w, "compression_method", 1, mxs_tls_compression_name);
    bool retry = is_retry(random);
    if (retry)
        w->at->name = mxs_tls_message_name(MXS_TLS_HELLO_RETRY_REQUEST);
    extensions_if_any(w, retry ? MXS_TLS_HELLO_RETRY_REQUEST : MXS_TLS_SERVER_HELLO);
    server_summary(w, body);
}

void mxs_tls_encrypted_extensions_decode(struct mxs_wire *w, unsigned version)
{
    (void)version;
    mxs_tls_extensions_decode(w, MXS_TLS_ENCRYPTED_EXTENSIONS);
}
