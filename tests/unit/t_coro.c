#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "net/coro.h"

enum { FAR = 3600 };

struct world {
    struct mxs_loop *loop;
    struct mxs_coro *coro;
    int fds[2];
    int depth;
    enum mxs_err err;
    char text[32];
};

static void put(struct world *world, char c)
{
    size_t n = strlen(world->text);
    if (n + 1 < sizeof world->text)
        world->text[n] = c;
}

static int setup(void **state)
{
    struct world *world = mxs_alloc(sizeof *world);
    world->loop = mxs_loop_new(mxs_clock_real());
    if (pipe(world->fds) != 0)
        return -1;
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    mxs_coro_free(world->coro);
    mxs_loop_free(world->loop);
    close(world->fds[0]);
    close(world->fds[1]);
    mxs_realloc(world, 0);
    return 0;
}

static void start(struct world *world, mxs_coro_fn fn)
{
    world->coro = mxs_coro_new(world->loop, fn, world);
    mxs_coro_resume(world->coro);
}

static void run(struct world *world)
{
    while (!mxs_coro_done(world->coro) && mxs_loop_run_once(world->loop, -1))
        ;
    assert_true(mxs_coro_done(world->coro));
}

static void yields(struct mxs_coro *self, void *data)
{
    put(data, '1');
    mxs_coro_yield(self);
    put(data, '2');
}

static void yield_resume(void **state)
{
    struct world *world = *state;
    start(world, yields);
    assert_string_equal(world->text, "1");
    assert_false(mxs_coro_done(world->coro));
    mxs_coro_resume(world->coro);
    assert_string_equal(world->text, "12");
    assert_true(mxs_coro_done(world->coro));
    mxs_coro_resume(world->coro); /* nothing happens */
}

static void reads(struct mxs_coro *self, void *data)
{
    struct world *world = data;
    char c = 0;
    int64_t far = mxs_loop_now(world->loop) + FAR * 1000000LL;
    assert_int_equal(mxs_coro_wait_fd(self, world->fds[0], POLLIN, far), MXS_OK);
    world->depth = (int)read(world->fds[0], &c, 1);
    put(world, c);
    world->err = mxs_coro_wait_fd(self, world->fds[0], POLLIN, mxs_loop_now(world->loop) + 1000);
}

static void wait_fd(void **state)
{
    struct world *world = *state;
    start(world, reads);
    mxs_loop_run_once(world->loop, 0);
    assert_string_equal(world->text, "");
    assert_int_equal(write(world->fds[1], "x", 1), 1);
    run(world);
    assert_string_equal(world->text, "x");
    assert_int_equal(world->err, MXS_ERR_TIMEOUT);
    assert_false(mxs_loop_run_once(world->loop, 0)); /* nothing is left registered */
}

static void waits(struct mxs_coro *self, void *data)
{
    struct world *world = data;
    assert_int_equal(mxs_coro_wait(self, 0), MXS_OK); /* woken before it waited */
    put(world, 'a');
    assert_int_equal(mxs_coro_wait(self, 0), MXS_OK);
    put(world, 'b');
    assert_int_equal(mxs_coro_sleep(self, 1000), MXS_OK);
    world->err = mxs_coro_wait(self, mxs_loop_now(world->loop) + 1000);
}

static void wake(void **state)
{
    struct world *world = *state;
    world->coro = mxs_coro_new(world->loop, waits, world);
    mxs_coro_wake(world->coro);
    mxs_coro_wake(world->coro); /* is remembered once */
    mxs_coro_resume(world->coro);
    assert_string_equal(world->text, "a");
    mxs_coro_wake(world->coro);
    assert_string_equal(world->text, "a"); /* by the loop, not inside the caller */
    mxs_loop_run_once(world->loop, -1);
    assert_string_equal(world->text, "ab");
    run(world);
    assert_int_equal(world->err, MXS_ERR_TIMEOUT);
}

static void waits_forever(struct mxs_coro *self, void *data)
{
    struct world *world = data;
    world->err = mxs_coro_wait(self, 0);
    assert_int_equal(mxs_coro_wait_fd(self, world->fds[0], POLLIN, 0), MXS_ERR_CANCELLED);
    assert_int_equal(mxs_coro_sleep(self, 1000), MXS_ERR_CANCELLED);
    put(world, 'c');
}

static void cancel(void **state)
{
    struct world *world = *state;
    start(world, waits_forever);
    mxs_coro_cancel(world->coro);
    assert_true(mxs_coro_done(world->coro));
    assert_int_equal(world->err, MXS_ERR_CANCELLED);
    assert_string_equal(world->text, "c");
}

static void cancels_itself(struct mxs_coro *self, void *data)
{
    struct world *world = data;
    mxs_coro_cancel(self); /* a subscriber may do that: it runs on this stack */
    put(world, 's');
    world->err = mxs_coro_wait(self, 0);
}

static void cancel_from_inside(void **state)
{
    struct world *world = *state;
    start(world, cancels_itself);
    assert_true(mxs_coro_done(world->coro));
    assert_int_equal(world->err, MXS_ERR_CANCELLED);
}

static void never_started(void **state)
{
    struct world *world = *state;
    world->coro = mxs_coro_new(world->loop, waits, world);
    mxs_coro_cancel(world->coro);
    assert_string_equal(world->text, "");
}

/* 64 KiB of live stack across switches. */
static int deep(struct mxs_coro *self, int depth)
{
    volatile char page[4096];
    memset((char *)(uintptr_t)page, depth, sizeof page);
    if (depth == 0)
        mxs_coro_yield(self);
    return depth == 0 ? page[0] : page[sizeof page - 1] + deep(self, depth - 1);
}

static void dives(struct mxs_coro *self, void *data)
{
    struct world *world = data;
    world->depth = deep(self, 16);
}

static void big_frames(void **state)
{
    struct world *world = *state;
    start(world, dives);
    mxs_coro_resume(world->coro);
    assert_int_equal(world->depth, 16 * 17 / 2);
}

struct child {
    struct world *world;
    struct mxs_coro *coro;
};

static void counts(struct mxs_coro *self, void *data)
{
    struct child *child = data;
    for (int i = 0; i < 10; i++)
        assert_int_equal(mxs_coro_sleep(self, 1), MXS_OK);
    child->world->depth++;
}

static void many(void **state)
{
    struct world *world = *state;
    struct child children[500];
    for (size_t i = 0; i < MXS_COUNT(children); i++) {
        children[i].world = world;
        children[i].coro = mxs_coro_new(world->loop, counts, &children[i]);
        mxs_coro_resume(children[i].coro);
    }
    while (mxs_loop_run_once(world->loop, -1))
        ;
    assert_int_equal(world->depth, 500);
    for (size_t i = 0; i < MXS_COUNT(children); i++)
        mxs_coro_free(children[i].coro);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(yield_resume, setup, teardown),
        cmocka_unit_test_setup_teardown(wait_fd, setup, teardown),
        cmocka_unit_test_setup_teardown(wake, setup, teardown),
        cmocka_unit_test_setup_teardown(cancel, setup, teardown),
        cmocka_unit_test_setup_teardown(cancel_from_inside, setup, teardown),
        cmocka_unit_test_setup_teardown(never_started, setup, teardown),
        cmocka_unit_test_setup_teardown(big_frames, setup, teardown),
        cmocka_unit_test_setup_teardown(many, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
