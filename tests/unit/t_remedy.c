/* Remedies: which are offered where, what they mend, and the lines they come with. */
#include "config.h"

#include "base/text.h"
#include "whatif/remedy.h"
#include "whatif_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLICY "sts=version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 86400\n"

static struct mxs_remedies *load(struct whatif_world *w)
{
    struct mxs_remedies *out;
    struct mxs_why why = { MXS_OK, "" };
    if (mxs_remedies_load(whatif_world_source(w->arena, "share/remedies"), NULL, &out, &why))
        fail_msg("%s", why.text);
    return out;
}

static const struct mxs_offered *offered(const struct mxs_offers *offers, const char *id)
{
    for (size_t i = 0; i < offers->list.n; i++)
        if (strcmp(offers->list.v[i].remedy->id, id) == 0)
            return &offers->list.v[i];
    return NULL;
}

static const char *joined(struct mxs_arena *arena, const struct mxs_offered *o)
{
    const char *out = "";
    for (size_t i = 0; i < o->config.n; i++)
        for (size_t k = 0; k < o->config.v[i].lines.n; k++)
            out = mxs_arena_printf(arena, "%s%s: %s\n", out, o->config.v[i].product,
                                   o->config.v[i].lines.v[k]);
    return out;
}

/* The ids that are offered, in order. */
static bool offers_are(const char *words, const char *verifier, const char *changes, const char *wanted)
{
    struct whatif_world w;
    struct mxs_offers offers;
    whatif_world_make(&w, words, &verifier, 1);
    whatif_world_scenario(&w, "", changes);
    struct mxs_remedies *all = load(&w);
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    mxs_matrix_run(m);
    mxs_remedies_offer(w.arena, all, m, &m->rows.v[m->rows.n - 1], &offers);
    const char *got = "";
    for (size_t i = 0; i < offers.list.n; i++) {
        got = mxs_arena_printf(w.arena, "%s%s%s", got, *got ? " " : "", offers.list.v[i].remedy->id);
        assert_int_equal(offers.list.v[i].helped, 1);
        assert_true(offers.list.v[i].cells[0].changed);
    }
    bool right = strcmp(got, wanted) == 0;
    if (!right)
        print_error("%s, %s, %s: offered %s, not %s\n", words, verifier, changes, got, wanted);
    mxs_matrix_free(m);
    mxs_remedies_free(all);
    whatif_world_free(&w);
    return right;
}

