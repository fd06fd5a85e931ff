/* What happens in a stage, in plain words: the cards that `E` shows. */
#ifndef MXSCOPE_UI_CARDS_H
#define MXSCOPE_UI_CARDS_H

#include "facts/stage.h"

struct ui_card {
    const char *what;    /* what happens */
    const char *checks;  /* what a sender looks at */
    const char *wrong;   /* what goes wrong, and what is then in the logs */
    const char *command; /* {domain} {host} {address} {port} {tlsa} stand for the values; NULL */
    const char *rfc;
};

const struct ui_card *ui_card(enum mxs_stage stage); /* NULL for MXS_STAGE_NONE */

#endif
