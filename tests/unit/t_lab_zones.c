/* The lab's zones, judged by the real libunbound over real sockets. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "lab/lab.h"
#include "lab/lab_dns.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound.h>
#include <unistd.h>

struct world {
    struct mxs_arena *arena;
    struct mxs_loop *loop;
    struct mxs_lab_plan plan;
    struct mxs_lab_pki *pki;
    struct mxs_lab_zones *zones;
    struct mxs_lab_dns *dns;
    struct ub_ctx *ub;
    char anchor[64];
};

static const char *address(const void *data, const char *name)
{
    (void)data;
    return strcmp(name, "mx2") == 0 ? "::1" : strcmp(name, "mx1b") == 0 ? NULL : "127.0.0.1";
}

/* All but the resolver: some tests have edits of their own. */
static struct world *world_new(const char *edits)
{
    struct world *w = mxs_alloc(sizeof *w);
    struct mxs_why why = { 0, "" };
    w->arena = mxs_arena_new();
    mxs_lab_plan_clean(w->arena, &w->plan);
    if (mxs_lab_plan_edit(&w->plan, "test", edits, &why) ||
        mxs_lab_pki_new(&w->plan, mxs_clock_real(), &w->pki, &why) ||
        mxs_lab_zones_new(&w->plan, w->pki, mxs_clock_real(), address, NULL, &w->zones, &why))
        fail_msg("%s", why.text);
    return w;
}

static void resolver_new(struct world *w)
{
    unsigned port = 0;
    struct mxs_why why = { 0, "" };
    char forward[64];
    w->loop = mxs_loop_new(mxs_clock_real());
    if (mxs_lab_dns_new(w->loop, "127.0.0.1", &port, &w->dns, &why))
        fail_msg("%s", why.text);
    mxs_lab_dns_serve(w->dns, w->zones);
    snprintf(w->anchor, sizeof w->anchor, "/tmp/t_lab_zones.XXXXXX");
    int fd = mkstemp(w->anchor);
    const char *text = mxs_lab_zones_anchor(w->zones, w->arena, false);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    snprintf(forward, sizeof forward, "127.0.0.1@%u", port);
    w->ub = ub_ctx_create();
    assert_int_equal(ub_ctx_async(w->ub, 1), 0);
    assert_int_equal(ub_ctx_set_option(w->ub, "do-not-query-localhost:", "no"), 0);
    assert_int_equal(ub_ctx_set_option(w->ub, "aggressive-nsec:", "no"), 0);
    assert_int_equal(ub_ctx_set_fwd(w->ub, forward), 0);
    assert_int_equal(ub_ctx_add_ta_file(w->ub, w->anchor), 0);
    assert_int_equal(ub_ctx_zone_remove(w->ub, "test."), 0);
}

static void world_free(struct world *w)
{
    if (w->ub)
        ub_ctx_delete(w->ub);
    if (w->anchor[0])
        unlink(w->anchor);
    mxs_lab_dns_free(w->dns);
    mxs_loop_free(w->loop);
    mxs_lab_zones_free(w->zones);
    mxs_lab_pki_free(w->pki);
    mxs_arena_free(w->arena);
    mxs_realloc(w, 0);
}

static void on_answer(void *data, int err, struct ub_result *result)
{
    assert_int_equal(err, 0);
    *(struct ub_result **)data = result;
}

static void on_ub(void *data, short revents)
{
    (void)revents;
    ub_process(data);
}

static struct ub_result *ask(struct world *w, const char *name, int type)
{
    struct ub_result *result = NULL;
    struct mxs_watch *watch = mxs_loop_watch(w->loop, ub_fd(w->ub), POLLIN, on_ub, w->ub);
    assert_int_equal(ub_resolve_async(w->ub, name, type, 1, &result, on_answer, NULL), 0);
    int64_t end = mxs_loop_now(w->loop) + 20000000;
    while (!result && mxs_loop_now(w->loop) < end)
        mxs_loop_run_once(w->loop, 100);
    mxs_watch_free(watch);
    assert_non_null(result);
    return result;
}

