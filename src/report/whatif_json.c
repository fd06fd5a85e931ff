#include "config.h"

#include "report/whatif_room.h"

/* mxscope.whatif/1 */

static json_t *day_or_null(int64_t at)
{
    return at == MXS_CATALOG_ALWAYS || at == MXS_CATALOG_NEVER ? json_null() : mxs_json_time(at);
}

/* of_remedy: most are as they were and left out; before is what the row's cell says of after. */
static json_t *cells_json(const struct mxs_matrix *m, const struct mxs_matrix_cell *cells, bool of_remedy)
{
    json_t *array = json_array();
    for (size_t i = 0; cells && i < m->panel.seats.n; i++) {
        const struct mxs_matrix_cell *c = &cells[i];
        if (!c->judged || (of_remedy && !c->changed))
            continue;
        json_t *o = json_object();
        json_object_set_new(o, "verifier", mxs_json_text(m->panel.seats.v[i].name));
        json_object_set_new(o, "role", mxs_json_text(mxs_role_name(m->panel.seats.v[i].role)));
        json_object_set_new(o, "before", of_remedy ? mxs_json_verdict_again(c->before)
                                                   : mxs_json_verdict(c->before));
        json_object_set_new(o, "after", mxs_json_verdict(c->after));
        json_object_set_new(o, "changed", json_boolean(c->changed));
        json_array_append_new(array, o);
    }
    return array;
}

/* The lines of all products, each product's behind its name. */
static json_t *config_lines(const struct mxs_offered *offered)
{
    json_t *array = json_array();
    for (size_t i = 0; i < offered->config.n; i++) {
        const struct mxs_remedy_lines *c = &offered->config.v[i];
        for (size_t k = 0; k < c->lines.n; k++)
            json_array_append_new(array, json_sprintf("%s: %s", c->product, c->lines.v[k]));
    }
    return array;
}

static json_t *remedies_json(const struct mxs_matrix *m, const struct mxs_offers *offers)
{
    json_t *array = json_array();
    for (size_t i = 0; offers && i < offers->list.n; i++) {
        const struct mxs_offered *r = &offers->list.v[i];
        json_t *o = json_object();
        json_object_set_new(o, "id", mxs_json_text(r->remedy->id));
        json_object_set_new(o, "side", mxs_json_text(r->remedy->side));
        json_object_set_new(o, "do", config_lines(r));
        json_object_set_new(o, "after", cells_json(m, r->cells, true));
        json_object_set_new(o, "title", mxs_json_text(r->remedy->title));
        json_object_set_new(o, "helped", json_integer((json_int_t)r->helped));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *row_json(const struct mxs_whatif_report *report, size_t at)
{
    const struct mxs_matrix *m = report->matrix;
    const struct mxs_matrix_row *row = &m->rows.v[at];
    const struct mxs_scenario *s = row->scenario;
    const struct mxs_future *f = row->future;
    bool backward = row->overlay && row->overlay->direction == MXS_BACKWARD;
    const char *why_not = row->overlay && row->overlay->why_not ? row->overlay->why_not : "not judged";
    json_t *o = json_object();
    json_object_set_new(o, "id", mxs_json_text(s->id));
    json_object_set_new(o, "title", mxs_json_text(s->title));
    json_object_set_new(o, "at", day_or_null(s->at));
    json_object_set_new(o, "source", mxs_json_text(s->source));
    json_object_set_new(o, "applies", f ? json_true() : mxs_json_text(why_not));
    json_object_set_new(o, "direction", json_string(backward ? "backward" : "forward"));
    json_object_set_new(o, "changes", f ? mxs_json_texts(&f->changes) : json_array());
    json_object_set_new(o, "chain", f ? mxs_json_chain(&f->session->chain, report->base.catalog)
                                      : json_null());
    json_object_set_new(o, "cells", f ? cells_json(m, row->cells, false) : json_array());
    json_object_set_new(o, "remedies", remedies_json(m, report->offers ? &report->offers[at] : NULL));
    json_object_set_new(o, "branch", f ? mxs_json_text(f->branch) : json_null());
    json_object_set_new(o, "judged_at", f ? day_or_null(f->at) : json_null());
    json_object_set_new(o, "happened_from", backward && row->overlay->happened_from
                                                ? mxs_json_time(row->overlay->happened_from)
                                                : json_null());
    json_object_set_new(o, "happened_until", backward && row->overlay->happened_until
                                                 ? mxs_json_time(row->overlay->happened_until)
                                                 : json_null());
    json_object_set_new(o, "status", mxs_json_text(mxs_status_name(row->status)));
    return o;
}

static json_t *answer_json(const struct mxs_matrix *m)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_strs out = { NULL, 0, 0 };
    mxs_whatif_answer(arena, m, &out);
    json_t *array = mxs_json_texts(&out);
    mxs_arena_free(arena);
    return array;
}

enum mxs_err mxs_report_whatif_json(const struct mxs_whatif_report *report, struct mxs_buf *out)
{
    const struct mxs_matrix *m = report->matrix;
    json_t *o = json_object(), *rows = json_array();
    for (size_t i = 0; m && i < m->rows.n; i++)
        if (m->rows.v[i].future || report->not_applying)
            json_array_append_new(rows, row_json(report, i));
    json_object_set_new(o, "schema", json_string("mxscope.whatif/1"));
    json_object_set_new(o, "version", json_string(PACKAGE_VERSION));
    json_object_set_new(o, "at", mxs_json_time(report->at));
    json_object_set_new(o, "subject", mxs_json_text(report->subject->name));
    json_object_set_new(o, "scenarios", rows);
    json_object_set_new(o, "status", mxs_json_text(mxs_status_name(m ? m->status : MXS_STATUS_UNKNOWN)));
    json_object_set_new(o, "answer", m ? answer_json(m) : json_array());
    json_object_set_new(o, "timeline", report->timeline ? mxs_whatif_timeline_json(report->timeline)
                                                        : json_null());
    return mxs_json_line(o, out);
}
