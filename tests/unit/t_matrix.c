/* The matrix as an iterator, and what counts as changed and as worse. */
#include "config.h"

#include "whatif_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct mxs_matrix_cell *cell_of(const struct mxs_matrix *m, size_t row,
                                             const char *verifier)
{
    for (size_t i = 0; i < m->panel.seats.n; i++)
        if (strcmp(m->panel.seats.v[i].name, verifier) == 0)
            return &m->rows.v[row].cells[i];
    fail_msg("no seat of %s", verifier);
    return NULL;
}

static void rows_cells_and_branches(void **state)
{
    (void)state;
    static const char *const who[] = { "rfc/dane", "postfix/smtp/*" };
    struct whatif_world w;
    whatif_world_make(&w, "tlsa=311:good", who, 2);
    whatif_world_scenario(&w, "role = client", "eku leaf -clientAuth");
    whatif_world_scenario(&w, "", "renew leaf");
    whatif_world_scenario(&w, "", "starttls absent");
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    size_t seats = m->panel.seats.n, steps = 0;
    assert_int_equal(m->rows.n, 3);
    assert_true(seats > 5);
    assert_null(m->rows.v[1].overlay);
    for (bool more = true; more; steps++)
        more = mxs_matrix_step(m);
    assert_int_equal(steps, 3 + 3 * seats);
    assert_int_equal(m->steps_done, steps);
    assert_int_equal(m->steps_total, steps);
    assert_false(mxs_matrix_step(m));
    assert_int_equal(m->rows.n, 4); /* the second has two futures */
    assert_non_null(strstr(m->rows.v[0].overlay->why_not, "--role client"));
    assert_null(m->rows.v[0].future);
    assert_ptr_equal(m->rows.v[1].overlay, m->rows.v[2].overlay);
    assert_ptr_equal(m->rows.v[2].scenario, w.list[1]);
    assert_ptr_equal(m->rows.v[3].scenario, w.list[2]);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(m->rows.v[i].judged, seats);
    assert_false(cell_of(m, 1, "postfix/smtp/dane")->changed);
    assert_int_equal(m->rows.v[1].status, MXS_STATUS_OK);
    assert_true(cell_of(m, 2, "postfix/smtp/dane")->changed);
    assert_int_equal(cell_of(m, 2, "postfix/smtp/dane")->status, MXS_STATUS_CRITICAL);
    assert_int_equal(cell_of(m, 2, "postfix/smtp/may")->status, MXS_STATUS_OK);
    assert_int_equal(cell_of(m, 3, "postfix/smtp/may")->after->channel, MXS_CHANNEL_CLEARTEXT);
    assert_int_equal(m->status, MXS_STATUS_CRITICAL);
    /* what was seen is judged once */
    assert_ptr_equal(cell_of(m, 1, "rfc/dane")->before, cell_of(m, 3, "rfc/dane")->before);
    mxs_matrix_free(m);
    whatif_world_free(&w);
}

static void an_end_without_the_end(void **state)
{
    (void)state;
    static const char *const who[] = { "rfc/dane" };
    struct whatif_world w;
    whatif_world_make(&w, "tlsa=311:good", who, 1);
    whatif_world_scenario(&w, "", "starttls absent");
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    assert_true(mxs_matrix_step(m));
    mxs_matrix_free(m); /* dropped half-way, as a moved slider does */
    m = mxs_matrix_new(&w.whatif, &w.subject, NULL, 0);
    assert_false(mxs_matrix_step(m));
    mxs_matrix_free(m);
    mxs_matrix_free(NULL);
    whatif_world_free(&w);
}

static void a_panel_of_nobody(void **state)
{
    (void)state;
    static const char *const who[] = { "nobody/*" };
    struct whatif_world w;
    whatif_world_make(&w, "tlsa=311:good", who, 1);
    whatif_world_scenario(&w, "", "renew leaf");
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    mxs_matrix_run(m);
    assert_int_equal(m->rows.n, 2);
    assert_int_equal(m->status, MXS_STATUS_OK);
    mxs_matrix_free(m);
    whatif_world_free(&w);
}

