/* The DNS and policy stages of a whole walk, against a signed name server with faults. Every MX host is
 * on loopback, where nobody listens on the port that is used: the sessions end at once. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "journal/fold.h"
#include "session/session.h"
#include "tests/unit/zone_lab_child.h"

#define T1 "TLSA 3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define M(n) "many MX 10 m" #n, "m" #n " A 127.0.0.1"
#define M10(d) M(d##0), M(d##1), M(d##2), M(d##3), M(d##4), M(d##5), M(d##6), M(d##7), M(d##8), \
               M(d##9)

static const char *const no_lines[] = { NULL };
static const char *const lines[] = {
    /* hosts */
    "mx1 A 127.0.0.1", "mx1 AAAA ::1", "_1._tcp.mx1 " T1,
    "none A 127.0.0.1", /* no TLSA */
    "old A 127.0.0.1", "_1._tcp.old TLSA 0 0 1 e3b0c442",
    "tbad A 127.0.0.1", "_1._tcp.tbad " T1, "tserv A 127.0.0.1", "_1._tcp.tserv " T1,
    "tdrop A 127.0.0.1", "_1._tcp.tdrop " T1,
    "abad A 127.0.0.1", "aserv A 127.0.0.1", "six A 127.0.0.1", "six AAAA ::1",
    "al1 CNAME mx1",                       /* both secure, TLSA at the target */
    "al2 CNAME none", "_1._tcp.al2 " T1,   /* TLSA at the name only */
    "al3 CNAME mx.insecure.test.", "_1._tcp.al3 " T1, /* secure alias, insecure target */
    "al4 CNAME al1",
    "al5 CNAME tbad", "_1._tcp.al5 " T1,   /* an error at the first candidate ends it */
    /* domains */
    "good MX 20 mx1", "good MX 10 none", "good CAA 0 issue \"ca.example\"",
    "_smtp._tls.good TXT \"v=TLSRPTv1; rua=mailto:x@example.test\"",
    "d-nx MX 10 nowhere", "d-tbad MX 10 tbad", "d-tserv MX 10 tserv", "d-tdrop MX 10 tdrop",
    "d-abad MX 10 abad", "d-aserv MX 10 aserv", "d-six MX 10 six", "d-old MX 10 old",
    "d-al1 MX 10 al1", "d-al2 MX 10 al2", "d-al3 MX 10 al3", "d-al4 MX 10 al4", "d-al5 MX 10 al5",
    "d-ins MX 10 mx.insecure.test.", "bad MX 10 mx1", "serv MX 10 mx1", "drop MX 10 mx1",
    "tc MX 10 mx1", "loop1 CNAME loop2", "loop2 CNAME loop1", "dl DNAME x.dl.example.test.",
    "null MX 0 .", "implicit A 127.0.0.1", "nodata TXT \"neither MX nor address\"",
    "odd MX 0 .", "odd MX 10 mx1", "ip MX 10 127.0.0.1.", "www CNAME good",
    M10(1), M10(2), M10(3), M10(4), M10(5), M10(6),
    /* MTA-STS */
    "sts MX 10 none", "_mta-sts.sts TXT \"v=STSv1; id=1;\"", "mta-sts.sts A 127.0.0.1",
    "sts2 MX 10 none", "_mta-sts.sts2 TXT \"v=STSv1; id=1;\"",
    "_mta-sts.sts2 TXT \"v=STSv1; id=2;\"",
    "sts3 MX 10 none", "_mta-sts.sts3 TXT \"v=STSv1; id=1;\"",
    "sts4 MX 10 none", "_mta-sts.sts4 TXT \"v=STSv1; id=1;\"",
    NULL
};
static const char *const insecure_lines[] = { "@ MX 10 mx", "mx A 127.0.0.1", "_1._tcp.mx " T1, NULL };

