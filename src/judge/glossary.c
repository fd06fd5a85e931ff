#include "config.h"

#include "judge/glossary.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "facts/catalog_json.h"
#include "judge/finding.h"
#include "judge/senders.h"

enum { FILE_MAX = 1024 * 1024, PATTERN_MAX = 200 };

struct mxs_glossary {
    struct mxs_arena *arena;
    MXS_LIST(struct mxs_entry) v;
};

static const char *member(struct mxs_arena *arena, const json_t *object, const char *name)
{
    return mxs_arena_strdup(arena, json_string_value(json_object_get(object, name)));
}

/* Which entry, by what it has: for the line of a message. */
static const char *anchor_of(const json_t *object)
{
    static const char *const names[] = { "id", "title", "means", "kind" };
    for (size_t i = 0; i < MXS_COUNT(names); i++)
        if (json_string_value(json_object_get(object, names[i])))
            return json_string_value(json_object_get(object, names[i]));
    return NULL;
}

static bool entry_parse(struct mxs_arena *arena, const json_t *object, struct mxs_entry *e)
{
    const json_t *match = json_object_get(object, "match");
    *e = (struct mxs_entry){
        .id = member(arena, object, "id"),       .kind = member(arena, object, "kind"),
        .title = member(arena, object, "title"), .side = member(arena, object, "side"),
        .means = member(arena, object, "means"), .look = member(arena, object, "look"),
        .rfc = member(arena, object, "rfc"),     .lesson = member(arena, object, "lesson"),
    };
    for (size_t i = 0; i < json_array_size(match); i++) {
        const char *pattern = json_string_value(json_array_get(match, i));
        if (!pattern || strlen(pattern) > PATTERN_MAX)
            return false;
        *mxs_list_add(arena, &e->match) = mxs_arena_strdup(arena, pattern);
    }
    return e->id && e->kind && e->title && e->means && e->match.n &&
           mxs_word_in("log alert stage word tls-rpt", e->kind);
}

static enum mxs_err load_file(struct mxs_glossary *g, const char *path, struct mxs_why *why)
{
    struct mxs_bytes text;
    json_error_t error;
    enum mxs_err err = mxs_file_read(g->arena, path, FILE_MAX, &text, why);
    if (err)
        return err;
    json_t *root = json_loadb((const char *)text.p, text.n, 0, &error);
    if (!root)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%d: %s", path, error.line, error.text);
    if (!json_is_array(root))
        err = mxs_why_set(why, MXS_ERR_SYNTAX, "%s:1: an array of entries is expected", path);
    struct mxs_json_in in = { g->arena, path, text, why, MXS_OK };
    for (size_t i = 0; i < json_array_size(root) && !err; i++) {
        json_t *o = json_array_get(root, i);
        if (!entry_parse(g->arena, o, mxs_list_add(g->arena, &g->v)))
            mxs_json_fail(&in, anchor_of(o),
                          "entry %zu: id, kind (log, alert, stage, word or tls-rpt), title, means and "
                          "match are all needed", i + 1);
        err = in.err;
    }
    json_decref(root);
    return err;
}

/* "{host} [{0}] refuses" as prose: "HOST [..] refuses". */
static const char *without_values(struct mxs_arena *arena, const char *text)
{
    if (!text)
        return NULL;
    char *out = mxs_arena_alloc(arena, strlen(text) + 1), *q = out;
    for (const char *p = text; *p; p++) {
        const char *value = mxs_ascii_prefix(p, "{host}") ? "HOST"
                          : mxs_ascii_prefix(p, "{domain}") ? "DOMAIN" : *p == '{' ? ".." : NULL;
        const char *end = value ? strchr(p, '}') : NULL;
        if (!end) {
            *q++ = *p;
            continue;
        }
        while (*value)
            *q++ = *value++;
        p = end;
    }
    return out;
}

