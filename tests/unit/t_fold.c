#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "journal/fold.h"

#include "journal_test.h"

struct world {
    struct mxs_clock clock;
    struct mxs_journal *journal;
    struct mxs_evidence *ev;
};

static int setup(void **state)
{
    struct world *w = mxs_alloc(sizeof *w);
    w->clock = mxs_clock_frozen(1795305192);
    w->journal = mxs_journal_new(&w->clock);
    w->ev = mxs_fold_new(w->journal);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    mxs_fold_free(w->ev);
    mxs_journal_free(w->journal);
    mxs_realloc(w, 0);
    return 0;
}

static void walk(struct world *w)
{
    emit(w->journal, 0, MXS_STAGE_NONE, MXS_EVENT_WALK, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "target", "Example.ORG" }, { "name", "example.org" }, { "port", "25" },
               { "kind", "domain" }));
}

static void probe(struct world *w, uint32_t id)
{
    emit(w->journal, id, MXS_STAGE_NONE, MXS_EVENT_PROBE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "address", "192.0.2.25" }, { "port", "25" },
               { "offer", "rsa" }, { "implicit", "0" }, { "client-cert", "1" }));
}

static void dns(struct world *w, const char *purpose, const char *qname, const char *security,
                const char *base, const struct dns_packet *packet)
{
    emit(w->journal, 0, MXS_STAGE_MX, MXS_EVENT_DNS, MXS_DIR_NONE,
         packet ? dns_bytes(packet) : NO_BYTES,
         ATTRS({ "purpose", purpose }, { "qname", qname }, { "security", security },
               { "host", "mx.example.org" }, { "base", base }, { "why", "because" }));
}

static void smtp(struct world *w, enum mxs_stage stage, bool tls, const char *text,
                 const char *code, const char *ehlo)
{
    emit(w->journal, 1, stage, MXS_EVENT_SMTP, MXS_DIR_IN, mxs_bytes_str(text),
         ATTRS({ "tls", tls ? "1" : NULL }, { "code", code }, { "ehlo", ehlo }));
}

static void message(struct world *w, enum mxs_dir dir, const char *type, const char *epoch,
                    struct mxs_bytes body)
{
    emit(w->journal, 1, MXS_STAGE_CLIENT_HELLO, MXS_EVENT_HANDSHAKE, dir, body,
         ATTRS({ "type", type }, { "version", "772" }, { "epoch", epoch }));
}

/* --- the walk and the domain --- */

static void target_and_end(void **state)
{
    struct world *w = *state;
    walk(w);
    assert_string_equal(w->ev->target, "Example.ORG");
    assert_true(w->ev->has_domain);
    assert_string_equal(w->ev->domain.name, "example.org");
    assert_int_equal(w->ev->started, 1795305192);
    assert_false(w->ev->finished);
    emit(w->journal, 0, MXS_STAGE_NONE, MXS_EVENT_WALK_END, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "error", "no such domain" }, { "cancelled", "1" }));
    assert_true(w->ev->finished && w->ev->cancelled);
    assert_string_equal(w->ev->error, "no such domain");
    mxs_journal_set_started(w->journal, 5);
    walk(w); /* a second start changes nothing but is seen with the recorded time */
    assert_int_equal(w->ev->started, 5);
    assert_string_equal(w->ev->target, "Example.ORG");
}

