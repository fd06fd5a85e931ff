#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "whatif/change.h"
#include "whatif_states.h"

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
    const char *scenario;
    const char *chain_before, *chain_after;     /* of the first branch */
    size_t branches;
    struct {
        const char *pin; /* words behind "tlsa", or "= U S M NAME, .." with names of the catalog */
        bool survives_same_key;
    } pins[9];
} accidents[] = {
    { "X3 to R3", RSA, "2020-11-20", "classic", "rollover/x3-to-r3", "X3", "R3", 2,
      { { "pins 2 1 1", false }, { "pins 2 0 1", false }, { "pins 3 1 1", true },
        { "= 2 1 1 X3, 2 1 1 X4", false }, { "= 2 1 1 X3, 2 1 1 R3", true },
        { "= 2 1 1 X3, 2 1 1 R4, 2 1 1 E1, 2 1 1 E2", false },
        { "= 2 1 1 X3, 2 0 1 R3 by DST Root CA X3", true },
        { "= 2 1 1 X3, 2 0 1 R3 by ISRG Root X1", false } } }, /* selector 0 takes luck */
    { "2024-02: the root pin is not sent", RSA, "2024-01-20", "classic", "rollover/dst-cross-leaves",
      "R3 ISRG Root X1", "R3", 2,
      { { "pins 2 1 1", true }, { "pins 3 1 1", true }, { "pins 3 0 1", false },
        { "= 2 1 1 ISRG Root X1", false }, { "= 2 0 1 ISRG Root X1 by DST Root CA X3", false },
        { "= 2 1 1 ISRG Root X1, 2 1 1 R3", true }, { "= 2 0 1 R3 by ISRG Root X1", true } } },
    { "2024-06: R3 to R10, R11", RSA, "2024-05-20", "classic", "rollover/r3-e1-to-r10-e5", "R3", "R10", 4,
      { { "pins 2 1 1", false }, { "pins 3 1 1", true }, { "= 2 1 1 R3, 2 1 1 E1", false },
        { "= 2 1 1 R3, 2 1 1 R4, 2 1 1 E1, 2 1 1 E2", false },
        { "= 2 1 1 R3, 2 1 1 R10, 2 1 1 R11", true },
        { "= 2 1 1 R3, 2 1 1 E5, 2 1 1 E6, 2 1 1 E7, 2 1 1 E8, 2 1 1 E9", false } } },
    { "2024-06, ECDSA: R3 does not sign it any more", ECDSA, "2024-05-20", "classic",
      "rollover/r3-e1-to-r10-e5", "R3", "E5", 4,
      { { "pins 2 1 1", false }, { "pins 3 1 1", true }, { "= 2 1 1 R3, 2 1 1 E1", false },
        { "= 2 1 1 R3, 2 1 1 R10, 2 1 1 R11, 2 1 1 R12, 2 1 1 R13, 2 1 1 R14", false } } },
    { "2025-08, RSA", RSA, "2025-07-20", "classic", "rollover/r10-to-r12-e7", "R10", "R12", 4,
      { { "= 2 1 1 R10, 2 1 1 R11", false },
        { "= 2 1 1 R10, 2 1 1 R11, 2 1 1 R12, 2 1 1 R13, 2 1 1 R14", true } } },
    { "2025-08, ECDSA", ECDSA, "2025-07-20", "classic", "rollover/r10-to-r12-e7", "E5", "E7", 4,
      { { "= 2 1 1 E5, 2 1 1 E6", false }, { "= 2 0 1 E5 by ISRG Root X1, 2 0 1 E7 by ISRG Root X1", true },
        { "= 2 0 1 E5 by ISRG Root X1, 2 0 1 E7 by ISRG Root X2", false } } },
    { "Generation Y, RSA", RSA, "2026-05-01", "classic", "rollover/generation-y", "R12", "YR1 Root YR", 4,
      { { "pins 2 1 1", false }, { "pins 3 1 1", true },
        { "= 2 1 1 R10, 2 1 1 R11, 2 1 1 R12, 2 1 1 R13, 2 1 1 R14", false },
        { "= 2 1 1 R12, 2 1 1 YR1, 2 1 1 YR2, 2 1 1 YR3", true }, { "= 2 1 1 R12, 2 1 1 Root YR", true },
        { "= 2 1 1 R12, 2 1 1 ISRG Root X1", false }, /* the root is not sent */
        { "= 2 1 1 R12, 2 0 1 Root YR by ISRG Root X1 (2025)", false },
        { "= 2 1 1 R12, 2 0 1 Root YR by ISRG Root X1", true } } },
    { "Generation Y, ECDSA", ECDSA, "2026-05-01", "classic", "rollover/generation-y", "E7",
      "YE1 Root YE ISRG Root X2", 4,
      { { "pins 2 1 1", false }, { "pins 3 1 1", true }, { "= 2 1 1 E7, 2 1 1 ISRG Root X2", true },
        { "= 2 1 1 E7, 2 0 1 ISRG Root X2 by ISRG Root X1 (2020)", false } } },
    { "cross-signs issued again", RSA, "2026-02-01", "tlsserver", "rollover/cross-signs-reissued",
      "YR1 Root YR", "YR1 Root YR", 1,
      { { "pins 2 1 1", true }, { "pins 2 0 1", true }, /* of YR1, which stays */
        { "= 2 0 1 Root YR by ISRG Root X1 (2025)", false }, { "= 2 1 1 Root YR", true } } },
    { "cross-signs issued again, ECDSA", ECDSA, "2026-02-01", "tlsserver",
      "rollover/cross-signs-reissued", "YE1 Root YE ISRG Root X2", "YE1 Root YE ISRG Root X2", 1,
      { { "= 2 0 1 Root YE by ISRG Root X2 (2025)", false },
        { "= 2 0 1 ISRG Root X2 by ISRG Root X1 (2025)", false },
        { "= 2 1 1 Root YE", true }, { "= 2 1 1 ISRG Root X2", true } } },
    { "truncated chain", RSA, "2026-06-10", "classic", "rollover/one-intermediate-missing",
      "YR1 Root YR", "YR1", 1,
      { { "pins 2 1 1", true }, { "pins 3 1 1", true }, { "= 2 1 1 Root YR", false } } },
    { "truncated chain, ECDSA", ECDSA, "2026-06-10", "classic", "rollover/one-intermediate-missing",
      "YE1 Root YE ISRG Root X2", "YE1", 1,
      { { "= 2 1 1 YE1", true }, { "= 2 1 1 Root YE", false }, { "= 2 1 1 ISRG Root X2", false } } },
    { "the revoked cross-sign stays", RSA, "2026-06-10", "classic", "rollover/revoked-cross-sign",
      "YR1 Root YR", "YR1 Root YR", 1,
      { { "= 2 1 1 Root YR", true }, { "= 2 0 1 Root YR by ISRG Root X1", false } } },
    { "the next rotation", RSA, "2026-06-10", "classic", "rollover/next-rotation", "YR1 Root YR",
      "YR3 Root YR", 1,
      { { "= 2 1 1 YR1, 2 1 1 YR2", false }, { "= 2 1 1 YR1, 2 1 1 YR2, 2 1 1 YR3", true },
        { "= 2 1 1 Root YR", true } } },
};

