/* The lab against the real engine and the judges, where a walk of lab.test without a certificate, which
 * tests/cli/faults.sh does for every fault, does not reach: other targets, client certificates, SNI. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/file.h"
#include "journal/fold.h"
#include "judge/assess.h"
#include "judge/store.h"
#include "lab/lab.h"
#include "net/loop.h"
#include "session/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum cert { NO_CERT, CLIENT_CERT, BOTH_CERT, SERVER_ONLY_CERT };

struct world {
    struct mxs_arena *arena;
    struct mxs_loop *loop;
    struct mxs_lab *lab;
    struct mxs_session_options options;
    struct mxs_store *store;
    struct mxs_engine *engine;
    struct mxs_journal *journal;
    struct mxs_walk *walk;
    struct mxs_evidence *evidence;
    struct mxs_assessment *assessment;
};

static struct mxs_bytes pem(struct world *w, const char *path)
{
    struct mxs_bytes b = { NULL, 0 };
    struct mxs_why why = { MXS_OK, "" };
    if (mxs_file_read(w->arena, path, 1 << 20, &b, &why))
        fail_msg("%s", why.text);
    return b;
}

static void set_cert(struct world *w, enum cert cert)
{
    const struct mxs_lab_info *info = mxs_lab_info(w->lab);
    const char *const paths[][2] = {
        [CLIENT_CERT] = { info->client_cert, info->client_key },
        [BOTH_CERT] = { info->both_cert, info->both_key },
        [SERVER_ONLY_CERT] = { info->server_only_cert, info->server_only_key },
    };
    if (cert == NO_CERT)
        return;
    w->options.client_cert_pem = pem(w, paths[cert][0]);
    w->options.client_key_pem = pem(w, paths[cert][1]);
}

static void point_at_lab(struct world *w)
{
    const struct mxs_lab_info *info = mxs_lab_info(w->lab);
    w->options.resolver = info->resolver;
    w->options.trust_anchor = info->trust_anchor;
    w->options.ca_file = info->ca_file;
    w->options.ehlo = "client.test";
    w->options.timeout = 1;
    w->options.offer_all = true;
    for (size_t i = 0; i < info->connect_to.n; i++) {
        const struct mxs_lab_connect *c = &info->connect_to.v[i];
        *mxs_list_add(w->arena, &w->options.connect_to) =
            (struct mxs_connect_to){ c->host, c->address, c->port, c->to_port };
    }
}

static void world_open(struct world *w, const char *fault, enum cert cert)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_lab_options lab = { .listen = NULL };
    *w = (struct world){ .arena = mxs_arena_new(), .loop = mxs_loop_new(mxs_clock_real()) };
    if (fault)
        *mxs_list_add(w->arena, &lab.faults) = fault;
    if (mxs_lab_new(w->loop, mxs_clock_real(), &lab, &w->lab, &why))
        fail_msg("%s: %s", fault ? fault : "clean", why.text);
    point_at_lab(w);
    set_cert(w, cert);
    w->store = mxs_store_new(mxs_lab_info(w->lab)->ca_file);
}

static void world_walk(struct world *w, const char *target)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_clock clock = *mxs_clock_real();
    struct mxs_assess_options assess = { .at = clock.wall(&clock), .store = w->store,
                                         .revoked = mxs_lab_revoked, .revoked_data = w->lab };
    w->journal = mxs_journal_new(mxs_clock_real());
    if (mxs_engine_new_on(w->loop, &w->options, mxs_clock_real(), &w->engine, &why) ||
        mxs_walk_new(w->engine, target, w->journal, &w->walk, &why))
        fail_msg("%s: %s", target, why.text);
    mxs_walk_start(w->walk);
    mxs_walk_finish(w->walk);
    w->evidence = mxs_fold_new(w->journal);
    w->assessment = mxs_assess(w->evidence, &assess);
}

static void world_close(struct world *w)
{
    mxs_assessment_free(w->assessment);
    mxs_fold_free(w->evidence);
    mxs_walk_free(w->walk);
    mxs_journal_free(w->journal);
    mxs_engine_free(w->engine);
    mxs_lab_free(w->lab);
    mxs_loop_free(w->loop);
    mxs_store_free(w->store);
    mxs_arena_free(w->arena);
}

static bool found(const struct world *w, const char *id)
{
    for (size_t i = 0; i < w->assessment->findings.n; i++)
        if (strcmp(w->assessment->findings.v[i].id, id) == 0)
            return true;
    return false;
}

static const char *all(const struct world *w)
{
    const char *text = "";
    for (size_t i = 0; i < w->assessment->findings.n; i++)
        text = mxs_arena_printf(w->arena, "%s %s", text, w->assessment->findings.v[i].id);
    return text;
}

/* finding NULL: the walk must end without a warning. */
static bool holds(const struct world *w, const char *finding)
{
    return finding ? found(w, finding) : w->assessment->status == MXS_STATUS_OK;
}

