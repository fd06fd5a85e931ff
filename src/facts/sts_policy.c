/* The MTA-STS policy (RFC 8461 3.2): lines of "key: value". A policy with faults is still read as far
 * as it goes, so that each fault can be shown at its line. */
#include "config.h"

#include "facts/sts.h"

#include "base/cursor.h"
#include "base/text.h"

#include <string.h>

enum {
    BODY_MAX = 64 * 1024,   /* RFC 8461 3.3 */
    MAX_AGE_MAX = 31557600, /* RFC 8461 3.2 */
    KEY_MAX = 32,
    FAULTS_MAX = 32 /* a web page in place of a policy has a fault in each line */
};

struct line {
    unsigned no;                /* 1-based */
    size_t off, len;            /* without its line end */
    struct mxs_bytes key, value; /* slices of the body; key.p NULL when there is no colon */
};

struct parser {
    struct mxs_arena *arena;
    struct mxs_sts_policy *out;
    struct mxs_bytes body;
    size_t at;
    unsigned no;
    bool version, mode, max_age; /* seen */
};

typedef void (*key_fn)(struct parser *p, const struct line *line);

struct key {
    const char *name;
    key_fn fn;
    size_t seen; /* offset of its flag in struct parser, 0 for keys that may repeat */
};

static void fault(struct parser *p, unsigned line, const char *id, const char *text)
{
    if (p->out->faults.n < FAULTS_MAX)
        *mxs_list_add(p->arena, &p->out->faults) = (struct mxs_sts_fault){ id, text, line };
}

/* A fault that breaks the grammar. */
static void invalid(struct parser *p, unsigned line, const char *id, const char *text)
{
    p->out->valid = false;
    fault(p, line, id, text);
}

static const char *shown(struct parser *p, struct mxs_bytes b)
{
    return mxs_text_clip(p->arena, b, 60);
}

/* --- lines ------------------------------------------------------------------------------------ */

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static void split(struct line *line, struct mxs_bytes text)
{
    const uint8_t *colon = text.n ? memchr(text.p, ':', text.n) : NULL;
    if (!colon)
        return;
    line->key = mxs_bytes(text.p, (size_t)(colon - text.p));
    line->value = mxs_bytes(colon + 1, text.n - line->key.n - 1);
    while (line->value.n && blank(line->value.p[0]))
        line->value = mxs_bytes(line->value.p + 1, line->value.n - 1);
    while (line->value.n && blank(line->value.p[line->value.n - 1]))
        line->value.n--;
}

/* The next line, ended by CRLF, LF or the end of the body. */
static bool next_line(struct parser *p, struct line *out)
{
    if (p->at >= p->body.n)
        return false;
    const uint8_t *start = p->body.p + p->at;
    const uint8_t *lf = memchr(start, '\n', p->body.n - p->at);
    size_t n = lf ? (size_t)(lf - start) : p->body.n - p->at;
    *out = (struct line){ .no = ++p->no, .off = p->at };
    p->at += n + (lf ? 1 : 0);
    out->len = n && lf && start[n - 1] == '\r' ? n - 1 : n;
    split(out, mxs_bytes(start, out->len));
    return true;
}

/* --- keys ------------------------------------------------------------------------------------- */

static bool is(struct mxs_bytes b, const char *s)
{
    return mxs_bytes_equal(b, mxs_bytes_str(s));
}

static void version_line(struct parser *p, const struct line *line)
{
    if (!is(line->value, "STSv1"))
        invalid(p, line->no, "bad-version",
                mxs_arena_printf(p->arena, "version is \"%s\", not STSv1", shown(p, line->value)));
}

static void mode_line(struct parser *p, const struct line *line)
{
    static const enum mxs_sts_mode all[] = { MXS_STS_NONE, MXS_STS_TESTING, MXS_STS_ENFORCE };
    for (size_t i = 0; i < MXS_COUNT(all); i++)
        if (is(line->value, mxs_sts_mode_name(all[i])))
            p->out->mode = all[i];
    if (p->out->mode == MXS_STS_MODE_UNKNOWN)
        invalid(p, line->no, "bad-mode",
                mxs_arena_printf(p->arena, "mode is \"%s\", not enforce, testing or none",
                                 shown(p, line->value)));
}

static void max_age_line(struct parser *p, const struct line *line)
{
    int64_t v = 0;
    bool digits = line->value.n >= 1 && line->value.n <= 10;
    for (size_t i = 0; i < line->value.n && digits; i++) {
        digits = line->value.p[i] >= '0' && line->value.p[i] <= '9';
        v = v * 10 + line->value.p[i] - '0';
    }
    if (digits && v <= MAX_AGE_MAX)
        p->out->max_age = v;
    else
        invalid(p, line->no, "bad-max-age",
                mxs_arena_printf(p->arena, "max_age is \"%s\", not a number of 0..31557600",
                                 shown(p, line->value)));
}

