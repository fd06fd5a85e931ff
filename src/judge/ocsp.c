#include "config.h"

#include "judge/ocsp.h"

#include "base/clock.h"
#include "facts/ocsp.h"

/* The entry about leaf; without its issuer at hand the serial number has to do. */
static const struct mxs_ocsp_single *entry(const struct mxs_ocsp_response *r,
                                           const struct mxs_cert *leaf,
                                           const struct mxs_cert *issuer)
{
    if (issuer)
        return mxs_ocsp_find(r, leaf, issuer);
    for (size_t i = 0; i < r->singles.n; i++)
        if (mxs_bytes_equal(r->singles.v[i].serial_raw, leaf->serial_raw))
            return &r->singles.v[i];
    return NULL;
}

static enum mxs_ocsp_state judge(const struct mxs_ocsp_response *r, const struct mxs_cert *leaf,
                                 const struct mxs_cert *issuer, int64_t at, struct mxs_ocsp *out)
{
    const struct mxs_ocsp_single *single = entry(r, leaf, issuer);
    if (!single)
        return MXS_OCSP_OTHER;
    out->this_update = single->this_update;
    out->next_update = single->next_update > 0 ? single->next_update : 0;
    if (issuer && !mxs_ocsp_signed_by(r, issuer))
        return MXS_OCSP_SIGNATURE;
    if (single->status == MXS_OCSP_CERT_REVOKED) {
        out->revoked_at = single->revoked > 0 ? single->revoked : 0;
        return MXS_OCSP_REVOKED;
    }
    if (at < out->this_update)
        return MXS_OCSP_NOT_YET;
    if (out->next_update && at > out->next_update)
        return MXS_OCSP_EXPIRED;
    return single->status == MXS_OCSP_CERT_GOOD ? MXS_OCSP_GOOD : MXS_OCSP_UNKNOWN;
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
    struct mxs_ocsp_response response;
    if (der.n) {
        bool read = mxs_ocsp_parse(arena, der, &response, NULL) == MXS_OK &&
                    response.response_status == 0;
        out.state = read ? judge(&response, leaf, issuer, at, &out) : MXS_OCSP_MALFORMED;
    }
    out.text = words(arena, &out);
    return out;
}
