#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "walk/world.h"

static void first(void **state)
{
    static const char *const script[] = { "> 220 mx.test ESMTP\r\n", "< EHLO client.test",
        "> 250-mx.test\r\n250 STARTTLS\r\n", "starttls", "smtp", NULL };
    struct world *world = world_new(*state);
    world_open(world, script);
    mxs_walk_finish(world->walk);
    world_dump(world);
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
        cmocka_unit_test(first),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
