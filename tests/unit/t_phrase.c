/* Log lines that the profiles can write: how they are filled in, and that the glossary explains each of
 * them. phrases.tbl holds every line with its entry; a line that is new belongs there, one that no profile
 * writes any more does not. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "../lib/cells.h"
#include "base/text.h"
#include "facts/dn.h"
#include "facts/tls.h"
#include "judge/glossary.h"
#include "judge/library.h"
#include "judge/phrase.h"
#include "judge/profile.h"
#include "judge/sender.h"

struct row {
    const char *line, *id;
    bool used;
};

struct fixture {
    struct mxs_arena *arena;
    struct mxs_profiles *profiles;
    struct mxs_glossary *glossary;
    MXS_LIST(struct row) rows;
    size_t bad;
};

static void read_rows(struct fixture *f)
{
    char *save = NULL, *text = mxs_arena_strdup(
        f->arena, (const char *)cells_slurp(f->arena, "tests/unit/phrases.tbl").p);
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char *tab = strchr(line, '\t');
        if (line[0] == '#' || !tab)
            continue;
        *tab = '\0';
        *mxs_list_add(f->arena, &f->rows) = (struct row){ tab + 1, line, false };
    }
}

static int setup(void **state)
{
    static struct fixture f;
    struct mxs_why why = { 0 };
    f.arena = mxs_arena_new();
    if (mxs_profiles_load(cells_source(f.arena, "share/verifiers"), &f.profiles, &why) ||
        mxs_glossary_load(cells_source(f.arena, "share/glossary"), &f.glossary, &why))
        fail_msg("%s", why.text);
    read_rows(&f);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    mxs_glossary_free(f->glossary);
    mxs_profiles_free(f->profiles);
    mxs_arena_free(f->arena);
    return 0;
}

/* --- the glossary --- */

static void explained(struct fixture *f, const struct mxs_profile *p, const char *key, const char *line)
{
    const struct mxs_entry *e = mxs_glossary_explain(f->glossary, line);
    for (size_t i = 0; i < f->rows.n; i++)
        if (strcmp(f->rows.v[i].line, line) == 0) {
            f->rows.v[i].used = true;
            if (e && strcmp(e->id, f->rows.v[i].id) == 0)
                return;
            print_error("%s is explained by %s, not %s\n", line, e ? e->id : "nothing", f->rows.v[i].id);
            f->bad++;
            return;
        }
    print_error("%s %s, not in phrases.tbl:\n%s\t%s\n", p->name, key, e ? e->id : "nothing", line);
    f->bad++;
    *mxs_list_add(f->arena, &f->rows) = (struct row){ line, e ? e->id : "nothing", true };
}

static void write_all(struct fixture *f, const struct mxs_profile *p, const struct mxs_profile_key *key,
                      const struct mxs_phrase *phrase)
{
    struct mxs_strs lines = { NULL, 0, 0 };
    mxs_phrase_say(f->arena, key->value, phrase, &lines);
    for (size_t i = 0; i < lines.n; i++)
        explained(f, p, key->name, lines.v[i]);
}

/* With each reason that the product may name. */
static void with_errors(struct fixture *f, const struct mxs_profile *p, const struct mxs_profile_key *key,
                        struct mxs_phrase phrase)
{
    static const char *const reasons[] = { "issuer-unknown", "self-signed", "untrusted-root", "eku-missing",
                                           "expired", "not-yet-valid", "bad-signature", "not-listed",
                                           "revoked", "crl-missing", "crl-expired", "weak-key",
                                           "weak-signature", "name-constraints", "path-length",
                                           "not-ca", "unknown-critical", "key-usage", "key-usage-1.2",
                                           "key-usage-1.3",
                                           "no-certificate-1.2", "no-certificate-1.3" };
    for (size_t i = 0; i < MXS_COUNT(reasons); i++) {
        struct mxs_reason r = { reasons[i], 0, "", NULL, NULL };
        bool openssl = strcmp(p->receiver->rules->name, "openssl-3.0") == 0, none = strncmp(r.id, "no-", 3) == 0;
        const struct mxs_library_error *e = openssl ? mxs_openssl_error(&r) : NULL;
        const char *own = mxs_profile_get(p, mxs_arena_printf(f->arena, "error-%s", r.id));
        const char *shared = e || (!openssl && !none) ? mxs_profile_get(p, "error") : NULL;
        bool gnutls = strcmp(p->receiver->rules->name, "gnutls") == 0;
        const char *status = gnutls ? mxs_gnutls_status(f->arena, &r, 1, 2, true) : NULL;
        phrase.error = own ? own : shared ? shared : e ? e->text : status;
        phrase.code = e ? e->code : -1;
        phrase.reason = e ? e->text : NULL;
        bool usage = strncmp(r.id, "key-usage-", 10) == 0, unusable = strstr(key->name, "unusable");
        if (phrase.error && usage == unusable && (none ? !strstr(key->name, "failed") : !strstr(key->name, "absent")))
            write_all(f, p, key, &phrase);
    }
}

