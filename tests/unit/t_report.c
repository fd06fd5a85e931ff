#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "journal/fold.h"
#include "report/json.h"
#include "report/report.h"
#include "report/wrap.h"

#include "journal_test.h"

struct world {
    struct mxs_clock clock;
    struct mxs_journal *journal;
    struct mxs_evidence *ev;
    struct mxs_assessment a;
    struct mxs_report report;
    struct mxs_buf out;
};

static void walk_events(struct mxs_journal *j)
{
    struct dns_packet d;
    emit(j, 0, MXS_STAGE_NONE, MXS_EVENT_WALK, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "target", "example.org" }, { "name", "example.org" }, { "kind", "domain" }));
    emit(j, 0, MXS_STAGE_MX, MXS_EVENT_DNS, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "purpose", "mx" }, { "qname", "example.org" }, { "security", "secure" }));
    emit(j, 0, MXS_STAGE_MX, MXS_EVENT_MX, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "preference", "10" }));
    dns_begin(&d, "_25._tcp.mx.example.org", 52);
    dns_rr(&d, 52, "\3\1\1\xab\xcd", 5);
    emit(j, 0, MXS_STAGE_TLSA, MXS_EVENT_DNS, MXS_DIR_NONE, dns_bytes(&d),
         ATTRS({ "purpose", "tlsa" }, { "qname", "_25._tcp.mx.example.org" },
               { "security", "secure" }, { "host", "mx.example.org" },
               { "base", "mx.example.org" }));
    emit(j, 0, MXS_STAGE_TLSA, MXS_EVENT_HOST, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "preference", "10" },
               { "address-security", "secure" }, { "tlsa-base", "mx.example.org" },
               { "tlsa-security", "secure" }));
    emit(j, 0, MXS_STAGE_ADDRESS, MXS_EVENT_ADDRESS, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "address", "192.0.2.25" },
               { "security", "secure" }));
    emit(j, 0, MXS_STAGE_MX, MXS_EVENT_STAGE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "status", "ok" }, { "us", "1400" }));
}

static void session_events(struct mxs_journal *j)
{
    emit(j, 1, MXS_STAGE_NONE, MXS_EVENT_PROBE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "address", "192.0.2.25" }, { "port", "25" },
               { "offer", "any" }, { "preference", "10" }));
    emit(j, 1, MXS_STAGE_CONNECT, MXS_EVENT_CONNECT, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "local", "192.0.2.1:40000" }, { "remote", "192.0.2.25:25" }));
    emit(j, 1, MXS_STAGE_CONNECT, MXS_EVENT_STAGE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "status", "ok" }, { "us", "600" }));
    emit(j, 1, MXS_STAGE_BANNER, MXS_EVENT_SMTP, MXS_DIR_IN, BYTES("220 mx \x1b<b>\r\n"),
         ATTRS({ "code", "220" }));
    emit(j, 1, MXS_STAGE_EHLO, MXS_EVENT_SMTP, MXS_DIR_OUT, BYTES("EHLO me\r\n"), NULL, 0);
    emit(j, 1, MXS_STAGE_EHLO, MXS_EVENT_SMTP, MXS_DIR_IN, BYTES("250-mx\r\n250 STARTTLS\r\n"),
         ATTRS({ "code", "250" }, { "ehlo", "1" }));
    emit(j, 1, MXS_STAGE_STARTTLS, MXS_EVENT_STAGE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "status", "start" }));
    emit(j, 1, MXS_STAGE_STARTTLS, MXS_EVENT_SMTP, MXS_DIR_IN, BYTES("454 no\r\n"),
         ATTRS({ "code", "454" }));
    emit(j, 1, MXS_STAGE_STARTTLS, MXS_EVENT_STAGE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "status", "failed" }, { "us", "2000" }));
    emit(j, 1, MXS_STAGE_STARTTLS, MXS_EVENT_KEYLOG, MXS_DIR_NONE, BYTES("CLIENT_RANDOM 00 11"),
         NULL, 0);
    emit(j, 1, MXS_STAGE_STARTTLS, MXS_EVENT_CLOSE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "by", "us" }, { "how", "fin" }));
    emit(j, 1, MXS_STAGE_STARTTLS, MXS_EVENT_PROBE_END, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "end", "reply" }, { "reply", "454" }, { "error", "454 no" }));
}

