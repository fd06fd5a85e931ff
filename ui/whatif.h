/* What-if in the workbench: what is asked (subject, scenarios, date, changes of one's own) and the
 * matrices that answer. Everything that takes time is done in small pieces by ui_whatif_work, which
 * the loop calls while nobody presses a key. No widgets here. */
#ifndef MXSCOPE_UI_WHATIF_H
#define MXSCOPE_UI_WHATIF_H

#include "ui/model.h"
#include "ui/slider.h"
#include "whatif/remedy.h"
#include "whatif/timeline.h"

enum ui_whatif_state {
    UI_WHATIF_READING, /* scenarios, profiles and the rest of share/ are being read */
    UI_WHATIF_FAILED,  /* they cannot be: why says so */
    UI_WHATIF_WALKING, /* the walk goes on: evidence is not whole */
    UI_WHATIF_EMPTY,   /* nothing was seen that a scenario could be laid over */
    UI_WHATIF_READY
};

struct ui_whatif {
    struct ui_model *model;
    enum ui_whatif_state state;
    struct mxs_why why;
    unsigned read; /* files of share/ read so far */
    struct mxs_arena *own_arena;
    struct mxs_scenario own; /* the operator's changes, in order */
    bool history;            /* the rollovers of the past too */
    struct mxs_strs asked;   /* ids that are shown whatever else is */
    struct mxs_profiles *profiles; /* ours; NULL when the options brought theirs */
    struct mxs_scenarios *scenarios;
    struct mxs_remedies *remedies;
    struct mxs_keypool *pool;
    struct mxs_rebuild *rebuild;
    struct mxs_assess_options assess;
    struct mxs_whatif with;
    struct mxs_claim_futures futures; /* for the claims of lessons */

    /* Of one run; all gone when the evidence or the date changes. */
    struct mxs_arena *arena;
    unsigned judgement, generation;
    uint32_t session;
    struct mxs_subjects subjects;
    size_t subject; /* kept over runs */
    const struct mxs_scenario **chosen;
    size_t n_chosen;
    struct mxs_timeline_dates dates;
    int64_t *ticks;
    size_t n_ticks;
    struct mxs_matrix *matrix, *own_matrix; /* own_matrix NULL without changes */
    unsigned run, steps;                    /* counts runs, and steps of all: what was painted is old */

    /* Remedies for the row looked at, when it is judged. */
    const struct mxs_matrix *offers_of;
    size_t offers_row;
    struct mxs_arena *offers_arena;
    struct mxs_offers offers;
};

struct ui_whatif *ui_whatif_new(struct ui_model *model);
void ui_whatif_free(struct ui_whatif *whatif); /* NULL is fine */
/* Forgets what hangs on the evidence; the evidence may go away now. NULL is fine. */
void ui_whatif_drop(struct ui_whatif *whatif);

/* Cheap: notices that evidence, date or session changed. Before each look at it. */
void ui_whatif_sync(struct ui_whatif *whatif);
/* Works for about so long; false when there is nothing left to do. */
bool ui_whatif_work(struct ui_whatif *whatif, int64_t budget_us);

/* Reads what is not read yet, at once; false: why says what is wrong. */
bool ui_whatif_read_all(struct ui_whatif *whatif);
/* What the claims of lessons are asked of, read at once: as here and in Plan. NULL: evidence grows, or
 * nothing can be read. */
const struct mxs_claim_futures *ui_whatif_futures(struct ui_whatif *whatif);

/* Every cell is judged. */
bool ui_whatif_whole(const struct ui_whatif *whatif);
/* Rows of all matrices: the own one first. matrix may be NULL. */
size_t ui_whatif_rows(const struct ui_whatif *whatif);
const struct mxs_matrix_row *ui_whatif_row(const struct ui_whatif *whatif, size_t row,
                                           const struct mxs_matrix **matrix);
const struct mxs_panel *ui_whatif_panel(const struct ui_whatif *whatif); /* READY only */
const struct mxs_subject *ui_whatif_subject(const struct ui_whatif *whatif); /* NULL */
/* The subject `by` places on; false at the ends. */
bool ui_whatif_turn(struct ui_whatif *whatif, int by);
struct ui_slider ui_whatif_slider(const struct ui_whatif *whatif);

/* The row whose remedies are wanted next; they come with ui_whatif_work. */
void ui_whatif_look_at(struct ui_whatif *whatif, size_t row);
const struct mxs_offers *ui_whatif_offers(const struct ui_whatif *whatif, size_t row); /* NULL: not yet */

/* A change of one's own, behind those there are. */
enum mxs_err ui_whatif_change(struct ui_whatif *whatif, const char *text, struct mxs_why *why);
/* The last change taken back: its words; NULL when there is none. */
const char *ui_whatif_undo(struct ui_whatif *whatif);
/* The changes as a scenario file; id from the file's name. NULL without changes. */
char *ui_whatif_own_text(const struct ui_whatif *whatif, struct mxs_arena *arena, const char *path);
/* Chain and keys of this scenario, before and after, into a new folder: made again under keys that
 * nobody else has, so it takes a moment. */
enum mxs_err ui_whatif_export(const struct ui_whatif *whatif, const struct mxs_scenario *scenario,
                              const char *folder, struct mxs_why *why);
void ui_whatif_set_history(struct ui_whatif *whatif, bool history);
/* Shows the scenario: an id, a glob, or a file of the operator's. *id is the first one's. */
enum mxs_err ui_whatif_ask(struct ui_whatif *whatif, const char *words, const char **id,
                           struct mxs_why *why);

#endif
