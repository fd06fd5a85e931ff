/* Tables of measured cells: one a line, tab-separated, the first columns name the cell and the others say
 * what was measured. A cell that disagrees must be named in the .known file with its reason, and one that
 * is named must disagree. */
#ifndef MXSCOPE_TESTS_LIB_CELLS_H
#define MXSCOPE_TESTS_LIB_CELLS_H

#include "base/arena.h"

enum { CELLS_COLUMNS = 8 };

struct cells {
    const char *name;      /* tests/matrix/NAME.tbl and NAME.known */
    size_t columns, keys;  /* the first keys name the cell */
    size_t at_least;       /* so many cells there must be */
    /* What is predicted: the columns behind the keys, tab-separated. cell: the columns as measured. */
    const char *(*predict)(void *data, char **cell);
    void *data;
};

/* A file of the source tree; fails the test when it cannot be read. NUL-terminated, in arena. */
const char *cells_source(struct mxs_arena *arena, const char *name);
struct mxs_bytes cells_slurp(struct mxs_arena *arena, const char *name);
/* Compares every cell and asserts that at most 1 % disagree, all of them named. */
void cells_compare(struct mxs_arena *arena, const struct cells *cells);

#endif
