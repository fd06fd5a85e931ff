#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "whatif_bench.h"

#define RSA "judge/rsa2048.crt"
#define ECDSA "judge/eku-both.crt"

static const char *chain_names(struct bench *b, const struct mxs_future *f)
{
    const char *s = "";
    for (size_t i = 1; i < f->session->chain.certs.n; i++) {
        const struct mxs_catalog_ca *ca = mxs_catalog_match(b->catalog, f->session->chain.certs.v[i]);
        s = mxs_arena_printf(b->arena, "%s%s%s", s, i > 1 ? " " : "",
                             ca ? ca->name : f->session->chain.certs.v[i]->subject);
    }
    return s;
}

static void lay(struct bench *b, const char *id, struct mxs_overlay *out)
{
    mxs_overlay(b->arena, &b->whatif, &b->subject, bench_scenario(b, id), out);
}

/* --- historical accidents replayed: which pins broke and which survived -------------------------- */

static const struct accident {
    const char *name, *leaf, *issued, *profile; /* as it was */
    const char *before;                         /* more about how it was; NULL */
    const char *scenario;
    const char *chain_before, *chain_after;     /* of the first branch */
    size_t branches;
    struct {
        const char *pin; /* words behind "tlsa" */
        bool survives_same_key;
    } pins[5];
} accidents[] = {
    { "X3 to R3", RSA, "2020-11-20", "classic", NULL, "rollover/x3-to-r3", "X3", "R3", 2,
      { { "pins 2 1 1", false }, { "pins 2 0 1", false }, { "pins 3 1 1", true },
        { "set \"2 1 1 8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d\" "
          "\"2 1 1 60b87575447dcba2a36b7d11ac09fb24a9db406fee12d2cc90180517616e8a18\"", true } } },
    { "2024-02: the root pin is not sent", RSA, "2024-01-20", "classic", NULL,
      "rollover/dst-cross-leaves", "R3 ISRG Root X1", "R3", 2,
      { { "pins 2 1 1", true }, { "pins 3 1 1", true }, { "pins 3 0 1", false },
        { "set \"2 1 1 0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3\"", false } } },
    { "2024-06: R3 to R10, R11", RSA, "2024-05-20", "classic", NULL, "rollover/r3-e1-to-r10-e5", "R3",
      "R10", 4,
      { { "pins 2 1 1", false }, { "pins 3 1 1", true },
        { "set \"2 1 1 2bbad93ab5c79279ec121507f272cbe0c6647a3aae52e22f388afab426b4adba\" "
          "\"2 1 1 6ddac18698f7f1f7e1c69b9bce420d974ac6f94ca8b2c761701623f99c767dc7\" "
          "\"2 1 1 8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d\"", true } } },
    { "2024-06, ECDSA: R3 does not sign it any more", ECDSA, "2024-05-20", "classic", NULL,
      "rollover/r3-e1-to-r10-e5", "R3", "E5", 4, { { "pins 2 1 1", false }, { "pins 3 1 1", true } } },
    { "Generation Y, RSA", RSA, "2026-05-01", "classic", NULL, "rollover/generation-y", "R12",
      "YR1 Root YR", 4, { { "pins 2 1 1", false }, { "pins 3 1 1", true } } },
    { "Generation Y, ECDSA", ECDSA, "2026-05-01", "classic", NULL, "rollover/generation-y", "E7",
      "YE1 Root YE ISRG Root X2", 4,
      { { "pins 2 1 1", false }, { "pins 3 1 1", true },
        { "set \"2 1 1 762195c225586ee6c0237456e2107dc54f1efc21f61a792ebd515913cce68332\" "
          "\"2 1 1 cbbc559b44d524d6a132bdac672744da3407f12aae5d5f722c5f6c7913871c75\"", true } } },
    { "cross-signs issued again", RSA, "2026-02-01", "tlsserver", NULL,
      "rollover/cross-signs-reissued", "YR1 Root YR", "YR1 Root YR", 1,
      { { "pins 2 1 1", true }, { "pins 2 0 1", true }, /* of YR1, which stays */
        { "set \"2 0 1 270c64b6ba1aae94b0756e83d8db0732f5b534bcdc545d44e334d5dd4d10fec0\"", false },
        { "set \"2 1 1 7e4e8838a8add6295de7ae3b047d3aba3488ab95db0a0aa56d897a00d8618bcf\"", true } } },
    { "truncated chain", RSA, "2026-06-10", "classic", NULL, "rollover/one-intermediate-missing",
      "YR1 Root YR", "YR1", 1,
      { { "pins 2 1 1", true }, { "pins 3 1 1", true },
        { "set \"2 1 1 7e4e8838a8add6295de7ae3b047d3aba3488ab95db0a0aa56d897a00d8618bcf\"", false } } },
};

static const struct mxs_future *branch(const struct mxs_overlay *o, const char *word)
{
    for (size_t i = 0; i < o->futures.n; i++)
        if (!o->futures.v[i].branch || strstr(o->futures.v[i].branch, word))
            return &o->futures.v[i];
    return &o->futures.v[0];
}

static void replay_pin(const struct accident *a, size_t i)
{
    struct bench *b = bench_issued(a->leaf, a->issued, a->profile);
    struct mxs_overlay o;
    bench_be(b, mxs_arena_printf(b->arena, "tlsa %s", a->pins[i].pin));
    lay(b, a->scenario, &o);
    if (o.why_not)
        fail_msg("%s: %s", a->name, o.why_not);
    struct mxs_verdict before = bench_verdict(b, &o.before, "rfc/dane");
    struct mxs_verdict after = bench_verdict(b, branch(&o, "key kept"), "rfc/dane");
    if (before.action != MXS_ACTION_DELIVER || before.verified != 1)
        fail_msg("%s: %s did not hold before: %s", a->name, a->pins[i].pin,
                 before.reasons.n ? before.reasons.v[0].text : "?");
    if ((after.verified == 1) != a->pins[i].survives_same_key)
        fail_msg("%s: %s: %s", a->name, a->pins[i].pin,
                 after.reasons.n ? after.reasons.v[0].text : "?");
    assert_int_equal(after.action, a->pins[i].survives_same_key ? MXS_ACTION_DELIVER
                                                                : MXS_ACTION_DEFER);
    bench_free(b);
}

static void replay_chain(const struct accident *a)
{
    struct bench *b = bench_issued(a->leaf, a->issued, a->profile);
    struct mxs_overlay o;
    lay(b, a->scenario, &o);
    if (o.why_not)
        fail_msg("%s: %s", a->name, o.why_not);
    assert_int_equal(o.direction, MXS_FORWARD);
    assert_string_equal(chain_names(b, &o.before), a->chain_before);
    assert_string_equal(chain_names(b, &o.futures.v[0]), a->chain_after);
    assert_int_equal(o.futures.n, a->branches);
    bench_free(b);
}

static void accidents_replayed(void **state)
{
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(accidents); i++) {
        replay_chain(&accidents[i]);
        for (size_t k = 0; k < MXS_COUNT(accidents[i].pins) && accidents[i].pins[k].pin; k++)
            replay_pin(&accidents[i], k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accidents_replayed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
