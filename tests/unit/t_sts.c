#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/sts.h"

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

#define GOOD "version: STSv1\nmode: enforce\nmax_age: 604800\n"
#define MX "mx: mx.example.org\n"

/* faults: "id:line id:line .." in order */
static const struct {
    const char *body;
    bool valid;
    enum mxs_sts_mode mode;
    int64_t max_age;
    const char *mx; /* joined with a blank */
    const char *faults;
} policies[] = {
    { GOOD MX, true, MXS_STS_ENFORCE, 604800, "mx.example.org", "" },
    { "version: STSv1\r\nmode: testing\r\nmx: *.Example.ORG\r\nmax_age: 31557600", true,
      MXS_STS_TESTING, 31557600, "*.example.org", "" },
    { "version:STSv1\nmode:none\nmax_age:0\n", true, MXS_STS_NONE, 0, "", "" },
    { "mode: enforce  \nmx: a.example \nversion: \tSTSv1\t\nmax_age: 1\n", true, MXS_STS_ENFORCE, 1,
      "a.example", "" },
    { GOOD MX "mx: mx2.example.org\n", true, MXS_STS_ENFORCE, 604800,
      "mx.example.org mx2.example.org", "" },
    { GOOD MX "x-note: f\xc3\xbcr uns\n", true, MXS_STS_ENFORCE, 604800, "mx.example.org",
      "unknown-key:5" },
    { GOOD "nmx: mx.example.org\n", false, MXS_STS_ENFORCE, 604800, "", "unknown-key:4 no-mx:0" },
    { GOOD MX "mode: none\nmax_age: 5\nversion: STSv2\n", true, MXS_STS_ENFORCE, 604800,
      "mx.example.org", "duplicate:5 duplicate:6 duplicate:7" },
    { GOOD MX "\n\n", true, MXS_STS_ENFORCE, 604800, "mx.example.org", "empty-line:5 empty-line:6" },
    { "mode: enforce\nmax_age: 1\n" MX, false, MXS_STS_ENFORCE, 1, "mx.example.org",
      "no-version:0" },
    { "version: STSv2\nmode: enforce\nmax_age: 1\n" MX, false, MXS_STS_ENFORCE, 1,
      "mx.example.org", "bad-version:1" },
    { "version: STSv1\nmode: Enforce\nmax_age: 1\n" MX, false, MXS_STS_MODE_UNKNOWN, 1,
      "mx.example.org", "bad-mode:2" },
    { "version: STSv1\nmax_age: 1\n" MX, false, MXS_STS_MODE_UNKNOWN, 1, "mx.example.org",
      "no-mode:0" },
    { "version: STSv1\nmode: enforce\n" MX, false, MXS_STS_ENFORCE, -1, "mx.example.org",
      "no-max-age:0" },
    { "version: STSv1\nmode: enforce\nmax_age: 31557601\n" MX, false, MXS_STS_ENFORCE, -1,
      "mx.example.org", "bad-max-age:3" },
    { "version: STSv1\nmode: enforce\nmax_age: -1\n" MX, false, MXS_STS_ENFORCE, -1,
      "mx.example.org", "bad-max-age:3" },
    { "version: STSv1\nmode: enforce\nmax_age: 1d\n" MX, false, MXS_STS_ENFORCE, -1,
      "mx.example.org", "bad-max-age:3" },
    { "version: STSv1\nmode: enforce\nmax_age: 00000000001\n" MX, false, MXS_STS_ENFORCE, -1,
      "mx.example.org", "bad-max-age:3" },
    { "version: STSv1\nmode: enforce\nmax-age: 1\n" MX, false, MXS_STS_ENFORCE, -1,
      "mx.example.org", "unknown-key:3 no-max-age:0" },
    { GOOD, false, MXS_STS_ENFORCE, 604800, "", "no-mx:0" },
    { GOOD "mx: 192.0.2.1\n", true, MXS_STS_ENFORCE, 604800, "192.0.2.1", "mx-is-address:4" },
    { GOOD "mx: [192.0.2.1]\n", false, MXS_STS_ENFORCE, 604800, "[192.0.2.1]", "mx-is-address:4" },
    { GOOD "mx: 2001:db8::1\n", false, MXS_STS_ENFORCE, 604800, "2001:db8::1", "mx-is-address:4" },
    { GOOD MX "mx: mx.example.org.\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org",
      "bad-mx:5" },
    { GOOD MX "mx: *\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org", "bad-mx:5" },
    { GOOD MX "mx: m*.example.org\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org",
      "bad-mx:5" },
    { GOOD MX "mx: *.*.example.org\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org",
      "bad-mx:5" },
    { GOOD MX "mx: a.example, b.example\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org",
      "bad-mx:5" },
    { GOOD MX "mx: b\xc3\xbc.example\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org",
      "bad-mx:5" },
    { GOOD MX "mx: a..example\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org", "bad-mx:5" },
    { GOOD MX "mx:\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org", "bad-mx:5" },
    { GOOD MX " mx: b.example\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org", "bad-line:5" },
    { GOOD MX "mx : b.example\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org", "bad-line:5" },
    { GOOD MX "the end\n", false, MXS_STS_ENFORCE, 604800, "mx.example.org", "bad-line:5" },
    { "version: STSv1\rmode: enforce\rmax_age: 1\rmx: a.example\r", false, MXS_STS_MODE_UNKNOWN, -1,
      "", "bad-character:1 no-version:0 no-mode:0 no-max-age:0 no-mx:0" },
    { "\xef\xbb\xbf" GOOD MX, false, MXS_STS_ENFORCE, 604800, "mx.example.org",
      "bad-line:1 no-version:0" },
    { "", false, MXS_STS_MODE_UNKNOWN, -1, "", "no-version:0 no-mode:0 no-max-age:0 no-mx:0" },
};

