#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "facts/tls.h"

/* The messages are those of tests/fuzz/seeds/tls_message: captured from OpenSSL 3.0 and GnuTLS 3.7
 * sessions, or crafted where neither sends such a thing. A file is the handshake type, the
 * negotiated version (two octets) and the body. */

static int setup(void **state)
{
    *state = mxs_arena_new();
    return 0;
}

static int teardown(void **state)
{
    mxs_arena_free(*state);
    return 0;
}

static const char *seeds(struct mxs_arena *arena)
{
    const char *srcdir = getenv("srcdir");
    return mxs_arena_printf(arena, "%s/tests/fuzz/seeds/tls_message", srcdir ? srcdir : ".");
}

struct message {
    const char *name;
    unsigned type, version;
    struct mxs_bytes body;
};

static struct message load(struct mxs_arena *arena, const char *name)
{
    struct mxs_bytes b;
    struct mxs_why why;
    const char *path = mxs_arena_printf(arena, "%s/%s", seeds(arena), name);
    if (mxs_file_read(arena, path, 1 << 20, &b, &why))
        fail_msg("%s", why.text);
    assert_true(b.n >= 3);
    return (struct message){ name, b.p[0], (unsigned)b.p[1] << 8 | b.p[2],
                             mxs_bytes(b.p + 3, b.n - 3) };
}

static struct mxs_field *decode(struct mxs_arena *arena, const struct message *m)
{
    return mxs_tls_message_fields(arena, m->type, m->version, m->body);
}

static bool has_flag(const struct mxs_field *root, unsigned flag)
{
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL))
        if (f->flags & flag)
            return true;
    return false;
}

