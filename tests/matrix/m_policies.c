/* MTA-STS policies, live and cached, against hosts and certificates: rfc/mta-sts; and the other rfc
 * verifiers that need the public PKI. One row each. */
#include "config.h"

#include "../unit/judge_certs.h"
#include "../unit/judge_evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define E(mx) "version: STSv1\nmode: enforce\nmx: " mx "\nmax_age: 604800\n"
#define T(mx) "version: STSv1\nmode: testing\nmx: " mx "\nmax_age: 604800\n"
#define MX "mx.example.org"
#define DELIVER MXS_ACTION_DELIVER
#define DEFER MXS_ACTION_DEFER
#define BOUNCE MXS_ACTION_BOUNCE
#define UNKNOWN MXS_ACTION_UNKNOWN
#define VER MXS_CHANNEL_VERIFIED
#define ENC MXS_CHANNEL_ENCRYPTED
#define CLR MXS_CHANNEL_CLEARTEXT

enum setting { /* what else the row changes */
    PLAIN, NO_STARTTLS = 1, TXT_NONE = 2, TXT_SEVERAL = 4, FETCH_FAILS = 8, FETCH_TLS = 16,
    DANE_FAILS = 32, DANE_HOLDS = 64, MX_SECURE = 128, REQUIRETLS = 256, SUBMISSION = 512,
    OLD_TLS = 1024, NO_EHLO_TLS = 2048, DANE_UNUSABLE = 4096, CACHE_LAPSED = 8192
};

struct row {
    const char *what, *verifier;
    const char *live, *cached; /* policy texts, NULL none */
    const char *chain;
    unsigned set;
    enum mxs_action action;
    enum mxs_channel channel;
    const char *tls_rpt, *reason, *rfc; /* reason: one that must be among them, or NULL */
};

