/* libunbound's verdicts through the resolver, against a signed name server with faults: each row of
 * states that must not be confused (RFC 7672 2.1, RFC 4035 4.3). */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "facts/dns_names.h"
#include "net/resolver.h"
#include "tests/unit/coro_test.h"
#include "tests/unit/zone_lab.h"

#define ED448_SIG "A 16 3 300 20361231000000 20200101000000 4711 odd.test. AAAAAAAAAAAA"

static const char *const root_lines[] = { NULL };
static const char *const test_lines[] = {
    /* A DS of an algorithm (ED448) that Debian's libunbound does not know. */
    "odd DS 4711 16 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    /* A DS of keys that the zone does not have. */
    "badds DS 4711 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    NULL
};
static const char *const example_lines[] = {
    "@ MX 10 mx1", "@ MX 20 mx2", "mx1 A 192.0.2.1", "mx1 AAAA 2001:db8::1", "mx2 A 192.0.2.2",
    "_25._tcp.mx1 TLSA 3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "alias CNAME mx1", "alias2 CNAME alias", "to-insecure CNAME mx.insecure.test.",
    "to-bogus CNAME badsig", "dname DNAME insecure.test.", "here DNAME there.example.test.",
    "mx.there A 192.0.2.9", "*.wild A 192.0.2.7", "exact.wild TXT \"here\"",
    "a.b.ent TXT \"deep\"", "loop1 CNAME loop2", "loop2 CNAME loop1",
    "dloop DNAME x.dloop.example.test.", "big TXT {filler/3000}", "tc A 192.0.2.3",
    "badsig A 192.0.2.4", "expired A 192.0.2.5", "nosig A 192.0.2.6", "servfail A 192.0.2.8",
    "refused A 192.0.2.8", "foreign A 192.0.2.8", "dropped A 192.0.2.8", "d2 A 192.0.2.8", NULL
};
static const char *const insecure_lines[] = { "@ MX 10 mx", "mx A 192.0.2.10", NULL };
static const char *const odd_lines[] = { "mx A 192.0.2.11", "mx RRSIG " ED448_SIG, NULL };
static const char *const badds_lines[] = { "mx A 192.0.2.12", NULL };

static const char *const other_lines[] = { "mx A 192.0.2.13", NULL };

static const struct zone_lab_zone zones[] = {
    { ".", false, root_lines },
    { "test.", false, test_lines },
    { "example.test.", false, example_lines },
    { "insecure.test.", true, insecure_lines },
    { "odd.test.", true, odd_lines },
    { "badds.test.", true, badds_lines },
    { "other.test.", false, other_lines }, /* its key signs what the rule `foreign` says */
};

static const struct mxs_lab_dns_rule rules[] = {
    { "badsig.example.test.", 0, MXS_LAB_DNS_BADSIG },
    { "expired.example.test.", 0, MXS_LAB_DNS_EXPIRED },
    { "nosig.example.test.", 0, MXS_LAB_DNS_NOSIG },
    { "nodenial.example.test.", 0, MXS_LAB_DNS_NODENIAL },
    { "exact.wild.example.test.", MXS_DNS_A, MXS_LAB_DNS_WILDREPLAY },
    { "foreign.example.test.", 0, MXS_LAB_DNS_FOREIGN },
    { "servfail.example.test.", 0, MXS_LAB_DNS_SERVFAIL },
    { "refused.example.test.", 0, MXS_LAB_DNS_REFUSED },
    { "dropped.example.test.", 0, MXS_LAB_DNS_DROP },
    { "d*.drop.example.test.", 0, MXS_LAB_DNS_DROP },
    { "tc.example.test.", 0, MXS_LAB_DNS_TRUNCATE },
};

struct world {
    struct mxs_loop *loop;
    struct zone_lab lab;
    struct mxs_resolver *resolver;
};

