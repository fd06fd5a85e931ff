/* How far a learner got: one line a lesson, kept between sittings. Pure: cli/ reads and writes the
 * file. */
#ifndef MXSCOPE_SRC_LEARN_PROGRESS_H
#define MXSCOPE_SRC_LEARN_PROGRESS_H

#include "base/buf.h"
#include "learn/lesson.h"

enum mxs_progress_state { MXS_PROGRESS_NEW, MXS_PROGRESS_GOING, MXS_PROGRESS_DONE };

struct mxs_progress_row {
    const char *id;
    size_t step, steps; /* the step looked at last, 0 ..; of so many */
    enum mxs_progress_state state;
    char answers[MXS_LESSON_STEPS + 1]; /* 'a'..'d' a step, '-' where none was given */
};

struct mxs_progress {
    struct mxs_arena *arena; /* the caller's */
    MXS_LIST(struct mxs_progress_row) rows;
};

/* Reads the text of a progress file; name is what errors call it ("FILE:LINE: .."). MXS_ERR_SYNTAX,
 * or _UNSUPPORTED when a newer version wrote it. */
enum mxs_err mxs_progress_parse(struct mxs_arena *arena, const char *name, struct mxs_bytes text,
                                struct mxs_progress *out, struct mxs_why *why);
void mxs_progress_print(const struct mxs_progress *progress, struct mxs_buf *out);

/* The lesson's row; a new one when it has none. Good until the next call. */
struct mxs_progress_row *mxs_progress_of(struct mxs_progress *progress, const char *id);
/* "new", "step 3 of 7", "done". */
const char *mxs_progress_words(struct mxs_arena *arena, const struct mxs_progress_row *row);

#endif