/* What a judge could say of it; the reports only print. */
static void assess(struct world *w)
{
    struct mxs_arena *arena = w->ev->arena;
    w->a = (struct mxs_assessment){ .arena = arena, .evidence = w->ev, .at = 1795305192,
                                    .status = MXS_STATUS_CRITICAL,
                                    .headline = "mx.example.org refuses STARTTLS." };
    struct mxs_session_assessment *s = mxs_list_add(arena, &w->a.sessions);
    s->host = w->ev->hosts.v[0];
    s->session = s->host->sessions.v[0];
    *mxs_list_add(arena, &s->matches) = (struct mxs_tlsa_match){ 0, -1 };
    struct mxs_verdict *v = mxs_list_add(arena, &s->verdicts);
    *v = (struct mxs_verdict){ .verifier = "rfc/dane", .role = MXS_ROLE_SENDER,
                               .grade = MXS_GRADE_SOURCE, .action = MXS_ACTION_DEFER,
                               .verified = 0, .stage = MXS_STAGE_STARTTLS, .alert = -1,
                               .tls_rpt = "starttls-not-supported" };
    *mxs_list_add(arena, &v->reasons) = (struct mxs_reason){
        "starttls-refused", -1, "STARTTLS was answered with 454", "RFC 7672 2.2", NULL
    };
    *mxs_list_add(arena, &w->a.findings) = (struct mxs_finding){
        .id = "starttls-refused", .severity = MXS_SEVERITY_CRITICAL, .fault = MXS_FAULT_THEIRS,
        .host = "mx.example.org", .text = "mx.example.org refuses STARTTLS with 454 <no>.",
        .evidence = "event 15", .rfc = "RFC 3207 4", .fix = "Look for its certificate & key."
    };
}

static int setup(void **state)
{
    struct world *w = mxs_alloc(sizeof *w);
    w->clock = mxs_clock_frozen(1795305192);
    w->journal = mxs_journal_new(&w->clock);
    w->ev = mxs_fold_new(w->journal);
    walk_events(w->journal);
    session_events(w->journal);
    assess(w);
    w->report = (struct mxs_report){ .journal = w->journal, .evidence = w->ev,
                                     .assessment = &w->a };
    mxs_buf_init(&w->out, 1 << 20);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    mxs_buf_fini(&w->out);
    mxs_fold_free(w->ev);
    mxs_journal_free(w->journal);
    mxs_realloc(w, 0);
    return 0;
}

