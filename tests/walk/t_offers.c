/* The kinds of certificate asked for, and our own under each. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "walk/world.h"

#define S(...) (const char *const[]){ __VA_ARGS__, NULL }
#define HELLO "> 220 mx.test ESMTP\r\n", "< EHLO client.test", "> 250-mx.test\r\n250 STARTTLS\r\n"

static void offers(void **state)
{
    const struct world_certs *certs = *state;
    static const struct {
        bool rsa, ec;
        enum mxs_end ends[3]; /* any, rsa, ecdsa */
    } rows[] = {
        { true, true, { MXS_END_DONE, MXS_END_DONE, MXS_END_DONE } },
        { true, false, { MXS_END_DONE, MXS_END_DONE, MXS_END_DONE } },
        { false, true, { MXS_END_DONE, MXS_END_DONE, MXS_END_DONE } },
    };
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct world *world = world_new(certs);
        world->options.offer_all = true;
        world->tls.chains[0] = rows[i].rsa ? certs->rsa : NULL;
        world->tls.chains[1] = rows[i].ec ? certs->ec : NULL;
        world_open(world, S(HELLO, "starttls", "smtp"));
        mxs_walk_finish(world->walk);
        for (uint32_t n = 1; n <= 3; n++) {
            const struct mxs_session_facts *s = world_session(world, n);
            bool lacks = (n == 2 && !rows[i].rsa) || (n == 3 && !rows[i].ec);
            assert_non_null(s);
            assert_int_equal(s->offer, n - 1);
            assert_int_equal(s->end, rows[i].ends[n - 1]);
            assert_null(s->error);
            assert_int_equal(s->tls.finished, !lacks);
            if (lacks) /* said, and no fault */
                assert_int_equal(s->stages[MXS_STAGE_SERVER_HELLO].status, MXS_STAGE_SKIPPED);
        }
        assert_null(world_session(world, 4));
        world_free(world);
    }
}

struct client_key {
    const char *cert, *key;
};

static void offer_both(const struct world_certs *certs, bool rsa_server,
                       const struct client_key *client, const char *priority)
{
    struct world *world = world_new(certs);
    world->options.offer_all = true;
    world->options.client_cert_pem = mxs_bytes_str(client->cert);
    world->options.client_key_pem = mxs_bytes_str(client->key);
    world->tls.chains[0] = rsa_server ? certs->rsa : NULL;
    world->tls.chains[1] = rsa_server ? NULL : certs->ec;
    world->tls.ask = PEER_DEMAND;
    world->tls.priority = priority;
    world_open(world, S(HELLO, "starttls", "smtp"));
    mxs_walk_finish(world->walk);
    for (uint32_t n = 1; n <= 3; n++) {
        const struct mxs_session_facts *s = world_session(world, n);
        assert_int_equal(s->offer, n - 1);
        assert_int_equal(s->end, MXS_END_DONE);
        if (n == (rsa_server ? 3 : 2)) /* a kind that the server does not have */
            continue;
        assert_int_equal(s->tls.client_auth.sent, MXS_SENT_CERTIFICATE);
        assert_int_equal(s->tls.client_auth.chain.certs.n, 1);
        assert_int_equal(s->tls.client_auth.verdict, MXS_CLIENT_ACCEPTED);
    }
    world_free(world);
}

/* What we may sign with is not what we offer the server: a client key of the other kind goes out under
 * each offer, whichever kinds of certificate the server has. */
static void offers_with_client_key(void **state)
{
    const struct world_certs *certs = *state;
    struct pki_cert rsa = pki_make(&(struct pki_spec){ .name = "client.test", .rsa = true },
                                   &certs->ca);
    char *pem = pki_cert_pem(&rsa), *key = pki_key_pem(&rsa);
    const struct client_key of_rsa = { pem, key };
    const struct client_key of_ec = { certs->client_pem, certs->client_key_pem };
    for (int i = 0; i < 8; i++)
        offer_both(certs, i & 1, i & 2 ? &of_rsa : &of_ec,
                   i & 4 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2" : NULL);
    free(pem);
    free(key);
    pki_free(&rsa);
}

/* A server that names other authorities gets it too, and the journal says so. */
static void client_certificate_unnamed(void **state)
{
    const struct world_certs *certs = *state;
    for (int i = 0; i < 2; i++) {
        struct world *world = world_new(certs);
        world->options.client_cert_pem = mxs_bytes_str(certs->client_pem);
        world->options.client_key_pem = mxs_bytes_str(certs->client_key_pem);
        world->tls.ask = PEER_ASK;
        world->tls.ca = i ? &certs->ca : certs->rsa;
        world_open(world, S(HELLO, "starttls", "smtp"));
        mxs_walk_finish(world->walk);
        const struct mxs_client_auth *auth = &world_session(world, 1)->tls.client_auth;
        assert_int_equal(auth->sent, MXS_SENT_CERTIFICATE);
        assert_string_equal(auth->acceptable_cas.v[0], i ? "CN=Test CA" : "CN=mx.test");
        assert_string_equal(auth->chain.certs.v[0]->issuer, "CN=Test CA");
        if (i)
            assert_null(auth->sent_why);
        else
            assert_non_null(strstr(auth->sent_why, "not among the authorities"));
        world_free(world);
    }
}

/* Both kinds refused: that is a fault, told by the second. */
static void no_kind_at_all(void **state)
{
    struct world *world = world_new(*state);
    world->options.offer_all = true;
    world->tls.priority = "NORMAL:-KX-ALL:+SRP:-VERS-ALL:+VERS-TLS1.2";
    world_open(world, S(HELLO, "starttls", "smtp"));
    mxs_walk_finish(world->walk);
    assert_int_equal(world_session(world, 1)->end, MXS_END_ALERT);
    assert_int_equal(world_session(world, 3)->end, MXS_END_ALERT);
    assert_int_equal(world_session(world, 3)->reached, MXS_STAGE_SERVER_HELLO);
    world_free(world);
}

static int group_setup(void **state)
{
    *state = world_certs_new();
    return 0;
}

static int group_teardown(void **state)
{
    world_certs_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers), cmocka_unit_test(offers_with_client_key),
        cmocka_unit_test(client_certificate_unnamed), cmocka_unit_test(no_kind_at_all),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
