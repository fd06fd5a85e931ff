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
        ldns_status status = ldns_rr_new_frm_str(&rr, *rrs, 0, NULL, NULL);
        if (status != LDNS_STATUS_OK)
            fail_msg("%s: %s", *rrs, ldns_get_errorstr_by_id(status));
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

/* --- the field tree --------------------------------------------------------------------------- */

static const char *const all_types[] = {
    "x.example. 60 IN A 192.0.2.1",
    "x.example. 60 IN AAAA 2001:db8::1",
    "x.example. 60 IN NS ns.x.example.",
    "x.example. 60 IN SOA ns.x.example. root.x.example. 7 3600 600 86400 300",
    "x.example. 60 IN PTR y.example.",
    "x.example. 60 IN MX 10 mx.x.example.",
    "x.example. 60 IN TXT \"one\" \"two\"",
    "x.example. 60 IN SRV 1 2 25 mx.x.example.",
    "x.example. 60 IN DNAME z.example.",
    "x.example. 60 IN DS 2371 13 2 "
    "32996839A6D808AFE3EB4A795A0E6A7A39A76FC52FF228B22B76F6D63826F2B9",
    "x.example. 60 IN RRSIG MX 13 2 60 20260301000000 20260201000000 2371 x.example. AAAA",
    "x.example. 60 IN NSEC y.example. A MX RRSIG NSEC CAA",
    "x.example. 60 IN DNSKEY 257 3 13 "
    "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==",
    "x.example. 60 IN DNSKEY 256 3 8 AwEAAcw=",
    "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.x.example. 60 IN NSEC3 1 1 12 aabbccdd "
    "2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG",
    "x.example. 60 IN NSEC3PARAM 1 0 12 aabbccdd",
    "_25._tcp.x.example. 60 IN TLSA 3 1 1 "
    "0000000000000000000000000000000000000000000000000000000000000001",
    "x.example. 60 IN CAA 0 issue \"letsencrypt.org\"",
    "x.example. 60 IN TYPE64 \\# 16 00010000010003026832000300020019",
    "x.example. 60 IN TYPE65280 \\# 2 abcd",
    NULL,
};

static const char *value_of(const struct mxs_field *root, const char *path)
{
    const struct mxs_field *f = mxs_field_find(root, path);
    if (!f || !f->value)
        fail_msg("no value at %s", path);
    return f->value;
}

/* Children stand inside their parent's range, nothing passes the packet's end. */
static void check_ranges(const struct mxs_field *root, size_t n)
{
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL)) {
        assert_true(f->off <= n && f->len <= n - f->off);
        if (f->len && f->parent && f->parent->len) {
            assert_true(f->off >= f->parent->off);
            assert_true(f->off + f->len <= f->parent->off + f->parent->len);
        }
    }
}

static void fields_of_all_types(void **state)
{
    static const struct {
        const char *path, *value;
    } rows[] = {
        { "header/flags/QR", "1 (response)" },
        { "header/flags/AD", "0 (not authentic data)" },
        { "header/flags/rcode", "NOERROR" },
        { "header/answer-count", "20" },
        { "question/ANY/owner", "x.example" },
        { "A/address", "192.0.2.1" },
        { "AAAA/address", "2001:db8::1" },
        { "SOA/mailbox", "root.x.example" },
        { "SOA/minimum", "300" },
        { "MX", "x.example 10 mx.x.example." },
        { "MX/exchange", "mx.x.example" },
        { "TXT/string", "one" },
        { "SRV/port", "25" },
        { "DNAME/target", "z.example" },
        { "DS/key-tag", "2371" },
        { "DS/algorithm", "13 (ECDSAP256SHA256)" },
        { "DS/digest-type", "2 (SHA-256)" },
        { "RRSIG/type-covered", "MX" },
        { "RRSIG/expiration", "2026-03-01T00:00:00Z" },
        { "RRSIG/inception", "2026-02-01T00:00:00Z" },
        { "RRSIG/signer", "x.example" },
        { "NSEC/next-name", "y.example" },
        { "NSEC/types", "A MX RRSIG NSEC CAA" },
        { "DNSKEY/flags", "257 (KSK)" },
        { "NSEC3/flags", "1 (opt-out)" },
        { "NSEC3/salt", "aabbccdd" },
        { "NSEC3/next-hash", "2t7b4g4vsa5smi47k61mv5bv1a22bojr" },
        { "NSEC3PARAM/iterations", "12" },
        { "TLSA/usage", "3 (DANE-EE)" },
        { "TLSA/matching-type", "1 (SHA2-256)" },
        { "CAA/tag", "issue" },
        { "CAA/value", "letsencrypt.org" },
        { "SVCB/rdata/alpn", "\\x02h2" },
        { "TYPE65280/data", "abcd" },
    };
    struct mxs_bytes packet =
        packet_of(*state, "x.example.", LDNS_RR_TYPE_ANY, 0, all_types);
    struct mxs_field *root = mxs_dns_fields(*state, packet);
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        if (strcmp(value_of(root, rows[i].path), rows[i].value) != 0)
            fail_msg("%s: %s", rows[i].path, value_of(root, rows[i].path));
    check_ranges(root, packet.n);
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL))
        assert_false(f->flags & MXS_FIELD_MALFORMED);
    assert_true(mxs_field_find(root, "TYPE65280/type")->flags & MXS_FIELD_UNKNOWN);
    const struct mxs_field *exchange = mxs_field_find(root, "exchange");
    assert_ptr_equal(mxs_field_at(root, exchange->off), exchange);
    const struct mxs_field *digest = mxs_field_find(root, "DS/digest");
    assert_int_equal(digest->len, 32);
    assert_int_equal(packet.p[digest->off], 0x32);
}

