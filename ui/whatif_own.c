/* The operator's own changes, and a future on disk. */
#include "config.h"

#include "ui/whatif_room.h"

#include "whatif/export.h"

#include <string.h>

void ui_whatif_start_own(struct ui_whatif *w)
{
    const struct mxs_scenario **own = mxs_arena_alloc(w->arena, sizeof *own);
    mxs_matrix_free(w->own_matrix);
    w->own_matrix = NULL;
    ui_whatif_drop_offers(w);
    w->run++;
    own[0] = &w->own;
    if (w->own.changes.list.n)
        w->own_matrix = mxs_matrix_new(&w->with, &w->subjects.list.v[w->subject], own, 1);
}

enum mxs_err ui_whatif_change(struct ui_whatif *w, const char *text, struct mxs_why *why)
{
    struct mxs_change change;
    enum mxs_err err = mxs_change_parse(w->own_arena, text, ui_whatif_catalog(w), &change, why);
    if (err != MXS_OK)
        return err;
    *mxs_list_add(w->own_arena, &w->own.changes.list) = change;
    if (w->state == UI_WHATIF_READY)
        ui_whatif_start_own(w);
    return MXS_OK;
}

const char *ui_whatif_undo(struct ui_whatif *w)
{
    if (!w->own.changes.list.n)
        return NULL;
    const char *text = w->own.changes.list.v[--w->own.changes.list.n].text;
    if (w->state == UI_WHATIF_READY)
        ui_whatif_start_own(w);
    return text;
}

/* "own/NAME" for a file NAME.ini: what a reader of the file can say to --scenario. */
static const char *own_id(struct mxs_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = strcspn(name, ".");
    char *id = mxs_arena_printf(arena, "own/%.*s", n ? (int)n : 7, n ? name : "changes");
    for (char *p = id; *p; p++)
        if (strchr(" \t;=#[]", *p))
            *p = '-';
    return id;
}

char *ui_whatif_own_text(const struct ui_whatif *w, struct mxs_arena *arena, const char *path)
{
    struct mxs_scenario own = w->own;
    if (!own.changes.list.n)
        return NULL;
    own.id = own_id(arena, path);
    own.title = mxs_arena_strdup(arena, own.changes.list.v[0].text);
    for (size_t i = 1; i < own.changes.list.n; i++)
        own.title = mxs_arena_printf(arena, "%s, %s", own.title, own.changes.list.v[i].text);
    return mxs_scenario_text(arena, &own);
}

enum mxs_err ui_whatif_export(const struct ui_whatif *w, const struct mxs_scenario *scenario,
                              const char *folder, struct mxs_why *why)
{
    const struct mxs_subject *subject = ui_whatif_subject(w);
    struct mxs_whatif with = w->with;
    struct mxs_overlay overlay;
    if (w->state != UI_WHATIF_READY || !subject)
        return mxs_why_set(why, MXS_ERR_NOT_FOUND, "there is nothing to export yet");
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_keypool *pool = mxs_keypool_new(mxs_bytes(NULL, 0));
    with.rebuild = mxs_rebuild_new(pool);
    with.own_keys = true;
    mxs_overlay(arena, &with, subject, scenario, &overlay);
    enum mxs_err err =
        overlay.why_not ? mxs_why_set(why, MXS_ERR_NOT_FOUND, "%s does not apply: %s", scenario->id,
                                      overlay.why_not)
                        : mxs_export(arena, &with, &overlay, 1, folder, NULL, why);
    mxs_arena_free(arena);
    mxs_rebuild_free(with.rebuild);
    mxs_keypool_free(pool);
    return err;
}

