/* The lessons of a folder, and where in a walk their steps are. */
#include "config.h"

#include "learn/lesson.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

enum mxs_err mxs_lessons_load(const char *folder, const struct mxs_lesson_known *known,
                              struct mxs_lessons *out, struct mxs_why *why)
{
    struct mxs_strs paths = { 0 };
    *out = (struct mxs_lessons){ .arena = mxs_arena_new() };
    enum mxs_err err = mxs_file_list(out->arena, folder, ".lesson", &paths, why);
    for (size_t i = 0; i < paths.n && !err; i++) {
        struct mxs_lesson *lesson = NULL;
        err = mxs_lesson_read(paths.v[i], known, &lesson, why);
        for (size_t k = 0; k < out->v.n && !err; k++)
            if (strcmp(out->v.v[k]->id, lesson->id) == 0)
                err = mxs_why_set(why, MXS_ERR_SYNTAX, "%s: the id %s is that of %s", paths.v[i],
                                  lesson->id, out->v.v[k]->file);
        if (lesson)
            *mxs_list_add(out->arena, &out->v) = lesson;
    }
    if (err)
        mxs_lessons_free(out);
    return err;
}

void mxs_lessons_free(struct mxs_lessons *lessons)
{
    for (size_t i = 0; i < lessons->v.n; i++)
        mxs_lesson_free(lessons->v.v[i]);
    mxs_arena_free(lessons->arena);
    *lessons = (struct mxs_lessons){ 0 };
}

enum mxs_err mxs_lessons_find(const struct mxs_lessons *lessons, const char *word, size_t *index,
                              struct mxs_why *why)
{
    size_t found = 0, n = strlen(word);
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    if (n && !*end && word[0] >= '0' && word[0] <= '9') {
        *index = number - 1;
        return number && number <= lessons->v.n
                   ? MXS_OK : mxs_why_set(why, MXS_ERR_NOT_FOUND, "there are %zu lessons, no %.20s",
                                          lessons->v.n, word);
    }
    for (size_t i = lessons->v.n; n && i-- > 0;) {
        if (strncmp(lessons->v.v[i]->id, word, n) != 0)
            continue;
        *index = i;
        found++;
        if (!lessons->v.v[i]->id[n])
            return MXS_OK;
    }
    if (found == 1)
        return MXS_OK;
    return mxs_why_set(why, MXS_ERR_NOT_FOUND,
                       found ? "several lessons begin with \"%.40s\" (mxscope learn lists them)"
                             : "no lesson is called \"%.40s\" (mxscope learn lists them)", word);
}

bool mxs_lesson_stop(const struct mxs_lesson *lesson, size_t step, bool revealed,
                     const struct mxs_claim_facts *facts, size_t *upto)
{
    size_t act = lesson->steps.v[step].act;
    *upto = 0;
    for (size_t i = 0; i <= step; i++) {
        const struct mxs_lesson_step *s = &lesson->steps.v[i];
        if (s->act != act)
            continue;
        if (!mxs_moment_find(&s->run, facts, *upto, upto))
            return false;
        if ((i < step || revealed) && !mxs_moment_find(&s->reveal, facts, *upto, upto))
            return false;
    }
    return true;
}

int mxs_lesson_right(const struct mxs_lesson_step *step, const struct mxs_claim_facts *facts)
{
    int right = -1;
    for (size_t i = 0; i < step->n_answers; i++) {
        if (!mxs_claim_holds(&step->answers[i].when, facts))
            continue;
        if (right >= 0)
            return -1;
        right = (int)i;
    }
    return right;
}