enum { A = 1, MX = 15, TXT = 16, AAAA = 28, DNSKEY = 48, TLSA = 52, CAA = 257, CNAME = 5, DS = 43 };

struct row {
    const char *name;
    int type, rcode;
    const char *verdict; /* secure, insecure, bogus */
    int data;            /* how many records */
};

static void check(struct world *w, const struct row *row)
{
    struct ub_result *r = ask(w, row->name, row->type);
    const char *verdict = r->bogus ? "bogus" : r->secure ? "secure" : "insecure";
    int n = 0;
    while (r->data && r->data[n])
        n++;
    if (r->rcode != row->rcode || strcmp(verdict, row->verdict) != 0 || n != row->data)
        fail_msg("%s type %d: rcode %d %s %d records (%s), expected rcode %d %s %d", row->name,
                 row->type, r->rcode, verdict, n, r->why_bogus ? r->why_bogus : "", row->rcode,
                 row->verdict, row->data);
    ub_resolve_free(r);
}

static void check_all(const char *edits, const struct row *rows, size_t n)
{
    struct world *w = world_new(edits);
    resolver_new(w);
    for (size_t i = 0; i < n; i++)
        check(w, &rows[i]);
    world_free(w);
}

static void clean(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "lab.test", MX, 0, "secure", 2 },
        { "lab.test", CAA, 0, "secure", 1 },
        { "mx1.lab.test", A, 0, "secure", 1 },
        { "mx1.lab.test", AAAA, 0, "secure", 0 },
        { "mx2.lab.test", AAAA, 0, "secure", 1 },
        { "_25._tcp.mx1.lab.test", TLSA, 0, "secure", 3 },
        { "_26._tcp.mx1.lab.test", TLSA, 3, "secure", 0 },
        { "_tcp.mx1.lab.test", A, 0, "secure", 0 }, /* empty non-terminal */
        { "_mta-sts.lab.test", TXT, 0, "secure", 1 },
        { "_smtp._tls.lab.test", TXT, 0, "secure", 1 },
        { "nobody.lab.test", A, 3, "secure", 0 },
        { "lab.test", DS, 0, "secure", 1 },
        { "lab.test", DNSKEY, 0, "secure", 2 },
        { ".", DNSKEY, 0, "secure", 2 },
        { "nothing", A, 3, "secure", 0 },
        { "zoo.test", MX, 0, "secure", 1 },
        { "alias.zoo.test", A, 0, "secure", 1 },
        { "to-insecure.zoo.test", A, 0, "insecure", 1 },
        { "mx1.dname.zoo.test", A, 0, "secure", 1 },
        { "any.wild.zoo.test", TXT, 0, "secure", 1 },
        { "any.wild.zoo.test", A, 0, "secure", 0 },
        { "exact.wild.zoo.test", TXT, 0, "secure", 1 },
        { "b.ent.zoo.test", A, 0, "secure", 0 },
{ "big.zoo.test", TXT, 0, "secure", 1 }, /* over TCP */
        { "insecure.test", MX, 0, "insecure", 1 },
        { "nobody.insecure.test", A, 3, "insecure", 0 },
        { "insecure.test", DS, 0, "secure", 0 },
        { "nullmx.test", MX, 0, "secure", 1 },
    };
    check_all("", rows, MXS_COUNT(rows));
}

static void alias_loop(void **state)
{
    (void)state;
    static const struct row row = { "loop1.zoo.test", A, 2, "insecure", 0 };
    check_all("", &row, 1);
}

