#include "config.h"

#include "facts/smtp.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "facts/smtp_words.h"

/* What every row builder here needs: where the text stands inside the event's data. */
struct view {
    struct mxs_arena *arena;
    struct mxs_bytes raw;
};

static struct mxs_field *add_text(struct view v, struct mxs_field *parent, const char *name,
                                  size_t off, size_t len)
{
    return mxs_field_add(v.arena, parent, name, off, len,
                         mxs_text_clip(v.arena, mxs_bytes(v.raw.p + off, len), 512));
}

static void explain(struct view v, struct mxs_field *f, const struct mxs_smtp_word *word)
{
    if (word)
        mxs_field_note(v.arena, f, word->text);
    else
        f->flags |= MXS_FIELD_UNKNOWN;
}

static void warn(struct view v, struct mxs_field *f, const char *text)
{
    f->flags |= MXS_FIELD_WARN;
    mxs_field_note(v.arena, f, text);
}

/* The next word at *at, before end; false at the end. Words are parted by spaces (RFC 5321 4.1.1.1). */
static bool next_word(struct view v, size_t *at, size_t end, size_t *off, size_t *len)
{
    while (*at < end && v.raw.p[*at] == ' ')
        ++*at;
    *off = *at;
    while (*at < end && v.raw.p[*at] != ' ')
        ++*at;
    *len = *at - *off;
    return *len > 0;
}

static size_t name_length(struct view v, size_t off, size_t len) /* up to "=" */
{
    const uint8_t *eq = memchr(v.raw.p + off, '=', len);
    return eq ? (size_t)(eq - (v.raw.p + off)) : len;
}

/* Parameters of EHLO keywords: one function per form. */
typedef void (*parameter_fn)(struct view v, struct mxs_field *keyword, size_t off, size_t len);

static void param_plain(struct view v, struct mxs_field *keyword, size_t off, size_t len)
{
    add_text(v, keyword, "parameter", off, len);
}

static void param_auth(struct view v, struct mxs_field *keyword, size_t off, size_t len)
{
    struct mxs_field *f = add_text(v, keyword, "mechanism", off, len);
    explain(v, f, mxs_smtp_auth_word(mxs_bytes(v.raw.p + off, len)));
}

static void param_size(struct view v, struct mxs_field *keyword, size_t off, size_t len)
{
    struct mxs_field *f = add_text(v, keyword, "octets", off, len);
    unsigned long long n = 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t c = v.raw.p[off + i];
        if (c < '0' || c > '9' || len > 20 || n > (UINT64_MAX - 9) / 10) { /* RFC 1870 4: 1*20 */
            mxs_field_malformed(v.arena, f, off, "a number of up to 20 digits (RFC 1870 4)");
            return;
        }
        n = n * 10 + (unsigned)(c - '0');
    }
    if (n == 0)
        mxs_field_note(v.arena, f, "no fixed limit");
    else
        mxs_field_note(v.arena, f, mxs_arena_printf(v.arena, "%.1f MiB", (double)n / 1048576.0));
}

static void param_limits(struct view v, struct mxs_field *keyword, size_t off, size_t len)
{
    struct mxs_field *f = add_text(v, keyword, "limit", off, len);
    explain(v, f, mxs_smtp_limit_word(mxs_bytes(v.raw.p + off, name_length(v, off, len))));
}

static const struct {
    const char *keyword;
    parameter_fn fn;
} parameter_forms[] = {
    { "AUTH", param_auth },
    { "LIMITS", param_limits },
    { "SIZE", param_size },
    { "X-EXPS", param_auth },
};

static parameter_fn parameter_form(const struct mxs_smtp_word *word)
{
    for (size_t i = 0; word && i < MXS_COUNT(parameter_forms); i++)
        if (strcmp(parameter_forms[i].keyword, word->word) == 0)
            return parameter_forms[i].fn;
    return param_plain;
}

/* Some firewalls overwrite keywords they do not know, or do not want, with X ("XXXXXXXA"). */
static bool overwritten(struct mxs_bytes word)
{
    size_t x = 0;
    while (x < word.n && word.p[x] == 'X')
        x++;
    return x >= 5 && word.n - x <= 1;
}

