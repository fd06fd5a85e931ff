/* Lines for inih's stream reader (an ini_reader), which says nothing of the line it is at and, as Debian
 * builds it, cuts one at 200 octets in silence. A line and a value have their limits, said in `fault`. */
#ifndef MXSCOPE_SRC_BASE_INI_LINES_H
#define MXSCOPE_SRC_BASE_INI_LINES_H

#include "base/base.h"

struct mxs_ini_lines {
    struct mxs_bytes text; /* borrowed */
    size_t at;
    unsigned line;         /* of the line that was read last, from 1 */
    bool indented;         /* it continues the one before */
    size_t value;          /* octets of the key's lines so far */
    bool stop;             /* set by the reader's user: no further lines */
    const char *fault;     /* why `line` cannot be used, which ends the text; NULL */
};

/* ini_parse_stream(mxs_ini_line, &lines, handler, user). NULL at the end, on a fault, or once stopped. */
char *mxs_ini_line(char *out, int size, void *lines);

#endif
