#include "config.h"

#include "base/der.h"

#include "base/buf.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* --- reading ---------------------------------------------------------------------------------- */

/* X.690 10.1: definite, and the shortest form. */
static size_t read_length(struct mxs_cursor *c)
{
    size_t n = mxs_cursor_uint(c, 1);
    if (n < 0x80)
        return n;
    size_t octets = n & 0x7f;
    if (octets == 0 || octets > 4) {
        c->bad = true;
        return 0;
    }
    n = mxs_cursor_uint(c, octets);
    if (n < 0x80 || (octets > 1 && n >> (8 * (octets - 1)) == 0))
        c->bad = true;
    return n;
}

bool mxs_der_next(struct mxs_cursor *c, struct mxs_der *out)
{
    const uint8_t *start = c->p;
    *out = (struct mxs_der){ 0 };
    if (c->bad || !mxs_cursor_left(c))
        return false;
    out->tag = mxs_cursor_uint(c, 1);
    if ((out->tag & 0x1f) == 0x1f) /* a tag number over 30: X.509 has none */
        c->bad = true;
    out->body = mxs_cursor_take(c, read_length(c));
    out->whole = mxs_bytes(start, (size_t)(c->p - start));
    return !c->bad;
}

bool mxs_der_expect(struct mxs_cursor *c, unsigned tag, struct mxs_der *out)
{
    if (mxs_der_peek(c) != tag)
        c->bad = true;
    return mxs_der_next(c, out);
}

bool mxs_der_optional(struct mxs_cursor *c, unsigned tag, struct mxs_der *out)
{
    return mxs_der_peek(c) == tag && mxs_der_next(c, out);
}

unsigned mxs_der_peek(const struct mxs_cursor *c)
{
    return mxs_cursor_left(c) ? *c->p : 0;
}

struct mxs_cursor mxs_der_enter(const struct mxs_cursor *c, const struct mxs_der *value)
{
    struct mxs_cursor inner = mxs_cursor(value->body);
    inner.base = c->base;
    inner.bad = c->bad;
    return inner;
}

const char *mxs_der_oid(struct mxs_arena *arena, struct mxs_bytes body)
{
    char text[160];
    size_t n = 0;
    uint32_t arc = 0;
    if (body.n == 0 || body.n > 32 || body.p[body.n - 1] & 0x80)
        return NULL;
    for (size_t i = 0; i < body.n; i++) {
        if ((arc == 0 && body.p[i] == 0x80) || arc >> 25)
            return NULL; /* a leading zero, or over 32 bits */
        arc = arc << 7 | (body.p[i] & 0x7f);
        if (body.p[i] & 0x80)
            continue;
        unsigned top = arc < 80 ? arc / 40 : 2;
        if (n == 0)
            n += (size_t)snprintf(text, sizeof text, "%u.%u", top, (unsigned)(arc - top * 40));
        else
            n += (size_t)snprintf(text + n, sizeof text - n, ".%u", (unsigned)arc);
        arc = 0;
    }
    return n < sizeof text ? mxs_arena_strndup(arena, text, n) : NULL;
}

static int digits(const uint8_t *p, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return -100000;
        v = v * 10 + p[i] - '0';
    }
    return v;
}

bool mxs_der_time(const struct mxs_der *value, int64_t *wall)
{
    bool utc = value->tag == MXS_DER_UTC_TIME;
    size_t century = utc ? 2 : 4;
    const uint8_t *p = value->body.p;
    if ((!utc && value->tag != MXS_DER_GENERALIZED_TIME) || value->body.n != century + 11 ||
        p[century + 10] != 'Z')
        return false;
    int year = digits(p, century);
    year += !utc ? 0 : year < 50 ? 2000 : 1900;
    p += century;
    int month = digits(p, 2), day = digits(p + 2, 2), hour = digits(p + 4, 2);
    int minute = digits(p + 6, 2), second = digits(p + 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    *wall = mxs_time_utc(year, month, day, hour, minute, second);
    return true;
}

long mxs_der_small(struct mxs_bytes body)
{
    long v = 0;
    if (body.n == 0 || body.n > 4 || body.p[0] & 0x80)
        return -1;
    for (size_t i = 0; i < body.n; i++)
        v = v << 8 | body.p[i];
    return v;
}

bool mxs_der_bits(struct mxs_bytes body, struct mxs_bytes *bits, unsigned *unused)
{
    *bits = mxs_bytes(NULL, 0);
    *unused = body.n ? body.p[0] : 8;
    if (*unused > 7 || (*unused && body.n == 1))
        return false;
    *bits = mxs_bytes(body.p + 1, body.n - 1);
    return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

static size_t put_header(uint8_t *out, unsigned tag, size_t n)
{
    size_t octets = n < 0x80 ? 0 : n < 0x100 ? 1 : n < 0x10000 ? 2 : 3;
    out[0] = (uint8_t)tag;
    out[1] = (uint8_t)(octets ? 0x80 | octets : n);
    for (size_t i = 0; i < octets; i++)
        out[2 + i] = (uint8_t)(n >> (8 * (octets - 1 - i)));
    return 2 + octets;
}

struct mxs_bytes mxs_der_wrap(struct mxs_arena *arena, unsigned tag, const struct mxs_bytes *parts,
                              size_t n)
{
    size_t body = 0;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n >= MXS_DER_MAX - body)
            return mxs_bytes(NULL, 0);
        body += parts[i].n;
    }
    uint8_t *p = mxs_arena_alloc(arena, body + 5);
    size_t at = put_header(p, tag, body);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n)
            memcpy(p + at, parts[i].p, parts[i].n);
        at += parts[i].n;
    }
    return mxs_bytes(p, at);
}

