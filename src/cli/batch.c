#include "config.h"

#include "cli/batch.h"

#include "base/lines.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_FROM = 10, OUT_MAX = 256 << 20, TARGETS_MAX_BYTES = 1 << 30, PROGRESS_MS = 500 };

struct job {
    struct mxs_journal *journal;
    struct mxs_walk *walk; /* NULL: the slot is free */
};

struct batch {
    struct cli *cli;
    cli_batch_fn *fn;
    void *data;
    struct cli_world *world;
    struct job *jobs;
    size_t n_jobs, running;
    size_t next_word; /* of cli->words */
    struct mxs_lines *lines;
    size_t done, by_status[4];
    enum mxs_status status;
    bool failed;      /* output or input broke: exit 3 whatever was learned */
    bool interrupted, end, progress, first;
    struct mxs_buf out;
};

/* --- interruption: a byte in a pipe, so that the loop wakes --- */

static int interrupt_pipe[2] = { -1, -1 };

static void on_signal(int number)
{
    int saved = errno;
    signal(number, SIG_DFL); /* the second one ends the program at once */
    if (write(interrupt_pipe[1], "x", 1) < 0) { /* full: one byte is enough */
    }
    errno = saved;
}

static void interrupted(void *data)
{
    struct batch *b = data;
    char byte[8];
    if (read(interrupt_pipe[0], byte, sizeof byte) <= 0)
        return;
    b->interrupted = b->end = true;
    for (size_t i = 0; i < b->n_jobs; i++)
        if (b->jobs[i].walk)
            mxs_walk_stop(b->jobs[i].walk);
}

static void watch_signals(struct batch *b)
{
    struct sigaction action = { .sa_handler = on_signal };
    if (pipe(interrupt_pipe) != 0)
        return;
    for (int i = 0; i < 2; i++) {
        fcntl(interrupt_pipe[i], F_SETFL, O_NONBLOCK);
        fcntl(interrupt_pipe[i], F_SETFD, FD_CLOEXEC);
    }
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    mxs_engine_watch(b->world->engine, interrupt_pipe[0], interrupted, b);
}

/* --- targets --- */

