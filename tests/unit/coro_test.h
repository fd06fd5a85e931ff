/* Runs a function on a coroutine until it returned, in the loop the test's servers are in too. No
 * assertion may fail inside of it: longjmp does not cross stacks. Note results, assert afterwards. */
#ifndef MXSCOPE_TESTS_UNIT_CORO_TEST_H
#define MXSCOPE_TESTS_UNIT_CORO_TEST_H

#include "net/coro.h"

static inline void coro_test(struct mxs_loop *loop, mxs_coro_fn fn, void *data)
{
    struct mxs_coro *coro = mxs_coro_new(loop, fn, data);
    mxs_coro_resume(coro);
    while (!mxs_coro_done(coro))
        mxs_loop_run_once(loop, -1);
    mxs_coro_free(coro);
}

#endif