#define STS "rfc/mta-sts"
static const struct row rows[] = {
    { "enforced, all well", STS, E(MX), NULL, "good int", 0, DELIVER, VER, NULL, NULL,
      "RFC 8461 4.2" },
    { "pattern", STS, E("*.example.org"), NULL, "good int", 0, DELIVER, VER, NULL, NULL,
      "RFC 8461 4.1" },
    { "pattern of one label only", STS, E("*.org"), NULL, "good int", 0, DEFER, 0,
      "validation-failure", "mx-not-in-policy", "RFC 8461 4.1" },
    { "MX not listed", STS, E("other.example"), NULL, "good int", 0, DEFER, 0,
      "validation-failure", "mx-not-in-policy", "RFC 8461 4.1" },
    { "MX not listed, testing", STS, T("other.example"), NULL, "good int", 0, DELIVER, ENC,
      "validation-failure", "mx-not-in-policy", "RFC 8461 5" },
    { "wrong name", STS, E(MX), NULL, "wrongname int", 0, DEFER, 0, "certificate-host-mismatch",
      "name-mismatch", "RFC 8461 4.2" },
    { "name in CN only", STS, E(MX), NULL, "cn-only int", 0, DEFER, 0,
      "certificate-host-mismatch", "name-mismatch", "RFC 8461 4.2" },
    { "expired", STS, E(MX), NULL, "expired int", 0, DEFER, 0, "certificate-expired", "expired",
      "RFC 8461 4.2" },
    { "expired, testing", STS, T(MX), NULL, "expired int", 0, DELIVER, ENC, "certificate-expired",
      "sts-testing", "RFC 8461 5" },
    { "self-signed", STS, E(MX), NULL, "selfsigned", 0, DEFER, 0, "certificate-not-trusted",
      "self-signed", "RFC 8461 4.2" },
    { "missing intermediate", STS, E(MX), NULL, "good", 0, DEFER, 0, "certificate-not-trusted",
      "issuer-unknown", "RFC 8461 4.2" },
    { "no certificate", STS, E(MX), NULL, "-", 0, DEFER, 0, "certificate-not-trusted",
      "no-certificate", "RFC 8461 4.2" },
    { "no STARTTLS", STS, E(MX), NULL, "-", NO_STARTTLS, DEFER, 0, "starttls-not-supported",
      "tls-required", "RFC 8461 5" },
    { "no STARTTLS, testing", STS, T(MX), NULL, "-", NO_STARTTLS, DELIVER, CLR,
      "starttls-not-supported", "sts-testing", "RFC 8461 5" },
    { "mode none", STS, "version: STSv1\nmode: none\nmax_age: 86400\n", NULL, "selfsigned", 0,
      DELIVER, ENC, NULL, "sts-mode-none", "RFC 8461 5" },
    { "no record", STS, E(MX), NULL, "selfsigned", TXT_NONE, DELIVER, ENC, NULL, "no-sts-policy",
      "RFC 8461 3.1" },
    { "several records", STS, E(MX), NULL, "selfsigned", TXT_SEVERAL, DELIVER, ENC, NULL,
      "no-sts-policy", "RFC 8461 3.1" },
    { "several records, cached", STS, E(MX), E(MX), "selfsigned", TXT_SEVERAL, DEFER, 0,
      "certificate-not-trusted", "self-signed", "RFC 8461 3.1" },
    { "fetch fails", STS, NULL, NULL, "selfsigned", FETCH_FAILS, DELIVER, ENC,
      "sts-policy-fetch-error", "no-sts-policy", "RFC 8461 3.3" },
    { "fetch fails at the certificate", STS, NULL, NULL, "selfsigned", FETCH_TLS, DELIVER, ENC,
      "sts-webpki-invalid", "no-sts-policy", "RFC 8461 3.3" },
    { "fetch fails, cached", STS, NULL, E(MX), "selfsigned", FETCH_FAILS, DEFER, 0,
      "certificate-not-trusted", "self-signed", "RFC 8461 3.3" },
    { "fetch fails, cached too long", STS, NULL, E(MX), "selfsigned", FETCH_FAILS | CACHE_LAPSED,
      DELIVER, ENC, "sts-policy-fetch-error", "no-sts-policy", "RFC 8461 3.3" },
    { "typing mistake", STS, "version: STSv1\nmode: enforce\nnmx: mx.example.org\nmax_age: 86400\n",
      NULL, "selfsigned", 0, DELIVER, ENC, "sts-policy-invalid", "no-sts-policy", "RFC 8461 3.2" },
    { "cached fails, live passes", STS, E(MX), E("old.example.org"), "good int", 0, DELIVER, VER,
      NULL, "sts-cache-renewed", "RFC 8461 5.1" },
    { "cached fails, live fails", STS, E("x.example.org"), E("old.example.org"), "good int", 0,
      DEFER, 0, "validation-failure", "mx-not-in-policy", "RFC 8461 5.1" },
    { "cached enforces, live is none", STS, "version: STSv1\nmode: none\nmax_age: 86400\n",
      E("old.example.org"), "good int", 0, DELIVER, ENC, NULL, "sts-cache-renewed",
      "RFC 8461 5.1" },
    { "DANE fails first", STS, E(MX), NULL, "good int", DANE_FAILS, DEFER, 0, "tlsa-invalid",
      "tlsa-no-match", "RFC 8461 2" },
    { "DANE holds, the policy does not", STS, E(MX), NULL, "wrongname int", DANE_HOLDS, DEFER, 0,
      "certificate-host-mismatch", "name-mismatch", "RFC 8461 5" },
    { "DANE holds, no policy", STS, NULL, NULL, "wrongname int", DANE_HOLDS | TXT_NONE, DELIVER,
      VER, NULL, "tlsa-match", "RFC 8461 2" },
    { "TLSA unusable, no STARTTLS, no policy", STS, NULL, NULL, "-",
      DANE_UNUSABLE | TXT_NONE | NO_STARTTLS, DEFER, 0, "starttls-not-supported", "tls-required",
      "RFC 7672 2.2" },

    { "public", "rfc/webpki", NULL, NULL, "good int", 0, DELIVER, VER, NULL, NULL, "RFC 9525 6" },
    { "wrong name", "rfc/webpki", NULL, NULL, "wrongname int", 0, DEFER, 0,
      "certificate-host-mismatch", "name-mismatch", "RFC 9525 6.3" },
    { "wildcard", "rfc/webpki", NULL, NULL, "wildcard int", 0, DELIVER, VER, NULL, NULL,
      "RFC 9525 6.3" },
    { "expired and wrong name", "rfc/webpki", NULL, NULL, "expired", 0, DEFER, 0,
      "certificate-expired", "issuer-unknown", "RFC 5280 6.1" },
    { "no STARTTLS", "rfc/webpki", NULL, NULL, "-", NO_STARTTLS, DEFER, 0,
      "starttls-not-supported", "tls-required", "RFC 9525 6.6" },

    { "offered, MX secure", "rfc/requiretls", NULL, NULL, "good int", REQUIRETLS | MX_SECURE,
      DELIVER, VER, NULL, NULL, "RFC 8689 4.2.1" },
    { "CN counts", "rfc/requiretls", NULL, NULL, "cn-only int", REQUIRETLS | MX_SECURE, DELIVER,
      VER, NULL, NULL, "RFC 8689 4.2.1" },
    { "MX by policy", "rfc/requiretls", E(MX), NULL, "good int", REQUIRETLS, DELIVER, VER, NULL,
      NULL, "RFC 8689 4.2.1" },
    { "MX unsound", "rfc/requiretls", NULL, NULL, "good int", REQUIRETLS | TXT_NONE, BOUNCE, 0,
      "validation-failure", "mx-unsound", "RFC 8689 4.2.1" },
    { "not offered", "rfc/requiretls", NULL, NULL, "good int", MX_SECURE, BOUNCE, 0,
      "validation-failure", "requiretls-absent", "RFC 8689 4.2.1" },
    { "not known", "rfc/requiretls", NULL, NULL, "good int", MX_SECURE | NO_EHLO_TLS, UNKNOWN, 0,
      NULL, "requiretls-absent", "RFC 8689 4.2.1" },
    { "self-signed", "rfc/requiretls", NULL, NULL, "selfsigned", REQUIRETLS | MX_SECURE, BOUNCE, 0,
      "certificate-not-trusted", "self-signed", "RFC 8689 4.2.1" },
    { "DANE for the path", "rfc/requiretls", NULL, NULL, "selfsigned",
      REQUIRETLS | MX_SECURE | DANE_HOLDS, DELIVER, VER, NULL, NULL, "RFC 8689 4.2.1" },
    { "DANE, wrong name", "rfc/requiretls", NULL, NULL, "wrongname int",
      REQUIRETLS | MX_SECURE | DANE_HOLDS, BOUNCE, 0, "certificate-host-mismatch", "name-mismatch",
      "RFC 8689 4.2.1" },
    { "no STARTTLS", "rfc/requiretls", NULL, NULL, "-", NO_STARTTLS | MX_SECURE, BOUNCE, 0,
      "starttls-not-supported", "tls-required", "RFC 8689 4.2.1" },

    { "submission", "rfc/submission", NULL, NULL, "good int", SUBMISSION, DELIVER, VER, NULL, NULL,
      "RFC 8314 4.1" },
    { "submission, wrong name", "rfc/submission", NULL, NULL, "wrongname int", SUBMISSION, DEFER, 0,
      "certificate-host-mismatch", "name-mismatch", "RFC 7817 3" },
    { "submission, TLS 1.1", "rfc/submission", NULL, NULL, "good int", SUBMISSION | OLD_TLS, DEFER,
      0, "validation-failure", "tls-too-old", "RFC 8997 3" },
    { "TLS 1.1, opportunistic", "rfc/opportunistic", NULL, NULL, "good int", OLD_TLS, DELIVER, CLR,
      "validation-failure", "tls-too-old", "RFC 8996 2" },
    { "TLS 1.1, enforced", STS, E(MX), NULL, "good int", OLD_TLS, DEFER, 0, "validation-failure",
      "tls-too-old", "RFC 8461 7.2" },
    { "any certificate", "rfc/opportunistic", NULL, NULL, "selfsigned", 0, DELIVER, ENC, NULL, NULL,
      "RFC 7435 3" },
};

