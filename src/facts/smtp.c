#include "config.h"

#include "facts/smtp.h"

#include <string.h>

#include "base/text.h"

/* One line of a reply, before it is known whether the reply is whole. */
struct line {
    struct mxs_bytes text; /* after code and separator, without the line end */
    int code;
    bool more; /* "250-": another line follows */
    size_t used;
    unsigned quirks;
};

/* Peers that speak something else, by how their first bytes look. */
static const struct {
    const char *bytes, *what;
    size_t n;
} strangers[] = {
    { "\x16\x03", "a TLS handshake record: the port wants TLS from the first byte", 2 },
    { "\x15\x03", "a TLS alert record: the port wants TLS from the first byte", 2 },
    { "SSH-", "an SSH server", 4 },
    { "HTTP/", "an HTTP server", 5 },
    { "+OK", "a POP3 server", 3 },
    { "* OK", "an IMAP server", 4 },
    { "<html", "an HTTP server", 5 },
};

static enum mxs_err not_smtp(struct mxs_arena *arena, struct mxs_bytes got, struct mxs_why *why)
{
    for (size_t i = 0; i < MXS_COUNT(strangers); i++)
        if (got.n >= strangers[i].n && memcmp(got.p, strangers[i].bytes, strangers[i].n) == 0)
            return mxs_why_set(why, MXS_ERR_SYNTAX, "not an SMTP reply but %s", strangers[i].what);
    return mxs_why_set(why, MXS_ERR_SYNTAX,
                       "not an SMTP reply (RFC 5321 4.2): three digits expected, got \"%s\"",
                       mxs_text_clip(arena, got, 40));
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* True while the octets seen so far can still become "250", "250 text" or "250-text", so that bytes
 * which never can are refused at once instead of waiting for a line end that does not come. */
static bool may_be_reply(struct mxs_bytes b)
{
    for (size_t i = 0; i < b.n && i < 3; i++)
        if (!is_digit(b.p[i]))
            return false;
    return b.n < 4 || memchr(" -\r\n", b.p[3], 4);
}

/* MXS_ERR_NOT_FOUND when the line end has not come yet. */
static enum mxs_err line_parse(struct mxs_arena *arena, struct mxs_bytes b, struct line *line,
                               struct mxs_why *why)
{
    size_t window = b.n < MXS_SMTP_LINE_MAX ? b.n : MXS_SMTP_LINE_MAX;
    const uint8_t *lf = window ? memchr(b.p, '\n', window) : NULL;
    size_t n = lf ? (size_t)(lf - b.p) : window;
    if (!may_be_reply(mxs_bytes(b.p, lf ? n + 1 : n))) /* so there are three digits before lf */
        return not_smtp(arena, mxs_bytes(b.p, n), why);
    if (!lf && window == MXS_SMTP_LINE_MAX)
        return mxs_why_set(why, MXS_ERR_LIMIT, "a reply line without end: no line feed in %d octets",
                           MXS_SMTP_LINE_MAX);
    if (!lf)
        return MXS_ERR_NOT_FOUND;
    bool cr = b.p[n - 1] == '\r';
    *line = (struct line){ .used = n + 1 };
    n -= cr;
    line->code = (b.p[0] - '0') * 100 + (b.p[1] - '0') * 10 + (b.p[2] - '0');
    line->more = n > 3 && b.p[3] == '-';
    line->text = n > 4 ? mxs_bytes(b.p + 4, n - 4) : mxs_bytes(b.p + n, 0);
    line->quirks = (cr ? 0 : MXS_SMTP_BARE_LF) |
                   (memchr(b.p, 0, n) ? MXS_SMTP_NUL : 0) |
                   (line->used > 512 ? MXS_SMTP_LONG_LINE : 0);
    return MXS_OK;
}

/* RFC 2034 4: class "." subject "." detail, at the start of the text; its length, 0 when absent. */
size_t mxs_smtp_enhanced_length(struct mxs_bytes text)
{
    size_t i = 1;
    if (text.n < 5 || !memchr("245", text.p[0], 3))
        return 0;
    for (int part = 0; part < 2; part++) {
        if (i >= text.n || text.p[i] != '.')
            return 0;
        size_t first = ++i;
        while (i < text.n && i - first < 3 && is_digit(text.p[i]))
            i++;
        if (i == first)
            return 0;
    }
    return i == text.n || text.p[i] == ' ' ? i : 0;
}

static void add_line(struct mxs_arena *arena, struct mxs_smtp_reply *out, const struct line *line)
{
    size_t enhanced = out->lines.n ? 0 : mxs_smtp_enhanced_length(line->text);
    if (enhanced)
        out->enhanced = mxs_arena_strndup(arena, line->text.p, enhanced);
    if (out->lines.n && line->code != out->code)
        out->quirks |= MXS_SMTP_CODE_CHANGED;
    out->code = line->code;
    out->quirks |= line->quirks;
    *mxs_list_add(arena, &out->lines) = mxs_text_clean(arena, line->text);
}

enum mxs_err mxs_smtp_reply_parse(struct mxs_arena *arena, struct mxs_bytes b,
                                  struct mxs_smtp_reply *out, size_t *used, struct mxs_why *why)
{
    struct line line = { .more = true };
    size_t at = 0, lines = 0;
    *used = 0;
    if (b.n == 0) /* b.p may be NULL */
        return MXS_ERR_NOT_FOUND;
    /* First only the shape: nothing is copied again and again while a long reply trickles in. */
    for (; line.more; at += line.used, lines++) {
        if (lines == MXS_SMTP_LINES_MAX)
            return mxs_why_set(why, MXS_ERR_LIMIT, "a reply without end: over %d lines",
                               MXS_SMTP_LINES_MAX);
        enum mxs_err err = line_parse(arena, mxs_bytes(b.p + at, b.n - at), &line, why);
        if (err)
            return err;
    }
    *out = (struct mxs_smtp_reply){ .raw = mxs_arena_bytes(arena, mxs_bytes(b.p, at)) };
    *used = at;
    for (size_t i = 0; i < at; i += line.used) {
        line_parse(arena, mxs_bytes(out->raw.p + i, at - i), &line, NULL);
        add_line(arena, out, &line);
    }
    return MXS_OK;
}

/* The parameters behind the keyword of an EHLO line, NULL when it is another keyword. "AUTH=LOGIN"
 * is an old misreading of RFC 2554 that servers still send for old clients. */
static const char *line_keyword(const char *line, const char *keyword)
{
    size_t n = strlen(keyword);
    if (!mxs_ascii_prefix(line, keyword) || (line[n] && line[n] != ' ' && line[n] != '='))
        return NULL;
    line += n;
    return line + (*line != 0) + strspn(line + (*line != 0), " ");
}

const char *mxs_smtp_keyword(const struct mxs_smtp_reply *ehlo, const char *keyword)
{
    for (size_t i = 1; i < ehlo->lines.n; i++) { /* the first line is the greeting */
        const char *parameters = line_keyword(ehlo->lines.v[i], keyword);
        if (parameters)
            return parameters;
    }
    return NULL;
}

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    while (*words) {
        size_t len = strcspn(words, " ");
        if (len == n && mxs_ascii_prefix(words, word))
            return true;
        words += len + strspn(words + len, " ");
    }
    return false;
}

bool mxs_smtp_keyword_has(const struct mxs_smtp_reply *ehlo, const char *keyword, const char *word)
{
    for (size_t i = 1; i < ehlo->lines.n; i++) {
        const char *parameters = line_keyword(ehlo->lines.v[i], keyword);
        if (parameters && has_word(parameters, word))
            return true;
    }
    return false;
}
