/* What the tests of whatif/ stand on: the catalog as shipped, the true roots of tests/certs/whatif, and
 * evidence of one mail server with a chain as Let's Encrypt issued it on a given day. */
#ifndef MXSCOPE_TESTS_UNIT_WHATIF_BENCH_H
#define MXSCOPE_TESTS_UNIT_WHATIF_BENCH_H

#include "base/clock.h"
#include "base/file.h"
#include "judge/profile.h"
#include "judge/store.h"
#include "judge_evidence.h"
#include "whatif/overlay.h"

#include <stdio.h>
#include <stdlib.h>

#define BENCH_MUST(x)                                                                \
    do {                                                                             \
        if (!(x)) {                                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                  \
            abort();                                                                 \
        }                                                                            \
    } while (0)

struct bench {
    struct mxs_arena *arena;
    struct mxs_catalog *catalog;
    struct mxs_keypool *pool;
    struct mxs_rebuild *rebuild;
    struct mxs_store *store;
    struct mxs_scenarios *scenarios;
    struct judge_evidence e;
    struct mxs_assess_options options;
    struct mxs_whatif whatif;
    struct mxs_subject subject;
};

static inline int64_t bench_date(const char *date)
{
    int64_t at = 0;
    BENCH_MUST(mxs_time_parse(date, &at) == MXS_OK);
    return at;
}

static inline const struct mxs_cert *bench_cert(struct bench *b, const char *path)
{
    struct mxs_bytes pem;
    struct mxs_chain chain;
    const char *full = mxs_arena_printf(b->arena, MXS_TEST_CERTS "/%s", path);
    BENCH_MUST(mxs_file_read(b->arena, full, 1 << 16, &pem, NULL) == MXS_OK);
    BENCH_MUST(mxs_cert_pem(b->arena, full, pem, &chain, NULL) == MXS_OK);
    return chain.certs.v[0];
}

/* One verb over a future, for setting up; the story is in the caller. */
static inline struct mxs_future bench_change(struct bench *b, const struct mxs_future *base,
                                             const char *text)
{
    struct mxs_changes changes = { 0 };
    struct mxs_future out;
    struct mxs_why why = { MXS_OK, "" };
    if (mxs_change_parse(b->arena, text, b->catalog, mxs_list_add(b->arena, &changes.list), &why) ||
        mxs_overlay_changes(b->arena, &b->whatif, base, &changes, &out, &why)) {
        fprintf(stderr, "%s: %s\n", text, why.text);
        abort();
    }
    return out;
}

static inline void bench_subject(struct bench *b, const struct mxs_future *f)
{
    b->subject = (struct mxs_subject){ .name = "mx.example.org:25", .evidence = f->evidence,
                                       .host = f->host, .session = f->session };
    b->options.store = f->store;
    b->options.at = f->at;
}

static inline struct mxs_future bench_now(struct bench *b)
{
    return (struct mxs_future){ .evidence = b->subject.evidence, .host = b->subject.host,
                                .session = b->subject.session, .store = b->options.store,
                                .at = b->options.at };
}

/* Another state of the world, by verbs. */
static inline void bench_be(struct bench *b, const char *text)
{
    struct mxs_future now = bench_now(b), f = bench_change(b, &now, text);
    bench_subject(b, &f);
}

/* leaf: a file of tests/certs, served alone and not yet signed by anybody of the catalog. own_keys: not
 * those of share/keys; making them takes seconds. */
