/* The text of a lesson and of the progress file: read or refused with one clean line; what was read is
 * whole, and every claim of it can be asked of a walk that has not begun. */
#include "config.h"

#include "fuzz/fuzz.h"
#include "learn/progress.h"

static void ask(const struct mxs_lesson *lesson)
{
    struct mxs_journal *journal = mxs_journal_new(mxs_clock_real());
    struct mxs_claim_facts facts = { .journal = journal };
    struct mxs_lesson_values values = { NULL, NULL };
    size_t upto;
    for (size_t i = 0; i < lesson->steps.n; i++) {
        const struct mxs_lesson_step *s = &lesson->steps.v[i];
        FUZZ_MUST(s->act < lesson->acts.n && s->n_answers <= MXS_LESSON_ANSWERS);
        FUZZ_MUST(s->explain || s->card.n);
        mxs_lesson_stop(lesson, i, true, &facts, &upto);
        FUZZ_MUST(upto == 0);
        FUZZ_MUST(mxs_lesson_right(s, &facts) < (int)s->n_answers);
        for (size_t k = 0; k < s->card.n; k++)
            fuzz_clean(mxs_lesson_fill(lesson->arena, s->card.v[k].text, &facts, &values));
        fuzz_clean(s->title);
        fuzz_clean(s->ask);
        fuzz_clean(s->because);
    }
    for (size_t i = 0; i < lesson->goals.n; i++)
        mxs_claim_holds(&lesson->goals.v[i].when, &facts);
    fuzz_clean(lesson->title);
    fuzz_clean(lesson->goal);
    fuzz_clean(lesson->closing);
    mxs_journal_free(journal);
}

static void progress(struct mxs_bytes text)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_progress read, again;
    struct mxs_why why = { 0 };
    if (mxs_progress_parse(arena, "f", text, &read, &why) == MXS_OK) {
        struct mxs_buf out;
        mxs_buf_init(&out, 1 << 20);
        mxs_progress_print(&read, &out);
        FUZZ_MUST(mxs_progress_parse(arena, "f", mxs_buf_bytes(&out), &again, &why) == MXS_OK);
        FUZZ_MUST(again.rows.n == read.rows.n);
        mxs_buf_fini(&out);
    } else {
        fuzz_clean(why.text);
    }
    mxs_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_lesson *lesson = NULL;
    struct mxs_why why = { 0 };
    if (mxs_lesson_parse("f", mxs_bytes(data, size), NULL, &lesson, &why) == MXS_OK) {
        FUZZ_MUST(lesson->id && lesson->title && lesson->goal && lesson->closing);
        FUZZ_MUST(lesson->acts.n && lesson->steps.n);
        ask(lesson);
    } else {
        FUZZ_MUST(!lesson && strncmp(why.text, "f:", 2) == 0);
        fuzz_clean(why.text);
    }
    mxs_lesson_free(lesson);
    progress(mxs_bytes(data, size));
    return 0;
}