static void domain_answers(void **state)
{
    struct world *w = *state;
    struct dns_packet d;
    walk(w);
    dns(w, "mx", "example.org", "secure", NULL, NULL);
    assert_int_equal(w->ev->domain.mx_security, MXS_SECURITY_SECURE);
    emit(w->journal, 0, MXS_STAGE_MX, MXS_EVENT_MX, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "preference", "10" }));
    emit(w->journal, 0, MXS_STAGE_MX, MXS_EVENT_MX, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "preference", "20" })); /* twice: the first stays */
    assert_int_equal(w->ev->domain.mx.n, 1);
    assert_int_equal(w->ev->domain.mx.v[0].preference, 10);
    assert_int_equal(w->ev->hosts.n, 1);

    dns_begin(&d, "_mta-sts.example.org", 16);
    dns_txt(&d, "v=STSv1; id=20261121;");
    dns(w, "sts", "_mta-sts.example.org", "insecure", NULL, &d);
    assert_int_equal(w->ev->domain.sts.txt.n, 1);
    assert_true(w->ev->domain.sts.parsed.valid);
    assert_string_equal(w->ev->domain.sts.parsed.id, "20261121");

    dns_begin(&d, "_smtp._tls.example.org", 16);
    dns_txt(&d, "v=TLSRPTv1; rua=mailto:tls@example.org");
    dns(w, "tlsrpt", "_smtp._tls.example.org", "secure", NULL, &d);
    assert_true(w->ev->domain.tlsrpt.valid);
    assert_string_equal(w->ev->domain.tlsrpt.rua.v[0], "mailto:tls@example.org");

    dns_begin(&d, "example.org", 257);
    dns_rr(&d, 257, "\0\5issueletsencrypt.org", 22);
    dns(w, "caa", "example.org", "secure", NULL, &d);
    assert_int_equal(w->ev->domain.caa.n, 1);

    dns(w, "ds", "org", "secure", NULL, NULL);
    dns(w, "dnskey", "org", "bogus", NULL, NULL);
    assert_int_equal(w->ev->zones.n, 1);
    assert_int_equal(w->ev->zones.v[0].dnskey_security, MXS_SECURITY_BOGUS);
    assert_true(w->ev->zones.v[0].ds_seq < w->ev->zones.v[0].dnskey_seq);
}

static void policy(void **state)
{
    struct world *w = *state;
    static const char text[] = "version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 86400\n";
    walk(w);
    emit(w->journal, 0, MXS_STAGE_MTA_STS, MXS_EVENT_POLICY, MXS_DIR_NONE, BYTES(text),
         ATTRS({ "url", "https://mta-sts.example.org/.well-known/mta-sts.txt" },
               { "status", "200" }, { "media-type", "text/plain" }));
    assert_true(w->ev->domain.sts.has_policy);
    assert_int_equal(w->ev->domain.sts.policy.mode, MXS_STS_ENFORCE);
    assert_int_equal(w->ev->domain.sts.policy.max_age, 86400);
    emit(w->journal, 0, MXS_STAGE_MTA_STS, MXS_EVENT_POLICY, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "status", "302" }, { "location", "https://elsewhere/" },
               { "error", "the server redirects" }, { "error-id", "redirect" }));
    assert_false(w->ev->domain.sts.has_policy);
    assert_string_equal(w->ev->domain.sts.error_id, "redirect");
}

/* --- a host --- */

static void host_answers(void **state)
{
    static const uint8_t one[] = { 3, 1, 1, 1, 2, 3 }, two[] = { 2, 0, 1, 4 };
    struct world *w = *state;
    struct dns_packet d;
    walk(w);
    dns(w, "address", "mx.example.org", "secure", NULL, NULL);
    dns(w, "address", "mx.example.org", "absent", NULL, NULL);
    struct mxs_host_facts *h = mxs_evidence_host(w->ev, "mx.example.org");
    assert_non_null(h);
    assert_int_equal(h->address_security, MXS_SECURITY_SECURE);
    dns(w, "address", "mx.example.org", "bogus", NULL, NULL);
    assert_int_equal(h->address_security, MXS_SECURITY_BOGUS);

    dns_begin(&d, "_25._tcp.alias.example.org", 52);
    dns_rr(&d, 52, two, sizeof two);
    dns(w, "tlsa", "_25._tcp.alias.example.org", "insecure", "alias.example.org", &d);
    assert_int_equal(h->tlsa.n, 1); /* shown, though no sender uses it */
    dns_begin(&d, "_25._tcp.mx.example.org", 52);
    dns_rr(&d, 52, one, sizeof one);
    dns_rr(&d, 52, two, sizeof two);
    dns(w, "tlsa", "_25._tcp.mx.example.org", "secure", "mx.example.org", &d);
    assert_int_equal(h->candidates.n, 2);
    assert_int_equal(h->tlsa.n, 2);
    assert_int_equal(h->tlsa.v[0].usage, 3);
    assert_null(h->tlsa_alias);

    emit(w->journal, 0, MXS_STAGE_TLSA, MXS_EVENT_HOST, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "preference", "10" },
               { "address-security", "secure" }, { "tlsa-base", "mx.example.org" },
               { "tlsa-security", "secure" }));
    assert_int_equal(h->address_security, MXS_SECURITY_SECURE);
    assert_string_equal(h->tlsa_base_domain, "mx.example.org");
    for (int i = 0; i < 2; i++)
        emit(w->journal, 0, MXS_STAGE_ADDRESS, MXS_EVENT_ADDRESS, MXS_DIR_NONE, NO_BYTES,
             ATTRS({ "host", "mx.example.org" }, { "address", "192.0.2.25" },
                   { "security", "secure" }));
    assert_int_equal(h->addresses.n, 1);
}

