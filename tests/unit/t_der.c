#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/text.h"

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

static struct mxs_bytes hex(void *arena, const char *text)
{
    struct mxs_bytes b;
    assert_int_equal(mxs_hex_parse(arena, text, &b), MXS_OK);
    return b;
}

static void lengths(void **state)
{
    static const struct {
        const char *hex;
        bool good;
        size_t body;
    } rows[] = {
        { "0400", true, 0 },
        { "0401aa", true, 1 },
        { "0402aa", false, 0 },     /* ends early */
        { "04", false, 0 },         /* no length */
        { "0480 0000", false, 0 },  /* indefinite */
        { "048101aa", false, 0 },   /* not minimal */
        { "0482 0001aa", false, 0 },
        { "0485 0000000001 aa", false, 0 },
        { "0484 ffffffff aa", false, 0 },
        { "1f8101 00", false, 0 },  /* high tag number */
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_cursor c = mxs_cursor(hex(*state, rows[i].hex));
        struct mxs_der v;
        assert_int_equal(mxs_der_next(&c, &v), rows[i].good);
        assert_int_equal(c.bad, !rows[i].good);
        if (rows[i].good)
            assert_int_equal(v.body.n, rows[i].body);
        assert_false(mxs_der_next(&c, &v));
    }
    struct mxs_cursor c = mxs_cursor(mxs_bytes(NULL, 0));
    struct mxs_der v;
    assert_false(mxs_der_next(&c, &v));
    assert_false(c.bad);
}

static void nesting(void **state)
{
    struct mxs_cursor c = mxs_cursor(hex(*state, "3008 020105 3003 0101ff"));
    struct mxs_der seq, v;
    assert_true(mxs_der_expect(&c, MXS_DER_SEQUENCE, &seq));
    struct mxs_cursor in = mxs_der_enter(&c, &seq);
    assert_false(mxs_der_optional(&in, MXS_DER_BOOLEAN, &v));
    assert_true(mxs_der_optional(&in, MXS_DER_INTEGER, &v));
    assert_int_equal(mxs_der_small(v.body), 5);
    assert_int_equal(mxs_cursor_offset(&in), 5);
    assert_true(mxs_der_expect(&in, MXS_DER_SEQUENCE, &v));
    assert_int_equal(v.whole.n, 5);
    assert_int_equal(mxs_der_peek(&in), 0);
    assert_false(mxs_der_expect(&in, MXS_DER_SEQUENCE, &v));
    assert_true(in.bad);
}

static void oids(void **state)
{
    static const struct {
        const char *hex, *dotted; /* hex: with header; dotted NULL: refused when read */
    } rows[] = {
        { "0603551d25", "2.5.29.37" },
        { "06082b06010505070301", "1.3.6.1.5.5.7.3.1" },
        { "0609608648016503040201", "2.16.840.1.101.3.4.2.1" },
        { "060567810c0102", "2.23.140.1.2" },
        { "06028837", "2.999" },
        { "06050390808000", "0.3.33554432" },
        { "0602 8001", NULL },        /* leading zero of an arc */
        { "0602 2b81", NULL },        /* ends inside an arc */
        { "0600", NULL },
        { "0607 2b ffffffffff7f", NULL }, /* over 32 bits */
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_bytes der = hex(*state, rows[i].hex);
        const char *text = mxs_der_oid(*state, mxs_bytes(der.p + 2, der.n - 2));
        if (!rows[i].dotted) {
            assert_null(text);
            continue;
        }
        assert_string_equal(text, rows[i].dotted);
        assert_true(mxs_bytes_equal(mxs_der_put_oid(*state, text), der));
    }
    static const char *const wrong[] = { "", "1", "3.1", "1.40", "1..2", "1.2.", "a", "1.2.x",
                                         "1.2.99999999999" };
    for (size_t i = 0; i < MXS_COUNT(wrong); i++)
        assert_int_equal(mxs_der_put_oid(*state, wrong[i]).n, 0);
}

