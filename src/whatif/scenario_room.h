/* What the files of the scenarios share (scenario.h has the format). */
#ifndef MXSCOPE_SRC_WHATIF_SCENARIO_ROOM_H
#define MXSCOPE_SRC_WHATIF_SCENARIO_ROOM_H

#include "whatif/scenario.h"

struct mxs_scenario_entry { /* one scenario as it was written */
    struct mxs_scenario s;
    const char *file, *after; /* after: the ids, as written */
    unsigned after_line;
    struct mxs_changes own, own_before; /* without those of `after` */
    enum { MXS_SCENARIO_UNLINKED, MXS_SCENARIO_LINKING, MXS_SCENARIO_LINKED } state;
};

struct mxs_scenarios {
    struct mxs_arena *arena;
    const struct mxs_catalog *catalog;
    MXS_LIST(struct mxs_scenario_entry *) entries; /* in order of group, then of id */
};

enum {
    MXS_SCENARIO_FILE_MAX = 256 * 1024,
    MXS_SCENARIOS_MAX = 2000
};

/* scenario_read.c: one file, without what it comes after. Fills *out, which begins as zeroes; what is in it
 * lives in the arena of all. Errors: "FILE:LINE: reason". */
enum mxs_err mxs_scenario_read(const struct mxs_scenarios *all, const char *file, struct mxs_bytes text,
                               struct mxs_scenario_entry *out, struct mxs_why *why);

#endif
