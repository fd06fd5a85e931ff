/* The alert that a library sends follows from what it finds wrong, and from which of several it meets
 * first. */
#include "config.h"

#include "judge/alert.h"

#include <string.h>

#include "judge/library.h"

enum { BAD_CERTIFICATE = 42 }; /* RFC 8446 6.2 */

static int openssl_alert(const struct mxs_reason *reasons, size_t n)
{
    const struct mxs_reason *first = mxs_openssl_first(reasons, n, false);
    return first ? mxs_openssl_error(first)->alert : BAD_CERTIFICATE;
}

static int go_alert(const struct mxs_reason *reasons, size_t n)
{
    const struct mxs_reason *first = mxs_go_first(reasons, n);
    return first ? mxs_go_alert(first) : BAD_CERTIFICATE;
}

static const struct {
    const char *name;
    int (*alert)(const struct mxs_reason *reasons, size_t n);
} libraries[] = {
    { "openssl", openssl_alert },
    { "go", go_alert },
};

const char *mxs_alert_library(const char *word)
{
    for (size_t i = 0; i < MXS_COUNT(libraries); i++)
        if (strcmp(libraries[i].name, word) == 0)
            return libraries[i].name;
    return NULL;
}

int mxs_alert_of(const char *library, const struct mxs_verdict *v)
{
    for (size_t i = 0; i < MXS_COUNT(libraries); i++)
        if (strcmp(libraries[i].name, library) == 0)
            return libraries[i].alert(v->reasons.v, v->reasons.n);
    return BAD_CERTIFICATE;
}