static void values(void **state)
{
    static const struct {
        const char *seed, *path, *value;
    } rows[] = {
        { "tls13-01-out-ClientHello", "ClientHello", "up to TLS1.3, SNI mx1.example.org" },
        { "tls13-01-out-ClientHello", "legacy_version", "TLS1.2 (0x0303)" },
        { "tls13-01-out-ClientHello", "cipher_suites/cipher suite",
          "TLS_AES_256_GCM_SHA384 (0x1302)" },
        { "tls13-01-out-ClientHello", "server_name", "mx1.example.org" },
        { "tls13-01-out-ClientHello", "server_name/server name/name type", "host_name (0)" },
        { "tls13-01-out-ClientHello", "application_layer_protocol_negotiation", "smtp, h2" },
        { "tls13-01-out-ClientHello", "supported_versions", "TLS1.3" },
        { "tls13-01-out-ClientHello", "key_share", "x25519" },
        { "tls13-01-out-ClientHello", "status_request", "ocsp (1)" },
        { "tls13-01-out-ClientHello", "signed_certificate_timestamp", "empty" },
        { "tls13-01-out-ClientHello", "psk_key_exchange_modes", "psk_dhe_ke" },
        { "tls13-02-in-ServerHello", "ServerHello", "TLS1.3, TLS_AES_256_GCM_SHA384, x25519" },
        { "tls13-02-in-ServerHello", "supported_versions/selected version", "TLS1.3 (0x0304)" },
        { "tls13-03-in-EncryptedExtensions", "protocol", "smtp" },
        { "tls13-04-in-CertificateRequest", "authority", "CN=Example Root,O=Example Trust" },
        { "tls13-04-in-CertificateRequest", "signature_algorithms/scheme",
          "ecdsa_secp256r1_sha256 (0x0403)" },
        { "tls13-05-in-Certificate", "Certificate", "2 certificates" },
        { "tls13-05-in-Certificate", "context", "empty" },
        { "tls13-05-in-Certificate", "entry/status_request/status type", "ocsp (1)" },
        { "tls13-05-in-Certificate", "entry/signed_certificate_timestamp/timestamps", "2" },
        { "tls13-05-in-Certificate", "timestamp of a log/timestamp", "2025-01-01T00:00:00Z" },
        { "tls13-05-in-Certificate", "timestamp of a log/signature/hash", "sha256 (4)" },
        { "tls13-05-in-Certificate", "entry/certificate/subject/CN", "mx1.example.org" },
        { "tls13-05-in-Certificate", "subjectAltName/dNSName", "mx1.example.org" },
        { "tls13-05-in-Certificate", "status_request/response/certStatus", "good" },
        { "tls13-04-in-CertificateRequest", "authority/CN", "Example Root" },
        { "tls13-06-in-CertificateVerify", "CertificateVerify", "ecdsa_secp256r1_sha256" },
        { "tls13-08-out-Certificate", "Certificate", "2 certificates" },
        { "tls13-11-in-NewSessionTicket", "ticket_lifetime", "7200" },
        { "tls13-retry-02-in-ServerHello", "HelloRetryRequest",
          "TLS1.3, TLS_AES_256_GCM_SHA384, secp384r1" },
        { "tls13-retry-02-in-ServerHello", "key_share/selected group", "secp384r1 (0x0018)" },
        { "tls13-retry-04-in-ServerHello", "key_share", "secp384r1" },
        { "tls13-resumed-01-out-ClientHello", "pre_shared_key/identities/identity/ticket", NULL },
        { "tls13-resumed-02-in-ServerHello", "pre_shared_key/selected identity", "0" },
        { "tls13-keyupdate-10-out-KeyUpdate", "request_update", "update_requested (1)" },
        { "tls13-keyupdate-12-in-KeyUpdate", "KeyUpdate", "update_not_requested" },
        { "tls12-ecdhe-02-in-ServerHello", "ServerHello",
          "TLS1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
        { "tls12-ecdhe-02-in-ServerHello", "renegotiation_info", "empty" },
        { "tls12-ecdhe-02-in-ServerHello", "extended_master_secret", "empty" },
        { "tls12-ecdhe-03-in-Certificate", "Certificate", "2 certificates" },
        { "tls12-ecdhe-04-in-CertificateStatus", "CertificateStatus", "ocsp" },
        { "tls12-ecdhe-05-in-ServerKeyExchange", "ServerKeyExchange", "ECDHE, x25519" },
        { "tls12-ecdhe-05-in-ServerKeyExchange", "signature", "ecdsa_secp256r1_sha256" },
        { "tls12-ecdhe-06-in-CertificateRequest", "certificate types/type", "rsa_sign (1)" },
        { "tls12-ecdhe-06-in-CertificateRequest", "authorities", "1" },
        { "tls12-ecdhe-07-in-ServerHelloDone", "ServerHelloDone", "empty" },
        { "tls12-ecdhe-09-out-ClientKeyExchange", "ClientKeyExchange", "ECDHE" },
        { "tls12-ecdhe-12-in-NewSessionTicket", "ticket_lifetime_hint", "7200" },
        { "tls12-dhe-04-in-ServerKeyExchange", "ServerKeyExchange", "DHE, 2048 bits" },
        { "tls12-dhe-04-in-ServerKeyExchange", "signature/algorithm",
          "rsa_pss_rsae_sha256 (0x0804)" },
        { "tls12-dhe-06-out-ClientKeyExchange", "ClientKeyExchange", "DHE or RSA" },
        { "tls12-rsa-05-out-ClientKeyExchange", "ClientKeyExchange", "DHE or RSA" },
        { "tls11-04-in-ServerKeyExchange", "ServerKeyExchange", "ECDHE, x25519" },
        { "gnutls13-client-01-out-ClientHello", "record_size_limit/limit", "16385" },
        { "gnutls13-client-01-out-ClientHello", "encrypt_then_mac", "empty" },
        { "gnutls13-client-03-in-EncryptedExtensions", "supported_groups/group",
          "x25519 (0x001d)" },
        { "gnutls13-server-04-in-CertificateRequest", "certificate_authorities", "1" },
        { "gnutls12-server-05-in-CertificateRequest", "authority",
          "CN=Example Root,O=Example Trust" },
        { "crafted-grease-ClientHello", "cipher_suites/cipher suite", "GREASE (0x2a2a)" },
        { "crafted-grease-ClientHello", "key_share", "GREASE, X25519MLKEM768, x25519" },
        { "crafted-grease-ClientHello", "supported_versions", "GREASE, TLS1.3, TLS1.2" },
        { "crafted-grease-ClientHello", "compress_certificate", "brotli" },
        { "crafted-grease-ClientHello", "application_settings", "5 octets" },
        { "crafted-grease-ClientHello", "encrypted_client_hello", "186 octets" },
        { "crafted-grease-ClientHello", "padding", "20 octets" },
        { "crafted-grease-ClientHello", "ClientHello", "up to TLS1.3, SNI mx1.example.org" },
        { "crafted-many-ClientHello", "max_fragment_length", "1024 octets (2)" },
        { "crafted-many-ClientHello", "srp", "user" },
        { "crafted-many-ClientHello", "use_srtp/profiles", NULL },
        { "crafted-many-ClientHello", "heartbeat", "peer_allowed_to_send (1)" },
        { "crafted-many-ClientHello", "status_request_v2/request/status type", "ocsp_multi (2)" },
        { "crafted-many-ClientHello", "server_certificate_type", "RawPublicKey, X509" },
        { "crafted-many-ClientHello", "certificate_authorities/authority", "C=DE" },
        { "crafted-many-ClientHello", "ticket_request/new_session_count", "2" },
        { "crafted-many-ClientHello", "identity/obfuscated_ticket_age", "123456" },
        { "crafted-oid-filters-CertificateRequest", "oid_filters/filter/extension oid",
          "2.5.29.37" },
        { "crafted-oid-filters-CertificateRequest", "context", "637478" },
        { "crafted-multi-CertificateStatus", "CertificateStatus", "ocsp_multi" },
        { "crafted-CompressedCertificate", "uncompressed_length", "2090" },
        { "crafted-early-NewSessionTicket", "early_data/max_early_data_size", "16384" },
        { "crafted-anonymous-ServerKeyExchange", "ServerKeyExchange", "ECDHE, secp256r1" },
        { "crafted-anonymous-ServerKeyExchange", "note",
          "not signed: an anonymous key exchange" },
        { "crafted-tls10-CertificateRequest", "authorities", "none named" },
        { "crafted-downgrade-ServerHello", "random/note",
          "the server could do TLS 1.3 (RFC 8446 4.1.3)" },
        { "crafted-downgrade-ServerHello", "next_protocol_negotiation", "http/1.1, spdy/3" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct message m = load(*state, rows[i].seed);
        const struct mxs_field *root = decode(*state, &m);
        const struct mxs_field *f = mxs_field_find(root, rows[i].path);
        if (!f)
            fail_msg("%s has no %s", rows[i].seed, rows[i].path);
        if (rows[i].value && (!f->value || strcmp(f->value, rows[i].value)))
            fail_msg("%s %s: %s, expected %s", rows[i].seed, rows[i].path, f->value,
                     rows[i].value);
    }
}

/* The byte under a field of a known place. */
static void ranges(void **state)
{
    static const struct {
        const char *seed;
        size_t at;
        const char *name;
    } rows[] = {
        { "tls13-02-in-ServerHello", 0, "legacy_version" },
        { "tls13-02-in-ServerHello", 2, "random" },
        { "tls13-02-in-ServerHello", 33, "random" },
        { "tls13-02-in-ServerHello", 34, "session id" },
        { "tls13-02-in-ServerHello", 67, "cipher_suite" },
        { "tls13-02-in-ServerHello", 69, "compression_method" },
        { "tls13-02-in-ServerHello", 70, "extensions" },
        { "tls13-02-in-ServerHello", 72, "type" },
        { "tls13-02-in-ServerHello", 74, "length" },
        { "tls13-02-in-ServerHello", 76, "selected version" },
        { "tls13-05-in-Certificate", 0, "context" },
        { "tls13-05-in-Certificate", 1, "certificates" },
        { "tls13-05-in-Certificate", 4, "certificate" },
        { "tls12-ecdhe-05-in-ServerKeyExchange", 0, "curve type" },
        { "tls12-ecdhe-05-in-ServerKeyExchange", 1, "group" },
        { "tls12-ecdhe-05-in-ServerKeyExchange", 3, "public key" },
        { "tls12-ecdhe-05-in-ServerKeyExchange", 36, "algorithm" },
        { "tls12-ecdhe-05-in-ServerKeyExchange", 38, "value" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct message m = load(*state, rows[i].seed);
        assert_string_equal(mxs_field_at(decode(*state, &m), rows[i].at)->name, rows[i].name);
    }
}

static void hello_parse(void **state)
{
    static const struct {
        const char *seed;
        struct mxs_tls_hello hello;
    } rows[] = {
        { "tls13-01-out-ClientHello",
          { .version = 0x304, .group = 29, .sni = "mx1.example.org", .session_ticket = true,
            .extended_master_secret = true } },
        { "tls13-02-in-ServerHello", { .version = 0x304, .cipher = 0x1302, .group = 29 } },
        { "tls13-retry-02-in-ServerHello",
          { .retry = true, .version = 0x304, .cipher = 0x1302, .group = 24 } },
        { "tls12-ecdhe-01-out-ClientHello",
          { .version = 0x303, .sni = "mx1.example.org", .session_ticket = true,
            .extended_master_secret = true } },
        { "tls12-ecdhe-02-in-ServerHello",
          { .version = 0x303, .cipher = 0xc02c, .alpn = "smtp", .session_ticket = true,
            .extended_master_secret = true } },
        { "crafted-grease-ClientHello",
          { .version = 0x304, .group = 4588, .sni = "mx1.example.org", .session_ticket = true,
            .extended_master_secret = true } },
        { "crafted-many-ClientHello", { .version = 0x303, .early_data = true } },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct message m = load(*state, rows[i].seed);
        struct mxs_tls_hello h;
        const struct mxs_tls_hello *want = &rows[i].hello;
        assert_true(mxs_tls_hello_parse(*state, m.type, m.body, &h));
        assert_int_equal(h.retry, want->retry);
        assert_int_equal(h.version, want->version);
        assert_int_equal(h.cipher, want->cipher);
        assert_int_equal(h.group, want->group);
        assert_int_equal(h.early_data, want->early_data);
        assert_int_equal(h.session_ticket, want->session_ticket);
        assert_int_equal(h.extended_master_secret, want->extended_master_secret);
        assert_string_equal(h.sni ? h.sni : "none", want->sni ? want->sni : "none");
        assert_string_equal(h.alpn ? h.alpn : "none", want->alpn ? want->alpn : "none");
    }
}

static void other_parse(void **state)
{
    struct message m = load(*state, "tls13-03-in-EncryptedExtensions");
    assert_string_equal(mxs_tls_alpn(*state, m.body), "smtp");
    m = load(*state, "gnutls13-client-03-in-EncryptedExtensions");
    assert_null(mxs_tls_alpn(*state, m.body));
    assert_null(mxs_tls_alpn(*state, mxs_bytes(NULL, 0)));

    m = load(*state, "tls12-ecdhe-05-in-ServerKeyExchange");
    assert_int_equal(mxs_tls_key_exchange_group(m.body), 29);
    assert_int_equal(mxs_tls_signature_scheme(m.type, m.version, m.body), 0x0403);
    m = load(*state, "tls11-04-in-ServerKeyExchange");
    assert_int_equal(mxs_tls_key_exchange_group(m.body), 29);
    assert_int_equal(mxs_tls_signature_scheme(m.type, m.version, m.body), 0);
    m = load(*state, "tls12-dhe-04-in-ServerKeyExchange");
    assert_int_equal(mxs_tls_key_exchange_group(m.body), 0);
    assert_int_equal(mxs_tls_signature_scheme(m.type, m.version, m.body), 0x0804);
    m = load(*state, "tls13-06-in-CertificateVerify");
    assert_int_equal(mxs_tls_signature_scheme(m.type, m.version, m.body), 0x0403);
    assert_int_equal(mxs_tls_signature_scheme(MXS_TLS_FINISHED, m.version, m.body), 0);
    m = load(*state, "crafted-anonymous-ServerKeyExchange");
    assert_int_equal(mxs_tls_key_exchange_group(m.body), 23);
    assert_int_equal(mxs_tls_signature_scheme(m.type, m.version, m.body), 0);
}

static void certificates_parse(void **state)
{
    struct mxs_tls_certificates out;
    struct message m = load(*state, "tls13-05-in-Certificate");
    assert_true(mxs_tls_certificates_parse(*state, m.version, m.body, &out));
    assert_int_equal(out.der.n, 2);
    assert_int_equal(out.ocsp.n, 828);
    assert_int_equal(out.scts, 2);
    assert_int_equal(out.der.v[0].p[0], 0x30);
    assert_ptr_equal(out.der.v[0].p, m.body.p + 7);
    m = load(*state, "tls12-ecdhe-03-in-Certificate");
    assert_true(mxs_tls_certificates_parse(*state, m.version, m.body, &out));
    assert_int_equal(out.der.n, 2);
    assert_int_equal(out.ocsp.n, 0);
    assert_false(mxs_tls_certificates_parse(*state, MXS_TLS_1_3, m.body, &out));
    assert_true(mxs_tls_certificates_parse(*state, MXS_TLS_1_2, mxs_bytes("\0\0\0", 3), &out));
    assert_int_equal(out.der.n, 0);
}

static void request_parse(void **state)
{
    struct mxs_tls_certificate_request out;
    struct message m = load(*state, "tls13-04-in-CertificateRequest");
    assert_true(mxs_tls_certificate_request_parse(*state, m.version, m.body, &out));
    assert_int_equal(out.authorities.n, 1);
    assert_string_equal(out.authorities.v[0], "CN=Example Root,O=Example Trust");
    assert_true(out.signature_schemes.n > 5);
    assert_int_equal(out.signature_schemes.v[0], 0x0403);
    assert_int_equal(out.types.n, 0);
    m = load(*state, "tls12-ecdhe-06-in-CertificateRequest");
    assert_true(mxs_tls_certificate_request_parse(*state, m.version, m.body, &out));
    assert_int_equal(out.types.n, 3);
    assert_int_equal(out.authorities.n, 1);
    m = load(*state, "crafted-oid-filters-CertificateRequest");
    assert_true(mxs_tls_certificate_request_parse(*state, m.version, m.body, &out));
    assert_int_equal(out.oid_filters, 1);
    m = load(*state, "crafted-tls10-CertificateRequest");
    assert_true(mxs_tls_certificate_request_parse(*state, m.version, m.body, &out));
    assert_int_equal(out.types.n, 3);
    assert_int_equal(out.signature_schemes.n, 0);
}

/* --- over all messages ------------------------------------------------------------------------ */

typedef void (*each_fn)(struct mxs_arena *arena, const struct message *m);

static void for_each(void **state, each_fn fn)
{
    DIR *dir = opendir(seeds(*state));
    size_t n = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        struct mxs_arena *arena = mxs_arena_new();
        struct message m = load(arena, entry->d_name);
        if (strncmp(m.name, "broken-", 7) != 0)
            fn(arena, &m);
        n += 1;
        mxs_arena_free(arena);
    }
    closedir(dir);
    assert_true(n > 40);
}

static void check_well_formed(struct mxs_arena *arena, const struct message *m)
{
    const struct mxs_field *root = decode(arena, m);
    if (has_flag(root, MXS_FIELD_MALFORMED | MXS_FIELD_UNKNOWN | MXS_FIELD_WARN))
        fail_msg("%s does not decode without a mark", m->name);
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL)) {
        assert_true(f->off <= m->body.n && f->len <= m->body.n - f->off);
        if (f->parent && f->len)
            assert_true(f->off >= f->parent->off &&
                        f->off + f->len <= f->parent->off + f->parent->len);
    }
    for (size_t i = 0; i < m->body.n; i++) /* no octet without a field of its own */
        if (mxs_field_at(root, i) == root)
            fail_msg("%s: octet %zu has no field", m->name, i);
}