static void what_helps_whom(void **state)
{
    static const struct {
        const char *words, *verifier, *changes, *wanted;
    } rows[] = {
        /* asks and holds to clientAuth, but takes mail without one */
        { "role=|chain=eku-both int", "openssl/server/verify", "eku leaf -clientAuth",
          "no-client-certificate private-ca raise-level" },
        /* demands one */
        { "role=|chain=eku-both int", "openssl/server/require", "eku leaf -clientAuth",
          "private-ca raise-level" },
        /* by a reply: nothing goes out in cleartext, and other modes of it are known */
        { "role=|chain=eku-both int", "postfix/smtpd/req", "eku leaf -clientAuth",
          "private-ca fingerprint sasl-or-address" },
        { "role=|chain=eku-both int", "sendmail/daemon/tls-clt-verify", "eku leaf -clientAuth",
          "private-ca sasl-or-address" },
        { "role=|chain=eku-both int", "opensmtpd/listen/tls-require-verify", "eku leaf -clientAuth",
          "private-ca sasl-or-address raise-level" },
        /* a new fingerprint */
        { "role=|chain=eku-both int", "postfix/smtpd/permit-clientcerts", "renew leaf\nkey leaf same",
          "fingerprint sasl-or-address" },
        /* nobody is hit */
        { "role=|chain=eku-both int", "postfix/smtpd/ask", "eku leaf -clientAuth", "" },
        { "role=|chain=eku-both int", "exim/smtpd/verify", "eku leaf -clientAuth", "" },
        /* a server's chain */
        { "tlsa=211:int", "rfc/dane", "tlsa stale", "tlsa-issuer tlsa-leaf" },
        { "tlsa=311:good", "postfix/smtp/dane", "renew leaf\nkey leaf new", "tlsa-issuer tlsa-leaf" },
        { "tlsa=311:good", "postfix/smtp/dane", "dates leaf 2026-01-01 2026-02-01\ntlsa stale",
          "tlsa-leaf" },
        { "tlsa=311:good", "postfix/smtp/may", "starttls absent", "starttls raise-level" },
        { "tlsa=311:good", "postfix/smtp/encrypt", "starttls absent", "starttls" },
        { "tlsa=311:good", "postfix/smtp/fingerprint", "renew leaf\nkey leaf new", "new-fingerprint" },
        { "chain=good int", "postfix/smtp/verify", "store remove own", "trust-root" },
        { "chain=good int", "postfix/smtp/verify", "serve leaf-only", "full-chain" },
        { "tlsa=201:int", "rfc/dane", "eku intermediates =clientAuth,serverAuth", "tlsa-issuer tlsa-leaf" },
        { "chain=good int", "postfix/smtp/verify", "names leaf wrong", "host-name" },
        { "chain=good int", "postfix/smtp/verify", "dates leaf 2026-01-01 2026-02-01",
          "renew" },
        { "chain=good int", "postfix/smtp/verify", "mx rename mx-new", "host-name" },
        { POLICY, "rfc/mta-sts", "policy stale", "policy-host policy-testing" },
        { POLICY, "rfc/mta-sts", "mx rename mx-new", "new-host policy-testing" },
        { POLICY, "rfc/mta-sts", "names leaf wrong", "host-name policy-testing" },
        { "tlsa=311:good|" POLICY, "rfc/mta-sts", "dnssec expire", "sign-zone" },
        /* what nobody can read is signed again, not added to; what should fail fails */
        { "tlsa=311:good", "rfc/dane", "tlsa bogus", "sign-zone" },
        { "tlsa=311:good", "rfc/dane", "sign leaf stranger", "" },
        /* a client's */
        { "role=|chain=eku-both int", "exim/smtpd/verify", "client-cert none",
          "sasl-or-address full-chain raise-level" },
        { "role=|chain=eku-both int", "postfix/smtpd/req", "serve leaf-only",
          "private-ca fingerprint sasl-or-address full-chain" },
        /* nobody can send the intermediates that the CA has replaced */
        { "role=|chain=eku-both int", "openssl/server/require", "eku intermediates =serverAuth",
          "private-ca raise-level" },
        { "role=|chain=eku-both int", "postfix/smtpd/req", "store remove own",
          "private-ca fingerprint sasl-or-address trust-root" },
        { "role=|chain=eku-both int", "dovecot/submission/require+crl", "crl expired", "fetch-lists" },
        { "role=|chain=eku-both int", "exim/smtpd/verify+crl", "revoke leaf",
          "new-certificate private-ca sasl-or-address raise-level" },
        { "role=|chain=eku-both int", "stunnel/server/verify-chain+crl", "revoke leaf",
          "new-certificate private-ca raise-level" },
        { "role=|chain=eku-both int", "openssl/server/require+crl-all", "revoke issuer",
          "private-ca raise-level" },
        /* new lists keep whom the old ones had */
        { "role=|chain=eku-both int", "openssl/server/require+crl", "revoke leaf\ncrl expired",
          "raise-level" },
        { "chain=good int", "openssl/s_client/pkix+crl", "crl expired", "fetch-lists" },
        { "role=|chain=eku-both int", "stunnel/server/verify-peer", "eku leaf -clientAuth",
          "private-ca raise-level" },
        { "role=|chain=eku-both int", "stunnel/server/verify-peer",
          "renew leaf\nkey leaf new\neku leaf -clientAuth", "private-ca-on-file raise-level" },
    };
    size_t wrong = 0;
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        wrong += !offers_are(rows[i].words, rows[i].verifier, rows[i].changes, rows[i].wanted);
    assert_int_equal(wrong, 0);
}

static void insisting_on_tls(void **state)
{
    static const char *const who[] = { "openssl/server/require" };
    struct whatif_world w;
    struct mxs_offers offers;
    (void)state;
    whatif_world_make(&w, "role=|chain=eku-both int", who, 1);
    whatif_world_scenario(&w, "", "eku leaf -clientAuth");
    struct mxs_remedies *all = load(&w);
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    mxs_matrix_run(m);
    mxs_remedies_offer(w.arena, all, m, &m->rows.v[0], &offers);
    const struct mxs_offered *o = offered(&offers, "raise-level");
    assert_non_null(o);
    const struct mxs_verdict *v = o->cells[0].after;
    assert_int_equal(v->action, MXS_ACTION_HANDSHAKE_FAILURE); /* it is still refused */
    size_t ours = 0;
    for (size_t i = 0; i < v->then.n; i++)
        if (strncmp(v->then.v[i].sender, "postfix/", 8) == 0 ||
            strncmp(v->then.v[i].sender, "exim/", 5) == 0) {
            assert_int_equal(v->then.v[i].channel, MXS_CHANNEL_NONE);
            ours++;
        }
    assert_true(ours > 10);
    mxs_matrix_free(m);
    mxs_remedies_free(all);
    whatif_world_free(&w);
}

