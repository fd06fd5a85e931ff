#include "config.h"

#include "learn/progress.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 1000 };

static const char version[] = "mxscope.progress/1";
static const struct mxs_name states[] = {
    { MXS_PROGRESS_NEW, "new" }, { MXS_PROGRESS_GOING, "going" }, { MXS_PROGRESS_DONE, "done" },
    { 0, NULL },
};

/* The next word of a line, NULL at its end. */
static const char *word(struct mxs_arena *arena, const char **p, const char *end)
{
    while (*p < end && **p == ' ')
        ++*p;
    const char *from = *p;
    while (*p < end && **p != ' ')
        ++*p;
    return *p > from ? mxs_arena_strndup(arena, from, (size_t)(*p - from)) : NULL;
}

static bool number(const char *text, size_t *out)
{
    char *end;
    if (!text || !*text || strlen(text) > 4)
        return false;
    *out = (size_t)strtoul(text, &end, 10);
    return !*end && text[0] >= '0' && text[0] <= '9';
}

/* "ID STEP STEPS STATE ANSWERS" */
static bool row_parse(struct mxs_arena *arena, const char *p, const char *end,
                      struct mxs_progress_row *row)
{
    *row = (struct mxs_progress_row){ .id = word(arena, &p, end) };
    bool ok = number(word(arena, &p, end), &row->step) && number(word(arena, &p, end), &row->steps);
    const char *state = word(arena, &p, end), *answers = word(arena, &p, end);
    int s = state ? mxs_name_value(states, state) : -1;
    if (!ok || s < 0 || !answers || strlen(answers) > MXS_LESSON_STEPS ||
        answers[strspn(answers, "abcd-")] || word(arena, &p, end))
        return false;
    row->state = (enum mxs_progress_state)s;
    memcpy(row->answers, answers, strlen(answers));
    return row->id[strspn(row->id, "abcdefghijklmnopqrstuvwxyz0123456789-")] == 0;
}

enum mxs_err mxs_progress_parse(struct mxs_arena *arena, const char *name, struct mxs_bytes text,
                                struct mxs_progress *out, struct mxs_why *why)
{
    const char *p = mxs_arena_strndup(arena, text.p, text.n), *end = p + strcspn(p, "\n");
    size_t prefix = strcspn(version, "/") + 1;
    *out = (struct mxs_progress){ .arena = arena };
    if (!*p)
        return MXS_OK;
    if ((size_t)(end - p) != sizeof version - 1 || strncmp(p, version, sizeof version - 1) != 0)
        return strncmp(p, version, prefix) == 0
                   ? mxs_why_set(why, MXS_ERR_UNSUPPORTED, "%s:1: written by a newer version", name)
                   : mxs_why_set(why, MXS_ERR_SYNTAX, "%s:1: not the progress of lessons", name);
    for (unsigned line = 2; *end; line++) {
        p = end + 1;
        end = p + strcspn(p, "\n");
        if (p == end)
            continue;
        if (out->rows.n == ROWS_MAX ||
            !row_parse(arena, p, end, mxs_list_add(arena, &out->rows)))
            return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: not ID STEP STEPS STATE ANSWERS", name,
                               line);
    }
    return MXS_OK;
}

void mxs_progress_print(const struct mxs_progress *progress, struct mxs_buf *out)
{
    mxs_buf_printf(out, "%s\n", version);
    for (size_t i = 0; i < progress->rows.n; i++) {
        const struct mxs_progress_row *r = &progress->rows.v[i];
        mxs_buf_printf(out, "%s %zu %zu %s %s\n", r->id, r->step, r->steps,
                       mxs_name_of(states, (int)r->state), r->answers[0] ? r->answers : "-");
    }
}

struct mxs_progress_row *mxs_progress_of(struct mxs_progress *progress, const char *id)
{
    for (size_t i = 0; i < progress->rows.n; i++)
        if (strcmp(progress->rows.v[i].id, id) == 0)
            return &progress->rows.v[i];
    struct mxs_progress_row *row = mxs_list_add(progress->arena, &progress->rows);
    *row = (struct mxs_progress_row){ .id = mxs_arena_strdup(progress->arena, id) };
    return row;
}

const char *mxs_progress_words(struct mxs_arena *arena, const struct mxs_progress_row *row)
{
    if (row->state == MXS_PROGRESS_GOING)
        return mxs_arena_printf(arena, "step %zu of %zu", row->step + 1, row->steps);
    return row->state == MXS_PROGRESS_DONE ? "done" : "new";
}