static void well_formed(void **state)
{
    for_each(state, check_well_formed);
}

static bool says_it_ends(const struct mxs_field *root)
{
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL))
        if (f->flags & MXS_FIELD_NOTE &&
            (strcmp(f->value, "no extensions") == 0 || strncmp(f->value, "not signed", 10) == 0))
            return true;
    return false;
}

/* Messages whose shorter form is one too. */
static bool may_be_shorter(struct mxs_arena *arena, const struct message *m, size_t n)
{
    switch (m->type) {
    case MXS_TLS_FINISHED:
        return n > 0;
    case MXS_TLS_CLIENT_HELLO: /* without extensions */
    case MXS_TLS_SERVER_HELLO:
    case MXS_TLS_SERVER_KEY_EXCHANGE: /* without a signature */
        return says_it_ends(mxs_tls_message_fields(arena, m->type, m->version,
                                                   mxs_bytes(m->body.p, n)));
    default:
        return false;
    }
}

static void parse_all(struct mxs_arena *arena, unsigned type, unsigned version,
                      struct mxs_bytes body)
{
    struct mxs_tls_hello hello;
    struct mxs_tls_certificates certificates;
    struct mxs_tls_certificate_request request;
    mxs_tls_hello_parse(arena, type, body, &hello);
    mxs_tls_certificates_parse(arena, version, body, &certificates);
    mxs_tls_certificate_request_parse(arena, version, body, &request);
    mxs_tls_alpn(arena, body);
    mxs_tls_signature_scheme(type, version, body);
    mxs_tls_key_exchange_group(body);
}

