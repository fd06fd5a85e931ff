#include "config.h"

#include "facts/tls_decode.h"

#include "facts/tls_names.h"

static void nothing(struct mxs_wire *w, unsigned version) /* what is there is marked by the caller */
{
    (void)version;
    if (mxs_wire_left(w) == 0)
        w->at->value = "empty";
}

static void opaque(struct mxs_wire *w, unsigned version)
{
    (void)version;
    if (mxs_wire_more(w))
        mxs_wire_hex(w, "contents", mxs_wire_left(w));
}

static void finished(struct mxs_wire *w, unsigned version)
{
    (void)version;
    if (mxs_wire_left(w) == 0)
        mxs_wire_malformed(w, "verify_data (RFC 8446 4.4.4)");
    mxs_wire_hex(w, "verify_data", mxs_wire_left(w));
}

/* "12 hours" beside the seconds */
static void lifetime(struct mxs_wire *w, const char *name)
{
    uint32_t seconds = mxs_wire_uint(w, name, 4);
    if (w->c.bad)
        return;
    w->at->value = seconds == 0 ? "no lifetime said"
                                : mxs_arena_printf(w->arena, "%u s", (unsigned)seconds);
    if (seconds > 604800) /* RFC 8446 4.6.1 */
        w->at->last->flags |= MXS_FIELD_WARN;
}

static void new_session_ticket(struct mxs_wire *w, unsigned version)
{
    bool v13 = version == MXS_TLS_1_3;
    lifetime(w, v13 ? "ticket_lifetime" : "ticket_lifetime_hint");
    if (v13) {
        mxs_wire_hex(w, "ticket_age_add", 4);
        mxs_wire_vector_hex(w, "ticket_nonce", 1);
    }
    mxs_wire_vector_hex(w, "ticket", 2);
    if (v13)
        mxs_tls_extensions_decode(w, MXS_TLS_NEW_SESSION_TICKET);
}

static void key_update(struct mxs_wire *w, unsigned version)
{
    (void)version;
    unsigned request = mxs_wire_named(w, "request_update", 1, mxs_tls_key_update_name);
    w->at->value = w->c.bad ? NULL : mxs_tls_key_update_name(request);
}

static void compressed_certificate(struct mxs_wire *w, unsigned version) /* RFC 8879 4 */
{
    (void)version;
    unsigned algorithm = mxs_wire_named(w, "algorithm", 2, mxs_tls_certificate_compression_name);
    w->at->value = w->c.bad ? NULL : mxs_tls_certificate_compression_name(algorithm);
    mxs_wire_uint(w, "uncompressed_length", 3);
    mxs_wire_vector_hex(w, "compressed certificate", 3);
}

static const struct {
    uint8_t type;
    mxs_tls_decode_fn fn;
} decoders[] = {
    { MXS_TLS_HELLO_REQUEST, nothing },
    { MXS_TLS_CLIENT_HELLO, mxs_tls_client_hello_decode },
    { MXS_TLS_SERVER_HELLO, mxs_tls_server_hello_decode },
    { MXS_TLS_NEW_SESSION_TICKET, new_session_ticket },
    { 5, nothing }, /* EndOfEarlyData */
    { MXS_TLS_HELLO_RETRY_REQUEST, mxs_tls_server_hello_decode },
    { MXS_TLS_ENCRYPTED_EXTENSIONS, mxs_tls_encrypted_extensions_decode },
    { MXS_TLS_CERTIFICATE, mxs_tls_certificate_decode },
    { MXS_TLS_SERVER_KEY_EXCHANGE, mxs_tls_server_key_exchange_decode },
    { MXS_TLS_CERTIFICATE_REQUEST, mxs_tls_certificate_request_decode },
    { MXS_TLS_SERVER_HELLO_DONE, nothing },
    { MXS_TLS_CERTIFICATE_VERIFY, mxs_tls_certificate_verify_decode },
    { MXS_TLS_CLIENT_KEY_EXCHANGE, mxs_tls_client_key_exchange_decode },
    { MXS_TLS_FINISHED, finished },
    { MXS_TLS_CERTIFICATE_STATUS, mxs_tls_certificate_status_decode },
    { MXS_TLS_KEY_UPDATE, key_update },
    { 25, compressed_certificate },
};

static mxs_tls_decode_fn decoder(unsigned type)
{
    for (size_t i = 0; i < MXS_COUNT(decoders); i++)
        if (decoders[i].type == type)
            return decoders[i].fn;
    return opaque;
}

struct mxs_field *mxs_tls_message_fields(struct mxs_arena *arena, unsigned type, unsigned version,
                                         struct mxs_bytes body)
{
    const char *name = mxs_tls_message_name(type);
    struct mxs_wire w = mxs_wire_root(arena, name ? name : "handshake message", body);
    if (!name) {
        w.at->flags |= MXS_FIELD_UNKNOWN;
        w.at->value = mxs_arena_printf(arena, "type %u", type);
    }
    decoder(type)(&w, version);
    mxs_wire_end(&w);
    return w.at;
}
