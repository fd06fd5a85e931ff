#include "config.h"

#include "cli/batch.h"
#include "cli/evidence.h"
#include "cli/whatif.h"

#include "base/clock.h"
#include "report/anon.h"
#include "report/doc.h"
#include "report/whatif.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUT_MAX = 256 << 20, PROGRESS_US = 100000 };

/* One answer to one subject. */
struct answer {
    struct cli *cli;
    struct cli_world *world;
    struct cli_futures *futures;
    const struct mxs_subject *subject;
    const char *folder; /* --export; NULL */
    size_t exported;    /* scenarios */
    struct mxs_matrix *matrix;
    struct mxs_timeline *timeline;
    struct mxs_offers *offers;
    struct mxs_arena *arena;
    const struct mxs_matrix *like; /* of the first subject; NULL: this is it */
    struct mxs_doc *doc; /* for --html and --markdown; NULL */
    int64_t told; /* when progress was last shown */
};

/* --- interruption and progress --- */

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = 1;
    signal(number, SIG_DFL); /* the second one ends the program at once */
}

static void watch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Only for a person who waits. */
static void progress(struct answer *a, size_t done, size_t total)
{
    int64_t now = a->world->clock->mono(a->world->clock);
    if (a->cli->from || a->cli->quiet || !isatty(STDERR_FILENO) || now - a->told < PROGRESS_US)
        return;
    a->told = now;
    fprintf(stderr, "\r\033[K%s: %zu of %zu", a->subject->name, done, total);
}

static void clear_progress(const struct answer *a)
{
    if (a->told)
        fputs("\r\033[K", stderr);
}

/* --- one subject --- */

static void run(struct answer *a)
{
    struct mxs_matrix *m = a->matrix;
    while (!interrupted && mxs_matrix_step(m))
        progress(a, m->steps_done, m->steps_total);
    a->offers = mxs_arena_alloc(a->arena, (m->rows.n + 1) * sizeof *a->offers);
    for (size_t i = 0; i < m->rows.n && !interrupted && a->futures->remedies; i++)
        mxs_remedies_offer(a->arena, a->futures->remedies, m, &m->rows.v[i], &a->offers[i]);
    while (!interrupted && a->timeline && mxs_timeline_step(a->timeline))
        progress(a, a->timeline->points.n, a->timeline->dates.list.n);
    clear_progress(a);
}

static enum mxs_err print(struct answer *a, struct mxs_buf *out)
{
    struct cli *cli = a->cli;
    struct mxs_whatif_report report = {
        .base = { .anon = cli->anon, .catalog = &a->world->catalog, .profiles = a->world->profiles,
                  .color = cli_color(cli, STDOUT_FILENO), .ascii = cli->ascii,
                  .verbose = cli->verbose, .quiet = cli->quiet },
        .matrix = a->matrix, .offers = a->offers, .timeline = a->timeline, .subject = a->subject,
        .like = a->like, .at = a->world->assess.at, .not_applying = a->futures->named,
    };
    size_t from = out->n;
    if (a->doc)
        mxs_report_whatif_doc(&report, a->doc);
    enum mxs_err err = cli->json            ? mxs_report_whatif_json(&report, out)
                       : cli_on_stdout(cli) ? MXS_OK
                                            : mxs_report_whatif_text(&report, out);
    mxs_anon_buf(cli->anon, out, from);
    return err;
}

static enum mxs_status subject(struct answer *a, struct mxs_buf *out, struct mxs_why *why)
{
    const struct mxs_whatif *w = &a->futures->whatif;
    const struct mxs_scenario *const *chosen = a->futures->chosen.v;
    a->arena = mxs_arena_new();
    a->matrix = mxs_matrix_new(w, a->subject, chosen, a->futures->chosen.n);
    if (a->cli->timeline)
        a->timeline = mxs_timeline_new(w, a->subject, chosen, a->futures->chosen.n);
    run(a);
    enum mxs_status status = a->matrix->status;
    if (interrupted)
        mxs_why_set(why, MXS_ERR_CANCELLED, "interrupted");
    else if (print(a, out) != MXS_OK)
        mxs_why_set(why, MXS_ERR_LIMIT, "the report is too large");
    else if (a->folder)
        cli_futures_export(a->futures, a->matrix, a->folder, &a->exported, why);
    return status;
}

