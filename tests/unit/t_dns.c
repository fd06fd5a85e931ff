#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <ldns/ldns.h>
#undef dprintf

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "facts/dns.h"

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

/* A response packet made by ldns (which compresses names): one question, RRs from text. */
static struct mxs_bytes packet_of(struct mxs_arena *arena, const char *qname, ldns_rr_type qtype,
                                  int rcode, const char *const *rrs)
{
    ldns_pkt *pkt = ldns_pkt_new();
    ldns_rr *q = ldns_rr_new();
    ldns_rr_set_owner(q, ldns_dname_new_frm_str(qname));
    ldns_rr_set_type(q, qtype);
    ldns_rr_set_class(q, LDNS_RR_CLASS_IN);
    ldns_rr_set_question(q, true);
    ldns_pkt_push_rr(pkt, LDNS_SECTION_QUESTION, q);
    ldns_pkt_set_qr(pkt, true);
    ldns_pkt_set_rcode(pkt, (uint8_t)rcode);
    for (; *rrs; rrs++) {
        ldns_rr *rr = NULL;
        assert_int_equal(ldns_rr_new_frm_str(&rr, *rrs, 0, NULL, NULL), LDNS_STATUS_OK);
        ldns_pkt_push_rr(pkt, LDNS_SECTION_ANSWER, rr);
    }
    uint8_t *wire = NULL;
    size_t n = 0;
    assert_int_equal(ldns_pkt2wire(&wire, pkt, &n), LDNS_STATUS_OK);
    struct mxs_bytes b = mxs_arena_bytes(arena, mxs_bytes(wire, n));
    free(wire);
    ldns_pkt_free(pkt);
    return b;
}