static const char *reply_for(const struct mxs_profile *p, const char *key)
{
    return strstr(key, "rcpt") && strstr(p->name, "sendmail") ? "550 5.7.1 <...>... Relaying denied"
         : strstr(key, "ehlo-tls") ? "421 4.7.1 mx.example.org Error: Client certificate not trusted"
         : strstr(key, "permanent") || strstr(key, "rcpt")
             ? "554 5.7.1 <...>: Recipient address rejected: Access denied"
             : "454 4.7.0 authentication failed";
}

static void every_line_is_explained(void **state)
{
    static const char *const labels[] = { "label-passed", "label-failed", "label-absent", "label-unasked" };
    struct fixture *f = *state;
    for (size_t i = 0; i < mxs_profiles_count(f->profiles); i++) {
        const struct mxs_profile *p = mxs_profiles_at(f->profiles, i);
        for (size_t k = 0; k < p->keys.n; k++) {
            const struct mxs_profile_key *key = &p->keys.v[k];
            struct mxs_phrase phrase = { .host = "mx.example.org", .client = "mx.sender.example",
                                         .tls_version = MXS_TLS_1_3, .alert = 43,
                                         .reply = reply_for(p, key->name), .stage = MXS_STAGE_RCPT,
                                         .gnutls = p->sender && p->sender->dane_rules.libdane };
            if (strncmp(key->name, "log", 3) != 0)
                continue;
            for (size_t n = 0; n < MXS_COUNT(labels); n++) {
                bool refusal = strstr(key->name, "reject") || strstr(key->name, "alert");
                phrase.label = mxs_profile_get(p, labels[refusal ? 1 : n]);
                if (strstr(key->value, "{error}"))
                    with_errors(f, p, key, phrase);
                else
                    write_all(f, p, key, &phrase);
            }
        }
    }
    for (size_t i = 0; i < f->rows.n; i++)
        if (!f->rows.v[i].used) {
            print_error("phrases.tbl: nobody writes: %s\n", f->rows.v[i].line);
            f->bad++;
        }
    assert_int_equal(f->bad, 0);
    assert_true(f->rows.n > 60);
}

/* --- filling in --- */

static void fills_what_is_known(void **state)
{
    struct fixture *f = *state;
    static const uint8_t evil[] = { 'a', ' ', '|', ' ', 'b', 0x1b, '[', '2', 'J', 0 };
    static const struct {
        const char *template, *lines[2];
    } rows[] = {
        { "to {host}[{address}]", { "to mx.example.org[...]", NULL } },
        { "{version}: {alert} ({alert-number})", { "TLSv1.2: sslv3 alert certificate expired (45)", NULL } },
        { "{error} | {reply}", { "why {why}?", "..." } },
        { "", { NULL, NULL } },
        /* what a peer chose neither makes a line nor reaches a terminal */
        { "from {client}", { "from a | b\\x1b[2J", NULL } },
        { "{depth} at {subject}", { "0 at ...", NULL } },
    };
    struct mxs_phrase p = { .host = "mx.example.org", .address = "mx.example.org", .alert = 45,
                            .client = (const char *)evil, .tls_version = MXS_TLS_1_2, .code = -1,
                            .error = "why {why}?" };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_strs out = { NULL, 0, 0 };
        mxs_phrase_say(f->arena, rows[i].template, &p, &out);
        for (size_t k = 0; k < 2; k++)
            if ((k < out.n) != (rows[i].lines[k] != NULL) ||
                (k < out.n && strcmp(out.v[k], rows[i].lines[k]) != 0))
                fail_msg("\"%s\": line %zu is \"%s\"", rows[i].template, k, k < out.n ? out.v[k] : "none");
    }
    assert_null(mxs_phrase_unknown(f->arena, "{host} {error} {subject-slashes}"));
    assert_string_equal(mxs_phrase_unknown(f->arena, "{host} {hots}"), "{hots}");
    assert_null(mxs_phrase_unknown(f->arena, "{ alone"));
}

