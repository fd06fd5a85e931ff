/* Finding in a text what names somebody. */
#include "config.h"

#include "report/anon_room.h"
#include "report/doc_room.h"

#include "base/buf.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 30, TOKEN_MAX = 512, HEX_MAX = 1 << 16 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters of other scripts count (U-labels), signs such as arrows and the ellipsis (U+2xxx) do not. */
static size_t letter_at(const char *s)
{
    uint8_t c = (uint8_t)*s;
    size_t n = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (is_letter(*s) || is_digit(*s) || *s == '-' || *s == '_')
        return 1;
    if (c < 0xc3 || c == 0xe2 || c > 0xed || strnlen(s, n) < n)
        return 0;
    return n;
}

static bool begins_word(const char *start, const char *s)
{
    const char *before = s;
    if (((uint8_t)*s & 0xc0) == 0x80)
        return false;
    while (before > start && ((uint8_t)*--before & 0xc0) == 0x80)
        continue;
    return before == s || !letter_at(before);
}

static bool ends_word(const char *s)
{
    return !*s || !letter_at(s);
}

/* --- host names ------------------------------------------------------------------------------- */

/* Names of files and of our own that only look like hosts. */
static bool is_exempt(const char *name, const char *last)
{
    static const char *const names[] = {
        "main.cf", "master.cf", "resolv.conf", "root.key", "in-addr.arpa", "ip6.arpa", "e.g", "i.e",
        "learn.microsoft.com", "support.google.com", "github.com", "dnssec-stats.ant.isi.edu",
        "letsencrypt.org", "www.rfc-editor.org", "gopherproxy.meulie.net", "postconf.5.html",
    };
    static const char *const ends[] = { "pem", "key", "crt", "cert", "conf", "txt", "json", "html",
                                        "cfg", "ini", "log", "pcapng", "mxs", "session", "csr", "p12" };
    if (mxs_ascii_prefix(name, "mxscope."))
        return true;
    for (size_t i = 0; i < MXS_COUNT(names); i++)
        if (mxs_ascii_equal(name, names[i]))
            return true;
    for (size_t i = 0; i < MXS_COUNT(ends); i++)
        if (mxs_ascii_equal(last, ends[i]))
            return true;
    return false;
}

/* Bytes of the longest run of labels with dots between at s; 0 when there are not two. *last: where the
 * last label begins. */
static size_t host_run(const char *s, const char **last)
{
    const char *p = s, *end = NULL;
    size_t labels = 0;
    for (;;) {
        const char *label = p;
        for (size_t n; *p && (n = letter_at(p)) > 0;)
            p += n;
        if (p == label)
            break;
        labels++;
        *last = label;
        end = p;
        if (*p != '.')
            break;
        p++;
    }
    return labels >= 2 ? (size_t)(end - s) : 0;
}

/* A top-level domain has letters, two at least, or is an A-label; a trailing hyphen is none's. */
static bool is_top(const char *label, size_t n)
{
    bool letters = n >= 2;
    for (size_t i = 0; i < n; i++)
        letters = letters && (is_letter(label[i]) || (uint8_t)label[i] >= 0x80);
    return letters || (n > 4 && mxs_ascii_prefix(label, "xn--"));
}

bool mxs_anon_is_host(const char *s, size_t n)
{
    const char *last;
    return n > 0 && n < TOKEN_MAX && host_run(s, &last) == n && is_top(last, n - (size_t)(last - s));
}

/* The same, without labels at the end that cannot be a top-level domain ("mx.example.org.25"). */
static size_t host_at(const char *s)
{
    const char *last = s;
    size_t n = host_run(s, &last);
    while (n && !is_top(last, n - (size_t)(last - s))) {
        n = last > s ? (size_t)(last - s) - 1 : 0;
        for (last = s + n; last > s && last[-1] != '.';)
            last--;
    }
    return last > s ? n : 0;
}

struct scan {
    struct mxs_anon *anon;
    struct mxs_arena *arena; /* for what is made on the way */
    const char *start, *fresh; /* fresh: where a word may begin whatever stands before it */
    struct mxs_buf *out;
};

/* Each finder looks at s, which begins a word: bytes it took (and *as, what stands for them), or 0. */
typedef size_t finder(struct scan *scan, const char *s, const char **as);

static size_t host(struct scan *scan, const char *s, const char **as)
{
    size_t n = host_at(s);
    char name[TOKEN_MAX];
    if (n == 0 || n >= TOKEN_MAX)
        return 0;
    snprintf(name, sizeof name, "%.*s", (int)n, s);
    *as = is_exempt(name, strrchr(name, '.') + 1)
              ? mxs_arena_strdup(scan->arena, name)
              : mxs_anon_host(scan->anon, scan->arena, mxs_ascii_lower(scan->arena, name));
    return n;
}

/* --- mailboxes -------------------------------------------------------------------------------- */