static void add_tlsa(struct judge_evidence *e, unsigned set)
{
    struct mxs_tlsa t = { .usage = set & DANE_UNUSABLE ? 1 : 3, .selector = 1, .matching_type = 1 };
    uint8_t digest[32] = { 0 };
    if (!(set & (DANE_FAILS | DANE_HOLDS | DANE_UNUSABLE)))
        return;
    if (set & DANE_HOLDS)
        memcpy(digest, e->session->chain.certs.v[0]->spki_sha256, 32);
    t.data = mxs_arena_bytes(e->ev.arena, mxs_bytes(digest, 32));
    mxs_tlsa_judge_usable(&t, false);
    e->ev.domain.mx_security = e->host->address_security = MXS_SECURITY_SECURE;
    e->host->tlsa_security = MXS_SECURITY_SECURE;
    e->host->tlsa_base_domain = e->host->host;
    *mxs_list_add(e->ev.arena, &e->host->tlsa) = t;
}

static void set_sts(struct judge_evidence *e, const struct row *r)
{
    struct mxs_sts_facts *sts = &e->ev.domain.sts;
    sts->parsed.valid = !(r->set & (TXT_NONE | TXT_SEVERAL)) && (r->live || r->set);
    sts->parsed.reason = r->set & TXT_SEVERAL ? "several" : sts->parsed.valid ? NULL : "none";
    sts->parsed.id = sts->parsed.valid ? "1" : NULL;
    if (r->live && !(r->set & (FETCH_FAILS | FETCH_TLS))) {
        sts->fetched = sts->has_policy = true;
        mxs_sts_policy_parse(e->ev.arena, mxs_bytes_str(r->live), &sts->policy);
    } else {
        sts->parsed.valid = sts->parsed.valid && (r->set & (FETCH_FAILS | FETCH_TLS));
        sts->error = "it failed";
        sts->error_id = r->set & FETCH_TLS ? "certificate" : "connect";
    }
    sts->has_cached = r->cached != NULL;
    if (r->cached)
        mxs_sts_policy_parse(e->ev.arena, mxs_bytes_str(r->cached), &sts->cached);
    sts->cached_fetched = judge_at(JUDGE_AT) - (r->set & CACHE_LAPSED ? 604801 : 86400);
}