/* The certificate loses clientAuth: who asks and who demands, and what senders make of it. */
static void a_client_certificate(void **state)
{
    (void)state;
    static const char *const who[] = { "postfix/smtpd/*", "openssl/server/*", "exim/smtpd/*" };
    struct whatif_world w;
    whatif_world_make(&w, "role=|chain=eku-both int", who, 3);
    whatif_world_scenario(&w, "", "eku leaf -clientAuth");
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    mxs_matrix_run(m);
    const struct mxs_matrix_cell *c = cell_of(m, 0, "openssl/server/require");
    assert_int_equal(c->status, MXS_STATUS_CRITICAL);
    assert_int_equal(c->before->then.n, 0);
    assert_true(c->after->then.n > 10);
    c = cell_of(m, 0, "postfix/smtpd/ask");
    assert_true(c->changed);
    assert_int_equal(c->status, MXS_STATUS_WARNING); /* a word in a log */
    assert_false(cell_of(m, 0, "exim/smtpd/verify")->changed);
    assert_false(cell_of(m, 0, "postfix/smtpd/none")->changed);
    mxs_matrix_free(m);
    whatif_world_free(&w);
}

static void a_receiver_starts(void **state)
{
    (void)state;
    static const char *const who[] = { "*/none", "postfix/smtpd/*", "opensmtpd/*", "sendmail/*",
                                       "dovecot/*" };
    static const struct {
        const char *verifier;
        enum mxs_action asks, requires;
    } rows[] = {
        { "postfix/smtpd/none", MXS_ACTION_ACCEPT, MXS_ACTION_REJECT },
        { "postfix/smtpd/ask", MXS_ACTION_ACCEPT, MXS_ACTION_REJECT },
        { "postfix/smtpd/req", MXS_ACTION_REJECT, MXS_ACTION_REJECT },
        { "exim/smtpd/none", MXS_ACTION_ACCEPT, MXS_ACTION_ACCEPT }, /* GnuTLS: whatever the EKU */
        { "opensmtpd/listen/tls", MXS_ACTION_HANDSHAKE_FAILURE, MXS_ACTION_HANDSHAKE_FAILURE },
        { "sendmail/daemon/no-request", MXS_ACTION_ACCEPT, MXS_ACTION_REJECT },
        { "dovecot/submission/require", MXS_ACTION_REJECT, MXS_ACTION_REJECT },
    };
    struct whatif_world w;
    whatif_world_make(&w, "role=|chain=good int", who, MXS_COUNT(who));
    whatif_world_scenario(&w, "", "receiver asks");
    whatif_world_scenario(&w, "", "receiver requires");
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    mxs_matrix_run(m);
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const struct mxs_verdict *asks = cell_of(m, 0, rows[i].verifier)->after;
        const struct mxs_verdict *requires = cell_of(m, 1, rows[i].verifier)->after;
        if (asks->action != rows[i].asks || requires->action != rows[i].requires)
            fail_msg("%s: %s, %s", rows[i].verifier, mxs_action_name(asks->action),
                     mxs_action_name(requires->action));
        assert_string_equal(asks->verifier, rows[i].verifier);
    }
    assert_string_equal(cell_of(m, 0, "postfix/smtpd/none")->after->label, "Untrusted");
    mxs_matrix_free(m);
    whatif_world_free(&w);
}

/* --- what counts --- */

static struct mxs_verdict verdict(void)
{
    return (struct mxs_verdict){ .verifier = "x", .action = MXS_ACTION_DELIVER, .verified = 1,
                                 .channel = MXS_CHANNEL_VERIFIED, .stage = MXS_STAGE_NONE,
                                 .alert = -1, .label = "Trusted" };
}

static void every_member_counts(void **state)
{
    (void)state;
    struct mxs_verdict a = verdict(), b = verdict();
    assert_false(mxs_verdict_differs(&a, &b));
    b.log.n = 0;
    b.tls_rpt = "sts-policy-invalid"; /* words about it, not what happens */
    b.grade = MXS_GRADE_SOURCE;
    assert_false(mxs_verdict_differs(&a, &b));
#define DIFFERS(member, value)                                \
    do {                                                      \
        b = verdict();                                        \
        b.member = (value);                                   \
        assert_true(mxs_verdict_differs(&a, &b));             \
        assert_true(mxs_verdict_differs(&b, &a));             \
    } while (0)
    DIFFERS(action, MXS_ACTION_DEFER);
    DIFFERS(channel, MXS_CHANNEL_ENCRYPTED);
    DIFFERS(verified, -1);
    DIFFERS(stage, MXS_STAGE_EHLO);
    DIFFERS(reply, 421);
    DIFFERS(alert, 42);
    DIFFERS(label, "Untrusted");
    DIFFERS(label, NULL);
#undef DIFFERS
}

