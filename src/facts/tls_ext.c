#include "config.h"

#include "facts/tls_decode.h"

#include "base/text.h"
#include "facts/tls_names.h"

/* One decoder per extension: w stands inside its body, w->at is its node, message is the handshake
 * type it came in. What a decoder leaves over is marked by the caller. */
typedef void (*extension_fn)(struct mxs_wire *w, unsigned message);

static bool is_client(unsigned message)
{
    return message == MXS_TLS_CLIENT_HELLO;
}

static void summarise(struct mxs_wire *w) /* the last child's value stands for the whole */
{
    if (w->at->last && !w->at->value && w->at->last->value)
        w->at->value = w->at->last->value;
}

static void ext_empty(struct mxs_wire *w, unsigned message)
{
    (void)message;
    if (mxs_wire_left(w) == 0)
        w->at->value = "empty";
}

static void ext_opaque(struct mxs_wire *w, unsigned message)
{
    (void)message;
    size_t n = mxs_wire_left(w);
    w->at->value = n ? mxs_arena_printf(w->arena, "%zu octets", n) : "empty";
    if (n)
        mxs_wire_hex(w, "contents", n);
}

/* RFC 6066 3: a list from the client, empty from the server. */
static void ext_server_name(struct mxs_wire *w, unsigned message)
{
    if (!is_client(message)) {
        ext_empty(w, message);
        return;
    }
    struct mxs_wire list = mxs_wire_vector(w, "server names", 2);
    while (mxs_wire_more(&list)) {
        struct mxs_wire name = mxs_wire_begin(&list, "server name");
        mxs_wire_named(&name, "name type", 1, mxs_tls_name_type_name);
        mxs_wire_vector_text(&name, "name", 2);
        mxs_wire_close(&list, &name);
        if (!w->at->value && !name.c.bad)
            w->at->value = name.at->last->value;
    }
}

static void ext_fragment_length(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_named(w, "maximum", 1, mxs_tls_fragment_length_name);
    summarise(w);
}

static void status_item(struct mxs_wire *w) /* RFC 6066 8 OCSPStatusRequest */
{
    mxs_wire_vector_hex(w, "responder ids", 2);
    mxs_wire_vector_hex(w, "request extensions", 2);
}

static void ext_status_request(struct mxs_wire *w, unsigned message)
{
    if (message == MXS_TLS_CERTIFICATE) { /* the staple itself (RFC 8446 4.4.2.1) */
        mxs_tls_certificate_status_decode(w, MXS_TLS_1_3);
        return;
    }
    if (mxs_wire_left(w) == 0) {
        ext_empty(w, message);
        return;
    }
    mxs_wire_named(w, "status type", 1, mxs_tls_status_type_name);
    summarise(w);
    status_item(w);
}

static void ext_status_request_v2(struct mxs_wire *w, unsigned message)
{
    if (!is_client(message)) {
        ext_empty(w, message);
        return;
    }
    struct mxs_wire list = mxs_wire_vector(w, "requests", 2); /* RFC 6961 2.2 */
    while (mxs_wire_more(&list)) {
        struct mxs_wire item = mxs_wire_begin(&list, "request");
        mxs_wire_named(&item, "status type", 1, mxs_tls_status_type_name);
        struct mxs_wire body = mxs_wire_vector(&item, "body", 2);
        status_item(&body);
        mxs_wire_end(&body);
        mxs_wire_close(&list, &item);
    }
}

static void ext_groups(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_named(w, "groups", 2, "group", 2, mxs_tls_group_name);
    summarise(w);
}

static void ext_point_formats(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_named(w, "formats", 1, "format", 1, mxs_tls_point_format_name);
    summarise(w);
}

static void ext_srp(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_text(w, "user", 1);
    summarise(w);
}

static void ext_schemes(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_named(w, "schemes", 2, "scheme", 2, mxs_tls_scheme_name);
    summarise(w);
}

static void ext_use_srtp(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_named(w, "profiles", 2, "profile", 2, mxs_tls_srtp_name);
    summarise(w);
    mxs_wire_vector_hex(w, "mki", 1);
}

static void ext_heartbeat(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_named(w, "mode", 1, mxs_tls_heartbeat_name);
    summarise(w);
}

static void protocol_list(struct mxs_wire *w, struct mxs_wire *list)
{
    const char *names = NULL;
    size_t n = 0;
    for (; mxs_wire_more(list); n++) {
        mxs_wire_vector_text(list, "protocol", 1);
        names = mxs_wire_join(w->arena, names, n, list->c.bad ? NULL : list->at->last->value);
    }
    w->at->value = n ? mxs_wire_join_end(w->arena, names, n) : "empty";
}