static size_t mailbox(struct scan *scan, const char *s, const char **as)
{
    size_t n = 0;
    const char *domain;
    while (s[n] && (is_letter(s[n]) || is_digit(s[n]) || strchr("._%+-", s[n])))
        n++;
    if (n == 0 || s[n] != '@' || !letter_at(s + n + 1))
        return 0;
    size_t m = host(scan, s + n + 1, &domain);
    const char *local = mxs_ascii_lower(scan->arena, mxs_arena_strndup(scan->arena, s, n));
    unsigned number;
    int used = 0;
    if (m == 0) /* a lone label, or what was done before */
        return 0;
    if (sscanf(local, "mailbox-%u%n", &number, &used) == 1 && !local[used])
        *as = mxs_arena_printf(scan->arena, "%s@%s", local, domain);
    else
        *as = mxs_arena_printf(scan->arena, "mailbox-%u@%s",
                               mxs_anon_number(scan->anon, MXS_ANON_MAILBOX, local), domain);
    return n + 1 + m;
}

/* --- addresses -------------------------------------------------------------------------------- */

/* "RFC 8446 4.4.2.4, 4.2.1.1" has sections, not addresses. */
static bool is_section(const char *start, const char *s)
{
    enum { FAR = 48 };
    const char *p = s;
    while (p > start && s - p < FAR && (is_digit(p[-1]) || strchr("., -", p[-1])))
        p--;
    return p - start >= 3 && strncmp(p - 3, "RFC", 3) == 0;
}

static size_t address(struct scan *scan, const char *s, const char **as)
{
    static const char *const signs[] = { "0123456789abcdefABCDEF:.", "0123456789." };
    uint8_t bin[16];
    if (is_section(scan->start, s) ||
        (s > scan->start + 1 && s[-1] == '.' && is_digit(s[-2]))) /* inside an OID */
        return 0;
    for (size_t i = 0; i < MXS_COUNT(signs); i++) {
        char text[64];
        size_t n = strspn(s, signs[i]);
        while (n && s[n - 1] == '.')
            n--;
        if (n < 2 || n >= sizeof text || !ends_word(s + n) || (i == 0 && !memchr(s, ':', n)))
            continue;
        snprintf(text, sizeof text, "%.*s", (int)n, s);
        if (inet_pton(AF_INET6, text, bin) != 1 && inet_pton(AF_INET, text, bin) != 1) {
            if (!strstr(text, "::")) /* with that it was meant as one */
                continue;
            *as = mxs_arena_printf(scan->arena, "2001:db8::%x",
                                   mxs_anon_number(scan->anon, MXS_ANON_IPV6, text));
            return n;
        }
        *as = mxs_anon_address(scan->anon, scan->arena, text);
        if (!*as)
            *as = mxs_arena_strdup(scan->arena, text);
        return n;
    }
    return 0;
}

/* --- digests ---------------------------------------------------------------------------------- */

/* "2a:d1:3a:.." with 8 octets at least. */
static size_t colon_hex(struct scan *scan, const char *s, const char **as)
{
    enum { LEAST = 8 };
    size_t octets = 0, n = 0;
    while (is_hex(s[n]) && is_hex(s[n + 1])) {
        octets++;
        n += 2;
        if (s[n] != ':' || !is_hex(s[n + 1]) || !is_hex(s[n + 2]))
            break;
        n++;
    }
    if (octets < LEAST || !ends_word(s + n))
        return 0;
    char *digits = mxs_arena_alloc(scan->arena, octets * 2 + 1), *out = mxs_arena_strndup(scan->arena, s, n);
    for (size_t i = 0; i < octets; i++)
        memcpy(digits + 2 * i, s + 3 * i, 2);
    const char *mapped = mxs_anon_digest(scan->anon, scan->arena, mxs_ascii_lower(scan->arena, digits));
    for (size_t i = 0; mapped && i < octets; i++)
        memcpy(out + 3 * i, mapped + 2 * i, 2);
    *as = out;
    return n;
}

static size_t digest(struct scan *scan, const char *s, const char **as)
{
    enum { LEAST = 8 };
    size_t skip = s[0] == '0' && s[1] == 'x' ? 2 : 0, n = 0;
    while (is_hex(s[skip + n]) && n < HEX_MAX)
        n++;
    if (n < LEAST || !ends_word(s + skip + n))
        return 0;
    const char *digits = mxs_ascii_lower(scan->arena, mxs_arena_strndup(scan->arena, s + skip, n));
    const char *mapped = mxs_anon_digest(scan->anon, scan->arena, digits);
    if (!mapped)
        return 0;
    *as = mxs_arena_printf(scan->arena, "%.*s%s", (int)skip, s, mapped);
    return skip + n;
}

/* --- words ------------------------------------------------------------------------------------ */

