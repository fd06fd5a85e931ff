#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "session/client_verdict.h"

/* Events in short: q CertificateRequest, C our Certificate, F our Finished, f the server's Finished,
 * t NewSessionTicket, a fatal alert 43, w warning alert, b 2xx banner in TLS, e 2xx EHLO reply in TLS,
 * n 421 to EHLO in TLS, m 550 at MAIL in TLS, c 250 in the clear, x the peer closes, y we close. */
static void append(struct mxs_journal *journal, char c, const char *version)
{
    static const struct {
        char c;
        enum mxs_event_kind kind;
        enum mxs_dir dir;
        enum mxs_stage stage;
        struct mxs_attr attrs[3];
    } rows[] = {
        { 'q', MXS_EVENT_HANDSHAKE, MXS_DIR_IN, MXS_STAGE_CERTIFICATE_REQUEST, { { "type", "13" } } },
        { 'C', MXS_EVENT_HANDSHAKE, MXS_DIR_OUT, MXS_STAGE_FINISHED, { { "type", "11" } } },
        { 'F', MXS_EVENT_HANDSHAKE, MXS_DIR_OUT, MXS_STAGE_FINISHED, { { "type", "20" } } },
        { 'f', MXS_EVENT_HANDSHAKE, MXS_DIR_IN, MXS_STAGE_FINISHED, { { "type", "20" } } },
        { 't', MXS_EVENT_HANDSHAKE, MXS_DIR_IN, MXS_STAGE_EHLO_TLS, { { "type", "4" } } },
        { 'a', MXS_EVENT_ALERT, MXS_DIR_IN, MXS_STAGE_EHLO_TLS, { { "level", "2" }, { "code", "43" } } },
        { 'w', MXS_EVENT_ALERT, MXS_DIR_IN, MXS_STAGE_EHLO_TLS, { { "level", "1" }, { "code", "0" } } },
        { 'b', MXS_EVENT_SMTP, MXS_DIR_IN, MXS_STAGE_BANNER, { { "code", "220" }, { "tls", "1" } } },
        { 'e', MXS_EVENT_SMTP, MXS_DIR_IN, MXS_STAGE_EHLO_TLS, { { "code", "250" }, { "tls", "1" } } },
        { 'n', MXS_EVENT_SMTP, MXS_DIR_IN, MXS_STAGE_EHLO_TLS, { { "code", "421" }, { "tls", "1" } } },
        { 'm', MXS_EVENT_SMTP, MXS_DIR_IN, MXS_STAGE_MAIL, { { "code", "550" }, { "tls", "1" } } },
        { 'c', MXS_EVENT_SMTP, MXS_DIR_IN, MXS_STAGE_EHLO, { { "code", "250" } } },
        { 'x', MXS_EVENT_CLOSE, MXS_DIR_NONE, MXS_STAGE_EHLO_TLS, { { "by", "peer" }, { "how", "fin" } } },
        { 'y', MXS_EVENT_CLOSE, MXS_DIR_NONE, MXS_STAGE_QUIT, { { "by", "us" }, { "how", "fin" } } },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_attr attrs[4];
        size_t n = 0;
        if (rows[i].c != c)
            continue;
        for (; n < 3 && rows[i].attrs[n].name; n++)
            attrs[n] = rows[i].attrs[n];
        attrs[n++] = (struct mxs_attr){ "version", version };
        mxs_journal_append(journal, &(struct mxs_event){ .session = 1, .kind = rows[i].kind,
                                                         .dir = rows[i].dir, .stage = rows[i].stage,
                                                         .attrs = attrs, .n_attrs = n });
        return;
    }
    fail_msg("no event %c", c);
}

