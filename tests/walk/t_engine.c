/* Many walks on one engine: places at an address, sharing, what an engine refuses to start with. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "walk/world.h"

#define S(...) (const char *const[]){ __VA_ARGS__, NULL }
#define HELLO "> 220 mx.test ESMTP\r\n", "< EHLO client.test", "> 250-mx.test\r\n250 STARTTLS\r\n"

enum { WALKS = 60 };

struct crowd {
    struct world *world;
    struct peer *peers[4];
    struct mxs_walk *walks[WALKS];
    struct mxs_journal *journals[WALKS];
};

static void open_crowd(struct crowd *c, struct world *world, const char *const *script,
                       size_t peers)
{
    c->world = world;
    world_open(world, script);
    for (size_t i = 0; i < peers; i++)
        c->peers[i] = peer_new(mxs_engine_loop(world->engine), script, &world->tls);
    for (size_t i = 0; i < WALKS; i++) {
        char target[64];
        struct mxs_why why;
        snprintf(target, sizeof target, "[127.0.0.1]:%u", peer_port(c->peers[i % peers]));
        c->journals[i] = mxs_journal_new(mxs_clock_real());
        assert_int_equal(
            mxs_walk_new(world->engine, target, c->journals[i], &c->walks[i], &why), MXS_OK);
    }
}

static void run_crowd(struct crowd *c)
{
    for (size_t i = 0; i < WALKS; i++)
        mxs_walk_start(c->walks[i]);
    for (size_t i = 0; i < WALKS; i++)
        mxs_walk_finish(c->walks[i]);
}

static void free_crowd(struct crowd *c)
{
    for (size_t i = 0; i < WALKS; i++)
        mxs_walk_free(c->walks[i]);
    for (size_t i = 0; i < MXS_COUNT(c->peers); i++)
        if (c->peers[i])
            peer_free(c->peers[i]);
    world_free(c->world);
    for (size_t i = 0; i < WALKS; i++)
        mxs_journal_free(c->journals[i]);
}

/* The evidence of one walk of the crowd; the caller frees. */
static struct mxs_evidence *evidence(const struct crowd *c, size_t i)
{
    return mxs_fold_new(c->journals[i]);
}

static void places(void **state)
{
    static const unsigned limits[] = { 0, 1, 3 };
    for (size_t k = 0; k < MXS_COUNT(limits); k++) {
        struct crowd c = { 0 };
        struct world *world = world_new(*state);
        world->options.per_host = limits[k];
        open_crowd(&c, world, S(HELLO, "starttls", "smtp"), 4);
        run_crowd(&c);
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(peer_connections(c.peers[i]), WALKS / 4);
            assert_true(peer_most(c.peers[i]) <= (limits[k] ? limits[k] : 1));
            assert_null(peer_trouble(c.peers[i]));
        }
        for (size_t i = 0; i < WALKS; i++) {
            struct mxs_evidence *ev = evidence(&c, i);
            assert_int_equal(mxs_evidence_session(ev, 1, NULL)->end, MXS_END_DONE);
            mxs_fold_free(ev);
        }
        free_crowd(&c);
    }
}

/* Each (address, port, SNI, offer) once; everybody has the whole evidence. */
static void shared(void **state)
{
    struct crowd c = { 0 };
    struct world *world = world_new(*state);
    world->options.share = true;
    world->options.offer_all = true;
    open_crowd(&c, world, S(HELLO, "starttls", "smtp"), 4);
    run_crowd(&c);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(peer_connections(c.peers[i]), 3);
    for (size_t i = 0; i < WALKS; i++) {
        struct mxs_evidence *ev = evidence(&c, i);
        for (uint32_t n = 1; n <= 3; n++) {
            const struct mxs_session_facts *s = mxs_evidence_session(ev, n, NULL);
            assert_int_equal(s->end, MXS_END_DONE);
            assert_int_equal(s->offer, n - 1);
            assert_int_equal(s->chain.certs.n, 1);
            assert_int_equal(s->reached, MXS_STAGE_QUIT);
            assert_int_equal(s->stages[MXS_STAGE_POLICY].status, MXS_STAGE_OK);
        }
        mxs_fold_free(ev);
    }
    free_crowd(&c);
}

