#include "config.h"

#include "judge/library.h"

#include <string.h>

/* The order in which OpenSSL looks (verify_chain of crypto/x509/x509_vfy.c): it builds, then looks at
 * extensions and purpose from the leaf up, key sizes, revocation, names, and at signatures and dates from
 * the top down. The alerts: x509table of ssl/statem/statem_lib.c; numbers and texts: x509_txt.c of 3.0. */
enum round { BUILD, EXTENSIONS, LEVEL, REVOCATION, NAMES, SIGNATURES };
static const struct {
    const char *reason;
    enum round round;
    struct mxs_library_error leaf, ca; /* ca.text NULL: as for the leaf */
} errors[] = {
    { "issuer-unknown", BUILD, { 20, 48, "unable to get local issuer certificate" }, { 0 } },
    { "self-signed", BUILD, { 18, 48, "self-signed certificate" }, { 0 } },
    { "untrusted-root", BUILD, { 19, 48, "self-signed certificate in certificate chain" }, { 0 } },
    { "path-too-long", BUILD, { 22, 48, "certificate chain too long" }, { 0 } },
    { "unknown-critical", EXTENSIONS, { 34, 42, "unhandled critical extension" }, { 0 } },
    { "not-ca", EXTENSIONS, { 79, 48, "invalid CA certificate" }, { 0 } },
    { "ca-key-usage", EXTENSIONS, { 79, 48, "invalid CA certificate" }, { 0 } },
    { "eku-missing", EXTENSIONS, { 26, 43, "unsuitable certificate purpose" }, { 0 } },
    { "key-usage", EXTENSIONS, { 26, 43, "unsuitable certificate purpose" }, { 0 } },
    { "path-length", EXTENSIONS, { 25, 48, "path length constraint exceeded" }, { 0 } },
    { "weak-key", LEVEL, { 66, 42, "EE certificate key too weak" },
      { 67, 42, "CA certificate key too weak" } },
    { "weak-signature", LEVEL, { 68, 42, "CA signature digest algorithm too weak" }, { 0 } },
    { "crl-missing", REVOCATION, { 3, 48, "unable to get certificate CRL" }, { 0 } },
    { "crl-scope", REVOCATION, { 44, 46, "different CRL scope" }, { 0 } },
    { "crl-not-yet-valid", REVOCATION, { 11, 42, "CRL is not yet valid" }, { 0 } },
    { "crl-expired", REVOCATION, { 12, 45, "CRL has expired" }, { 0 } },
    { "crl-bad-signature", REVOCATION, { 8, 51, "CRL signature failure" }, { 0 } },
    { "revoked", REVOCATION, { 23, 44, "certificate revoked" }, { 0 } },
    { "name-constraints", NAMES, { 47, 42, "permitted subtree violation" }, { 0 } },
    { "bad-signature", SIGNATURES, { 7, 51, "certificate signature failure" }, { 0 } },
    { "not-yet-valid", SIGNATURES, { 9, 42, "certificate is not yet valid" }, { 0 } },
    { "expired", SIGNATURES, { 10, 45, "certificate has expired" }, { 0 } },
};

static int row_of(const struct mxs_reason *reason)
{
    for (size_t i = 0; i < MXS_COUNT(errors); i++)
        if (strcmp(errors[i].reason, reason->id) == 0)
            return (int)i;
    return -1;
}

/* Is a met before b? Rows of one round at one certificate stand in their order. */
static bool before(const struct mxs_reason *a, const struct mxs_reason *b)
{
    int x = row_of(a), y = row_of(b);
    if (errors[x].round != errors[y].round)
        return errors[x].round < errors[y].round;
    if (a->depth != b->depth)
        return (errors[x].round == SIGNATURES) == (a->depth > b->depth);
    return x < y;
}

const struct mxs_reason *mxs_openssl_first(const struct mxs_reason *reasons, size_t n, bool nearest)
{
    const struct mxs_reason *first = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct mxs_reason *r = &reasons[i];
        if (row_of(r) < 0)
            continue;
        bool nearer = first && nearest && r->depth < first->depth;
        bool farther = first && nearest && r->depth > first->depth;
        if (!first || nearer || (!farther && before(r, first)))
            first = r;
    }
    return first;
}

const struct mxs_library_error *mxs_openssl_error(const struct mxs_reason *reason)
{
    int row = row_of(reason);
    if (row < 0)
        return NULL;
    return reason->depth > 0 && errors[row].ca.text ? &errors[row].ca : &errors[row].leaf;
}

/* Certificate.Verify of crypto/x509 builds paths of what is in date and then looks at the use; the alerts
 * are those of crypto/tls since 1.21 (processCertsFromClient). */
static const struct {
    const char *reason;
    int order, alert;
} go_errors[] = {
    { "expired", 0, 45 },        { "not-yet-valid", 0, 45 },  { "issuer-unknown", 1, 48 },
    { "self-signed", 1, 48 },    { "untrusted-root", 1, 48 }, { "bad-signature", 1, 48 },
    { "eku-missing", 2, 42 },
};

static int go_row(const struct mxs_reason *reason)
{
    for (size_t i = 0; i < MXS_COUNT(go_errors); i++)
        if (strcmp(go_errors[i].reason, reason->id) == 0)
            return (int)i;
    return -1;
}

const struct mxs_reason *mxs_go_first(const struct mxs_reason *reasons, size_t n)
{
    const struct mxs_reason *first = NULL;
    int order = 0;
    for (size_t i = 0; i < n; i++) {
        int row = go_row(&reasons[i]);
        if (row < 0 || (first && go_errors[row].order >= order))
            continue;
        first = &reasons[i];
        order = go_errors[row].order;
    }
    return first;
}

int mxs_go_alert(const struct mxs_reason *reason)
{
    int row = go_row(reason);
    return row < 0 ? 42 : go_errors[row].alert;
}

/* OpenSSL: ERR_reason_error_string(3), ssl_err.c of 3.0. GnuTLS: gnutls_alert_get_name(3) of 3.7. */
const char *mxs_library_alert(bool gnutls, int alert)
{
    static const struct {
        int alert;
        const char *openssl, *gnutls;
    } names[] = {
        { 40, "sslv3 alert handshake failure", "Handshake failed" },
        { 42, "sslv3 alert bad certificate", "Certificate is bad" },
        { 43, "sslv3 alert unsupported certificate", "Certificate is not supported" },
        { 44, "sslv3 alert certificate revoked", "Certificate was revoked" },
        { 45, "sslv3 alert certificate expired", "Certificate is expired" },
        { 46, "sslv3 alert certificate unknown", "Unknown certificate" },
        { 48, "tlsv1 alert unknown ca", "CA is unknown" },
        { 49, "tlsv1 alert access denied", "Access was denied" },
        { 50, "tlsv1 alert decode error", "Decode error" },
        { 51, "tlsv1 alert decrypt error", "Decrypt error" },
        { 80, "tlsv1 alert internal error", "Internal error" },
        { 116, "tlsv13 alert certificate required", "Certificate is required" },
    };
    for (size_t i = 0; i < MXS_COUNT(names); i++)
        if (names[i].alert == alert)
            return gnutls ? names[i].gnutls : names[i].openssl;
    return NULL;
}
