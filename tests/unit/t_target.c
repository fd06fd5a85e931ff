#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "facts/target.h"

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

static void good(void **state)
{
    static const struct {
        const char *text, *name;
        enum mxs_target_kind kind;
        unsigned port;
        bool given;
    } rows[] = {
        { "example.org", "example.org", MXS_TARGET_DOMAIN, 25, false },
        { "Example.ORG.", "example.org", MXS_TARGET_DOMAIN, 25, false },
        { "example.org:587", "example.org", MXS_TARGET_DOMAIN, 587, true },
        { "example.org:submission", "example.org", MXS_TARGET_DOMAIN, 587, true },
        { "[mx1.example.org]", "mx1.example.org", MXS_TARGET_HOST, 25, false },
        { "[mx1.example.org]:465", "mx1.example.org", MXS_TARGET_HOST, 465, true },
        { "[mx1.example.org]:SMTPS", "mx1.example.org", MXS_TARGET_HOST, 465, true },
        { "[192.0.2.25]", "192.0.2.25", MXS_TARGET_ADDRESS, 25, false },
        { "[192.0.2.25]:25", "192.0.2.25", MXS_TARGET_ADDRESS, 25, true },
        { "[2001:DB8:0::25]", "2001:db8::25", MXS_TARGET_ADDRESS, 25, false },
        { "[IPv6:2001:db8::25]:2525", "2001:db8::25", MXS_TARGET_ADDRESS, 2525, true },
        { "[::ffff:192.0.2.1]", "::ffff:192.0.2.1", MXS_TARGET_ADDRESS, 25, false },
        { "m\xc3\xbcnchen.example", "xn--mnchen-3ya.example", MXS_TARGET_DOMAIN, 25, false },
        { "[M\xc3\x9cNCHEN.example]:26", "xn--mnchen-3ya.example", MXS_TARGET_HOST, 26, true },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_target target;
        struct mxs_why why = { 0 };
        enum mxs_err err = mxs_target_parse(*state, rows[i].text, &target, &why);
        if (err)
            print_error("%s\n", why.text);
        assert_int_equal(err, MXS_OK);
        assert_string_equal(target.text, rows[i].text);
        assert_string_equal(target.name, rows[i].name);
        assert_int_equal(target.kind, rows[i].kind);
        assert_int_equal(target.port, rows[i].port);
        assert_int_equal(target.port_given, rows[i].given);
    }
}

static void bad(void **state)
{
    static const struct {
        const char *text, *reason; /* a part of it */
    } rows[] = {
        { "", "a name is missing" },
        { ":25", "a name is missing" },
        { "[]", "a name is missing" },
        { "[]:25", "a name is missing" },
        { "[mx.example.org", "\"]\" is missing" },
        { "[mx.example.org]25", "only \":PORT\"" },
        { "[mx.example.org]:", "a port is missing" },
        { "example.org:", "a port is missing" },
        { "example.org:0", "between 1 and 65535" },
        { "example.org:65536", "between 1 and 65535" },
        { "example.org:99999999999999999999", "between 1 and 65535" },
        { "example.org:25x", "no number" },
        { "example.org:-25", "no number" },
        { "example.org:+25", "no number" },
        { "example.org: 25", "no number" },
        { "example.org:http", "no number" },
        { "192.0.2.25", "in brackets" },
        { "2001:db8::25", "in brackets" },
        { "[2001:db8::25::1]", "not an IPv6 address" },
        { "[192.0.2.25.]", "an address, not a name" },
        { "192.0.2.25.", "an address, not a name" },
        { "[\xef\xbc\x91.2.3.4]", "an address, not a name" }, /* a full-width digit */
        { "[192.0.2.25:25]", "not an IPv6 address" },
        { "user@example.org", "mail address" },
        { "a..example.org", "\"a..example.org\": " },
        { "exa\x1b[2Jmple.org", "\\x1b" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_target target;
        struct mxs_why why = { 0 };
        assert_int_equal(mxs_target_parse(*state, rows[i].text, &target, &why), MXS_ERR_USAGE);
        if (!strstr(why.text, rows[i].reason))
            print_error("%s: %s\n", rows[i].text, why.text);
        assert_non_null(strstr(why.text, rows[i].reason));
        assert_null(strchr(why.text, '\x1b'));
        assert_null(strchr(why.text, '\n'));
        assert_int_equal(strncmp(why.text, "target \"", 8), 0);
    }
}

static void lengths(void **state)
{
    struct mxs_target target;
    struct mxs_why why;
    char text[2000];
    memset(text, 'a', sizeof text);
    for (size_t n = 1; n < sizeof text; n += 61) {
        text[n] = 0;
        enum mxs_err err = mxs_target_parse(*state, text, &target, &why);
        assert_int_equal(err, n <= 63 ? MXS_OK : MXS_ERR_USAGE); /* a label has 63 octets at most */
        text[n] = 'a';
    }
    text[0] = '[';
    text[sizeof text - 1] = 0;
    assert_int_equal(mxs_target_parse(*state, text, &target, &why), MXS_ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(good, setup, teardown),
        cmocka_unit_test_setup_teardown(bad, setup, teardown),
        cmocka_unit_test_setup_teardown(lengths, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
