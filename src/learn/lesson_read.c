/* The text of a lesson: "key: value" lines; a line that begins with a blank goes on with the value
 * above it, one that begins with # says nothing. */
#include "config.h"

#include "learn/lesson.h"

#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 * 1024, VALUE_MAX = 4000, LISTED_MAX = 16 };

static const char version[] = "mxscope.lesson/1";

struct reader {
    struct mxs_lesson *lesson;
    const struct mxs_lesson_known *known;
    struct mxs_why *why;
    const char *file;
    unsigned line;                /* of the key at hand */
    const char *key;
    struct mxs_lesson_step *step; /* NULL: still in the head */
    bool own_act;                 /* the head or step at hand began a walk */
};

static enum mxs_err bad(struct reader *r, const char *text)
{
    return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%u: %s: %s", r->file, r->line, r->key, text);
}

static struct mxs_lesson_act *act(struct reader *r)
{
    return &r->lesson->acts.v[r->lesson->acts.n - 1];
}

/* --- what each key does --- */

struct key {
    const char *name;
    enum { HEAD = 1, STEP = 2, BOTH = 3 } where;
    enum mxs_err (*set)(struct reader *r, const struct key *key, const char *value);
    size_t offset; /* of the text that set_text fills */
};

static enum mxs_err once(struct reader *r, const char **slot, const char *value)
{
    if (*slot)
        return bad(r, "stands there already");
    *slot = value;
    return MXS_OK;
}

static enum mxs_err set_text(struct reader *r, const struct key *key, const char *value)
{
    char *base = key->where == HEAD ? (char *)r->lesson : (char *)r->step;
    return once(r, (const char **)(void *)(base + key->offset), value);
}

static enum mxs_err set_id(struct reader *r, const struct key *key, const char *value)
{
    if (value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-")])
        return bad(r, "lower-case letters, digits and - only");
    return set_text(r, key, value);
}

/* The head's walk is the first; a step's is a new one. */
static enum mxs_err new_act(struct reader *r)
{
    if (r->own_act)
        return bad(r, "one lab: or session: line for a walk");
    r->own_act = true;
    (void)mxs_list_add(r->lesson->arena, &r->lesson->acts);
    if (r->step)
        r->step->act = r->lesson->acts.n - 1;
    return MXS_OK;
}

static enum mxs_err set_lab(struct reader *r, const struct key *key, const char *value)
{
    (void)key;
    enum mxs_err err = new_act(r);
    if (err)
        return err;
    for (const char *p = value; *p; p += strcspn(p, ", \t"), p += strspn(p, ", \t")) {
        const char *name = mxs_arena_strndup(r->lesson->arena, p, strcspn(p, ", \t"));
        if (strcmp(value, "clean") == 0)
            break;
        if (r->known && r->known->fault && !r->known->fault(r->known->data, name))
            return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%u: no fault is called \"%.60s\"",
                               r->file, r->line, name);
        *mxs_list_add(r->lesson->arena, &act(r)->faults) = name;
    }
    return MXS_OK;
}

/* A lesson of a stranger reads no file but those it brought. */
static enum mxs_err beside(struct reader *r, const char **slot, const char *value)
{
    if (*value == '/' || strstr(value, ".."))
        return bad(r, "a file beside the lesson, without / at its beginning and without ..");
    return once(r, slot, value);
}

static enum mxs_err set_session(struct reader *r, const struct key *key, const char *value)
{
    (void)key;
    enum mxs_err err = new_act(r);
    return err ? err : beside(r, &act(r)->session, value);
}

/* What says more of a walk stands behind its `lab:` line. */
static enum mxs_err needs_lab(struct reader *r)
{
    return r->own_act ? MXS_OK : bad(r, "belongs behind a lab: line");
}

static enum mxs_err set_next_key(struct reader *r, const struct key *key, const char *value)
{
    (void)key;
    enum mxs_err err = needs_lab(r);
    return err ? err : beside(r, &act(r)->next_key, value);
}

static enum mxs_err set_target(struct reader *r, const struct key *key, const char *value)
{
    (void)key;
    enum mxs_err err = needs_lab(r);
    return err ? err : once(r, &act(r)->target, value);
}

static enum mxs_err set_certificate(struct reader *r, const struct key *key, const char *value)
{
    (void)key;
    enum mxs_err err = needs_lab(r);
    if (!err && strcmp(value, "client") && strcmp(value, "both") && strcmp(value, "server-only"))
        err = bad(r, "client, both or server-only");
    return err ? err : once(r, &act(r)->certificate, value);
}