/* --- stages --- */

static void stage(struct world *w, uint32_t session, enum mxs_stage id, const char *status,
                  const char *us, const char *host)
{
    emit(w->journal, session, id, MXS_EVENT_STAGE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "status", status }, { "us", us }, { "host", host }));
}

static void stages(void **state)
{
    struct world *w = *state;
    walk(w);
    stage(w, 0, MXS_STAGE_MX, "start", NULL, NULL);
    stage(w, 0, MXS_STAGE_MX, "ok", "1500", NULL);
    stage(w, 0, MXS_STAGE_TLSA, "warning", "20", "mx.example.org");
    probe(w, 1);
    struct mxs_session_facts *s = mxs_evidence_session(w->ev, 1, NULL);
    assert_int_equal(s->reached, MXS_STAGE_NONE);
    assert_int_equal(s->stages[MXS_STAGE_MX].status, MXS_STAGE_OK); /* inherited */
    assert_int_equal(s->stages[MXS_STAGE_MX].us, 1500);
    assert_int_equal(s->stages[MXS_STAGE_MX].seq, 2);
    assert_int_equal(s->stages[MXS_STAGE_TLSA].status, MXS_STAGE_WARNING);
    stage(w, 0, MXS_STAGE_MTA_STS, "failed", "7", NULL); /* ends while a session runs */
    assert_int_equal(s->stages[MXS_STAGE_MTA_STS].status, MXS_STAGE_FAILED);
    stage(w, 1, MXS_STAGE_CONNECT, "start", NULL, NULL);
    assert_int_equal(s->reached, MXS_STAGE_CONNECT);
    assert_int_equal(s->stages[MXS_STAGE_CONNECT].status, MXS_STAGE_NOT_REACHED);
    stage(w, 1, MXS_STAGE_CONNECT, "skipped", NULL, NULL);
    assert_int_equal(s->stages[MXS_STAGE_CONNECT].status, MXS_STAGE_SKIPPED);
    assert_int_equal(s->last_seq, mxs_journal_count(w->journal));
}

/* --- SMTP --- */

static void dialogue(void **state)
{
    struct world *w = *state;
    walk(w);
    probe(w, 1);
    probe(w, 1); /* the same number again: nothing */
    struct mxs_host_facts *h;
    struct mxs_session_facts *s = mxs_evidence_session(w->ev, 1, &h);
    assert_int_equal(h->sessions.n, 1);
    assert_int_equal(s->offer, MXS_OFFER_RSA);
    assert_true(s->client_certificate);
    assert_int_equal(s->tls.client_auth.required, -1);

    smtp(w, MXS_STAGE_BANNER, false, "220 mx.example.org \x1b[2J\r\n", "220", NULL);
    assert_string_equal(s->banner, "220 mx.example.org \\x1b[2J");
    smtp(w, MXS_STAGE_EHLO, false, "250-mx\r\n250-SIZE 10\r\n250 STARTTLS\r\n", "250", "1");
    assert_int_equal(s->starttls, MXS_STARTTLS_OFFERED);
    assert_int_equal(s->ehlo.lines.n, 3);
    smtp(w, MXS_STAGE_STARTTLS, false, "454 not now\r\n", "454", NULL);
    assert_int_equal(s->starttls, MXS_STARTTLS_REFUSED);
    assert_int_equal(s->starttls_reply, 454);
    emit(w->journal, 1, MXS_STAGE_STARTTLS, MXS_EVENT_GLUED, MXS_DIR_IN, BYTES("250 x\r\n"), NULL, 0);
    assert_int_equal(s->glued_bytes, 7);
    smtp(w, MXS_STAGE_EHLO_TLS, true, "250-mx\r\n250 AUTH PLAIN EXTERNAL\r\n", "250", "1");
    assert_true(s->has_ehlo_tls && s->tls.client_auth.external_offered);
    assert_int_equal(s->starttls, MXS_STARTTLS_REFUSED); /* no word about it inside TLS */
    emit(w->journal, 1, MXS_STAGE_QUIT, MXS_EVENT_PROBE_END, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "end", "reply" }, { "reply", "454" }, { "error", "454 not now" }));
    assert_int_equal(s->end, MXS_END_REPLY);
    assert_int_equal(s->reply, 454);
    assert_string_equal(s->error, "454 not now");
}