static void keyword_fields(struct view v, struct mxs_field *line, size_t off, size_t len)
{
    size_t at = off, end = off + len, word_off, word_len;
    struct mxs_field *f = add_text(v, line, "keyword", off, len);
    if (!next_word(v, &at, end, &word_off, &word_len)) {
        mxs_field_malformed(v.arena, f, off, "a keyword (RFC 5321 4.1.1.1)");
        return;
    }
    size_t name_len = name_length(v, word_off, word_len);
    struct mxs_bytes name = mxs_bytes(v.raw.p + word_off, name_len);
    const struct mxs_smtp_word *word = mxs_smtp_keyword_word(name);
    struct mxs_field *child = add_text(v, f, "name", word_off, name_len);
    if (overwritten(name))
        warn(v, child, "a device on the way seems to have overwritten a keyword, often STARTTLS");
    else
        explain(v, child, word);
    if (name_len < word_len) { /* "AUTH=LOGIN": the form of a draft, for old clients */
        at = word_off + name_len + 1;
        warn(v, child, "\"=\" behind the keyword is not the standard's form (RFC 4954 3)");
    }
    while (next_word(v, &at, end, &word_off, &word_len))
        parameter_form(word)(v, f, word_off, word_len);
}

static void greeting_fields(struct view v, struct mxs_field *line, size_t off, size_t len)
{
    size_t at = off, end = off + len, word_off, word_len;
    struct mxs_field *f = add_text(v, line, "greeting", off, len);
    if (!next_word(v, &at, end, &word_off, &word_len)) {
        f->flags |= MXS_FIELD_WARN;
        mxs_field_note(v.arena, f, "the server does not name itself (RFC 5321 4.1.1.1)");
        return;
    }
    add_text(v, f, "domain", word_off, word_len);
    while (at < end && v.raw.p[at] == ' ')
        at++;
    if (at < end)
        add_text(v, f, "greet", at, end - at);
}

/* The end of a line of raw that begins at off: *text is where its text ends, the result where the
 * next line begins. */
static size_t line_end(struct mxs_bytes raw, size_t off, size_t *text)
{
    const uint8_t *lf = memchr(raw.p + off, '\n', raw.n - off);
    size_t next = lf ? (size_t)(lf - raw.p) + 1 : raw.n;
    *text = lf ? next - 1 : next;
    if (lf && *text > off && raw.p[*text - 1] == '\r')
        --*text;
    return next;
}

static void line_quirks(struct view v, struct mxs_field *line, size_t text, size_t next)
{
    size_t off = line->off;
    if (text == next)
        mxs_field_malformed(v.arena, line, next, "a line end, CR LF (RFC 5321 2.3.8)");
    else if (next - text == 1)
        warn(v, mxs_field_add(v.arena, line, "line end", text, 1, "LF"),
             "bare LF; a line ends with CR LF (RFC 5321 2.3.8)");
    if (memchr(v.raw.p + off, 0, text - off))
        warn(v, line, "NUL octets inside the line");
    if (next - off > 512)
        warn(v, line, "over 512 octets (RFC 5321 4.5.3.1.5)");
}

static const char *code_class(int code)
{
    static const char *const classes[] = { "positive, more to come", "done", "go on",
                                           "refused for now", "refused for good" };
    return code >= 200 && code <= 599 ? classes[code / 100 - 1] : NULL;
}

/* Code and separator; -1 when the line does not begin with three digits. */
static int code_fields(struct view v, struct mxs_field *line, size_t text, bool *more)
{
    size_t off = line->off;
    int code = 0;
    for (size_t i = off; i < off + 3; i++) {
        if (i >= text || v.raw.p[i] < '0' || v.raw.p[i] > '9') {
            mxs_field_malformed(v.arena, line, off, "a three-digit reply code (RFC 5321 4.2)");
            return -1;
        }
        code = code * 10 + (v.raw.p[i] - '0');
    }
    struct mxs_field *f = add_text(v, line, "code", off, 3);
    const char *meaning = mxs_smtp_code_text(code);
    meaning = meaning ? meaning : code_class(code);
    if (meaning)
        mxs_field_note(v.arena, f, meaning);
    else
        warn(v, f, "not a code of SMTP: the first digit is 2 to 5 (RFC 5321 4.2.1)");
    if (off + 3 == text)
        return code;
    *more = v.raw.p[off + 3] == '-';
    if (!*more && v.raw.p[off + 3] != ' ')
        mxs_field_malformed(v.arena, line, off + 3, "a space or \"-\" behind the code");
    mxs_field_add(v.arena, line, "separator", off + 3, 1, *more ? "more lines follow" : "last line");
    return code;
}

static void text_fields(struct view v, struct mxs_field *line, size_t off, size_t len)
{
    size_t enhanced = mxs_smtp_enhanced_length(mxs_bytes(v.raw.p + off, len));
    if (enhanced) {
        struct mxs_field *f = add_text(v, line, "enhanced status", off, enhanced);
        const char *meaning = mxs_smtp_enhanced_text(mxs_bytes(v.raw.p + off, enhanced));
        if (meaning)
            mxs_field_note(v.arena, f, meaning);
        off += enhanced;
        len -= enhanced;
        off += len > 0;
        len -= len > 0;
    }
    if (len)
        add_text(v, line, "text", off, len);
}