static int setup(void **state)
{
    struct world *w = mxs_alloc(sizeof *w);
    struct mxs_why why = { MXS_OK, "" };
    w->loop = mxs_loop_new(mxs_clock_real());
    if (!zone_lab_start(&w->lab, w->loop, "t_resolver", zones, MXS_COUNT(zones), rules,
                        MXS_COUNT(rules)))
        return -1;
    struct mxs_resolver_options options = { .forward = w->lab.resolver,
                                            .trust_anchor = w->lab.anchor };
    if (mxs_resolver_new(w->loop, &options, &w->resolver, &why) != MXS_OK) {
        print_error("%s\n", why.text);
        return -1;
    }
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    mxs_resolver_free(w->resolver);
    zone_lab_stop(&w->lab);
    mxs_loop_free(w->loop);
    free(w);
    return 0;
}

struct ask {
    struct world *world;
    struct mxs_arena *arena;
    const struct mxs_question *questions;
    size_t n;
    int64_t timeout;
    struct mxs_dns_answer *answers;
    enum mxs_err err;
    int64_t took;
};

static void run_ask(struct mxs_coro *self, void *data)
{
    struct ask *a = data;
    int64_t began = mxs_loop_now(a->world->loop);
    a->err = mxs_resolver_ask_all(a->world->resolver, self, a->arena, a->questions, a->n,
                                  began + a->timeout, a->answers);
    a->took = mxs_loop_now(a->world->loop) - began;
}

