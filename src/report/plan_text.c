#include "config.h"

#include "report/plan.h"

#include "base/clock.h"
#include "report/doc.h"
#include "report/text_room.h"

#include <string.h>

/* The runbook, as text and as a document. */

static const char *hosts_of(struct mxs_arena *arena, const struct mxs_plan *plan)
{
    const char *names = "";
    for (size_t h = 0; h < plan->hosts.n; h++)
        if (plan->hosts.v[h].touched)
            names = mxs_arena_printf(arena, "%s%s%s", names, *names ? ", " : "",
                                     plan->hosts.v[h].facts->host);
    return *names ? names : plan->hosts.v[0].facts->host;
}

const char *mxs_report_plan_headline(struct mxs_arena *arena, const struct mxs_plan_report *report)
{
    const struct mxs_plan_result *r = report->result;
    const char *scheme = mxs_plan_scheme_name(r->plan->scheme);
    if (r->proved)
        return mxs_arena_printf(arena, "Plan %s for %s: proved, none of %llu states fails", scheme,
                                hosts_of(arena, r->plan), (unsigned long long)r->plan->proof.states);
    return mxs_arena_printf(arena, "Plan %s for %s: not proved, it fails %s%s", scheme,
                            hosts_of(arena, r->plan),
                            r->plan->proof.failing.n ? "from " : "",
                            r->plan->proof.failing.n
                                ? mxs_time_text(arena, r->plan->proof.failing.v[0].from) : "");
}

/* --- text ------------------------------------------------------------------------------------------ */

struct text {
    struct mxs_text_report t;
    const struct mxs_plan_report *report;
};

static void text_step(struct text *x, const struct mxs_plan *plan, size_t i)
{
    const struct mxs_plan_step *s = &plan->steps.v[i];
    struct mxs_arena *a = x->t.arena;
    struct mxs_strs records = { NULL, 0, 0 };
    const char *check = mxs_report_plan_check(x->report, plan, i);
    mxs_buf_printf(x->t.out, "%2zu. %s  ", i + 1, mxs_time_text(a, s->at));
    mxs_text_word(&x->t, MXS_TONE_TITLE, s->title, 0);
    mxs_buf_putc(x->t.out, '\n');
    for (size_t d = 0; d < s->todo.n; d++) {
        mxs_buf_puts(x->t.out, "    ");
        if (strstr(s->todo.v[d], " IN TLSA ")) /* to be pasted: never wrapped */
            mxs_buf_printf(x->t.out, "%s\n", s->todo.v[d]);
        else
            mxs_text_para(&x->t, 4, 4, "%s", s->todo.v[d]);
    }
    mxs_report_plan_records(a, plan, i, &records);
    if (s->sets && records.n)
        mxs_buf_puts(x->t.out, "    then the zone has\n");
    for (size_t r = 0; s->sets && r < records.n; r++)
        mxs_buf_printf(x->t.out, "      %s\n", records.v[r]);
    if (check)
        mxs_buf_printf(x->t.out, "    check: %s\n", check);
}

static void text_item(struct text *x, const char *lead, const char *words)
{
    mxs_buf_puts(x->t.out, lead);
    mxs_text_para(&x->t, strlen(lead), strlen(lead), "%s", words);
}

static void text_failing(struct text *x, const struct mxs_plan *plan)
{
    for (size_t i = 0; i < plan->proof.failing.n; i++) {
        const struct mxs_plan_failing *f = &plan->proof.failing.v[i];
        mxs_buf_puts(x->t.out, "  ");
        mxs_text_word(&x->t, MXS_TONE_BAD, "fails", 6);
        mxs_text_para(&x->t, 8, 8, "%s%s%s%s", f->text, f->rfc ? " (" : "", f->rfc ? f->rfc : "",
                      f->rfc ? ")" : "");
    }
}

static void text_list(struct text *x, const char *title, const struct mxs_strs *list)
{
    if (!list->n)
        return;
    mxs_text_title(&x->t, title);
    for (size_t i = 0; i < list->n; i++)
        text_item(x, "  - ", list->v[i]);
}

static void text_steps(struct text *x, const struct mxs_plan *plan)
{
    for (size_t i = 0; i < plan->steps.n; i++)
        text_step(x, plan, i);
}

