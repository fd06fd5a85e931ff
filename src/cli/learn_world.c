/* The worlds of a lesson: a lab with the act's faults, or its recorded session. */
#include "config.h"

#include "cli/learn.h"

#include "cli/cmd_plan.h"
#include "judge/glossary.h"
#include "ui/view.h"

#include <string.h>

/* --- what a lesson may name --- */

/* Read when a lesson first names one of them. */
struct names {
    struct cli *cli;
    struct mxs_profiles *profiles;
    struct mxs_scenarios *scenarios;
    struct mxs_glossary *glossary;
    bool no_profiles, no_scenarios, no_glossary; /* none here: nothing to hold a name against */
};

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

static bool is_verifier(void *data, const char *name)
{
    struct names *names = data;
    const char *folder = cli_data(names->cli->arena, "verifiers");
    size_t n;
    const struct mxs_verifier *rows = mxs_verifiers(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return true;
    if (!names->profiles && !names->no_profiles)
        names->no_profiles = !folder || mxs_profiles_load(folder, &names->profiles, NULL);
    return names->no_profiles || mxs_profile_find(names->profiles, name) != NULL;
}

static bool is_scenario(void *data, const char *name)
{
    struct names *names = data;
    const char *folder = cli_data(names->cli->arena, "scenarios");
    if (!names->scenarios && !names->no_scenarios)
        names->no_scenarios = !folder || mxs_scenarios_load(folder, NULL, &names->scenarios, NULL);
    return names->no_scenarios || mxs_scenario_find(names->scenarios, name) != NULL;
}

static bool is_view(void *data, const char *name)
{
    (void)data;
    for (size_t i = 0; i < ui_views_n; i++)
        if (strcmp(ui_views[i]->name, name) == 0 || (name[0] == ui_views[i]->key && !name[1]))
            return true;
    return false;
}

static bool is_card(void *data, const char *id)
{
    struct names *names = data;
    const char *folder = cli_data(names->cli->arena, "glossary");
    if (!names->glossary && !names->no_glossary)
        names->no_glossary = !folder || mxs_glossary_load(folder, &names->glossary, NULL);
    return names->no_glossary || mxs_glossary_find(names->glossary, id) != NULL;
}

static void free_names(void *data)
{
    struct names *names = data;
    mxs_glossary_free(names->glossary);
    mxs_profiles_free(names->profiles);
    mxs_scenarios_free(names->scenarios);
}

struct mxs_lesson_known cli_lesson_known(struct cli *cli)
{
    struct names *names = MXS_NEW(cli->arena, struct names);
    names->cli = cli;
    mxs_arena_defer(cli->arena, free_names, names);
    return (struct mxs_lesson_known){ is_fault, is_verifier, is_scenario, is_view, is_card, names };
}

/* --- acts --- */

void cli_class_close(struct cli_class *class)
{
    cli_futures_close(&class->futures);
    class->futures = (struct cli_futures){ 0 };
    if (class->open)
        cli_world_close(&class->world);
    mxs_journal_free(class->recorded);
    class->recorded = NULL;
    class->open = false;
    class->world = (struct cli_world){ 0 };
}

static enum mxs_err apply(struct cli *run, const struct mxs_lesson *lesson, size_t act,
                          struct mxs_why *why)
{
    struct mxs_why reason = { 0 };
    for (size_t i = 0; i < lesson->acts.v[act].options.n; i++) {
        const struct mxs_lesson_option *o = &lesson->acts.v[act].options.v[i];
        enum mxs_err err = cli_set(run, o->name, *o->value ? o->value : "yes", &reason);
        if (err)
            return mxs_why_set(why, err, "%s:%u: option: %s", lesson->file, o->line, reason.text);
    }
    return MXS_OK;
}

static const char *beside(const struct cli_class *class, const char *name)
{
    const char *slash = strrchr(class->lesson->file, '/');
    if (!slash)
        return name;
    return mxs_arena_printf(class->cli->arena, "%.*s/%s", (int)(slash - class->lesson->file),
                            class->lesson->file, name);
}

static enum mxs_err recorded(struct cli_class *class, const struct mxs_lesson_act *act,
                             struct mxs_why *why)
{
    class->recorded = mxs_journal_new(mxs_clock_real());
    const char *path = class->session ? class->session : beside(class, act->session);
    enum mxs_err err = mxs_record_read(path, class->cli->arena, &class->header, class->recorded, why);
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
    if (act->next_key)
        class->run.plan.next_key = beside(class, act->next_key);
    enum mxs_err err = apply(&class->run, class->lesson, n, why);
    err = err ? err : cli_plan_screen(&class->run, &class->plan, why);
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
