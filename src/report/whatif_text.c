#include "config.h"

#include "report/text_room.h"
#include "report/whatif_room.h"
#include "report/who.h"

#include <string.h>

/* Only what changes, then why, then what to do. */

static const enum mxs_tone tones[] = { MXS_TONE_GOOD, MXS_TONE_WARN, MXS_TONE_BAD, MXS_TONE_WARN };

/* --- the rest, in few words --- */

/* In one of its branches. */
static bool any_changes(const struct mxs_matrix *m, const struct mxs_scenario *scenario)
{
    for (size_t i = 0; i < m->rows.n; i++)
        if (m->rows.v[i].scenario == scenario && mxs_whatif_changes(m, &m->rows.v[i]))
            return true;
    return false;
}

static void unchanged(struct whatif_text *w)
{
    const struct mxs_matrix *m = w->report->matrix;
    const char *out = "";
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *row = &m->rows.v[i];
        const char *branch = row->future && any_changes(m, row->scenario) ? row->future->branch : NULL;
        bool again = i && !branch && row->scenario == row[-1].scenario;
        if (row->future && !mxs_whatif_changes(m, row) && !again && !mxs_whatif_as_before(w, row))
            out = mxs_arena_printf(w->t.arena, "%s%s%s%s%s%s", out, *out ? ", " : "", row->scenario->id,
                                   branch ? " (" : "", branch ? branch : "", branch ? ")" : "");
    }
    if (!*out)
        return;
    mxs_text_title(&w->t, "Nothing changes for anybody");
    mxs_text_para(&w->t, 0, 5, "%s", out);
}

static void not_applying(struct whatif_text *w)
{
    const struct mxs_matrix *m = w->report->matrix;
    size_t n = 0;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *row = &m->rows.v[i];
        if (row->future || !row->overlay)
            continue;
        if (!n++)
            mxs_text_title(&w->t, "Does not apply");
        mxs_text_para(&w->t, 0, 5, "%s: %s", row->scenario->id,
                      row->overlay->why_not ? row->overlay->why_not : "it has no future");
    }
}

static size_t applying(const struct mxs_matrix *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->rows.n; i++)
        n += m->rows.v[i].future != NULL;
    return n;
}

static void headline(struct whatif_text *w)
{
    const struct mxs_matrix *m = w->report->matrix;
    const char *word = mxs_status_name(m->status);
    mxs_text_word(&w->t, tones[m->status], word, 0);
    if (w->report->base.quiet)
        w->t.width = SIZE_MAX;
    mxs_text_para(&w->t, strlen(word), 0, " %s: %s", w->report->subject->name,
                  mxs_whatif_headline(w->t.arena, m));
}

static void answer(struct whatif_text *w)
{
    struct mxs_strs out = { NULL, 0, 0 };
    if (!w->report->like || w->report->base.verbose)
        mxs_whatif_answer(w->t.arena, w->report->matrix, &out);
    for (size_t i = 0; i < out.n; i++) {
        mxs_buf_puts(w->t.out, i ? "" : "\n");
        mxs_text_para(&w->t, 0, 2, "%s", out.v[i]);
    }
}

static bool earlier(const struct mxs_scenario *a, const struct mxs_scenario *b)
{
    bool dated = a->at != MXS_CATALOG_ALWAYS, other = b->at != MXS_CATALOG_ALWAYS;
    return dated != other ? dated : a->at < b->at;
}

/* Rows of a status in the order of their dates, those of any time behind. */
static void scenarios(struct whatif_text *w, enum mxs_status status, bool brief)
{
    const struct mxs_matrix *m = w->report->matrix;
    const struct mxs_matrix_row **rows = mxs_arena_alloc(w->t.arena, (m->rows.n + 1) * sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct mxs_matrix_row *row = &m->rows.v[i];
        if (!row->future || row->status != status || !mxs_whatif_changes(m, row) ||
            mxs_whatif_in_brief(w, row) != brief || mxs_whatif_first_branch(w, row) != row ||
            mxs_whatif_as_before(w, row))
            continue;
        size_t at = n++;
        for (; at && earlier(row->scenario, rows[at - 1]->scenario); at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
    for (size_t i = 0; i < n; i++)
        (brief ? mxs_whatif_brief : mxs_whatif_scenario)(w, rows[i]);
}

static void matrix(struct whatif_text *w)
{
    static const enum mxs_status order[] = { MXS_STATUS_CRITICAL, MXS_STATUS_WARNING, MXS_STATUS_OK };
    headline(w);
    if (w->report->base.quiet)
        return;
    answer(w);
    for (size_t k = 0; k < 2 * MXS_COUNT(order); k++)
        scenarios(w, order[k % MXS_COUNT(order)], k >= MXS_COUNT(order));
    mxs_whatif_say_as_before(w);
    unchanged(w);
    if (w->report->not_applying || !applying(w->report->matrix))
        not_applying(w);
}

enum mxs_err mxs_report_whatif_text(const struct mxs_whatif_report *report, struct mxs_buf *out)
{
    size_t start = out->n;
    struct whatif_text w = { .report = report,
                             .t = { &report->base, mxs_arena_new(), out,
                                    report->base.width ? report->base.width : 80 } };
    if (report->matrix)
        matrix(&w);
    if (report->timeline && !report->base.quiet)
        mxs_whatif_timeline_text(&w);
    if (report->base.ascii)
        mxs_text_to_ascii(out, start);
    mxs_arena_free(w.t.arena);
    return mxs_buf_room(out) ? MXS_OK : MXS_ERR_LIMIT;
}
