/* What the workbench looks at: the journal, the evidence folded from it, the assessment of that, and
 * (live) the walk that appends. No widgets here. */
#ifndef MXSCOPE_UI_MODEL_H
#define MXSCOPE_UI_MODEL_H

#include "journal/fold.h"
#include "judge/glossary.h"
#include "ui/ui.h"

struct ui_whatif;

struct ui_model {
    const struct ui_options *options;
    struct mxs_journal *journal; /* ours when live, else options->journal */
    struct mxs_evidence *evidence;
    struct mxs_assessment *assessment; /* NULL before the first */
    struct mxs_assess_options assess;  /* a copy: `date` moves `at` */
    struct mxs_walk *walk;             /* NULL on replay */
    uint32_t session;                  /* the session looked at; 0 = none yet */
    bool follow;                       /* it is always the walk's current one */
    uint64_t event;                    /* the event looked at, shared by the views; 0 = none */
    unsigned stepped;                  /* counts what lets the walk go on: the end is looked at */
    unsigned generation;               /* a new journal or date: what was derived is stale */
    unsigned judgement;                /* counts assessments */
    size_t judged_count;               /* events in the journal when it was last assessed */
    int64_t judged_mono;
    struct mxs_glossary *glossary;     /* read when first asked; NULL: none, or unreadable */
    bool glossary_asked;
    bool stale;                        /* assess again whatever the count says */
    bool own;                          /* the journal is ours to free */
    struct ui_whatif *whatif;          /* ui/whatif.h; made with the model, at rest until looked at */
};

/* Live: makes the journal and the walk (not started when options->paused asks to stop first: it is
 * then paused before the first stage). Replay: takes the journal. Nothing is left behind on error. */
enum mxs_err ui_model_start(struct ui_model *model, const struct ui_options *options,
                            struct mxs_why *why);
void ui_model_stop(struct ui_model *model);
/* Walks again from the start, with the same breakpoints, in a new journal. */
enum mxs_err ui_model_again(struct ui_model *model, struct mxs_why *why);

/* A lesson's next walk, with other options: what the old world gave is let go of, then the new one is
 * taken. Between the two nothing may be asked of the model. */
void ui_model_leave(struct ui_model *model);
enum mxs_err ui_model_enter(struct ui_model *model, const struct ui_options *options,
                            struct mxs_why *why);
/* A recorded session played as if it happened: one event more of options->journal; false at its end. */
bool ui_model_feed(struct ui_model *model);

bool ui_model_live(const struct ui_model *model);
bool ui_model_done(const struct ui_model *model); /* replay: always */
struct mxs_walk_status ui_model_status(const struct ui_model *model); /* replay: DONE */

/* Follows the walk and assesses when that is due; true when something to show changed. */
bool ui_model_update(struct ui_model *model);
void ui_model_judge(struct ui_model *model); /* at once, unless it is judged already */
/* True when the assessment belongs to everything in the journal. */
bool ui_model_judged(const struct ui_model *model);
void ui_model_set_date(struct ui_model *model, int64_t at);

/* What the glossary says of KIND/NAME; NULL when it has no such entry. */
const struct mxs_entry *ui_model_entry(struct ui_model *model, const char *kind, const char *name);

/* The session looked at and its host; NULL when there is none yet. */
const struct mxs_session_facts *ui_model_session(const struct ui_model *model,
                                                 const struct mxs_host_facts **host);
const struct mxs_session_assessment *ui_model_verdicts(const struct ui_model *model);
size_t ui_model_sessions(const struct ui_model *model);
/* The id of the session `by` places on in the order of the hosts, held at the ends; 0 when none. */
uint32_t ui_model_neighbour(const struct ui_model *model, int by);
void ui_model_look_at(struct ui_model *model, uint32_t session); /* and stops following */
/* Looks at the event, in its session; false when there is none. */
bool ui_model_show(struct ui_model *model, uint64_t seq);
/* True when the event belongs to the session looked at: its own, and the domain's and host's. */
bool ui_model_concerns(const struct ui_model *model, const struct mxs_event *event);

#endif