/* One edit, and what a validating resolver makes of it. */
static void faulty(void **state)
{
    (void)state;
    static const struct {
        const char *edits;
        struct row row;
    } cases[] = {
        { "dns mx1.lab.test. A badsig", { "mx1.lab.test", A, 0, "bogus", 1 } },
        { "dns mx1.lab.test. A expired", { "mx1.lab.test", A, 0, "bogus", 1 } },
        { "dns mx1.lab.test. A nosig", { "mx1.lab.test", A, 0, "bogus", 1 } },
        { "dns mx1.lab.test. A foreign", { "mx1.lab.test", A, 0, "bogus", 1 } },
        { "dns no.lab.test. A nodenial", { "no.lab.test", A, 3, "bogus", 0 } },
        { "dns exact.wild.zoo.test. TXT wildreplay",
          { "exact.wild.zoo.test", TXT, 0, "bogus", 1 } },
        { "dns mx1.lab.test. A servfail", { "mx1.lab.test", A, 2, "insecure", 0 } },
        { "dns mx1.lab.test. A refused", { "mx1.lab.test", A, 2, "insecure", 0 } },
{ "dns mx1.lab.test. A truncate", { "mx1.lab.test", A, 0, "secure", 1 } },
        { "dns lab.test. DNSKEY badsig", { "mx1.lab.test", A, 0, "bogus", 1 } },
        { "zone lab.test. unsigned yes", { "lab.test", MX, 0, "insecure", 2 } },
        { "zone lab.test. - mx1 {mx1}\nzone lab.test. + mx1 A 192.0.2.1\n"
          "zone lab.test. + mx1 A 192.0.2.2",
          { "mx1.lab.test", A, 0, "secure", 2 } },
    };
    for (size_t i = 0; i < MXS_COUNT(cases); i++)
        check_all(cases[i].edits, &cases[i].row, 1);
}

