/* A file line by line, bounded: for lists of targets and recorded sessions, which may be long or come
 * through a pipe. */
#ifndef MXSCOPE_SRC_BASE_LINES_H
#define MXSCOPE_SRC_BASE_LINES_H

#include "base/base.h"

struct mxs_lines;

/* path "-" is standard input. file_max bounds the whole, line_max one line. */
enum mxs_err mxs_lines_open(const char *path, size_t file_max, size_t line_max,
                            struct mxs_lines **out, struct mxs_why *why);
void mxs_lines_close(struct mxs_lines *lines); /* NULL is fine */

/* The next line without its LF or CRLF, the first without a UTF-8 byte order mark, valid until the next
 * call. MXS_ERR_NOT_FOUND at the end;
 * MXS_ERR_LIMIT and MXS_ERR_IO with why ("FILE:LINE: ..."). */
enum mxs_err mxs_lines_next(struct mxs_lines *lines, struct mxs_bytes *line, struct mxs_why *why);
unsigned long mxs_lines_number(const struct mxs_lines *lines); /* of the last line given, 1.. */

#endif
