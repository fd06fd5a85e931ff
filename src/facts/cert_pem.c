/* All certificates of a PEM text. */
#include "config.h"

#include "facts/cert.h"
#include "facts/pem.h"

#include <string.h>

enum { CERTIFICATES_MAX = 4096, TRUSTED = 2 };

static const char *const labels[] = { "CERTIFICATE", "X509 CERTIFICATE",
                                      [TRUSTED] = "TRUSTED CERTIFICATE", NULL };

/* OpenSSL's "trusted" form has trust settings behind the certificate: only the first value counts. */
static struct mxs_bytes first_value(struct mxs_bytes der)
{
    size_t n = der.n > 3 && der.p[0] == 0x30 && der.p[1] == 0x82
                   ? ((size_t)der.p[2] << 8 | der.p[3]) + 4 : der.n;
    return mxs_bytes(der.p, n < der.n ? n : der.n);
}

static enum mxs_err add(struct mxs_arena *arena, const char *where, struct mxs_bytes der,
                        struct mxs_chain *out, struct mxs_why *why)
{
    struct mxs_why inner;
    const struct mxs_cert *cert;
    enum mxs_err err = mxs_cert_parse(arena, der, &cert, &inner);
    if (err)
        return mxs_why_set(why, err, "%s: %s", where, inner.text);
    *mxs_list_add(arena, &out->certs) = cert;
    return MXS_OK;
}

enum mxs_err mxs_cert_pem(struct mxs_arena *arena, const char *name, struct mxs_bytes text,
                          struct mxs_chain *out, struct mxs_why *why)
{
    struct mxs_pem pem = { .name = name, .what = "a certificate", .text = text };
    struct mxs_pem_block block;
    enum mxs_err err = MXS_OK;
    memset(out, 0, sizeof *out);
    if (mxs_pem_is_der(text))
        return add(arena, name, text, out, why);
    while (!err && mxs_pem_next(arena, &pem, labels, &block, &err, why)) {
        const char *where = mxs_arena_printf(arena, "%s:%u", name, block.line);
        if (out->certs.n == CERTIFICATES_MAX)
            return mxs_why_set(why, MXS_ERR_LIMIT, "%s: over %d certificates", where,
                               CERTIFICATES_MAX);
        err = add(arena, where, block.label == TRUSTED ? first_value(block.der) : block.der, out, why);
    }
    if (!err && out->certs.n == 0)
        err = mxs_why_set(why, MXS_ERR_SYNTAX, "%s: no certificate in it", name);
    return err;
}

char *mxs_cert_to_pem(struct mxs_arena *arena, const struct mxs_cert *cert)
{
    return mxs_pem_text(arena, "CERTIFICATE", cert->der);
}
