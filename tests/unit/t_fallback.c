/* What senders do about a refused client certificate: as measured, each with the receiver that refuses. */
#include "config.h"

#include "judge/profile.h"
#include "judge_words.h"
#include "whatif/fallback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct fixture {
    struct mxs_arena *arena;
    struct mxs_profiles *profiles;
    struct mxs_store *store;
};

static int setup(void **state)
{
    static struct fixture f;
    struct mxs_why why = { MXS_OK, "" };
    const char *srcdir = getenv("srcdir");
    f.arena = mxs_arena_new();
    if (mxs_profiles_load(mxs_arena_printf(f.arena, "%s/share/verifiers", srcdir ? srcdir : "."),
                          &f.profiles, &why))
        fail_msg("%s", why.text);
    f.store = judge_store(f.arena, "root");
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    mxs_store_free(f->store);
    mxs_profiles_free(f->profiles);
    mxs_arena_free(f->arena);
    return 0;
}

/* What this sender does when this receiver is shown what the words say: "defer defer", "deliver
 * deliver cleartext"; "-": the receiver does not refuse. */
static const char *after(struct fixture *f, const char *receiver, const char *words,
                         const char *sender)
{
    struct judge_words w;
    struct mxs_judge_cache cache = { .has_paths = false };
    struct mxs_verdict v;
    judge_words_make(&w, words, f->store);
    struct mxs_judge j = { .arena = f->arena, .evidence = &w.e.ev, .host = w.e.host,
                           .session = w.s, .at = judge_at(JUDGE_AT), .cache = &cache,
                           .store = f->store,
                           .signatures = mxs_store_signatures(f->store) };
    const struct mxs_profile *p = mxs_profile_find(f->profiles, receiver);
    struct mxs_receiver_input input = { .chain = &w.s->chain, .tls_version = w.s->tls.version };
    if (!p)
        fail_msg("no profile %s", receiver);
    mxs_receiver_judge(&j, p, &input, &v);
    mxs_fallback(&j, f->profiles, &v);
    const char *out = v.then.n ? NULL : "-";
    for (size_t i = 0; i < v.then.n; i++) {
        const struct mxs_then *t = &v.then.v[i];
        const char *channel = mxs_channel_name(t->channel);
        assert_false(mxs_profile_is_tool(mxs_profile_find(f->profiles, t->sender)));
        if (strcmp(t->sender, sender) == 0)
            out = mxs_arena_printf(f->arena, "%s %s%s%s", mxs_action_name(t->first),
                                   mxs_action_name(t->later), channel ? " " : "",
                                   channel ? channel : "");
    }
    judge_words_free(&w);
    if (!out)
        fail_msg("no row for %s", sender);
    return out;
}

static void as_measured(void **state)
{
    static const struct {
        const char *receiver, *words, *sender, *then;
    } rows[] = {
        /* one that demands a client certificate, TLS 1.3: the alert comes behind the handshake */
        { "openssl/server/require", "role=|chain=good int", "postfix/smtp/may",
          "defer deliver cleartext" },
        { "openssl/server/require", "role=|chain=good int", "postfix/smtp/encrypt", "defer defer" },
        { "openssl/server/require", "role=|chain=good int", "postfix/smtp/dane-only", "defer defer" },
        { "openssl/server/require", "role=|chain=good int", "exim/smtp/default",
          "deliver deliver cleartext" },
        { "openssl/server/require", "role=|chain=good int", "exim/smtp/require-tls", "defer defer" },
        /* a sender that insists on DANE meets no receiver without: TLS is required */
        { "openssl/server/require", "role=|chain=good int", "exim/smtp/require-dane", "defer defer" },
        /* none is shown: Exim's connection is reset before it reads the alert */
        { "openssl/server/require", "role=|chain=-", "exim/smtp/default",
          "defer deliver cleartext" },
        { "openssl/server/require", "role=|chain=-|version=0303", "exim/smtp/default",
          "deliver deliver cleartext" },
        /* inside the handshake, TLS 1.2 */
        { "openssl/server/require", "role=|chain=good int|version=0303", "postfix/smtp/may",
          "defer deliver cleartext" },
        { "openssl/server/require", "role=|chain=good int|version=0303", "exim/smtp/default",
          "deliver deliver cleartext" },
        { "openssl/server/require", "role=|chain=good int|version=0303", "sendmail/client/default",
          "defer defer" },
        /* with DANE at the destination cleartext is out of the question */
        { "openssl/server/require", "role=|chain=good int|tlsa=311:good", "postfix/smtp/dane",
          "defer defer" },
        { "openssl/server/require", "role=|chain=good int|tlsa=311:good", "postfix/smtp/may",
          "defer deliver cleartext" },
        /* replies inside TLS: never cleartext */
        { "postfix/smtpd/req", "role=|chain=good int", "postfix/smtp/may", "defer defer" },
        { "postfix/smtpd/req", "role=|chain=good int", "exim/smtp/default", "defer defer" },
        { "postfix/smtpd/permit-all-clientcerts", "role=|chain=good int", "exim/smtp/default",
          "bounce bounce" },
        { "sendmail/daemon/tls-clt-verify", "role=|chain=good int", "postfix/smtp/may",
          "defer defer" },
        { "dovecot/submission/require", "role=|chain=good int", "postfix/smtp/may", "defer defer" },
        /* it does not refuse */
        { "postfix/smtpd/ask", "role=|chain=good int", "postfix/smtp/may", "-" },
        { "exim/smtpd/verify", "role=|chain=good int", "postfix/smtp/may", "-" },
        { "openssl/server/require", "role=|chain=eku-both int", "postfix/smtp/may", "-" },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        const char *then = after(*state, rows[i].receiver, rows[i].words, rows[i].sender);
        if (strcmp(then, rows[i].then) != 0)
            fail_msg("%s, %s, %s: %s", rows[i].receiver, rows[i].words, rows[i].sender, then);
    }
}