static void verdicts(void **state)
{
    static const struct {
        const char *name;
        uint16_t type;
        enum mxs_security security;
        int rcode;
        size_t records;
        const char *canonname;
        bool denial_secure;
        const char *why; /* a part of it */
    } rows[] = {
        { "example.test", MXS_DNS_MX, MXS_SECURITY_SECURE, 0, 2, NULL, false, NULL },
        { "EXAMPLE.test", MXS_DNS_MX, MXS_SECURITY_SECURE, 0, 2, NULL, false, NULL },
        { "mx1.example.test", MXS_DNS_AAAA, MXS_SECURITY_SECURE, 0, 1, NULL, false, NULL },
        { "_25._tcp.mx1.example.test", MXS_DNS_TLSA, MXS_SECURITY_SECURE, 0, 1, NULL, false, NULL },
        { "alias2.example.test", MXS_DNS_A, MXS_SECURITY_SECURE, 0, 3, "mx1.example.test", false,
          NULL },
        { "mx.here.example.test", MXS_DNS_A, MXS_SECURITY_SECURE, 0, 2, "mx.there.example.test",
          false, NULL },
        { "x.wild.example.test", MXS_DNS_A, MXS_SECURITY_SECURE, 0, 1, NULL, false, NULL },
        { "tc.example.test", MXS_DNS_A, MXS_SECURITY_SECURE, 0, 1, NULL, false, NULL },
        { "big.example.test", MXS_DNS_TXT, MXS_SECURITY_SECURE, 0, 1, NULL, false, NULL },
        { "insecure.test", MXS_DNS_MX, MXS_SECURITY_INSECURE, 0, 1, NULL, false, NULL },
        { "to-insecure.example.test", MXS_DNS_A, MXS_SECURITY_INSECURE, 0, 2, "mx.insecure.test",
          false, NULL },
        { "to-insecure.example.test", MXS_DNS_CNAME, MXS_SECURITY_SECURE, 0, 1, NULL, false, NULL },
        { "mx.dname.example.test", MXS_DNS_A, MXS_SECURITY_INSECURE, 0, 2, "mx.insecure.test",
          false, NULL },
        { "mx.odd.test", MXS_DNS_A, MXS_SECURITY_UNSUPPORTED, 0, 1, NULL, false, NULL },
        { "nx.example.test", MXS_DNS_A, MXS_SECURITY_ABSENT, 3, 0, NULL, true, NULL },
        { "mx1.example.test", MXS_DNS_TLSA, MXS_SECURITY_ABSENT, 0, 0, NULL, true, NULL },
        { "b.ent.example.test", MXS_DNS_TXT, MXS_SECURITY_ABSENT, 0, 0, NULL, true, NULL },
        { "nx.insecure.test", MXS_DNS_A, MXS_SECURITY_ABSENT, 3, 0, NULL, false, NULL },
        { "badsig.example.test", MXS_DNS_A, MXS_SECURITY_BOGUS, 0, 1, NULL, false, "signature" },
        { "to-bogus.example.test", MXS_DNS_A, MXS_SECURITY_BOGUS, 0, 2, "badsig.example.test",
          false, "signature" },
        { "expired.example.test", MXS_DNS_A, MXS_SECURITY_BOGUS, 0, 1, NULL, false, "expired" },
        { "nosig.example.test", MXS_DNS_A, MXS_SECURITY_BOGUS, 0, 1, NULL, false, "no signatures" },
        { "nodenial.example.test", MXS_DNS_A, MXS_SECURITY_BOGUS, 3, 0, NULL, false, "" },
        { "exact.wild.example.test", MXS_DNS_A, MXS_SECURITY_BOGUS, 0, 1, NULL, false, "wild" },
        { "foreign.example.test", MXS_DNS_A, MXS_SECURITY_BOGUS, 0, 1, NULL, false, "" },
        { "mx.badds.test", MXS_DNS_A, MXS_SECURITY_BOGUS, 0, 1, NULL, false, "" },
        { "servfail.example.test", MXS_DNS_A, MXS_SECURITY_ERROR, 2, 0, NULL, false, "SERVFAIL" },
        { "refused.example.test", MXS_DNS_A, MXS_SECURITY_ERROR, 2, 0, NULL, false, "SERVFAIL" },
        { "loop1.example.test", MXS_DNS_A, MXS_SECURITY_ERROR, 2, 0, NULL, false, "SERVFAIL" },
        { "x.dloop.example.test", MXS_DNS_A, MXS_SECURITY_ERROR, -2, 0, NULL, false, "" },
        { "a..example.test", MXS_DNS_A, MXS_SECURITY_ERROR, -1, 0, NULL, false, "" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_question q = { rows[i].name, rows[i].type };
        struct mxs_dns_answer answer;
        struct ask ask = { *state, mxs_arena_new(), &q, 1, 10000000, &answer, MXS_OK, 0 };
        coro_test(((struct world *)*state)->loop, run_ask, &ask);
        if (ask.err != MXS_OK || answer.security != rows[i].security)
            fail_msg("%s: err %d, %s (%s)", q.name, (int)ask.err, mxs_security_name(answer.security),
                     answer.why ? answer.why : "-");
        if (rows[i].rcode > -2 && answer.rcode != rows[i].rcode)
            fail_msg("%s: rcode %d", q.name, answer.rcode);
        if (answer.rrs.n != rows[i].records || answer.denial_secure != rows[i].denial_secure)
            fail_msg("%s: %zu records, denial %d", q.name, answer.rrs.n, answer.denial_secure);
        if (rows[i].canonname ? !answer.canonname || strcmp(answer.canonname, rows[i].canonname) != 0
                              : answer.canonname != NULL)
            fail_msg("%s: canonname %s", q.name, answer.canonname ? answer.canonname : "-");
        if (rows[i].why && (!answer.why || !strstr(answer.why, rows[i].why)))
            fail_msg("%s: why \"%s\"", q.name, answer.why ? answer.why : "-");
        assert_int_equal(answer.qtype, rows[i].type);
        mxs_arena_free(ask.arena);
    }
}

/* One that is never answered ends at our deadline, and neither holds up nor spoils the others. */
static void dropped(void **state)
{
    struct world *w = *state;
    const struct mxs_question both[] = { { "dropped.example.test", MXS_DNS_A },
                                         { "mx2.example.test", MXS_DNS_A } };
    const struct mxs_question after[] = { { "example.test", MXS_DNS_MX },
                                          { "mx1.example.test", MXS_DNS_A } };
    struct mxs_dns_answer answers[2];
    struct ask ask = { w, mxs_arena_new(), both, 2, 600000, answers, MXS_OK, 0 };
    coro_test(w->loop, run_ask, &ask);
    assert_int_equal(ask.err, MXS_ERR_TIMEOUT);
    assert_in_range(ask.took, 550000, 1500000);
    assert_int_equal(answers[0].security, MXS_SECURITY_ERROR);
    assert_string_equal(answers[0].why, "no answer within 0.6 s");
    assert_int_equal(answers[0].rcode, -1);
    assert_int_equal(answers[1].security, MXS_SECURITY_SECURE);
    ask = (struct ask){ w, ask.arena, after, 2, 5000000, answers, MXS_OK, 0 };
    coro_test(w->loop, run_ask, &ask);
    assert_int_equal(ask.err, MXS_OK);
    assert_int_equal(answers[0].security, MXS_SECURITY_SECURE);
    assert_int_equal(answers[1].security, MXS_SECURITY_SECURE);
    assert_in_range(ask.took, 0, 400000);
    mxs_arena_free(ask.arena);
}

/* More than fly at once, from several coroutines, while some questions are never answered. */
static void many(void **state)
{
    enum { ASKERS = 4, EACH = 60 };
    struct world *w = *state;
    struct mxs_arena *arena = mxs_arena_new();
    struct ask asks[ASKERS];
    struct mxs_coro *coros[ASKERS];
    size_t done = 0;
    for (size_t i = 0; i < ASKERS; i++) {
        struct mxs_question *q = mxs_arena_alloc(arena, EACH * sizeof *q);
        for (size_t k = 0; k < EACH; k++)
            q[k] = (struct mxs_question){
                mxs_arena_printf(arena, "n%zu-%zu.wild.example.test", i, k), MXS_DNS_A };
        if (i == 0)
            q[7].name = "d1.drop.example.test";
        asks[i] = (struct ask){ w, arena, q, EACH, 1500000,
                                mxs_arena_alloc(arena, EACH * sizeof(struct mxs_dns_answer)),
                                MXS_OK, 0 };
        coros[i] = mxs_coro_new(w->loop, run_ask, &asks[i]);
        mxs_coro_resume(coros[i]);
    }
    while (done < ASKERS) {
        mxs_loop_run_once(w->loop, -1);
        done = 0;
        for (size_t i = 0; i < ASKERS; i++)
            done += mxs_coro_done(coros[i]);
    }
    for (size_t i = 0; i < ASKERS; i++) {
        assert_int_equal(asks[i].err, i == 0 ? MXS_ERR_TIMEOUT : MXS_OK);
        assert_in_range(asks[i].took, i == 0 ? 1500000 : 0, 2000000);
        for (size_t k = 0; k < EACH; k++)
            if (asks[i].answers[k].security !=
                (i == 0 && k == 7 ? MXS_SECURITY_ERROR : MXS_SECURITY_SECURE))
                fail_msg("%s: %s (%s)", asks[i].questions[k].name,
                         mxs_security_name(asks[i].answers[k].security),
                         asks[i].answers[k].why ? asks[i].answers[k].why : "-");
        mxs_coro_free(coros[i]);
    }
    mxs_arena_free(arena);
}

static void cancelled(void **state)
{
    struct world *w = *state;
    const struct mxs_question q[] = { { "dropped.example.test", MXS_DNS_A },
                                      { "d2.drop.example.test", MXS_DNS_A } };
    struct mxs_dns_answer answers[2];
    struct ask ask = { w, mxs_arena_new(), q, 2, 5000000, answers, MXS_OK, 0 };
    struct mxs_coro *coro = mxs_coro_new(w->loop, run_ask, &ask);
    mxs_coro_resume(coro);
    mxs_loop_run_once(w->loop, 50);
    mxs_coro_cancel(coro);
    assert_true(mxs_coro_done(coro));
    assert_int_equal(ask.err, MXS_ERR_CANCELLED);
    assert_int_equal(answers[0].security, MXS_SECURITY_ERROR);
    assert_string_equal(answers[1].why, "cancelled");
    mxs_coro_free(coro);
    mxs_arena_free(ask.arena);
}

/* What is asked again after a refresh is asked of the server, not of the cache. */
static void refreshed(void **state)
{
    struct world *w = *state;
    struct mxs_question q = { "mx1.example.test", MXS_DNS_A };
    struct mxs_dns_answer answer;
    struct ask ask = { w, mxs_arena_new(), &q, 1, 300000, &answer, MXS_OK, 0 };
    coro_test(w->loop, run_ask, &ask);
    assert_int_equal(answer.security, MXS_SECURITY_SECURE);
    mxs_lab_dns_serve(w->lab.dns, NULL); /* silent from now on */
    coro_test(w->loop, run_ask, &ask);
    assert_int_equal(answer.security, MXS_SECURITY_SECURE);
    mxs_resolver_refresh(w->resolver);
    coro_test(w->loop, run_ask, &ask);
    assert_int_equal(ask.err, MXS_ERR_TIMEOUT);
    mxs_lab_dns_serve(w->lab.dns, w->lab.zones);
    mxs_resolver_refresh(w->resolver);
    coro_test(w->loop, run_ask, &ask);
    assert_int_equal(answer.security, MXS_SECURITY_SECURE);
    mxs_arena_free(ask.arena);
}

/* A lookup outlives its resolver, and its answers do not come any more. */
static void orphan(void **state)
{
    struct world *w = *state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_question q = { "dropped.example.test", MXS_DNS_A };
    struct mxs_dns_answer answer;
    struct mxs_lookup *lookup = mxs_lookup_start(w->resolver, arena, &q, 1, &answer);
    mxs_loop_run_once(w->loop, 20);
    mxs_resolver_free(w->resolver);
    w->resolver = NULL;
    assert_int_equal(answer.security, MXS_SECURITY_ERROR);
    mxs_lookup_free(lookup);
    mxs_arena_free(arena);
}

/* Threads of this process that block SIGTERM, and those that do not. Read here, not by a child: while
 * one is started the C library blocks everything for a moment. */
static void count_blocked(int *blocked, int *open)
{
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (struct dirent *task; (task = readdir(tasks));) {
        char path[300], line[256];
        unsigned long long mask = 0;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
        FILE *status = *task->d_name == '.' ? NULL : fopen(path, "r");
        while (status && fgets(line, sizeof line, status))
            if (sscanf(line, "SigBlk: %llx", &mask) == 1)
                *(mask >> (SIGTERM - 1) & 1 ? blocked : open) += 1;
        if (status)
            fclose(status);
    }
    closedir(tasks);
}

/* The worker thread must leave signals to the application (a resize would else be lost). */
static void signals(void **state)
{
    struct world *w = *state;
    struct mxs_question q = { "mx1.example.test", MXS_DNS_A };
    struct mxs_dns_answer answer;
    struct ask ask = { w, mxs_arena_new(), &q, 1, 5000000, &answer, MXS_OK, 0 };
    sigset_t before, after;
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    coro_test(w->loop, run_ask, &ask);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    for (int n = 1; n < NSIG; n++)
        assert_int_equal(sigismember(&before, n), sigismember(&after, n));
    int blocked = 0, open = 0;
    count_blocked(&blocked, &open);
    assert_int_equal(open, 1); /* the main thread */
    assert_true(blocked >= 1); /* libunbound's */
    mxs_arena_free(ask.arena);
}

/* A resolver without DNSSEC records is no fault of the domain: ERROR, and said so. */
static void stripping(void **state)
{
    static const struct mxs_lab_dns_rule strip[] = { { "*", 0, MXS_LAB_DNS_NOSIG } };
    struct world *w = mxs_alloc(sizeof *w);
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_question q = { "mx1.example.test", MXS_DNS_A };
    struct mxs_dns_answer answer;
    w->loop = mxs_loop_new(mxs_clock_real());
    assert_true(zone_lab_start(&w->lab, w->loop, "t_resolver_strip", zones, MXS_COUNT(zones), strip,
                               1));
    struct mxs_resolver_options options = { .forward = w->lab.resolver,
                                            .trust_anchor = w->lab.anchor };
    assert_int_equal(mxs_resolver_new(w->loop, &options, &w->resolver, &why), MXS_OK);
    struct ask ask = { w, mxs_arena_new(), &q, 1, 5000000, &answer, MXS_OK, 0 };
    coro_test(w->loop, run_ask, &ask);
    if (answer.security != MXS_SECURITY_ERROR || !answer.why ||
        strncmp(answer.why, MXS_DNS_UNAVAILABLE, strlen(MXS_DNS_UNAVAILABLE)) != 0)
        fail_msg("%s: %s", mxs_security_name(answer.security), answer.why ? answer.why : "-");
    mxs_arena_free(ask.arena);
    void *made = w;
    teardown(&made);
    (void)state;
}

static void start_errors(void **state)
{
    (void)state;
    static const struct {
        const char *forward, *anchor_text;
        enum mxs_err err;
        const char *text; /* a part of it */
    } rows[] = {
        { "127.0.0.1", NULL, MXS_ERR_IO, "t_resolver.key: No such file or directory" },
        { "127.0.0.1", "", MXS_ERR_SYNTAX, "t_resolver.key: no DS or DNSKEY record in it" },
        { "127.0.0.1", "; a comment\n\n", MXS_ERR_SYNTAX, "no DS or DNSKEY record" },
        { "127.0.0.1", "; one\n. IN DS 20326 8 2 XYZ\n", MXS_ERR_SYNTAX, "t_resolver.key:2: " },
        { "127.0.0.1", "example.org. IN A 192.0.2.1\n", MXS_ERR_SYNTAX, "no DS or DNSKEY record" },
        { "dns.example.org", ". IN DS 1 8 2 00\n", MXS_ERR_USAGE, "dns.example.org: not a numeric" },
        { "127.0.0.1:99999", ". IN DS 1 8 2 00\n", MXS_ERR_USAGE, "127.0.0.1:99999: not a port" },
    };
    struct mxs_loop *loop = mxs_loop_new(mxs_clock_real());
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_resolver_options o = { .forward = rows[i].forward,
                                          .trust_anchor = "t_resolver.key" };
        struct mxs_resolver *resolver;
        struct mxs_why why = { MXS_OK, "" };
        unlink("t_resolver.key");
        if (rows[i].anchor_text)
            mxs_file_write("t_resolver.key", mxs_bytes_str(rows[i].anchor_text), 0600, &why);
        enum mxs_err err = mxs_resolver_new(loop, &o, &resolver, &why);
        unlink("t_resolver.key");
        assert_null(resolver);
        if (err != rows[i].err || !strstr(why.text, rows[i].text))
            fail_msg("row %zu: %d \"%s\"", i, (int)err, why.text);
    }
    mxs_loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(verdicts, setup, teardown),
        cmocka_unit_test_setup_teardown(dropped, setup, teardown),
        cmocka_unit_test_setup_teardown(many, setup, teardown),
        cmocka_unit_test_setup_teardown(cancelled, setup, teardown),
        cmocka_unit_test_setup_teardown(refreshed, setup, teardown),
        cmocka_unit_test_setup_teardown(orphan, setup, teardown),
        cmocka_unit_test_setup_teardown(signals, setup, teardown),
        cmocka_unit_test(stripping),
        cmocka_unit_test(start_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
