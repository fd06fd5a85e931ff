#include "config.h"

#include "base/ini_lines.h"

#include <string.h>

/* Of inih's 200, LF and NUL included; readers join the lines of a value one by one. */
enum { LINE_OCTETS = 198, VALUE_OCTETS = 4000 };

/* Blank lines and comments are nothing of a value, nor its end: inih goes on with it behind them. */
static size_t value_octets(const struct mxs_ini_lines *l, const uint8_t *p, size_t n)
{
    size_t blanks = 0;
    while (blanks < n && strchr(" \t\r\v\f", p[blanks]))
        blanks++;
    if (blanks == n || strchr(";#", p[blanks]))
        return l->value;
    return blanks ? l->value + 1 + n - blanks : n;
}

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
    else if ((l->value = value_octets(l, p, n)) > VALUE_OCTETS)
        l->fault = "a value of over 4000 octets";
    if (l->fault)
        return NULL;
    memcpy(out, p, n);
    memcpy(out + n, "\n", 2);
    l->indented = n && (out[0] == ' ' || out[0] == '\t');
    return out;
}
