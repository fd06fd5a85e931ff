#include "config.h"

#include "cli/world.h"

#include "base/file.h"
#include "report/anon.h"
#include "report/doc.h"
#include "report/report.h"
#include "whatif/fallback.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void cli_result_make(struct cli_world *world, struct mxs_journal *journal, struct cli_result *out)
{
    out->journal = journal;
    out->evidence = mxs_fold_new(journal);
    out->assessment = mxs_assess(out->evidence, &world->assess);
    mxs_fallback_all(out->assessment, world->profiles);
    out->catalog = &world->catalog;
    out->profiles = world->profiles;
}

void cli_result_free(struct cli_result *result)
{
    mxs_assessment_free(result->assessment);
    mxs_fold_free(result->evidence);
}

struct hider { /* with a catalog of its own, since worlds come and go */
    struct mxs_catalog_loader catalog;
    struct mxs_anon *anon;
};

static void free_hider(void *data)
{
    struct hider *h = data;
    mxs_anon_free(h->anon);
    mxs_catalog_free(h->catalog.catalog);
}

static void make_hider(struct cli *cli)
{
    struct hider *h = MXS_NEW(cli->arena, struct hider);
    char name[256] = "";
    h->catalog = cli_catalog_loader(cli->arena);
    h->anon = cli->anon = mxs_anon_new(mxs_catalog_get(&h->catalog));
    mxs_arena_defer(cli->arena, free_hider, h);
    gethostname(name, sizeof name - 1);
    mxs_anon_learn_host(cli->anon, name);
    mxs_anon_learn_host(cli->anon, cli->session.ehlo);
}

struct mxs_anon *cli_anon(struct cli *cli, const struct mxs_evidence *evidence)
{
    if (!cli->anonymise)
        return NULL;
    if (!cli->anon)
        make_hider(cli);
    if (evidence)
        mxs_anon_learn(cli->anon, evidence);
    return cli->anon;
}

static struct mxs_report report_of(struct cli *cli, const struct cli_result *result)
{
    return (struct mxs_report){
        .anon = cli_anon(cli, result->evidence),
        .journal = result->journal,
        .evidence = result->evidence,
        .assessment = result->assessment,
        .catalog = result->catalog,
        .profiles = result->profiles,
        .color = cli_color(cli, STDOUT_FILENO),
        .ascii = cli->ascii,
        .verbose = cli->verbose,
        .quiet = cli->quiet,
    };
}

bool cli_on_stdout(const struct cli *cli)
{
    return (cli->html && strcmp(cli->html, "-") == 0) ||
           (cli->markdown && strcmp(cli->markdown, "-") == 0);
}

void cli_report(struct cli *cli, const struct cli_result *result, struct mxs_buf *out)
{
    if (cli_on_stdout(cli) && !cli->json)
        return;
    struct mxs_report report = report_of(cli, result);
    enum mxs_err err = cli->json ? mxs_report_json(&report, out) : mxs_report_text(&report, out);
    if (err)
        cli_fail("the report is too large and was cut");
}

/* --- files --- */

static enum mxs_err written(const char *path, const struct mxs_report *report, unsigned mode,
                            enum mxs_err (*make)(const struct mxs_report *, struct mxs_buf *),
                            struct mxs_why *why)
{
    struct mxs_buf out;
    if (!path)
        return MXS_OK;
    mxs_buf_init(&out, (size_t)1 << 30);
    enum mxs_err err = make(report, &out);
    if (err)
        mxs_why_set(why, err, "%s: larger than %zu bytes", path, out.max);
    else
        err = mxs_file_write(path, mxs_buf_bytes(&out), mode, why);
    mxs_buf_fini(&out);
    return err;
}

static enum mxs_err rendered(const char *path, const struct mxs_doc *doc,
                             enum mxs_err (*render)(const struct mxs_doc *, struct mxs_buf *),
                             struct mxs_why *why)
{
    struct mxs_buf out;
    if (!path)
        return MXS_OK;
    mxs_buf_init(&out, (size_t)1 << 30);
    enum mxs_err err = render(doc, &out);
    err = err ? mxs_why_set(why, err, "%s: larger than %zu bytes", path, out.max)
              : mxs_file_write(path, mxs_buf_bytes(&out), 0644, why);
    mxs_buf_fini(&out);
    return err;
}

enum mxs_err cli_document(struct cli *cli, struct mxs_doc *doc, struct mxs_why *why)
{
    if (cli->anon)
        mxs_anon_doc(cli->anon, doc);
    enum mxs_err err = rendered(cli->html, doc, mxs_doc_html, why);
    return err ? err : rendered(cli->markdown, doc, mxs_doc_markdown, why);
}

enum mxs_err cli_handouts(struct cli *cli, const struct cli_result *result, struct mxs_why *why)
{
    struct mxs_report report = report_of(cli, result);
    if (!cli->html && !cli->markdown)
        return MXS_OK;
    struct mxs_arena *arena = mxs_arena_new();
    enum mxs_err err = cli_document(cli, mxs_report_doc(&report, arena), why);
    mxs_arena_free(arena);
    return err;
}

enum mxs_err cli_files(struct cli *cli, struct cli_world *world, const struct cli_result *result,
                       struct mxs_why *why)
{
    struct mxs_report report = report_of(cli, result);
    const struct mxs_catalog *catalog = cli->record ? mxs_catalog_get(&world->catalog) : NULL;
    enum mxs_err err = cli->record ? mxs_report_session(cli->record, result->journal,
                                                       result->evidence, &world->assess,
                                                       &cli->argv, catalog ? catalog->version : NULL,
                                                       why) : MXS_OK;
    err = err ? err : written(cli->pcap, &report, 0600, mxs_report_pcapng, why);
    return err ? err : cli_handouts(cli, result, why);
}

/* --- key log --- */

static void keylog_line(void *data, const struct mxs_event *event)
{
    const int *fd = data;
    if (event->kind != MXS_EVENT_KEYLOG)
        return;
    struct mxs_buf line;
    mxs_buf_init(&line, 4096);
    mxs_buf_add(&line, event->data.p, event->data.n);
    if (line.n && line.p[line.n - 1] != '\n')
        mxs_buf_putc(&line, '\n');
    if (line.n && write(*fd, line.p, line.n) < 0) /* one write: others may append to it too */
        cli_fail("the key log cannot be written");
    mxs_buf_fini(&line);
}

static void close_fd(void *data)
{
    close(*(int *)data);
}

enum mxs_err cli_keylog(struct cli *cli, struct mxs_journal *journal, struct mxs_why *why)
{
    const char *path = cli->keylog ? cli->keylog : getenv("SSLKEYLOGFILE");
    if (!path || !*path)
        return MXS_OK;
    int *fd = MXS_NEW(mxs_journal_arena(journal), int);
    *fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0)
        return mxs_why_set(why, MXS_ERR_IO, "%s: %s", path, strerror(errno));
    mxs_arena_defer(mxs_journal_arena(journal), close_fd, fd);
    mxs_journal_subscribe(journal, keylog_line, fd);
    return MXS_OK;
}