static const char *join(void *arena, const struct mxs_strs *strs)
{
    const char *s = "";
    for (size_t i = 0; i < strs->n; i++)
        s = mxs_arena_printf(arena, "%s%s%s", s, i ? " " : "", strs->v[i]);
    return s;
}

static const char *fault_ids(void *arena, const struct mxs_sts_policy *p)
{
    const char *s = "";
    for (size_t i = 0; i < p->faults.n; i++)
        s = mxs_arena_printf(arena, "%s%s%s:%u", s, i ? " " : "", p->faults.v[i].id,
                             p->faults.v[i].line);
    return s;
}

static void policy(void **state)
{
    for (size_t i = 0; i < MXS_COUNT(policies); i++) {
        struct mxs_sts_policy p;
        mxs_sts_policy_parse(*state, mxs_bytes_str(policies[i].body), &p);
        if (strcmp(fault_ids(*state, &p), policies[i].faults) != 0)
            fail_msg("policy %zu: %s", i, fault_ids(*state, &p));
        if (p.valid != policies[i].valid)
            fail_msg("policy %zu: valid %d", i, p.valid);
        assert_int_equal(p.mode, policies[i].mode);
        assert_int_equal(p.max_age, policies[i].max_age);
        assert_string_equal(join(*state, &p.mx), policies[i].mx);
    }
}

static void policy_hints(void **state)
{
    static const char *const typos[][2] = { { "nmx: a.example", "\"mx\" was meant" },
                                            { "Max-Age: 5", "\"max_age\" was meant" },
                                            { "MODE: none", "\"mode\" was meant" },
                                            { "Version: STSv1", "\"version\" was meant" } };
    for (size_t i = 0; i < MXS_COUNT(typos); i++) {
        struct mxs_sts_policy p;
        mxs_sts_policy_parse(*state, mxs_bytes_str(typos[i][0]), &p);
        assert_string_equal(p.faults.v[0].id, "unknown-key");
        assert_non_null(strstr(p.faults.v[0].text, typos[i][1]));
    }
}

static void policy_fields(void **state)
{
    struct mxs_bytes body = mxs_bytes_str(GOOD "nmx: \x1b[2J\xc3\xbc\n" MX);
    struct mxs_field *root = mxs_sts_policy_fields(*state, body);
    const struct mxs_field *mx = mxs_field_find(root, "mx");
    assert_string_equal(root->value, "not valid");
    assert_string_equal(mx->value, "mx.example.org");
    assert_memory_equal(body.p + mx->off, "mx: mx.example.org", mx->len);
    assert_int_equal(mx->len, 18);
    assert_true(mxs_field_find(root, "nmx")->flags & MXS_FIELD_WARN);
    assert_string_equal(mxs_field_find(root, "nmx")->value, "\\x1b[2J\xc3\xbc");
    assert_string_equal(
        mxs_sts_policy_fields(*state, mxs_bytes_str(GOOD MX))->value, "enforce");
}

/* A web page, 100 kB, of lines without sense: bounded, not valid. */
static void policy_large(void **state)
{
    size_t n = 100000;
    char *page = mxs_arena_alloc(*state, n);
    struct mxs_sts_policy p;
    for (size_t i = 0; i < n; i++)
        page[i] = i % 7 == 6 ? '\n' : '<';
    memcpy(page, GOOD MX, strlen(GOOD MX));
    mxs_sts_policy_parse(*state, mxs_bytes(page, n), &p);
    assert_false(p.valid);
    assert_string_equal(p.faults.v[0].id, "too-large");
    assert_true(p.faults.n <= 40);
    assert_string_equal(join(*state, &p.mx), "mx.example.org");
    assert_non_null(mxs_sts_policy_fields(*state, mxs_bytes(page, n)));
    for (size_t cut = 0; cut <= strlen(GOOD MX); cut++) {
        char *copy = malloc(cut ? cut : 1);
        memcpy(copy, GOOD MX, cut);
        mxs_sts_policy_parse(*state, mxs_bytes(copy, cut), &p);
        assert_true(!p.valid || (p.mx.n == 1 && p.mode == MXS_STS_ENFORCE));
        assert_true(p.valid || cut < strlen(GOOD MX) - 1);
        free(copy);
    }
}

