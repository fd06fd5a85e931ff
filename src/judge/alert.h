/* Which alert a library's refusal of a certificate is. */
#ifndef MXSCOPE_JUDGE_ALERT_H
#define MXSCOPE_JUDGE_ALERT_H

#include "judge/verdict.h"

/* The name of a library whose alerts are known, for as long as the program runs; NULL when it is none. */
const char *mxs_alert_library(const char *word);

/* The alert (RFC 8446 6) that follows from the reasons of a verdict; bad_certificate where none decides. */
int mxs_alert_of(const char *library, const struct mxs_verdict *v);

#endif
