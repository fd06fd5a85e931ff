#include "config.h"

#include "facts/pem.h"

#include "base/buf.h"
#include "base/text.h"

#include <string.h>

enum { LINE = 64 };

static bool read_line(struct mxs_pem *r, struct mxs_bytes *line)
{
    if (r->at >= r->text.n)
        return false;
    const uint8_t *p = r->text.p + r->at;
    const uint8_t *lf = memchr(p, '\n', r->text.n - r->at);
    size_t n = lf ? (size_t)(lf - p) : r->text.n - r->at;
    r->at += n + (lf ? 1 : 0);
    r->line++;
    while (n && (p[n - 1] == '\r' || p[n - 1] == ' ' || p[n - 1] == '\t'))
        n--;
    *line = mxs_bytes(p, n);
    return true;
}

static bool eat(struct mxs_bytes *line, const char *prefix)
{
    size_t n = strlen(prefix);
    if (line->n < n || memcmp(line->p, prefix, n) != 0)
        return false;
    *line = mxs_bytes(line->p + n, line->n - n);
    return true;
}

static bool is_begin(struct mxs_bytes line, const char *const *labels, size_t *label)
{
    if (!eat(&line, "-----BEGIN "))
        return false;
    for (size_t i = 0; labels[i]; i++) {
        struct mxs_bytes rest = line;
        *label = i;
        if (eat(&rest, labels[i]) && eat(&rest, "-----"))
            return true;
    }
    return false;
}

/* OpenSSL wants BEGIN at the start of its line and passes over what is hidden so: the next certificate
 * would be taken for the leaf. */
static bool is_hidden(struct mxs_bytes line, const char *const *labels)
{
    size_t label, n = line.n;
    while (line.n && memchr("\xef\xbb\xbf \t", *line.p, 5))
        line = mxs_bytes(line.p + 1, line.n - 1);
    return line.n < n && is_begin(line, labels, &label);
}

static bool is_base64(struct mxs_bytes line)
{
    for (size_t i = 0; i < line.n; i++) {
        uint8_t c = line.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            !memchr("+/= \t", c, 5))
            return false;
    }
    return true;
}

static enum mxs_err broken(const struct mxs_pem *r, unsigned line, const char *how,
                           struct mxs_why *why)
{
    return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: not %s (%s)", r->name, line, r->what, how);
}

/* The base64 between BEGIN (just read) and END. */
static enum mxs_err read_body(struct mxs_arena *arena, struct mxs_pem *r, struct mxs_bytes *der,
                              struct mxs_why *why)
{
    unsigned begin = r->line;
    const char *start = (const char *)r->text.p + r->at;
    struct mxs_bytes line = { 0 };
    size_t n = 0;
    bool more;
    while ((more = read_line(r, &line)) && !(line.n >= 5 && memcmp(line.p, "-----", 5) == 0)) {
        if (!is_base64(line))
            return broken(r, r->line, "not base64", why);
        n = (size_t)(line.p + line.n - (const uint8_t *)start);
    }
    if (!more || !eat(&line, "-----END "))
        return broken(r, begin, "no END line", why);
    if (mxs_base64_parse(arena, start, n, der) != MXS_OK)
        return broken(r, r->line, "base64 ends early", why);
    return MXS_OK;
}

bool mxs_pem_next(struct mxs_arena *arena, struct mxs_pem *r, const char *const *labels,
                  struct mxs_pem_block *out, enum mxs_err *err, struct mxs_why *why)
{
    struct mxs_bytes line;
    *err = MXS_OK;
    while (read_line(r, &line))
        if (is_begin(line, labels, &out->label)) {
            out->line = r->line;
            *err = read_body(arena, r, &out->der, why);
            return *err == MXS_OK;
        } else if (is_hidden(line, labels)) {
            *err = broken(r, r->line, "BEGIN stands behind a byte order mark or white space", why);
            return false;
        }
    return false;
}

char *mxs_pem_text(struct mxs_arena *arena, const char *label, struct mxs_bytes der)
{
    struct mxs_buf out;
    const char *text = mxs_base64(arena, der);
    size_t n = strlen(text);
    mxs_buf_init(&out, n * 2 + 128);
    mxs_buf_printf(&out, "-----BEGIN %s-----\n", label);
    for (size_t i = 0; i < n; i += LINE)
        mxs_buf_printf(&out, "%.*s\n", n - i < LINE ? (int)(n - i) : LINE, text + i);
    mxs_buf_printf(&out, "-----END %s-----\n", label);
    char *pem = mxs_arena_strndup(arena, out.p, out.n);
    mxs_buf_fini(&out);
    return pem;
}

bool mxs_pem_is_der(struct mxs_bytes text)
{
    return text.n > 2 && text.p[0] == 0x30 && text.p[1] >= 0x80;
}