/* C=US, O=Let's Encrypt + CN=R12 in one RDN */
static void names_as_openssl_prints_them(void **state)
{
    struct fixture *f = *state;
    static const uint8_t der[] = {
        0x30, 0x30, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02, 'U',  'S',
        0x31, 0x21, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x03, 'R',  '1',  '2',
        0x30, 0x13, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x0c, 'L',  'e',  't',  '\'', 's',  '/', 'N',
        'c',  'r',  'y',  'p',  't' };
    struct mxs_bytes name = mxs_bytes(der, sizeof der);
    assert_string_equal(mxs_dn_styled(f->arena, name, MXS_DN_COMMAS), "C=US, CN=R12 + O=Let's/Ncrypt");
    assert_string_equal(mxs_dn_styled(f->arena, name, MXS_DN_SPACED), "C = US, CN = R12 + O = Let's/Ncrypt");
    assert_string_equal(mxs_dn_styled(f->arena, name, MXS_DN_SLASHES), "/C=US/CN=R12/O=Let's/Ncrypt");
    assert_string_equal(mxs_dn_styled(f->arena, mxs_bytes(der, 5), MXS_DN_COMMAS), "");
}

#define R(id, depth) { id, depth, "", NULL, NULL }

/* Which of several errors OpenSSL names. */
static void the_first_error(void **state)
{
    static const struct {
        struct mxs_reason reasons[3];
        const char *first, *nearest;
    } rows[] = {
        { { R("expired", 0), R("eku-missing", 1) }, "eku-missing", "expired" },
        { { R("eku-missing", 0), R("issuer-unknown", 1) }, "issuer-unknown", "eku-missing" },
        { { R("eku-missing", 0), R("not-ca", 1) }, "eku-missing", "eku-missing" },
        { { R("eku-missing", 0), R("issuer-unknown", 0) }, "issuer-unknown", "issuer-unknown" },
        { { R("not-listed", 0), R("expired", 0) }, "expired", "expired" },
        { { R("not-listed", 0) }, NULL, NULL },
        { { R("weak-key", 0), R("issuer-unknown", 0) }, "weak-key", "weak-key" },
        { { R("weak-key", 1), R("eku-missing", 2) }, "eku-missing", "weak-key" },
        { { R("name-constraints", 0), R("expired", 0) }, "expired", "expired" },
        { { R("name-constraints", 0), R("expired", 1) }, "expired", "name-constraints" },
        { { R("path-length", 2), R("expired", 0) }, "path-length", "expired" },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++)
        for (int nearest = 0; nearest < 2; nearest++) {
            size_t n = 0;
            while (n < 3 && rows[i].reasons[n].id)
                n++;
            const struct mxs_reason *r = mxs_openssl_first(rows[i].reasons, n, nearest);
            const char *want = nearest ? rows[i].nearest : rows[i].first;
            if (!r != !want || (r && strcmp(r->id, want) != 0))
                fail_msg("row %zu: %s", i, r ? r->id : "none");
        }
    /* of two dates the upper one is met first */
    struct mxs_reason dates[] = { R("expired", 0), R("expired", 1) };
    assert_int_equal(mxs_openssl_first(dates, 2, false)->depth, 1);
    assert_int_equal(mxs_openssl_first(dates, 2, true)->depth, 0);
}