static void set_session(struct judge_evidence *e, const struct row *r)
{
    judge_chain(e->ev.arena, r->chain, &e->session->chain);
    if (r->set & NO_STARTTLS) {
        e->session->starttls = MXS_STARTTLS_ABSENT;
        e->session->has_tls = e->session->tls.finished = e->session->has_ehlo_tls = false;
    }
    if (r->set & MX_SECURE)
        e->ev.domain.mx_security = MXS_SECURITY_SECURE;
    if (r->set & SUBMISSION)
        e->session->port = 587;
    if (r->set & OLD_TLS)
        e->session->tls.version = MXS_TLS_1_1;
    if (r->set & NO_EHLO_TLS)
        e->session->has_ehlo_tls = false;
    if (r->set & REQUIRETLS) {
        *mxs_list_add(e->ev.arena, &e->session->ehlo_tls.lines) = MX;
        *mxs_list_add(e->ev.arena, &e->session->ehlo_tls.lines) = "REQUIRETLS";
    }
}

static bool has_reason(const struct mxs_verdict *v, const char *id)
{
    for (size_t i = 0; i < v->reasons.n; i++)
        if (strcmp(v->reasons.v[i].id, id) == 0)
            return v->reasons.v[i].rfc != NULL;
    return false;
}

static bool equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static int check_row(const struct row *r, struct mxs_store *store)
{
    struct judge_evidence e = judge_evidence_new();
    struct mxs_assess_options options = { .at = judge_at(JUDGE_AT), .store = store };
    set_session(&e, r);
    add_tlsa(&e, r->set);
    set_sts(&e, r);
    struct mxs_assessment *a = mxs_assess(&e.ev, &options);
    const struct mxs_verdict *v = mxs_assessment_verdict(&a->sessions.v[0], r->verifier);
    assert_non_null(v);
    bool ok = v->action == r->action && v->channel == r->channel && equal(v->tls_rpt, r->tls_rpt) &&
              (!r->reason || has_reason(v, r->reason)) &&
              (v->action != DELIVER || v->verified == (v->channel == VER));
    if (!ok)
        print_message("%s: %s (%s): got %s/%s %s: %s\n", r->verifier, r->what, r->rfc,
                      mxs_action_name(v->action) ? mxs_action_name(v->action) : "?",
                      v->channel ? mxs_channel_name(v->channel) : "-", v->tls_rpt ? v->tls_rpt : "-",
                      v->reasons.n ? v->reasons.v[0].text : "-");
    mxs_assessment_free(a);
    judge_evidence_free(&e);
    return !ok;
}

static void test_rows(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_store *store = judge_store(arena, "root");
    int wrong = 0;
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        wrong += check_row(&rows[i], store);
    assert_int_equal(wrong, 0);
    mxs_store_free(store);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
