/* Every finding of the catalog: evidence that makes it appear, and near evidence that does not. */
#include "config.h"

#include "judge_words.h"
#include "judge/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>

struct row {
    const char *id, *with, *without;
};

#define ENFORCE "sts=version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 604800\n"
#define ENFORCE_OTHER "sts=version: STSv1\nmode: enforce\nmx: mx2.example.org\nmax_age: 604800\n"
#define TESTING "sts=version: STSv1\nmode: testing\nmx: mx.example.org\nmax_age: 604800\n"
#define TESTING_OTHER "sts=version: STSv1\nmode: testing\nmx: mx2.example.org\nmax_age: 604800\n"
#define CACHED "cached=version: STSv1\nmode: enforce\nmx: old.example.org\nmax_age: 604800\n"
#define CACHED_SAME "cached=version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 604800\n"
#define R13 "311:good 311:good 311:good 311:good 311:good 311:good 311:good 311:good 311:good " \
            "311:good 311:good 311:good 311:good"

static const struct row rows[] = {
    { "walk-failed", "failed=no trust anchor", "" },
    { "port-blocked", "end=timeout@connect", "end=timeout@connect|port=2525" },
    { "connect-refused", "end=connect@connect|error=refused", "" },
    { "connect-timeout", "end=timeout@connect|port=2525", "end=timeout@banner" },
    { "banner-timeout", "end=timeout@banner", "end=timeout@ehlo" },
    { "banner-refused", "end=reply@banner|reply=554", "end=reply@banner|reply=421" },
    { "session-refused", "end=reply@ehlo|reply=550", "end=reply@ehlo|reply=421" },
    { "service-closing", "end=reply@ehlo|reply=421", "end=reply@ehlo|reply=550" },
    { "closed-early", "end=closed@ehlo", "end=closed@server-hello" },
    { "peer-silent", "end=timeout@ehlo", "end=timeout@server-hello" },
    { "not-smtp", "end=protocol@banner", "end=protocol@server-hello" },
    { "smtp-quirks", "quirks", "" },

    { "starttls-absent", "starttls=absent", "starttls=refused" },
    { "starttls-refused", "starttls=refused", "starttls=absent" },
    { "glued-bytes", "glued=12", "" },
    { "starttls-again", "ehlotls=STARTTLS", "ehlotls=SIZE" },
    { "tls-plaintext", "end=protocol@server-hello", "end=protocol@banner" },
    { "tls-too-old", "version=301", "version=303" },
    { "tls-too-old", "alert=70|end=alert@server-hello", "alert=40|end=alert@server-hello" },
    { "tls-alert", "alert=40|end=alert@server-hello", "alert=70|end=alert@server-hello" },
    { "tls-closed", "end=closed@server-hello", "end=closed@ehlo" },
    { "tls-silent", "end=timeout@server-hello", "end=timeout@ehlo" },
    { "local-refusal", "end=local-refusal@certificate|error=too long", "" },
    { "client-certificate-requested", "client=asked", "client=sent accepted" },
    { "client-certificate-required", "client=refused alert", "client=accepted" },
    { "client-certificate-required", "client=refused reply", "client=sent refused reply" },
    { "client-certificate-required", "client=asked|alert=40|end=alert@finished|version=303",
      "alert=40|end=alert@server-hello|version=303" },
    { "client-certificate-required", "client=asked|version=303|end=closed@finished", "end=closed@server-hello" },
    { "client-certificate-required",
      "client=asked|end=reply@mail|reply=454|error=454 TLS not available: verification failed",
      "client=asked|end=reply@mail|reply=451|error=451 greylisted" },
    { "client-certificate-refused", "client=sent refused alert", "client=refused alert" },
    { "late-refusal", "client=refused alert", "client=refused alert|version=303" },
    { "external-not-offered", "port=587|client=sent accepted",
      "port=587|client=sent accepted|external" },
    { "client-certificate-unnamed-ca", "client=sent accepted|ca=CN=Private,O=mxscope tests",
      "client=sent accepted|ca=CN=Private,O=mxscope tests|ca=CN=Test Root,O=mxscope tests" },
    { "client-trusts-public-cas", "client=asked|ca=CN=Test Root,O=mxscope tests",
      "client=asked|ca=CN=Private,O=mxscope tests" },

    { "no-mail-server", "nomx", "" },
    { "null-mx", "nullmx", "nomx" },
    { "mx-error", "mx=error", "mx=bogus" },
    { "mx-bogus", "mx=bogus", "mx=error" },
    { "mx-is-address", "literal=192.0.2.25", "" },
    { "mx-is-alias", "canonname=real.example.org", "" },
    { "address-error", "address=error", "address=insecure" },
    { "address-bogus", "address=bogus", "address=error" },
    { "no-address", "noaddress", "" },
    { "tlsa-error", "tlsasec=error", "tlsasec=bogus" },
    { "tlsa-bogus", "tlsasec=bogus", "tlsasec=error" },
    { "rrsig-expired", "signed=bogus -1", "signed=bogus 1" },
    { "rrsig-expired", "signed=bogus -1", "signed=bogus -1|tlsasec=bogus" }, /* one cause: told there */
    { "rrsig-expired", "signed=bogus -1|mx=secure", "signed=bogus -1|mx=bogus" },
    { "rrsig-expired", "signed=bogus -1|domain=shop.example.net|mx=bogus",
      "signed=bogus -1|domain=shop.example.org|mx=bogus" },
    { "rrsig-expiring", "signed=secure 40", "signed=secure 100" },
    { "rrsig-expiring", "signed=secure 20 200", "signed=secure 40 200" }, /* hours left, of a life */
    { "resolver-silent", "mx=error|mxwhy=the resolver does not answer: 192.0.2.1: no answer",
      "mx=error|mxwhy=SERVFAIL" },
    { "dnssec-unavailable", "mx=error|mxwhy=DNSSEC is not available here: no DNSKEY",
      "mx=error|mxwhy=SERVFAIL" },
    { "mx-error", "mx=error|mxwhy=SERVFAIL",
      "mx=error|mxwhy=DNSSEC is not available here: no DNSKEY" },
    { "resolver-unvalidated", "view=secure 0", "view=secure 0 ad" },
    { "resolver-unvalidated", "view=bogus 0", "view=bogus 2" },
    { "resolver-unvalidated", "view=bogus 3", "view=error 0" },
    { "resolver-differs", "view=secure 2", "view=secure 0 ad" },
    { "resolver-differs", "view=bogus 0 ad", "view=bogus 0" },
    { "resolver-differs", "view=error 0", "view=error 2" },
    { "resolver-differs", "view=error 3 ad", "view=secure -1" },
    { "dnssec-unsupported", "address=unsupported", "address=insecure" },

    { "dane-ok", "tlsa=311:good", "tlsa=!311:good" },
    { "tlsa-stale", "tlsa=!311:good", "tlsa=!311:good 311:good" },
    { "tlsa-ca-not-in-chain", "tlsa=211:int-old", "tlsa=211:int-old 211:int" },
    { "tlsa-root-not-sent", "tlsa=211:root", "tlsa=211:root|chain=good int root" },
    { "tlsa-differs", "tlsa=311:good|second=rsa|chain=rsa2048 int",
      "tlsa=311:good 311:rsa2048|second=rsa|chain=rsa2048 int" },
    { "tlsa-path", "tlsa=211:int|chain=wrongname int", "tlsa=211:int" },
    { "tlsa-all-unusable", "tlsa=111:good", "tlsa=111:good 311:good" },
    { "tlsa-unusable", "tlsa=111:good 311:good", "tlsa=311:good" },
    { "tlsa-empty-digest", "tlsa=0311:good 311:good", "tlsa=311:good" },
    { "tlsa-combination-stale", "tlsa=311:good !211:int", "tlsa=311:good !311:good" },
    { "tlsa-stronger-stale", "tlsa=311:good !312:good", "tlsa=311:good 312:good" },
    { "tlsa-sha512-only", "tlsa=312:good", "tlsa=312:good 311:good" },
    { "tlsa-many", "tlsa=" R13, "tlsa=311:good" },
    { "tlsa-without-starttls", "tlsa=311:good|starttls=absent", "starttls=absent" },
    { "tlsa-insecure-zone", "tlsa=311:good|tlsasec=insecure", "tlsa=311:good" },
    { "tlsa-full-absent", "tlsa=200:root", "tlsa=200:root|chain=good int root" },
    { "tlsa-key-absent", "tlsa=210:root", "tlsa=210:root|chain=good int root" },
    { "dane-mx-insecure", "tlsa=311:good|mx=insecure", "tlsa=311:good|mx=secure" },

    { "sts-ok", ENFORCE, TESTING },
    { "sts-txt", "ststxt=several", "ststxt=none" },
    { "sts-fetch", ENFORCE "|stserror=connect", ENFORCE },
    { "sts-redirect", ENFORCE "|stserror=redirect", ENFORCE "|stserror=connect" },
    { "sts-host-certificate", ENFORCE "|stserror=certificate", ENFORCE "|stserror=connect" },
    { "sts-media-type", ENFORCE "|media=text/html", ENFORCE "|media=text/plain; charset=utf-8" },
    { "sts-policy-fault", "sts=version: STSv1\nmode: enforce\nnmx: mx.example.org\nmax_age: 9\n",
      ENFORCE },
    { "sts-policy-note", ENFORCE "nmx: x.example.org\n", ENFORCE },
    { "sts-mx-not-listed", ENFORCE_OTHER, TESTING_OTHER },
    { "sts-mx-not-listed-testing", TESTING_OTHER, TESTING },
    { "sts-mx-unused", ENFORCE_OTHER, ENFORCE },
    { "sts-certificate", ENFORCE "|chain=selfsigned", TESTING "|chain=selfsigned" },
    { "sts-certificate-testing", TESTING "|chain=selfsigned", TESTING },
    { "sts-without-starttls", ENFORCE "|starttls=absent", TESTING "|starttls=absent" },
    { "sts-testing", TESTING, ENFORCE },
    { "sts-testing-long", TESTING "|stsid=20250101", TESTING },
    { "sts-max-age-short", "sts=version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 60\n",
      ENFORCE },
    { "sts-cache-differs", ENFORCE "|" CACHED, ENFORCE "|" CACHED_SAME },
    { "sts-id-unchanged", ENFORCE "|previous=version: STSv1\nmode: testing\nmx: a.b\nmax_age: 9\n",
      ENFORCE "|stsid=2|previous=version: STSv1\nmode: testing\nmx: a.b\nmax_age: 9\n" },
    { "tlsrpt-absent", ENFORCE, ENFORCE "|tlsrpt=ok" },
    { "tlsrpt-fault", "tlsrpt=several", "tlsrpt=ok" },

    { "webpki-ok", "", "chain=expired int" },
    { "certificate-expired", "chain=expired int", "" },
    { "certificate-not-yet-valid", "chain=notyet int", "" },
    { "certificate-expiring", "chain=expiring int", "chain=expiring int|at=2026-11-01" },
    { "ca-expiring", "at=2039-12-20", "at=2039-10-01" },
    { "chain-incomplete", "chain=good", "" },
    { "chain-order", "chain=good root int", "chain=good int root" },
    { "chain-extra", "chain=good int int-old", "chain=good int root" },
    { "chain-revoked-cross-sign", "chain=good int root-cross|revoked=Test Root",
      "chain=good int|revoked=Test Root" },
    { "chain-broken", "chain=under-notca int-notca", "" },
    { "self-signed", "chain=selfsigned", "" },
    { "untrusted-root", "chain=untrusted int-untrusted root2", "chain=good int root" },
    { "name-mismatch", "chain=wrongname int", "chain=wildcard int" },
    { "name-only-in-cn", "chain=cn-only int", "chain=cn-beside-san int" },
    { "server-eku-missing", "chain=eku-client int", "chain=eku-none int" },
    { "certificate-weak", "chain=rsa1024 int", "chain=rsa2048 int" },
    { "names-web-hosts", "chain=webhost int", "" },
    { "sni-default-differs", "sni=mx.example.org|second=192.0.2.25|sni=|chain=wrongname int",
      "sni=mx.example.org|second=192.0.2.25|sni=|chain=good int" },
    { "sni-required", "sni=mx.example.org|second=192.0.2.25|sni=|end=alert@server-hello",
      "sni=mx.example.org|second=192.0.2.25|sni=|chain=good int" },
    { "certificates-differ", "second=192.0.2.26|chain=wildcard int",
      "second=192.0.2.26|chain=good int" },
    { "ocsp-revoked", "ocsp=good-revoked", "ocsp=good-valid" },
    { "ocsp-fault", "ocsp=good-short", "ocsp=good-valid" },
    { "ocsp-fault", "ocsp=staple-valid", "chain=staple int|ocsp=staple-valid" },
    { "must-staple-missing", "chain=staple int", "chain=staple int|ocsp=staple-valid" },
    { "caa-forbids-renewal", "chain=le|caa=0 issue \"ca.example\"",
      "chain=le|caa=0 issue \"letsencrypt.org; validationmethods=dns-01\"" },
    { "client-eku-missing", "role=client", "role=client|chain=eku-both int" },
};