static void add_findings(struct mxs_glossary *g)
{
    const struct mxs_finding_row *rows = mxs_finding_rows();
    for (int i = 0; i < MXS_F_COUNT; i++) {
        struct mxs_entry *e = mxs_list_add(g->arena, &g->v);
        *e = (struct mxs_entry){ .id = mxs_arena_printf(g->arena, "finding/%s", rows[i].id),
                                 .kind = "finding",      .title = rows[i].id,
                                 .side = mxs_fault_name(rows[i].fault),
                                 .means = without_values(g->arena, rows[i].text),
                                 .look = without_values(g->arena, rows[i].fix),
                                 .rfc = rows[i].rfc,     .lesson = rows[i].lesson };
        *mxs_list_add(g->arena, &e->match) = rows[i].id;
    }
}

/* " since 2022-02-02"; nothing where no date is known. */
static const char *since(struct mxs_arena *arena, int64_t from)
{
    return from == INT64_MIN ? "" : mxs_arena_printf(arena, " since %.10s", mxs_time_text(arena, from));
}

/* "A enforces DANE since DATE (documented; NOTE; SOURCE). It .." */
static const char *enforcement_text(struct mxs_arena *arena, const struct mxs_large_sender *s)
{
    static const struct {
        const char *what, *words;
    } names[] = { { "dane", "enforces DANE" }, { "mta-sts", "enforces MTA-STS" },
                  { "tls", "demands TLS" }, { "tlsa-limit", "limits TLSA records" } };
    const char *text = "";
    for (size_t i = 0; i < s->enforces.n; i++) {
        const struct mxs_enforcement *e = &s->enforces.v[i];
        for (size_t k = 0; k < MXS_COUNT(names); k++)
            if (strcmp(names[k].what, e->what) == 0)
                text = mxs_arena_printf(arena, "%s%s%s %s%s (%s%s%s; %s).", text, *text ? " " : "",
                                        *text ? "It" : s->name, names[k].words, since(arena, e->from),
                                        e->certainty, e->note ? "; " : "", e->note ? e->note : "",
                                        e->source);
    }
    return text;
}

void mxs_glossary_add_senders(struct mxs_glossary *g, const struct mxs_senders *senders)
{
    for (size_t i = 0; i < senders->v.n; i++) {
        const struct mxs_large_sender *s = &senders->v.v[i];
        struct mxs_entry *e = mxs_list_add(g->arena, &g->v);
        *e = (struct mxs_entry){
            .id = mxs_arena_printf(g->arena, "sender/%s", s->id), .kind = "sender",
            .title = mxs_arena_printf(g->arena, "%s (%s), a large sender, as of %s", s->name,
                                      s->operator, senders->as_of),
            .side = "theirs",
            .means = mxs_arena_strdup(g->arena, enforcement_text(g->arena, s)),
            .look = s->verifier ? mxs_arena_printf(g->arena, "What it makes of a server: mxscope check "
                                                   "--verifier=%s TARGET", s->verifier) : NULL };
        for (size_t k = 0; k < s->match.n; k++)
            *mxs_list_add(g->arena, &e->match) = mxs_arena_strdup(g->arena, s->match.v[k]);
    }
}

static int is_json(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > 5 && strcmp(entry->d_name + n - 5, ".json") == 0;
}

enum mxs_err mxs_glossary_load(const char *directory, struct mxs_glossary **out,
                               struct mxs_why *why)
{
    struct dirent **names;
    int n = scandir(directory, &names, is_json, alphasort);
    if (n < 0)
        return mxs_why_set(why, MXS_ERR_IO, "%s: %s", directory, strerror(errno));
    struct mxs_glossary *g = mxs_alloc(sizeof *g);
    g->arena = mxs_arena_new();
    enum mxs_err err = MXS_OK;
    for (int i = 0; i < n; i++) {
        if (!err)
            err = load_file(g, mxs_arena_printf(g->arena, "%s/%s", directory, names[i]->d_name), why);
        free(names[i]);
    }
    free(names);
    if (err) {
        mxs_glossary_free(g);
        return err;
    }
    add_findings(g);
    *out = g;
    return MXS_OK;
}

void mxs_glossary_free(struct mxs_glossary *g)
{
    if (!g)
        return;
    mxs_arena_free(g->arena);
    free(g);
}