static void check_cut(struct mxs_arena *arena, const struct message *m)
{
    for (size_t n = 0; n < m->body.n; n++) {
        struct mxs_arena *inner = mxs_arena_new();
        uint8_t *copy = malloc(n ? n : 1); /* so that ASan sees a read past the end */
        memcpy(copy, m->body.p, n);
        struct message cut = { m->name, m->type, m->version, mxs_bytes(copy, n) };
        if (!has_flag(decode(inner, &cut), MXS_FIELD_MALFORMED) && !may_be_shorter(inner, m, n))
            fail_msg("%s cut to %zu octets passes", m->name, n);
        parse_all(inner, cut.type, cut.version, cut.body);
        free(copy);
        mxs_arena_free(inner);
    }
    (void)arena;
}

static void cut_anywhere(void **state)
{
    for_each(state, check_cut);
}

static void check_longer(struct mxs_arena *arena, const struct message *m)
{
    uint8_t *copy = mxs_arena_alloc(arena, m->body.n + 1);
    memcpy(copy, m->body.p, m->body.n);
    struct message longer = { m->name, m->type, m->version, mxs_bytes(copy, m->body.n + 1) };
    if (m->type != MXS_TLS_FINISHED && !has_flag(decode(arena, &longer), MXS_FIELD_MALFORMED))
        fail_msg("%s with an octet more passes", m->name);
}