static void answer_free(struct answer *a)
{
    mxs_timeline_free(a->timeline);
    mxs_matrix_free(a->matrix);
    if (a->arena)
        mxs_arena_free(a->arena);
}

/* --export; one below it for each of several subjects. */
static const char *folder_of(const struct cli *cli, struct mxs_arena *arena, size_t i, size_t n)
{
    if (!cli->export_dir || n < 2)
        return cli->export_dir;
    mkdir(cli->export_dir, 0755); /* mxs_export says it when this was not possible */
    return mxs_arena_printf(arena, "%s/subject-%zu", cli->export_dir, i + 1);
}

static bool as_client(const struct cli *cli)
{
    return cli->evidence.role && strcmp(cli->evidence.role, "client") == 0;
}

/* Why there is nothing to judge, as the walk met it. */
static const char *unreached(const struct mxs_evidence *ev)
{
    for (size_t i = 0; i < ev->hosts.n && !ev->error; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++)
            if (ev->hosts.v[i]->sessions.v[k]->error)
                return ev->hosts.v[i]->sessions.v[k]->error;
    return ev->error            ? ev->error
           : ev->domain.null_mx ? "it takes no mail (null MX, RFC 7505)"
                                : "see mxscope check";
}

/* All subjects of the evidence. */
static enum mxs_status evidence(struct cli *cli, struct cli_world *world, struct cli_futures *futures,
                                const struct mxs_evidence *ev, struct mxs_buf *out,
                                struct mxs_why *why)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_subjects subjects;
    enum mxs_status status = MXS_STATUS_UNKNOWN;
    size_t exported = 0;
    struct answer first = { .like = NULL };
    struct mxs_doc *doc = cli->html || cli->markdown
                              ? mxs_doc_new(arena, mxs_arena_printf(arena, "What if: %s",
                                                                    ev->target ? ev->target : "evidence"))
                              : NULL;
    cli_anon(cli, ev);
    mxs_subjects_of(arena, ev, as_client(cli), &subjects);
    for (size_t i = 0; i < subjects.list.n && !why->err; i++) {
        struct answer a = { .cli = cli, .world = world, .futures = futures,
                            .subject = &subjects.list.v[i], .doc = doc, .like = first.matrix,
                            .folder = folder_of(cli, arena, i, subjects.list.n) };
        if (i && !cli->json && !cli->quiet && !cli_on_stdout(cli))
            mxs_buf_putc(out, '\n');
        enum mxs_status one = subject(&a, out, why);
        status = i ? cli_worse(status, one) : one;
        exported += a.exported;
        if (i)
            answer_free(&a);
        else
            first = a;
    }
    answer_free(&first);
    if (!subjects.list.n)
        mxs_why_set(why, MXS_ERR_NOT_FOUND, "%.100s: no mail server was reached that shows what it "
                    "does: %.150s", ev->target ? ev->target : "evidence", unreached(ev));
    else if (cli->export_dir && !exported && !why->err)
        mxs_why_set(why, MXS_ERR_NOT_FOUND, "%.100s: nothing was written: none of the scenarios applies "
                    "(whatif without --export says why)", cli->export_dir);
    else if (doc && !why->err)
        cli_document(cli, doc, why);
    mxs_arena_free(arena);
    return status;
}

/* --- one evidence, or many targets --- */

/* Of many targets each has its line, also one that nothing is known of. */
static void unknown(struct cli *cli, struct cli_world *world, const struct mxs_evidence *ev,
                    const struct mxs_why *why, struct mxs_buf *out)
{
    struct mxs_subject nothing = { .name = ev->target };
    struct mxs_whatif_report report = { .subject = &nothing, .at = world->assess.at };
    size_t from = out->n;
    if (cli->json)
        mxs_report_whatif_json(&report, out);
    else
        mxs_buf_printf(out, "%s %s\n", mxs_status_name(MXS_STATUS_UNKNOWN), why->text);
    mxs_anon_buf(cli->anon, out, from);
}

