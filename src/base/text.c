#include "config.h"

#include "base/text.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

/* Length of the UTF-8 sequence at p and its code point; 0 when it is not valid (RFC 3629 3). */
static size_t utf8_decode(const uint8_t *p, size_t n, uint32_t *cp)
{
    static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xf0 && p[0] < 0xf8 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (len == 1) {
        *cp = p[0];
        return 1;
    }
    if (p[0] < 0xc2 || p[0] > 0xf4 || len > n)
        return 0;
    *cp = p[0] & (0xff >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        *cp = *cp << 6 | (p[i] & 0x3f);
    }
    bool surrogate = *cp >= 0xd800 && *cp <= 0xdfff;
    return *cp < lowest[len] || *cp > 0x10ffff || surrogate ? 0 : len;
}

/* Characters that move or reorder what stands around them (Unicode UAX 9, line separators). */
static bool deceives(uint32_t cp)
{
    return (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || cp == 0x061c;
}

static bool controls(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

static void put_char(struct mxs_buf *out, const uint8_t *p, size_t len, uint32_t cp)
{
    const char *name = cp == '\r' ? "\\r" : cp == '\n' ? "\\n" : cp == '\t' ? "\\t" : NULL;
    if (name)
        mxs_buf_puts(out, name);
    else if (controls(cp))
        mxs_buf_printf(out, "\\x%02x", (unsigned)cp);
    else if (deceives(cp))
        mxs_buf_printf(out, "\\u{%04x}", (unsigned)cp);
    else
        mxs_buf_add(out, p, len);
}

static char *clean(struct mxs_arena *arena, struct mxs_bytes wire, const char *tail)
{
    struct mxs_buf out;
    mxs_buf_init(&out, wire.n * 8 + 8);
    for (size_t i = 0, len; i < wire.n; i += len ? len : 1) {
        uint32_t cp = 0;
        len = utf8_decode(wire.p + i, wire.n - i, &cp);
        if (len)
            put_char(&out, wire.p + i, len, cp);
        else
            mxs_buf_puts(&out, "\xef\xbf\xbd");
    }
    mxs_buf_puts(&out, tail);
    char *s = mxs_arena_strndup(arena, out.p, out.n);
    mxs_buf_fini(&out);
    return s;
}

char *mxs_text_clean(struct mxs_arena *arena, struct mxs_bytes wire)
{
    return clean(arena, wire, "");
}

char *mxs_text_clip(struct mxs_arena *arena, struct mxs_bytes wire, size_t max)
{
    if (wire.n <= max)
        return clean(arena, wire, "");
    while (max > 0 && (wire.p[max] & 0xc0) == 0x80) /* never cut inside a character */
        max--;
    return clean(arena, mxs_bytes(wire.p, max), "...");
}

void mxs_text_mask(char *s)
{
    size_t n = strlen(s);
    char *out = s;
    for (size_t i = 0, len; i < n; i += len) {
        uint32_t cp = 0;
        len = utf8_decode((const uint8_t *)s + i, n - i, &cp);
        bool keep = len && !controls(cp) && !deceives(cp);
        len = len ? len : 1;
        memmove(out, keep ? s + i : "?", keep ? len : 1);
        out += keep ? len : 1;
    }
    *out = 0;
}

char *mxs_hex(struct mxs_arena *arena, struct mxs_bytes b)
{
    static const char digits[] = "0123456789abcdef";
    char *s = mxs_arena_alloc(arena, b.n * 2 + 1);
    for (size_t i = 0; i < b.n; i++) {
        s[i * 2] = digits[b.p[i] >> 4];
        s[i * 2 + 1] = digits[b.p[i] & 15];
    }
    return s;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

enum mxs_err mxs_hex_parse(struct mxs_arena *arena, const char *s, struct mxs_bytes *out)
{
    uint8_t *p = mxs_arena_alloc(arena, strlen(s) / 2 + 1);
    size_t n = 0;
    for (; *s; s++) {
        int d = hex_digit(*s);
        if (*s == ' ' || *s == ':' || *s == '\t')
            continue;
        if (d < 0)
            return MXS_ERR_SYNTAX;
        p[n / 2] = (uint8_t)(n % 2 ? p[n / 2] | d : d << 4);
        n++;
    }
    *out = mxs_bytes(p, n / 2);
    return n % 2 ? MXS_ERR_SYNTAX : MXS_OK;
}

static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *mxs_base64(struct mxs_arena *arena, struct mxs_bytes b)
{
    char *s = mxs_arena_alloc(arena, (b.n + 2) / 3 * 4 + 1), *q = s;
    for (size_t i = 0; i < b.n; i += 3) {
        size_t have = b.n - i < 3 ? b.n - i : 3;
        uint32_t v = (uint32_t)b.p[i] << 16;
        v |= have > 1 ? (uint32_t)b.p[i + 1] << 8 : 0;
        v |= have > 2 ? b.p[i + 2] : 0;
        for (size_t k = 0; k < 4; k++)
            *q++ = k <= have ? b64[v >> (18 - 6 * k) & 63] : '=';
    }
    return s;
}

enum mxs_err mxs_base64_parse(struct mxs_arena *arena, const char *s, size_t n,
                              struct mxs_bytes *out)
{
    uint8_t *p = mxs_arena_alloc(arena, n / 4 * 3 + 3);
    size_t len = 0, digits = 0, pad = 0;
    uint32_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\n' || s[i] == '\r' || s[i] == ' ' || s[i] == '\t')
            continue;
        const char *at = s[i] && s[i] != '=' ? strchr(b64, s[i]) : NULL;
        if (!at && s[i] != '=')
            return MXS_ERR_SYNTAX;
        if ((at && pad) || pad > 2)
            return MXS_ERR_SYNTAX;
        pad += !at;
        v = v << 6 | (at ? (uint32_t)(at - b64) : 0);
        if (++digits % 4 == 0) {
            for (size_t k = 0; k < 3 - pad && pad < 3; k++)
                p[len++] = (uint8_t)(v >> (16 - 8 * k));
            v = 0;
        }
    }
    *out = mxs_bytes(p, len);
    return digits % 4 || pad > 2 ? MXS_ERR_SYNTAX : MXS_OK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool mxs_ascii_equal(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool mxs_ascii_prefix(const char *s, const char *prefix)
{
    for (; *prefix; s++, prefix++)
        if (lower(*s) != lower(*prefix))
            return false;
    return true;
}

char *mxs_ascii_lower(struct mxs_arena *arena, const char *s)
{
    char *copy = mxs_arena_strdup(arena, s);
    for (char *p = copy; p && *p; p++)
        *p = lower(*p);
    return copy;
}

bool mxs_glob(const char *pattern, const char *s)
{
    const char *star = NULL, *retry = NULL;
    while (*s) {
        if (*pattern == '*') {
            star = pattern++;
            retry = s;
        } else if (*pattern == '?' || *pattern == *s) {
            pattern++;
            s++;
        } else if (star) {
            pattern = star + 1;
            s = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == 0;
}

size_t mxs_text_distance(const char *a, const char *b)
{
    size_t row[64], nb = strlen(b);
    if (nb + 1 > MXS_COUNT(row))
        return 99;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[nb];
}

const char *mxs_text_joined(struct mxs_arena *arena, const struct mxs_strs *list, const char *between)
{
    size_t n = 0, gap = strlen(between);
    for (size_t i = 0; i < list->n; i++)
        n += strlen(list->v[i]) + gap;
    char *text = mxs_arena_alloc(arena, n + 1), *p = text; /* at once: a peer makes lists long */
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            p = stpcpy(p, between);
        p = stpcpy(p, list->v[i]);
    }
    return text;
}

bool mxs_word_in(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = list; n && (at = strstr(at, word)); at++)
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == 0))
            return true;
    return false;
}