/* "2 1 1 R3, 2 0 1 Root YR by ISRG Root X1" as the words of tlsa set. */
static const char *records(struct bench *b, const char *names)
{
    const char *words = "set";
    for (const char *at = names; *at; at += *at == ',') {
        while (*at == ' ')
            at++;
        size_t n = strcspn(at, ",");
        const char *name = mxs_arena_strndup(b->arena, at + 6, n - 6);
        const struct mxs_catalog_ca *ca = mxs_catalog_ca(b->catalog, name);
        const struct mxs_catalog_cert *cert = mxs_catalog_cert(b->catalog, name);
        if (at[2] == '1' ? !ca : !cert)
            fail_msg("the catalog has no single %s", name);
        const uint8_t *digest = at[2] == '1' ? ca->spki_sha256 : cert->sha256;
        words = mxs_arena_printf(b->arena, "%s \"%.5s %s\"", words, at,
                                 mxs_hex(b->arena, mxs_bytes(digest, 32)));
        at += n;
    }
    return words;
}

static const struct mxs_future *branch(const struct mxs_overlay *o, const char *word)
{
    for (size_t i = 0; i < o->futures.n; i++)
        if (!o->futures.v[i].branch || strstr(o->futures.v[i].branch, word))
            return &o->futures.v[i];
    return &o->futures.v[0];
}

static void replay_pin(struct bench *b, const struct accident *a, size_t i)
{
    const struct mxs_subject subject = b->subject;
    struct mxs_overlay o;
    const char *pin = a->pins[i].pin;
    bench_be(b, mxs_arena_printf(b->arena, "tlsa %s", *pin == '=' ? records(b, pin + 1) : pin));
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
    b->subject = subject;
}

static void replay_chain(struct bench *b, const struct accident *a)
{
    struct mxs_overlay o;
    lay(b, a->scenario, &o);
    if (o.why_not)
        fail_msg("%s: %s", a->name, o.why_not);
    assert_int_equal(o.direction, MXS_FORWARD);
    assert_string_equal(chain_names(b, &o.before), a->chain_before);
    assert_string_equal(chain_names(b, &o.futures.v[0]), a->chain_after);
    assert_int_equal(o.futures.n, a->branches);
}

static void accidents_replayed(void **state)
{
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(accidents); i++) {
        const struct accident *a = &accidents[i];
        struct bench *b = bench_issued(a->leaf, a->issued, a->profile);
        replay_chain(b, a);
        for (size_t k = 0; k < MXS_COUNT(a->pins) && a->pins[k].pin; k++)
            replay_pin(b, a, k);
        bench_free(b);
    }
}

/* --- each verb changes what it says, and nothing else --------------------------------------------- */

