/* Time comes by table, so that tests freeze it. */
#ifndef MXSCOPE_SRC_BASE_CLOCK_H
#define MXSCOPE_SRC_BASE_CLOCK_H

#include "base/arena.h"

struct mxs_clock {
    int64_t (*wall)(const struct mxs_clock *clock); /* seconds since 1970, UTC */
    int64_t (*mono)(const struct mxs_clock *clock); /* microseconds, monotonic, any origin */
    int64_t frozen;                                 /* what mxs_clock_frozen's wall says */
};

const struct mxs_clock *mxs_clock_real(void);
struct mxs_clock mxs_clock_frozen(int64_t wall); /* wall stands still, mono runs */

/* RFC 3339 in UTC: "2026-11-21T23:53:12Z". */
char *mxs_time_text(struct mxs_arena *arena, int64_t wall);
/* ISO 8601: a date, or a date and time with Z or an offset; a date alone is its 00:00 UTC. */
enum mxs_err mxs_time_parse(const char *s, int64_t *wall);
/* From civil UTC fields (month 1..12); no range checks. */
int64_t mxs_time_utc(int year, int month, int day, int hour, int minute, int second);

#endif