static void one_more(void **state)
{
    for_each(state, check_longer);
}

/* Read as what it is not: anything may come out, but nothing outside may be read. */
static void check_confused(struct mxs_arena *arena, const struct message *m)
{
    static const unsigned versions[] = { 0, 0x301, 0x303, 0x304, 0xffff };
    uint8_t *copy = malloc(m->body.n ? m->body.n : 1);
    memcpy(copy, m->body.p, m->body.n);
    for (unsigned type = 0; type < 256; type++)
        for (size_t v = 0; v < MXS_COUNT(versions); v++) {
            struct message other = { m->name, type, versions[v], mxs_bytes(copy, m->body.n) };
            assert_non_null(decode(arena, &other));
            if (type < 26)
                parse_all(arena, type, versions[v], other.body);
        }
    free(copy);
}

static void confused(void **state)
{
    for_each(state, check_confused);
}

static void marks(void **state)
{
    /* an unknown extension, twice */
    struct mxs_bytes b = mxs_bytes("\0\x0a\x12\x34\0\1\xff\x12\x34\0\1\xff", 12);
    struct mxs_field *root = mxs_tls_message_fields(*state, 8, MXS_TLS_1_3, b);
    const struct mxs_field *f = mxs_field_find(root, "extension");
    assert_int_equal(f->flags, MXS_FIELD_UNKNOWN);
    assert_string_equal(f->value, "1 octets");
    assert_int_equal(f->next->flags, MXS_FIELD_UNKNOWN | MXS_FIELD_WARN);
    assert_false(has_flag(root, MXS_FIELD_MALFORMED));
    /* an extension longer than its block */
    b = mxs_bytes("\0\x05\0\x17\0\4\xff", 7);
    root = mxs_tls_message_fields(*state, 8, MXS_TLS_1_3, b);
    f = mxs_field_find(root, "extended_master_secret");
    assert_int_equal(f->flags, MXS_FIELD_MALFORMED);
    /* a message type without a name */
    root = mxs_tls_message_fields(*state, 99, MXS_TLS_1_3, mxs_bytes("x", 1));
    assert_string_equal(root->value, "type 99");
    assert_int_equal(root->flags, MXS_FIELD_UNKNOWN);
    /* text of the peer cannot reach a terminal */
    root = mxs_tls_message_fields(*state, 8, MXS_TLS_1_3,
                                  mxs_bytes("\0\x0b\0\x10\0\7\0\5\4\x1b[2J", 13));
    assert_string_equal(mxs_field_find(root, "protocol")->value, "\\x1b[2J");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values, setup, teardown),
        cmocka_unit_test_setup_teardown(ranges, setup, teardown),
        cmocka_unit_test_setup_teardown(hello_parse, setup, teardown),
        cmocka_unit_test_setup_teardown(other_parse, setup, teardown),
        cmocka_unit_test_setup_teardown(certificates_parse, setup, teardown),
        cmocka_unit_test_setup_teardown(request_parse, setup, teardown),
        cmocka_unit_test_setup_teardown(well_formed, setup, teardown),
        cmocka_unit_test_setup_teardown(cut_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(one_more, setup, teardown),
        cmocka_unit_test_setup_teardown(confused, setup, teardown),
        cmocka_unit_test_setup_teardown(marks, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
