#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "lib/peer.h"
#include "net/stream.h"

/* A client that connects, runs one test's body on its coroutine, and notes what came. */
struct world {
    struct mxs_loop *loop;
    struct mxs_arena *arena;
    struct peer *peer;
    struct mxs_stream *stream;
    struct mxs_coro *coro;
    void (*body)(struct world *world, struct mxs_coro *self);
    int64_t timeout;
    struct mxs_socket_options options;
    /* results, asserted outside of the coroutine: no longjmp may leave it */
    enum mxs_err err;
    struct mxs_why why;
    struct mxs_buf got;
    size_t pending;
};

static int setup(void **state)
{
    struct world *world = mxs_alloc(sizeof *world);
    world->loop = mxs_loop_new(mxs_clock_real());
    world->arena = mxs_arena_new();
    world->timeout = 3600 * INT64_C(1000000);
    mxs_buf_init(&world->got, 1 << 20);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    if (world->stream)
        world->stream->ops->close(world->stream);
    mxs_coro_free(world->coro);
    if (world->peer)
        peer_free(world->peer);
    mxs_buf_fini(&world->got);
    mxs_loop_free(world->loop);
    mxs_arena_free(world->arena);
    mxs_realloc(world, 0);
    return 0;
}

static void client(struct mxs_coro *self, void *data)
{
    struct world *world = data;
    world->err = mxs_socket_connect(self, world->loop, &world->options,
                                    mxs_loop_now(world->loop) + world->timeout, &world->stream,
                                    &world->why);
    if (world->err)
        return;
    world->body(world, self);
}

static void start(struct world *world, const char *const *script,
                  void (*body)(struct world *world, struct mxs_coro *self))
{
    if (script)
        world->peer = peer_new(world->loop, script, NULL);
    world->options.address = world->options.address ? world->options.address : "127.0.0.1";
    world->options.port = world->options.port ? world->options.port : peer_port(world->peer);
    world->body = body;
    world->coro = mxs_coro_new(world->loop, client, world);
    mxs_coro_resume(world->coro);
}

static void run(struct world *world)
{
    while (!mxs_coro_done(world->coro) && mxs_loop_run_once(world->loop, -1))
        ;
    assert_true(mxs_coro_done(world->coro));
}

static void read_all(struct world *world)
{
    uint8_t chunk[64];
    size_t n;
    for (;;) {
        world->err = world->stream->ops->read(world->stream, chunk, sizeof chunk, &n,
                                              mxs_loop_now(world->loop) + world->timeout,
                                              &world->why);
        if (world->err)
            return;
        mxs_buf_add(&world->got, chunk, n);
    }
}

static void talk(struct world *world, struct mxs_coro *self)
{
    (void)self;
    world->stream->ops->write(world->stream, (const uint8_t *)"HELLO\r\n", 7, 0, NULL);
    read_all(world);
}

static void reads_and_writes(void **state)
{
    static const char *const script[] = { "< HELLO", "> one", "> two", NULL };
    struct world *world = *state;
    start(world, script, talk);
    run(world);
    assert_int_equal(world->err, MXS_ERR_CLOSED);
    assert_int_equal(world->stream->closed, MXS_CLOSE_FIN);
    assert_string_equal(mxs_buf_str(&world->got), "onetwo");
    assert_null(peer_trouble(world->peer));
    const char *local, *remote;
    mxs_socket_names(world->stream, world->arena, &local, &remote);
    assert_memory_equal(local, "127.0.0.1:", 10);
    assert_string_equal(remote, mxs_arena_printf(world->arena, "127.0.0.1:%u",
                                                 peer_port(world->peer)));
}

static void reset(void **state)
{
    static const char *const script[] = { "< HELLO", "> 421 go away\r\n", "rst", NULL };
    struct world *world = *state;
    start(world, script, talk);
    run(world);
    assert_int_equal(world->err, MXS_ERR_CLOSED);
    assert_int_equal(world->stream->closed, MXS_CLOSE_RST);
}

static void nobody_listens(void **state)
{
    static const char *const script[] = { NULL };
    struct world *world = *state;
    world->peer = peer_new(world->loop, script, NULL);
    world->options.port = peer_port(world->peer);
    peer_free(world->peer);
    world->peer = NULL;
    start(world, NULL, talk);
    run(world);
    assert_int_equal(world->err, MXS_ERR_IO);
    assert_string_equal(world->why.text, "Connection refused");
    assert_null(world->stream);
}