/* RFC 5321 4.1.2 Domain: labels of letters, digits and inner hyphens. Underscores are tolerated:
 * hosts have them. */
static const char *domain_fault(struct mxs_bytes name)
{
    size_t label = 0;
    if (name.n == 0 || name.n > 253)
        return "no name";
    if (name.p[name.n - 1] == '.')
        return "a dot at its end";
    for (size_t i = 0; i < name.n; i++) {
        uint8_t c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (c >= 0x80)
            return "characters that are not ASCII (A-labels are needed)";
        if (c == '*')
            return "a star that is not its whole first label";
        if (!letter && c != '-' && c != '_' && c != '.')
            return "a character no host name has";
        label = c == '.' ? 0 : label + 1;
        if (label > 63 || (c == '.' && (i == 0 || name.p[i - 1] == '.')))
            return "a label that is empty or too long";
    }
    return NULL;
}

/* "192.0.2.1" fits the grammar of a name, "[192.0.2.1]" and IPv6 do not; none can ever match. */
static bool is_address(struct mxs_bytes value)
{
    bool digits = value.n > 0, colon = false;
    for (size_t i = 0; i < value.n; i++) {
        digits = digits && ((value.p[i] >= '0' && value.p[i] <= '9') || value.p[i] == '.');
        colon = colon || value.p[i] == ':';
    }
    return digits || colon || (value.n && value.p[0] == '[');
}

static void mx_line(struct parser *p, const struct line *line)
{
    struct mxs_bytes name = line->value;
    if (is_address(name)) {
        fault(p, line->no, "mx-is-address",
              mxs_arena_printf(p->arena, "mx is the address \"%s\": only host names match",
                               shown(p, name)));
        p->out->valid = p->out->valid && !domain_fault(name);
        *mxs_list_add(p->arena, &p->out->mx) = shown(p, name);
        return;
    }
    if (name.n > 2 && name.p[0] == '*' && name.p[1] == '.')
        name = mxs_bytes(name.p + 2, name.n - 2);
    const char *why = domain_fault(name);
    if (why)
        invalid(p, line->no, "bad-mx",
                mxs_arena_printf(p->arena, "mx pattern \"%s\" has %s", shown(p, line->value), why));
    else
        *mxs_list_add(p->arena, &p->out->mx) = mxs_ascii_lower(
            p->arena, mxs_arena_strndup(p->arena, line->value.p, line->value.n));
}

static const struct key keys[] = {
    { "version", version_line, offsetof(struct parser, version) },
    { "mode", mode_line, offsetof(struct parser, mode) },
    { "max_age", max_age_line, offsetof(struct parser, max_age) },
    { "mx", mx_line, 0 },
};

/* sts-policy-ext-name */
static bool key_fits(struct mxs_bytes key)
{
    for (size_t i = 0; i < key.n; i++) {
        uint8_t c = key.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (i == 0 || !memchr("_-.", c, 3)))
            return false;
    }
    return key.n >= 1 && key.n <= KEY_MAX;
}

/* Letters only, lower case: "Max-Age" becomes "maxage". */
static const char *letters(struct mxs_arena *arena, const char *s)
{
    char *bare = mxs_arena_alloc(arena, strlen(s) + 1);
    size_t n = 0;
    for (s = mxs_ascii_lower(arena, s); *s; s++)
        if (*s >= 'a' && *s <= 'z')
            bare[n++] = *s;
    return bare;
}

/* The key that an unknown one was probably meant to be: it differs in case or marks, or contains it
 * ("nmx"), or lacks its end ("mod"). NULL. */
static const char *meant(struct parser *p, const char *unknown)
{
    const char *bare = letters(p->arena, unknown);
    for (size_t i = 0; i < MXS_COUNT(keys); i++) {
        const char *known = letters(p->arena, keys[i].name);
        size_t n = strlen(bare);
        if (strstr(bare, known) || (n >= 3 && strncmp(known, bare, n) == 0))
            return keys[i].name;
    }
    return NULL;
}

static void unknown_key(struct parser *p, const struct line *line)
{
    bool fits = key_fits(line->key) && line->value.n > 0;
    p->out->valid = p->out->valid && fits;
    if (p->out->faults.n == FAULTS_MAX)
        return;
    const char *name = shown(p, line->key), *known = meant(p, name);
    if (!fits) {
        invalid(p, line->no, "bad-line",
                mxs_arena_printf(p->arena, "\"%s\" is not of the form \"key: value\"",
                                 shown(p, mxs_bytes(p->body.p + line->off, line->len))));
        return;
    }
    fault(p, line->no, "unknown-key",
          known ? mxs_arena_printf(p->arena, "unknown key \"%s\" is ignored; \"%s\" was meant?", name,
                                   known)
                : mxs_arena_printf(p->arena, "unknown key \"%s\" is ignored", name));
}