static void how_it_was_refused(void **state)
{
    static const struct {
        const char *receiver, *words;
        int how;
    } rows[] = {
        { "openssl/server/require", "role=|chain=good int", MXS_REFUSAL_LATE },
        { "openssl/server/require", "role=|chain=good int|version=0303", MXS_REFUSAL_HANDSHAKE },
        /* Exim looks behind the handshake in both, but misses one inside it */
        { "exim/smtpd/verify", "role=|chain=selfsigned|version=0303", MXS_REFUSAL_LATE },
        { "exim/smtpd/verify", "role=|chain=-|version=0303", MXS_REFUSAL_HANDSHAKE },
        { "postfix/smtpd/req", "role=|chain=good int", MXS_REFUSAL_TEMPORARY },
        { "postfix/smtpd/permit-all-clientcerts", "role=|chain=good int", MXS_REFUSAL_PERMANENT },
        { "postfix/smtpd/none", "role=|chain=good int", -1 },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct judge_words w;
        struct mxs_verdict v;
        judge_words_make(&w, rows[i].words, f->store);
        struct mxs_judge j = { .arena = f->arena, .at = judge_at(JUDGE_AT), .store = f->store,
                               .signatures = mxs_store_signatures(f->store) };
        const struct mxs_profile *p = mxs_profile_find(f->profiles, rows[i].receiver);
        struct mxs_receiver_input input = { .chain = &w.s->chain, .tls_version = w.s->tls.version };
        mxs_receiver_judge(&j, p, &input, &v);
        struct mxs_refused refused;
        bool refuses = mxs_fallback_refusal(p, &v, w.s->tls.version, w.s->chain.certs.n > 0, &refused);
        int how = refuses ? (int)refused.how : -1;
        if (how != rows[i].how)
            fail_msg("%s, %s: %d", rows[i].receiver, rows[i].words, how);
        judge_words_free(&w);
    }
}

static void a_sender_has_no_then(void **state)
{
    struct fixture *f = *state;
    struct judge_words w;
    struct mxs_verdict v;
    struct mxs_judge_cache cache = { .has_paths = false };
    judge_words_make(&w, "tlsa=!311:good", f->store);
    struct mxs_judge j = { .arena = f->arena, .evidence = &w.e.ev, .host = w.e.host,
                           .session = w.s, .at = judge_at(JUDGE_AT), .cache = &cache,
                           .store = f->store,
                           .signatures = mxs_store_signatures(f->store) };
    mxs_sender_judge(&j, mxs_profile_find(f->profiles, "postfix/smtp/dane"), &v);
    assert_int_equal(v.action, MXS_ACTION_DEFER);
    mxs_fallback(&j, f->profiles, &v);
    assert_int_equal(v.then.n, 0);
    judge_words_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_measured),
        cmocka_unit_test(how_it_was_refused),
        cmocka_unit_test(a_sender_has_no_then),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