static const struct mxs_finding *judge(struct mxs_store *store, const char *words, const char *id,
                                       struct judge_words *w, struct mxs_assessment **a)
{
    judge_words_make(w, words, store);
    *a = mxs_assess(&w->e.ev, &w->options);
    return judge_finding(*a, id);
}

static int check_text(const struct mxs_finding *f)
{
    const char *texts[] = { f->text, f->fix };
    int wrong = 0;
    for (size_t i = 0; i < MXS_COUNT(texts); i++)
        if (texts[i] && (strchr(texts[i], '{') || strstr(texts[i], "(null)") ||
                         strstr(texts[i], "(not known)"))) {
            print_message("%s: not filled: %s\n", f->id, texts[i]);
            wrong++;
        }
    return wrong;
}

static int check_row(const struct row *r, struct mxs_store *store)
{
    struct judge_words with, without;
    struct mxs_assessment *a, *b;
    int wrong = 0;
    const struct mxs_finding *f = judge(store, r->with, r->id, &with, &a);
    if (!f) {
        print_message("%s does not appear with: %s\n", r->id, r->with);
        wrong++;
    } else {
        wrong += check_text(f);
    }
    if (judge(store, r->without, r->id, &without, &b)) {
        print_message("%s appears with: %s\n", r->id, r->without);
        wrong++;
    }
    for (size_t i = 1; i < a->findings.n; i++)
        assert_true(a->findings.v[i - 1].severity >= a->findings.v[i].severity);
    assert_non_null(a->headline);
    assert_null(strchr(a->headline, '{'));
    mxs_assessment_free(a);
    mxs_assessment_free(b);
    judge_words_free(&with);
    judge_words_free(&without);
    return wrong;
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

static void test_catalog_is_covered(void **state)
{
    (void)state;
    const struct mxs_finding_row *catalog = mxs_finding_rows();
    int wrong = 0;
    for (size_t i = 0; i < MXS_F_COUNT; i++) {
        bool found = false;
        for (size_t k = 0; k < MXS_COUNT(rows); k++)
            found = found || strcmp(rows[k].id, catalog[i].id) == 0;
        if (!found)
            print_message("no test for %s\n", catalog[i].id);
        wrong += !found;
        assert_ptr_equal(mxs_finding_row(catalog[i].id), &catalog[i]);
        assert_true(catalog[i].severity < MXS_SEVERITY_WARNING || catalog[i].fix);
    }
    assert_int_equal(wrong, 0);
    assert_null(mxs_finding_row("no-such-finding"));
}

/* What is healthy is no task: nothing above INFO, status OK, a headline that says so. */
static void test_healthy(void **state)
{
    (void)state;
    static const char *const states[] = {
        "", "tlsa=311:good|tlsrpt=ok", ENFORCE "|tlsrpt=ok", "tlsa=311:selfsigned|chain=selfsigned",
        "tlsa=311:expired|chain=expired int", "tlsa=211:int 311:good", "chain=selfsigned",
        "chain=eku-none int", "client=asked", "nullmx", "tlsa=211:int|chain=wildcard int",
        "tlsa=311:wrongname|chain=wrongname int", "chain=good int root",
    };
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_store *store = judge_store(arena, "root");
    for (size_t i = 0; i < MXS_COUNT(states); i++) {
        struct judge_words w;
        struct mxs_assessment *a;
        judge(store, states[i], "", &w, &a);
        print_message("%s: %s\n", *states[i] ? states[i] : "plain", a->headline);
        for (size_t k = 0; k < a->findings.n; k++)
            if (a->findings.v[k].severity > MXS_SEVERITY_INFO)
                print_message("  %s: %s\n", a->findings.v[k].id, a->findings.v[k].text);
        assert_int_equal(a->status, MXS_STATUS_OK);
        mxs_assessment_free(a);
        judge_words_free(&w);
    }
    mxs_store_free(store);
    mxs_arena_free(arena);
}

/* An expired signature that makes a lookup bogus is one finding, which says since when. */
static void test_expired_signature(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_store *store = judge_store(arena, "root");
    static const char *const cases[][2] = { { "mx=bogus|mxwhy=why", "mx-bogus" },
                                            { "address=bogus", "address-bogus" },
                                            { "tlsasec=bogus", "tlsa-bogus" } };
    for (size_t i = 0; i < MXS_COUNT(cases); i++) {
        struct judge_words w;
        struct mxs_assessment *a;
        char words[80];
        size_t critical = 0;
        snprintf(words, sizeof words, "signed=bogus -1|%s", cases[i][0]);
        const struct mxs_finding *f = judge(store, words, cases[i][1], &w, &a);
        for (size_t k = 0; k < a->findings.n; k++)
            critical += a->findings.v[k].severity == MXS_SEVERITY_CRITICAL;
        assert_int_equal(critical, 1);
        assert_non_null(f);
        assert_non_null(strstr(f->text, "; a signature by example.org expired "));
        mxs_assessment_free(a);
        judge_words_free(&w);
    }
    mxs_store_free(store);
    mxs_arena_free(arena);
}

/* The same fault at four addresses is one finding, and 1,000 records are judged. */
static void test_bounds(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_store *store = judge_store(arena, "root");
    struct judge_words w;
    judge_words_make(&w, "tlsa=!311:good|second=192.0.2.26|chain=good int|second=192.0.2.27|"
                         "chain=good int", store);
    for (int i = 0; i < 1000; i++)
        judge_add_tlsa(w.e.ev.arena, w.e.host, i % 2 ? "!311:good" : "x212:int");
    judge_add_tlsa(w.e.ev.arena, w.e.host, "311:good");
    struct mxs_assessment *a = mxs_assess(&w.e.ev, &w.options);
    assert_non_null(judge_finding(a, "dane-ok"));
    assert_int_equal(a->sessions.v[0].matches.n, 1002);
    size_t many = 0;
    for (size_t i = 0; i < a->findings.n; i++)
        many += strcmp(a->findings.v[i].id, "tlsa-many") == 0;
    assert_int_equal(many, 1);
    mxs_assessment_free(a);
    judge_words_free(&w);
    mxs_store_free(store);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_catalog_is_covered),
        cmocka_unit_test(test_healthy),
        cmocka_unit_test(test_expired_signature),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