static void names(void **state)
{
    static const struct {
        const char *in, *out; /* out NULL: refused, why holds `why` */
        const char *why;
    } rows[] = {
        { "Example.ORG.", "example.org", NULL },
        { "mx.b\xc3\xbc"
          "cher.example", "mx.xn--bcher-kva.example", NULL },
        { "stra\xc3\x9f"
          "e.example", "xn--strae-oqa.example", NULL },
        { "B\xc3\x9c"
          "CHER.example", "xn--bcher-kva.example", NULL },
        { "a\xe3\x80\x82"
          "example", "a.example", NULL },
        { "r3---sn-x.example", "r3---sn-x.example", NULL },
        { "_25._tcp.mx.example", "_25._tcp.mx.example", NULL },
        { "", NULL, "empty" },
        { ".", NULL, "empty" },
        { "a..b", NULL, "empty label" },
        { ".a", NULL, "empty label" },
        { "a.b..", NULL, "empty label" },
        { "a b.example", NULL, "character 2" },
        { "a.example\n", NULL, "character" },
        { "[192.0.2.1]", NULL, "character 1" },
        { "\xff\xfe.example", NULL, "not a name" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_why why = { 0 };
        const char *out = NULL;
        enum mxs_err err = mxs_dns_name(*state, rows[i].in, &out, &why);
        if ((rows[i].out != NULL) != (err == MXS_OK))
            print_error("row %zu: %s %s\n", i, rows[i].in, err ? why.text : out);
        if (rows[i].out) {
            assert_int_equal(err, MXS_OK);
            assert_string_equal(out, rows[i].out);
        } else {
            assert_int_equal(err, MXS_ERR_SYNTAX);
            assert_non_null(strstr(why.text, rows[i].why));
            assert_null(strchr(why.text, '\n'));
        }
    }
}

static void name_lengths(void **state)
{
    char label[65], name[300] = "";
    const char *out;
    struct mxs_why why;
    memset(label, 'a', sizeof label);
    label[63] = 0;
    assert_int_equal(mxs_dns_name(*state, label, &out, &why), MXS_OK);
    label[63] = 'a';
    label[64] = 0;
    assert_int_equal(mxs_dns_name(*state, label, &out, &why), MXS_ERR_SYNTAX);
    for (int i = 0; i < 126; i++) /* 126 * 2 = 252 */
        memcpy(name + i * 2, "a.", 3);
    memcpy(name + 252, "b", 2);
    assert_int_equal(mxs_dns_name(*state, name, &out, &why), MXS_OK);
    memcpy(name + 252, "bb", 3);
    assert_int_equal(mxs_dns_name(*state, name, &out, &why), MXS_ERR_SYNTAX);
}

static void tables(void **state)
{
    (void)state;
    static const char *const all[] = { "A",      "AAAA",   "NS",    "CNAME",      "SOA",  "PTR",
                                       "MX",     "TXT",    "DS",    "RRSIG",      "NSEC", "DNSKEY",
                                       "NSEC3",  "NSEC3PARAM", "TLSA", "CAA",     "DNAME", "SRV",
                                       "SVCB",   "HTTPS",  "CDS",   "CDNSKEY",    "SSHFP", "NAPTR" };
    for (size_t i = 0; i < MXS_COUNT(all); i++) {
        uint16_t type = mxs_dns_type_parse(all[i]);
        assert_int_equal(type, ldns_get_rr_type_by_name(all[i])); /* the oracle */
        assert_string_equal(mxs_dns_type_name(type), all[i]);
    }
    assert_int_equal(mxs_dns_type_parse("mx"), 15);
    assert_int_equal(mxs_dns_type_parse("NOPE"), 0);
    assert_null(mxs_dns_type_name(65280));
    for (int s = MXS_SECURITY_SECURE; s <= MXS_SECURITY_UNSUPPORTED; s++)
        assert_int_equal(mxs_security_parse(mxs_security_name((enum mxs_security)s)), s);
    assert_null(mxs_security_name(MXS_SECURITY_NONE));
    assert_int_equal(mxs_security_parse("nope"), MXS_SECURITY_NONE);
}

static void parse_mx(void **state)
{
    static const char *const rrs[] = { "Example.ORG. 3600 IN MX 10 MX1.example.org.",
                                       "example.org. 300 IN MX 20 mx2.example.org.",
                                       "example.org. 60 IN RRSIG MX 13 2 3600 20260201000000 "
                                       "20260101000000 2371 example.org. AAAA",
                                       NULL };
    struct mxs_dns_answer a = { 0 };
    assert_int_equal(mxs_dns_parse(*state, packet_of(*state, "example.ORG.", LDNS_RR_TYPE_MX, 0, rrs),
                                   &a), MXS_OK);
    assert_string_equal(a.qname, "example.org");
    assert_int_equal(a.qtype, 15);
    assert_int_equal(a.rrs.n, 2);
    assert_int_equal(a.ttl, 300);
    assert_null(a.canonname);
    assert_string_equal(a.rrs.v[0].owner, "example.org");
    assert_string_equal(a.rrs.v[0].text, "10 MX1.example.ORG.");
    unsigned preference;
    const char *host;
    assert_true(mxs_dns_mx(*state, &a.rrs.v[0], &preference, &host));
    assert_int_equal(preference, 10);
    assert_string_equal(host, "mx1.example.org");
    a.rrs.v[0].rdata.n--;
    assert_false(mxs_dns_mx(*state, &a.rrs.v[0], &preference, &host));
}

static void parse_null_mx(void **state)
{
    static const char *const rrs[] = { "example.org. 3600 IN MX 0 .", NULL };
    struct mxs_dns_answer a = { 0 };
    unsigned preference = 9;
    const char *host;
    assert_int_equal(mxs_dns_parse(*state, packet_of(*state, "example.org.", LDNS_RR_TYPE_MX, 0, rrs),
                                   &a), MXS_OK);
    assert_true(mxs_dns_mx(*state, &a.rrs.v[0], &preference, &host));
    assert_string_equal(host, ".");
    assert_int_equal(preference, 0);
}

static void parse_alias(void **state)
{
    /* out of order on purpose, with a stray address of another name */
    static const char *const rrs[] = { "b.example. 200 IN CNAME c.example.",
                                       "c.example. 300 IN A 192.0.2.1",
                                       "evil.example. 300 IN A 192.0.2.66",
                                       "A.example. 100 IN CNAME b.example.", NULL };
    struct mxs_dns_answer a = { 0 };
    const char *address;
    assert_int_equal(mxs_dns_parse(*state, packet_of(*state, "a.example.", LDNS_RR_TYPE_A, 0, rrs),
                                   &a), MXS_OK);
    assert_string_equal(a.canonname, "c.example");
    assert_int_equal(a.rrs.n, 3);
    assert_int_equal(a.rrs.v[0].type, 5);
    assert_string_equal(a.rrs.v[0].owner, "a.example");
    assert_string_equal(a.rrs.v[1].owner, "b.example");
    assert_true(mxs_dns_address(*state, &a.rrs.v[2], &address));
    assert_string_equal(address, "192.0.2.1");
    assert_false(mxs_dns_address(*state, &a.rrs.v[1], &address));
    assert_int_equal(a.ttl, 100);
    struct mxs_dns_answer cname = { 0 }; /* asked for the CNAME itself: not followed */
    assert_int_equal(mxs_dns_parse(*state, packet_of(*state, "a.example.", LDNS_RR_TYPE_CNAME, 0,
                                                     rrs), &cname), MXS_OK);
    assert_null(cname.canonname);
    assert_int_equal(cname.rrs.n, 1);
}

static void parse_alias_loop(void **state)
{
    static const char *const rrs[] = { "a.example. 1 IN CNAME b.example.",
                                       "b.example. 1 IN CNAME a.example.", NULL };
    struct mxs_dns_answer a = { 0 };
    assert_int_equal(mxs_dns_parse(*state, packet_of(*state, "a.example.", LDNS_RR_TYPE_A, 2, rrs),
                                   &a), MXS_OK);
    assert_int_equal(a.rcode, 2);
    for (size_t i = 0; i < a.rrs.n; i++)
        assert_int_equal(a.rrs.v[i].type, 5);
}

static void rdata_forms(void **state)
{
    static const char *const rrs[] = { "e.example. 1 IN TXT \"v=STSv1; \" \"id=1;\"",
                                       "e.example. 1 IN CAA 128 issue \"letsencrypt.org; x=\\\"\"",
                                       "e.example. 1 IN AAAA 2001:DB8::25",
                                       "e.example. 1 IN TYPE65280 \\# 2 abcd", NULL };
    struct mxs_dns_answer a = { 0 };
    struct mxs_bytes txt;
    const char *text;
    assert_int_equal(mxs_dns_parse(*state, packet_of(*state, "e.example.", LDNS_RR_TYPE_ANY, 0, rrs),
                                   &a), MXS_OK);
    assert_int_equal(a.rrs.n, 4);
    assert_true(mxs_dns_txt(*state, &a.rrs.v[0], &txt));
    assert_int_equal(txt.n, 14);
    assert_memory_equal(txt.p, "v=STSv1; id=1;", 14);
    assert_true(mxs_dns_caa(*state, &a.rrs.v[1], &text));
    assert_string_equal(text, "128 issue \"letsencrypt.org; x=\"\"");
    assert_true(mxs_dns_address(*state, &a.rrs.v[2], &text));
    assert_string_equal(text, "2001:db8::25");
    assert_string_equal(a.rrs.v[3].text, "\\# 2 abcd");
    assert_int_equal(a.rrs.v[3].rdata.n, 2);
    a.rrs.v[0].rdata.n--; /* the last string runs past the end */
    assert_false(mxs_dns_txt(*state, &a.rrs.v[0], &txt));
    a.rrs.v[1].rdata.n = 3;
    assert_false(mxs_dns_caa(*state, &a.rrs.v[1], &text));
}

static void parse_truncated(void **state)
{
    static const char *const rrs[] = { "www.example.org. 3600 IN CNAME mx.example.org.",
                                       "mx.example.org. 3600 IN A 192.0.2.1", NULL };
    struct mxs_bytes whole = packet_of(*state, "www.example.org.", LDNS_RR_TYPE_A, 0, rrs);
    for (size_t n = 0; n < whole.n; n++) {
        struct mxs_dns_answer a = { 0 };
        uint8_t *cut = malloc(n ? n : 1); /* its own block, so that ASan sees one byte too far */
        memcpy(cut, whole.p, n);
        assert_int_equal(mxs_dns_parse(*state, mxs_bytes(cut, n), &a), MXS_ERR_SYNTAX);
        free(cut);
    }
}

/* A compression pointer to itself, forward, and a chain of pointers (RFC 1035 4.1.4). */
static void name_loops(void **state)
{
    static const uint8_t self[] = { 0, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1 };
    static const uint8_t forward[] = { 0, 0, 0x80, 0, 0,    1,  0, 0, 0, 0, 0,
                                       0, 1, 'a',  0xc0, 16, 0, 0, 1, 0, 1 };
    static const uint8_t back[] = { 0, 0, 0x80, 0, 0,    1,  0, 0, 0, 0, 0,
                                    0, 1, 'a',  0xc0, 12, 0, 0, 1, 0, 1 };
    struct mxs_dns_answer a = { 0 };
    assert_int_equal(mxs_dns_parse(*state, mxs_bytes(self, sizeof self), &a), MXS_ERR_SYNTAX);
    assert_int_equal(mxs_dns_parse(*state, mxs_bytes(forward, sizeof forward), &a), MXS_ERR_SYNTAX);
    assert_int_equal(mxs_dns_parse(*state, mxs_bytes(back, sizeof back), &a), MXS_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(name_lengths),
        cmocka_unit_test(tables),
        cmocka_unit_test(parse_mx),
        cmocka_unit_test(parse_null_mx),
        cmocka_unit_test(parse_alias),
        cmocka_unit_test(parse_alias_loop),
        cmocka_unit_test(rdata_forms),
        cmocka_unit_test(parse_truncated),
        cmocka_unit_test(name_loops),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