static void key_tags(void **state)
{
    struct mxs_bytes packet = packet_of(*state, "x.example.", LDNS_RR_TYPE_ANY, 0, all_types);
    struct mxs_field *root = mxs_dns_fields(*state, packet);
    int seen = 0;
    for (const struct mxs_field *f = root; f; f = mxs_field_walk(root, f, NULL)) {
        if (strcmp(f->name, "DNSKEY") != 0)
            continue;
        for (size_t i = 0; all_types[i]; i++) {
            ldns_rr *rr = NULL;
            assert_int_equal(ldns_rr_new_frm_str(&rr, all_types[i], 0, NULL, NULL), 0);
            char *text = ldns_rr2str_fmt(ldns_output_format_nocomments, rr);
            if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_DNSKEY && strstr(text, "257") &&
                strstr(f->value, "257")) {
                assert_int_equal(ldns_calc_keytag(rr), atoi(value_of(f, "rdata/key-tag")));
                seen++;
            }
            if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_DNSKEY && strstr(text, "256 3") &&
                strstr(f->value, "256 3")) {
                assert_int_equal(ldns_calc_keytag(rr), atoi(value_of(f, "rdata/key-tag")));
                seen++;
            }
            free(text);
            ldns_rr_free(rr);
        }
    }
    assert_int_equal(seen, 2);
}

/* A SERVFAIL with EDE 7 and text, and the CHAIN option that crashes ldns 1.8.3's packet printer. */
static const uint8_t servfail[] = {
    0x12, 0x34, 0x81, 0x82, 0, 1, 0, 0, 0, 0, 0, 1,                      /* header */
    1, 'a', 0, 0, 52, 0, 1,                                              /* a. TLSA IN */
    0, 0, 41, 4, 0xd0, 0, 0, 0x80, 0, 0, 20,                             /* OPT, DO, 20 octets */
    0, 15, 0, 7, 0, 7, 's', 'i', 'g', 0x1b, '!',                         /* EDE */
    0, 13, 0, 1, 0,                                                      /* CHAIN */
    0, 10, 0, 0                                                          /* COOKIE, empty */
};

static void extended_errors(void **state)
{
    struct mxs_bytes packet = mxs_bytes(servfail, sizeof servfail);
    struct mxs_field *root = mxs_dns_fields(*state, packet);
    struct mxs_dns_ede ede;
    assert_string_equal(value_of(root, "header/rcode"), "SERVFAIL");
    assert_string_equal(value_of(root, "OPT"), "EDNS 0, UDP size 1232, DO");
    assert_string_equal(value_of(root, "OPT/Extended DNS Error"), "7 (Signature Expired)");
    assert_string_equal(value_of(root, "OPT/extra-text"), "sig\\x1b!");
    check_ranges(root, packet.n);
    assert_true(mxs_dns_ede(*state, packet, &ede));
    assert_int_equal(ede.code, 7);
    assert_string_equal(ede.name, "Signature Expired");
    assert_string_equal(ede.text, "sig\\x1b!");
    packet.n -= 1;
    assert_false(mxs_dns_ede(*state, packet, &ede));
}