static void helo_has_no_extensions(void **state)
{
    struct world *w = *state;
    walk(w);
    probe(w, 1);
    struct mxs_session_facts *s = mxs_evidence_session(w->ev, 1, NULL);
    smtp(w, MXS_STAGE_EHLO, false, "500 what?\r\n", "500", "1");
    assert_int_equal(s->starttls, MXS_STARTTLS_UNKNOWN);
    smtp(w, MXS_STAGE_EHLO, false, "250 mx\r\n", "250", NULL);
    assert_int_equal(s->starttls, MXS_STARTTLS_ABSENT);
}

/* --- TLS 1.3 --- */

#define ZEROS8 "\0\0\0\0\0\0\0\0"
#define RANDOM ZEROS8 ZEROS8 ZEROS8 ZEROS8
static const char client_hello[] =
    "\3\3" RANDOM "\0" "\0\2\x13\1" "\1\0" "\0\x1e" /* one cipher suite, extensions of 30 octets */
    "\0\0\0\x13\0\x11\0\0\x0emx.example.org" "\0\x2b\0\3\2\3\4";
static const char server_hello[] =
    "\3\3" RANDOM "\0" "\x13\1" "\0" "\0\x0f" /* TLS_AES_128_GCM_SHA256 */
    "\0\x2b\0\2\3\4" "\0\x33\0\5\0\x1d\0\1x"; /* TLS 1.3, x25519 */
static const char encrypted_extensions[] = "\0\x0b\0\x10\0\7\0\5\4smtp";
static const char certificate_request[] = "\0\0\x0a\0\x0d\0\6\0\4\4\3\x08\4";
static const char certificate_verify[] = "\4\3\0\1x";

static void handshake(void **state)
{
    struct world *w = *state;
    walk(w);
    probe(w, 1);
    struct mxs_session_facts *s = mxs_evidence_session(w->ev, 1, NULL);
    message(w, MXS_DIR_OUT, "1", "clear", BYTES(client_hello));
    assert_true(s->has_tls);
    assert_string_equal(s->tls.sni, "mx.example.org");
    message(w, MXS_DIR_IN, "2", "clear", BYTES(server_hello));
    assert_int_equal(s->tls.version, MXS_TLS_1_3);
    assert_int_equal(s->tls.cipher, 0x1301);
    assert_int_equal(s->tls.group, 0x001d);
    message(w, MXS_DIR_IN, "8", "handshake", BYTES(encrypted_extensions));
    assert_string_equal(s->tls.alpn, "smtp");
    message(w, MXS_DIR_IN, "13", "handshake", BYTES(certificate_request));
    assert_true(s->tls.client_auth.requested);
    assert_int_equal(s->tls.client_auth.signature_schemes.n, 2);
    assert_int_equal(s->tls.client_auth.signature_schemes.v[1], 0x0804);
    message(w, MXS_DIR_IN, "15", "handshake", BYTES(certificate_verify));
    assert_int_equal(s->tls.signature_scheme, 0x0403);
    message(w, MXS_DIR_IN, "20", "handshake", BYTES("12345678"));
    assert_false(s->tls.finished);
    message(w, MXS_DIR_OUT, "20", "handshake", BYTES("12345678"));
    assert_true(s->tls.finished);
    assert_int_equal(s->tls.messages.n, 7);
    assert_int_equal(s->tls.messages.v[6].n, 7);
    assert_int_equal(s->tls.messages.v[6].epoch, MXS_EPOCH_HANDSHAKE);
    message(w, MXS_DIR_IN, "2", "clear", BYTES("\3")); /* malformed: counted, else without effect */
    assert_int_equal(s->tls.version, MXS_TLS_1_3);
}