static const struct zone_lab_zone zones[] = {
    { ".", false, no_lines },
    { "test.", false, no_lines },
    { "example.test.", false, lines },
    { "insecure.test.", true, insecure_lines },
};
enum { A = 1, AAAA = 28, TLSA = 52 };
static const struct mxs_lab_dns_rule rules[] = {
    { "bad.example.test.", 0, MXS_LAB_DNS_BADSIG },
    { "serv.example.test.", 0, MXS_LAB_DNS_SERVFAIL },
    { "drop.example.test.", 0, MXS_LAB_DNS_DROP },
    { "tc.example.test.", 0, MXS_LAB_DNS_TRUNCATE },
    { "_1._tcp.tbad.example.test.", TLSA, MXS_LAB_DNS_EXPIRED },
    { "_1._tcp.tserv.example.test.", TLSA, MXS_LAB_DNS_SERVFAIL },
    { "_1._tcp.tdrop.example.test.", TLSA, MXS_LAB_DNS_DROP },
    { "abad.example.test.", A, MXS_LAB_DNS_BADSIG },
    { "aserv.example.test.", A, MXS_LAB_DNS_SERVFAIL },
    { "six.example.test.", AAAA, MXS_LAB_DNS_SERVFAIL },
    { "_mta-sts.sts4.example.test.", 0, MXS_LAB_DNS_SERVFAIL },
};

struct walked {
    struct mxs_engine *engine;
    struct mxs_journal *journal;
    struct mxs_evidence *evidence;
};

static int setup(void **state)
{
    struct zone_lab_child *child = mxs_alloc(sizeof *child);
    *state = child;
    return zone_lab_child_start(child, "t_walk_dns", zones, MXS_COUNT(zones), rules,
                                MXS_COUNT(rules)) ? 0 : -1;
}

static int teardown(void **state)
{
    zone_lab_child_stop(*state);
    free(*state);
    return 0;
}

static struct walked walk_to(struct zone_lab_child *child, const char *target,
                             struct mxs_session_options options)
{
    struct walked w;
    struct mxs_walk *walk;
    struct mxs_why why = { MXS_OK, "" };
    options.resolver = child->resolver;
    options.trust_anchor = child->anchor;
    options.timeout = 1;
    if (mxs_engine_new(&options, mxs_clock_real(), &w.engine, &why) != MXS_OK)
        fail_msg("engine: %s", why.text);
    w.journal = mxs_journal_new(mxs_clock_real());
    w.evidence = mxs_fold_new(w.journal);
    if (mxs_walk_new(w.engine, target, w.journal, &walk, &why) != MXS_OK)
        fail_msg("%s: %s", target, why.text);
    mxs_walk_finish(walk);
    mxs_walk_free(walk);
    mxs_engine_free(w.engine);
    return w;
}

static void done(struct walked *w)
{
    mxs_fold_free(w->evidence);
    mxs_journal_free(w->journal);
}

static const struct mxs_event *find(const struct walked *w, enum mxs_event_kind kind,
                                    const char *attr, const char *value)
{
    for (size_t i = 0; i < mxs_journal_count(w->journal); i++) {
        const struct mxs_event *e = mxs_journal_at(w->journal, i);
        const char *got = e->kind == kind ? mxs_event_attr(e, attr) : NULL;
        if (got && strcmp(got, value) == 0)
            return e;
    }
    return NULL;
}

