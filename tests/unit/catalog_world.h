/* The catalog of share/, loaded for a group of tests, and an arena for what they make. */
#ifndef MXSCOPE_TESTS_UNIT_CATALOG_WORLD_H
#define MXSCOPE_TESTS_UNIT_CATALOG_WORLD_H

#include "facts/catalog.h"

static struct mxs_catalog *catalog;
static struct mxs_arena *arena;

static int setup(void **state)
{
    struct mxs_why why;
    (void)state;
    arena = mxs_arena_new();
    if (mxs_catalog_load(MXS_TEST_SHARE "/catalog", &catalog, &why) != MXS_OK)
        fail_msg("%s", why.text);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mxs_catalog_free(catalog);
    mxs_arena_free(arena);
    return 0;
}

#endif