/* Only what concerns the walk: a lesson of a stranger writes no file and reaches no other host. */
static enum mxs_err set_option(struct reader *r, const struct key *key, const char *value)
{
    static const char *const names[] = { "offer", "sni", "ehlo", "priority", "tls", "auth", "at",
                                         "mail-from", "rcpt-to", "client-cert-trial", "verifier" };
    size_t n = strcspn(value, " \t"), i = 0;
    const char *name = mxs_arena_strndup(r->lesson->arena, value, n);
    (void)key;
    enum mxs_err err = needs_lab(r);
    if (err)
        return err;
    while (i < MXS_COUNT(names) && strcmp(names[i], name) != 0)
        i++;
    if (i == MXS_COUNT(names))
        return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%u: no option of a lesson is called \"%.60s\"",
                           r->file, r->line, name);
    if (act(r)->options.n == LISTED_MAX)
        return bad(r, "too many");
    *mxs_list_add(r->lesson->arena, &act(r)->options) =
        (struct mxs_lesson_option){ name, value + n + strspn(value + n, " \t"), r->line };
    return MXS_OK;
}

static enum mxs_err set_goal(struct reader *r, const struct key *key, const char *value)
{
    struct mxs_why why = { 0 };
    const char *colon = strstr(value, " = ");
    (void)key;
    if (!colon)
        return bad(r, "CLAIM = TEXT");
    if (r->lesson->goals.n == LISTED_MAX)
        return bad(r, "too many");
    struct mxs_lesson_goal *goal = mxs_list_add(r->lesson->arena, &r->lesson->goals);
    goal->text = colon + 3;
    goal->act = r->lesson->acts.n ? r->lesson->acts.n - 1 : 0;
    const char *claim = mxs_arena_strndup(r->lesson->arena, value, (size_t)(colon - value));
    return mxs_claim_parse(r->lesson->arena, claim, r->known, &goal->when, &why)
               ? bad(r, why.text) : MXS_OK;
}

static enum mxs_err set_step(struct reader *r, const struct key *key, const char *value)
{
    struct mxs_lesson *l = r->lesson;
    (void)key;
    if (l->acts.n == 0)
        return bad(r, "a lab: or session: line comes before the first step");
    if (l->steps.n == MXS_LESSON_STEPS)
        return bad(r, "too many steps");
    r->step = mxs_list_add(l->arena, &l->steps);
    r->own_act = false;
    r->step->line = r->line;
    r->step->title = value;
    r->step->act = l->acts.n - 1;
    return MXS_OK;
}

static enum mxs_err set_moment(struct reader *r, const struct key *key, const char *value)
{
    struct mxs_why why = { 0 };
    struct mxs_moment *m = strcmp(key->name, "run") == 0 ? &r->step->run : &r->step->reveal;
    return mxs_moment_parse(r->lesson->arena, value, r->known, m, &why) ? bad(r, why.text) : MXS_OK;
}

static enum mxs_err set_view(struct reader *r, const struct key *key, const char *value)
{
    bool known = !r->known || !r->known->view || r->known->view(r->known->data, value);
    return known ? set_text(r, key, value) : bad(r, "the workbench has no such view");
}

static enum mxs_err set_explain(struct reader *r, const struct key *key, const char *value)
{
    bool known = !r->known || !r->known->card || r->known->card(r->known->data, value);
    return known ? set_text(r, key, value) : bad(r, "the glossary has no such entry");
}

static enum mxs_err set_row(struct reader *r, const struct key *key, const char *value)
{
    if (r->step->card.n == LISTED_MAX)
        return bad(r, "too many");
    if (!mxs_lesson_fills(value, r->known))
        return bad(r, "a name in braces that is none of log:VERIFIER, remote, ca, dns");
    *mxs_list_add(r->lesson->arena, &r->step->card) =
        (struct mxs_lesson_row){ key->name, value };
    return MXS_OK;
}

static enum mxs_err set_answer(struct reader *r, const struct key *key, const char *value)
{
    size_t n = (size_t)(key->name[0] - 'a');
    if (n != r->step->n_answers)
        return bad(r, "answers stand in the order a, b, c, d");
    r->step->answers[r->step->n_answers++].text = value;
    return MXS_OK;
}

