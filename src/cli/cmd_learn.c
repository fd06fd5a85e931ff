/* mxscope learn: the list of lessons, and one of them in the workbench. */
#include "config.h"

#include "cli/learn.h"
#include "cli/screen.h"
#include "report/wrap.h"

#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 1 << 20, WIDTH = 80, STATE_W = 12 };

static bool ends_with(const char *word, const char *suffix)
{
    size_t n = strlen(word), m = strlen(suffix);
    return n > m && strcmp(word + n - m, suffix) == 0;
}

/* --- the list --- */

static int list(struct cli *cli, const struct mxs_lessons *lessons, struct mxs_progress *progress)
{
    struct mxs_buf out;
    mxs_buf_init(&out, TEXT_MAX);
    size_t done = 0, width = 0;
    for (size_t i = 0; i < lessons->v.n; i++)
        width = strlen(lessons->v.v[i]->id) > width ? strlen(lessons->v.v[i]->id) : width;
    for (size_t i = 0; i < lessons->v.n; i++) {
        const struct mxs_lesson *lesson = lessons->v.v[i];
        const struct mxs_progress_row *row = mxs_progress_of(progress, lesson->id);
        done += row->state == MXS_PROGRESS_DONE;
        size_t at = 2 + 2 + width + 2 + STATE_W + 2;
        mxs_buf_printf(&out, "%2zu  %-*s  %-*s  ", i + 1, (int)width, lesson->id, STATE_W,
                       mxs_progress_words(cli->arena, row));
        mxs_wrap(&out, lesson->title, at, at, WIDTH);
    }
    mxs_buf_printf(&out, "\n%zu of %zu done. mxscope learn %s begins;\na number will do, or how the "
                   "name begins.\n", done, lessons->v.n, lessons->v.n ? lessons->v.v[0]->id : "ID");
    int status = cli_out(&out, 0);
    mxs_buf_fini(&out);
    return status;
}

/* --- one lesson --- */

static enum mxs_err on_act(void *data, size_t act, struct ui_options *options, struct mxs_why *why)
{
    struct cli_class *class = data;
    enum mxs_err err = cli_class_act(class, act, why);
    if (err)
        return err;
    options->engine = class->world.engine;
    options->journal = class->recorded;
    options->target = class->target;
    options->assess = &class->world.assess;
    options->catalog = &class->world.catalog;
    options->plan = &class->plan;
    options->lab_ca = class->world.lab ? mxs_lab_info(class->world.lab)->ca_file : NULL;
    options->lab_dns = cli_lab_dns(class->cli, class->world.lab);
    options->lab_help = class->world.lab
                            ? mxs_arena_printf(class->cli->arena,
                                               "--resolver %s --trust-anchor %s --trust-store %s",
                                               mxs_lab_info(class->world.lab)->resolver,
                                               mxs_lab_info(class->world.lab)->trust_anchor,
                                               mxs_lab_info(class->world.lab)->ca_file)
                            : NULL;
    return MXS_OK;
}

static void on_progress(void *data, size_t step, bool done, const char *answers)
{
    struct cli_class *class = data;
    if (class->session)
        return;
    struct mxs_progress_row *row = mxs_progress_of(&class->progress, class->lesson->id);
    row->step = step;
    row->steps = class->lesson->steps.n;
    row->state = done ? MXS_PROGRESS_DONE
                      : row->state == MXS_PROGRESS_DONE ? row->state : MXS_PROGRESS_GOING;
    memcpy(row->answers, answers, strlen(answers) + 1);
    cli_progress_write(class->state, &class->progress, NULL); /* an extra: the lesson goes on */
}

static int play(struct cli_class *class, const char *place)
{
    struct mxs_progress_row *row = mxs_progress_of(&class->progress, class->lesson->id);
    bool resume = !class->cli->restart && row->state == MXS_PROGRESS_GOING &&
                  row->steps == class->lesson->steps.n;
    struct ui_lesson_options lesson = {
        .lesson = class->lesson,
        .place = place,
        .step = resume ? row->step : 0,
        .answers = resume ? mxs_arena_strdup(class->cli->arena, row->answers) : NULL,
        .act = on_act,
        .progress = on_progress,
        .data = class,
    };
    struct cli_world none = { .clock = mxs_clock_real() };
    return cli_screen(class->cli, &none, &(struct ui_options){ .lesson = &lesson, .paused = true });
}

