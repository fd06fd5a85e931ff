#include "config.h"

#include "report/json.h"
#include "report/plan.h"

#include "base/clock.h"

/* mxscope.plan/1. */

void mxs_report_plan_records(struct mxs_arena *arena, const struct mxs_plan *plan, size_t i,
                             struct mxs_strs *out)
{
    for (size_t h = 0; h < plan->hosts.n; h++) {
        const mxs_plan_records *set = mxs_plan_before(plan, i + 1, h);
        for (size_t r = 0; plan->hosts.v[h].touched && r < set->n; r++)
            *mxs_list_add(arena, out) = mxs_plan_line(arena, &plan->hosts.v[h], &set->v[r]);
    }
}

const char *mxs_report_plan_check(const struct mxs_plan_report *report, const struct mxs_plan *plan,
                                  size_t i)
{
    enum mxs_plan_step_kind kind = plan->steps.v[i].kind;
    if (kind != MXS_STEP_PUBLISH && kind != MXS_STEP_WAIT && kind != MXS_STEP_RETIRE)
        return report->verify;
    return report->watch ? mxs_arena_printf(plan->arena, "%s --scheme %s --watch", report->watch,
                                            mxs_plan_scheme_name(plan->scheme)) : NULL;
}

static json_t *step(const struct mxs_plan_report *report, const struct mxs_plan *plan, size_t i)
{
    const struct mxs_plan_step *s = &plan->steps.v[i];
    struct mxs_strs records = { NULL, 0, 0 };
    json_t *o = json_object();
    mxs_report_plan_records(plan->arena, plan, i, &records);
    json_object_set_new(o, "n", json_integer((json_int_t)i + 1));
    json_object_set_new(o, "not_before", mxs_json_time(s->at));
    json_object_set_new(o, "title", mxs_json_text(s->title));
    json_object_set_new(o, "do", mxs_json_texts(&s->todo));
    json_object_set_new(o, "records", mxs_json_texts(&records));
    json_object_set_new(o, "check", mxs_json_text(mxs_report_plan_check(report, plan, i)));
    json_object_set_new(o, "kind", mxs_json_text(mxs_plan_step_name(s->kind)));
    json_object_set_new(o, "until", mxs_json_time(s->until));
    return o;
}

static json_t *failing(const struct mxs_plan *plan, const struct mxs_plan_failing *f)
{
    json_t *o = json_object();
    json_object_set_new(o, "cause", mxs_json_text(f->cause));
    json_object_set_new(o, "from", mxs_json_time(f->from));
    json_object_set_new(o, "until", mxs_json_time(f->until));
    json_object_set_new(o, "host", mxs_json_text(plan->hosts.v[f->host].facts->host));
    json_object_set_new(o, "records_of_step", f->step == SIZE_MAX ? json_integer(0)
                                                  : json_integer((json_int_t)f->step + 1));
    json_object_set_new(o, "chain", json_string(f->next ? "next" : "current"));
    json_object_set_new(o, "verifier", mxs_json_text(f->verifier));
    json_object_set_new(o, "reason", mxs_json_text(f->reason));
    json_object_set_new(o, "rfc", mxs_json_text(f->rfc));
    json_object_set_new(o, "text", mxs_json_text(f->text));
    return o;
}

static json_t *proof(const struct mxs_plan *plan)
{
    json_t *o = json_object(), *fails = json_array();
    for (size_t i = 0; i < plan->proof.failing.n; i++)
        json_array_append_new(fails, failing(plan, &plan->proof.failing.v[i]));
    json_object_set_new(o, "states", json_integer((json_int_t)plan->proof.states));
    json_object_set_new(o, "kinds", mxs_json_texts(&plan->proof.kinds));
    json_object_set_new(o, "failing", fails);
    json_object_set_new(o, "not_covered", mxs_json_texts(&plan->proof.uncovered));
    return o;
}

static json_t *plan_json(const struct mxs_plan_report *report, const struct mxs_plan *plan, bool top)
{
    json_t *o = json_object(), *steps = json_array();
    for (size_t i = 0; i < plan->steps.n; i++)
        json_array_append_new(steps, step(report, plan, i));
    if (top) {
        json_object_set_new(o, "schema", json_string("mxscope.plan/1"));
        json_object_set_new(o, "version", json_string(PACKAGE_VERSION));
    }
    json_object_set_new(o, "scheme", mxs_json_text(mxs_plan_scheme_name(plan->scheme)));
    json_object_set_new(o, "steps", steps);
    json_object_set_new(o, "proof", proof(plan));
    json_object_set_new(o, "notes", mxs_json_texts(&plan->notes));
    return o;
}

enum mxs_err mxs_report_plan_json(const struct mxs_plan_report *report, struct mxs_buf *out)
{
    const struct mxs_plan_result *r = report->result;
    json_t *o = plan_json(report, r->plan, true);
    json_object_set_new(o, "subject", mxs_json_text(report->subject));
    json_object_set_new(o, "proved", json_boolean(r->proved));
    json_object_set_new(o, "nearest", r->nearest ? plan_json(report, r->nearest, false) : json_null());
    return mxs_json_line(o, out);
}

/* --- nsupdate(1), RFC 2136 ------------------------------------------------------------------------- */

static void update(struct mxs_buf *out, const char *later, const struct mxs_plan *plan, size_t i, size_t h)
{
    struct mxs_arena *arena = plan->arena;
    const struct mxs_plan_host *host = &plan->hosts.v[h];
    const mxs_plan_records *was = mxs_plan_before(plan, i, h), *is = &plan->steps.v[i].sets[h];
    for (size_t r = 0; r < is->n; r++)
        if (!mxs_plan_has(was, &is->v[r]))
            mxs_buf_printf(out, "%supdate add %s. %u IN TLSA %s\n", later, host->owner, (unsigned)host->ttl,
                           mxs_tlsa_text(arena, &is->v[r]));
    for (size_t r = 0; r < was->n; r++)
        if (!mxs_plan_has(is, &was->v[r]))
            mxs_buf_printf(out, "%supdate delete %s. IN TLSA %s\n", later, host->owner,
                           mxs_tlsa_text(arena, &was->v[r]));
}

/* Each step is one `send`. Those whose date has not come are comments (a semicolon), so that what is
 * printed can be piped as it is. */
enum mxs_err mxs_report_plan_nsupdate(const struct mxs_plan_report *report, struct mxs_buf *out)
{
    const struct mxs_plan *plan = report->result->plan;
    struct mxs_arena *arena = plan->arena;
    mxs_buf_printf(out, "; %s\n", mxs_report_plan_headline(arena, report));
    for (size_t i = 0; report->result->proved && i < plan->steps.n; i++) {
        const struct mxs_plan_step *s = &plan->steps.v[i];
        const char *later = s->at > plan->input->now || s->done ? "; " : "";
        mxs_buf_printf(out, "; step %zu, not before %s: %s\n", i + 1, mxs_time_text(arena, s->at),
                       s->title);
        for (size_t h = 0; s->sets && h < plan->hosts.n; h++)
            update(out, later, plan, i, h);
        if (s->sets)
            mxs_buf_printf(out, "%ssend\n", later);
    }
    return mxs_buf_room(out) ? MXS_OK : MXS_ERR_LIMIT;
}