enum { /* what differs between two futures */
    KEY = 1u << 0, EKU = 1u << 1, DATES = 1u << 2, NAMES = 1u << 3, ISSUER = 1u << 4, CLASS = 1u << 5,
    SERVED = 1u << 6,  /* which CA certificates */
    CA_EKU = 1u << 7, ANCHORS = 1u << 8, TLSA = 1u << 9, POLICY = 1u << 10, STARTTLS = 1u << 11,
    HOST = 1u << 12, DNSSEC = 1u << 13, AT = 1u << 14, PINS = 1u << 15, ASKS = 1u << 16,
    CRLS = 1u << 17, LEAF = 1u << 18, /* its digest */ SKI = 1u << 19
};

static const char *eku_of(struct bench *b, const struct mxs_cert *c)
{
    struct mxs_strs names = mxs_cert_eku_names(b->arena, c);
    const char *s = c->has_eku ? "" : "-";
    for (size_t i = 0; i < names.n; i++)
        s = mxs_arena_printf(b->arena, "%s %s", s, names.v[i]);
    return s;
}

static unsigned leaf_differs(struct bench *b, const struct mxs_cert *x, const struct mxs_cert *y)
{
    struct mxs_cert_identity i, j;
    const struct mxs_cert_identity *a = mxs_cert_identity(x, &i), *c = mxs_cert_identity(y, &j);
    unsigned d = 0;
    d |= memcmp(a->spki_sha256, c->spki_sha256, 32) ? KEY : 0;
    d |= memcmp(a->sha256, c->sha256, 32) ? LEAF : 0;
    d |= strcmp(eku_of(b, x), eku_of(b, y)) ? EKU : 0;
    d |= x->not_before != y->not_before || x->not_after != y->not_after ? DATES : 0;
    d |= !mxs_bytes_equal(x->subject_raw, y->subject_raw) || x->san_dns.n != y->san_dns.n ||
                 (x->san_dns.n && strcmp(x->san_dns.v[0], y->san_dns.v[0])) ? NAMES : 0;
    d |= !mxs_bytes_equal(x->issuer_raw, y->issuer_raw) ? ISSUER : 0;
    d |= strcmp(x->policy_class ? x->policy_class : "-", y->policy_class ? y->policy_class : "-") ? CLASS
                                                                                                 : 0;
    d |= !x->ski.n != !y->ski.n ? SKI : 0;
    return d;
}

static unsigned chain_differs(struct bench *b, const struct mxs_chain *x, const struct mxs_chain *y)
{
    unsigned d = x->certs.n != y->certs.n ? SERVED : 0;
    for (size_t i = 1; i < x->certs.n && i < y->certs.n; i++) {
        if (!mxs_bytes_equal(x->certs.v[i]->subject_raw, y->certs.v[i]->subject_raw) ||
            !mxs_bytes_equal(x->certs.v[i]->issuer_raw, y->certs.v[i]->issuer_raw))
            d |= SERVED;
        else if (strcmp(eku_of(b, x->certs.v[i]), eku_of(b, y->certs.v[i])))
            d |= CA_EKU;
    }
    return d | (x->certs.n && y->certs.n ? leaf_differs(b, x->certs.v[0], y->certs.v[0]) : 0);
}

/* Which of these CAs the store has an anchor of. */
static unsigned anchors(struct bench *b, const struct mxs_future *f)
{
    static const char *const cas[] = { "ISRG Root X1", "ISRG Root X2", "DST Root CA X3", "Root YR",
                                       "Root YE", "YR1" };
    const struct mxs_cert *found[4];
    unsigned set = 0;
    for (size_t i = 0; i < MXS_COUNT(cas); i++)
        if (mxs_store_find(f->store, mxs_catalog_ca(b->catalog, cas[i])->subject_raw, found, 4))
            set |= 1u << i;
    return set | (mxs_store_names(f->store, "CN=Private CA of the operator") ? 1u << 20 : 0);
}

static unsigned world_differs(const struct mxs_future *x, const struct mxs_future *y)
{
    const struct mxs_sts_facts *p = &x->evidence->domain.sts, *q = &y->evidence->domain.sts;
    unsigned d = 0;
    d |= x->host->tlsa.n != y->host->tlsa.n || (x->host->tlsa.n &&
         !mxs_bytes_equal(x->host->tlsa.v[0].data, y->host->tlsa.v[0].data)) ? TLSA : 0;
    d |= x->host->tlsa_security != y->host->tlsa_security ? TLSA : 0;
    d |= p->has_policy != q->has_policy || p->policy.mode != q->policy.mode ||
                 p->policy.mx.n != q->policy.mx.n ||
                 (p->policy.mx.n && strcmp(p->policy.mx.v[0], q->policy.mx.v[0])) ? POLICY : 0;
    d |= x->session->starttls != y->session->starttls || x->session->has_tls != y->session->has_tls
             ? STARTTLS : 0;
    d |= strcmp(x->host->host, y->host->host) ? HOST : 0;
    d |= x->host->address_security != y->host->address_security ||
                 x->evidence->domain.mx_security != y->evidence->domain.mx_security ? DNSSEC : 0;
    d |= x->at != y->at ? AT : 0;
    d |= x->receiver_asks != y->receiver_asks || x->receiver_requires != y->receiver_requires ? ASKS : 0;
    d |= mxs_store_knows_crls(x->store) != mxs_store_knows_crls(y->store) ||
                 mxs_store_crls_of_all(x->store) != mxs_store_crls_of_all(y->store)
             ? CRLS : 0;
    return d;
}

