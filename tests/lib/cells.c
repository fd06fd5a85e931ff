#include "config.h"

#include "cells.h"

#include "base/file.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

const char *cells_source(struct mxs_arena *arena, const char *name)
{
    const char *dir = getenv("srcdir");
    return mxs_arena_printf(arena, "%s/%s", dir ? dir : ".", name);
}

struct mxs_bytes cells_slurp(struct mxs_arena *arena, const char *name)
{
    struct mxs_bytes text;
    struct mxs_why why = { 0 };
    if (mxs_file_read(arena, cells_source(arena, name), 1 << 20, &text, &why))
        fail_msg("%s", why.text);
    return text;
}

static const char *text_of(struct mxs_arena *arena, const struct cells *cells, const char *kind)
{
    const char *name = mxs_arena_printf(arena, "tests/matrix/%s.%s", cells->name, kind);
    return (const char *)cells_slurp(arena, name).p;
}

static bool split(char *line, char **cell, size_t columns)
{
    for (size_t i = 0; i < columns; i++) {
        cell[i] = line;
        line = strchr(line, '\t');
        if (i < columns - 1) {
            if (!line)
                return false;
            *line++ = 0;
        }
    }
    return true;
}

static const char *join(struct mxs_arena *arena, char **cell, size_t from, size_t to, char by)
{
    const char *out = cell[from];
    for (size_t i = from + 1; i < to; i++)
        out = mxs_arena_printf(arena, "%s%c%s", out, by, cell[i]);
    return out;
}

struct tally {
    size_t cells, wrong, unnamed, stale;
};

static void compare(struct mxs_arena *arena, const struct cells *cells, const char *known, char **cell,
                    struct tally *tally)
{
    const char *got = cells->predict(cells->data, cell);
    const char *want = join(arena, cell, cells->keys, cells->columns, '\t');
    const char *name = join(arena, cell, 0, cells->keys, ' ');
    bool named = strstr(known, mxs_arena_printf(arena, "\n%s ", name)) != NULL;
    bool differs = strcmp(got, want) != 0;
    tally->cells++;
    tally->wrong += differs;
    if (differs && !named && ++tally->unnamed)
        print_error("%s\n  measured  %s\n  predicted %s\n", name, want, got);
    if (!differs && named && ++tally->stale)
        print_error("%s agrees, yet stands in %s.known\n", name, cells->name);
}

void cells_compare(struct mxs_arena *arena, const struct cells *cells)
{
    char *text = mxs_arena_strdup(arena, text_of(arena, cells, "tbl"));
    const char *known = text_of(arena, cells, "known");
    struct tally tally = { 0 };
    for (char *next, *line = text; *line; line = next) {
        char *cell[CELLS_COLUMNS], *end = line + strcspn(line, "\n");
        next = *end ? end + 1 : end;
        *end = 0;
        if (*line != '#' && split(line, cell, cells->columns))
            compare(arena, cells, known, cell, &tally);
    }
    print_message("%zu cells, %zu disagree (%.2f %%)\n", tally.cells, tally.wrong,
                  100.0 * (double)tally.wrong / (double)tally.cells);
    assert_true(tally.cells > cells->at_least);
    assert_int_equal(tally.unnamed, 0);
    assert_int_equal(tally.stale, 0);
    assert_true(tally.wrong * 100 <= tally.cells);
}