/* Bytes of s that are the phrase, any white space for each of its blanks; 0. */
static size_t phrase_at(const char *s, const struct mxs_anon_phrase *phrase)
{
    const char *p = s;
    for (const char *w = phrase->words; *w; w++) {
        if (*w == ' ') {
            size_t blanks = strspn(p, " \n\t");
            if (!blanks)
                return 0;
            p += blanks;
        } else if (phrase->strict ? *p != *w
                                  : !mxs_ascii_prefix((char[]){ *p, 0 }, (char[]){ *w, 0 })) {
            return 0;
        } else {
            p++;
        }
    }
    return ends_word(p) ? (size_t)(p - s) : 0;
}

static size_t phrase_of(struct scan *scan, const char *s, const char **as, bool spaced)
{
    for (size_t i = 0; i < scan->anon->phrases.n; i++) {
        const struct mxs_anon_phrase *phrase = &scan->anon->phrases.v[i];
        size_t n = phrase->spaced == spaced ? phrase_at(s, phrase) : 0;
        bool alone = s == scan->start && !s[n];
        if (n && phrase->strict && !alone && !(s > scan->start && s[-1] == '='))
            continue;
        if (n) {
            *as = phrase->as;
            return n;
        }
    }
    return 0;
}

static size_t spaced_words(struct scan *scan, const char *s, const char **as)
{
    return phrase_of(scan, s, as, true);
}

static size_t single_words(struct scan *scan, const char *s, const char **as)
{
    return phrase_of(scan, s, as, false);
}

/* --- the whole -------------------------------------------------------------------------------- */

static finder *const finders[] = { spaced_words, mailbox, colon_hex, address, host, digest,
                                   single_words };

/* A colour of the terminal, or an escape that text_clean or JSON wrote; a word may begin behind it. */
static size_t escape_at(const char *s)
{
    if (s[0] == '\033' && s[1] == '[')
        return 2 + strcspn(s + 2, "m") + (strchr(s + 2, 'm') != NULL);
    if (s[0] == '\\' && s[1] == 'x' && is_hex(s[2]) && is_hex(s[3]))
        return 4;
    return s[0] == '\\' && s[1] && strchr("nrt\\\"", s[1]) ? 2 : 0;
}

/* The code of a reply that goes on, "250-mx1.example.org", is no part of the name behind it. */
static size_t reply_code_at(const char *start, const char *s)
{
    bool begins = s == start || s[-1] == ' ' || s[-1] == '\n' || s[-1] == '"' || s[-1] == '>';
    return begins && is_digit(s[0]) && is_digit(s[1]) && is_digit(s[2]) && s[3] == '-' &&
           is_letter(s[4]) ? 4 : 0;
}

static bool scan_text(struct scan *scan)
{
    bool changed = false;
    for (const char *s = scan->start; *s;) {
        size_t escape = escape_at(s);
        escape = escape ? escape : reply_code_at(scan->start, s);
        if (escape) { /* what follows stands at a beginning */
            mxs_buf_add(scan->out, s, escape);
            scan->fresh = s += escape;
            continue;
        }
        const char *as = NULL;
        size_t n = 0;
        bool begins = s == scan->fresh || begins_word(scan->start, s);
        for (size_t i = 0; i < MXS_COUNT(finders) && n == 0 && begins; i++)
            n = finders[i](scan, s, &as);
        if (n) {
            changed |= strncmp(as, s, n) != 0 || as[n];
            mxs_buf_puts(scan->out, as);
            s += n;
            continue;
        }
        do /* to the next place where a word may begin */
            mxs_buf_putc(scan->out, *s++);
        while (*s && !begins_word(scan->start, s) && !escape_at(s));
    }
    return changed;
}

const char *mxs_anon_text(struct mxs_anon *anon, struct mxs_arena *arena, const char *text)
{
    struct mxs_buf out;
    if (!anon || !text || !*text)
        return text;
    mxs_buf_init(&out, TEXT_MAX);
    struct scan scan = { anon, mxs_arena_new(), text, text, &out };
    const char *result = scan_text(&scan) ? mxs_arena_strdup(arena, mxs_buf_str(&out)) : text;
    mxs_arena_free(scan.arena);
    mxs_buf_fini(&out);
    return result;
}

void mxs_anon_buf(struct mxs_anon *anon, struct mxs_buf *out, size_t from)
{
    if (!anon || out->n <= from)
        return;
    struct mxs_arena *arena = mxs_arena_new();
    char *text = mxs_arena_strndup(arena, out->p + from, out->n - from);
    const char *changed = mxs_anon_text(anon, arena, text);
    out->n = from;
    mxs_buf_puts(out, changed);
    mxs_arena_free(arena);
}

struct doc_texts {
    struct mxs_anon *anon;
    struct mxs_arena *arena;
};

static const char *doc_text(void *data, const char *text)
{
    const struct doc_texts *d = data;
    return mxs_anon_text(d->anon, d->arena, text);
}

void mxs_anon_doc(struct mxs_anon *anon, struct mxs_doc *doc)
{
    struct doc_texts d = { anon, doc->arena };
    mxs_doc_map(doc, doc_text, &d);
}