/* The leaf of before is on file unless said; NULL stands for it. */
static unsigned pins_differ(const struct mxs_future *x, const struct mxs_future *y)
{
    const struct mxs_cert *was = x->pins ? x->pins->certs.v[0] : x->session->chain.certs.v[0];
    return y->pins && !mxs_bytes_equal(y->pins->certs.v[0]->der, was->der) ? PINS : 0;
}

static const struct verb {
    const char *words;
    unsigned changes;
    bool client;      /* the evidence is a client certificate */
    const char *first; /* another change before it; NULL */
} verbs[] = {
    { "eku leaf -clientAuth", LEAF | EKU, false, NULL },
    { "eku leaf =serverAuth,emailProtection", LEAF | EKU, false, NULL },
    { "eku leaf =none", LEAF | EKU, false, NULL },
    { "eku leaf +emailProtection", LEAF | EKU, true, NULL },
    { "eku intermediates =serverAuth", CA_EKU, false, NULL },
    { "eku all -clientAuth", LEAF | EKU | CA_EKU, true, NULL },
    { "key leaf new", LEAF | KEY, false, NULL },
    { "key leaf new ECDSA-P256", LEAF | KEY, false, NULL },
    { "renew leaf", LEAF | DATES, false, NULL },
    { "dates leaf 2026-01-01 2026-02-01", LEAF | DATES, false, NULL },
    { "lifetime leaf 45d", LEAF | DATES, false, NULL },
    { "names leaf mx2.example.org", LEAF | NAMES, false, NULL },
    { "names leaf wrong", LEAF | NAMES, false, NULL },
    { "names leaf none", LEAF | NAMES, true, NULL },
    { "names leaf host", LEAF | NAMES, false, "names leaf wrong" },
    { "class leaf OV", LEAF | CLASS, false, NULL },
    { "revoke leaf", CRLS, false, NULL },
    { "revoke issuer", CRLS, false, NULL },
    { "crl absent", CRLS, false, NULL },
    { "crl expired", CRLS, false, NULL },
    { "crl current", CRLS, false, "crl absent" },
    { "issuer leaf R13", LEAF | ISSUER | SERVED, false, NULL },
    { "issuer leaf YR3", LEAF | ISSUER | SERVED, false, NULL },
    { "catalog 2026-01-20 profile classic", LEAF | DATES | AT, false, NULL },
    { "catalog 2026-01-20 profile tlsserver", LEAF | EKU | NAMES | ISSUER | SERVED | SKI | DATES | AT,
      false, NULL },
    { "sign leaf self", LEAF | ISSUER | SERVED, false, NULL },
    { "sign leaf stranger", LEAF | KEY, false, NULL },
    { "sign leaf private-ca", LEAF | ISSUER | SERVED, true, NULL },
    { "serve omit first", SERVED, false, NULL },
    { "serve omit R12", SERVED, false, NULL },
    { "serve cut R12", SERVED, false, NULL },
    { "serve leaf-only", SERVED, false, NULL },
    { "serve append ISRG Root X1", SERVED, false, NULL },
    { "serve swap R12 \"R13 by ISRG Root X1\"", SERVED, false, NULL },
    { "need served R12", 0, false, NULL },
    { "need key RSA", 0, false, NULL },
    { "need other sectigo", 0, false, NULL },
    { "date 2026-03-01", AT, false, NULL },
    { "date +60d", AT, false, NULL },
    { "date expired", AT, false, NULL },
    { "store remove \"ISRG Root X1\"", ANCHORS, false, NULL },
    { "store remove own", ANCHORS, false, NULL },
    { "store remove family", ANCHORS, false, NULL },
    { "store add \"Root YR\"", ANCHORS, false, NULL },
    { "store add \"YR1 by Root YR\"", ANCHORS, false, NULL },
    { "store empty", ANCHORS, true, NULL },
    { "store add own", ANCHORS, false, "store remove own" },
    { "store add private-ca", ANCHORS, true, "sign leaf private-ca" },
    { "tlsa pins 3 1 1 2 1 1", TLSA, false, NULL },
    { "tlsa set \"3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", TLSA, false,
      NULL },
    { "tlsa add \"3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", TLSA, false,
      "tlsa pins 3 1 1" },
    { "tlsa stale", TLSA, false, "tlsa pins 3 1 1" },
    { "tlsa remove", TLSA, false, "tlsa pins 3 1 1" },
    { "tlsa bogus", TLSA, false, "tlsa pins 3 1 1" },
    { "policy mode enforce", POLICY, false, NULL },
    { "policy mode testing", POLICY, false, "policy mode enforce" },
    { "policy mx other.example.org", POLICY, false, "policy mode enforce" },
    { "policy stale", POLICY, false, "policy mode enforce" },
    { "policy add host", POLICY, false, "policy mx other.example.org" },
    { "policy none", POLICY, false, "policy mode enforce" },
    { "starttls absent", STARTTLS | SERVED, false, NULL },
    { "starttls refused", STARTTLS | SERVED, false, NULL },
    { "mx rename mx9.example.org", HOST, false, NULL },
    { "mx rename mx9", HOST, false, NULL },
    { "try names leaf wrong", LEAF | NAMES, false, NULL },
    { "dnssec expire", DNSSEC | TLSA, false, NULL },
    { "dnssec unsigned", DNSSEC | TLSA, false, NULL },
    { "receiver asks", ASKS, true, NULL },
    { "receiver requires", ASKS, true, NULL },
    { "client-cert none", SERVED, true, NULL },
    { "restore chain", 0, false, "serve leaf-only" }, /* from here on: what came before is undone */
    { "restore chain", 0, true, "client-cert none" },
    { "restore starttls", 0, false, "starttls absent" },
    { "restore dns", 0, false, "dnssec expire" },
    { "restore dns", 0, false, "tlsa bogus" },
    { "pin key", 0, true, NULL },
    { "pin leaf", LEAF | DATES | PINS, true, "renew leaf" },
};