static void client_certificate(void **state)
{
    struct world *w = *state;
    walk(w);
    probe(w, 1);
    struct mxs_session_facts *s = mxs_evidence_session(w->ev, 1, NULL);
    struct mxs_client_auth *a = &s->tls.client_auth;
    message(w, MXS_DIR_IN, "13", "handshake", BYTES(certificate_request));
    emit(w->journal, 1, MXS_STAGE_CERTIFICATE, MXS_EVENT_CLIENT_CERT, MXS_DIR_OUT, NO_BYTES,
         ATTRS({ "sent", "empty" }));
    assert_int_equal(a->sent, MXS_SENT_EMPTY);
    emit(w->journal, 1, MXS_STAGE_CLIENT_VERDICT, MXS_EVENT_ALERT, MXS_DIR_IN, BYTES("\2\x74"),
         ATTRS({ "after-finished", "1" }));
    assert_int_equal(s->tls.alerts.v[0].code, 116);
    assert_true(s->tls.alerts.v[0].after_finished);
    emit(w->journal, 1, MXS_STAGE_CLIENT_VERDICT, MXS_EVENT_CLIENT_VERDICT, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "verdict", "refused" }, { "why", "alert 116" }, { "alert", "116" }));
    assert_int_equal(a->verdict, MXS_CLIENT_REFUSED);
    assert_int_equal(a->alert, 116);
    assert_int_equal(a->required, 1);
}

static const char no_certificate[] = "\0\0\0\0";
static const char one_certificate[] = "\0\0\0\7" "\0\0\2xx" "\0\0";

/* What left counts, not what was chosen before. */
static void client_certificate_withheld(void **state)
{
    struct world *w = *state;
    walk(w);
    probe(w, 1);
    struct mxs_session_facts *s = mxs_evidence_session(w->ev, 1, NULL);
    struct mxs_client_auth *a = &s->tls.client_auth;
    message(w, MXS_DIR_OUT, "1", "clear", BYTES(client_hello));
    message(w, MXS_DIR_IN, "2", "clear", BYTES(server_hello));
    message(w, MXS_DIR_IN, "13", "handshake", BYTES(certificate_request));
    emit(w->journal, 1, MXS_STAGE_CERTIFICATE, MXS_EVENT_CLIENT_CERT, MXS_DIR_OUT, NO_BYTES,
         ATTRS({ "sent", "certificate" }, { "why", "although" }));
    assert_int_equal(a->sent, MXS_SENT_CERTIFICATE);
    assert_string_equal(a->sent_why, "although");
    message(w, MXS_DIR_OUT, "11", "handshake", BYTES(no_certificate));
    assert_int_equal(a->sent, MXS_SENT_EMPTY);
    message(w, MXS_DIR_OUT, "11", "handshake", BYTES(one_certificate));
    assert_int_equal(a->sent, MXS_SENT_CERTIFICATE);
}

/* --- what no walk writes, but a file may hold --- */

/* A session asked for one kind of certificate, ended by the server where its ServerHello was due or
 * (served) after its Finished. */
static void one_kind(struct world *w, uint32_t id, const char *offer, const char *address,
                     const char *end)
{
    bool served = strcmp(end, "done") == 0;
    emit(w->journal, id, MXS_STAGE_NONE, MXS_EVENT_PROBE, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "host", "mx.example.org" }, { "address", address }, { "port", "25" },
               { "offer", offer }));
    emit(w->journal, id, MXS_STAGE_CLIENT_HELLO, MXS_EVENT_HANDSHAKE, MXS_DIR_OUT, NO_BYTES,
         ATTRS({ "type", "1" }, { "epoch", "clear" }));
    stage(w, id, MXS_STAGE_SERVER_HELLO, "start", NULL, NULL);
    for (int dir = MXS_DIR_OUT; served && dir <= MXS_DIR_IN; dir++)
        emit(w->journal, id, MXS_STAGE_FINISHED, MXS_EVENT_HANDSHAKE, (enum mxs_dir)dir, NO_BYTES,
             ATTRS({ "type", "20" }, { "version", "772" }, { "epoch", "handshake" }));
    if (!served)
        stage(w, id, MXS_STAGE_SERVER_HELLO, "failed", "5", NULL);
    emit(w->journal, id, MXS_STAGE_NONE, MXS_EVENT_PROBE_END, MXS_DIR_NONE, NO_BYTES,
         ATTRS({ "end", end }, { "error", served ? NULL : "it went" }));
}

