#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <gnutls/gnutls.h>

#include "base/text.h"
#include "facts/tls.h"
#include "facts/tls_names.h"

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

/* GnuTLS's own names differ from IANA's in spelling only. */
static void spell(char *out, size_t max, const char *name)
{
    static const char *const odd[][2] = {
        { "WITH_", "" },      { "_SHA1", "_SHA" },           { "ARCFOUR", "RC4" },
        { "_anon_", "_ANON_" }, { "PSK_DHE", "DHE_PSK" }, { "POLY1305_SHA256", "POLY1305" },
    };
    char text[128];
    snprintf(out, max, "%s", name);
    for (size_t i = 0; i < MXS_COUNT(odd); i++) {
        char *at = strstr(out, odd[i][0]);
        if (!at)
            continue;
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - out), out, odd[i][1],
                 at + strlen(odd[i][0]));
        snprintf(out, max, "%s", text);
    }
}

static void ciphers_of_gnutls(void **state)
{
    (void)state;
    unsigned char id[2];
    const char *name;
    size_t n = 0;
    for (; (name = gnutls_cipher_suite_info(n, id, NULL, NULL, NULL, NULL)); n++) {
        const char *ours = mxs_tls_cipher_name((unsigned)id[0] << 8 | id[1]);
        char a[128], b[128];
        spell(a, sizeof a, ours ? ours : "nothing");
        spell(b, sizeof b, name);
        assert_string_equal(a, b);
    }
    assert_true(n > 80);
}

/* The table is searched by halves: each row must be found. */
static void ciphers_in_order(void **state)
{
    (void)state;
    size_t n = 0;
    for (unsigned suite = 0; suite <= 0xffff; suite++)
        n += mxs_tls_cipher_name(suite) != NULL;
    assert_int_equal(n, 357 + 16);
}

static void alerts_of_gnutls(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 256; code++) {
        const char *theirs = gnutls_alert_get_strname((gnutls_alert_description_t)code);
        const char *ours = mxs_tls_alert_name(code);
        if (!theirs)
            continue;
        theirs += strncmp(theirs, "GNUTLS_A_", 9) == 0 ? 9 : 0;
        theirs += strncmp(theirs, "SSL3_", 5) == 0 ? 5 : 0;
        assert_true(mxs_ascii_equal(ours ? ours : "nothing", theirs));
    }
}

