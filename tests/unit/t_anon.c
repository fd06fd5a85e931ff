/* What stands for what in texts that are handed out. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "report/anon.h"

static struct mxs_arena *arena;

static void same(struct mxs_anon *anon, const char *text, const char *want)
{
    const char *got = mxs_anon_text(anon, arena, text);
    if (strcmp(got, want) != 0)
        fail_msg("%s\n gave %s\n  not %s", text, got, want);
    const char *again = mxs_anon_text(anon, arena, got);
    if (strcmp(again, got) != 0)
        fail_msg("%s\n again gave %s", got, again);
}

/* Nothing was taught: the form alone tells. One anonymiser, so the numbers go on. */
static void by_form(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "220 mx1.example.net ESMTP Postfix", "220 host-1.domain-1.example ESMTP Postfix" },
        { "mx2.example.net. and example.net", "host-2.domain-1.example. and domain-1.example" },
        { "MX1.Example.NET, again", "host-1.domain-1.example, again" },
        { "_25._tcp.mx1.example.net. IN TLSA", "_25._tcp.host-1.domain-1.example. IN TLSA" },
        { "*.example.net", "*.domain-1.example" },
        { "https://mta-sts.example.net/.well-known/mta-sts.txt",
          "https://mta-sts.domain-1.example/.well-known/mta-sts.txt" },
        { "a.b.other.co.uk", "host-3.domain-2.example" },
        { "(mail.other.co.uk)", "(host-4.domain-2.example)" },
        { "│mx1.example.net│", "│host-1.domain-1.example│" },
        { "mx.b\xc3\xbc" "cher.de", "host-5.domain-3.example" },
        { "mx.xn--bcher-kva.de", "host-6.domain-4.example" },
        { "rua=mailto:tls@example.net,mailto:john.doe@example.net",
          "rua=mailto:mailbox-1@domain-1.example,mailto:mailbox-2@domain-1.example" },
        { "MAIL FROM:<John.Doe@example.net>", "MAIL FROM:<mailbox-2@domain-1.example>" },
        { "10.1.2.3, [10.1.2.3]:25 and 10.1.2.4", "192.0.2.1, [192.0.2.1]:25 and 192.0.2.2" },
        { "[2a00:1450::1a]:25 2A00:1450:0::1A", "[2001:db8::1]:25 2001:db8::1" },
        { "127.0.0.1 ::1 192.0.2.77 2001:db8::9", "127.0.0.1 ::1 192.0.2.77 2001:db8::9" },
        { "3 1 1 27fa59d8e4f4a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607182930",
          "3 1 1 0001000000000000000000000000000000000000000000000000000000000000" },
        { "27FA59D8E4F4A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F607182930",
          "0001000000000000000000000000000000000000000000000000000000000000" },
        { "\033[1mmx1.example.net\033[0m", "\033[1mhost-1.domain-1.example\033[0m" },
        { "a\\r\\nmx1.example.net\\x00mx1.example.net", "a\\r\\nhost-1.domain-1.example\\x00host-1.domain-1.example" },
        { "250-mx1.example.net", "250-host-1.domain-1.example" },
        { "serial 0a:1b:2c:3d:4e:5f:60:71:82", "serial 00:02:00:00:00:00:00:00:00" },
        /* what names nobody */
        { "(RFC 8446 4.4.2.4), RFC 5280 4.2.1.12, 4.2.1.13 and 6.1", NULL },
        { "\033[1mOK\033[0m \\n \\x41", NULL },
        { "TLS1.3 TLS_AES_256_GCM_SHA384 x25519, rsa_pss_rsae_sha256", NULL },
        { "RFC 7672 2.2, X.509, OID 1.3.6.1.5.5.7.3.2, 1.2.840.113549.1.1.11", NULL },
        { "2026-11-22T03:26:34Z, 73.4 ms, 12:34:56, 20261101T000000, GnuTLS 3.7.9", NULL },
        { "id=20261101000000; max_age 604800", NULL },
        { "mxscope.report/1 chain.pem:31 main.cf fullchain.pem mta-sts.txt", NULL },
        { "e.g. this, i.e. that.. and so on... a.m.", NULL },
        { "postfix/smtp/dane, sslv3 alert 43, 250-SIZE 10240000", NULL },
        { "deadbeef cafe", NULL },
        { "", NULL },
    };
    struct mxs_anon *anon = mxs_anon_new(NULL);
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        same(anon, rows[i].text, rows[i].want ? rows[i].want : rows[i].text);
    assert_null(mxs_anon_text(anon, arena, NULL));
    assert_string_equal(mxs_anon_text(NULL, arena, "mx1.example.net"), "mx1.example.net");
    mxs_anon_free(anon);
}