static struct mxs_bytes query(struct mxs_arena *arena, const char *hex_tail, uint8_t flags)
{
    static const uint8_t head[] = { 0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
    size_t n = strlen(hex_tail);
    uint8_t *p = mxs_arena_alloc(arena, sizeof head + n);
    memcpy(p, head, sizeof head);
    p[2] = flags;
    memcpy(p + sizeof head, hex_tail, n);
    return mxs_bytes(p, sizeof head + n);
}

/* Without DO no DNSSEC records; dropped queries; bytes that are no query. */
static void packets(void **state)
{
    (void)state;
    struct world *w = world_new("dns mx2.lab.test. * drop");
    static const char *const names[] = { "\3mx1\3lab\4test", "\3mx2\3lab\4test" };
    for (size_t i = 0; i < 2; i++) {
        struct mxs_bytes q = query(w->arena, names[i], 1);
        uint8_t *p = mxs_arena_alloc(w->arena, q.n + 5);
        memcpy(p, q.p, q.n);
        p[q.n + 2] = 1; /* after the root label: A IN */
        p[q.n + 4] = 1;
        struct mxs_bytes reply =
            mxs_lab_zones_answer(w->zones, w->arena, mxs_bytes(p, q.n + 5), false);
        assert_int_equal(reply.n > 0, i == 0);
        if (i == 0) {
            assert_int_equal(reply.p[2] & 0x80, 0x80); /* QR */
            assert_int_equal(reply.p[3] & 0x80, 0x80); /* RA */
            assert_int_equal(reply.p[7], 1);           /* the address alone, no RRSIG */
        }
        p[2] |= 0x80; /* a response is never answered */
        assert_int_equal(
            mxs_lab_zones_answer(w->zones, w->arena, mxs_bytes(p, q.n + 5), false).n, 0);
    }
    for (size_t n = 0; n < 30; n++) {
        uint8_t junk[30];
        memset(junk, (int)(n * 37), sizeof junk);
        mxs_lab_zones_answer(w->zones, w->arena, mxs_bytes(junk, n), true);
    }
    world_free(w);
}

/* Who sets CD gets the data as they are; others what a validating resolver would give them. */
static void validating(void **state)
{
    (void)state;
    enum { CD = 0x10, AD = 0x20 };
    static const struct {
        const char *edits, *name;
        uint8_t flags; /* the second octet of the query's */
        int rcode;
        bool ad;
    } rows[] = {
        { "", "\3mx1\3lab\4test", AD, 0, true },
        { "", "\3mx1\3lab\4test", 0, 0, false },
        { "", "\3mx1\3lab\4test", AD | CD, 0, false },
        { "", "\2no\3lab\4test", AD, 3, true },
        { "", "\4host\10insecure\4test", AD, 0, false },
        { "", "\13to-insecure\3zoo\4test", AD, 0, false },
        { "", "\5loop1\3zoo\4test", AD, 2, false },
        { "dns mx1.lab.test. A badsig", "\3mx1\3lab\4test", 0, 2, false },
        { "dns mx1.lab.test. A badsig", "\3mx1\3lab\4test", CD, 0, false },
        { "dns mx1.lab.test. A expired", "\3mx1\3lab\4test", AD, 2, false },
        { "dns mx1.lab.test. A badsig", "\5alias\3zoo\4test", AD, 2, false },
        { "dns no.lab.test. A nodenial", "\2no\3lab\4test", 0, 2, false },
        { "dns lab.test. DNSKEY badsig", "\3mx1\3lab\4test", 0, 2, false },
        { "zone lab.test. unsigned yes\ndns mx1.lab.test. A badsig", "\3mx1\3lab\4test", AD, 0,
          false },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct world *w = world_new(rows[i].edits);
        struct mxs_bytes q = query(w->arena, rows[i].name, 1);
        uint8_t *p = mxs_arena_alloc(w->arena, q.n + 5);
        memcpy(p, q.p, q.n);
        p[3] = rows[i].flags;
        p[q.n + 2] = 1;
        p[q.n + 4] = 1;
        struct mxs_bytes r =
            mxs_lab_zones_answer(w->zones, w->arena, mxs_bytes(p, q.n + 5), false);
        if (r.n < 12 || (r.p[3] & 15) != rows[i].rcode || !(r.p[3] & AD) == rows[i].ad)
            fail_msg("row %zu: rcode %d, AD %d", i, r.p[3] & 15, (r.p[3] & AD) != 0);
        world_free(w);
    }
}

/* A frozen clock far from the machine's: whatever is good is good at both, whatever is not at neither. */
static void clocks(void **state)
{
    (void)state;
    static const int years[] = { 2015, 2024, 2040 };
    const struct mxs_clock *real = mxs_clock_real();
    for (size_t i = 0; i < MXS_COUNT(years); i++) {
        struct mxs_clock frozen = mxs_clock_frozen(mxs_time_utc(years[i], 6, 1, 12, 0, 0));
        const int64_t times[] = { frozen.frozen, real->wall(real) };
        struct mxs_arena *arena = mxs_arena_new();
        struct mxs_lab_plan plan;
        struct mxs_lab_pki *pki = NULL;
        mxs_lab_plan_clean(arena, &plan);
        assert_int_equal(mxs_lab_plan_edit(&plan, "t", "cert mx1-ec validity expired\n"
                                                       "cert mx2-ec validity future", NULL), 0);
        assert_int_equal(mxs_lab_pki_new(&plan, &frozen, &pki, NULL), 0);
        for (size_t t = 0; t < MXS_COUNT(times); t++) {
            static const char *const good[] = { "root", "cross", "issuer", "mx1-rsa", "client" };
            for (size_t n = 0; n < MXS_COUNT(good); n++) {
                gnutls_x509_crt_t crt = mxs_lab_pki_crt(pki, good[n]);
                assert_true(gnutls_x509_crt_get_activation_time(crt) < times[t]);
                assert_true(gnutls_x509_crt_get_expiration_time(crt) > times[t]);
            }
            gnutls_x509_crt_t past = mxs_lab_pki_crt(pki, "mx1-ec");
            assert_true(gnutls_x509_crt_get_expiration_time(past) < times[t]);
            assert_true(gnutls_x509_crt_get_activation_time(mxs_lab_pki_crt(pki, "mx2-ec")) >
                        times[t]);
        }
        mxs_lab_pki_free(pki);
        mxs_arena_free(arena);
    }
}

/* Every row of the table edits the plan, and what comes out can be made. */
static void faults(void **state)
{
    (void)state;
    size_t n;
    const struct mxs_lab_fault *rows = mxs_lab_faults(&n);
    for (size_t i = 0; i < n; i++) {
        struct mxs_arena *arena = mxs_arena_new();
        struct mxs_lab_plan plan;
        struct mxs_lab_pki *pki = NULL;
        struct mxs_lab_zones *zones = NULL;
        struct mxs_why why = { 0, "" };
        struct mxs_strs names = { &(const char *){ rows[i].name }, 1, 1 };
        mxs_lab_plan_clean(arena, &plan);
        for (size_t j = 0; j < plan.certs.n; j++)
            plan.certs.v[j].rsa = false; /* a hundred RSA keys would take their time */
        if (mxs_lab_plan_faults(&plan, &names, &why) ||
            mxs_lab_pki_new(&plan, mxs_clock_real(), &pki, &why) ||
            mxs_lab_zones_new(&plan, pki, mxs_clock_real(), address, NULL, &zones, &why))
            fail_msg("%s: %s", rows[i].name, why.text);
        for (size_t j = 0; j < plan.hosts.n; j++) {
            const struct mxs_lab_host_plan *host = &plan.hosts.v[j];
            if (host->ec)
                assert_true(mxs_lab_pki_chain(pki, arena, host->ec, host->tail).n > 0);
        }
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rows[i].name, rows[j].name);
        mxs_lab_zones_free(zones);
        mxs_lab_pki_free(pki);
        mxs_arena_free(arena);
    }
}

