/* A lesson in the workbench: which step, what was answered, and the walk driven to where the step wants
 * it. The card that shows it is card.c, the keys are act_lesson.c. */
#ifndef MXSCOPE_UI_LESSON_H
#define MXSCOPE_UI_LESSON_H

#include "learn/lesson.h"

struct ui;
struct ui_options;

enum ui_lesson_phase {
    UI_LESSON_READ, /* the card */
    UI_LESSON_ASK,  /* the question; a-d answer */
    UI_LESSON_SHOW, /* the walk went on: what was right */
    UI_LESSON_END   /* behind the last step: the hand-out */
};

struct ui_lesson {
    const struct mxs_lesson *def; /* NULL: no lesson */
    struct ui_options *options;   /* the workbench's own copy: a walk of another act changes it */
    size_t step, act;
    enum ui_lesson_phase phase;
    bool running;                 /* the walk is on its way to the step's moment */
    bool missed;                  /* it ended before that */
    int right;                    /* of SHOW: the answer that the walk proves; -1 none does */
    bool broken;                  /* while running the walk stops before every stage: */
    bool breaks[MXS_STAGE_COUNT]; /* the operator's own breakpoints, meanwhile */
    int64_t since;                /* when the moment came; the walk stops at its next turn */
    int turns;                    /* of the loop since then */
    bool point;                   /* the row to look at is selected at each painting, as rows come and
                                     change places, until a key is pressed */
    size_t pointed, pointed_from; /* the pane it was found in, and where that pane's cursor was; */
    bool has_pointed;             /* rows that come later may have it before, in another pane */
    char answers[MXS_LESSON_STEPS + 1];
    unsigned good, asked;         /* answers that were right; questions revealed */
    bool met[16];                 /* goals, asked at the end of their walk */
    struct mxs_journal *empty;    /* to stand on when that happens: */
    struct mxs_why failed;        /* a walk's world could not be made: the workbench ends */
};

/* Takes options->lesson and makes its first world; the model is not started yet. */
enum mxs_err ui_lesson_open(struct ui *ui, struct mxs_why *why);
void ui_lesson_close(struct ui_lesson *lesson);
/* Lets the walk go on to the step's moment, an event at a time; true when there is more to do at once. */
bool ui_lesson_work(struct ui *ui);
/* Selects the row that the step points at, once its view shows it; true when it moved. */
bool ui_lesson_point(struct ui *ui);

const struct mxs_lesson_step *ui_lesson_step(const struct ui_lesson *lesson);
/* To a step (or, behind the last, to the end), an answer, the answer shown. */
void ui_lesson_enter(struct ui *ui, size_t step);
void ui_lesson_go_on(struct ui *ui);
void ui_lesson_answer(struct ui *ui, int answer);
void ui_lesson_restart(struct ui *ui);

#endif
