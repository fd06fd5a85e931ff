/* A row of dates with a knob: each known date is a tick, in order, evenly spaced (a linear scale would
 * put the next two years on one column because some root lives until 2040). Pure. */
#ifndef MXSCOPE_UI_SLIDER_H
#define MXSCOPE_UI_SLIDER_H

#include "ui/line.h"

struct ui_slider {
    const int64_t *ticks; /* ascending, no two alike */
    size_t n;
    int64_t at;           /* the knob; on a tick or between two */
    int64_t today;        /* marked as well */
};

/* The ticks, the knob and today; width columns, at least 10. */
void ui_slider_line(struct ui_line *line, int width, const struct ui_slider *slider, bool ascii);
/* The years, each under its first tick, as many as have room. */
void ui_slider_years(struct ui_line *line, int width, const struct ui_slider *slider);
/* The column of the knob. */
int ui_slider_column(int width, const struct ui_slider *slider);
/* The tick that follows (by 1) or precedes (-1) `at`; `at` itself when there is none. */
int64_t ui_slider_step(const struct ui_slider *slider, int by);

#endif
