/* usage x selector x matching type x what the record names x chain shape x leaf (name, date, EKU) x
 * security state: every combination, judged by rfc/dane and rfc/dane-mandatory, against a model that
 * knows the combinations only by their words (RFC 7672 2.2, 3; RFC 7671 5, 9). */
#include "config.h"

#include "../unit/judge_certs.h"
#include "../unit/judge_evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum target { T_LEAF, T_INT, T_ROOT, T_OTHER, T_COUNT };
static const char *const target_names[] = { "leaf", "int", "root", "other" };

struct shape {
    const char *rest; /* behind the leaf */
    bool has_int, has_root, has_other;
};
static const struct shape shapes[] = {
    { "", false, false, false },
    { "int", true, false, false },
    { "int root", true, true, false },
    { "root int", true, true, false },
    { "int int-old", true, false, true }, /* an extra that issued nothing here */
};

struct leaf {
    const char *cert;
    const char *at_reason; /* the first thing usage 2 holds against it; NULL: nothing */
    const char *tls_rpt;
};
static const struct leaf leaves[] = {
    { "good", NULL, NULL },
    { "wrongname", "name-mismatch", "certificate-host-mismatch" },
    { "domainname", NULL, NULL }, /* the next-hop domain, MX records secure */
    { "cn-only", NULL, NULL },
    { "cn-beside-san", "name-mismatch", "certificate-host-mismatch" },
    { "expired", "expired", "certificate-expired" },
    { "notyet", "not-yet-valid", "certificate-not-trusted" },
    { "eku-client", "eku-missing", "certificate-not-trusted" },
    { "eku-none", NULL, NULL },
};

static const uint8_t usages[] = { 0, 1, 2, 3, 255 };
static const uint8_t selectors[] = { 0, 1, 7 };
static const uint8_t types[] = { 0, 1, 2, 9 };
static const enum mxs_security states[] = { MXS_SECURITY_SECURE, MXS_SECURITY_INSECURE,
                                            MXS_SECURITY_BOGUS, MXS_SECURITY_ERROR,
                                            MXS_SECURITY_ABSENT };

struct expect {
    enum mxs_action action;
    enum mxs_channel channel;
    const char *reason, *tls_rpt, *rfc; /* of the first reason */
};

struct combination {
    uint8_t usage, selector, type;
    enum target target;
    const struct shape *shape;
    const struct leaf *leaf;
    enum mxs_security security;
};

static struct expect refusal(const char *reason, const char *tls_rpt, const char *rfc)
{
    return (struct expect){ MXS_ACTION_DEFER, MXS_CHANNEL_NONE, reason, tls_rpt, rfc };
}

/* Usage 2 with a well-formed record. */
static struct expect expect_ta(const struct combination *c)
{
    struct expect ok = { MXS_ACTION_DELIVER, MXS_CHANNEL_VERIFIED, "tlsa-match", NULL,
                         "RFC 7671 5" };
    bool served = (c->target == T_INT && c->shape->has_int) ||
                  (c->target == T_ROOT && c->shape->has_root) ||
                  (c->target == T_OTHER && c->shape->has_other);
    bool reaches = c->target == T_INT || (c->target == T_ROOT && c->shape->has_int);
    bool brought = c->type == 0 && reaches; /* 2 0 0 and 2 1 0 bring their own authority */
    if (!served && !brought)
        return refusal("tlsa-no-match", "tlsa-invalid", "RFC 7671 5");
    if (c->leaf->at_reason && strcmp(c->leaf->at_reason, "name-mismatch") != 0)
        return refusal(c->leaf->at_reason, c->leaf->tls_rpt, NULL);
    if (!reaches)
        return refusal("issuer-unknown", "certificate-not-trusted", "RFC 5280 6.1");
    return c->leaf->at_reason ? refusal(c->leaf->at_reason, c->leaf->tls_rpt, "RFC 7672 3.2.2") : ok;
}

static struct expect expected(const struct combination *c, bool mandatory)
{
    struct expect open = { MXS_ACTION_DELIVER, MXS_CHANNEL_ENCRYPTED, "no-dane", NULL,
                           "RFC 7672 2.2" };
    bool usable = (c->usage == 2 || c->usage == 3) && c->selector < 2 && c->type < 3;
    if (c->security == MXS_SECURITY_BOGUS)
        return refusal("tlsa-bogus", "dnssec-invalid", "RFC 7672 2.1.2");
    if (c->security == MXS_SECURITY_ERROR)
        return refusal("tlsa-error", "dnssec-invalid", "RFC 7672 2.1.2");
    if (c->security != MXS_SECURITY_SECURE)
        return mandatory ? refusal("no-tlsa", "dane-required", "RFC 7672 6") : open;
    open.reason = "tlsa-unusable";
    if (!usable)
        return mandatory ? refusal("tlsa-unusable", "tlsa-invalid", "RFC 7672 6") : open;
    if (c->usage == 2)
        return expect_ta(c);
    if (c->target != T_LEAF)
        return refusal("tlsa-no-match", "tlsa-invalid", "RFC 7671 5");
    return (struct expect){ MXS_ACTION_DELIVER, MXS_CHANNEL_VERIFIED, "tlsa-match", NULL,
                            "RFC 7671 5" };
}

