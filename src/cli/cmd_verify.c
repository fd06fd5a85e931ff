#include "config.h"

#include "cli/evidence.h"

#include "base/text.h"
#include "judge/profile.h"
#include "judge/verifier.h"
#include "report/report.h"
#include "whatif/fallback.h"

#include <string.h>
#include <unistd.h>

enum { OUT_MAX = 256 << 20 };

/* --- --list --- */

/* By --verifier and by the words behind the options: names or globs, each must name somebody. */
static bool wanted(const struct cli *cli, const char *name)
{
    bool all = cli->verifiers.n + cli->words.n == 0;
    for (size_t i = 0; i < cli->verifiers.n && !all; i++)
        all = mxs_glob(cli->verifiers.v[i], name);
    for (size_t i = 0; i < cli->words.n && !all; i++)
        all = mxs_glob(cli->words.v[i], name);
    return all;
}

static void list_row(struct mxs_buf *out, const char *name, enum mxs_role role, const char *grade,
                     const char *title)
{
    mxs_buf_printf(out, "%-38s %-8s %-10s %s\n", name, mxs_role_name(role), grade, title);
}

static int list(struct cli *cli, const struct cli_world *world)
{
    struct mxs_buf out;
    size_t n;
    const struct mxs_verifier *rows = mxs_verifiers(&n);
    mxs_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < n; i++)
        if (wanted(cli, rows[i].name))
            list_row(&out, rows[i].name, rows[i].role, "rfc", rows[i].title);
    for (size_t i = 0; world->profiles && i < mxs_profiles_count(world->profiles); i++) {
        const struct mxs_profile *p = mxs_profiles_at(world->profiles, i);
        if (wanted(cli, p->name))
            list_row(&out, p->name, p->role, mxs_grade_name(p->grade),
                     mxs_arena_printf(cli->arena, "%s%s%s: %s", p->product, p->version ? " " : "",
                                      p->version ? p->version : "", p->title));
    }
    int status = out.n ? cli_out(&out, 0)
                       : cli_fail(mxs_arena_printf(cli->arena, "no verifier is named '%s' (mxscope "
                                                   "verify --list)", cli->words.v[0]));
    mxs_buf_fini(&out);
    return status;
}

/* --- the verdicts --- */

static int print(struct cli *cli, struct cli_world *world, const struct cli_given *given,
                 const struct mxs_assessment *a)
{
    struct mxs_buf out;
    struct mxs_report report = {
        .journal = given->journal, .evidence = given->evidence, .assessment = a,
        .anon = cli_anon(cli, given->evidence),
        .catalog = &world->catalog, .profiles = world->profiles,
        .color = cli_color(cli, STDOUT_FILENO), .ascii = cli->ascii, .verbose = cli->verbose,
        .quiet = cli->quiet,
    };
    mxs_buf_init(&out, OUT_MAX);
    enum mxs_err err = cli_on_stdout(cli) && !cli->json ? MXS_OK
                       : cli->json ? mxs_report_verdicts_json(&report, &out)
                                 : mxs_report_verdicts_text(&report, &out);
    int status = err ? cli_fail("the report is too large") : cli_out(&out, cli_exit(a->status));
    mxs_buf_fini(&out);
    return status;
}

int cli_verify(struct cli *cli)
{
    struct cli_world world = { 0 };
    struct cli_given given = { NULL, NULL, false };
    struct mxs_why why = { 0 };
    int status;
    enum mxs_err err = cli_world_open(cli, &world, &why);
    if (err == MXS_OK && cli->list) {
        status = list(cli, &world);
        cli_world_close(&world);
        return status;
    }
    err = err ? err : cli_evidence(cli, &world, &given, &why);
    if (err) {
        status = cli_fail(why.text);
    } else {
        struct mxs_assessment *a = mxs_assess(given.evidence, &world.assess);
        mxs_fallback_all(a, world.profiles);
        struct cli_result result = { .journal = given.journal, .evidence = given.evidence,
                                     .assessment = a, .catalog = &world.catalog };
        status = print(cli, &world, &given, a);
        if (cli_handouts(cli, &result, &why))
            status = cli_fail(why.text);
        mxs_assessment_free(a);
    }
    cli_given_free(&given);
    cli_world_close(&world);
    return status;
}