struct mxs_field *mxs_smtp_reply_fields(struct mxs_arena *arena, struct mxs_bytes raw, bool ehlo)
{
    struct view v = { arena, raw };
    struct mxs_field *root = mxs_field_new(arena, "SMTP reply");
    size_t text, n = 0;
    int code = -1;
    bool more = true;
    root->len = raw.n;
    for (size_t off = 0, next; off < raw.n; off = next, n++) {
        next = line_end(raw, off, &text);
        struct mxs_field *line = add_text(v, root, "line", off, text - off);
        line->len = next - off;
        if (!more)
            warn(v, line, "behind the last line of the reply");
        more = false;
        int line_code = code_fields(v, line, text, &more);
        if (n && line_code != code && line_code >= 0)
            warn(v, line, "another code than in the line before (RFC 5321 4.2.1)");
        size_t start = off + 4 < text ? off + 4 : text;
        if (line_code >= 0 && ehlo && line_code == 250)
            (n ? keyword_fields : greeting_fields)(v, line, start, text - start);
        else if (line_code >= 0)
            text_fields(v, line, start, text - start);
        line_quirks(v, line, text, next);
        code = line_code;
        if (n == 0)
            root->value = line->value;
    }
    if (more || raw.n == 0)
        mxs_field_malformed(arena, root, raw.n, "a last line (RFC 5321 4.2.1)");
    return root;
}

/* "MAIL FROM:<a@b> SIZE=10": what follows the colon, then the parameters. */
static void path_fields(struct view v, struct mxs_field *root, size_t at, size_t end)
{
    const uint8_t *colon = memchr(v.raw.p + at, ':', end - at);
    size_t off, len;
    if (!colon) {
        mxs_field_malformed(v.arena, root, at, "FROM:<path> or TO:<path> (RFC 5321 4.1.1.2)");
        return;
    }
    at = (size_t)(colon - v.raw.p) + 1;
    if (next_word(v, &at, end, &off, &len)) {
        struct mxs_field *f = add_text(v, root, "path", off, len);
        if (len == 2 && memcmp(v.raw.p + off, "<>", 2) == 0)
            mxs_field_note(v.arena, f, "the null sender, of bounces (RFC 5321 4.5.5)");
    }
    while (next_word(v, &at, end, &off, &len)) {
        struct mxs_field *f = add_text(v, root, "parameter", off, len);
        explain(v, f, mxs_smtp_parameter_word(mxs_bytes(v.raw.p + off, name_length(v, off, len))));
    }
}

static void auth_fields(struct view v, struct mxs_field *root, size_t at, size_t end)
{
    size_t off, len;
    if (!next_word(v, &at, end, &off, &len)) {
        mxs_field_malformed(v.arena, root, at, "a mechanism (RFC 4954 4)");
        return;
    }
    explain(v, add_text(v, root, "mechanism", off, len),
            mxs_smtp_auth_word(mxs_bytes(v.raw.p + off, len)));
    if (next_word(v, &at, end, &off, &len))
        add_text(v, root, "initial response", off, len);
}

static void argument_fields(struct view v, struct mxs_field *root, size_t at, size_t end)
{
    while (at < end && v.raw.p[at] == ' ')
        at++;
    if (at < end)
        add_text(v, root, "argument", at, end - at);
}

static const struct {
    const char *verb;
    void (*fn)(struct view v, struct mxs_field *root, size_t at, size_t end);
} command_forms[] = {
    { "AUTH", auth_fields },
    { "MAIL", path_fields },
    { "RCPT", path_fields },
};

struct mxs_field *mxs_smtp_command_fields(struct mxs_arena *arena, struct mxs_bytes raw)
{
    struct view v = { arena, raw };
    struct mxs_field *root = mxs_field_new(arena, "SMTP command");
    size_t at = 0, end = 0, off, len;
    root->len = raw.n;
    size_t next = raw.n ? line_end(raw, 0, &end) : 0;
    root->value = mxs_text_clip(arena, mxs_bytes(raw.p, end), 512);
    if (!next_word(v, &at, end, &off, &len)) {
        mxs_field_malformed(arena, root, 0, "a command (RFC 5321 4.1.1)");
        return root;
    }
    const struct mxs_smtp_word *word = mxs_smtp_verb_word(mxs_bytes(raw.p + off, len));
    explain(v, add_text(v, root, "verb", off, len), word);
    size_t form = 0;
    while (form < MXS_COUNT(command_forms) &&
           !(word && strcmp(command_forms[form].verb, word->word) == 0))
        form++;
    (form < MXS_COUNT(command_forms) ? command_forms[form].fn : argument_fields)(v, root, at, end);
    line_quirks(v, root, end, next);
    if (next < raw.n)
        warn(v, add_text(v, root, "behind the line", next, raw.n - next),
             "more octets in the same write");
    return root;
}
