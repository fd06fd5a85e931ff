#include "config.h"

#include "judge/ocsp.h"

#include "base/clock.h"

#include <gnutls/ocsp.h>
#include <gnutls/x509.h>

struct answer {
    gnutls_ocsp_resp_t resp;
    gnutls_x509_crt_t leaf, issuer;
};

static bool import_cert(gnutls_x509_crt_t *out, const struct mxs_cert *cert)
{
    gnutls_datum_t der = { (unsigned char *)(uintptr_t)cert->der.p, (unsigned)cert->der.n };
    return gnutls_x509_crt_init(out) == 0 &&
           gnutls_x509_crt_import(*out, &der, GNUTLS_X509_FMT_DER) == 0;
}

static bool open_answer(struct answer *a, struct mxs_bytes der, const struct mxs_cert *leaf,
                        const struct mxs_cert *issuer)
{
    gnutls_datum_t data = { (unsigned char *)(uintptr_t)der.p, (unsigned)der.n };
    return gnutls_ocsp_resp_init(&a->resp) == 0 &&
           gnutls_ocsp_resp_import2(a->resp, &data, GNUTLS_X509_FMT_DER) == 0 &&
           gnutls_ocsp_resp_get_status(a->resp) == GNUTLS_OCSP_RESP_SUCCESSFUL &&
           import_cert(&a->leaf, leaf) && (!issuer || import_cert(&a->issuer, issuer));
}

static void close_answer(struct answer *a)
{
    if (a->resp)
        gnutls_ocsp_resp_deinit(a->resp);
    if (a->leaf)
        gnutls_x509_crt_deinit(a->leaf);
    if (a->issuer)
        gnutls_x509_crt_deinit(a->issuer);
}

/* Dates are judged by the caller's clock, so GnuTLS's own checks of them are off. */
static bool signature_holds(const struct answer *a)
{
    unsigned verify = 0;
    return !a->issuer || (gnutls_ocsp_resp_verify_direct(a->resp, a->issuer, &verify,
                                                         GNUTLS_VERIFY_DISABLE_TIME_CHECKS) == 0 &&
                          verify == 0);
}

/* -1 as a time means that the field is absent. */
static int64_t or_zero(time_t t)
{
    return t == (time_t)-1 ? 0 : (int64_t)t;
}

static enum mxs_ocsp_state judge(const struct answer *a, struct mxs_ocsp *out, int64_t at)
{
    unsigned status = 0;
    time_t this_update = 0, next_update = 0, revoked = 0;
    if (gnutls_ocsp_resp_check_crt(a->resp, 0, a->leaf) != 0)
        return MXS_OCSP_OTHER;
    if (gnutls_ocsp_resp_get_single(a->resp, 0, NULL, NULL, NULL, NULL, &status, &this_update,
                                    &next_update, &revoked, NULL) != 0)
        return MXS_OCSP_MALFORMED;
    out->this_update = or_zero(this_update);
    out->next_update = or_zero(next_update);
    if (!signature_holds(a))
        return MXS_OCSP_SIGNATURE;
    if (status == GNUTLS_OCSP_CERT_REVOKED) {
        out->revoked_at = or_zero(revoked);
        return MXS_OCSP_REVOKED;
    }
    if (at < out->this_update)
        return MXS_OCSP_NOT_YET;
    if (out->next_update && at > out->next_update)
        return MXS_OCSP_EXPIRED;
    return status == GNUTLS_OCSP_CERT_GOOD ? MXS_OCSP_GOOD : MXS_OCSP_UNKNOWN;
}

static const char *words(struct mxs_arena *arena, const struct mxs_ocsp *o)
{
    static const char *const texts[] = {
        [MXS_OCSP_NONE] = "no OCSP answer was stapled",
        [MXS_OCSP_GOOD] = "good",
        [MXS_OCSP_UNKNOWN] = "the responder does not know the certificate",
        [MXS_OCSP_OTHER] = "it is about another certificate",
        [MXS_OCSP_SIGNATURE] = "it is not signed by the issuer of the certificate",
        [MXS_OCSP_MALFORMED] = "it cannot be read",
    };
    switch (o->state) {
    case MXS_OCSP_REVOKED:
        return o->revoked_at ? mxs_arena_printf(arena, "revoked %s",
                                                mxs_time_text(arena, o->revoked_at)) : "revoked";
    case MXS_OCSP_EXPIRED:
        return mxs_arena_printf(arena, "it expired %s", mxs_time_text(arena, o->next_update));
    case MXS_OCSP_NOT_YET:
        return mxs_arena_printf(arena, "it is not valid before %s",
                                mxs_time_text(arena, o->this_update));
    default: return texts[o->state];
    }
}

struct mxs_ocsp mxs_ocsp_judge(struct mxs_arena *arena, struct mxs_bytes der,
                               const struct mxs_cert *leaf, const struct mxs_cert *issuer,
                               int64_t at)
{
    struct mxs_ocsp out = { .state = MXS_OCSP_NONE };
    struct answer a = { NULL, NULL, NULL };
    if (der.n)
        out.state = open_answer(&a, der, leaf, issuer) ? judge(&a, &out, at) : MXS_OCSP_MALFORMED;
    close_answer(&a);
    out.text = words(arena, &out);
    return out;
}