static const char expected_json[] =
    "{\"schema\":\"mxscope.report/1\",\"version\":\"" PACKAGE_VERSION "\","
    "\"target\":\"example.org\",\"started\":\"2026-11-21T23:53:12Z\","
    "\"at\":\"2026-11-21T23:53:12Z\",\"status\":\"CRITICAL\","
    "\"headline\":\"mx.example.org refuses STARTTLS.\","
    "\"domain\":{\"name\":\"example.org\",\"mx_security\":\"secure\","
    "\"mx\":[{\"host\":\"mx.example.org\",\"preference\":10}],\"caa\":[],"
    "\"mta_sts\":{\"txt\":null,\"id\":null,\"policy\":null,\"certificate\":null,\"error\":null},"
    "\"tls_rpt\":{\"txt\":[],\"rua\":[]}},"
    "\"hosts\":[{\"host\":\"mx.example.org\",\"preference\":10,"
    "\"addresses\":[{\"address\":\"192.0.2.25\",\"security\":\"secure\"}],"
    "\"tlsa\":{\"candidates\":[{\"name\":\"_25._tcp.mx.example.org\",\"security\":\"secure\"}],"
    "\"base_domain\":\"mx.example.org\",\"security\":\"secure\",\"records\":[{\"usage\":3,"
    "\"selector\":1,\"matching_type\":1,\"data\":\"abcd\",\"ttl\":300,\"usable\":false,"
    "\"unusable_reason\":\"%s\"}]},"
    "\"sessions\":[{\"address\":\"192.0.2.25\",\"port\":25,\"offer\":\"any\","
    "\"client_certificate\":false,\"reached\":\"starttls\",\"error\":\"454 no\","
    "\"stages\":[{\"stage\":\"mx\",\"status\":\"ok\",\"ms\":1,\"summary\":\"stage\"},"
    "{\"stage\":\"connect\",\"status\":\"ok\",\"ms\":1,\"summary\":\"stage\"},"
    "{\"stage\":\"starttls\",\"status\":\"failed\",\"ms\":2,\"summary\":\"stage\"}],"
    "\"banner\":\"220 mx \\\\x1b<b>\",\"ehlo\":[\"mx\",\"STARTTLS\"],\"starttls\":\"refused\","
    "\"tls\":null,\"chain\":null,\"tlsa_matches\":[{\"record\":0,\"depth\":null}],"
    "\"verdicts\":[{\"verifier\":\"rfc/dane\",\"role\":\"sender\",\"grade\":\"source\","
    "\"action\":\"defer\",\"channel\":null,\"verified\":false,\"stage\":\"starttls\","
    "\"reply\":null,\"alert\":null,\"label\":null,\"log\":[],"
    "\"tls_rpt\":\"starttls-not-supported\",\"reasons\":[{\"id\":\"starttls-refused\","
    "\"depth\":null,\"text\":\"STARTTLS was answered with 454\",\"rfc\":\"RFC 7672 2.2\"}],"
    "\"then\":null}]}],\"client_cert_trial\":null}],"
    "\"findings\":[{\"id\":\"starttls-refused\",\"severity\":\"critical\","
    "\"host\":\"mx.example.org\",\"fault\":\"theirs\","
    "\"text\":\"mx.example.org refuses STARTTLS with 454 <no>.\",\"evidence\":\"event 15\","
    "\"rfc\":\"RFC 3207 4\",\"fix\":\"Look for its certificate & key.\",\"enforced_by\":[]}]}\n";

static void json(void **state)
{
    struct world *w = *state;
    char *want = mxs_arena_printf(w->ev->arena, expected_json,
                                  w->ev->hosts.v[0]->tlsa.v[0].unusable_reason);
    assert_int_equal(mxs_report_json(&w->report, &w->out), MXS_OK);
    assert_string_equal(mxs_buf_str(&w->out), want);
    struct mxs_buf small;
    mxs_buf_init(&small, 100);
    assert_int_equal(mxs_report_json(&w->report, &small), MXS_ERR_LIMIT);
    mxs_buf_fini(&small);
}

static void json_text_is_always_utf8(void **state)
{
    (void)state;
    json_t *value = mxs_json_text("a\xff" "b");
    assert_string_equal(json_string_value(value), "a\xef\xbf\xbd" "b");
    json_decref(value);
}

static const char expected_text[] =
    "CRITICAL example.org: mx.example.org refuses STARTTLS.\n"
    "\n"
    "Domain\n"
    "     MX secure\n"
    "\n"
    "Mail servers\n"
    "     address                  port offer dns  sts  tcp  smtp tls  cert fin  mail\n"
    "  10 mx.example.org, address secure, TLSA secure\n"
    "     192.0.2.25                 25 any   ok        ok   FAIL\n"
    "       starttls: 454 no\n"
    "\n"
    "Found\n"
    "CRITICAL  mx.example.org refuses STARTTLS with 454 <no>. (theirs)\n"
    "          Fix: Look for its certificate & key.\n";

static void text(void **state)
{
    struct world *w = *state;
    assert_int_equal(mxs_report_text(&w->report, &w->out), MXS_OK);
    assert_string_equal(mxs_buf_str(&w->out), expected_text);
    mxs_buf_clear(&w->out);
    w->report.quiet = true;
    mxs_report_text(&w->report, &w->out);
    assert_string_equal(mxs_buf_str(&w->out), "CRITICAL example.org: mx.example.org refuses STARTTLS.\n");
}

