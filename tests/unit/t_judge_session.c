/* Every way a session can end: the verdict of rfc/opportunistic, one clear finding, whose fault. */
#include "config.h"

#include "judge_evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct row {
    const char *what;
    enum mxs_end end;
    enum mxs_stage reached;
    int reply;
    enum mxs_starttls starttls;
    bool has_tls, finished;
    enum mxs_action action;
    enum mxs_channel channel;
    enum mxs_stage stage;
    const char *tls_rpt;
    const char *finding;
    enum mxs_fault fault;
};

#define S(x) MXS_STAGE_##x
static const struct row rows[] = {
    { "closed port", MXS_END_CONNECT, S(CONNECT), 0, MXS_STARTTLS_UNKNOWN, false, false,
      MXS_ACTION_DEFER, MXS_CHANNEL_NONE, S(CONNECT), NULL, "connect-refused", MXS_FAULT_THEIRS },
    { "silence before the banner", MXS_END_TIMEOUT, S(BANNER), 0, MXS_STARTTLS_UNKNOWN, false,
      false, MXS_ACTION_DEFER, MXS_CHANNEL_NONE, S(BANNER), NULL, "banner-timeout",
      MXS_FAULT_THEIRS },
    { "554 banner", MXS_END_REPLY, S(BANNER), 554, MXS_STARTTLS_UNKNOWN, false, false,
      MXS_ACTION_BOUNCE, MXS_CHANNEL_NONE, S(BANNER), NULL, "banner-refused", MXS_FAULT_THEIRS },
    { "421 at EHLO", MXS_END_REPLY, S(EHLO), 421, MXS_STARTTLS_UNKNOWN, false, false,
      MXS_ACTION_DEFER, MXS_CHANNEL_NONE, S(EHLO), NULL, "service-closing", MXS_FAULT_THEIRS },
    { "550 at EHLO", MXS_END_REPLY, S(EHLO), 550, MXS_STARTTLS_UNKNOWN, false, false,
      MXS_ACTION_BOUNCE, MXS_CHANNEL_NONE, S(EHLO), NULL, "session-refused", MXS_FAULT_THEIRS },
    { "closed at EHLO", MXS_END_CLOSED, S(EHLO), 0, MXS_STARTTLS_UNKNOWN, false, false,
      MXS_ACTION_DEFER, MXS_CHANNEL_NONE, S(EHLO), NULL, "closed-early", MXS_FAULT_THEIRS },
    { "silence at EHLO", MXS_END_TIMEOUT, S(EHLO), 0, MXS_STARTTLS_UNKNOWN, false, false,
      MXS_ACTION_DEFER, MXS_CHANNEL_NONE, S(EHLO), NULL, "peer-silent", MXS_FAULT_THEIRS },
    { "not SMTP", MXS_END_PROTOCOL, S(BANNER), 0, MXS_STARTTLS_UNKNOWN, false, false,
      MXS_ACTION_DEFER, MXS_CHANNEL_NONE, S(BANNER), NULL, "not-smtp", MXS_FAULT_THEIRS },
    { "no STARTTLS", MXS_END_DONE, S(QUIT), 0, MXS_STARTTLS_ABSENT, false, false,
      MXS_ACTION_DELIVER, MXS_CHANNEL_CLEARTEXT, S(NONE), "starttls-not-supported", NULL, 0 },
    { "handshake fails", MXS_END_ALERT, S(SERVER_HELLO), 0, MXS_STARTTLS_OFFERED, true, false,
      MXS_ACTION_DELIVER, MXS_CHANNEL_CLEARTEXT, S(NONE), "validation-failure", NULL, 0 },
    { "our own limit", MXS_END_LOCAL_REFUSAL, S(CERTIFICATE), 0, MXS_STARTTLS_OFFERED, true, false,
      MXS_ACTION_UNKNOWN, MXS_CHANNEL_NONE, S(NONE), NULL, NULL, 0 },
    { "running", MXS_END_OPEN, S(SERVER_HELLO), 0, MXS_STARTTLS_OFFERED, true, false,
      MXS_ACTION_UNKNOWN, MXS_CHANNEL_NONE, S(NONE), NULL, NULL, 0 },
    { "healthy", MXS_END_DONE, S(QUIT), 0, MXS_STARTTLS_OFFERED, true, true, MXS_ACTION_DELIVER,
      MXS_CHANNEL_ENCRYPTED, S(NONE), NULL, NULL, 0 },
};

static void check_row(const struct row *row)
{
    struct judge_evidence e = judge_evidence_new();
    e.session->end = row->end;
    e.session->reached = row->reached;
    e.session->reply = row->reply;
    e.session->starttls = row->starttls;
    e.session->has_tls = row->has_tls;
    e.session->tls.finished = row->finished;
    struct mxs_assess_options options = { .at = 1790000000 };
    struct mxs_assessment *a = mxs_assess(&e.ev, &options);
    const struct mxs_verdict *v = mxs_assessment_verdict(&a->sessions.v[0], "rfc/opportunistic");
    assert_non_null(v);
    assert_int_equal(v->action, row->action);
    assert_int_equal(v->channel, row->channel);
    assert_int_equal(v->stage, row->stage);
    if (row->tls_rpt)
        assert_string_equal(v->tls_rpt, row->tls_rpt);
    else
        assert_null(v->tls_rpt);
    if (row->finding) {
        const struct mxs_finding *finding = judge_finding(a, row->finding);
        assert_non_null(finding);
        assert_int_equal(finding->fault, row->fault);
        assert_null(strchr(finding->text, '{'));
        assert_null(strstr(finding->text, "?"));
    }
    assert_non_null(a->headline);
    mxs_assessment_free(a);
    judge_evidence_free(&e);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        print_message("%s\n", rows[i].what);
        check_row(&rows[i]);
    }
}

static void test_named_verifier_sets_status(void **state)
{
    (void)state;
    struct judge_evidence e = judge_evidence_new();
    e.session->starttls = MXS_STARTTLS_ABSENT;
    e.session->has_tls = e.session->tls.finished = false;
    struct mxs_assess_options options = { .at = 1790000000 };
    const char *name[] = { "rfc/opp*" };
    options.verifiers = (struct mxs_strs){ name, 1, 1 };
    struct mxs_assessment *a = mxs_assess(&e.ev, &options);
    assert_true(a->status >= MXS_STATUS_WARNING);
    assert_int_equal(a->sessions.v[0].verdicts.n, 1);
    mxs_assessment_free(a);
    judge_evidence_free(&e);
}

static void test_blocked_port(void **state)
{
    (void)state;
    struct judge_evidence e = judge_evidence_new();
    e.session->end = MXS_END_TIMEOUT;
    e.session->reached = MXS_STAGE_CONNECT;
    e.session->has_tls = e.session->tls.finished = false;
    struct mxs_assess_options options = { .at = 1790000000 };
    struct mxs_assessment *a = mxs_assess(&e.ev, &options);
    assert_non_null(judge_finding(a, "port-blocked"));
    assert_null(judge_finding(a, "connect-timeout"));
    assert_int_equal(a->status, MXS_STATUS_UNKNOWN);
    mxs_assessment_free(a);
    e.session->port = 2525;
    a = mxs_assess(&e.ev, &options);
    assert_null(judge_finding(a, "port-blocked"));
    assert_non_null(judge_finding(a, "connect-timeout"));
    mxs_assessment_free(a);
    judge_evidence_free(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_named_verifier_sets_status),
        cmocka_unit_test(test_blocked_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