static struct mxs_tlsa record(struct mxs_arena *arena, const struct combination *c,
                              const struct mxs_cert *target)
{
    struct mxs_tlsa t = { .usage = c->usage, .selector = c->selector, .matching_type = c->type };
    struct mxs_bytes data = c->selector == 1 ? target->spki : target->der;
    uint8_t digest[64];
    if (c->type == 1 || c->type == 9)
        mxs_digest_sha256(data, digest);
    if (c->type == 2)
        mxs_digest_sha512(data, digest);
    t.data = c->type == 0 ? data : mxs_arena_bytes(arena, mxs_bytes(digest, c->type == 2 ? 64 : 32));
    mxs_tlsa_judge_usable(&t, false);
    return t;
}

static bool differs(const char *a, const char *b)
{
    return (a == NULL) != (b == NULL) || (a && strcmp(a, b) != 0);
}

static int check(const struct combination *c, const struct mxs_verdict *v, bool mandatory)
{
    struct expect e = expected(c, mandatory);
    const struct mxs_reason *first = v->reasons.n ? &v->reasons.v[0] : NULL;
    bool ok = v->action == e.action && v->channel == e.channel && !differs(v->tls_rpt, e.tls_rpt) &&
              first && strcmp(first->id, e.reason) == 0 && first->rfc &&
              (!e.rfc || strcmp(first->rfc, e.rfc) == 0) &&
              v->verified == (e.channel == MXS_CHANNEL_VERIFIED);
    if (ok)
        return 0;
    print_message("%u %u %u of %s, chain %s %s, %s, %s: expected %s %s, got %s/%s %s %s %s\n",
                  c->usage, c->selector, c->type, target_names[c->target], c->leaf->cert,
                  c->shape->rest, mxs_security_name(c->security), v->verifier, e.reason,
                  e.tls_rpt ? e.tls_rpt : "-", mxs_action_name(v->action),
                  v->channel ? mxs_channel_name(v->channel) : "-", first ? first->id : "-",
                  v->tls_rpt ? v->tls_rpt : "-", first && first->rfc ? first->rfc : "-");
    return 1;
}

struct bench {
    struct mxs_arena *arena;
    struct judge_evidence e;
    struct mxs_assess_options options;
    size_t n;
    int wrong;
};

static void judge_one(struct bench *b, struct combination *c, const struct mxs_cert *const targets[])
{
    struct mxs_tlsa t = record(b->arena, c, targets[c->target]);
    b->e.host->tlsa_security = c->security;
    b->e.host->tlsa.n = 0;
    if (c->security == MXS_SECURITY_SECURE || c->security == MXS_SECURITY_INSECURE)
        *mxs_list_add(b->arena, &b->e.host->tlsa) = t;
    struct mxs_assessment *a = mxs_assess(&b->e.ev, &b->options);
    b->wrong += check(c, mxs_assessment_verdict(&a->sessions.v[0], "rfc/dane"), false);
    b->wrong += check(c, mxs_assessment_verdict(&a->sessions.v[0], "rfc/dane-mandatory"), true);
    b->n++;
    mxs_assessment_free(a);
}

static void all_records(struct bench *b, struct combination *c,
                        const struct mxs_cert *const targets[])
{
    for (size_t u = 0; u < MXS_COUNT(usages); u++)
        for (size_t s = 0; s < MXS_COUNT(selectors); s++)
            for (size_t m = 0; m < MXS_COUNT(types); m++)
                for (int t = 0; t < T_COUNT; t++) {
                    c->usage = usages[u];
                    c->selector = selectors[s];
                    c->type = types[m];
                    c->target = (enum target)t;
                    judge_one(b, c, targets);
                }
}