static enum mxs_err set_when(struct reader *r, const struct key *key, const char *value)
{
    struct mxs_why why = { 0 };
    size_t n = (size_t)(key->name[0] - 'a');
    if (n >= r->step->n_answers)
        return bad(r, "no such answer above");
    if (r->step->answers[n].when.text)
        return bad(r, "stands there already");
    return mxs_claim_parse(r->lesson->arena, value, r->known, &r->step->answers[n].when, &why)
               ? bad(r, why.text) : MXS_OK;
}

#define OF_LESSON(member) offsetof(struct mxs_lesson, member)
#define OF_STEP(member) offsetof(struct mxs_lesson_step, member)

static const struct key keys[] = {
    { "id", HEAD, set_id, OF_LESSON(id) },
    { "title", HEAD, set_text, OF_LESSON(title) },
    { "about", HEAD, set_text, OF_LESSON(goal) },
    { "closing", HEAD, set_text, OF_LESSON(closing) },
    { "lab", BOTH, set_lab, 0 },
    { "session", BOTH, set_session, 0 },
    { "target", BOTH, set_target, 0 },
    { "certificate", BOTH, set_certificate, 0 },
    { "next-key", BOTH, set_next_key, 0 },
    { "option", BOTH, set_option, 0 },
    { "goal", BOTH, set_goal, 0 },
    { "step", BOTH, set_step, 0 },
    { "run", STEP, set_moment, 0 },
    { "view", STEP, set_view, OF_STEP(view) },
    { "row", STEP, set_text, OF_STEP(row) },
    { "explain", STEP, set_explain, OF_STEP(explain) },
    { "happens", STEP, set_row, 0 },
    { "checks", STEP, set_row, 0 },
    { "breaks", STEP, set_row, 0 },
    { "sender", STEP, set_row, 0 },
    { "receiver", STEP, set_row, 0 },
    { "try", STEP, set_row, 0 },
    { "read", STEP, set_row, 0 },
    { "ask", STEP, set_text, OF_STEP(ask) },
    { "a", STEP, set_answer, 0 },
    { "b", STEP, set_answer, 0 },
    { "c", STEP, set_answer, 0 },
    { "d", STEP, set_answer, 0 },
    { "a if", STEP, set_when, 0 },
    { "b if", STEP, set_when, 0 },
    { "c if", STEP, set_when, 0 },
    { "d if", STEP, set_when, 0 },
    { "reveal", STEP, set_moment, 0 },
    { "reveal view", STEP, set_view, OF_STEP(shown_view) },
    { "reveal row", STEP, set_text, OF_STEP(shown_row) },
    { "because", STEP, set_text, OF_STEP(because) },
};

/* --- lines --- */

static enum mxs_err set(struct reader *r, const char *name, const char *value)
{
    r->key = name;
    if (!*value)
        return bad(r, "nothing stands behind the colon");
    for (size_t i = 0; i < MXS_COUNT(keys); i++) {
        if (strcmp(keys[i].name, name) != 0)
            continue;
        if (!(keys[i].where & STEP) && r->step)
            return bad(r, "belongs before the first step");
        if (!(keys[i].where & HEAD) && !r->step)
            return bad(r, "belongs to a step");
        return keys[i].set(r, &keys[i], value);
    }
    return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%u: no line of a lesson begins with \"%.40s\"",
                       r->file, r->line, name);
}

/* A line as text for the screen: what is no printable UTF-8 was never meant to be shown. */
static const char *clean(struct reader *r, const char *p, size_t n)
{
    while (n && (p[n - 1] == ' ' || p[n - 1] == '\t' || p[n - 1] == '\r'))
        n--;
    return mxs_text_clean(r->lesson->arena, mxs_bytes(p, n));
}

/* One "key: value" and what goes on with it; gives the first byte behind. */
static enum mxs_err entry(struct reader *r, const char **at, unsigned *line)
{
    struct mxs_arena *arena = r->lesson->arena;
    const char *p = *at, *end = p + strcspn(p, "\n"), *colon = memchr(p, ':', (size_t)(end - p));
    r->line = *line;
    if (!colon || colon == p)
        return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%u: \"%.40s\" is not KEY: VALUE", r->file,
                           r->line, clean(r, p, (size_t)(end - p) < 60 ? (size_t)(end - p) : 60));
    const char *name = clean(r, p, (size_t)(colon - p));
    colon += 1 + strspn(colon + 1, " \t");
    char *value = mxs_arena_strdup(arena, colon < end ? clean(r, colon, (size_t)(end - colon)) : "");
    while (*end && (end[1] == ' ' || end[1] == '\t')) {
        p = end + 1 + strspn(end + 1, " \t");
        end = p + strcspn(p, "\n");
        ++*line;
        value = mxs_arena_printf(arena, "%s%s%s", value, *value ? " " : "",
                                 clean(r, p, (size_t)(end - p)));
        if (strlen(value) > VALUE_MAX)
            return mxs_why_set(r->why, MXS_ERR_LIMIT, "%s:%u: %.20s: longer than %d bytes", r->file,
                               r->line, name, VALUE_MAX);
    }
    *at = end + (*end == '\n');
    ++*line;
    return strlen(value) > VALUE_MAX
               ? mxs_why_set(r->why, MXS_ERR_LIMIT, "%s:%u: %.20s: longer than %d bytes", r->file,
                             r->line, name, VALUE_MAX)
               : set(r, name, value);
}

