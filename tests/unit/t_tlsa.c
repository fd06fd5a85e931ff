#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "facts/cert.h"
#include "facts/tlsa.h"

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

#define D32 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SPKI_ED25519 "302a300506032b6570032100" D32

static void usability(void **state)
{
    static const struct {
        const char *text;
        bool usable, usable_pkix; /* on port 25; where usages 0 and 1 are allowed */
        const char *why;
    } rows[] = {
        { "3 1 1 " D32, true, true, NULL },
        { "2 0 1 " D32, true, true, NULL },
        { "3 0 2 " D32 D32, true, true, NULL },
        { "2 1 0 " SPKI_ED25519, true, true, NULL },
        { "0 1 1 " D32, false, true, "usages 0 and 1" },
        { "1 0 1 " D32, false, true, "usages 0 and 1" },
        { "4 1 1 " D32, false, false, "usage" },
        { "255 1 1 " D32, false, false, "usage" },
        { "3 2 1 " D32, false, false, "selector" },
        { "3 1 3 " D32, false, false, "matching type" },
        { "3 1 1 " D32 "00", false, false, "32 octets" },
        { "3 1 1 00", false, false, "32 octets" },
        { "3 1 2 " D32, false, false, "64 octets" },
        { "3 1 0 " D32, false, false, "no public key" },
        { "3 0 0 " SPKI_ED25519, false, false, "no certificate" },
        { "2 1 0 " SPKI_ED25519 "00", false, false, "no public key" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_tlsa tlsa;
        struct mxs_why why;
        assert_int_equal(mxs_tlsa_text_parse(*state, rows[i].text, &tlsa, &why), MXS_OK);
        if (tlsa.usable != rows[i].usable)
            fail_msg("%s: %s", rows[i].text, tlsa.unusable_reason);
        if (rows[i].why)
            assert_non_null(strstr(tlsa.unusable_reason, rows[i].why));
        else
            assert_null(tlsa.unusable_reason);
        mxs_tlsa_judge_usable(&tlsa, true);
        assert_int_equal(tlsa.usable, rows[i].usable_pkix);
        assert_string_equal(mxs_tlsa_text(*state, &tlsa), rows[i].text);
    }
}

static void full_certificate(void **state)
{
    struct mxs_bytes pem;
    struct mxs_chain chain;
    struct mxs_tlsa tlsa = { .usage = 2 };
    const char *path = MXS_TEST_CERTS "/facts/int.pem";
    assert_int_equal(mxs_file_read(*state, path, 1 << 16, &pem, NULL), MXS_OK);
    assert_int_equal(mxs_cert_pem(*state, path, pem, &chain, NULL), MXS_OK);
    tlsa.data = chain.certs.v[0]->der;
    mxs_tlsa_judge_usable(&tlsa, false);
    assert_true(tlsa.usable);
    tlsa.data.n--;
    mxs_tlsa_judge_usable(&tlsa, false);
    assert_string_equal(tlsa.unusable_reason, "the data are no certificate");
    tlsa.selector = 1;
    tlsa.data = chain.certs.v[0]->spki;
    mxs_tlsa_judge_usable(&tlsa, false);
    assert_true(tlsa.usable);
}

static void text_forms(void **state)
{
    struct mxs_tlsa tlsa;
    struct mxs_why why;
    assert_int_equal(mxs_tlsa_text_parse(*state, "  3\t1  1 0123 ABCD", &tlsa, &why), MXS_OK);
    assert_string_equal(mxs_tlsa_text(*state, &tlsa), "3 1 1 0123abcd");
    static const char *const wrong[] = { "",         "3",          "3 1",      "3 1 1",
                                         "3 1 1 ",   "3 1 1 abc",  "3 1 1 xy", "x 1 1 ab",
                                         "256 1 1 ab", "3 -1 1 ab", "3,1,1,ab", "99999999999 1 1 a" };
    for (size_t i = 0; i < MXS_COUNT(wrong); i++) {
        why.text[0] = 0;
        assert_int_equal(mxs_tlsa_text_parse(*state, wrong[i], &tlsa, &why), MXS_ERR_SYNTAX);
        assert_non_null(strstr(why.text, wrong[i]));
    }
    assert_string_equal(mxs_tlsa_owner(*state, 25, "mx.example.org"), "_25._tcp.mx.example.org");
}

static void from_rdata(void **state)
{
    static const uint8_t rdata[] = { 3, 1, 9, 0xab, 0xcd };
    struct mxs_rr rr = { .type = 52, .ttl = 300, .rdata = mxs_bytes(rdata, sizeof rdata) };
    struct mxs_tlsa tlsa;
    assert_true(mxs_tlsa_parse(*state, &rr, &tlsa));
    assert_int_equal(tlsa.matching_type, 9);
    assert_int_equal(tlsa.ttl, 300);
    assert_int_equal(tlsa.data.n, 2);
    assert_false(tlsa.usable);
    rr.rdata.n = 3; /* no data: a record all the same, and unusable */
    assert_true(mxs_tlsa_parse(*state, &rr, &tlsa));
    assert_false(tlsa.usable);
    for (rr.rdata.n = 0; rr.rdata.n < 3; rr.rdata.n++)
        assert_false(mxs_tlsa_parse(*state, &rr, &tlsa));
    rr.rdata.n = 5;
    rr.type = 1;
    assert_false(mxs_tlsa_parse(*state, &rr, &tlsa));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usability),
        cmocka_unit_test(full_certificate),
        cmocka_unit_test(text_forms),
        cmocka_unit_test(from_rdata),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
