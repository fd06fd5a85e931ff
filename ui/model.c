#include "config.h"

#include "ui/whatif.h"

#include "whatif/fallback.h"

#include <stdio.h>
#include <string.h>

enum { JUDGE_EVERY_US = 250000 }; /* while events still come */

static int64_t now_us(const struct ui_model *model)
{
    return model->options->clock->mono(model->options->clock);
}

static void restore_breaks(struct mxs_walk *walk, const struct ui_options *options)
{
    for (size_t i = 0; i < options->breaks.n; i++) {
        enum mxs_stage stage = mxs_stage_parse(options->breaks.v[i]);
        if (stage != MXS_STAGE_NONE)
            mxs_walk_break(walk, stage, true);
    }
}

static enum mxs_err start_walk(struct ui_model *model, struct mxs_why *why)
{
    const struct ui_options *options = model->options;
    model->journal = mxs_journal_new(options->clock);
    model->own = true;
    model->evidence = mxs_fold_new(model->journal);
    enum mxs_err err = options->on_journal
                           ? options->on_journal(options->hook_data, model->journal, why) : MXS_OK;
    if (err == MXS_OK)
        err = mxs_walk_new(options->engine, options->target, model->journal, &model->walk, why);
    if (err != MXS_OK)
        return err;
    restore_breaks(model->walk, options);
    if (options->paused)
        mxs_walk_pause(model->walk);
    mxs_walk_start(model->walk);
    return MXS_OK;
}

static void drop(struct ui_model *model)
{
    mxs_walk_free(model->walk); /* it may still append, so it goes first */
    ui_whatif_drop(model->whatif);
    mxs_assessment_free(model->assessment);
    mxs_fold_free(model->evidence);
    if (model->own)
        mxs_journal_free(model->journal);
    model->own = false;
    model->walk = NULL;
    model->assessment = NULL;
    model->evidence = NULL;
    model->journal = NULL;
}

static enum mxs_err begin(struct ui_model *model, struct mxs_why *why)
{
    const struct ui_options *options = model->options;
    enum mxs_err err = MXS_OK;
    if (options->engine) {
        err = start_walk(model, why);
    } else if (options->lesson) { /* it is fed as the lesson goes on */
        model->journal = mxs_journal_new(options->clock);
        mxs_journal_set_started(model->journal, mxs_journal_started(options->journal));
        model->own = true;
        model->evidence = mxs_fold_new(model->journal);
    } else {
        model->journal = options->journal;
        model->evidence = mxs_fold_new(model->journal);
    }
    if (err != MXS_OK)
        drop(model);
    else if (!model->whatif)
        model->whatif = ui_whatif_new(model);
    return err;
}

enum mxs_err ui_model_start(struct ui_model *model, const struct ui_options *options,
                            struct mxs_why *why)
{
    *model = (struct ui_model){ .options = options, .assess = *options->assess, .follow = true };
    return begin(model, why);
}

static void reset(struct ui_model *model)
{
    model->session = 0;
    model->event = 0;
    model->follow = true;
    model->generation++;
    model->judged_count = 0;
}

void ui_model_leave(struct ui_model *model)
{
    ui_whatif_free(model->whatif); /* its scenarios know the old catalog */
    model->whatif = NULL;
    drop(model);
    reset(model);
}

enum mxs_err ui_model_enter(struct ui_model *model, const struct ui_options *options,
                            struct mxs_why *why)
{
    model->options = options;
    model->assess = *options->assess;
    return begin(model, why);
}

bool ui_model_feed(struct ui_model *model)
{
    const struct mxs_journal *all = model->options->journal;
    size_t n = mxs_journal_count(model->journal);
    if (!model->own || model->walk || n >= mxs_journal_count(all))
        return false;
    mxs_journal_append(model->journal, mxs_journal_at(all, n));
    return true;
}

void ui_model_stop(struct ui_model *model)
{
    ui_whatif_free(model->whatif);
    model->whatif = NULL;
    drop(model);
    mxs_glossary_free(model->glossary);
}

enum mxs_err ui_model_again(struct ui_model *model, struct mxs_why *why)
{
    bool breaks[MXS_STAGE_COUNT];
    for (int i = 0; i < MXS_STAGE_COUNT; i++)
        breaks[i] = mxs_walk_has_break(model->walk, (enum mxs_stage)i);
    drop(model);
    reset(model);
    enum mxs_err err = start_walk(model, why);
    for (int i = 0; i < MXS_STAGE_COUNT && err == MXS_OK; i++)
        mxs_walk_break(model->walk, (enum mxs_stage)i, breaks[i]);
    return err;
}

bool ui_model_live(const struct ui_model *model)
{
    return model->walk != NULL;
}