static void times(void **state)
{
    static const struct {
        unsigned tag;
        const char *text, *rfc3339; /* NULL: refused */
    } rows[] = {
        { MXS_DER_UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z" },
        { MXS_DER_UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z" },
        { MXS_DER_UTC_TIME, "240229120000Z", "2024-02-29T12:00:00Z" },
        { MXS_DER_GENERALIZED_TIME, "20500101000000Z", "2050-01-01T00:00:00Z" },
        { MXS_DER_GENERALIZED_TIME, "99991231235959Z", "9999-12-31T23:59:59Z" },
        { MXS_DER_UTC_TIME, "2402291200Z", NULL },
        { MXS_DER_UTC_TIME, "240229120000+0100", NULL },
        { MXS_DER_UTC_TIME, "241329120000Z", NULL },
        { MXS_DER_UTC_TIME, "2402a9120000Z", NULL },
        { MXS_DER_GENERALIZED_TIME, "20500101000000.5Z", NULL },
        { MXS_DER_OCTET_STRING, "240229120000Z", NULL },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_der v = { .tag = rows[i].tag, .body = mxs_bytes_str(rows[i].text) };
        int64_t wall, expected;
        assert_int_equal(mxs_der_time(&v, &wall), rows[i].rfc3339 != NULL);
        if (!rows[i].rfc3339)
            continue;
        assert_int_equal(mxs_time_parse(rows[i].rfc3339, &expected), MXS_OK);
        assert_int_equal(wall, expected);
        struct mxs_bytes put = mxs_der_put_time(*state, wall);
        assert_int_equal(put.p[0], rows[i].tag);
        assert_true(mxs_bytes_equal(mxs_bytes(put.p + 2, put.n - 2), v.body));
    }
    assert_int_equal(mxs_der_put_time(*state, mxs_time_utc(10000, 1, 1, 0, 0, 0)).n, 0);
}

static void numbers_and_bits(void **state)
{
    static const unsigned values[] = { 0, 1, 127, 128, 255, 256, 65535, 1u << 23, 0x7fffffff };
    for (size_t i = 0; i < MXS_COUNT(values); i++) {
        struct mxs_cursor c = mxs_cursor(mxs_der_put_small(*state, values[i]));
        struct mxs_der v;
        assert_true(mxs_der_expect(&c, MXS_DER_INTEGER, &v));
        assert_int_equal(mxs_der_small(v.body), values[i]);
    }
    assert_int_equal(mxs_der_small(hex(*state, "ff")), -1);
    assert_int_equal(mxs_der_small(hex(*state, "0080000000")), -1);
    struct mxs_bytes bits;
    unsigned unused;
    assert_true(mxs_der_bits(hex(*state, "0780"), &bits, &unused));
    assert_int_equal(unused, 7);
    assert_int_equal(bits.n, 1);
    assert_false(mxs_der_bits(hex(*state, "0880"), &bits, &unused));
    assert_false(mxs_der_bits(hex(*state, "01"), &bits, &unused));
    assert_false(mxs_der_bits(mxs_bytes(NULL, 0), &bits, &unused));
    assert_string_equal(mxs_hex(*state, mxs_der_put_bits(*state, hex(*state, "abcd"))),
                        "030300abcd");
}

static void wrapping(void **state)
{
    static const size_t sizes[] = { 0, 1, 127, 128, 255, 256, 65535, 65536, 1000000 };
    for (size_t i = 0; i < MXS_COUNT(sizes); i++) {
        uint8_t *p = mxs_arena_alloc(*state, sizes[i]);
        memset(p, 0x5a, sizes[i]);
        struct mxs_bytes parts[] = { mxs_bytes(p, sizes[i] / 2),
                                     mxs_bytes(p, sizes[i] - sizes[i] / 2) };
        struct mxs_bytes whole = mxs_der_wrap(*state, MXS_DER_SEQUENCE, parts, 2);
        struct mxs_cursor c = mxs_cursor(whole);
        struct mxs_der v;
        assert_true(mxs_der_expect(&c, MXS_DER_SEQUENCE, &v));
        assert_int_equal(v.body.n, sizes[i]);
        assert_int_equal(v.whole.n, whole.n);
        assert_int_equal(mxs_cursor_left(&c), 0);
    }
    struct mxs_bytes too_much = mxs_bytes("", MXS_DER_MAX);
    assert_int_equal(mxs_der_value(*state, MXS_DER_SEQUENCE, too_much).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths),          cmocka_unit_test(nesting), cmocka_unit_test(oids),
        cmocka_unit_test(times),            cmocka_unit_test(numbers_and_bits),
        cmocka_unit_test(wrapping),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