/* Every line fits, and colour adds nothing but colour. */
static void text_verbose(void **state)
{
    struct world *w = *state;
    w->report.verbose = true;
    mxs_report_text(&w->report, &w->out);
    char *plain = mxs_arena_strdup(w->ev->arena, mxs_buf_str(&w->out));
    assert_non_null(strstr(plain, "[nomatch]") ? plain : strstr(plain, "[unusable]"));
    assert_non_null(strstr(plain, "rfc/dane                            defer [starttls-not-supported]"));
    assert_non_null(strstr(plain, "_25._tcp.mx.example.org."));
    for (const char *s = plain; *s; s += strcspn(s, "\n") + 1)
        if (strcspn(s, "\n") > 80)
            fail_msg("wide: %.*s", (int)strcspn(s, "\n"), s);
    mxs_buf_clear(&w->out);
    w->report.color = true;
    mxs_report_text(&w->report, &w->out);
    const char *s = mxs_buf_str(&w->out);
    for (size_t i = 0; *s; s++)
        if (*s == '\033')
            s += strcspn(s, "m");
        else
            assert_int_equal(*s, plain[i++]);
}

static void text_ascii(void **state)
{
    struct world *w = *state;
    w->a.headline = "gr\xc3\xbc\xc3\x9f dich";
    w->report.ascii = w->report.quiet = true;
    mxs_report_text(&w->report, &w->out);
    assert_string_equal(mxs_buf_str(&w->out), "CRITICAL example.org: gr?? dich\n");
}

static void html(void **state)
{
    struct world *w = *state;
    assert_int_equal(mxs_report_html(&w->report, &w->out), MXS_OK);
    const char *page = mxs_buf_str(&w->out);
    assert_non_null(strstr(page, "454 &lt;no&gt;."));
    assert_non_null(strstr(page, "certificate &amp; key"));
    assert_null(strstr(page, "<b>\r"));
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "http://"));
    assert_null(strstr(page, "src="));
}

static void markdown(void **state)
{
    struct world *w = *state;
    assert_int_equal(mxs_report_markdown(&w->report, &w->out), MXS_OK);
    const char *page = mxs_buf_str(&w->out);
    assert_non_null(strstr(page, "# **CRITICAL** example.org\n"));
    assert_non_null(strstr(page, "454 \\<no\\>."));
    assert_null(strstr(page, "\r"));
}

/* Whole blocks, with the secrets before the packets; tests/cli lets a real reader look at one. */
static void pcapng(void **state)
{
    struct world *w = *state;
    assert_int_equal(mxs_report_pcapng(&w->report, &w->out), MXS_OK);
    uint32_t types[32], n = 0;
    for (size_t at = 0; at < w->out.n;) {
        uint32_t head[2], tail;
        assert_true(w->out.n - at >= 12 && n < MXS_COUNT(types));
        memcpy(head, w->out.p + at, 8);
        assert_true(head[1] % 4 == 0 && head[1] <= w->out.n - at);
        memcpy(&tail, w->out.p + at + head[1] - 4, 4);
        assert_int_equal(tail, head[1]);
        types[n++] = head[0];
        at += head[1];
    }
    assert_int_equal(types[0], 0x0a0d0d0a);
    assert_int_equal(types[1], 1);
    assert_int_equal(types[2], 10);
    assert_int_equal(n, 3 + 3 + 4 + 3); /* SYN, SYN ACK, ACK; four pieces of SMTP; FIN, FIN, ACK */
    struct mxs_buf small;
    mxs_buf_init(&small, 300);
    assert_int_equal(mxs_report_pcapng(&w->report, &small), MXS_ERR_LIMIT);
    mxs_buf_fini(&small);
}

static void wrapping(void **state)
{
    struct world *w = *state;
    mxs_wrap(&w->out, "one two \xc3\xa9\xc3\xa9\xc3\xa9 averyverylongword x", 2, 4, 11);
    assert_string_equal(mxs_buf_str(&w->out),
                        "one two\n    \xc3\xa9\xc3\xa9\xc3\xa9\n    averyverylongword\n    x\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(json, setup, teardown),
        cmocka_unit_test(json_text_is_always_utf8),
        cmocka_unit_test_setup_teardown(text, setup, teardown),
        cmocka_unit_test_setup_teardown(text_verbose, setup, teardown),
        cmocka_unit_test_setup_teardown(text_ascii, setup, teardown),
        cmocka_unit_test_setup_teardown(html, setup, teardown),
        cmocka_unit_test_setup_teardown(markdown, setup, teardown),
        cmocka_unit_test_setup_teardown(pcapng, setup, teardown),
        cmocka_unit_test_setup_teardown(wrapping, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