bool ui_model_done(const struct ui_model *model)
{
    return !model->walk || mxs_walk_done(model->walk);
}

struct mxs_walk_status ui_model_status(const struct ui_model *model)
{
    if (model->walk)
        return mxs_walk_status(model->walk);
    return (struct mxs_walk_status){ .state = MXS_WALK_DONE, .stage = MXS_STAGE_NONE };
}

bool ui_model_judged(const struct ui_model *model)
{
    return model->assessment && !model->stale &&
           model->judged_count == mxs_journal_count(model->journal);
}

static bool judge(struct ui_model *model, bool at_once)
{
    int64_t now = now_us(model);
    bool fed = !model->walk && model->own; /* a lesson says when */
    bool due = at_once || (ui_model_done(model) && !fed) ||
               now - model->judged_mono >= JUDGE_EVERY_US;
    if (ui_model_judged(model) || (!due && model->assessment))
        return false;
    mxs_assessment_free(model->assessment);
    model->judged_count = mxs_journal_count(model->journal);
    model->assessment = mxs_assess(model->evidence, &model->assess);
    if (model->options->lesson) /* lessons ask what senders do about a refusal */
        mxs_fallback_all(model->assessment, model->assess.profiles);
    model->judged_mono = now;
    model->judgement++;
    model->stale = false;
    return true;
}

static bool follow(struct ui_model *model)
{
    uint32_t now = ui_model_status(model).session, before = model->session;
    if (model->follow && now && mxs_evidence_session(model->evidence, now, NULL))
        model->session = now;
    if (!model->session)
        model->session = ui_model_neighbour(model, 0);
    return model->session != before;
}

bool ui_model_update(struct ui_model *model)
{
    bool moved = follow(model);
    return judge(model, false) || moved;
}

void ui_model_judge(struct ui_model *model)
{
    judge(model, true);
}

void ui_model_set_date(struct ui_model *model, int64_t at)
{
    model->assess.at = at;
    model->stale = true;
    model->generation++;
}

const struct mxs_entry *ui_model_entry(struct ui_model *model, const char *kind, const char *name)
{
    char id[96];
    if (!model->glossary_asked && model->options->glossary &&
        mxs_glossary_load(model->options->glossary, &model->glossary, NULL) != MXS_OK)
        model->glossary = NULL; /* explanations are an extra: the rest works without */
    model->glossary_asked = true;
    snprintf(id, sizeof id, "%s/%s", kind, name ? name : "");
    return model->glossary ? mxs_glossary_find(model->glossary, id) : NULL;
}

const struct mxs_session_facts *ui_model_session(const struct ui_model *model,
                                                 const struct mxs_host_facts **host)
{
    struct mxs_host_facts *of = NULL;
    struct mxs_session_facts *session =
        model->session ? mxs_evidence_session(model->evidence, model->session, &of) : NULL;
    if (host)
        *host = of;
    return session;
}

const struct mxs_session_assessment *ui_model_verdicts(const struct ui_model *model)
{
    return model->assessment && model->session
               ? mxs_assessment_session(model->assessment, model->session)
               : NULL;
}

size_t ui_model_sessions(const struct ui_model *model)
{
    size_t n = 0;
    for (size_t i = 0; i < model->evidence->hosts.n; i++)
        n += model->evidence->hosts.v[i]->sessions.n;
    return n;
}

uint32_t ui_model_neighbour(const struct ui_model *model, int by)
{
    uint32_t before = 0, first = 0;
    bool next = false;
    const struct mxs_evidence *ev = model->evidence;
    for (size_t i = 0; i < ev->hosts.n; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++) {
            uint32_t id = ev->hosts.v[i]->sessions.v[k]->id;
            first = first ? first : id;
            if (next)
                return id;
            if (id == model->session) {
                if (by < 0)
                    return before ? before : id;
                if (by == 0)
                    return id;
                next = true;
            }
            before = id;
        }
    return next ? before : first;
}

void ui_model_look_at(struct ui_model *model, uint32_t session)
{
    model->follow = false;
    if (model->session != session)
        model->event = 0;
    model->session = session;
}

bool ui_model_show(struct ui_model *model, uint64_t seq)
{
    const struct mxs_event *event = mxs_journal_seq(model->journal, seq);
    if (!event)
        return false;
    if (event->session)
        ui_model_look_at(model, event->session);
    model->event = seq;
    return true;
}

bool ui_model_concerns(const struct ui_model *model, const struct mxs_event *event)
{
    const struct mxs_host_facts *host = NULL;
    if (event->session)
        return event->session == model->session;
    const char *of = mxs_event_attr(event, "host");
    ui_model_session(model, &host);
    return !of || !host || strcmp(of, host->host) == 0;
}