static int print(struct cli_class *class)
{
    struct mxs_why why = { 0 };
    struct mxs_buf out;
    mxs_buf_init(&out, TEXT_MAX);
    int status = cli_class_text(class, &out, &why) ? cli_fail(why.text) : cli_out(&out, 0);
    mxs_buf_fini(&out);
    return status;
}

static int lesson_run(struct cli_class *class, const char *place)
{
    bool paper = class->cli->html || class->cli->markdown;
    int status = isatty(STDOUT_FILENO) && !paper ? play(class, place) : print(class);
    cli_class_close(class);
    return status;
}

/* FILE.mxs: its journal and what it was judged to be say what to ask. */
static enum mxs_err of_session(struct cli_class *class, const char *path, struct mxs_lesson **out,
                               struct mxs_why *why)
{
    static const struct mxs_lesson_act act = { .session = "recorded" };
    struct mxs_lesson bare = { .acts = { NULL, 0, 0 }, .file = path };
    *mxs_list_add(class->cli->arena, &bare.acts) = act;
    class->lesson = &bare;
    class->session = path;
    enum mxs_err err = cli_class_act(class, 0, why);
    if (err)
        return err;
    struct mxs_evidence *evidence = mxs_fold_new(class->recorded);
    struct mxs_claim_facts facts = { .journal = class->recorded, .evidence = evidence };
    *out = mxs_lesson_of_session(path, &facts);
    mxs_fold_free(evidence);
    return *out ? MXS_OK
                : mxs_why_set(why, MXS_ERR_SYNTAX, "%s: no walk to make a lesson of", path);
}

static int from_file(struct cli_class *class, const char *path)
{
    struct mxs_why why = { 0 };
    struct mxs_lesson *lesson = NULL;
    struct mxs_lesson_known known = cli_lesson_known(class->cli);
    enum mxs_err err = ends_with(path, ".lesson") ? mxs_lesson_read(path, &known, &lesson, &why)
                                                  : of_session(class, path, &lesson, &why);
    class->lesson = lesson;
    int status = err ? cli_fail(why.text) : lesson_run(class, NULL);
    cli_class_close(class);
    mxs_lesson_free(lesson);
    return status;
}

static int from_list(struct cli_class *class, const char *word)
{
    struct mxs_why why = { 0 };
    struct mxs_lessons lessons;
    struct mxs_lesson_known known = cli_lesson_known(class->cli);
    const char *folder = cli_data(class->cli->arena, "lessons");
    size_t i = 0;
    if (!folder)
        return cli_fail("the lessons are not installed (no folder lessons in $MXSCOPE_DATA)");
    if (mxs_lessons_load(folder, &known, &lessons, &why))
        return cli_fail(why.text);
    int status;
    if (!word)
        status = list(class->cli, &lessons, &class->progress);
    else if (mxs_lessons_find(&lessons, word, &i, &why))
        status = cli_fail(why.text);
    else {
        class->lesson = lessons.v.v[i];
        status = lesson_run(class, mxs_arena_printf(class->cli->arena, "%zu of %zu", i + 1,
                                                    lessons.v.n));
    }
    mxs_lessons_free(&lessons);
    return status;
}

int cli_learn(struct cli *cli)
{
    struct cli_class *class = MXS_NEW(cli->arena, struct cli_class);
    struct mxs_why why = { 0 };
    class->cli = cli;
    if (cli->words.n > 1)
        return cli_fail("learn takes one LESSON (see mxscope learn --help)");
    if (cli_progress_read(cli, &class->state, &class->progress, &why))
        return cli_fail(why.text);
    const char *word = cli->words.n ? cli->words.v[0] : NULL;
    return word && (ends_with(word, ".mxs") || ends_with(word, ".lesson"))
               ? from_file(class, word) : from_list(class, word);
}
