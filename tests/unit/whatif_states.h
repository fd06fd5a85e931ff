/* States of the world in which every bundled scenario applies somewhere: Let's Encrypt's chains of six
 * years, other CAs, both roles. */
#ifndef MXSCOPE_TESTS_UNIT_WHATIF_STATES_H
#define MXSCOPE_TESTS_UNIT_WHATIF_STATES_H

#include "base/der.h"
#include "whatif_bench.h"

#define RSA "judge/rsa2048.crt"
#define ECDSA "judge/eku-both.crt"

/* A leaf of a CA of this organization, which the catalog knows by its name alone. */
static inline void bench_be_of(struct bench *b, const char *organization)
{
    struct mxs_future now = bench_now(b), *again = MXS_NEW(b->arena, struct mxs_future);
    struct mxs_bytes words[] = { mxs_der_put_oid(b->arena, "2.5.4.10"),
                                 mxs_der_value(b->arena, MXS_DER_UTF8_STRING,
                                               mxs_bytes_str(organization)) };
    struct mxs_bytes name = mxs_der_wrap(b->arena, MXS_DER_SEQUENCE, words, 2);
    name = mxs_der_value(b->arena, MXS_DER_SET, name);
    struct mxs_blueprint print = { .cert = now.session->chain.certs.v[0], .edits = MXS_EDIT_ISSUER };
    struct mxs_session_facts *session = mxs_arena_dup(b->arena, now.session, sizeof *session);
    print.issuer = (struct mxs_issuer){ .subject_raw = mxs_der_value(b->arena, MXS_DER_SEQUENCE, name),
                                        .spki = print.cert->spki };
    BENCH_MUST(mxs_rebuild_chain(b->rebuild, b->arena, &print, 1, NULL, &session->chain, NULL) ==
               MXS_OK);
    *again = now;
    again->session = session;
    bench_subject(b, again);
}

static const struct bench_state {
    const char *leaf, *issued, *profile; /* issued NULL: organization */
    bool client;
    const char *change[3];
} bench_states[] = {
    { RSA, "2020-11-20", "classic", false, { NULL } },
    { RSA, "2021-02-20", "classic", false, { NULL } }, /* R3 by DST */
    { RSA, "2024-01-20", "classic", false, { NULL } },
    { RSA, "2024-05-20", "classic", false, { NULL } },
    { RSA, "2025-08-01", "classic", false, { NULL } },
    { RSA, "2026-01-20", "classic", true, { NULL } },
    { RSA, "2026-03-20", "tlsclient", true, { NULL } },
    { RSA, "2026-02-01", "tlsserver", false, { NULL } },
    { ECDSA, "2026-05-01", "classic", false, { "tlsa pins 3 1 1 2 1 1", "policy mode enforce", NULL } },
    { RSA, "2026-06-20", "classic", false, { "tlsa pins 3 1 1", "policy mode enforce", NULL } },
    { ECDSA, "2026-06-20", "classic", true, { NULL } },
    { ECDSA, "DigiCert Inc", NULL, true, { NULL } },
    { ECDSA, "Sectigo Limited", NULL, true, { NULL } },
    { ECDSA, "Google Trust Services", NULL, true, { NULL } },
    { ECDSA, "GoDaddy.com, Inc.", NULL, true, { NULL } },
    { ECDSA, "Asseco Data Systems S.A.", NULL, true, { NULL } },
    { ECDSA, "Actalis S.p.A.", NULL, true, { NULL } },
    { ECDSA, "SSL Corp", NULL, true, { NULL } },
    { RSA, "2026-01-20", "classic", false,
      { "issuer leaf Sectigo RSA Domain Validation Secure Server CA", NULL } },
    { RSA, "2026-01-20", "classic", false, { "issuer leaf DigiCert TLS RSA SHA256 2020 CA1", NULL } },
    { RSA, "2026-01-20", "classic", false,
      { "issuer leaf Go Daddy Secure Certificate Authority - G2", NULL } },
    { RSA, "2026-01-20", "classic", false, { "issuer leaf GlobalSign GCC R6 AlphaSSL CA 2025", NULL } },
    { ECDSA, "2026-01-20", "classic", true, { "issuer leaf DigiCert Global Root CA", NULL } },
};

static inline struct bench *bench_in_state(const struct bench_state *s)
{
    struct bench *b = s->profile ? bench_issued(s->leaf, s->issued, s->profile) : bench_new(s->leaf);
    mxs_store_add(b->store, bench_cert(b, "whatif/digicert-g1.pem"));
    if (!s->profile)
        bench_be_of(b, s->issued);
    for (size_t i = 0; s->change[i]; i++)
        bench_be(b, s->change[i]);
    struct mxs_evidence *ev = mxs_arena_dup(b->arena, b->subject.evidence, sizeof *ev);
    ev->client_role = s->client;
    b->subject.evidence = ev;
    bench_scenario(b, "failure/expired");
    return b;
}

#endif