static void wrong_words(void **state)
{
    struct world *world = *state;
    world->options = (struct mxs_socket_options){ .address = "mx.example", .port = 25 };
    start(world, NULL, talk);
    run(world);
    assert_int_equal(world->err, MXS_ERR_USAGE);
    mxs_coro_free(world->coro);
    world->options = (struct mxs_socket_options){ .address = "127.0.0.1", .port = 25,
                                                  .source = "::1" };
    start(world, NULL, talk);
    run(world);
    assert_int_equal(world->err, MXS_ERR_UNSUPPORTED);
    assert_string_equal(world->why.text, "source address ::1 is of another family");
}

static void source(void **state)
{
    static const char *const script[] = { "> x", NULL };
    struct world *world = *state;
    const char *local, *remote;
    world->options.source = "127.0.0.2";
    start(world, script, talk);
    run(world);
    mxs_socket_names(world->stream, world->arena, &local, &remote);
    assert_memory_equal(local, "127.0.0.2:", 10);
}

static void silence(void **state)
{
    static const char *const script[] = { "wait", NULL };
    struct world *world = *state;
    start(world, script, talk);
    mxs_loop_run_once(world->loop, -1);
    world->timeout = 1000;
    mxs_coro_cancel(world->coro); /* the first wait; cancelled, not timed out */
    assert_int_equal(world->err, MXS_ERR_CANCELLED);
}

static void times_out(void **state)
{
    static const char *const script[] = { "wait", NULL };
    struct world *world = *state;
    world->timeout = 20000;
    start(world, script, talk);
    run(world);
    assert_int_equal(world->err, MXS_ERR_TIMEOUT);
    assert_string_equal(world->why.text, "timed out waiting for the peer");
}

/* Nobody reads: what came before the close is kept, and the close is seen. */
static void pauses(struct world *world, struct mxs_coro *self)
{
    mxs_coro_hold(self);
    world->pending = world->stream->ops->pending(world->stream);
    read_all(world);
}

static void drained_while_paused(void **state)
{
    static const char *const script[] = { "> 421 4.3.2 closing\r\n", NULL };
    struct world *world = *state;
    start(world, script, pauses);
    while (!world->stream || world->stream->closed == MXS_CLOSE_NONE)
        assert_true(mxs_loop_run_once(world->loop, -1));
    assert_int_equal(world->stream->closed, MXS_CLOSE_FIN);
    mxs_coro_wake(world->coro);
    run(world);
    assert_int_equal(world->pending, 19);
    assert_string_equal(mxs_buf_str(&world->got), "421 4.3.2 closing\r\n");
    assert_true(mxs_coro_held(world->coro) > 0);
}

static void reads_ten(struct world *world, struct mxs_coro *self)
{
    uint8_t chunk[10];
    size_t n;
    mxs_coro_hold(self);
    world->pending = world->stream->ops->pending(world->stream);
    for (int i = 0; i < 1000; i++)
        if (world->stream->ops->read(world->stream, chunk, sizeof chunk, &n, 0, NULL) == MXS_OK)
            mxs_buf_add(&world->got, chunk, n);
}

/* A flood fills the buffer, not the memory; the rest waits in the kernel. */
static void bounded(void **state)
{
    static const char *const script[] = { "flood 0123456789", NULL };
    struct world *world = *state;
    world->options.buffer_max = 4096;
    start(world, script, reads_ten);
    for (int i = 0; i < 2000; i++)
        mxs_loop_run_once(world->loop, -1);
    assert_int_equal(world->stream->ops->pending(world->stream), 4096);
    mxs_coro_wake(world->coro);
    run(world);
    assert_int_equal(world->pending, 4096);
    for (size_t i = 0; i < world->got.n; i++) /* nothing was lost at the bound */
        assert_int_equal(world->got.p[i], '0' + (int)(i % 10));
    assert_true(world->got.n > 4096);
}

static void writes_to_the_dead(struct world *world, struct mxs_coro *self)
{
    uint8_t zeroes[4096] = { 0 };
    (void)self;
    do
        world->err = world->stream->ops->write(world->stream, zeroes, sizeof zeroes, 0, &world->why);
    while (!world->err);
}

static void no_sigpipe(void **state)
{
    static const char *const script[] = { "close", NULL };
    struct world *world = *state;
    start(world, script, writes_to_the_dead);
    run(world);
    assert_int_equal(world->err, MXS_ERR_CLOSED);
    assert_memory_equal(world->why.text, "cannot send: ", 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_and_writes, setup, teardown),
        cmocka_unit_test_setup_teardown(reset, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_listens, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_words, setup, teardown),
        cmocka_unit_test_setup_teardown(source, setup, teardown),
        cmocka_unit_test_setup_teardown(silence, setup, teardown),
        cmocka_unit_test_setup_teardown(times_out, setup, teardown),
        cmocka_unit_test_setup_teardown(drained_while_paused, setup, teardown),
        cmocka_unit_test_setup_teardown(bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(no_sigpipe, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