/* A server may go without a word when asked for a kind of certificate that it does not have: what it
 * was shows when the other kind is served. */
static void kind_that_is_not_there(void **state)
{
    static const struct {
        const char *first, *end, *second, *address, *second_end;
        bool lacks;
    } rows[] = {
        { "rsa", "closed", "ecdsa", "192.0.2.25", "done", true },
        { "ecdsa", "closed", "rsa", "192.0.2.25", "done", true },
        { "rsa", "alert", "ecdsa", "192.0.2.25", "done", true },
        { "rsa", "timeout", "ecdsa", "192.0.2.25", "done", false },
        { "rsa", "closed", "ecdsa", "192.0.2.25", "closed", false },
        { "rsa", "closed", "ecdsa", "192.0.2.26", "done", false }, /* another machine */
        { "rsa", "closed", "rsa", "192.0.2.25", "done", false },   /* a second try */
        { "any", "closed", "rsa", "192.0.2.25", "done", false },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        setup(state);
        struct world *w = *state;
        one_kind(w, 1, rows[i].first, "192.0.2.25", rows[i].end);
        struct mxs_session_facts *s = mxs_evidence_session(w->ev, 1, NULL);
        assert_false(mxs_session_lacks_kind(s));
        assert_string_equal(s->error, "it went");
        one_kind(w, 2, rows[i].second, rows[i].address, rows[i].second_end);
        assert_int_equal(mxs_session_lacks_kind(s), rows[i].lacks);
        assert_int_equal(s->error == NULL, rows[i].lacks);
        if (rows[i].lacks)
            assert_non_null(strstr(s->stages[MXS_STAGE_SERVER_HELLO].summary, "certificate here (it went)"));
        teardown(state);
    }
}

static void strange_events(void **state)
{
    struct world *w = *state;
    emit(w->journal, 77, MXS_STAGE_EHLO, MXS_EVENT_SMTP, MXS_DIR_IN, BYTES("250 x\r\n"), NULL, 0);
    emit(w->journal, 0, MXS_STAGE_NONE, MXS_EVENT_HOST, MXS_DIR_NONE, NO_BYTES, NULL, 0);
    emit(w->journal, 0, MXS_STAGE_NONE, MXS_EVENT_STAGE, MXS_DIR_NONE, NO_BYTES, NULL, 0);
    emit(w->journal, 0, MXS_STAGE_MX, MXS_EVENT_DNS, MXS_DIR_NONE, BYTES("\1\2"),
         ATTRS({ "purpose", "mx" }, { "security", "good" }));
    emit(w->journal, 1, MXS_STAGE_NONE, MXS_EVENT_PROBE, MXS_DIR_NONE, NO_BYTES, NULL, 0);
    assert_int_equal(w->ev->hosts.n, 0);
    assert_int_equal(w->ev->domain.mx_security, MXS_SECURITY_NONE);
    probe(w, 1);
    message(w, MXS_DIR_IN, "999", "clear", NO_BYTES);
    message(w, MXS_DIR_IN, "x", "clear", NO_BYTES);
    message(w, MXS_DIR_IN, "11", "clear", BYTES("\0\xff\xff\xff"));
    struct mxs_session_facts *s = mxs_evidence_session(w->ev, 1, NULL);
    assert_int_equal(s->tls.messages.n, 1);
    assert_int_equal(s->chain.certs.n, 0);
    for (uint32_t i = 2; i < 3000; i++)
        probe(w, i);
    struct mxs_host_facts *h = mxs_evidence_host(w->ev, "mx.example.org");
    assert_int_equal(h->sessions.n, 2048);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(target_and_end, setup, teardown),
        cmocka_unit_test_setup_teardown(domain_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(policy, setup, teardown),
        cmocka_unit_test_setup_teardown(host_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(stages, setup, teardown),
        cmocka_unit_test_setup_teardown(dialogue, setup, teardown),
        cmocka_unit_test_setup_teardown(helo_has_no_extensions, setup, teardown),
        cmocka_unit_test_setup_teardown(handshake, setup, teardown),
        cmocka_unit_test_setup_teardown(client_certificate, setup, teardown),
        cmocka_unit_test_setup_teardown(client_certificate_withheld, setup, teardown),
        cmocka_unit_test(kind_that_is_not_there),
        cmocka_unit_test_setup_teardown(strange_events, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
