/* Log lines as products write them: templates of the profiles (mxscope-verifier(5)), filled in. What
 * cannot be known beforehand (addresses of others, ports, ciphers, queue ids) is "..." in a line. */
#ifndef MXSCOPE_SRC_JUDGE_PHRASE_H
#define MXSCOPE_SRC_JUDGE_PHRASE_H

#include "facts/cert.h"
#include "judge/verdict.h"

/* What the blanks of a template stand for: NULL, 0 for the version and -1 for numbers where it is not
 * known. Everything is borrowed. */
struct mxs_phrase {
    const char *host, *address;          /* the receiving side */
    const char *client, *client_address; /* the sending side */
    unsigned tls_version;                /* MXS_TLS_1_2 .. */
    const char *label;                   /* the product's word for the session */
    const struct mxs_cert *cert;         /* the one at fault, else the leaf; NULL: none is shown */
    const char *nameless;                /* what it writes for a subject that is empty; NULL: nothing */
    int depth;                           /* of cert */
    const char *error;                   /* why it fails: a template itself */
    int code;                            /* and the library's number */
    const char *reason;                  /* and text for that */
    bool gnutls;                         /* the library that names alerts; else OpenSSL */
    int alert;                           /* RFC 8446 6 */
    const char *reply;                   /* "454 4.7.0 authentication failed" */
    enum mxs_stage stage;                /* which command it answers; MXS_STAGE_NONE */
};

/* The lines that a sender writes about the refusal of this verdict: a row of its "then". */
void mxs_then_log(struct mxs_arena *arena, const struct mxs_verdict *verdict,
                  const struct mxs_then *then, struct mxs_strs *out);

/* The first {blank} of a template that does not exist; NULL when all do. */
const char *mxs_phrase_unknown(struct mxs_arena *arena, const char *template);
/* Appends the lines of a template, which " | " stands between. NULL or "": none. */
void mxs_phrase_say(struct mxs_arena *arena, const char *template, const struct mxs_phrase *phrase,
                    struct mxs_strs *out);
/* One line. */
const char *mxs_phrase_fill(struct mxs_arena *arena, const char *template,
                            const struct mxs_phrase *phrase);

#endif
