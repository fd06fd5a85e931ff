/* A domain whose rollover is planned: one server (or several) with fixed certificates, signed zones, and
 * the catalog. Shared by the tests and the bench of the planner. */
#ifndef MXSCOPE_TESTS_UNIT_PLAN_WORLD_H
#define MXSCOPE_TESTS_UNIT_PLAN_WORLD_H

#include "tests/unit/judge_certs.h"
#include "tests/unit/judge_evidence.h"

#include "base/text.h"
#include "whatif/plan.h"

struct plan_world {
    struct mxs_arena *arena;
    struct judge_evidence e;
    struct mxs_catalog *catalog;
    struct mxs_keypool *pool;
    struct mxs_rebuild *rebuild;
    struct mxs_assess_options options;
    struct mxs_whatif whatif;
    struct mxs_plan_input in;
};

enum { PLAN_TTL = 3600, PLAN_DAY = 86400 };

static inline const char *plan_share(struct mxs_arena *arena, const char *name)
{
    const char *srcdir = getenv("srcdir");
    return mxs_arena_printf(arena, "%s/share/%s", srcdir ? srcdir : ".", name);
}

/* names: the certificates of the chain, as judge_chain; at JUDGE_AT. */
static inline void plan_world_open(struct plan_world *w, const char *names)
{
    struct mxs_bytes keys;
    struct mxs_why why = { MXS_OK, "" };
    memset(w, 0, sizeof *w);
    w->arena = mxs_arena_new();
    w->e = judge_evidence_new();
    w->e.ev.domain.mx_security = w->e.host->address_security = MXS_SECURITY_SECURE;
    w->e.host->tlsa_security = MXS_SECURITY_ABSENT;
    w->e.host->tlsa_base_domain = w->e.host->host;
    w->e.host->tlsa_ttl = PLAN_TTL;
    w->e.ev.domain.mx_ttl = PLAN_TTL;
    judge_chain(w->arena, names, &w->e.session->chain);
    if (mxs_catalog_load(plan_share(w->arena, "catalog"), &w->catalog, &why) ||
        mxs_file_read(w->arena, plan_share(w->arena, "keys/throw-away.pem"), 1 << 20, &keys, &why)) {
        fprintf(stderr, "%s\n", why.text);
        abort();
    }
    w->pool = mxs_keypool_new(keys);
    w->rebuild = mxs_rebuild_new(w->pool);
    w->options = (struct mxs_assess_options){ .at = judge_at(JUDGE_AT),
                                              .store = judge_store(w->arena, "root") };
    w->whatif = (struct mxs_whatif){ .catalog = w->catalog, .options = &w->options,
                                     .rebuild = w->rebuild };
    w->in = (struct mxs_plan_input){ .evidence = &w->e.ev, .whatif = &w->whatif,
                                     .now = judge_at(JUDGE_AT), .scheme = MXS_PLAN_AUTO };
}

static inline void plan_world_close(struct plan_world *w)
{
    mxs_store_free(w->options.store);
    mxs_rebuild_free(w->rebuild);
    mxs_keypool_free(w->pool);
    mxs_catalog_free(w->catalog);
    judge_evidence_free(&w->e);
    mxs_arena_free(w->arena);
}

/* A record of today: "3 1 1" or "2 1 1" of the served certificate at depth. */
static inline void plan_publish(struct plan_world *w, const char *numbers, size_t depth)
{
    const struct mxs_cert *cert = w->e.session->chain.certs.v[depth];
    struct mxs_cert_identity own;
    const struct mxs_cert_identity *id = mxs_cert_identity(cert, &own);
    const uint8_t *digest = numbers[2] == '1' ? id->spki_sha256 : id->sha256;
    const char *text = mxs_arena_printf(w->arena, "%s %s", numbers,
                                        mxs_hex(w->arena, mxs_bytes(digest, 32)));
    struct mxs_tlsa *t = mxs_list_add(w->e.ev.arena, &w->e.host->tlsa);
    if (mxs_tlsa_text_parse(w->arena, text, t, NULL))
        abort();
    t->ttl = PLAN_TTL;
    w->e.host->tlsa_security = MXS_SECURITY_SECURE;
}

/* An enforced MTA-STS policy for the host. */
static inline void plan_enforce(struct plan_world *w)
{
    static const char text[] = "version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 86400\n";
    struct mxs_sts_facts *sts = &w->e.ev.domain.sts;
    mxs_sts_policy_parse(w->arena, mxs_bytes_str(text), &sts->policy);
    sts->parsed = (struct mxs_sts_txt){ true, "1", NULL };
    sts->fetched = sts->has_policy = true;
    sts->http_status = 200;
}

/* The chain becomes one of a CA of the catalog, with this kind of key and lifetime from now on. */
static inline void plan_served_by(struct plan_world *w, struct mxs_session_facts *session,
                                  const char *ca, const char *kind, int64_t lifetime)
{
    const struct mxs_catalog_ca *issuer = mxs_catalog_ca(w->catalog, ca);
    const struct mxs_catalog_chain *served = mxs_catalog_chain_at(
        w->catalog, issuer->family->id, "classic", strncmp(kind, "RSA", 3) == 0 ? "RSA" : "ECDSA",
        w->in.now);
    struct mxs_blueprint prints[4] = { {
        .cert = judge_cert(w->arena, "good"), .key_kind = kind,
        .edits = MXS_EDIT_KEY | MXS_EDIT_ISSUER | MXS_EDIT_DATES, .issuer = mxs_issuer_of_ca(issuer),
        .not_before = w->in.now - 3600, .not_after = w->in.now - 3600 + lifetime,
    } };
    size_t n = 1;
    for (size_t i = 0; served && i < served->served.positions.n && n < 4; i++)
        for (size_t k = 0; k < served->served.positions.v[i].any.n; k++)
            if (i > 0 || served->served.positions.v[i].any.v[k]->ca == issuer) {
                prints[n++].catalog = served->served.positions.v[i].any.v[k];
                break;
            }
    struct mxs_rebuild_known known = { NULL, 0, NULL, 0 };
    if (mxs_rebuild_chain(w->rebuild, w->arena, prints, n, &known, &session->chain, NULL))
        abort();
}

#endif
