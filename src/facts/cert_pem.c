/* PEM (RFC 7468): all certificates of a text, with the line of what is wrong. */
#include "config.h"

#include "base/buf.h"
#include "base/text.h"
#include "facts/cert.h"

#include <string.h>

enum { CERTIFICATES_MAX = 4096, LINE = 64 };

static const char *const begins[] = { "-----BEGIN CERTIFICATE-----",
                                      "-----BEGIN X509 CERTIFICATE-----",
                                      "-----BEGIN TRUSTED CERTIFICATE-----" };
static const char end[] = "-----END ";

struct reader {
    struct mxs_bytes text;
    size_t at;
    unsigned line; /* of the line that was read last, 1-based */
};

static bool read_line(struct reader *r, struct mxs_bytes *line)
{
    if (r->at >= r->text.n)
        return false;
    const uint8_t *p = r->text.p + r->at;
    const uint8_t *lf = memchr(p, '\n', r->text.n - r->at);
    size_t n = lf ? (size_t)(lf - p) : r->text.n - r->at;
    r->at += n + (lf ? 1 : 0);
    r->line++;
    while (n && (p[n - 1] == '\r' || p[n - 1] == ' ' || p[n - 1] == '\t'))
        n--;
    *line = mxs_bytes(p, n);
    return true;
}

static bool has_prefix(struct mxs_bytes line, const char *prefix)
{
    size_t n = strlen(prefix);
    return line.n >= n && memcmp(line.p, prefix, n) == 0;
}

static bool is_begin(struct mxs_bytes line)
{
    for (size_t i = 0; i < MXS_COUNT(begins); i++)
        if (has_prefix(line, begins[i]))
            return true;
    return false;
}

/* OpenSSL's "trusted" form has trust settings behind the certificate: only the first value counts. */
static struct mxs_bytes first_value(struct mxs_bytes der)
{
    size_t n = der.n > 3 && der.p[0] == 0x30 && der.p[1] == 0x82
                   ? ((size_t)der.p[2] << 8 | der.p[3]) + 4 : der.n;
    return mxs_bytes(der.p, n < der.n ? n : der.n);
}

static bool is_base64(struct mxs_bytes line)
{
    for (size_t i = 0; i < line.n; i++) {
        uint8_t c = line.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            !memchr("+/= \t", c, 5))
            return false;
    }
    return true;
}

/* The base64 between BEGIN (just read) and END. */
static enum mxs_err read_body(struct mxs_arena *arena, struct reader *r, const char *name,
                              struct mxs_bytes *der, struct mxs_why *why)
{
    unsigned begin = r->line;
    const char *start = (const char *)r->text.p + r->at;
    struct mxs_bytes line = { 0 };
    size_t n = 0;
    bool more;
    while ((more = read_line(r, &line)) && !has_prefix(line, "-----")) {
        if (!is_base64(line))
            return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: not a certificate (not base64)", name,
                               r->line);
        n = (size_t)(line.p + line.n - (const uint8_t *)start);
    }
    if (!more || !has_prefix(line, end))
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: not a certificate (no END line)", name,
                           begin);
    if (mxs_base64_parse(arena, start, n, der) != MXS_OK)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s:%u: not a certificate (base64 ends early)", name,
                           r->line);
    return MXS_OK;
}

static enum mxs_err read_one(struct mxs_arena *arena, struct reader *r, const char *name,
                             bool trusted, struct mxs_chain *out, struct mxs_why *why)
{
    unsigned begin = r->line;
    struct mxs_bytes der;
    struct mxs_why inner;
    const struct mxs_cert *cert;
    enum mxs_err err = read_body(arena, r, name, &der, why);
    if (err)
        return err;
    err = mxs_cert_parse(arena, trusted ? first_value(der) : der, &cert, &inner);
    if (err)
        return mxs_why_set(why, err, "%s:%u: %s", name, begin, inner.text);
    *mxs_list_add(arena, &out->certs) = cert;
    return MXS_OK;
}

/* A file that holds the DER itself. */
static enum mxs_err read_der(struct mxs_arena *arena, const char *name, struct mxs_bytes der,
                             struct mxs_chain *out, struct mxs_why *why)
{
    struct mxs_why inner;
    const struct mxs_cert *cert;
    enum mxs_err err = mxs_cert_parse(arena, der, &cert, &inner);
    if (err)
        return mxs_why_set(why, err, "%s: %s", name, inner.text);
    *mxs_list_add(arena, &out->certs) = cert;
    return MXS_OK;
}

enum mxs_err mxs_cert_pem(struct mxs_arena *arena, const char *name, struct mxs_bytes pem,
                          struct mxs_chain *out, struct mxs_why *why)
{
    struct reader r = { .text = pem };
    struct mxs_bytes line;
    memset(out, 0, sizeof *out);
    if (pem.n > 2 && pem.p[0] == 0x30 && pem.p[1] >= 0x80)
        return read_der(arena, name, pem, out, why);
    while (read_line(&r, &line)) {
        if (!is_begin(line))
            continue;
        if (out->certs.n == CERTIFICATES_MAX)
            return mxs_why_set(why, MXS_ERR_LIMIT, "%s:%u: over %d certificates", name, r.line,
                               CERTIFICATES_MAX);
        enum mxs_err err =
            read_one(arena, &r, name, has_prefix(line, begins[2]), out, why);
        if (err)
            return err;
    }
    if (out->certs.n == 0)
        return mxs_why_set(why, MXS_ERR_SYNTAX, "%s: no certificate in it", name);
    return MXS_OK;
}

char *mxs_cert_to_pem(struct mxs_arena *arena, const struct mxs_cert *cert)
{
    struct mxs_buf out;
    const char *text = mxs_base64(arena, cert->der);
    size_t n = strlen(text);
    mxs_buf_init(&out, n * 2 + 128);
    mxs_buf_puts(&out, "-----BEGIN CERTIFICATE-----\n");
    for (size_t i = 0; i < n; i += LINE)
        mxs_buf_printf(&out, "%.*s\n", n - i < LINE ? (int)(n - i) : LINE, text + i);
    mxs_buf_puts(&out, "-----END CERTIFICATE-----\n");
    char *pem = mxs_arena_strndup(arena, out.p, out.n);
    mxs_buf_fini(&out);
    return pem;
}