static void test_all(void **state)
{
    (void)state;
    struct bench b = { .arena = mxs_arena_new(), .e = judge_evidence_new() };
    const char *names[] = { "rfc/dane*" };
    b.options = (struct mxs_assess_options){ .at = judge_at(JUDGE_AT),
                                             .store = judge_store(b.arena, "root"),
                                             .verifiers = { names, 1, 1 } };
    b.e.ev.domain.mx_security = b.e.host->address_security = MXS_SECURITY_SECURE;
    b.e.host->tlsa_base_domain = b.e.host->host;
    for (size_t l = 0; l < MXS_COUNT(leaves); l++)
        for (size_t s = 0; s < MXS_COUNT(shapes); s++)
            for (size_t d = 0; d < MXS_COUNT(states); d++) {
                struct combination c = { .shape = &shapes[s], .leaf = &leaves[l],
                                         .security = states[d] };
                judge_chain(b.arena, mxs_arena_printf(b.arena, "%s %s", leaves[l].cert,
                                                      shapes[s].rest), &b.e.session->chain);
                const struct mxs_cert *targets[T_COUNT] = {
                    b.e.session->chain.certs.v[0], judge_cert(b.arena, "int"),
                    judge_cert(b.arena, "root"), judge_cert(b.arena, "int-old"),
                };
                all_records(&b, &c, targets);
            }
    print_message("%zu combinations\n", b.n);
    assert_int_equal(b.wrong, 0);
    mxs_store_free(b.options.store);
    judge_evidence_free(&b.e);
    mxs_arena_free(b.arena);
}

/* Sets of records, and who names the server: one row each. */
struct set {
    const char *what, *records; /* "USM:certificate", a leading ! spoils the data */
    const char *chain;
    enum mxs_security mx;
    const char *base; /* TLSA base domain */
    enum mxs_action action;
    enum mxs_channel channel;
    const char *tls_rpt, *rfc;
};
#define SEC MXS_SECURITY_SECURE
#define INS MXS_SECURITY_INSECURE
#define MX "mx.example.org"
#define DELIVER MXS_ACTION_DELIVER
#define DEFER MXS_ACTION_DEFER
#define VERIFIED MXS_CHANNEL_VERIFIED
#define ENCRYPTED MXS_CHANNEL_ENCRYPTED