static const char *error_id(const struct walked *w)
{
    for (size_t i = 0; i < mxs_journal_count(w->journal); i++) {
        const struct mxs_event *e = mxs_journal_at(w->journal, i);
        if (e->kind == MXS_EVENT_ERROR && e->session == 0)
            return mxs_event_attr(e, "id");
    }
    return NULL;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void print_journal(const struct walked *w)
{
    for (size_t i = 0; i < mxs_journal_count(w->journal); i++) {
        const struct mxs_event *e = mxs_journal_at(w->journal, i);
        const char *stage = mxs_stage_name(e->stage);
        print_message("  %s %s: %s\n", stage ? stage : "-", mxs_event_kind_name(e->kind),
                      e->summary);
    }
}

enum { NONE = MXS_SECURITY_NONE, SEC = MXS_SECURITY_SECURE, INS = MXS_SECURITY_INSECURE,
       BOG = MXS_SECURITY_BOGUS, ERR = MXS_SECURITY_ERROR, ABS = MXS_SECURITY_ABSENT };

/* One MX host, or none. */
static void states(void **state)
{
    static const struct {
        const char *domain, *error; /* of the walk or of the host's stages */
        int mx;
        const char *host;
        int address, cname, tlsa;
        const char *base;
        size_t sessions;
    } rows[] = {
        { "nx", "nxdomain", ABS, NULL, 0, 0, 0, NULL, 0 },
        { "serv", "mx-error", ERR, NULL, 0, 0, 0, NULL, 0 },
        { "bad", "mx-bogus", BOG, NULL, 0, 0, 0, NULL, 0 },
        { "drop", "mx-error", ERR, NULL, 0, 0, 0, NULL, 0 },
        { "loop1", "mx-error", ERR, NULL, 0, 0, 0, NULL, 0 },
        { "x.dl", "mx-error", ERR, NULL, 0, 0, 0, NULL, 0 },
        { "null", NULL, SEC, NULL, 0, 0, 0, NULL, 0 },
        { "tc", NULL, SEC, "mx1", SEC, NONE, SEC, "mx1", 2 },
        { "odd", NULL, SEC, "mx1", SEC, NONE, SEC, "mx1", 2 },
        { "implicit", NULL, ABS, "implicit", SEC, NONE, ABS, NULL, 1 },
        { "nodata", "no-address", ABS, "nodata", ABS, NONE, NONE, NULL, 0 },
        { "d-nx", "host-nxdomain", SEC, "nowhere", ABS, NONE, NONE, NULL, 0 },
        { "d-tbad", "tlsa-bogus", SEC, "tbad", SEC, NONE, BOG, NULL, 1 },
        { "d-tserv", "tlsa-error", SEC, "tserv", SEC, NONE, ERR, NULL, 1 },
        { "d-tdrop", "tlsa-error", SEC, "tdrop", SEC, NONE, ERR, NULL, 1 },
        { "d-abad", "address-bogus", SEC, "abad", BOG, NONE, NONE, NULL, 0 },
        { "d-aserv", "address-error", SEC, "aserv", ERR, NONE, NONE, NULL, 0 },
        { "d-six", NULL, SEC, "six", ERR, NONE, NONE, NULL, 1 },
        { "d-old", NULL, SEC, "old", SEC, NONE, SEC, "old", 1 },
        { "d-al1", NULL, SEC, "al1", SEC, NONE, SEC, "mx1", 2 },
        { "d-al2", NULL, SEC, "al2", SEC, NONE, SEC, "al2", 1 },
        { "d-al3", NULL, SEC, "al3", INS, SEC, SEC, "al3", 1 },
        { "d-al4", NULL, SEC, "al4", SEC, NONE, SEC, "mx1", 2 },
        { "d-al5", "tlsa-bogus", SEC, "al5", SEC, NONE, BOG, NULL, 1 },
        { "d-ins", NULL, SEC, "mx.insecure.test", INS, NONE, NONE, NULL, 1 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_arena *arena = mxs_arena_new();
        struct walked w = walk_to(*state, mxs_arena_printf(arena, "%s.example.test:1",
                                                           rows[i].domain),
                                  (struct mxs_session_options){ .offer = MXS_OFFER_ANY });
        const struct mxs_evidence *ev = w.evidence;
        const struct mxs_host_facts *h = ev->hosts.n ? ev->hosts.v[0] : NULL;
        const char *tail = rows[i].host && strchr(rows[i].host, '.') ? "" : ".example.test";
        const char *host = rows[i].host ? mxs_arena_printf(arena, "%s%s", rows[i].host, tail) : NULL;
        const char *base = rows[i].base ? mxs_arena_printf(arena, "%s.example.test", rows[i].base)
                                        : NULL;
        bool right = same(error_id(&w), rows[i].error) && (int)ev->domain.mx_security == rows[i].mx &&
                     ev->hosts.n == (rows[i].host ? 1 : 0) && ev->finished &&
                     (!h || (same(h->host, host) && (int)h->address_security == rows[i].address &&
                             (int)h->cname_security == rows[i].cname &&
                             (int)h->tlsa_security == rows[i].tlsa &&
                             same(h->tlsa_base_domain, base) &&
                             h->sessions.n == rows[i].sessions));
        if (!right) {
            print_journal(&w);
            fail_msg("%s: error %s, mx %d, host %s %d %d %d base %s, %zu sessions", rows[i].domain,
                     error_id(&w) ? error_id(&w) : "-", (int)ev->domain.mx_security,
                     h ? h->host : "-", h ? (int)h->address_security : 0,
                     h ? (int)h->cname_security : 0, h ? (int)h->tlsa_security : 0,
                     h && h->tlsa_base_domain ? h->tlsa_base_domain : "-", h ? h->sessions.n : 0);
        }
        done(&w);
        mxs_arena_free(arena);
    }
}

/* RFC 7672 2.2: not asked for DANE; shown when wanted, and no candidate even then. */
static void idle_records(void **state)
{
    for (int wanted = 0; wanted < 2; wanted++) {
        struct walked w = walk_to(*state, "d-ins.example.test:1",
                                  (struct mxs_session_options){ .insecure_tlsa = wanted });
        const struct mxs_host_facts *h = w.evidence->hosts.v[0];
        assert_int_equal(h->idle_tlsa.n, wanted);
        assert_int_equal(h->tlsa.n, 0);
        assert_int_equal(h->candidates.n, 0);
        assert_int_equal(h->tlsa_security, NONE);
        assert_null(h->tlsa_base_domain);
        if (wanted)
            assert_string_equal(h->idle_tlsa.v[0].unusable_reason,
                                "its zone is not signed (RFC 7672 2.2)");
        done(&w);
    }
}

static void domain_records(void **state)
{
    struct walked w = walk_to(*state, "good.example.test:1", (struct mxs_session_options){ .offer = 0 });
    const struct mxs_domain_facts *d = &w.evidence->domain;
    assert_int_equal(d->mx.n, 2);
    assert_string_equal(d->mx.v[0].host, "none.example.test");
    assert_int_equal(d->mx.v[0].preference, 10);
    assert_string_equal(d->mx.v[1].host, "mx1.example.test");
    assert_false(d->implicit_mx || d->null_mx);
    assert_int_equal(d->caa.n, 1);
    assert_true(d->tlsrpt.valid);
    assert_int_equal(d->sts.txt.n, 0);
    assert_int_equal(w.evidence->zones.n, 0); /* not asked for */
    assert_int_equal(w.evidence->hosts.v[1]->addresses.n, 2);
    assert_int_equal(w.evidence->hosts.v[1]->tlsa.n, 1);
    done(&w);

    w = walk_to(*state, "www.example.test:1", (struct mxs_session_options){ .family = 4 });
    assert_string_equal(w.evidence->domain.canonname, "good.example.test");
    assert_int_equal(w.evidence->domain.mx.n, 2);
    assert_int_equal(w.evidence->hosts.v[1]->addresses.n, 2); /* -4 limits sessions, not knowledge */
    done(&w);

    w = walk_to(*state, "many.example.test:1", (struct mxs_session_options){ .family = 4 });
    assert_int_equal(w.evidence->domain.mx.n, 50);
    assert_non_null(find(&w, MXS_EVENT_NOTE, "id", "mx-too-many"));
    done(&w);

    w = walk_to(*state, "odd.example.test:1", (struct mxs_session_options){ .family = 4 });
    assert_non_null(find(&w, MXS_EVENT_NOTE, "id", "null-mx-among-others"));
    assert_false(w.evidence->domain.null_mx);
    done(&w);

    w = walk_to(*state, "null.example.test:1", (struct mxs_session_options){ .family = 4 });
    assert_true(w.evidence->domain.null_mx);
    assert_null(w.evidence->error);
    done(&w);

    w = walk_to(*state, "ip.example.test:1", (struct mxs_session_options){ .family = 4 });
    assert_non_null(find(&w, MXS_EVENT_NOTE, "id", "mx-is-address"));
    assert_true(w.evidence->hosts.v[0]->is_address);
    done(&w);
}

static void zone_cuts(void **state)
{
    static const char *const names[] = { ".", "test", "example.test", "insecure.test" };
    struct walked w = walk_to(*state, "d-ins.example.test:1",
                              (struct mxs_session_options){ .zones = true });
    const struct mxs_evidence *ev = w.evidence;
    if (ev->zones.n != MXS_COUNT(names))
        print_journal(&w);
    assert_int_equal(ev->zones.n, MXS_COUNT(names));
    for (size_t i = 0; i < ev->zones.n; i++) {
        const struct mxs_zone_cut *z = &ev->zones.v[i];
        bool is_signed = i < 3;
        assert_string_equal(z->zone, names[i]);
        assert_int_equal(z->dnskey_security, is_signed ? SEC : ABS);
        assert_int_equal(z->ds_security, i == 0 ? NONE : is_signed ? SEC : ABS);
        assert_true(z->dnskey_seq > 0 && (i == 0 || z->ds_seq > 0));
    }
    done(&w);
}

static void targets(void **state)
{
    struct walked w = walk_to(*state, "[mx1.example.test]:1",
                              (struct mxs_session_options){ .family = 4 });
    const struct mxs_event *e = find(&w, MXS_EVENT_STAGE, "status", "skipped");
    assert_non_null(e);
    assert_int_equal(e->stage, MXS_STAGE_MX);
    assert_int_equal(w.evidence->hosts.n, 1);
    assert_string_equal(w.evidence->hosts.v[0]->tlsa_base_domain, "mx1.example.test");
    e = find(&w, MXS_EVENT_NOTE, "id", "expectation");
    assert_string_equal(mxs_event_attr(e, "wins"), "dane");
    assert_string_equal(mxs_event_attr(e, "sni"), "mx1.example.test");
    done(&w);

    w = walk_to(*state, "[127.0.0.1]:1", (struct mxs_session_options){ .family = 4 });
    assert_int_equal(w.evidence->hosts.n, 1);
    assert_true(w.evidence->hosts.v[0]->is_address);
    assert_int_equal(w.evidence->hosts.v[0]->sessions.n, 1);
    assert_null(find(&w, MXS_EVENT_DNS, "purpose", "address"));
    e = find(&w, MXS_EVENT_NOTE, "id", "expectation");
    assert_string_equal(mxs_event_attr(e, "wins"), "none");
    assert_null(mxs_event_attr(e, "sni"));
    done(&w);

    w = walk_to(*state, "d-al1.example.test:1", (struct mxs_session_options){ .family = 4 });
    e = find(&w, MXS_EVENT_NOTE, "id", "expectation"); /* RFC 7672 8.1: the base domain */
    assert_string_equal(mxs_event_attr(e, "sni"), "mx1.example.test");
    done(&w);

    w = walk_to(*state, "d-tserv.example.test:1", (struct mxs_session_options){ .family = 4 });
    e = find(&w, MXS_EVENT_NOTE, "id", "expectation");
    assert_string_equal(mxs_event_attr(e, "wins"), "unreachable");
    done(&w);
}

/* The resolver's own words beside our verdict: here the lab, which answers as a validating
 * one does. */
static void opinions(void **state)
{
    static const struct {
        const char *domain;
        int ours; /* NONE: it is not asked */
        int rcode;
        bool ad;
        const char *qname;
    } rows[] = {
        { "tc.example.test:1", SEC, 0, true, "_1._tcp.mx1.example.test" },
        { "serv.example.test:1", ERR, 2, false, "serv.example.test" },
        { "bad.example.test:1", BOG, 2, false, "bad.example.test" },
        { "d-tbad.example.test:1", BOG, 2, false, "_1._tcp.tbad.example.test" },
        { "loop1.example.test:1", ERR, 2, false, "loop1.example.test" },
        { "drop.example.test:1", NONE, 0, false, NULL }, /* nobody answered us: no second wait */
        { "implicit.example.test:1", NONE, 0, false, NULL },
        { "d-ins.example.test:1", NONE, 0, false, NULL },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct walked w = walk_to(*state, rows[i].domain, (struct mxs_session_options){ .family = 4 });
        const struct mxs_evidence *ev = w.evidence;
        if (ev->resolver_views.n != (rows[i].ours ? 1 : 0)) {
            print_journal(&w);
            fail_msg("%s: %zu opinions", rows[i].domain, ev->resolver_views.n);
        }
        if (rows[i].ours) {
            const struct mxs_resolver_view *v = &ev->resolver_views.v[0];
            assert_int_equal(v->ours, rows[i].ours);
            assert_string_equal(v->qname, rows[i].qname);
            assert_string_equal(v->resolver, ((struct zone_lab_child *)*state)->resolver);
            assert_int_equal(v->ad, rows[i].ad);
            assert_int_equal(v->rcode, rows[i].rcode);
        }
        done(&w);
    }
}

/* What comes of the TXT record; the policy host has nobody on 443, or no address. */
static void mta_sts(void **state)
{
    static const struct {
        const char *domain;
        enum mxs_stage_status status;
        bool fetched;
        const char *error_id;
    } rows[] = {
        { "good.example.test:1", MXS_STAGE_SKIPPED, false, NULL },
        { "sts.example.test:1", MXS_STAGE_WARNING, true, "connect" },
        { "sts2.example.test:1", MXS_STAGE_WARNING, false, NULL },
        { "sts3.example.test:1", MXS_STAGE_WARNING, true, "dns" },
        { "sts4.example.test:1", MXS_STAGE_FAILED, false, NULL },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_session_options options = { .family = 4 };
        struct mxs_connect_to row = { .host = "mta-sts.sts.example.test", .address = "127.0.0.1",
                                      .port = 443, .to_port = 1 };
        options.connect_to.v = &row;
        options.connect_to.n = 1;
        struct walked w = walk_to(*state, rows[i].domain, options);
        const struct mxs_sts_facts *sts = &w.evidence->domain.sts;
        const struct mxs_stage_result *r = &w.evidence->stages[MXS_STAGE_MTA_STS];
        if (r->status != rows[i].status || sts->fetched != rows[i].fetched ||
            !same(sts->error_id, rows[i].error_id)) {
            print_journal(&w);
            fail_msg("%s: status %d, fetched %d, %s", rows[i].domain, (int)r->status, sts->fetched,
                     sts->error_id ? sts->error_id : "-");
        }
        done(&w);
    }
}

/* Stopped while the answers are still out. */
static void stopped(void **state)
{
    struct zone_lab_child *child = *state;
    struct mxs_session_options options = { .resolver = child->resolver,
                                           .trust_anchor = child->anchor };
    struct mxs_engine *engine;
    struct mxs_walk *walk;
    struct mxs_why why;
    assert_int_equal(mxs_engine_new(&options, mxs_clock_real(), &engine, &why), MXS_OK);
    struct mxs_journal *journal = mxs_journal_new(mxs_clock_real());
    assert_int_equal(mxs_walk_new(engine, "drop.example.test:1", journal, &walk, &why), MXS_OK);
    mxs_walk_start(walk);
    mxs_engine_run_once(engine, 10);
    assert_false(mxs_walk_done(walk));
    mxs_walk_stop(walk);
    assert_true(mxs_walk_done(walk));
    mxs_engine_run_once(engine, 10);
    mxs_walk_free(walk);
    mxs_engine_free(engine);
    mxs_journal_free(journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states), cmocka_unit_test(idle_records),  cmocka_unit_test(domain_records), cmocka_unit_test(zone_cuts),
        cmocka_unit_test(targets), cmocka_unit_test(mta_sts),        cmocka_unit_test(stopped),
        cmocka_unit_test(opinions),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
