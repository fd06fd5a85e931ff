#include "config.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t real_wall(const struct mxs_clock *clock)
{
    (void)clock;
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return ts.tv_sec;
}

static int64_t real_mono(const struct mxs_clock *clock)
{
    (void)clock;
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t frozen_wall(const struct mxs_clock *clock)
{
    return clock->frozen;
}

const struct mxs_clock *mxs_clock_real(void)
{
    static const struct mxs_clock real = { real_wall, real_mono, 0 };
    return &real;
}

struct mxs_clock mxs_clock_frozen(int64_t wall)
{
    return (struct mxs_clock){ frozen_wall, real_mono, wall };
}

char *mxs_time_text(struct mxs_arena *arena, int64_t wall)
{
    time_t t = (time_t)wall;
    struct tm tm;
    char s[64] = "?";
    if (gmtime_r(&t, &tm))
        strftime(s, sizeof s, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return mxs_arena_strdup(arena, s);
}

/* Days since 1970-01-01 of a civil date: Howard Hinnant's days_from_civil, years from March. */
static int64_t days(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

int64_t mxs_time_utc(int year, int month, int day, int hour, int minute, int second)
{
    return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

static bool offset_parse(const char *s, int64_t *seconds)
{
    int h, m, used = 0;
    if (strcmp(s, "") == 0 || strcmp(s, "Z") == 0 || strcmp(s, "z") == 0)
        return true;
    if (sscanf(s + 1, "%2d:%2d%n", &h, &m, &used) != 2 || s[1 + used] || (*s != '+' && *s != '-'))
        return false;
    *seconds = (*s == '-' ? -1 : 1) * (h * 3600 + m * 60);
    return true;
}

enum mxs_err mxs_time_parse(const char *s, int64_t *wall)
{
    static const int last[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int y, mo, d, h = 0, mi = 0, sec = 0, used = 0;
    int64_t offset = 0;
    if (sscanf(s, "%4d-%2d-%2d%n", &y, &mo, &d, &used) != 3)
        return MXS_ERR_SYNTAX;
    s += used;
    if (*s == 'T' || *s == 't' || *s == ' ') {
        used = 0;
        if (sscanf(s + 1, "%2d:%2d%n", &h, &mi, &used) != 2)
            return MXS_ERR_SYNTAX;
        s += 1 + used;
        used = 0;
        if (*s == ':' && sscanf(s + 1, "%2d%n", &sec, &used) != 1)
            return MXS_ERR_SYNTAX;
        s += *s == ':' ? 1 + used : 0;
    }
    bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    if (!offset_parse(s, &offset) || mo < 1 || mo > 12 || d < 1 || d > last[mo - 1] ||
        (mo == 2 && d == 29 && !leap) || h < 0 || h > 23 || mi < 0 || mi > 59 || sec < 0 || sec > 60)
        return MXS_ERR_SYNTAX;
    *wall = mxs_time_utc(y, mo, d, h, mi, sec) - offset;
    return MXS_OK;
}
