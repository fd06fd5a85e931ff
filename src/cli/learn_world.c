/* The worlds of a lesson: a lab with the act's faults, or its recorded session. */
#include "config.h"

#include "cli/learn.h"

#include <string.h>

/* --- what a lesson may name --- */

static bool is_fault(void *data, const char *name)
{
    size_t n;
    const struct mxs_lab_fault *faults = mxs_lab_faults(&n);
    (void)data;
    for (size_t i = 0; i < n; i++)
        if (strcmp(faults[i].name, name) == 0)
            return true;
    return false;
}

static void free_profiles(void *profiles)
{
    mxs_profiles_free(profiles);
}

static bool is_verifier(void *data, const char *name)
{
    struct cli *cli = data;
    struct mxs_profiles *profiles = NULL;
    const char *folder = cli_data(cli->arena, "verifiers");
    size_t n;
    const struct mxs_verifier *rows = mxs_verifiers(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return true;
    if (!folder || mxs_profiles_load(folder, &profiles, NULL))
        return true; /* no profiles here: nothing to hold the name against */
    mxs_arena_defer(cli->arena, free_profiles, profiles);
    return mxs_profile_find(profiles, name) != NULL;
}

struct mxs_lesson_known cli_lesson_known(struct cli *cli)
{
    return (struct mxs_lesson_known){ is_fault, is_verifier, cli };
}

/* --- acts --- */

void cli_class_close(struct cli_class *class)
{
    if (class->open)
        cli_world_close(&class->world);
    mxs_journal_free(class->recorded);
    class->recorded = NULL;
    class->open = false;
    class->world = (struct cli_world){ 0 };
}

static enum mxs_err apply(struct cli *run, const struct mxs_lesson_act *act, struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    for (size_t i = 0; i < act->options.n && !err; i++) {
        const char *value = act->options.v[i].value;
        err = cli_set(run, act->options.v[i].name, *value ? value : "yes", why);
    }
    return err;
}

/* Beside the lesson's file. */
static const char *session_path(const struct cli_class *class, const struct mxs_lesson_act *act)
{
    const char *slash = strrchr(class->lesson->file, '/');
    if (class->session || !slash)
        return class->session ? class->session : act->session;
    return mxs_arena_printf(class->cli->arena, "%.*s/%s", (int)(slash - class->lesson->file),
                            class->lesson->file, act->session);
}

static enum mxs_err recorded(struct cli_class *class, const struct mxs_lesson_act *act,
                             struct mxs_why *why)
{
    class->recorded = mxs_journal_new(mxs_clock_real());
    enum mxs_err err = mxs_record_read(session_path(class, act), class->cli->arena, &class->header,
                                       class->recorded, why);
    if (err)
        return err;
    class->world.assess.at = class->run.at_given ? class->run.at : class->header.at;
    cli_recorded_anchors(&class->run, &class->world, &class->header);
    return MXS_OK;
}

enum mxs_err cli_class_act(struct cli_class *class, size_t n, struct mxs_why *why)
{
    const struct mxs_lesson_act *act = &class->lesson->acts.v[n];
    cli_class_close(class);
    class->run = *class->cli;
    class->run.command = &cli_commands[0]; /* a walk is a walk of the workbench */
    class->run.lab = !act->session;
    class->run.lab_faults = act->faults;
    class->run.lab_certificate = act->certificate;
    enum mxs_err err = apply(&class->run, act, why);
    class->open = err == MXS_OK;
    err = err ? err : cli_world_open(&class->run, &class->world, why);
    if (err || act->session)
        return err ? err : recorded(class, act, why);
    err = cli_world_network(&class->run, &class->world, why);
    class->world.assess.public_roots = true; /* in a lesson the lab's root plays a public one */
    if (err == MXS_OK)
        class->target = act->target ? act->target : mxs_lab_info(class->world.lab)->domain;
    return err;
}