struct mxs_bytes mxs_der_value(struct mxs_arena *arena, unsigned tag, struct mxs_bytes body)
{
    return mxs_der_wrap(arena, tag, &body, 1);
}

static bool put_arc(uint8_t *out, size_t *n, size_t max, uint32_t arc)
{
    int groups = 1;
    while (groups < 5 && arc >> (7 * groups))
        groups++;
    if (*n + (size_t)groups > max)
        return false;
    while (groups--)
        out[(*n)++] = (uint8_t)((arc >> (7 * groups) & 0x7f) | (groups ? 0x80 : 0));
    return true;
}

struct mxs_bytes mxs_der_put_oid(struct mxs_arena *arena, const char *dotted)
{
    uint8_t body[32];
    size_t n = 0;
    uint32_t first = 0;
    for (int i = 0;; i++) {
        uint64_t arc = 0;
        int len = 0;
        for (; *dotted >= '0' && *dotted <= '9' && len < 10; len++)
            arc = arc * 10 + (uint64_t)(*dotted++ - '0');
        bool legal = len && arc <= UINT32_MAX - 80 && (i != 0 || arc <= 2) &&
                     (i != 1 || first == 2 || arc < 40);
        if (!legal || (*dotted && *dotted != '.'))
            return mxs_bytes(NULL, 0);
        if (i == 0)
            first = (uint32_t)arc;
        else if (!put_arc(body, &n, sizeof body, (uint32_t)arc + (i == 1 ? first * 40 : 0)))
            return mxs_bytes(NULL, 0);
        if (*dotted++ == 0)
            break;
    }
    return n ? mxs_der_value(arena, MXS_DER_OID, mxs_bytes(body, n)) : mxs_bytes(NULL, 0);
}

struct mxs_bytes mxs_der_put_time(struct mxs_arena *arena, int64_t wall)
{
    char text[32];
    time_t t = (time_t)wall;
    struct tm tm;
    if (!gmtime_r(&t, &tm) || tm.tm_year + 1900 > 9999 || tm.tm_year + 1900 < 1950)
        return mxs_bytes(NULL, 0);
    bool utc = tm.tm_year + 1900 < 2050;
    size_t n = strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm), century = utc ? 2 : 0;
    return mxs_der_value(arena, utc ? MXS_DER_UTC_TIME : MXS_DER_GENERALIZED_TIME,
                         mxs_bytes(text + century, n - century));
}

struct mxs_bytes mxs_der_put_small(struct mxs_arena *arena, unsigned value)
{
    uint8_t body[5] = { 0, (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                        (uint8_t)value };
    size_t skip = 0;
    while (skip < 4 && body[skip] == 0 && !(body[skip + 1] & 0x80))
        skip++;
    return mxs_der_value(arena, MXS_DER_INTEGER, mxs_bytes(body + skip, 5 - skip));
}

struct mxs_bytes mxs_der_put_bits(struct mxs_arena *arena, struct mxs_bytes bits)
{
    static const uint8_t no_unused = 0;
    struct mxs_bytes parts[] = { mxs_bytes(&no_unused, 1), bits };
    return mxs_der_wrap(arena, MXS_DER_BIT_STRING, parts, 2);
}

const char *mxs_der_signed(struct mxs_bytes der, struct mxs_der_signed *out)
{
    struct mxs_cursor c = mxs_cursor(der);
    struct mxs_der whole, algorithm, bits;
    unsigned unused;
    if (!mxs_der_expect(&c, MXS_DER_SEQUENCE, &whole))
        return "DER";
    if (mxs_cursor_left(&c))
        return "octets behind its end";
    struct mxs_cursor in = mxs_der_enter(&c, &whole);
    if (!mxs_der_expect(&in, MXS_DER_SEQUENCE, &out->tbs) ||
        !mxs_der_expect(&in, MXS_DER_SEQUENCE, &algorithm) ||
        !mxs_der_expect(&in, MXS_DER_BIT_STRING, &bits) || mxs_cursor_left(&in))
        return "outer structure";
    if (!mxs_der_bits(bits.body, &out->signature, &unused) || unused)
        return "signature";
    out->algorithm = algorithm.whole;
    out->inside = mxs_der_enter(&in, &out->tbs);
    return NULL;
}