static const struct set sets[] = {
    { "old and new key", "!311:good 311:good", "good int", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 7671 8" },
    { "EE stale, TA right", "!311:good 211:int", "good int", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 7671 5" },
    { "TA stale, EE right", "211:int-old 311:good", "good int", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 7671 5" },
    { "unusable beside good", "111:good 311:good", "good int", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 7671 9" },
    { "unusable beside stale", "111:good !311:good", "good int", SEC, MX, DEFER, 0, "tlsa-invalid",
      "RFC 7671 9" },
    { "agility: the stronger is stale", "211:int !212:int", "good int", SEC, MX, DEFER, 0,
      "tlsa-invalid", "RFC 7671 9" },
    { "agility: the stronger is right", "!211:int 212:int", "good int", SEC, MX, DELIVER, VERIFIED,
      NULL, "RFC 7671 9" },
    { "agility: other selector", "211:int !202:int", "good int", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 7671 9" },
    { "agility: Full stays", "310:good !312:good", "good int", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 7671 9" },
    { "agility: the stronger is unusable", "311:good x312:good", "good int", SEC, MX, DELIVER,
      VERIFIED, NULL, "RFC 7671 9" },
    { "TA equal to the leaf", "201:selfsigned", "selfsigned", SEC, MX, DEFER, 0, "tlsa-invalid",
      "RFC 7671 5.2" },
    { "TA equal to the leaf, sent twice", "201:selfsigned", "selfsigned selfsigned", SEC, MX, DEFER,
      0, "certificate-not-trusted", "RFC 7671 5.2" },
    { "bare key equal to the leaf's", "210:selfsigned", "selfsigned", SEC, MX, DEFER, 0,
      "tlsa-invalid", "RFC 7671 5.2" },
    { "EE, self-signed", "311:selfsigned", "selfsigned", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 7672 3.1.1" },
    { "TA 0 0 of the intermediate, leaf only", "200:int", "good", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 7671 5.2" },
    { "TA 1 1 of the intermediate, leaf only", "211:int", "good", SEC, MX, DEFER, 0, "tlsa-invalid",
      "RFC 7672 3.1.2" },
    { "TA by key, a cross-sign is served", "211:int", "good int-cross", SEC, MX, DELIVER, VERIFIED,
      NULL, "RFC 7671 5.2" },
    { "TA by certificate, a cross-sign is served", "201:int", "good int-cross", SEC, MX, DEFER, 0,
      "tlsa-invalid", "RFC 7671 5.2" },
    { "TA expired itself", "211:int-lapsed", "good int-lapsed", SEC, MX, DELIVER, VERIFIED, NULL,
      "RFC 5280 6.1.1" },
    { "below the TA something expired", "211:root", "good int-lapsed root", SEC, MX, DEFER, 0,
      "certificate-expired", "RFC 7672 3.1.2" },
    { "the next-hop domain, MX insecure", "211:int", "domainname int", INS, MX, DEFER, 0,
      "certificate-host-mismatch", "RFC 7672 2.2.1" },
    { "MX insecure, the host's name", "211:int", "good int", INS, MX, DELIVER, ENCRYPTED, NULL,
      "RFC 7672 2.2.1" },
    { "MX insecure, TLSA fails", "!311:good", "good int", INS, MX, DEFER, 0, "tlsa-invalid",
      "RFC 7672 2.2.1" },
    { "expanded base domain names it", "211:int", "wrongname int", SEC, "other.example", DELIVER,
      VERIFIED, NULL, "RFC 7672 3.2.2" },
    { "the MX name is no reference then", "211:int", "good int", SEC, "other.example", DEFER, 0,
      "certificate-host-mismatch", "RFC 7672 3.2.2" },
    { "wildcard", "211:int", "wildcard int", SEC, MX, DELIVER, VERIFIED, NULL, "RFC 7672 3.2.3" },
    { "partial wildcard", "211:int", "wildcard-part int", SEC, MX, DEFER, 0,
      "certificate-host-mismatch", "RFC 7672 3.2.3" },
    { "no certificate at all", "311:good", "-", SEC, MX, DEFER, 0, "tlsa-invalid",
      "RFC 7672 2.2" },
    { "no record can be read", "", "good int", SEC, MX, DELIVER, ENCRYPTED, NULL, "RFC 7672 2.2" },
    { "TA with selector 0: its EKU counts", "201:int-client", "under-client-server int-client", SEC,
      MX, DEFER, 0, "certificate-not-trusted", "RFC 7672 3.1.2" },
    { "TA with selector 1: a key has no EKU", "211:int-client", "under-client-server int-client",
      SEC, MX, DELIVER, VERIFIED, NULL, "RFC 7672 3.1.2" },
    { "TA above an unfit intermediate", "211:root", "under-client-server int-client root", SEC, MX,
      DEFER, 0, "certificate-not-trusted", "RFC 7672 3.1.2" },
};

static void add_record(struct mxs_arena *arena, struct mxs_host_facts *host, const char *word)
{
    bool spoil = *word == '!', truncate = *word == 'x';
    word += spoil || truncate;
    struct combination c = { .usage = (uint8_t)(word[0] - '0'), .selector = (uint8_t)(word[1] - '0'),
                             .type = (uint8_t)(word[2] - '0') };
    struct mxs_tlsa t = record(arena, &c, judge_cert(arena, word + 4));
    if (spoil) {
        uint8_t *copy = mxs_arena_dup(arena, t.data.p, t.data.n);
        copy[t.data.n - 1] ^= 1;
        t.data.p = copy;
    }
    t.data.n -= truncate;
    mxs_tlsa_judge_usable(&t, false);
    *mxs_list_add(arena, &host->tlsa) = t;
}

static int check_set(const struct set *s, struct mxs_store *store)
{
    struct judge_evidence e = judge_evidence_new();
    struct mxs_arena *arena = e.ev.arena;
    const char *names[] = { "rfc/dane" };
    struct mxs_assess_options options = { .at = judge_at(JUDGE_AT), .store = store,
                                          .verifiers = { names, 1, 1 } };
    char *copy = mxs_arena_strdup(arena, s->records), *save = NULL;
    e.ev.domain.mx_security = s->mx;
    e.host->address_security = e.host->tlsa_security = MXS_SECURITY_SECURE;
    e.host->tlsa_base_domain = s->base;
    judge_chain(arena, s->chain, &e.session->chain);
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
        add_record(arena, e.host, w);
    struct mxs_assessment *a = mxs_assess(&e.ev, &options);
    const struct mxs_verdict *v = mxs_assessment_verdict(&a->sessions.v[0], "rfc/dane");
    bool ok = v->action == s->action && v->channel == s->channel && !differs(v->tls_rpt, s->tls_rpt);
    if (!ok)
        print_message("%s (%s): got %s/%s %s %s\n", s->what, s->rfc, mxs_action_name(v->action),
                      v->channel ? mxs_channel_name(v->channel) : "-",
                      v->tls_rpt ? v->tls_rpt : "-", v->reasons.n ? v->reasons.v[0].text : "-");
    assert_int_equal(a->sessions.v[0].matches.n, e.host->tlsa.n);
    mxs_assessment_free(a);
    judge_evidence_free(&e);
    return !ok;
}

static void test_sets(void **state)
{
    (void)state;
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_store *store = judge_store(arena, "root");
    int wrong = 0;
    for (size_t i = 0; i < MXS_COUNT(sets); i++)
        wrong += check_set(&sets[i], store);
    assert_int_equal(wrong, 0);
    mxs_store_free(store);
    mxs_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_all), cmocka_unit_test(test_sets) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