static void one_verb(const struct verb *v)
{
    struct bench *b = bench_issued(RSA, "2026-01-10", "classic");
    struct mxs_evidence *ev = mxs_arena_dup(b->arena, b->subject.evidence, sizeof *ev);
    struct mxs_changes changes = { 0 };
    struct mxs_future out;
    struct mxs_why why = { MXS_OK, "" };
    ev->client_role = v->client;
    b->subject.evidence = ev;
    b->options.at = bench_date("2026-01-15");
    bool undone = strncmp(v->words, "restore", 7) == 0;
    bool together = v->first && (strcmp(v->words, "pin leaf") == 0 || strstr(v->words, "private-ca") ||
                                 undone);
    if (v->first && !together)
        bench_be(b, v->first);
    struct mxs_future now = bench_now(b);
    if (together && mxs_change_parse(b->arena, v->first, b->catalog,
                                     mxs_list_add(b->arena, &changes.list), &why))
        fail_msg("%s", why.text);
    if (mxs_change_parse(b->arena, v->words, b->catalog, mxs_list_add(b->arena, &changes.list), &why) ||
        mxs_overlay_changes(b->arena, &b->whatif, &now, &changes, &out, &why))
        fail_msg("%s: %s", v->words, why.text);
    unsigned d = chain_differs(b, &now.session->chain, &out.session->chain) |
                 world_differs(&now, &out) | pins_differ(&now, &out) |
                 (anchors(b, &now) != anchors(b, &out) ? ANCHORS : 0);
    unsigned expected = v->changes | (together && strstr(v->first, "private-ca")
                                          ? LEAF | ISSUER | SERVED : 0);
    if (d != expected)
        fail_msg("%s: differs in 0x%x, not in 0x%x", v->words, d, expected);
    if (strncmp(v->words, "need", 4) != 0 && out.changes.n <= now.changes.n)
        fail_msg("%s: says nothing of what was done", v->words);
    bench_free(b);
}

static void each_verb(void **state)
{
    size_t n, tried = 0;
    const struct mxs_change_kind *kinds = mxs_change_kinds(&n);
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(verbs); i++)
        one_verb(&verbs[i]);
    for (size_t k = 0; k < n; k++, tried = 0) {
        size_t len = strlen(kinds[k].verb);
        for (size_t i = 0; i < MXS_COUNT(verbs); i++)
            tried += strncmp(verbs[i].words, kinds[k].verb, len) == 0 && verbs[i].words[len] == ' ';
        if (!tried)
            fail_msg("no row tries \"%s\"", kinds[k].verb);
    }
}

/* --- does not apply ------------------------------------------------------------------------------- */

static void not_applicable(void **state)
{
    static const struct {
        const char *words, *why;
        bool client;
    } rows[] = {
        { "eku leaf +clientAuth", "already", false },
        { "serve omit root", "no such certificate is served: root", false },
        { "serve cut YR1", "no such certificate is served: YR1", false },
        { "serve swap YR1 YR2", "none of the certificates", false },
        { "need served \"DST Root CA X3\"", "DST Root CA X3 has no part", false },
        { "need tlsa", "no TLSA record", false },
        { "need key ECDSA", "no ECDSA key", false },
        { "need other letsencrypt", "is from Let's Encrypt (ISRG)", false },
        { "date expired", "expired already", false },
        { "need policy", "no MTA-STS policy", false },
        { "need revoked", "the leaf is on no CRL", false },
        { "crl current", "a current CRL of each CA", true },
        { "tlsa remove", "no TLSA record", false },
        { "tlsa stale", "no TLSA record", false },
        { "policy none", "no MTA-STS policy", false },
        { "tlsa bogus", "receiving server", true },
        { "starttls absent", "receiving server", true },
        { "client-cert none", "sending server", false },
        { "receiver asks", "sending server", false },
        { "store remove \"DigiCert Global Root CA\"", "does not lead to", false },
        { "issuer leaf YE1", "RSA", false },
        { "catalog 2010-01-01", "does not say", false },
        { "store add private-ca", "comes first", true },
        { "store add own", "has what this chain leads to", false },
        { "policy add host", "no MTA-STS policy", false },
        { "restore chain", "the chain is as before already", false },
        { "restore starttls", "STARTTLS is as before already", false },
        { "restore dns", "receiving server", true },
    };
    (void)state;
    struct bench *b = bench_issued(RSA, "2026-01-10", "classic");
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_changes changes = { 0 };
        struct mxs_future now = bench_now(b), out;
        struct mxs_why why = { MXS_OK, "" };
        struct mxs_evidence *ev = mxs_arena_dup(b->arena, now.evidence, sizeof *ev);
        ev->client_role = rows[i].client;
        now.evidence = ev;
        now.at += strstr(rows[i].words, "expired") ? 400 * 86400 : 0;
        if (mxs_change_parse(b->arena, rows[i].words, b->catalog,
                             mxs_list_add(b->arena, &changes.list), &why))
            fail_msg("%s", why.text);
        assert_int_equal(mxs_overlay_changes(b->arena, &b->whatif, &now, &changes, &out, &why),
                         MXS_ERR_NOT_FOUND);
        if (!strstr(why.text, rows[i].why))
            fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].words, why.text, rows[i].why);
    }
    bench_free(b);
}