static inline struct bench *bench_keyed(const char *leaf, bool own_keys)
{
    static const char *const roots[] = { "isrgrootx1", "isrg-root-x2", "trustid-x3-root" };
    struct bench *b = calloc(1, sizeof *b);
    struct mxs_bytes keys;
    BENCH_MUST(b);
    b->arena = mxs_arena_new();
    BENCH_MUST(mxs_file_read(b->arena, MXS_TEST_SHARE "/keys/throw-away.pem", 1 << 20, &keys, NULL) ==
               MXS_OK);
    BENCH_MUST(mxs_catalog_load(MXS_TEST_SHARE "/catalog", &b->catalog, NULL) == MXS_OK);
    b->pool = mxs_keypool_new(own_keys ? mxs_bytes(NULL, 0) : keys);
    b->rebuild = mxs_rebuild_new(b->pool);
    b->store = mxs_store_new("none");
    for (size_t i = 0; i < MXS_COUNT(roots); i++)
        mxs_store_add(b->store, bench_cert(b, mxs_arena_printf(b->arena, "whatif/%s.pem", roots[i])));
    b->e = judge_evidence_new();
    b->e.ev.domain.mx_security = b->e.host->address_security = MXS_SECURITY_SECURE;
    b->e.host->tlsa_security = MXS_SECURITY_ABSENT;
    b->e.host->tlsa_base_domain = b->e.host->host;
    *mxs_list_add(b->arena, &b->e.session->chain.certs) = bench_cert(b, leaf);
    b->options = (struct mxs_assess_options){ .store = b->store, .at = bench_date("2026-01-15") };
    b->whatif = (struct mxs_whatif){ .catalog = b->catalog, .options = &b->options,
                                     .rebuild = b->rebuild, .own_keys = own_keys };
    b->subject = (struct mxs_subject){ .name = "mx.example.org:25", .evidence = &b->e.ev,
                                       .host = b->e.host, .session = b->e.session };
    return b;
}

static inline struct bench *bench_new(const char *leaf)
{
    return bench_keyed(leaf, false);
}

/* As Let's Encrypt issued and served on that day; judged then. */
static inline struct bench *bench_issue(struct bench *b, const char *date, const char *profile)
{
    b->options.at = bench_date(date);
    bench_be(b, "issuer leaf R3 E1");
    bench_be(b, "key leaf same");
    bench_be(b, mxs_arena_printf(b->arena, "catalog %s profile %s", date, profile));
    return b;
}

static inline struct bench *bench_issued(const char *leaf, const char *date, const char *profile)
{
    return bench_issue(bench_new(leaf), date, profile);
}

static inline void bench_free(struct bench *b)
{
    mxs_scenarios_free(b->scenarios);
    mxs_rebuild_free(b->rebuild);
    judge_evidence_free(&b->e);
    mxs_arena_free(b->arena); /* derived stores end here */
    mxs_store_free(b->store);
    mxs_keypool_free(b->pool);
    mxs_catalog_free(b->catalog);
    free(b);
}

static inline const struct mxs_scenario *bench_scenario(struct bench *b, const char *id)
{
    struct mxs_why why = { MXS_OK, "" };
    if (!b->scenarios &&
        mxs_scenarios_load(MXS_TEST_SHARE "/scenarios", b->catalog, &b->scenarios, &why) != MXS_OK) {
        fprintf(stderr, "%s\n", why.text);
        abort();
    }
    const struct mxs_scenario *s = mxs_scenario_find(b->scenarios, id);
    if (!s)
        fprintf(stderr, "no scenario %s\n", id);
    BENCH_MUST(s);
    return s;
}

static inline struct mxs_verdict bench_verdict(struct bench *b, const struct mxs_future *f,
                                               const char *verifier)
{
    struct mxs_judge_cache cache = { 0 };
    struct mxs_judge judge = mxs_future_judge(&b->whatif, f, b->arena, &cache);
    size_t n;
    const struct mxs_verifier *rows = mxs_verifiers(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, verifier) == 0) {
            struct mxs_verdict v = { .verifier = verifier, .role = rows[i].role, .verified = -1,
                                     .alert = -1, .stage = MXS_STAGE_NONE };
            rows[i].check(&judge, &v);
            return v;
        }
    fprintf(stderr, "no verifier %s\n", verifier);
    abort();
}

#endif
