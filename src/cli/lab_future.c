#include "config.h"

#include "cli/lab_future.h"

#include "base/clock.h"
#include "cli/evidence.h"

/* Without a scenario what was seen is served, under keys of ours. */
static enum mxs_err as_seen(struct cli *cli, const struct cli_futures *futures,
                            const struct mxs_subject *subject, struct mxs_future *out,
                            struct mxs_why *why)
{
    struct mxs_changes none = { 0 };
    const struct mxs_assess_options *o = futures->whatif.options;
    struct mxs_future seen = { .evidence = subject->evidence, .host = subject->host,
                               .session = subject->session, .store = o->store, .at = o->at };
    return mxs_overlay_changes(cli->arena, &futures->whatif, &seen, &none, out, why);
}

static enum mxs_err one_scenario(const struct cli_futures *futures, struct mxs_why *why)
{
    if (futures->chosen.n == 1)
        return MXS_OK;
    return mxs_why_set(why, MXS_ERR_USAGE, "--scenario: one is served at a time, and %zu are named",
                       futures->chosen.n);
}

/* A backward one has nothing to simulate but what was before. */
static enum mxs_err of_scenario(struct cli *cli, const struct cli_futures *futures,
                                const struct mxs_subject *subject, struct mxs_future *out,
                                const char **note, struct mxs_why *why)
{
    struct mxs_overlay o;
    enum mxs_err err = one_scenario(futures, why);
    if (err)
        return err;
    mxs_overlay(cli->arena, &futures->whatif, subject, futures->chosen.v[0], &o);
    if (o.why_not)
        return mxs_why_set(why, MXS_ERR_USAGE, "%s does not apply: %s", o.scenario->id, o.why_not);
    bool backward = o.direction == MXS_BACKWARD;
    *out = backward ? o.before : o.futures.v[0];
    *note = mxs_arena_printf(cli->arena, "%s: %s%s%s%s", o.scenario->id,
                             backward ? "it has happened already, so what is served is how it was"
                                      : o.scenario->title,
                             out->branch ? ", " : "", out->branch ? out->branch : "",
                             !backward && o.futures.n > 1 ? " (the first of several ways)" : "");
    return MXS_OK;
}

static enum mxs_err simulate(struct cli *cli, const struct cli_futures *futures,
                             const struct mxs_evidence *ev, struct mxs_lab_future *out,
                             const char **note, struct mxs_why *why)
{
    struct mxs_subjects subjects;
    struct mxs_future future;
    mxs_subjects_of(cli->arena, ev, false, &subjects);
    if (!subjects.list.n)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND, "%.200s: no mail server was reached in it",
                           cli->evidence.session);
    const struct mxs_subject *subject = &subjects.list.v[0];
    *note = "as it was seen";
    enum mxs_err err = cli->scenarios.n ? of_scenario(cli, futures, subject, &future, note, why)
                                        : as_seen(cli, futures, subject, &future, why);
    err = err ? err : mxs_lab_future_of(cli->arena, &futures->whatif, &future,
                                        &subject->session->chain, out, why);
    *note = mxs_arena_printf(cli->arena, "%s%s, %s", subject->name,
                             subjects.list.n > 1 ? " (the first of several)" : "", *note);
    return err;
}

enum mxs_err cli_lab_future(struct cli *cli, struct mxs_lab_future *out, const char **note,
                            struct mxs_why *why)
{
    struct cli_world world = { 0 };
    struct cli_futures futures = { 0 };
    struct cli_given given = { NULL, NULL, false };
    if (cli->words.n)
        return mxs_why_set(why, MXS_ERR_USAGE, "--session and faults exclude each other");
    enum mxs_err err = cli_world_open(cli, &world, why);
    err = err ? err : cli_futures_open(cli, &world, &futures, why);
    err = err ? err : cli_evidence(cli, &world, &given, why);
    err = err ? err : simulate(cli, &futures, given.evidence, out, note, why);
    cli_futures_close(&futures);
    cli_given_free(&given);
    cli_world_close(&world);
    return err;
}
