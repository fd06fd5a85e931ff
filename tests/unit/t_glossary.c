#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "judge/finding.h"
#include "judge/glossary.h"

static int setup(void **state)
{
    struct mxs_why why = { 0 };
    struct mxs_glossary *g = NULL;
    char path[512];
    const char *dir = getenv("srcdir");
    snprintf(path, sizeof path, "%s/share/glossary", dir ? dir : ".");
    if (mxs_glossary_load(path, &g, &why))
        fail_msg("%s", why.text);
    *state = g;
    return 0;
}

static int teardown(void **state)
{
    mxs_glossary_free(*state);
    return 0;
}

/* Lines as operators paste them, and the entry that must explain each. */
static const struct {
    const char *text, *id;
} pasted[] = {
    { "postfix/smtp[12]: Untrusted TLS connection established to mx[192.0.2.1]:25", "postfix/untrusted" },
    { "status=deferred (Server certificate not trusted)", "postfix/not-trusted" },
    { "status=deferred (Server certificate not verified)", "postfix/not-verified" },
    { "(TLS is required, but was not offered by host mx.example.org[192.0.2.1])", "postfix/tls-not-offered" },
    { "TLS is required, but host mx[1] refused to start TLS: 454 4.7.0", "postfix/starttls-refused" },
    { "Cannot start TLS: handshake failure", "postfix/handshake-failure" },
    { "certificate verification failed for mx: num=65:no matching DANE TLSA records", "postfix/no-matching-dane" },
    { "num=62:hostname mismatch", "postfix/hostname-mismatch" },
    { "num=64:IP address mismatch", "postfix/ip-mismatch" },
    { "warning: tls_policy: invalid attribute name: \"servername\"", "postfix/client-tls-config" },
    { "verify error:num=20:unable to get local issuer certificate", "openssl/20" },
    { "verify error:num=18:self-signed certificate", "openssl/18" },
    { "verify error:num=19:self-signed certificate in certificate chain", "openssl/19" },
    { "verify error:num=26:unsuitable certificate purpose", "openssl/26" },
    { "verify error:num=26:unsupported certificate purpose", "openssl/26" },
    { "Verify return code: 0 (ok)", "openssl/verify-ok" },
    { "No client certificate CA names sent", "openssl/no-ca-names" },
    { "421 4.7.1 mx.rcpt.test Error: Client certificate not trusted", "postfix/client-not-trusted" },
    { "sslv3 alert unsupported certificate:s3_pkt.c:SSL alert number 43", "alert/unsupported_certificate" },
    { "tlsv13 alert certificate required", "alert/certificate_required" },
    { "SSL alert number 40", "alert/handshake_failure" },
    { "ssl: wrong version number", "openssl/wrong-version" },
    { "STARTTLS=server, relay=mx [192.0.2.7], version=TLSv1.3, verify=FAIL, cipher=X", "sendmail/verify-fail" },
    { "TLS error on connection from x (certificate verification failed): certificate invalid", "exim/verification-failed" },
    { "535 5.7.8 Client didn't present valid SSL certificate", "dovecot/535" },
    { "tls: failed to verify client certificate: x509: certificate specifies an incompatible key usage", "go/key-usage" },
    { "STARTTLS=server, relay=mx [192.0.2.7], version=TLSv1.3, verify=NO, cipher=X", "sendmail/verify-no" },
    { "NOQUEUE: reject: RCPT from mx[192.0.2.7]: 554 5.7.1 <a@b.example>: Recipient address rejected: Access denied", "postfix/access-denied" },
    { "tlsv1 alert access denied", "alert/access_denied" },
    { "TLS session: (gnutls_handshake): Certificate is bad: delivering unencrypted to H=mx [192.0.2.1] (not in hosts_require_tls)", "exim/unencrypted" },
    { "invalid peer certificate: UnknownIssuer", "rustls/unknown-issuer" },
    { "Extended key usage does not permit use for TLS client authentication", "java/eku" },
    { "450 4.4.8 MX hosts of example.org failed MTA-STS validation", "exchange/mta-sts-mx" },
    { "STARTTLS=client, relay=mx., version=NONE, verify=SOFTWARE, cipher=x", "sendmail/verify-trouble" },
    { "550 5.7.323 tlsa-invalid: The domain failed DANE validation", "exchange/dane-323" },
    { "450 4.7.322 certificate-expired: Destination mail server's certificate is expired", "exchange/dane-322" },
    { "450 4.4.317 Cannot connect to remote server [Message=UntrustedRoot]", "exchange/untrusted" },
    { "*** Received alert [43]: Certificate is not supported", "alert/unsupported_certificate" },
    { "*** Received alert [116]: Certificate is required", "alert/certificate_required" },
    { "TLS error on connection from x (gnutls_handshake): The TLS connection was non-properly terminated.", "gnutls/terminated" },
    { "error:0A000102:SSL routines::unsupported protocol:../ssl/statem/statem_srvr.c:1657:", "openssl/unsupported-protocol" },
    { "tls: failed to verify certificate: x509: certificate is valid for www.a.test, not mx.a.test", "go/name" },
    { "sun.security.validator.ValidatorException: PKIX path building failed: sun.security", "java/path" },
    { "postfix/smtpd[9]: SSL_accept error from unknown[203.0.113.9]: -1", "postfix/ssl-accept-error" },
    { "530 5.7.0 Must issue a STARTTLS command first", "postfix/must-starttls" },
    { "Name service error for name=_25._tcp.mx.a.test type=TLSA: Host not found, try again", "postfix/tlsa-lookup-error" },
    { "connect to mx.a.test[192.0.2.1]:25: Connection timed out", "postfix/connect-failed" },
    { "certificate-host-mismatch", "tlsrpt/certificate-host-mismatch" },
    { "client-verdict", "stage/client-verdict" },
    { "serverAuth", "word/serverauth" },
    { "HPKP", "word/hpkp" },
    { "connect-refused", "finding/connect-refused" },
};