static void ext_alpn(struct mxs_wire *w, unsigned message)
{
    (void)message;
    struct mxs_wire list = mxs_wire_vector(w, "protocols", 2);
    protocol_list(w, &list);
}

static void ext_next_protocol(struct mxs_wire *w, unsigned message) /* draft-agl-tls-nextprotoneg */
{
    (void)message;
    protocol_list(w, w);
}

static void ext_sct(struct mxs_wire *w, unsigned message)
{
    if (mxs_wire_left(w) == 0)
        ext_empty(w, message);
    else
        mxs_tls_sct_list_decode(w);
    summarise(w);
}

/* A list from the one who offers, one value from the one who chooses. */
static void ext_certificate_type(struct mxs_wire *w, unsigned message)
{
    if (is_client(message))
        mxs_wire_vector_named(w, "types", 1, "type", 1, mxs_tls_certificate_type_name);
    else
        mxs_wire_named(w, "type", 1, mxs_tls_certificate_type_name);
    summarise(w);
}

static void ext_padding(struct mxs_wire *w, unsigned message)
{
    (void)message;
    size_t n = mxs_wire_left(w);
    struct mxs_bytes b = mxs_wire_opaque(w, "padding", n);
    summarise(w);
    for (size_t i = 0; i < b.n; i++)
        if (b.p[i]) { /* RFC 7685 3 */
            w->at->last->flags |= MXS_FIELD_WARN;
            mxs_field_note(w->arena, w->at->last, "not all zero (RFC 7685 3)");
            return;
        }
}

static void ext_compress_certificate(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_named(w, "algorithms", 1, "algorithm", 2, mxs_tls_certificate_compression_name);
    summarise(w);
}

static void ext_record_size_limit(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_uint(w, "limit", 2);
    summarise(w);
}

static void ext_delegated_credential(struct mxs_wire *w, unsigned message)
{
    if (is_client(message))
        ext_schemes(w, message);
    else
        ext_opaque(w, message);
}

static void ext_pre_shared_key(struct mxs_wire *w, unsigned message)
{
    if (!is_client(message)) {
        mxs_wire_uint(w, "selected identity", 2);
        summarise(w);
        return;
    }
    struct mxs_wire list = mxs_wire_vector(w, "identities", 2);
    while (mxs_wire_more(&list)) {
        struct mxs_wire identity = mxs_wire_begin(&list, "identity");
        mxs_wire_vector_hex(&identity, "ticket", 2);
        mxs_wire_uint(&identity, "obfuscated_ticket_age", 4);
        mxs_wire_close(&list, &identity);
    }
    struct mxs_wire binders = mxs_wire_vector(w, "binders", 2);
    while (mxs_wire_more(&binders))
        mxs_wire_vector_hex(&binders, "binder", 1);
}

static void ext_early_data(struct mxs_wire *w, unsigned message)
{
    if (message != MXS_TLS_NEW_SESSION_TICKET) {
        ext_empty(w, message);
        return;
    }
    mxs_wire_uint(w, "max_early_data_size", 4);
    summarise(w);
}

static void ext_supported_versions(struct mxs_wire *w, unsigned message)
{
    if (is_client(message))
        mxs_wire_vector_named(w, "versions", 1, "version", 2, mxs_tls_version_name);
    else
        mxs_wire_named(w, "selected version", 2, mxs_tls_version_name);
    summarise(w);
}

static void ext_cookie(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_hex(w, "cookie", 2);
}

static void ext_psk_modes(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_named(w, "modes", 1, "mode", 1, mxs_tls_psk_mode_name);
    summarise(w);
}

static void ext_authorities(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_tls_authorities_decode(w);
    summarise(w);
}

static void ext_oid_filters(struct mxs_wire *w, unsigned message) /* RFC 8446 4.2.5 */
{
    (void)message;
    struct mxs_wire list = mxs_wire_vector(w, "filters", 2);
    size_t n = 0;
    for (; mxs_wire_more(&list); n++) {
        struct mxs_wire filter = mxs_wire_begin(&list, "filter");
        mxs_tls_oid_decode(&filter, "extension oid");
        mxs_wire_vector_hex(&filter, "values", 2);
        mxs_wire_close(&list, &filter);
    }
    w->at->value = mxs_arena_printf(w->arena, "%zu", n);
}

static const char *key_share_entry(struct mxs_wire *w)
{
    struct mxs_wire share = mxs_wire_begin(w, "key share");
    const char *name = mxs_tls_group_name(mxs_wire_named(&share, "group", 2, mxs_tls_group_name));
    share.at->value = share.c.bad ? NULL : name ? name : "unknown";
    mxs_wire_vector_hex(&share, "key exchange", 2);
    mxs_wire_close(w, &share);
    return share.at->value;
}