/* Errors and alerts that several certificates or forms of one reason have. */
static void an_error_has_its_number(void **state)
{
    static const struct {
        struct mxs_reason reason;
        int code, alert;
    } rows[] = {
        { R("weak-key", 0), 66, 42 },
        { R("weak-key", 1), 67, 42 },
        { R("name-constraints", 0), 47, 46 },
        { { "name-constraints", 0, "", NULL, "name-excluded" }, 48, 46 },
        { { "issuer-unknown", 1, "", NULL, "issuer-of-trusted" }, 2, 48 },
        { { "not-ca", 1, "", NULL, "not-ca-v1" }, 79, 48 },
        { R("unknown-critical", 0), 34, 46 },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const struct mxs_library_error *e = mxs_openssl_error(&rows[i].reason);
        if (!e || e->code != rows[i].code || e->alert != rows[i].alert)
            fail_msg("row %zu: %d, alert %d", i, e ? e->code : -1, e ? e->alert : -1);
    }
}

/* Go looks at a certificate, then at who signed it, and at the use of the path last. */
static void what_go_meets_first(void **state)
{
    static const struct {
        struct mxs_reason reasons[2];
        const char *first;
        int alert;
    } rows[] = {
        { { R("eku-missing", 0), R("expired", 0) }, "expired", 45 },
        { { R("expired", 1), R("not-ca", 1) }, "not-ca", 48 },
        { { R("eku-missing", 0), R("path-length", 2) }, "path-length", 42 },
        { { R("expired", 0), R("unknown-critical", 0) }, "unknown-critical", 42 },
        { { R("weak-signature", 0), R("expired", 1) }, "weak-signature", 48 },
        { { R("expired", 1), { "not-ca", 1, "", NULL, "not-ca-v1" } }, "expired", 45 },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const struct mxs_reason *r = mxs_go_first(rows[i].reasons, 2);
        if (!r || strcmp(r->id, rows[i].first) != 0 || mxs_go_alert(r) != rows[i].alert)
            fail_msg("row %zu: %s, alert %d", i, r ? r->id : "none", r ? mxs_go_alert(r) : -1);
    }
}

/* GnuTLS says all that is wrong with one certificate and its issuer, and nothing of those below. */
static void what_gnutls_says(void **state)
{
    static const struct {
        struct mxs_reason reasons[3];
        size_t certs;
        bool anchored;
        const char *text;
    } rows[] = {
        { { R("expired", 0) }, 3, true, "The certificate chain uses expired certificate." },
        { { R("weak-signature", 0), R("expired", 0) }, 3, true,
          "The certificate chain uses insecure algorithm. The certificate chain uses expired certificate." },
        { { R("weak-signature", 0), R("expired", 1) }, 3, true,
          "The certificate chain uses expired certificate." },
        { { R("expired", 0), R("expired", 2) }, 3, true, "The certificate chain uses expired certificate." },
        { { R("not-ca", 1), R("expired", 0) }, 3, true,
          "The certificate issuer is not a CA. The certificate chain uses expired certificate." },
        { { R("path-length", 2), R("expired", 0) }, 4, true,
          "The certificate chain violates the signer's constraints." },
        { { R("expired", 0), R("issuer-unknown", 0) }, 1, false,
          "The certificate issuer is unknown. The certificate chain uses expired certificate." },
        { { R("not-listed", 0) }, 1, true, NULL },
        { { R("revoked", 0), R("expired", 0) }, 3, true, "The certificate chain uses expired certificate." },
        { { R("revoked", 0) }, 3, true, "The certificate chain is revoked." },
    };
    struct mxs_arena *arena = mxs_arena_new();
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        size_t n = 0;
        while (n < 3 && rows[i].reasons[n].id)
            n++;
        const char *text = mxs_gnutls_status(arena, rows[i].reasons, n, rows[i].certs, rows[i].anchored);
        if (!text != !rows[i].text || (text && strcmp(text, rows[i].text) != 0))
            fail_msg("row %zu: %s", i, text ? text : "nothing");
    }
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_explained),
        cmocka_unit_test(fills_what_is_known),
        cmocka_unit_test(names_as_openssl_prints_them),
        cmocka_unit_test(the_first_error),
        cmocka_unit_test(an_error_has_its_number),
        cmocka_unit_test(what_go_meets_first),
        cmocka_unit_test(what_gnutls_says),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