static enum mxs_err whole(struct reader *r)
{
    const struct mxs_lesson *l = r->lesson;
    const char *missing = !l->id ? "id" : !l->title ? "title" : !l->goal ? "about"
                          : !l->steps.n ? "step" : !l->closing ? "closing" : NULL;
    if (missing)
        return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%u: there is no %s: line", r->file, r->line,
                           missing);
    for (size_t i = 0; i < l->steps.n; i++) {
        const struct mxs_lesson_step *s = &l->steps.v[i];
        bool keyed = true;
        for (size_t a = 0; a < s->n_answers; a++)
            keyed = keyed && s->answers[a].when.text;
        const char *fault = !s->card.n && !s->explain ? "has neither a card nor explain:"
                            : s->ask && s->n_answers < 2 ? "asks, but has no two answers"
                            : !s->ask && s->n_answers ? "has answers, but asks nothing"
                            : !keyed ? "has an answer without its \"if:\" line" : NULL;
        if (fault)
            return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:%u: the step %s", r->file, s->line, fault);
    }
    return MXS_OK;
}

static enum mxs_err head(struct reader *r, const char **at)
{
    const char *p = *at;
    size_t n = strcspn(p, "\r\n"), name = strcspn(version, "/") + 1;
    *at = p + n + strspn(p + n, "\r");
    *at += **at == '\n';
    if (n == sizeof version - 1 && strncmp(p, version, n) == 0)
        return MXS_OK;
    if (n > name && strncmp(p, version, name) == 0)
        return mxs_why_set(r->why, MXS_ERR_UNSUPPORTED, "%s:1: from a newer version (this one reads %s)",
                           r->file, version);
    return mxs_why_set(r->why, MXS_ERR_SYNTAX, "%s:1: not a lesson (it begins with %s)", r->file,
                       version);
}

enum mxs_err mxs_lesson_parse(const char *name, struct mxs_bytes text,
                              const struct mxs_lesson_known *known, struct mxs_lesson **out,
                              struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct reader r = { .lesson = MXS_NEW(arena, struct mxs_lesson), .known = known, .why = why,
                        .file = mxs_arena_strdup(arena, name), .line = 1 };
    /* Owned and NUL-terminated; a NUL inside ends the text, so what it hides is missed as a whole. */
    const char *p = mxs_arena_strndup(arena, text.p, text.n);
    unsigned line = 2;
    p += strncmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* as some editors begin a file */
    r.lesson->arena = arena;
    r.lesson->file = r.file;
    enum mxs_err err = text.n > FILE_MAX
                           ? mxs_why_set(why, MXS_ERR_LIMIT, "%s: larger than %d bytes", name, FILE_MAX)
                           : head(&r, &p);
    while (!err && *p) {
        if (*p == '#' || *p == '\n' || *p == '\r' || strspn(p, " \t") == strcspn(p, "\r\n")) {
            p += strcspn(p, "\n");
            p += *p == '\n';
            line++;
        } else {
            err = entry(&r, &p, &line);
        }
    }
    r.line = line > 2 ? line - 1 : 1;
    err = err ? err : whole(&r);
    if (err)
        mxs_arena_free(arena);
    else
        *out = r.lesson;
    return err;
}

enum mxs_err mxs_lesson_read(const char *path, const struct mxs_lesson_known *known,
                             struct mxs_lesson **out, struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes text;
    enum mxs_err err = mxs_file_read(arena, path, FILE_MAX, &text, why);
    err = err ? err : mxs_lesson_parse(path, text, known, out, why);
    mxs_arena_free(arena);
    return err;
}

void mxs_lesson_free(struct mxs_lesson *lesson)
{
    if (lesson)
        mxs_arena_free(lesson->arena);
}
