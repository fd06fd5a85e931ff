#include "config.h"

#include "judge/library.h"

#include <limits.h>
#include <string.h>

/* The order in which OpenSSL looks (X509_verify_cert of crypto/x509/x509_vfy.c): at the leaf's key, then it
 * builds, looks at extensions and purpose from the leaf up, at keys and digests, revocation, at signatures
 * and dates from the top down, and last at names. The alerts: x509table of ssl/statem/statem_lib.c; numbers
 * and texts: x509_txt.c of 3.0. */
enum round { LEAF_KEY, BUILD, EXTENSIONS, LEVEL, REVOCATION, SIGNATURES, NAMES };
enum place { ANYWHERE, LEAF, CA };
static const struct {
    const char *reason;
    enum place place;
    enum round round;
    struct mxs_library_error error;
} errors[] = {
    { "issuer-unknown", ANYWHERE, BUILD, { 20, 48, "unable to get local issuer certificate" } },
    { "issuer-of-trusted", ANYWHERE, BUILD, { 2, 48, "unable to get issuer certificate" } },
    { "self-signed", ANYWHERE, BUILD, { 18, 48, "self-signed certificate" } },
    { "untrusted-root", ANYWHERE, BUILD, { 19, 48, "self-signed certificate in certificate chain" } },
    { "path-too-long", ANYWHERE, BUILD, { 22, 48, "certificate chain too long" } },
    { "unknown-critical", ANYWHERE, EXTENSIONS, { 34, 46, "unhandled critical extension" } },
    { "not-ca", ANYWHERE, EXTENSIONS, { 79, 48, "invalid CA certificate" } },
    { "ca-key-usage", ANYWHERE, EXTENSIONS, { 79, 48, "invalid CA certificate" } },
    { "eku-missing", ANYWHERE, EXTENSIONS, { 26, 43, "unsuitable certificate purpose" } },
    { "key-usage", ANYWHERE, EXTENSIONS, { 26, 43, "unsuitable certificate purpose" } },
    { "path-length", ANYWHERE, EXTENSIONS, { 25, 48, "path length constraint exceeded" } },
    { "weak-key", LEAF, LEAF_KEY, { 66, 42, "EE certificate key too weak" } },
    { "weak-key", CA, LEVEL, { 67, 42, "CA certificate key too weak" } },
    { "weak-signature", ANYWHERE, LEVEL, { 68, 42, "CA signature digest algorithm too weak" } },
    { "crl-missing", ANYWHERE, REVOCATION, { 3, 48, "unable to get certificate CRL" } },
    { "crl-scope", ANYWHERE, REVOCATION, { 44, 46, "different CRL scope" } },
    { "crl-not-yet-valid", ANYWHERE, REVOCATION, { 11, 42, "CRL is not yet valid" } },
    { "crl-expired", ANYWHERE, REVOCATION, { 12, 45, "CRL has expired" } },
    { "crl-bad-signature", ANYWHERE, REVOCATION, { 8, 51, "CRL signature failure" } },
    { "revoked", ANYWHERE, REVOCATION, { 23, 44, "certificate revoked" } },
    { "bad-signature", ANYWHERE, SIGNATURES, { 7, 51, "certificate signature failure" } },
    { "not-yet-valid", ANYWHERE, SIGNATURES, { 9, 42, "certificate is not yet valid" } },
    { "expired", ANYWHERE, SIGNATURES, { 10, 45, "certificate has expired" } },
    { "name-constraints", ANYWHERE, NAMES, { 47, 46, "permitted subtree violation" } },
    { "name-excluded", ANYWHERE, NAMES, { 48, 46, "excluded subtree violation" } },
};

const char *mxs_reason_kind(const struct mxs_reason *reason)
{
    return reason->finer ? reason->finer : reason->id;
}

static int row_named(const char *name, bool ca)
{
    for (size_t i = 0; i < MXS_COUNT(errors); i++) {
        bool here = errors[i].place == ANYWHERE || (errors[i].place == CA) == ca;
        if (here && strcmp(errors[i].reason, name) == 0)
            return (int)i;
    }
    return -1;
}

static int row_of(const struct mxs_reason *reason)
{
    int row = row_named(mxs_reason_kind(reason), reason->depth > 0);
    return row < 0 ? row_named(reason->id, reason->depth > 0) : row;
}

/* Is a met before b? Rows of one round at one certificate stand in their order. */
static bool before(const struct mxs_reason *a, const struct mxs_reason *b)
{
    int x = row_of(a), y = row_of(b);
    if (errors[x].round != errors[y].round)
        return errors[x].round < errors[y].round;
    if (a->depth != b->depth)
        return (errors[x].round >= SIGNATURES) == (a->depth > b->depth);
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
    return row < 0 ? NULL : &errors[row].error;
}

/* _gnutls_verify_crt_status of lib/x509/verify.c goes down from the anchor, looks at each certificate
 * together with its issuer, and goes no further where something is wrong. */