static void fault_names(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        enum mxs_err err;
        const char *text;
    } rows[] = {
        { "expired", "tlsa-stale-key", MXS_OK, "" },
        { "expired", "expired", MXS_OK, "" },
        { "expird", "expired", MXS_ERR_NOT_FOUND, "no fault \"expird\"; the nearest is \"expired\"" },
        { "expired", "not-yet-valid", MXS_ERR_USAGE,
          "faults expired and not-yet-valid exclude each other" },
        { "wrong-name", "self-signed", MXS_OK, "" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_arena *arena = mxs_arena_new();
        struct mxs_lab_plan plan;
        struct mxs_why why = { 0, "" };
        struct mxs_strs names = { (const char *[]){ rows[i].a, rows[i].b }, 2, 2 };
        mxs_lab_plan_clean(arena, &plan);
        assert_int_equal(mxs_lab_plan_faults(&plan, &names, &why), rows[i].err);
        assert_string_equal(why.text, rows[i].text);
        mxs_arena_free(arena);
    }
}

static void bad_edits(void **state)
{
    (void)state;
    static const char *const edits[] = {
        "room", "cert nobody validity expired", "cert mx* colour red", "cert mx* validity soon",
        "host mx* reply STARTTLS go-on 454", "host mx* reply clear:EHLO jump 250",
        "host mx* off maybe", "host nobody off yes", "zone other. unsigned yes",
        "dns lab.test. MX sometimes",
    };
    for (size_t i = 0; i < MXS_COUNT(edits); i++) {
        struct mxs_arena *arena = mxs_arena_new();
        struct mxs_lab_plan plan;
        struct mxs_why why = { 0, "" };
        mxs_lab_plan_clean(arena, &plan);
        assert_int_equal(mxs_lab_plan_edit(&plan, "t", edits[i], &why), MXS_ERR_SYNTAX);
        assert_non_null(strstr(why.text, edits[i]));
        mxs_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean),       cmocka_unit_test(alias_loop), cmocka_unit_test(faulty),
        cmocka_unit_test(packets),     cmocka_unit_test(faults),     cmocka_unit_test(fault_names),
        cmocka_unit_test(bad_edits),   cmocka_unit_test(validating), cmocka_unit_test(clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
