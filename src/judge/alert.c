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

/* Since 1.21: processCertsFromClient of crypto/tls, and Certificate.Verify of crypto/x509, which builds
 * paths of what is in date and then looks at the use. */
static int go_alert(const struct mxs_reason *reasons, size_t n)
{
    static const struct {
        const char *reason;
        int order, alert;
    } alerts[] = {
        { "expired", 0, 45 },        { "not-yet-valid", 0, 45 },  { "issuer-unknown", 1, 48 },
        { "self-signed", 1, 48 },    { "untrusted-root", 1, 48 }, { "bad-signature", 1, 48 },
    };
    int order = 99, alert = BAD_CERTIFICATE;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < MXS_COUNT(alerts); k++)
            if (alerts[k].order < order && strcmp(reasons[i].id, alerts[k].reason) == 0) {
                order = alerts[k].order;
                alert = alerts[k].alert;
            }
    return alert;
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