static void ext_key_share(struct mxs_wire *w, unsigned message)
{
    if (message == MXS_TLS_HELLO_RETRY_REQUEST) {
        mxs_wire_named(w, "selected group", 2, mxs_tls_group_name);
        summarise(w);
    } else if (is_client(message)) {
        struct mxs_wire list = mxs_wire_vector(w, "key shares", 2);
        const char *names = "empty";
        size_t n = 0;
        for (; mxs_wire_more(&list); n++)
            names = mxs_wire_join(w->arena, names, n, key_share_entry(&list));
        w->at->value = mxs_wire_join_end(w->arena, names, n);
    } else {
        w->at->value = key_share_entry(w);
    }
}

static void ext_ticket_request(struct mxs_wire *w, unsigned message) /* RFC 9149 3 */
{
    if (is_client(message)) {
        mxs_wire_uint(w, "new_session_count", 1);
        mxs_wire_uint(w, "resumption_count", 1);
    } else {
        mxs_wire_uint(w, "expected_count", 1);
    }
}

static void ext_renegotiation(struct mxs_wire *w, unsigned message)
{
    (void)message;
    mxs_wire_vector_hex(w, "renegotiated_connection", 1);
    summarise(w);
}

static const struct {
    uint16_t type;
    extension_fn fn;
} decoders[] = {
    { 0, ext_server_name },
    { 1, ext_fragment_length },
    { 4, ext_empty }, /* truncated_hmac */
    { 5, ext_status_request },
    { 10, ext_groups },
    { 11, ext_point_formats },
    { 12, ext_srp },
    { 13, ext_schemes },
    { 14, ext_use_srtp },
    { 15, ext_heartbeat },
    { 16, ext_alpn },
    { 17, ext_status_request_v2 },
    { 18, ext_sct },
    { 19, ext_certificate_type },
    { 20, ext_certificate_type },
    { 21, ext_padding },
    { 22, ext_empty }, /* encrypt_then_mac */
    { 23, ext_empty }, /* extended_master_secret */
    { 27, ext_compress_certificate },
    { 28, ext_record_size_limit },
    { 34, ext_delegated_credential },
    { 41, ext_pre_shared_key },
    { 42, ext_early_data },
    { 43, ext_supported_versions },
    { 44, ext_cookie },
    { 45, ext_psk_modes },
    { 47, ext_authorities },
    { 48, ext_oid_filters },
    { 49, ext_empty }, /* post_handshake_auth */
    { 50, ext_schemes },
    { 51, ext_key_share },
    { 58, ext_ticket_request },
    { 13172, ext_next_protocol },
    { 65281, ext_renegotiation },
};

static extension_fn decoder(unsigned type)
{
    for (size_t i = 0; i < MXS_COUNT(decoders); i++)
        if (decoders[i].type == type)
            return decoders[i].fn;
    return ext_opaque;
}

/* One extension: type, length, body. Gives the type. */
static unsigned one_extension(struct mxs_wire *w, unsigned message)
{
    struct mxs_wire node = mxs_wire_begin(w, "extension");
    unsigned type = mxs_wire_named(&node, "type", 2, mxs_tls_extension_name);
    const char *name = node.c.bad ? NULL : mxs_tls_extension_name(type);
    node.at->name = name ? name : "extension";
    size_t n = mxs_wire_uint(&node, "length", 2), left = mxs_wire_left(&node);
    if (!node.c.bad) {
        struct mxs_wire body = node;
        bool cut = n > left;
        if (cut)
            mxs_field_malformed(w->arena, node.at, mxs_cursor_offset(&node.c),
                                mxs_arena_printf(w->arena, "%zu octets announced, %zu left", n,
                                                 left));
        body.c.end = body.c.p + (cut ? left : n);
        decoder(type)(&body, message);
        mxs_wire_end(&body);
        node.c.p = body.c.end;
        node.c.bad = cut;
    }
    if (!name)
        node.at->flags |= MXS_FIELD_UNKNOWN;
    mxs_wire_close(w, &node);
    return type;
}

void mxs_tls_extensions_decode(struct mxs_wire *w, unsigned message)
{
    uint8_t seen[65536 / 8] = { 0 };
    struct mxs_wire list = mxs_wire_vector(w, "extensions", 2);
    size_t n = 0;
    for (; mxs_wire_more(&list); n++) {
        unsigned type = one_extension(&list, message);
        if (seen[type >> 3] & 1u << (type & 7)) { /* RFC 8446 4.2 */
            list.at->last->flags |= MXS_FIELD_WARN;
            mxs_field_note(w->arena, list.at->last, "sent twice, which is forbidden (RFC 8446 4.2)");
        }
        seen[type >> 3] |= (uint8_t)(1u << (type & 7));
    }
    list.at->value = mxs_arena_printf(w->arena, "%zu", n);
}
