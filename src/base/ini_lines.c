#include "config.h"

#include "base/ini_lines.h"

#include <string.h>

enum { LINE_OCTETS = 198 }; /* of inih's 200, LF and NUL included */

char *mxs_ini_line(char *out, int size, void *lines)
{
    struct mxs_ini_lines *l = lines;
    if (l->at >= l->text.n || l->fault || l->stop)
        return NULL;
    const uint8_t *p = l->text.p + l->at, *lf = memchr(p, '\n', l->text.n - l->at);
    size_t n = lf ? (size_t)(lf - p) : l->text.n - l->at;
    l->at += n + 1;
    l->line++;
    if (n && memchr(p, '\0', n))
        l->fault = "an octet 0, which is no text";
    else if (n > LINE_OCTETS || n + 2 > (size_t)size)
        l->fault = "longer than 198 octets: go on in the next line, indented";
    if (l->fault)
        return NULL;
    memcpy(out, p, n);
    memcpy(out + n, "\n", 2);
    l->indented = n && (out[0] == ' ' || out[0] == '\t');
    return out;
}