static void lines_are_filled(void **state)
{
    static const char *const who[] = { "postfix/smtp/dane" }, *const client[] = { "postfix/smtpd/req" };
    struct whatif_world w;
    struct mxs_offers offers;
    (void)state;
    whatif_world_make(&w, "tlsa=311:good", who, 1);
    whatif_world_scenario(&w, "", "renew leaf\nkey leaf new");
    struct mxs_remedies *all = load(&w);
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    mxs_matrix_run(m);
    mxs_remedies_offer(w.arena, all, m, &m->rows.v[0], &offers);
    /* the issuer's key is known, the new one of the leaf is not */
    const char *digest = mxs_hex(w.arena, mxs_bytes(judge_cert(w.arena, "int")->spki_sha256, 32));
    const char *text = joined(w.arena, offered(&offers, "tlsa-issuer"));
    assert_string_equal(text, mxs_arena_printf(w.arena, "DNS: _25._tcp.mx.example.org. IN TLSA 2 1 1 %s\n",
                                               digest));
    text = joined(w.arena, offered(&offers, "tlsa-leaf"));
    assert_non_null(strstr(text, "IN TLSA 3 1 1 (digest of the new key"));
    mxs_matrix_free(m);
    mxs_remedies_free(all);
    whatif_world_free(&w);

    whatif_world_make(&w, "role=|chain=eku-both int", client, 1);
    whatif_world_scenario(&w, "", "eku leaf -clientAuth");
    all = load(&w);
    m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    mxs_matrix_run(m);
    mxs_remedies_offer(w.arena, all, m, &m->rows.v[0], &offers);
    text = joined(w.arena, offered(&offers, "fingerprint"));
    const uint8_t *d = judge_cert(w.arena, "eku-both")->spki_sha256;
    assert_non_null(strstr(text, mxs_arena_printf(w.arena, "%02X:%02X:%02X:", d[0], d[1], d[2])));
    assert_non_null(strstr(text, " mx.example.org\n"));
    assert_null(strchr(text, '{'));
    text = joined(w.arena, offered(&offers, "private-ca"));
    assert_non_null(strstr(text, "Postfix:     -o smtp_tls_cert_file="));
    mxs_matrix_free(m);
    mxs_remedies_free(all);
    whatif_world_free(&w);
}

/* Where nothing says what the host is called, a stand-in that says so. */
static void nameless_host(void **state)
{
    static const char *const client[] = { "postfix/smtpd/req" };
    struct whatif_world w;
    struct mxs_offers offers;
    (void)state;
    whatif_world_make(&w, "role=|chain=eku-both int", client, 1);
    whatif_world_scenario(&w, "", "eku leaf -clientAuth");
    w.subject.evidence->unnamed = true;
    struct mxs_remedies *all = load(&w);
    struct mxs_matrix *m = mxs_matrix_new(&w.whatif, &w.subject, w.list, w.n);
    mxs_matrix_run(m);
    mxs_remedies_offer(w.arena, all, m, &m->rows.v[0], &offers);
    const char *text = joined(w.arena, offered(&offers, "private-ca"));
    assert_non_null(strstr(text, "subjectAltName=DNS:mail.example.org"));
    assert_non_null(strstr(text, "# for mail.example.org\nyour own authority: #   put the name of your server"));
    assert_null(strstr(text, "mx.example.org"));
    mxs_matrix_free(m);
    mxs_remedies_free(all);
    whatif_world_free(&w);
}

/* One line that names file, line and what is allowed. */
static void broken_files(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "[x]\ntitle = t\nabout = a\nsource = s\nside = ours\nreceivers = pin\n", "[x] has no side" },
        { "[x]\ntitle = t\nabout = a\nsource = s\nside = yours\n", "[x] has no change, receivers" },
        { "[x]\nreceivers = some\n", ":2: receivers: unknown word 'some'" },
        { "[x]\nqmail = a line\n", ":2: 'qmail' is neither a key of a remedy nor a product" },
        { "[x]\nchange = eat leaf\n", ":2: unknown change \"eat\"" },
        { "[products]\na-version = 1\n", ":2: a version of a product that is not named above" },
        { "[x\n", ":1: neither [section] nor KEY = VALUE" },
        { "a = b\n", ":1: a key before the first [section]" },
    };
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    char folder[] = "/tmp/t_remedy.XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *file = mxs_arena_printf(arena, "%s/x.ini", folder);
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_remedies *out;
        struct mxs_why why = { MXS_OK, "" };
        assert_int_equal(mxs_file_write(file, mxs_bytes_str(rows[i].text), 0600, NULL), MXS_OK);
        assert_int_not_equal(mxs_remedies_load(folder, NULL, &out, &why), MXS_OK);
        assert_null(out);
        if (strncmp(why.text, file, strlen(file)) != 0 || !strstr(why.text, rows[i].why))
            fail_msg("row %zu: %s", i, why.text);
    }
    unlink(file);
    rmdir(folder);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_helps_whom),
        cmocka_unit_test(insisting_on_tls),
        cmocka_unit_test(lines_are_filled),
        cmocka_unit_test(nameless_host),
        cmocka_unit_test(broken_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