static void known(void **state)
{
    (void)state;
    typedef const char *(*name_fn)(unsigned);
    static const struct {
        name_fn fn;
        unsigned value;
        const char *name;
    } rows[] = {
        { mxs_tls_version_name, 0x0304, "TLS1.3" },
        { mxs_tls_version_name, 0x0300, "SSL3.0" },
        { mxs_tls_version_name, 0x7a7a, "GREASE" },
        { mxs_tls_version_name, 0x0305, NULL },
        { mxs_tls_message_name, 1, "ClientHello" },
        { mxs_tls_message_name, 25, "CompressedCertificate" },
        { mxs_tls_message_name, 7, NULL },
        { mxs_tls_extension_name, 0, "server_name" },
        { mxs_tls_extension_name, 65281, "renegotiation_info" },
        { mxs_tls_extension_name, 0xfe0d, "encrypted_client_hello" },
        { mxs_tls_extension_name, 0xfafa, "GREASE" },
        { mxs_tls_extension_name, 0xfafb, NULL },
        { mxs_tls_cipher_name, 0x0000, "TLS_NULL_WITH_NULL_NULL" },
        { mxs_tls_cipher_name, 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
        { mxs_tls_cipher_name, 0x5600, "TLS_FALLBACK_SCSV" },
        { mxs_tls_cipher_name, 0x1301, "TLS_AES_128_GCM_SHA256" },
        { mxs_tls_cipher_name, 0xc0ab, "TLS_PSK_DHE_WITH_AES_256_CCM_8" },
        { mxs_tls_cipher_name, 0xd005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256" },
        { mxs_tls_cipher_name, 0xd004, NULL },
        { mxs_tls_cipher_name, 0x0a0a, "GREASE" },
        { mxs_tls_cipher_name, 0x10000, NULL },
        { mxs_tls_group_name, 29, "x25519" },
        { mxs_tls_group_name, 4588, "X25519MLKEM768" },
        { mxs_tls_group_name, 260, "ffdhe8192" },
        { mxs_tls_group_name, 0, NULL },
        { mxs_tls_scheme_name, 0x0403, "ecdsa_secp256r1_sha256" },
        { mxs_tls_scheme_name, 0x0905, "mldsa65" },
        { mxs_tls_scheme_name, 0x0000, NULL },
        { mxs_tls_alert_name, 116, "certificate_required" },
        { mxs_tls_alert_name, 43, "unsupported_certificate" },
        { mxs_tls_alert_name, 255, NULL },
        { mxs_tls_record_name, 22, "handshake" },
        { mxs_tls_record_name, 19, NULL },
        { mxs_tls_psk_mode_name, 0x2a, "GREASE" },
        { mxs_tls_certificate_compression_name, 2, "brotli" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const char *name = rows[i].fn(rows[i].value);
        if (rows[i].name)
            assert_string_equal(name, rows[i].name);
        else
            assert_null(name);
    }
}

static void grease(void **state)
{
    (void)state;
    unsigned n = 0;
    for (unsigned v = 0; v <= 0x10000; v++)
        n += mxs_tls_is_grease(v);
    assert_int_equal(n, 16);
    assert_true(mxs_tls_is_grease(0x1a1a));
    assert_false(mxs_tls_is_grease(0x1a2a));
}

static void alert_fields(void **state)
{
    struct mxs_field *root = mxs_tls_alert_fields(*state, mxs_bytes("\x02\x74", 2));
    assert_string_equal(root->value, "certificate_required");
    assert_string_equal(mxs_field_find(root, "level")->value, "fatal (2)");
    assert_string_equal(mxs_field_find(root, "description")->value, "certificate_required (116)");
    assert_int_equal(mxs_field_find(root, "description")->off, 1);
    assert_non_null(mxs_field_find(root, "description/note"));
    root = mxs_tls_alert_fields(*state, mxs_bytes("\x02\xfe", 2));
    assert_int_equal(mxs_field_find(root, "description")->flags, MXS_FIELD_UNKNOWN);
    root = mxs_tls_alert_fields(*state, mxs_bytes("\x02", 1));
    assert_int_equal(root->flags, MXS_FIELD_MALFORMED);
    root = mxs_tls_alert_fields(*state, mxs_bytes("\x02\x28\x00", 3));
    assert_int_equal(root->flags, MXS_FIELD_MALFORMED);
    root = mxs_tls_alert_fields(*state, mxs_bytes(NULL, 0));
    assert_int_equal(root->flags, MXS_FIELD_MALFORMED);
}

static void record_fields(void **state)
{
    struct mxs_field *root =
        mxs_tls_record_fields(*state, mxs_bytes("\x16\x03\x01\x00\x02\xaa\xbb", 7));
    assert_string_equal(mxs_field_find(root, "type")->value, "handshake (22)");
    assert_string_equal(mxs_field_find(root, "version")->value, "TLS1.0 (0x0301)");
    assert_int_equal(mxs_field_find(root, "fragment")->off, 5);
    assert_int_equal(mxs_field_find(root, "fragment")->len, 2);
    root = mxs_tls_record_fields(*state, mxs_bytes("\x16\x03\x01\x00\x05\xaa\xbb", 7));
    assert_int_equal(root->flags, MXS_FIELD_MALFORMED);
    root = mxs_tls_record_fields(*state, mxs_bytes("\x16\x03", 2));
    assert_int_equal(root->flags, MXS_FIELD_MALFORMED);
    root = mxs_tls_record_fields(*state, mxs_bytes("\x16\x03\x03\xff\xff", 5));
    assert_int_equal(mxs_field_find(root, "length")->flags, MXS_FIELD_WARN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ciphers_of_gnutls),
        cmocka_unit_test(ciphers_in_order),
        cmocka_unit_test(alerts_of_gnutls),
        cmocka_unit_test(known),
        cmocka_unit_test(grease),
        cmocka_unit_test_setup_teardown(alert_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(record_fields, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