static void txt(void **state)
{
    static const struct {
        const char *records[3];
        bool valid;
        const char *id, *reason;
    } rows[] = {
        { { "v=STSv1; id=20160831085700Z;" }, true, "20160831085700Z", NULL },
        { { "v=STSv1;id=1" }, true, "1", NULL },
        { { "v=STSv1; x=y; id=1; id=2;" }, true, "1", NULL },
        { { "v=STSv1; id=1;", "v=spf1 -all" }, true, "1", NULL },
        { { "v=STSv1; id=1;", "v=STSv1; id=1;" }, false, NULL, "several" },
        { { "v=spf1 -all" }, false, NULL, "none" },
        { { NULL }, false, NULL, "none" },
        { { "v=stsv1; id=1;" }, false, NULL, "none" },
        { { " v=STSv1; id=1;" }, false, NULL, "none" },
        { { "v=STSv1" }, false, NULL, "none" },
        { { "v=STSv1;" }, false, NULL, "no-id" },
        { { "v=STSv1; ID=1" }, false, NULL, "no-id" },
        { { "v=STSv1; id=;" }, false, "", "bad-id" },
        { { "v=STSv1; id=2016-08-31;" }, false, "2016-08-31", "bad-id" },
        { { "v=STSv1; id=123456789012345678901234567890123" }, false,
          "123456789012345678901234567890123", "bad-id" },
        { { "v=STSv1; id=12345678901234567890123456789012" }, true,
          "12345678901234567890123456789012", NULL },
        { { "v=STSv1; id=1; nonsense" }, false, "1", "bad-field" },
        { { "v=STSv1; ; id=1" }, false, "1", "bad-field" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_bytes records[3];
        struct mxs_sts_txt out;
        size_t n = 0;
        for (; n < 3 && rows[i].records[n]; n++)
            records[n] = mxs_bytes_str(rows[i].records[n]);
        mxs_sts_txt_parse(*state, records, n, &out);
        if (out.valid != rows[i].valid)
            fail_msg("row %zu: %s", i, out.reason ? out.reason : "valid");
        assert_string_equal(out.id ? out.id : "-", rows[i].id ? rows[i].id : "-");
        assert_string_equal(out.reason ? out.reason : "-", rows[i].reason ? rows[i].reason : "-");
    }
}

static void tlsrpt(void **state)
{
    static const struct {
        const char *records[3];
        const char *rua, *reason;
    } rows[] = {
        { { "v=TLSRPTv1; rua=mailto:a@example.org" }, "mailto:a@example.org", NULL },
        { { "v=TLSRPTv1;rua=mailto:a@example.org,https://r.example/v1;" },
          "mailto:a@example.org https://r.example/v1", NULL },
        { { "v=TLSRPTv1; rua=mailto:a@x.example , https://b.example", "v=spf1" },
          "mailto:a@x.example https://b.example", NULL },
        { { "v=TLSRPTv1; rua=a@example.org" }, "", "bad-rua" },
        { { "v=TLSRPTv1; rua=http://a.example" }, "", "bad-rua" },
        { { "v=TLSRPTv1; rua=" }, "", "bad-rua" },
        { { "v=TLSRPTv1; rua=mailto:nobody" }, "", "bad-rua" },
        { { "v=TLSRPTv1; foo=bar" }, "", "no-rua" },
        { { "v=TLSRPTv1; rua=mailto:a@b.example", "v=TLSRPTv1; rua=mailto:a@c.example" }, "",
          "several" },
        { { "v=TLSRPTv2; rua=mailto:a@b.example" }, "", "none" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_bytes records[3];
        struct mxs_tlsrpt out;
        size_t n = 0;
        for (; n < 3 && rows[i].records[n]; n++)
            records[n] = mxs_bytes_str(rows[i].records[n]);
        mxs_tlsrpt_parse(*state, records, n, &out);
        assert_string_equal(join(*state, &out.rua), rows[i].rua);
        assert_string_equal(out.reason ? out.reason : "-", rows[i].reason ? rows[i].reason : "-");
        assert_int_equal(out.valid, rows[i].reason == NULL);
    }
}

static void mx_match(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *host;
        bool match;
    } rows[] = {
        { "mx.example.org", "mx.example.org", true },
        { "mx.example.org", "MX.example.ORG.", true },
        { "mx.example.org", "mx2.example.org", false },
        { "*.example.org", "mx.example.org", true },
        { "*.example.org", "example.org", false },
        { "*.example.org", "a.b.example.org", false },
        { "*.example.org", ".example.org", false },
        { "*.example.org", "mx.example.net", false },
        { "*.example.org", "*.example.org", true },
        { "*", "org", false },
        { "m*.example.org", "mx.example.org", false },
        { "example.org", "mx.example.org", false },
        { "", "", false },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (mxs_sts_mx_match(rows[i].pattern, rows[i].host) != rows[i].match)
            fail_msg("%s %s", rows[i].pattern, rows[i].host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy),       cmocka_unit_test(policy_hints),
        cmocka_unit_test(policy_fields), cmocka_unit_test(policy_large),
        cmocka_unit_test(txt),          cmocka_unit_test(tlsrpt),
        cmocka_unit_test(mx_match),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