static void known_key(struct parser *p, const struct key *key, const struct line *line)
{
    bool *seen = key->seen ? (bool *)(void *)((char *)p + key->seen) : NULL;
    if (seen && *seen) {
        fault(p, line->no, "duplicate",
              mxs_arena_printf(p->arena, "%s stands twice: the first one counts", key->name));
        return;
    }
    if (seen)
        *seen = true;
    key->fn(p, line);
}

static bool has_control(struct mxs_bytes b)
{
    for (size_t i = 0; i < b.n; i++)
        if ((b.p[i] < 0x20 && b.p[i] != '\t') || b.p[i] == 0x7f)
            return true;
    return false;
}

static void parse_line(struct parser *p, const struct line *line)
{
    struct mxs_bytes text = mxs_bytes(p->body.p + line->off, line->len);
    if (line->len == 0) {
        fault(p, line->no, "empty-line", "an empty line (the grammar has none)");
        return;
    }
    if (has_control(text)) {
        invalid(p, line->no, "bad-character", "a control character");
        return;
    }
    for (size_t i = 0; i < MXS_COUNT(keys); i++)
        if (line->key.p && is(line->key, keys[i].name)) {
            known_key(p, &keys[i], line);
            return;
        }
    unknown_key(p, line);
}

static void check_missing(struct parser *p)
{
    if (!p->version)
        invalid(p, 0, "no-version", "no line \"version: STSv1\"");
    if (!p->mode)
        invalid(p, 0, "no-mode", "no line \"mode: ...\"");
    if (!p->max_age)
        invalid(p, 0, "no-max-age", "no line \"max_age: ...\"");
    if (p->out->mx.n == 0 && p->out->mode != MXS_STS_NONE)
        invalid(p, 0, "no-mx", "no mx pattern: no host would be allowed");
}

static struct parser parser(struct mxs_arena *arena, struct mxs_bytes body,
                            struct mxs_sts_policy *out)
{
    struct parser p = { .arena = arena, .out = out, .body = body };
    p.body.n = body.n > BODY_MAX ? BODY_MAX : body.n;
    return p;
}

void mxs_sts_policy_parse(struct mxs_arena *arena, struct mxs_bytes body, struct mxs_sts_policy *out)
{
    struct parser p = parser(arena, body, out);
    struct line line;
    *out = (struct mxs_sts_policy){ .valid = true, .max_age = -1 };
    if (body.n > BODY_MAX)
        invalid(&p, 0, "too-large", "over 64 KiB (RFC 8461 3.3); the rest is not looked at");
    while (next_line(&p, &line))
        parse_line(&p, &line);
    check_missing(&p);
}

/* --- the field tree --------------------------------------------------------------------------- */

static void line_fields(struct parser *p, const struct line *line, struct mxs_field *root)
{
    struct mxs_bytes text = mxs_bytes(p->body.p + line->off, line->len);
    const char *name = line->key.p ? shown(p, line->key) : "line";
    struct mxs_bytes value = line->key.p ? line->value : text;
    struct mxs_field *f = mxs_field_add(p->arena, root, name, line->off, line->len,
                                        mxs_text_clip(p->arena, value, 300));
    for (size_t i = 0; i < p->out->faults.n; i++)
        if (p->out->faults.v[i].line == line->no) {
            f->flags |= MXS_FIELD_WARN;
            mxs_field_note(p->arena, f, p->out->faults.v[i].text);
        }
}

struct mxs_field *mxs_sts_policy_fields(struct mxs_arena *arena, struct mxs_bytes body)
{
    struct mxs_sts_policy policy;
    struct mxs_field *root = mxs_field_new(arena, "MTA-STS policy");
    mxs_sts_policy_parse(arena, body, &policy);
    struct parser p = parser(arena, body, &policy);
    struct line line;
    root->len = body.n;
    root->value = policy.valid ? mxs_sts_mode_name(policy.mode) : "not valid";
    root->flags |= policy.valid ? 0 : MXS_FIELD_MALFORMED;
    while (next_line(&p, &line) && line.no <= 1000)
        line_fields(&p, &line, root);
    for (size_t i = 0; i < policy.faults.n; i++)
        if (policy.faults.v[i].line == 0)
            mxs_field_note(arena, root, policy.faults.v[i].text)->flags |= MXS_FIELD_WARN;
    return root;
}
