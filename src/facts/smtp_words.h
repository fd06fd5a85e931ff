/* What the words of SMTP mean, in one sentence each, for the field trees. */
#ifndef MXSCOPE_SRC_FACTS_SMTP_WORDS_H
#define MXSCOPE_SRC_FACTS_SMTP_WORDS_H

#include "base/base.h"

struct mxs_smtp_word {
    const char *word; /* upper case */
    const char *text; /* its meaning, with the RFC */
};

/* NULL when the word is not known. Case does not matter. */
const struct mxs_smtp_word *mxs_smtp_keyword_word(struct mxs_bytes keyword); /* of EHLO answers */
const struct mxs_smtp_word *mxs_smtp_auth_word(struct mxs_bytes mechanism);  /* of SASL */
const struct mxs_smtp_word *mxs_smtp_verb_word(struct mxs_bytes verb);       /* commands */
const struct mxs_smtp_word *mxs_smtp_parameter_word(struct mxs_bytes name);  /* of MAIL and RCPT */
const struct mxs_smtp_word *mxs_smtp_limit_word(struct mxs_bytes name);      /* of LIMITS */

const char *mxs_smtp_code_text(int code);                         /* "service ready"; NULL */
const char *mxs_smtp_enhanced_text(struct mxs_bytes enhanced);    /* of the subject digit; NULL */

#endif
