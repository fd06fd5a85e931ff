/* The stapled OCSP answer (RFC 6066 8, RFC 6960). */
#ifndef MXSCOPE_SRC_JUDGE_OCSP_H
#define MXSCOPE_SRC_JUDGE_OCSP_H

#include "facts/cert.h"

enum mxs_ocsp_state {
    MXS_OCSP_NONE,      /* nothing was stapled */
    MXS_OCSP_GOOD,
    MXS_OCSP_REVOKED,
    MXS_OCSP_UNKNOWN,   /* the responder does not know the certificate */
    MXS_OCSP_EXPIRED,
    MXS_OCSP_NOT_YET,
    MXS_OCSP_OTHER,     /* about another certificate */
    MXS_OCSP_SIGNATURE, /* not signed by the issuer or whom it charged */
    MXS_OCSP_MALFORMED  /* no answer, or one of failure */
};

struct mxs_ocsp {
    enum mxs_ocsp_state state;
    int64_t this_update, next_update, revoked_at; /* 0: unknown or not said */
    const char *text; /* one line */
};

/* issuer: the leaf's issuer, NULL when not known (the signature is then not judged). */
struct mxs_ocsp mxs_ocsp_judge(struct mxs_arena *arena, struct mxs_bytes der,
                               const struct mxs_cert *leaf, const struct mxs_cert *issuer,
                               int64_t at);

#endif
