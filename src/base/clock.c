#include "config.h"

#include "base/clock.h"

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

/* Exactly n digits, moving *s behind them; -1 when they are not there. */
static int digits(const char **s, int n)
{
    int v = 0;
    for (; n > 0 && **s >= '0' && **s <= '9'; n--)
        v = v * 10 + *(*s)++ - '0';
    return n ? -1 : v;
}

static bool skip(const char **s, const char *any)
{
    bool is = **s && strchr(any, **s);
    *s += is;
    return is;
}

/* "23:53", below 24 hours. */
static bool hours_parse(const char **s, int *seconds)
{
    int h = digits(s, 2), m = skip(s, ":") ? digits(s, 2) : -1;
    *seconds = h * 3600 + m * 60;
    return h >= 0 && h < 24 && m >= 0 && m < 60;
}

static bool day_parse(const char **s, int64_t *wall)
{
    static const int last[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int y = digits(s, 4), m = skip(s, "-") ? digits(s, 2) : -1, d = skip(s, "-") ? digits(s, 2) : -1;
    bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    if (y < 0 || m < 1 || m > 12 || d < 1 || d > last[m - 1] || (m == 2 && d == 29 && !leap))
        return false;
    *wall = mxs_time_utc(y, m, d, 0, 0, 0);
    return true;
}

enum mxs_err mxs_time_parse(const char *s, int64_t *wall)
{
    int64_t day;
    int time = 0, second = 0, offset = 0;
    bool ok = day_parse(&s, &day);
    if (ok && skip(&s, "Tt ")) {
        ok = hours_parse(&s, &time);
        if (ok && skip(&s, ":"))
            ok = (second = digits(&s, 2)) >= 0 && second <= 60; /* a leap second */
    }
    bool east = *s == '+';
    if (ok && !skip(&s, "Zz") && skip(&s, "+-"))
        ok = hours_parse(&s, &offset);
    if (!ok || *s)
        return MXS_ERR_SYNTAX;
    *wall = day + time + second - (east ? offset : -offset);
    return MXS_OK;
}