enum pair { OF_LIST, OF_CERT, OF_ISSUER, OF_BOTH, OF_ROOT, OF_DEPTH };
static const struct {
    const char *reason;
    enum pair pair;
    const char *text;
} gnutls_status[] = {
    { "revoked", OF_LIST, "The certificate chain is revoked." },
    { "issuer-unknown", OF_CERT, "The certificate issuer is unknown." },
    { "self-signed", OF_CERT, "The certificate issuer is unknown." },
    { "untrusted-root", OF_ROOT, "The certificate issuer is unknown." },
    { "not-ca", OF_ISSUER, "The certificate issuer is not a CA." },
    { "weak-key", OF_CERT, "The certificate chain uses insecure algorithm." },
    { "weak-signature", OF_CERT, "The certificate chain uses insecure algorithm." },
    { "name-constraints", OF_CERT, "The certificate chain violates the signer's constraints." },
    { "ca-key-usage", OF_ISSUER, "The certificate chain violates the signer's constraints." },
    { "path-length", OF_DEPTH, "The certificate chain violates the signer's constraints." },
    { "not-yet-valid", OF_BOTH, "The certificate chain uses not yet valid certificate." },
    { "expired", OF_BOTH, "The certificate chain uses expired certificate." },
    { "bad-signature", OF_CERT, "The signature in the certificate is invalid." },
    { "unknown-critical", OF_ISSUER, "The certificate contains an unknown critical extension." },
};

/* At which certificate it comes out, twice that, and one more for what is seen before all else there; top:
 * the uppermost one that is verified. */
static int gnutls_step(enum pair pair, int depth, int top)
{
    int above = pair == OF_ISSUER || pair == OF_ROOT ? depth - 1 : pair == OF_DEPTH ? depth - 2 : depth;
    int step = above < 0 ? 0 : above > top ? top : above;
    return pair == OF_LIST ? 0 : 2 * step + 1 + (pair == OF_DEPTH); /* lists come after all else */
}

/* The row's step in the path; -1 when no reason is its. */
static int gnutls_row(size_t row, const struct mxs_reason *reasons, size_t n, int top)
{
    int step = -1;
    for (size_t i = 0; i < n; i++) {
        int here = gnutls_step(gnutls_status[row].pair, reasons[i].depth, top);
        if (strcmp(gnutls_status[row].reason, reasons[i].id) == 0 && here > step)
            step = here;
    }
    return step;
}

const char *mxs_gnutls_status(struct mxs_arena *arena, const struct mxs_reason *reasons, size_t n_reasons,
                              size_t n, bool anchored)
{
    int top = (int)n - (anchored && n > 1 ? 2 : 1), first = -1;
    const char *text = NULL;
    for (size_t i = 0; i < MXS_COUNT(gnutls_status); i++) {
        int step = gnutls_row(i, reasons, n_reasons, top);
        first = step > first ? step : first;
    }
    for (size_t i = 0; first >= 0 && i < MXS_COUNT(gnutls_status); i++) {
        const char *more = gnutls_status[i].text;
        if (gnutls_row(i, reasons, n_reasons, top) == first && (!text || !strstr(text, more)))
            text = text ? mxs_arena_printf(arena, "%s %s", text, more) : more;
    }
    return text;
}

/* Certificate.Verify of crypto/x509 goes up from the leaf: is the certificate well by itself, did the next
 * one sign it; and looks at the use of the whole path last. The alerts are those of crypto/tls since 1.21
 * (processCertsFromClient). */
enum look { FORM, DATES, SIGNED, CONSTRAINED, PURPOSE };
static const struct {
    const char *reason;
    enum look look;
    enum { SELF, OF_NEXT } whose; /* what is met where the one below it is looked at */
    int alert;
} go_errors[] = {
    { "unknown-critical", FORM, SELF, 42 },    { "expired", DATES, SELF, 45 },
    { "not-yet-valid", DATES, SELF, 45 },      { "bad-signature", SIGNED, SELF, 48 },
    { "weak-signature", SIGNED, SELF, 48 },    { "not-ca", SIGNED, OF_NEXT, 48 },
    { "ca-key-usage", SIGNED, OF_NEXT, 48 },   { "issuer-unknown", SIGNED, SELF, 48 },
    { "self-signed", SIGNED, SELF, 48 },       { "untrusted-root", SIGNED, SELF, 48 },
    { "name-constraints", CONSTRAINED, SELF, 42 }, { "not-ca-v1", CONSTRAINED, SELF, 42 },
    { "path-length", CONSTRAINED, SELF, 42 },  { "eku-missing", PURPOSE, SELF, 42 },
};
enum { LOOKS = PURPOSE + 1 };

static int go_named(const char *name)
{
    for (size_t i = 0; i < MXS_COUNT(go_errors); i++)
        if (strcmp(go_errors[i].reason, name) == 0)
            return (int)i;
    return -1;
}

static int go_row(const struct mxs_reason *reason)
{
    int row = go_named(mxs_reason_kind(reason));
    return row < 0 ? go_named(reason->id) : row;
}

static int go_order(const struct mxs_reason *reason, int row)
{
    int depth = reason->depth > 0 ? reason->depth : 0;
    bool last = go_errors[row].look == PURPOSE;
    return last ? INT_MAX : LOOKS * (depth - (go_errors[row].whose == OF_NEXT)) + (int)go_errors[row].look;
}

const struct mxs_reason *mxs_go_first(const struct mxs_reason *reasons, size_t n)
{
    const struct mxs_reason *first = NULL;
    int order = 0;
    for (size_t i = 0; i < n; i++) {
        int row = go_row(&reasons[i]);
        if (row < 0 || (first && go_order(&reasons[i], row) >= order))
            continue;
        first = &reasons[i];
        order = go_order(&reasons[i], row);
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