static void verdicts(void **state)
{
    static const struct {
        const char *events;
        unsigned version;
        enum mxs_client_verdict verdict;
        const char *why;
        int alert, reply;
    } rows[] = {
        { "fFe", 13, MXS_CLIENT_OPEN, "the server asked for no certificate", -1, 0 },
        { "fFa", 13, MXS_CLIENT_OPEN, "the server asked for no certificate", -1, 0 },
        /* 1.3: nothing is known at our Finished (RFC 8446 4.4.2.4) */
        { "q", 13, MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 },
        { "qfCF", 13, MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 },
        { "cqfCF", 13, MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 },
        { "qfCFe", 13, MXS_CLIENT_ACCEPTED, "EHLO reply 250 inside TLS", -1, 0 },
        { "qfCFb", 13, MXS_CLIENT_ACCEPTED, "banner 220 inside TLS", -1, 0 },
        { "qfCFt", 13, MXS_CLIENT_ACCEPTED, "a session ticket after our Finished", -1, 0 },
        { "qfCFte", 13, MXS_CLIENT_ACCEPTED, "a session ticket after our Finished", -1, 0 },
        { "qfCFa", 13, MXS_CLIENT_REFUSED, "alert unsupported_certificate (43)", 43, 0 },
        { "qfCFax", 13, MXS_CLIENT_REFUSED, "alert unsupported_certificate (43)", 43, 0 },
        { "qfCFta", 13, MXS_CLIENT_REFUSED, "alert unsupported_certificate (43)", 43, 0 },
        { "qfCFx", 13, MXS_CLIENT_REFUSED, "closed without a word", -1, 0 },
        { "qfCFwx", 13, MXS_CLIENT_REFUSED, "closed without a word", -1, 0 },
        { "qfCFy", 13, MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 },
        { "qfCFn", 13, MXS_CLIENT_REFUSED, "EHLO reply 421 inside TLS", -1, 421 },
        { "qfCFtn", 13, MXS_CLIENT_REFUSED, "EHLO reply 421 inside TLS", -1, 421 },
        { "qfCFnx", 13, MXS_CLIENT_REFUSED, "EHLO reply 421 inside TLS", -1, 421 },
        { "qfCFex", 13, MXS_CLIENT_ACCEPTED, "EHLO reply 250 inside TLS", -1, 0 },
        { "qfCFem", 13, MXS_CLIENT_ACCEPTED, "EHLO reply 250 inside TLS", -1, 0 },
        /* an end before our Certificate is about something else */
        { "qa", 13, MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 },
        { "qx", 13, MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 },
        /* 1.2: inside the handshake (RFC 5246 7.4.8) */
        { "qCF", 12, MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 },
        { "qCFt", 12, MXS_CLIENT_OPEN, "nothing has decided it yet", -1, 0 },
        { "qCFtf", 12, MXS_CLIENT_ACCEPTED, "the server's Finished, after our certificate", -1, 0 },
        { "qCFa", 12, MXS_CLIENT_REFUSED, "alert unsupported_certificate (43)", 43, 0 },
        { "qCFx", 12, MXS_CLIENT_REFUSED, "closed without a word", -1, 0 },
        { "qCFfn", 12, MXS_CLIENT_REFUSED, "EHLO reply 421 inside TLS", -1, 421 },
        { "qCFfe", 12, MXS_CLIENT_ACCEPTED, "the server's Finished, after our certificate", -1, 0 },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_journal *journal = mxs_journal_new(mxs_clock_real());
        for (const char *c = rows[i].events; *c; c++)
            append(journal, *c, rows[i].version == 13 ? "772" : "771");
        struct mxs_client_judgement j =
            mxs_client_verdict(mxs_journal_arena(journal), journal, 1);
        if (j.verdict != rows[i].verdict || strcmp(j.why, rows[i].why) != 0 ||
            j.alert != rows[i].alert || j.reply != rows[i].reply)
            fail_msg("%s (1.%u): %d \"%s\" %d %d", rows[i].events, rows[i].version % 10, j.verdict,
                     j.why, j.alert, j.reply);
        j = mxs_client_verdict(mxs_journal_arena(journal), journal, 2); /* another session */
        assert_int_equal(j.verdict, MXS_CLIENT_OPEN);
        mxs_journal_free(journal);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(verdicts) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
