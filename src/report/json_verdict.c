#include "config.h"

#include "judge/phrase.h"
#include "report/json.h"

static json_t *stage_name(enum mxs_stage stage)
{
    return mxs_json_text(mxs_stage_name(stage)); /* NULL, and so null, for MXS_STAGE_NONE */
}

static json_t *reasons(const struct mxs_verdict *v)
{
    json_t *array = json_array();
    for (size_t i = 0; i < v->reasons.n; i++) {
        const struct mxs_reason *r = &v->reasons.v[i];
        json_t *o = json_object();
        json_object_set_new(o, "id", mxs_json_text(r->id));
        json_object_set_new(o, "depth", r->depth < 0 ? json_null() : json_integer(r->depth));
        json_object_set_new(o, "text", mxs_json_text(r->text));
        json_object_set_new(o, "rfc", mxs_json_text(r->rfc));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *then_log(struct mxs_arena *arena, const struct mxs_verdict *v, const struct mxs_then *t)
{
    struct mxs_strs log = { NULL, 0, 0 };
    mxs_then_log(arena, v, t, &log);
    return mxs_json_texts(&log);
}

static json_t *thens(const struct mxs_verdict *v, bool again)
{
    if (!v->then.n)
        return json_null();
    struct mxs_arena *arena = mxs_arena_new();
    json_t *array = json_array();
    for (size_t i = 0; i < v->then.n; i++) {
        const struct mxs_then *t = &v->then.v[i];
        json_t *o = json_object();
        json_object_set_new(o, "sender", mxs_json_text(t->sender));
        json_object_set_new(o, "first", mxs_json_text(mxs_action_name(t->first)));
        json_object_set_new(o, "later", mxs_json_text(mxs_action_name(t->later)));
        json_object_set_new(o, "channel", mxs_json_text(mxs_channel_name(t->channel)));
        json_object_set_new(o, "log", again ? json_null() : then_log(arena, v, t));
        json_array_append_new(array, o);
    }
    mxs_arena_free(arena);
    return array;
}

static json_t *verdict(const struct mxs_verdict *v, bool again)
{
    json_t *o = json_object();
    json_object_set_new(o, "verifier", mxs_json_text(v->verifier));
    json_object_set_new(o, "role", mxs_json_text(mxs_role_name(v->role)));
    json_object_set_new(o, "grade", mxs_json_text(mxs_grade_name(v->grade)));
    json_object_set_new(o, "action", mxs_json_text(mxs_action_name(v->action)));
    json_object_set_new(o, "channel", mxs_json_text(mxs_channel_name(v->channel)));
    json_object_set_new(o, "verified", v->verified < 0 ? json_null() : json_boolean(v->verified));
    json_object_set_new(o, "stage", stage_name(v->stage));
    json_object_set_new(o, "reply", v->reply ? json_integer(v->reply) : json_null());
    json_object_set_new(o, "alert", v->alert < 0 ? json_null() : json_integer(v->alert));
    json_object_set_new(o, "label", mxs_json_text(v->label));
    json_object_set_new(o, "log", mxs_json_texts(&v->log));
    json_object_set_new(o, "tls_rpt", mxs_json_text(v->tls_rpt));
    json_object_set_new(o, "reasons", reasons(v));
    json_object_set_new(o, "then", thens(v, again));
    return o;
}

json_t *mxs_json_verdict(const struct mxs_verdict *v)
{
    return verdict(v, false);
}

json_t *mxs_json_verdict_again(const struct mxs_verdict *v)
{
    return verdict(v, true);
}

json_t *mxs_json_finding(const struct mxs_finding *f)
{
    json_t *o = json_object();
    json_object_set_new(o, "id", mxs_json_text(f->id));
    json_object_set_new(o, "severity", mxs_json_text(mxs_severity_name(f->severity)));
    json_object_set_new(o, "host", mxs_json_text(f->host));
    json_object_set_new(o, "fault", mxs_json_text(mxs_fault_name(f->fault)));
    json_object_set_new(o, "text", mxs_json_text(f->text));
    json_object_set_new(o, "evidence", mxs_json_text(f->evidence));
    json_object_set_new(o, "rfc", mxs_json_text(f->rfc));
    json_object_set_new(o, "fix", mxs_json_text(f->fix));
    json_object_set_new(o, "enforced_by", mxs_json_texts(&f->enforced_by));
    return o;
}