enum mxs_err mxs_report_plan_text(const struct mxs_plan_report *report, struct mxs_buf *out)
{
    const struct mxs_plan_result *r = report->result;
    struct mxs_report frame = { .color = report->color, .ascii = report->ascii };
    struct text x = { { &frame, r->plan->arena, out, report->width ? report->width : 80 }, report };
    size_t from = out->n;
    mxs_text_word(&x.t, r->proved ? MXS_TONE_GOOD : MXS_TONE_BAD, r->proved ? "OK" : "CRITICAL", 0);
    mxs_buf_printf(out, " %s\n", mxs_report_plan_headline(r->plan->arena, report));
    if (!r->proved && !report->quiet) {
        text_failing(&x, r->plan);
        for (size_t i = 0; i < r->plan->notes.n; i++)
            text_item(&x, "        ", r->plan->notes.v[i]);
        if (!r->nearest) {
            mxs_text_para(&x.t, 0, 0, "No scheme passes.");
        } else {
            struct mxs_plan_result nearest = { r->nearest, NULL, true };
            struct mxs_plan_report again = *report;
            again.result = &nearest;
            bool passes = r->nearest->proof.failing.n == 0;
            mxs_text_title(&x.t, passes ? "The nearest plan that passes"
                                        : "What mends it, and breaks nothing more");
            if (passes)
                mxs_buf_printf(out, "%s\n", mxs_report_plan_headline(r->plan->arena, &again));
        }
    }
    const struct mxs_plan *plan = r->proved ? r->plan : r->nearest;
    if (report->quiet)
        return MXS_OK;
    if (plan)
        text_steps(&x, plan);
    text_list(&x, "To know", plan ? &plan->notes : &r->plan->notes);
    if (report->verbose || !r->proved)
        text_list(&x, "States covered", &r->plan->proof.kinds);
    text_list(&x, "Not covered", &r->plan->proof.uncovered);
    if (report->ascii)
        mxs_text_to_ascii(out, from);
    return mxs_buf_room(out) ? MXS_OK : MXS_ERR_LIMIT;
}

/* --- document ----------------------------------------------------------------------------------  */

static void doc_step(const struct mxs_plan_report *report, const struct mxs_plan *plan, size_t i,
                     struct mxs_doc *doc)
{
    const struct mxs_plan_step *s = &plan->steps.v[i];
    struct mxs_strs records = { NULL, 0, 0 };
    const char *check = mxs_report_plan_check(report, plan, i), *zone = "";
    mxs_doc_heading(doc, 2, "%zu. %s", i + 1, s->title);
    mxs_doc_item(doc, "☐ not before %s", mxs_time_text(plan->arena, s->at));
    for (size_t d = 0; d < s->todo.n; d++)
        if (!strstr(s->todo.v[d], " IN TLSA "))
            mxs_doc_item(doc, "☐ %s", s->todo.v[d]);
    mxs_report_plan_records(plan->arena, plan, i, &records);
    if (s->sets && records.n)
        mxs_doc_item(doc, "☐ the zone has exactly");
    for (size_t r = 0; s->sets && r < records.n; r++)
        zone = mxs_arena_printf(plan->arena, "%s%s\n", zone, records.v[r]);
    mxs_doc_code(doc, zone);
    if (check)
        mxs_doc_para(doc, "Check:");
    mxs_doc_code(doc, check);
}

static void doc_list(const char *title, const struct mxs_strs *list, struct mxs_doc *doc)
{
    if (list->n)
        mxs_doc_heading(doc, 2, "%s", title);
    for (size_t i = 0; i < list->n; i++)
        mxs_doc_item(doc, "%s", list->v[i]);
}

struct mxs_doc *mxs_report_plan_doc(const struct mxs_plan_report *report)
{
    const struct mxs_plan_result *r = report->result;
    const struct mxs_plan *plan = r->proved ? r->plan : r->nearest;
    const char *headline = mxs_report_plan_headline(r->plan->arena, report);
    struct mxs_doc *doc = mxs_doc_new(r->plan->arena, headline);
    mxs_doc_heading(doc, 1, "%s", headline);
    for (size_t i = 0; i < r->plan->proof.failing.n; i++)
        mxs_doc_mark(doc, MXS_TONE_BAD, "fails:", "%s", r->plan->proof.failing.v[i].text);
    if (!r->proved && plan)
        mxs_doc_para(doc, plan->proof.failing.n ? "What mends it, and breaks nothing more, by scheme %s:"
                                                : "The nearest plan that passes, by scheme %s:",
                     mxs_plan_scheme_name(plan->scheme));
    for (size_t i = 0; plan && i < plan->steps.n; i++)
        doc_step(report, plan, i, doc);
    doc_list("To know", plan ? &plan->notes : &r->plan->notes, doc);
    doc_list("States covered", &r->plan->proof.kinds, doc);
    doc_list("Not covered", &r->plan->proof.uncovered, doc);
    return doc;
}
