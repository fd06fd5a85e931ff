#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "net/loop.h"

/* What happened, one letter each. */
struct trace {
    struct mxs_loop *loop;
    struct mxs_watch *watch;
    struct mxs_timer *timer;
    int fd;
    char text[32];
};

static void put(struct trace *trace, char c)
{
    size_t n = strlen(trace->text);
    if (n + 1 < sizeof trace->text)
        trace->text[n] = c;
}

static void on_read(void *data, short revents)
{
    struct trace *trace = data;
    char c = '?';
    assert_true(revents & POLLIN);
    assert_int_equal(read(trace->fd, &c, 1), 1);
    put(trace, c);
}

static void on_timer(void *data)
{
    put(data, 't');
}

static void on_second(void *data)
{
    put(data, 'u');
}

static int setup(void **state)
{
    struct trace *trace = mxs_alloc(sizeof *trace);
    trace->loop = mxs_loop_new(mxs_clock_real());
    *state = trace;
    return 0;
}

static int teardown(void **state)
{
    struct trace *trace = *state;
    mxs_loop_free(trace->loop);
    mxs_realloc(trace, 0);
    return 0;
}

static void watches(void **state)
{
    struct trace *trace = *state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    trace->fd = fds[0];
    struct mxs_watch *watch = mxs_loop_watch(trace->loop, fds[0], POLLIN, on_read, trace);
    assert_int_equal(write(fds[1], "ab", 2), 2);
    assert_true(mxs_loop_run_once(trace->loop, -1));
    mxs_watch_events(watch, 0);
    mxs_loop_run_once(trace->loop, 0);
    assert_string_equal(trace->text, "a");
    mxs_watch_events(watch, POLLIN);
    mxs_loop_run_once(trace->loop, -1);
    assert_string_equal(trace->text, "ab");
    close(fds[1]);
    mxs_watch_events(watch, 0); /* a hang-up that nobody asked for does not make it spin */
    mxs_loop_run_once(trace->loop, 0);
    assert_string_equal(trace->text, "ab");
    mxs_watch_free(watch);
    assert_false(mxs_loop_run_once(trace->loop, -1));
    close(fds[0]);
}

static void free_other(void *data, short revents)
{
    struct trace *trace = data;
    (void)revents;
    put(trace, 'f');
    mxs_watch_free(trace->watch);
    mxs_timer_free(trace->timer);
}

/* A callback frees a watch and a timer that are due in the same pass: they never run. */
static void freed_in_callback(void **state)
{
    struct trace *trace = *state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "a", 1), 1);
    trace->fd = fds[0];
    struct mxs_watch *first = mxs_loop_watch(trace->loop, fds[0], POLLIN, free_other, trace);
    trace->watch = mxs_loop_watch(trace->loop, fds[0], POLLIN, on_read, trace);
    trace->timer = mxs_loop_timer(trace->loop, 0, on_timer, trace);
    assert_true(mxs_loop_run_once(trace->loop, -1));
    assert_string_equal(trace->text, "f");
    mxs_watch_free(first);
    assert_false(mxs_loop_run_once(trace->loop, -1));
    close(fds[0]);
    close(fds[1]);
}

static void timers(void **state)
{
    struct trace *trace = *state;
    struct mxs_timer *late = mxs_loop_timer(trace->loop, 3600 * 1000000LL, on_second, trace);
    struct mxs_timer *now = mxs_loop_timer(trace->loop, 0, on_timer, trace);
    assert_true(mxs_loop_run_once(trace->loop, -1));
    assert_string_equal(trace->text, "t");
    mxs_loop_run_once(trace->loop, 0);
    assert_string_equal(trace->text, "t"); /* once, though it was not freed */
    mxs_timer_free(late);
    assert_false(mxs_loop_run_once(trace->loop, -1));
    mxs_timer_free(now);
    trace->timer = mxs_loop_timer(trace->loop, 2000, on_second, trace);
    while (mxs_loop_run_once(trace->loop, -1))
        ;
    assert_string_equal(trace->text, "tu");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(watches, setup, teardown),
        cmocka_unit_test_setup_teardown(freed_in_callback, setup, teardown),
        cmocka_unit_test_setup_teardown(timers, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
