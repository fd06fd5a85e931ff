#include "config.h"

#include "facts/sct.h"

#include "base/clock.h"
#include "base/text.h"

enum { LOG_ID = 32 };

/* RFC 5246 7.4.1.4.1, the numbers CT still uses */
static const struct mxs_name algorithms[] = {
    { 0x0401, "rsa_pkcs1_sha256" }, { 0x0403, "ecdsa_sha256" }, { 0, NULL },
};

struct sct {
    struct mxs_arena *arena;
    struct mxs_field *at;
    struct mxs_cursor c;
    size_t off; /* of the list */
};

static size_t here(const struct sct *s)
{
    return s->off + mxs_cursor_offset(&s->c);
}

static uint64_t take_timestamp(struct mxs_cursor *c)
{
    uint64_t high = mxs_cursor_uint(c, 4);
    return high << 32 | mxs_cursor_uint(c, 4);
}

static void one(struct sct *s, size_t len)
{
    struct mxs_arena *arena = s->arena;
    size_t off = here(s);
    struct mxs_field *f = mxs_field_add(arena, s->at, "SCT", off - 2, len + 2, NULL);
    struct mxs_cursor c = s->c;
    c.end = c.p + len;
    mxs_field_addf(arena, f, "version", off, 1, "v%u", mxs_cursor_uint(&c, 1) + 1);
    struct mxs_bytes log = mxs_cursor_take(&c, LOG_ID);
    mxs_field_add(arena, f, "logID", off + 1, log.n, mxs_hex(arena, log));
    uint64_t ms = take_timestamp(&c);
    const char *when = ms / 1000 < 253402300800 ? mxs_time_text(arena, (int64_t)(ms / 1000)) : "?";
    if (!c.bad)
        mxs_field_add(arena, f, "timestamp", off + 1 + LOG_ID, 8, when);
    struct mxs_bytes ext = mxs_cursor_take(&c, mxs_cursor_uint(&c, 2));
    if (ext.n)
        mxs_field_add(arena, f, "extensions", off + 43, ext.n, mxs_hex(arena, ext));
    size_t at = s->off + mxs_cursor_offset(&c);
    unsigned number = mxs_cursor_uint(&c, 2);
    const char *name = mxs_name_of(algorithms, (int)number);
    struct mxs_bytes sig = mxs_cursor_take(&c, mxs_cursor_uint(&c, 2));
    if (c.bad || mxs_cursor_left(&c)) {
        mxs_field_malformed(arena, f, off, "a SignedCertificateTimestamp (RFC 6962 3.2)");
        return;
    }
    mxs_field_addf(arena, f, "algorithm", at, 2, name ? "%s" : "%s0x%04x", name ? name : "", number)
        ->flags |= name ? 0 : MXS_FIELD_UNKNOWN;
    mxs_field_add(arena, f, "signature", at + 2, sig.n + 2, mxs_hex(arena, sig));
    f->value = when;
}

size_t mxs_sct_list_fields(struct mxs_arena *arena, struct mxs_field *parent, struct mxs_bytes list,
                           size_t off)
{
    struct sct s = { arena, parent, mxs_cursor(list), off };
    size_t n = 0, total = mxs_cursor_uint(&s.c, 2);
    if (total != mxs_cursor_left(&s.c))
        s.c.bad = true;
    while (!s.c.bad && mxs_cursor_left(&s.c)) {
        size_t len = mxs_cursor_uint(&s.c, 2);
        if (s.c.bad || len > mxs_cursor_left(&s.c)) {
            s.c.bad = true;
            break;
        }
        one(&s, len);
        mxs_cursor_take(&s.c, len);
        n++;
    }
    if (s.c.bad)
        mxs_field_malformed(arena, parent, off, "a SignedCertificateTimestampList (RFC 6962 3.3)");
    return n;
}