/* --- other CAs, roles, directions ----------------------------------------------------------------- */

static void another_ca(void **state)
{
    (void)state;
    struct bench *b = bench_new(RSA); /* of a CA that the catalog does not have */
    struct mxs_overlay o;
    lay(b, "rollover/generation-y", &o);
    assert_non_null(strstr(o.why_not, "it is about certificates of Let's Encrypt"));
    assert_int_equal(o.futures.n, 0);
    lay(b, "reaction/receiver-asks", &o);
    assert_non_null(strstr(o.why_not, "sending server"));
    lay(b, "failure/expired", &o);
    assert_null(o.why_not);
    bench_free(b);
}

/* The rollovers of other CAs: pins of the old issuer break, those of the key do not; who has the new
 * issuer already is past it; another issuer of the same CA is not meant. */
static void other_rollovers(void **state)
{
    static const struct {
        const char *scenario, *leaf, *old, *chain, *stranger;
    } rows[] = {
        { "rollover/sectigo-r46", RSA, "Sectigo RSA Domain Validation Secure Server CA",
          "Sectigo Public Server Authentication CA DV R36",
          "COMODO RSA Organization Validation Secure Server CA" },
        { "rollover/digicert-g1-to-g2", RSA, "DigiCert TLS RSA SHA256 2020 CA1",
          "DigiCert Global G2 TLS RSA SHA256 2020 CA1", "RapidSSL TLS RSA CA G1" },
        { "rollover/digicert-g1-to-g2", ECDSA, "DigiCert TLS Hybrid ECC SHA384 2020 CA1",
          "DigiCert Global G3 TLS ECC SHA384 2020 CA1", "RapidSSL TLS RSA CA G1" },
        { "rollover/godaddy-r1", RSA, "Go Daddy Secure Certificate Authority - G2",
          "GoDaddy TLS Intermediate CA DV - R1v1 GoDaddy TLS Root CA - R1",
          "Starfield Secure Certificate Authority - G2" },
        { "rollover/globalsign-r46", RSA, "GlobalSign GCC R6 AlphaSSL CA 2025",
          "GlobalSign GCC R46 AlphaSSL CA 2025", "GlobalSign Extended Validation CA - SHA256 - G3" },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct bench *b = bench_new(rows[i].leaf);
        struct mxs_overlay o;
        bench_be(b, mxs_arena_printf(b->arena, "issuer leaf %s", rows[i].stranger));
        lay(b, rows[i].scenario, &o);
        assert_non_null(strstr(o.why_not, "it is about certificates issued by one of "));
        bench_be(b, mxs_arena_printf(b->arena, "issuer leaf %s", rows[i].old));
        bench_be(b, "tlsa pins 2 1 1");
        lay(b, rows[i].scenario, &o);
        if (o.why_not)
            fail_msg("%s: %s", rows[i].scenario, o.why_not);
        assert_int_equal(o.direction, MXS_FORWARD);
        assert_string_equal(chain_names(b, &o.before), rows[i].old);
        assert_string_equal(chain_names(b, &o.futures.v[0]), rows[i].chain);
        assert_int_equal(bench_verdict(b, &o.before, "rfc/dane").verified, 1);
        assert_int_equal(bench_verdict(b, &o.futures.v[0], "rfc/dane").action, MXS_ACTION_DEFER);
        bench_subject(b, &o.futures.v[0]);
        lay(b, rows[i].scenario, &o);
        assert_null(o.why_not);
        assert_int_equal(o.direction, MXS_BACKWARD);
        assert_string_equal(chain_names(b, &o.before), rows[i].old);
        bench_free(b);
    }
}