static void explains_what_is_pasted(void **state)
{
    for (size_t i = 0; i < MXS_COUNT(pasted); i++) {
        const struct mxs_entry *e = mxs_glossary_explain(*state, pasted[i].text);
        if (!e || strcmp(e->id, pasted[i].id) != 0)
            fail_msg("\"%s\" gives %s, not %s", pasted[i].text, e ? e->id : "nothing", pasted[i].id);
    }
}

static void a_number_is_not_its_beginning(void **state)
{
    const struct mxs_entry *e = mxs_glossary_explain(*state, "num=6");
    assert_null(e);
    assert_null(mxs_glossary_explain(*state, "SSL alert number 4"));
    assert_null(mxs_glossary_explain(*state, "lorem ipsum dolor"));
    assert_null(mxs_glossary_explain(*state, ""));
}

static void offers_the_nearest(void **state)
{
    const struct mxs_entry *e = mxs_glossary_nearest(*state, "server certifcate isnt trusted");
    assert_non_null(e);
    assert_string_equal(e->id, "postfix/not-trusted");
    assert_null(mxs_glossary_nearest(*state, "qqq zzz"));
}

static void every_finding_is_an_entry(void **state)
{
    const struct mxs_finding_row *rows = mxs_finding_rows();
    for (int i = 0; i < MXS_F_COUNT; i++) {
        const struct mxs_entry *e = mxs_glossary_find(*state, rows[i].id);
        if (!e)
            fail_msg("finding %s has no entry", rows[i].id);
        assert_null(strchr(e->means, '{'));
    }
}

static void ids_are_unique(void **state)
{
    for (size_t i = 0; i < mxs_glossary_count(*state); i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(mxs_glossary_at(*state, i)->id, mxs_glossary_at(*state, k)->id);
}

static void a_broken_file_names_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "[\n{\"id\" 1}\n]", "x.json:2: " },
        { "{}", "x.json:1: an array of entries is expected" },
        { "[{\"id\": \"a\"}]", "x.json:1: entry 1: id, kind (log, " },
    };
    struct mxs_why why;
    struct mxs_glossary *g = NULL;
    char dir[] = "t_glossary.XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/x.json", dir);
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        assert_int_equal(mxs_file_write(path, mxs_bytes_str(rows[i].text), 0600, &why), MXS_OK);
        assert_int_equal(mxs_glossary_load(dir, &g, &why), MXS_ERR_SYNTAX);
        assert_true(mxs_ascii_prefix(why.text + strlen(dir) + 1, rows[i].says));
    }
    remove(path);
    remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explains_what_is_pasted),   cmocka_unit_test(a_number_is_not_its_beginning),
        cmocka_unit_test(offers_the_nearest),        cmocka_unit_test(every_finding_is_an_entry),
        cmocka_unit_test(ids_are_unique),            cmocka_unit_test(a_broken_file_names_its_place),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