static enum mxs_status one_of_many(struct cli *cli, struct cli_world *world,
                                   struct mxs_journal *journal, struct mxs_buf *out, void *data)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_evidence *ev = mxs_fold_new(journal);
    if (as_client(cli))
        cli_evidence_as_client(ev);
    enum mxs_status status = evidence(cli, world, data, ev, out, &why);
    if (why.err == MXS_ERR_NOT_FOUND && (cli->json || cli->from))
        unknown(cli, world, ev, &why, out);
    else if (why.err)
        cli_fail(why.text);
    mxs_fold_free(ev);
    cli_futures_next(data);
    return why.err ? MXS_STATUS_UNKNOWN : status;
}

static int many(struct cli *cli, struct cli_world *world, struct cli_futures *futures)
{
    struct mxs_why why = { 0 };
    if (cli_world_network(cli, world, &why) != MXS_OK)
        return cli_fail(why.text);
    return cli_batch_with(cli, world, one_of_many, futures);
}

static int one(struct cli *cli, struct cli_world *world, struct cli_futures *futures)
{
    struct cli_given given = { NULL, NULL, false };
    struct mxs_why why = { 0 };
    struct mxs_buf out;
    enum mxs_status status = MXS_STATUS_UNKNOWN;
    mxs_buf_init(&out, OUT_MAX);
    if (cli_evidence(cli, world, &given, &why) == MXS_OK) {
        watch_signals();
        status = evidence(cli, world, futures, given.evidence, &out, &why);
    }
    int code = why.err ? cli_fail(why.text) : cli_out(&out, cli_exit(status));
    cli_given_free(&given);
    mxs_buf_fini(&out);
    return code;
}

/* --- --list --- */

static int list(const struct cli_futures *futures, struct cli *cli)
{
    struct mxs_buf out;
    mxs_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < futures->chosen.n; i++) {
        const struct mxs_scenario *s = futures->chosen.v[i];
        mxs_buf_printf(&out, "%-38s %-10s %s\n", s->id, mxs_whatif_day(cli->arena, s->at), s->title);
    }
    int status = cli_out(&out, 0);
    mxs_buf_fini(&out);
    return status;
}

static enum mxs_err usable(const struct cli *cli, struct mxs_why *why)
{
    bool several = cli->from || cli->words.n > 1 || cli->lab;
    if (cli->lab && (cli->from || cli->words.n))
        return mxs_why_set(why, MXS_ERR_USAGE, "--lab brings its own target");
    if (cli->from && (cli->words.n || cli->evidence.session || cli->evidence.chain))
        return mxs_why_set(why, MXS_ERR_USAGE, "--from and other evidence exclude each other");
    if ((cli->html || cli->markdown) && several && !cli->lab)
        return mxs_why_set(why, MXS_ERR_USAGE, "--%s takes one target",
                           cli->html ? "html" : "markdown");
    if (cli->export_dir && several && !cli->lab)
        return mxs_why_set(why, MXS_ERR_USAGE, "--export takes one target");
    return MXS_OK;
}

int cli_whatif(struct cli *cli)
{
    struct cli_world world = { 0 };
    struct cli_futures futures = { 0 };
    struct mxs_why why = { 0 };
    int status;
    enum mxs_err err = usable(cli, &why);
    err = err ? err : cli_world_open(cli, &world, &why);
    err = err ? err : cli_futures_open(cli, &world, &futures, &why);
    if (err)
        status = cli_fail(why.text);
    else if (cli->list)
        status = list(&futures, cli);
    else if (cli->from || cli->words.n > 1 || cli->lab)
        status = many(cli, &world, &futures);
    else
        status = one(cli, &world, &futures);
    cli_futures_close(&futures);
    cli_world_close(&world);
    return status;
}