static void signatures(void **state)
{
    struct mxs_dns_rrsigs sigs = mxs_dns_signatures(
        *state, packet_of(*state, "x.example.", LDNS_RR_TYPE_ANY, 0, all_types));
    assert_int_equal(sigs.n, 1);
    assert_int_equal(sigs.v[0].type_covered, 15);
    assert_int_equal(sigs.v[0].algorithm, 13);
    assert_int_equal(sigs.v[0].key_tag, 2371);
    assert_int_equal(sigs.v[0].inception, 1769904000);
    assert_int_equal(sigs.v[0].expiration, 1772323200);
    assert_string_equal(sigs.v[0].owner, "x.example");
    assert_string_equal(sigs.v[0].signer, "x.example");
    assert_string_equal(mxs_dns_algorithm_name(13), "ECDSAP256SHA256");
}

/* Whatever bytes come: a tree whose ranges stay inside, no read past the end (ASan sees it). */
static void hostile_packets(void **state)
{
    (void)state;
    struct mxs_arena *keep = mxs_arena_new();
    struct mxs_bytes whole = packet_of(keep, "x.example.", LDNS_RR_TYPE_ANY, 0, all_types);
    uint32_t seed = 1;
    for (size_t i = 0; i < whole.n + 2000; i++) {
        struct mxs_arena *arena = mxs_arena_new();
        size_t n = i < whole.n ? i : whole.n;
        uint8_t *bytes = malloc(n ? n : 1);
        memcpy(bytes, whole.p, n);
        for (int k = 0; i >= whole.n && k < 4; k++) {
            seed = seed * 1103515245 + 12345;
            bytes[(seed >> 8) % n] = (uint8_t)(seed >> 24);
        }
        struct mxs_dns_answer a = { 0 };
        struct mxs_dns_ede ede;
        mxs_dns_parse(arena, mxs_bytes(bytes, n), &a);
        check_ranges(mxs_dns_fields(arena, mxs_bytes(bytes, n)), n);
        mxs_dns_signatures(arena, mxs_bytes(bytes, n));
        mxs_dns_ede(arena, mxs_bytes(bytes, n), &ede);
        free(bytes);
        mxs_arena_free(arena);
    }
    mxs_arena_free(keep);
}

static void both_addresses(void **state)
{
    (void)state;
    enum { NONE = MXS_SECURITY_NONE, SEC = MXS_SECURITY_SECURE, INS = MXS_SECURITY_INSECURE,
           BOG = MXS_SECURITY_BOGUS, ERR = MXS_SECURITY_ERROR, ABS = MXS_SECURITY_ABSENT,
           UNS = MXS_SECURITY_UNSUPPORTED };
    static const struct {
        int a, aaaa, both;
    } rows[] = {
        { SEC, SEC, SEC },  { SEC, ABS, SEC },  { ABS, SEC, SEC }, { ABS, ABS, ABS },
        { SEC, INS, INS },  { INS, ABS, INS },  { SEC, ERR, ERR }, { BOG, SEC, BOG },
        { ERR, BOG, BOG },  { ABS, ERR, ERR },  { UNS, SEC, UNS }, { UNS, INS, UNS },
        { NONE, SEC, SEC }, { NONE, NONE, NONE },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        assert_int_equal(mxs_security_both((enum mxs_security)rows[i].a,
                                           (enum mxs_security)rows[i].aaaa), rows[i].both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(name_lengths),
        cmocka_unit_test(tables),
        cmocka_unit_test(both_addresses),
        cmocka_unit_test(parse_mx),
        cmocka_unit_test(parse_null_mx),
        cmocka_unit_test(parse_alias),
        cmocka_unit_test(parse_alias_loop),
        cmocka_unit_test(rdata_forms),
        cmocka_unit_test(parse_truncated),
        cmocka_unit_test(name_loops),
        cmocka_unit_test(fields_of_all_types),
        cmocka_unit_test(key_tags),
        cmocka_unit_test(extended_errors),
        cmocka_unit_test(signatures),
        cmocka_unit_test(hostile_packets),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