/* The evidence is already past the change: before is rebuilt as it was, after is what was seen. */
static void backward(void **state)
{
    static const struct {
        const char *issued, *profile, *scenario, *chain_before, *from, *until;
    } rows[] = {
        { "2026-06-20", "classic", "rollover/generation-y", "R12", "2026-05-28", "2026-06-19" },
        { "2026-06-20", "classic", "eku/le-classic", "R12", "2026-02-11", "2026-05-12" },
        { "2020-12-20", "classic", "rollover/x3-to-r3", "X3", "2020-12-02", "2020-12-19" },
        { "2026-05-20", "tlsserver", "rollover/cross-signs-reissued", "YR1 Root YR", "2026-05-13",
          "2026-05-19" },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct bench *b = bench_issued(RSA, rows[i].issued, rows[i].profile);
        struct mxs_overlay o;
        lay(b, rows[i].scenario, &o);
        if (o.why_not)
            fail_msg("%s: %s", rows[i].scenario, o.why_not);
        assert_int_equal(o.direction, MXS_BACKWARD);
        assert_int_equal(o.futures.n, 1);
        assert_string_equal(chain_names(b, &o.before), rows[i].chain_before);
        assert_ptr_equal(o.futures.v[0].session, b->subject.session);
        assert_int_equal(o.happened_from, bench_date(rows[i].from));
        if (strncmp(mxs_time_text(b->arena, o.happened_until), rows[i].until, 10) != 0)
            fail_msg("%s: until %s", rows[i].scenario, mxs_time_text(b->arena, o.happened_until));
        assert_int_equal(bench_verdict(b, &o.before, "rfc/webpki").action, MXS_ACTION_DELIVER);
        bench_free(b);
    }
}

/* The leaf without clientAuth that was seen: before, it had it, and R12 let it. */
static void backward_eku(void **state)
{
    (void)state;
    struct bench *b = bench_issued(RSA, "2026-06-20", "classic");
    struct mxs_overlay o;
    lay(b, "eku/le-classic", &o);
    assert_true(o.before.session->chain.certs.v[0]->eku & MXS_EKU_CLIENT_AUTH);
    assert_false(o.futures.v[0].session->chain.certs.v[0]->eku & MXS_EKU_CLIENT_AUTH);
    bench_free(b);
}

/* Pins of that time broke; pins of today were right then as they are now. */
static void backward_pins(void **state)
{
    static const struct {
        const char *pins;
        bool before, after;
    } rows[] = {
        { "pins 2 1 1", true, true },
        { "pins 3 0 1", true, true },
        { "set \"2 1 1 7e4e8838a8add6295de7ae3b047d3aba3488ab95db0a0aa56d897a00d8618bcf\"", true, true },
        { "set \"2 1 1 919c0df7a787b597ed056ace654b1de9c0387acf349f73734a4fd7b58cf612a4\"", true, false },
        { "set \"3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", false, false },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct bench *b = bench_issued(RSA, "2026-06-20", "classic");
        struct mxs_overlay o;
        bench_be(b, mxs_arena_printf(b->arena, "tlsa %s", rows[i].pins));
        lay(b, "rollover/generation-y", &o);
        assert_int_equal(o.direction, MXS_BACKWARD);
        if ((bench_verdict(b, &o.before, "rfc/dane").verified == 1) != rows[i].before ||
            (bench_verdict(b, &o.futures.v[0], "rfc/dane").verified == 1) != rows[i].after)
            fail_msg("%s", rows[i].pins);
        bench_free(b);
    }
}

/* --- every scenario is about something ------------------------------------------------------------ */

static void judged(struct bench *b, const struct mxs_future *f)
{
    static const char *const verifiers[] = { "rfc/opportunistic", "rfc/dane", "rfc/mta-sts",
                                             "rfc/webpki", "rfc/requiretls" };
    for (size_t i = 0; i < MXS_COUNT(verifiers); i++) {
        struct mxs_verdict v = bench_verdict(b, f, verifiers[i]);
        assert_true(v.action != MXS_ACTION_UNKNOWN || v.reasons.n);
    }
}

static void all_in(struct bench *b, bool *applied)
{
    for (size_t i = 0; i < mxs_scenarios_count(b->scenarios); i++) {
        struct mxs_overlay o;
        const struct mxs_scenario *s = mxs_scenarios_at(b->scenarios, i);
        mxs_overlay(b->arena, &b->whatif, &b->subject, s, &o);
        if (getenv("SHOW"))
            printf("%-36s %s%s%s\n", s->id, o.why_not ? "- " : o.direction ? "backward" : "forward",
                   o.why_not ? o.why_not : " ", o.why_not ? "" : chain_names(b, &o.futures.v[0]));
        applied[i] = applied[i] || !o.why_not;
        judged(b, &o.before);
        for (size_t k = 0; k < o.futures.n; k++)
            judged(b, &o.futures.v[k]);
    }
}

static void everywhere(void **state)
{
    bool applied[200] = { false };
    struct bench *b = NULL;
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(bench_states); i++) {
        if (getenv("SHOW"))
            printf("== %s %s %s\n", bench_states[i].leaf, bench_states[i].issued, bench_states[i].client ? "client" : "");
        b = bench_in_state(&bench_states[i]);
        assert_true(mxs_scenarios_count(b->scenarios) <= MXS_COUNT(applied));
        all_in(b, applied);
        if (i + 1 < MXS_COUNT(bench_states))
            bench_free(b);
    }
    for (size_t i = 0; i < mxs_scenarios_count(b->scenarios); i++)
        if (!applied[i])
            fail_msg("%s applies nowhere", mxs_scenarios_at(b->scenarios, i)->id);
    bench_free(b);
}