static const struct mxs_cert *cert(const char *file)
{
    struct mxs_bytes pem;
    struct mxs_chain chain = { { NULL, 0, 0 } };
    assert_int_equal(mxs_file_read(arena, file, 1 << 16, &pem, NULL), MXS_OK);
    assert_int_equal(mxs_cert_pem(arena, file, pem, &chain, NULL), MXS_OK);
    return chain.certs.v[0];
}

/* What the evidence says is found where its form does not tell. */
static void learned(void **state)
{
    struct mxs_evidence ev = { .arena = arena, .target = "acme.org", .has_domain = true };
    struct mxs_host_facts host = { .host = "mx1.acme.org" };
    struct mxs_session_facts session = { .id = 1, .address = "192.0.2.1" };
    const struct mxs_cert *leaf = cert(MXS_TEST_CERTS "/facts/leaf.pem");
    const struct mxs_cert *root = cert(MXS_TEST_CERTS "/facts/root.pem");
    struct mxs_anon *anon = mxs_anon_new(NULL);
    (void)state;
    ev.domain.name = "acme.org";
    *mxs_list_add(arena, &ev.domain.tlsrpt.rua) = "mailto:jane.roe@acme.org";
    *mxs_list_add(arena, &session.chain.certs) = leaf;
    *mxs_list_add(arena, &session.chain.certs) = root;
    *mxs_list_add(arena, &host.sessions) = &session;
    *mxs_list_add(arena, &ev.hosts) = &host;
    mxs_anon_learn(anon, &ev);
    mxs_anon_learn(anon, &ev);
    mxs_anon_learn_host(anon, "workstation");
    same(anon, "acme.org", "domain-1.example");
    same(anon, "220 mx1 Acme Mail", "220 host-1 domain-1 Mail");
    same(anon, "user jane.roe is unknown", "user mailbox-1 is unknown");
    same(anon, "EHLO workstation", "EHLO host-3");
    same(anon, "10.0.0.1", "192.0.2.2"); /* 192.0.2.1 is somebody's here */
    same(anon, root->subject, "CN=Name 2,O=Organization 1,C=DE");
    same(anon, "issued by Example\n    Root, twice", "issued by Name 2, twice");
    assert_null(strstr(mxs_anon_text(anon, arena, leaf->subject), "Example"));
    const char *cut = mxs_arena_strndup(arena, leaf->serial, 8);
    assert_string_not_equal(mxs_anon_text(anon, arena, cut), cut);
    mxs_anon_free(anon);
}

/* A CA of the catalog is public: its names and digests stay. */
static void catalog_stays(void **state)
{
    struct mxs_catalog *catalog;
    (void)state;
    assert_int_equal(mxs_catalog_load(MXS_TEST_SHARE "/catalog", &catalog, NULL), MXS_OK);
    struct mxs_anon *anon = mxs_anon_new(catalog);
    same(anon, "CN=YR1,O=Let's Encrypt,C=US", "CN=YR1,O=Let's Encrypt,C=US");
    same(anon, "2 1 1 2e8307068b6db620e4a39d068b5dee5d6ef5788cbb2c0b6d23ead84fcc17178c",
         "2 1 1 2e8307068b6db620e4a39d068b5dee5d6ef5788cbb2c0b6d23ead84fcc17178c");
    same(anon, "2e8307068b6db620e4", "2e8307068b6db620e4");
    same(anon, "2e8307068b6db620e5", "000100000000000000");
    mxs_anon_free(anon);
    mxs_catalog_free(catalog);
}

static int setup(void **state)
{
    (void)state;
    arena = mxs_arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mxs_arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(by_form, setup, teardown),
        cmocka_unit_test_setup_teardown(learned, setup, teardown),
        cmocka_unit_test_setup_teardown(catalog_stays, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