/* The second walk keeps away for a while; it can be stopped while it waits. */
static void busy_421(void **state)
{
    struct crowd c = { 0 };
    open_crowd(&c, world_new(*state), S("> 421 4.7.0 too many connections\r\n"), 1);
    for (size_t i = 0; i < 3; i++)
        mxs_walk_start(c.walks[i]);
    mxs_walk_finish(c.walks[0]);
    for (int i = 0; i < 50; i++)
        mxs_engine_run_once(c.world->engine, 0);
    assert_int_equal(peer_connections(c.peers[0]), 1);
    struct mxs_walk_status status = mxs_walk_status(c.walks[1]);
    assert_int_equal(status.state, MXS_WALK_WAITING);
    assert_string_equal(status.waiting_for, "a place at this host");
    mxs_walk_stop(c.walks[1]);
    assert_true(mxs_walk_done(c.walks[1]));
    assert_false(mxs_walk_done(c.walks[2]));
    free_crowd(&c); /* with one that still waits */
}

/* Freed in any state, also after the engine. */
static void freed_in_any_order(void **state)
{
    struct crowd c = { 0 };
    open_crowd(&c, world_new(*state), S(HELLO, "starttls", "smtp"), 2);
    for (size_t i = 0; i < WALKS; i++)
        mxs_walk_start(c.walks[i]);
    for (int i = 0; i < 40; i++)
        mxs_engine_run_once(c.world->engine, 0);
    for (size_t i = 0; i < WALKS; i += 2) {
        mxs_walk_free(c.walks[i]);
        c.walks[i] = NULL;
    }
    free_crowd(&c);
}

static void refusals(void **state)
{
    static const struct {
        struct mxs_session_options options;
        const char *why;
    } rows[] = {
        { { .source = "somewhere" }, "--source somewhere: not an IPv4 or IPv6 address" },
        { { .priority = "NORMAL:+NOPE" }, "priority string: not understood at \"+NOPE\"" },
        { { .ca_file = "/nonexistent/ca.pem" },
          "/nonexistent/ca.pem: No such file or directory" },
        { { .trust_anchor = "/nonexistent/root.key" }, "/nonexistent/root.key" },
    };
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        struct mxs_engine *engine;
        struct mxs_why why;
        assert_int_not_equal(mxs_engine_new(&rows[i].options, mxs_clock_real(), &engine, &why),
                             MXS_OK);
        assert_null(engine);
        if (!strstr(why.text, rows[i].why))
            fail_msg("wanted %s, got %s", rows[i].why, why.text);
    }
}

static void wrong_targets(void **state)
{
    struct world *world = world_new(*state);
    struct mxs_walk *walk;
    struct mxs_why why;
    world_open(world, S("wait"));
    assert_int_not_equal(mxs_walk_new(world->engine, "[", world->journal, &walk, &why), MXS_OK);
    assert_null(walk);
    assert_true(*why.text);
    world_free(world);
}

/* The terminal's descriptor on the engine's loop. */
static void on_input(void *data)
{
    int *fds = data;
    char c;
    fds[2] += read(fds[0], &c, 1) == 1;
}

static void callers_descriptor(void **state)
{
    struct world *world = world_new(*state);
    int fds[3] = { 0 };
    world_open(world, S("wait"));
    assert_int_equal(pipe(fds), 0);
    mxs_engine_watch(world->engine, fds[0], on_input, fds);
    mxs_engine_watch(world->engine, fds[0], on_input, fds); /* replaces */
    assert_int_equal(write(fds[1], "xy", 2), 2);
    mxs_engine_run_once(world->engine, -1);
    assert_int_equal(fds[2], 1);
    mxs_engine_watch(world->engine, fds[0], NULL, NULL);
    mxs_engine_run_once(world->engine, 0);
    assert_int_equal(fds[2], 1);
    close(fds[0]);
    close(fds[1]);
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
        cmocka_unit_test(places),             cmocka_unit_test(shared),
        cmocka_unit_test(busy_421),           cmocka_unit_test(freed_in_any_order),
        cmocka_unit_test(refusals),           cmocka_unit_test(wrong_targets),
        cmocka_unit_test(callers_descriptor),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