static void worse(void **state)
{
    static const struct {
        enum mxs_action before, after;
        enum mxs_channel channel_before, channel_after;
        int verified_before, verified_after;
        enum mxs_status status;
    } rows[] = {
        { MXS_ACTION_DELIVER, MXS_ACTION_DELIVER, 1, 1, 1, 1, MXS_STATUS_OK },
        { MXS_ACTION_DELIVER, MXS_ACTION_DEFER, 1, 0, 1, 0, MXS_STATUS_CRITICAL },
        { MXS_ACTION_DEFER, MXS_ACTION_DEFER, 0, 0, 0, 0, MXS_STATUS_OK },
        { MXS_ACTION_DEFER, MXS_ACTION_BOUNCE, 0, 0, 0, 0, MXS_STATUS_CRITICAL },
        { MXS_ACTION_DEFER, MXS_ACTION_DELIVER, 0, 1, 0, 1, MXS_STATUS_OK },
        { MXS_ACTION_DELIVER, MXS_ACTION_DELIVER, 1, 2, 1, 0, MXS_STATUS_WARNING },
        { MXS_ACTION_DELIVER, MXS_ACTION_DELIVER, 1, 3, 1, 0, MXS_STATUS_CRITICAL },
        { MXS_ACTION_DELIVER, MXS_ACTION_DELIVER, 3, 3, 0, 0, MXS_STATUS_OK },
        { MXS_ACTION_ACCEPT, MXS_ACTION_REJECT, 0, 0, 1, 0, MXS_STATUS_CRITICAL },
        { MXS_ACTION_ACCEPT, MXS_ACTION_HANDSHAKE_FAILURE, 0, 0, 1, 0, MXS_STATUS_CRITICAL },
        { MXS_ACTION_ACCEPT, MXS_ACTION_ACCEPT, 0, 0, 1, 0, MXS_STATUS_WARNING },
        { MXS_ACTION_ACCEPT, MXS_ACTION_UNKNOWN, 0, 0, 1, -1, MXS_STATUS_OK },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_verdict a = verdict(), b = verdict();
        a.action = rows[i].before;
        b.action = rows[i].after;
        a.channel = rows[i].channel_before;
        b.channel = rows[i].channel_after;
        a.verified = rows[i].verified_before;
        b.verified = rows[i].verified_after;
        if (mxs_verdict_worsens(&a, &b) != rows[i].status)
            fail_msg("row %zu", i);
    }
}

/* A receiver that refused before, and whose refusal turns into cleartext. */
static void then_counts(void **state)
{
    (void)state;
    struct mxs_then was = { .sender = "s", .first = MXS_ACTION_DEFER,
                            .later = MXS_ACTION_DEFER };
    struct mxs_then is = { .sender = "s", .first = MXS_ACTION_DEFER,
                           .later = MXS_ACTION_DELIVER, .channel = MXS_CHANNEL_CLEARTEXT };
    struct mxs_verdict a = verdict(), b = verdict();
    a.action = b.action = MXS_ACTION_REJECT;
    a.then.v = &was;
    b.then.v = &is;
    a.then.n = b.then.n = 1;
    assert_true(mxs_verdict_differs(&a, &b));
    assert_int_equal(mxs_verdict_worsens(&a, &b), MXS_STATUS_CRITICAL);
    assert_int_equal(mxs_verdict_worsens(&b, &b), MXS_STATUS_OK);
    a.then.n = 0;
    assert_true(mxs_verdict_differs(&a, &b));
    assert_int_equal(mxs_verdict_worsens(&a, &b), MXS_STATUS_CRITICAL);
    assert_int_equal(mxs_verdict_worsens(&b, &a), MXS_STATUS_OK);
}

/* A full table of signatures starts anew, and answers as before. */
static void signatures_start_anew(void **state)
{
    struct mxs_arena *arena = mxs_arena_new();
    const struct mxs_cert *leaf = judge_cert(arena, "good"), *issuer = judge_cert(arena, "int");
    struct mxs_signatures *s = mxs_signatures_new();
    (void)state;
    for (uint32_t i = 0; i < 10000; i++) {
        uint8_t nobody[4] = { (uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16), 1 };
        assert_false(mxs_signatures_check_spki(s, leaf, mxs_bytes(nobody, sizeof nobody)));
        if (i % 1000 == 0)
            assert_true(mxs_signatures_check(s, leaf, issuer));
    }
    assert_false(mxs_signatures_check(s, issuer, leaf));
    mxs_signatures_free(s);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_cells_and_branches), cmocka_unit_test(an_end_without_the_end),
        cmocka_unit_test(a_panel_of_nobody),       cmocka_unit_test(a_client_certificate),
        cmocka_unit_test(a_receiver_starts),       cmocka_unit_test(every_member_counts),
        cmocka_unit_test(worse),                   cmocka_unit_test(then_counts),
        cmocka_unit_test(signatures_start_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