static int bad; /* a whole table in one run: all that is wrong is said, then the test fails */

static void check(const char *fault, const char *target, enum cert cert, const char *finding)
{
    struct world w;
    world_open(&w, fault, cert);
    if (strstr(target, "submit"))
        w.options.auth_external = "";
    w.options.mail_from = "a@client.test";
    w.options.rcpt_to = "postmaster@lab.test";
    if (fault && strcmp(fault, "wrong-without-sni") == 0 && *target == '[')
        w.options.sni = "none";
    w.options.sni_trial = *target != '[';
    world_walk(&w, target);
    if (!holds(&w, finding)) {
        print_error("%s, %s, certificate %d: %s is missing; %s; found:%s\n", target,
                    fault ? fault : "clean", (int)cert, finding ? finding : "OK",
                    w.assessment->headline, all(&w));
        bad++;
    }
    world_close(&w);
}

/* Receivers that refuse, with a certificate to show: a public CA's with and without clientAuth. */
static void certificates(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        enum cert cert;
        const char *finding;
    } rows[] = {
        { "client-cert-required", SERVER_ONLY_CERT, "client-certificate-refused" },
        { "client-cert-required", BOTH_CERT, NULL },
        { "client-cert-late-alert", SERVER_ONLY_CERT, "client-certificate-refused" },
        { "client-cert-late-alert", SERVER_ONLY_CERT, "late-refusal" },
        { "client-cert-late-alert", BOTH_CERT, NULL },
        { "client-cert-late-close", SERVER_ONLY_CERT, "client-certificate-refused" },
        { "client-cert-421", SERVER_ONLY_CERT, "client-certificate-refused" },
        { "client-cert-421", BOTH_CERT, NULL },
        { "client-cert-454", SERVER_ONLY_CERT, "client-certificate-refused" },
        { "client-cert-550", SERVER_ONLY_CERT, "client-certificate-refused" },
        { "client-cert-requested", SERVER_ONLY_CERT, NULL },
        { NULL, CLIENT_CERT, NULL },
    };
    bad = 0;
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        check(rows[i].fault, "lab.test", rows[i].cert, rows[i].finding);
    assert_int_equal(bad, 0);
}

/* Every kind of target that the lab has. */
static void targets(void **state)
{
    (void)state;
    bad = 0;
    check(NULL, "lab.test", NO_CERT, NULL);
    check(NULL, "[mx2.lab.test]", NO_CERT, NULL);
    check(NULL, "[submit.lab.test]:587", CLIENT_CERT, NULL);
    check(NULL, "[submit.lab.test]:465", CLIENT_CERT, NULL);
    check(NULL, "nullmx.test", NO_CERT, "null-mx");
    check("client-cert-535", "[submit.lab.test]:587", CLIENT_CERT, "session-refused");
    check("wrong-without-sni", "[mx1.lab.test]", NO_CERT, "name-mismatch");
    check("wrong-without-sni", "lab.test", NO_CERT, "sni-default-differs");
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets),
        cmocka_unit_test(certificates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