/* The next line of --from that is no blank and no comment; NULL at the end. */
static const char *next_line(struct batch *b)
{
    struct mxs_bytes line;
    struct mxs_why why = { 0 };
    enum mxs_err err;
    while ((err = mxs_lines_next(b->lines, &line, &why)) == MXS_OK) {
        while (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
            line = mxs_bytes(line.p + 1, line.n - 1);
        while (line.n && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
            line.n--;
        if (line.n && line.p[0] != '#')
            return mxs_arena_strndup(b->cli->arena, line.p, line.n);
    }
    if (err != MXS_ERR_NOT_FOUND) {
        cli_fail(why.text);
        b->failed = true;
    }
    return NULL;
}

static const char *next_target(struct batch *b)
{
    const char *target = NULL;
    if (b->end)
        return NULL;
    if (b->world->lab && b->next_word++ == 0)
        return mxs_lab_info(b->world->lab)->domain;
    if (b->next_word < b->cli->words.n)
        target = b->cli->words.v[b->next_word++];
    else if (b->lines)
        target = next_line(b);
    b->end = target == NULL;
    return target;
}

/* --- one walk --- */

static void flush(struct batch *b)
{
    if (b->progress)
        fputs("\r\033[K", stderr);
    if (cli_out(&b->out, 0) != 0) {
        b->failed = b->end = true;
        for (size_t i = 0; i < b->n_jobs; i++)
            if (b->jobs[i].walk)
                mxs_walk_stop(b->jobs[i].walk);
    }
}

/* The report of check, and its files. */
static enum mxs_status report(struct cli *cli, struct cli_world *world, struct mxs_journal *journal,
                              struct mxs_buf *out, void *data)
{
    struct batch *b = data;
    struct cli_result result;
    struct mxs_why why = { 0 };
    cli_result_make(world, journal, &result);
    cli_report(cli, &result, out);
    enum mxs_status status = result.assessment->status;
    if (cli_files(cli, world, &result, &why)) {
        cli_fail(why.text);
        b->failed = true;
    }
    cli_result_free(&result);
    return status;
}

static void finish(struct batch *b, struct mxs_journal *journal)
{
    if (!b->first && !b->cli->json && !b->cli->quiet)
        mxs_buf_putc(&b->out, '\n');
    b->first = false;
    enum mxs_status status = b->fn(b->cli, b->world, journal, &b->out, b->data);
    b->status = b->done ? cli_worse(b->status, status) : status;
    b->by_status[status]++;
    b->done++;
    flush(b);
    mxs_journal_free(journal);
}

/* A line of --from that is no target is reported in its place, as a walk that ended at once. */
static void refuse(struct batch *b, struct mxs_journal *journal, const char *target,
                   const struct mxs_why *why)
{
    if (!b->cli->from) {
        mxs_journal_free(journal);
        cli_fail(why->text);
        b->failed = true;
        return;
    }
    const struct mxs_attr attrs[] = { { "target", target }, { "name", target },
                                      { "kind", "host" } };
    const struct mxs_attr ended[] = { { "error", why->text } };
    mxs_journal_append(journal, &(struct mxs_event){ .kind = MXS_EVENT_WALK,
                                                     .stage = MXS_STAGE_NONE, .attrs = attrs,
                                                     .n_attrs = MXS_COUNT(attrs) });
    mxs_journal_append(journal, &(struct mxs_event){ .kind = MXS_EVENT_WALK_END,
                                                     .stage = MXS_STAGE_NONE, .attrs = ended,
                                                     .n_attrs = MXS_COUNT(ended) });
    finish(b, journal);
}

static void start(struct batch *b, struct job *job, const char *target)
{
    struct mxs_why why = { 0 };
    struct mxs_journal *journal = mxs_journal_new(b->world->clock);
    const char *clean = mxs_text_clip(mxs_journal_arena(journal), mxs_bytes_str(target), 300);
    if (cli_keylog(b->cli, journal, &why)) {
        cli_fail(why.text);
        b->failed = b->end = true;
        mxs_journal_free(journal);
    } else if (mxs_walk_new(b->world->engine, target, journal, &job->walk, &why)) {
        job->walk = NULL;
        refuse(b, journal, clean, &why);
    } else {
        job->journal = journal;
        b->running++;
        mxs_walk_start(job->walk);
    }
}

static void fill(struct batch *b)
{
    for (size_t i = 0; i < b->n_jobs; i++)
        while (!b->jobs[i].walk) {
            const char *target = next_target(b);
            if (!target)
                return;
            start(b, &b->jobs[i], target);
        }
}

static void reap(struct batch *b)
{
    for (size_t i = 0; i < b->n_jobs; i++) {
        struct job *job = &b->jobs[i];
        if (!job->walk || !mxs_walk_done(job->walk))
            continue;
        mxs_walk_free(job->walk);
        job->walk = NULL;
        b->running--;
        finish(b, job->journal);
    }
}

static void progress(struct batch *b)
{
    if (b->progress)
        fprintf(stderr, "\r\033[K%zu done (%zu OK, %zu WARNING, %zu CRITICAL, %zu UNKNOWN), "
                        "%zu running", b->done, b->by_status[MXS_STATUS_OK],
                b->by_status[MXS_STATUS_WARNING], b->by_status[MXS_STATUS_CRITICAL],
                b->by_status[MXS_STATUS_UNKNOWN], b->running);
}

static void run(struct batch *b)
{
    fill(b);
    while (b->running) {
        progress(b);
        mxs_engine_run_once(b->world->engine, PROGRESS_MS);
        reap(b);
        fill(b);
    }
    if (b->progress)
        fputs("\r\033[K", stderr);
}

int cli_batch_with(struct cli *cli, struct cli_world *world, cli_batch_fn *fn, void *data)
{
    struct batch b = { .cli = cli, .world = world, .first = true, .fn = fn ? fn : report };
    struct mxs_why why = { 0 };
    b.data = fn ? data : &b;
    b.n_jobs = cli->jobs ? cli->jobs : cli->from ? JOBS_FROM : 1;
    b.progress = cli->from && isatty(STDERR_FILENO);
    cli->json |= cli->from && !cli->quiet;
    if (cli->from && mxs_lines_open(cli->from, TARGETS_MAX_BYTES, 4096, &b.lines, &why))
        return cli_fail(why.text);
    b.jobs = mxs_arena_alloc(cli->arena, b.n_jobs * sizeof *b.jobs);
    mxs_buf_init(&b.out, OUT_MAX);
    watch_signals(&b);
    run(&b);
    mxs_lines_close(b.lines);
    mxs_buf_fini(&b.out);
    if (b.interrupted)
        return cli_fail("interrupted");
    if (cli->from && !b.done && !b.failed)
        return cli_fail(mxs_arena_printf(cli->arena, "%s: no target in it", cli->from));
    return b.failed || !b.done ? CLI_UNKNOWN : cli_exit(b.status);
}

int cli_batch(struct cli *cli, struct cli_world *world)
{
    return cli_batch_with(cli, world, NULL, NULL);
}
