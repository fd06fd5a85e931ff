/* The alert that a library sends follows from what it finds wrong, and from which of several it meets
 * first. */
#include "config.h"

#include "judge/alert.h"

#include <string.h>

/* openssl: verify_chain of crypto/x509/x509_vfy.c (build, extensions and purpose, signatures and dates),
 * x509table of ssl/statem/statem_lib.c. go, since 1.21: processCertsFromClient of crypto/tls, and
 * Certificate.Verify of crypto/x509, which builds paths of what is in date and then looks at the use. */
static const struct {
    const char *library, *reason;
    int order, alert;
} alerts[] = {
    { "openssl", "issuer-unknown", 0, 48 },
    { "openssl", "self-signed", 0, 48 },
    { "openssl", "untrusted-root", 0, 48 },
    { "openssl", "path-too-long", 0, 48 },
    { "openssl", "not-ca", 1, 48 },
    { "openssl", "path-length", 1, 48 },
    { "openssl", "unknown-critical", 1, 42 },
    { "openssl", "ca-key-usage", 1, 48 },
    { "openssl", "eku-missing", 2, 43 },
    { "openssl", "key-usage", 2, 43 },
    { "openssl", "weak-key", 3, 42 },
    { "openssl", "weak-signature", 3, 42 },
    { "openssl", "name-constraints", 4, 42 },
    { "openssl", "bad-signature", 5, 51 },
    { "openssl", "not-yet-valid", 6, 42 },
    { "openssl", "expired", 6, 45 },
    { "go", "expired", 0, 45 },
    { "go", "not-yet-valid", 0, 45 },
    { "go", "issuer-unknown", 1, 48 },
    { "go", "self-signed", 1, 48 },
    { "go", "untrusted-root", 1, 48 },
    { "go", "bad-signature", 1, 48 },
};

const char *mxs_alert_library(const char *word)
{
    for (size_t i = 0; i < MXS_COUNT(alerts); i++)
        if (strcmp(alerts[i].library, word) == 0)
            return alerts[i].library;
    return NULL;
}

int mxs_alert_of(const char *library, const struct mxs_verdict *v)
{
    int order = 99, alert = 42;
    for (size_t i = 0; i < v->reasons.n; i++)
        for (size_t k = 0; k < MXS_COUNT(alerts); k++)
            if (strcmp(alerts[k].library, library) == 0 && alerts[k].order < order &&
                strcmp(v->reasons.v[i].id, alerts[k].reason) == 0) {
                order = alerts[k].order;
                alert = alerts[k].alert;
            }
    return alert;
}
