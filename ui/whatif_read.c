/* What a what-if stands on: the files of share/, and which scenarios are shown. */
#include "config.h"

#include "ui/whatif_room.h"

#include "base/file.h"
#include "base/text.h"
#include "judge/profile.h"

#include <string.h>
#include <unistd.h>

enum { KEYS_MAX = 1 << 20 };

/* --- reading --- */

const struct mxs_catalog *ui_whatif_catalog(const struct ui_whatif *w)
{
    return mxs_catalog_get(w->model->options->catalog);
}

static enum mxs_err read_profiles(struct ui_whatif *w)
{
    const char *folder = w->model->options->data.verifiers;
    if (w->model->assess.profiles || !folder)
        return MXS_OK;
    return mxs_profiles_load(folder, &w->profiles, &w->why);
}

static enum mxs_err read_catalog(struct ui_whatif *w)
{
    ui_whatif_catalog(w); /* without one no CA has a name; scenarios say so */
    return MXS_OK;
}

static enum mxs_err read_scenarios(struct ui_whatif *w)
{
    const struct ui_options *options = w->model->options;
    enum mxs_err err = mxs_scenarios_load(options->data.scenarios, ui_whatif_catalog(w), &w->scenarios,
                                          &w->why);
    for (size_t i = 0; i < options->scenarios.n && err == MXS_OK; i++)
        err = ui_whatif_ask(w, options->scenarios.v[i], NULL, &w->why);
    return err;
}

static enum mxs_err read_remedies(struct ui_whatif *w)
{
    const char *folder = w->model->options->data.remedies;
    return folder ? mxs_remedies_load(folder, ui_whatif_catalog(w), &w->remedies, &w->why) : MXS_OK;
}

static enum mxs_err read_keys(struct ui_whatif *w)
{
    const char *file = w->model->options->data.keys;
    struct mxs_bytes ready = { NULL, 0 };
    if (file)
        mxs_file_read(w->own_arena, file, KEYS_MAX, &ready, NULL); /* without them it is slower */
    w->pool = mxs_keypool_new(ready);
    w->rebuild = mxs_rebuild_new(w->pool);
    return MXS_OK;
}

static enum mxs_err (*const readers[])(struct ui_whatif *) = {
    read_profiles, read_catalog, read_scenarios, read_remedies, read_keys,
};

bool ui_whatif_read_next(struct ui_whatif *w)
{
    if (readers[w->read](w) != MXS_OK) {
        w->state = UI_WHATIF_FAILED;
        return false;
    }
    w->read++;
    return true;
}

bool ui_whatif_is_read(const struct ui_whatif *w)
{
    return w->read >= MXS_COUNT(readers);
}

bool ui_whatif_read_all(struct ui_whatif *w)
{
    while (w->state != UI_WHATIF_FAILED && !ui_whatif_is_read(w))
        ui_whatif_read_next(w);
    return w->state != UI_WHATIF_FAILED;
}

/* --- what is asked --- */

static bool is_asked(const struct ui_whatif *w, const char *id)
{
    for (size_t i = 0; i < w->asked.n; i++)
        if (strcmp(w->asked.v[i], id) == 0)
            return true;
    return false;
}

/* --scenario shows those alone; others come with the past or without. */
static bool shown(const struct ui_whatif *w, const struct mxs_scenario *s)
{
    return is_asked(w, s->id) ||
           (!w->model->options->scenarios.n && (w->history || !s->history));
}

void ui_whatif_choose(struct ui_whatif *w)
{
    size_t n = mxs_scenarios_count(w->scenarios);
    w->chosen = mxs_arena_alloc(w->arena, (n + 1) * sizeof *w->chosen);
    w->n_chosen = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mxs_scenario *s = mxs_scenarios_at(w->scenarios, i);
        if (shown(w, s))
            w->chosen[w->n_chosen++] = s;
    }
}

void ui_whatif_set_history(struct ui_whatif *w, bool history)
{
    w->history = history;
    ui_whatif_drop(w);
}

static void ask_for(struct ui_whatif *w, const char *id)
{
    if (!is_asked(w, id))
        *mxs_list_add(w->own_arena, &w->asked) = mxs_arena_strdup(w->own_arena, id);
}

enum mxs_err ui_whatif_ask(struct ui_whatif *w, const char *words, const char **id,
                           struct mxs_why *why)
{
    const struct mxs_scenario *first = NULL;
    for (size_t i = 0; i < mxs_scenarios_count(w->scenarios); i++) {
        const struct mxs_scenario *s = mxs_scenarios_at(w->scenarios, i);
        if (!mxs_glob(words, s->id))
            continue;
        first = first ? first : s;
        ask_for(w, s->id);
    }
    ui_whatif_drop(w);
    if (!first && access(words, F_OK) == 0) {
        enum mxs_err err = mxs_scenarios_add_file(w->scenarios, words, &first, why);
        if (err != MXS_OK)
            return err;
        ask_for(w, first->id);
    }
    if (!first)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND,
                           "no scenario is called %.80s, nor a file (mxscope whatif --list)", words);
    if (id)
        *id = first->id;
    return MXS_OK;
}
