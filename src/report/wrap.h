/* Words into columns. */
#ifndef MXSCOPE_SRC_REPORT_WRAP_H
#define MXSCOPE_SRC_REPORT_WRAP_H

#include "base/buf.h"

/* Columns of UTF-8 text: one a character. */
size_t mxs_columns(const char *s);

/* Appends text and a newline, wrapped at spaces: the cursor stands in column `now`, later lines begin
 * in column `at`, none is wider than `width` unless one word is. */
void mxs_wrap(struct mxs_buf *out, const char *text, size_t now, size_t at, size_t width);

#endif