size_t mxs_glossary_count(const struct mxs_glossary *g)
{
    return g->v.n;
}

const struct mxs_entry *mxs_glossary_at(const struct mxs_glossary *g, size_t index)
{
    return index < g->v.n ? &g->v.v[index] : NULL;
}

const struct mxs_entry *mxs_glossary_find(const struct mxs_glossary *g, const char *id)
{
    for (size_t i = 0; i < g->v.n; i++) {
        const char *slash = strchr(g->v.v[i].id, '/');
        if (mxs_ascii_equal(g->v.v[i].id, id) || (slash && mxs_ascii_equal(slash + 1, id)))
            return &g->v.v[i];
    }
    return NULL;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* A pattern that ends in a letter or digit must end a word there: "num=6" is not in "num=62". */
static bool matches_at(const char *text, const char *at, const char *pattern, bool whole)
{
    bool begins = at == text || !is_word(at[-1]) || !is_word(pattern[0]);
    const char *star = strchr(pattern, '*');
    if (star) { /* both halves, in order */
        struct mxs_bytes head = mxs_bytes(pattern, (size_t)(star - pattern));
        for (size_t i = 0; i < head.n; i++)
            if (!at[i] || !mxs_ascii_prefix((char[]){ at[i], 0 }, (char[]){ (char)head.p[i], 0 }))
                return false;
        for (const char *rest = at + head.n; *rest; rest++)
            if (matches_at(text, rest, star + 1, false))
                return true;
        return false;
    }
    size_t n = strlen(pattern);
    if (!mxs_ascii_prefix(at, pattern) || (whole && !begins))
        return false;
    return !is_word(pattern[n - 1]) || !is_word(at[n]);
}

static bool matches(const struct mxs_entry *e, const char *text, const char *pattern)
{
    bool exact = strcmp(e->kind, "stage") == 0 || strcmp(e->kind, "finding") == 0 ||
                 strcmp(e->kind, "sender") == 0;
    if (exact)
        return mxs_ascii_equal(text, pattern);
    for (const char *at = text; *at; at++)
        if (((*at ^ pattern[0]) & 0xdf) == 0 && matches_at(text, at, pattern, true)) /* bit 5: the case */
            return true;
    return false;
}

const struct mxs_entry *mxs_glossary_explain(const struct mxs_glossary *g, const char *text)
{
    const struct mxs_entry *best = mxs_glossary_find(g, text);
    size_t longest = 0;
    for (size_t i = 0; i < g->v.n && !(best && !longest); i++)
        for (size_t k = 0; k < g->v.v[i].match.n; k++) {
            const char *pattern = g->v.v[i].match.v[k];
            size_t n = strlen(pattern);
            /* a single word explains a line only where nothing of the line's own does */
            n = strcmp(g->v.v[i].kind, "word") == 0 ? 1 : n + 1;
            if (n > longest && matches(&g->v.v[i], text, pattern)) {
                longest = n;
                best = &g->v.v[i];
            }
        }
    return best;
}

static size_t shared_triples(const char *a, const char *b)
{
    size_t n = 0, la = strlen(a), lb = strlen(b);
    for (size_t i = 0; i + 3 <= la; i++)
        for (size_t k = 0; k + 3 <= lb; k++) {
            char x[] = { a[i], a[i + 1], a[i + 2], 0 };
            if (mxs_ascii_prefix(b + k, x)) {
                n++;
                break;
            }
        }
    return n;
}

const struct mxs_entry *mxs_glossary_nearest(const struct mxs_glossary *g, const char *text)
{
    const struct mxs_entry *best = NULL;
    size_t score = 2; /* fewer shared triples than this is no likeness */
    char clipped[PATTERN_MAX + 1] = "";
    strncat(clipped, text, PATTERN_MAX);
    for (size_t i = 0; i < g->v.n; i++)
        for (size_t k = 0; k < g->v.v[i].match.n; k++) {
            size_t n = shared_triples(g->v.v[i].match.v[k], clipped);
            if (n > score) {
                score = n;
                best = &g->v.v[i];
            }
        }
    return best;
}