/* Nothing is touched that belongs to the subject. */
static void subject_is_left_alone(void **state)
{
    (void)state;
    struct bench *b = bench_issued(RSA, "2026-01-10", "classic");
    bench_be(b, "tlsa pins 3 1 1");
    bench_be(b, "policy mode enforce");
    struct mxs_future was = bench_now(b);
    const char *host = was.host->host;
    size_t tlsa = was.host->tlsa.n, certs = was.session->chain.certs.n;
    uint8_t first = was.host->tlsa.v[0].data.p[0];
    for (size_t i = 0; bench_scenario(b, "failure/expired") && i < mxs_scenarios_count(b->scenarios); i++) {
        struct mxs_overlay o;
        mxs_overlay(b->arena, &b->whatif, &b->subject, mxs_scenarios_at(b->scenarios, i), &o);
        assert_true(!o.why_not == (o.futures.n > 0));
    }
    assert_ptr_equal(b->subject.host->host, host);
    assert_int_equal(b->subject.host->tlsa.n, tlsa);
    assert_int_equal(b->subject.host->tlsa.v[0].data.p[0], first);
    assert_int_equal(b->subject.session->chain.certs.n, certs);
    assert_int_equal(b->subject.evidence->domain.sts.policy.mode, MXS_STS_ENFORCE);
    bench_free(b);
}

/* Roots are replicated only if the trust store has them. */
static void no_root_from_nowhere(void **state)
{
    (void)state;
    struct bench *b = bench_issued(RSA, "2026-05-01", "classic");
    struct mxs_overlay o;
    b->options.store = mxs_store_new("none");
    lay(b, "rollover/generation-y", &o);
    assert_int_equal(bench_verdict(b, &o.futures.v[0], "rfc/webpki").action, MXS_ACTION_DEFER);
    assert_int_equal(mxs_store_size(o.futures.v[0].store), 0);
    mxs_store_free(b->options.store);
    bench_free(b);
}

/* --- subjects ------------------------------------------------------------------------------------- */

static void subjects(void **state)
{
    (void)state;
    struct bench *b = bench_new(RSA);
    struct mxs_session_facts *again = mxs_arena_dup(b->arena, b->e.session, sizeof *again);
    struct mxs_session_facts *ecdsa = mxs_arena_dup(b->arena, b->e.session, sizeof *again);
    struct mxs_session_facts *bare = mxs_arena_dup(b->arena, b->e.session, sizeof *again);
    struct mxs_subjects s;
    again->address = "2001:db8::25";
    memset(&ecdsa->chain, 0, sizeof ecdsa->chain);
    *mxs_list_add(b->arena, &ecdsa->chain.certs) = bench_cert(b, ECDSA);
    ecdsa->tls.client_auth.sent = MXS_SENT_CERTIFICATE;
    *mxs_list_add(b->arena, &ecdsa->tls.client_auth.chain.certs) = bench_cert(b, ECDSA);
    memset(&bare->chain, 0, sizeof bare->chain);
    bare->starttls = MXS_STARTTLS_ABSENT;
    *mxs_list_add(b->arena, &b->e.host->sessions) = again;
    *mxs_list_add(b->arena, &b->e.host->sessions) = ecdsa;
    *mxs_list_add(b->arena, &b->e.host->sessions) = bare;
    mxs_subjects_of(b->arena, &b->e.ev, false, &s);
    assert_int_equal(s.list.n, 3);
    assert_string_equal(s.list.v[0].name, "mx.example.org:25 (RSA)");
    assert_int_equal(s.list.v[0].n_sessions, 2);
    assert_string_equal(s.list.v[1].name, "mx.example.org:25 (ECDSA)");
    assert_false(s.list.v[1].evidence->client_role);
    assert_true(s.list.v[2].evidence->client_role);
    assert_int_equal(s.list.v[2].host->sessions.n, 1);
    mxs_subjects_of(b->arena, &b->e.ev, true, &s);
    assert_int_equal(s.list.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(s.list.v[i].evidence->client_role);
        assert_int_equal(s.list.v[i].evidence->shown, i == 0); /* what we showed comes first */
    }
    b->e.host->sessions.v[0] = bare;
    b->e.host->sessions.n = 1;
    mxs_subjects_of(b->arena, &b->e.ev, false, &s);
    assert_int_equal(s.list.n, 1);
    assert_int_equal(s.list.v[0].session->starttls, MXS_STARTTLS_ABSENT);
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accidents_replayed), cmocka_unit_test(each_verb),
        cmocka_unit_test(not_applicable),     cmocka_unit_test(another_ca),
        cmocka_unit_test(other_rollovers),
        cmocka_unit_test(backward),           cmocka_unit_test(backward_eku),
        cmocka_unit_test(backward_pins),      cmocka_unit_test(everywhere),
        cmocka_unit_test(subject_is_left_alone), cmocka_unit_test(no_root_from_nowhere),
        cmocka_unit_test(subjects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
