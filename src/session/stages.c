/* The stage table: one row per stage of facts/stage.h, in its order. A new stage is a row here, one in
 * facts/stage.h, and its function. */
#include "config.h"

#include "session/walk.h"

static const struct mxs_stage_row rows[MXS_STAGE_COUNT] = {
    { .stage = MXS_STAGE_MX, .run = mxs_stage_mx, .fatal = true },
    { .stage = MXS_STAGE_ADDRESS, .run = mxs_stage_address, .fatal = true },
    { .stage = MXS_STAGE_TLSA, .run = mxs_stage_tlsa },
    { .stage = MXS_STAGE_MTA_STS, .run = mxs_stage_mta_sts },
    { .stage = MXS_STAGE_POLICY, .run = mxs_stage_policy },
    { .stage = MXS_STAGE_CONNECT, .run = mxs_stage_connect, .fatal = true },
    { .stage = MXS_STAGE_BANNER, .run = mxs_stage_banner, .fatal = true },
    { .stage = MXS_STAGE_EHLO, .run = mxs_stage_ehlo, .fatal = true, .edits = true },
    { .stage = MXS_STAGE_STARTTLS, .run = mxs_stage_starttls, .fatal = true, .edits = true },
    { .stage = MXS_STAGE_CLIENT_HELLO, .run = mxs_stage_handshake, .fatal = true,
      .edits = true, .opens_itself = true },
    { .stage = MXS_STAGE_SERVER_HELLO },
    { .stage = MXS_STAGE_ENCRYPTED_EXTENSIONS },
    { .stage = MXS_STAGE_CERTIFICATE_REQUEST },
    { .stage = MXS_STAGE_CERTIFICATE },
    { .stage = MXS_STAGE_CERTIFICATE_VERIFY },
    { .stage = MXS_STAGE_FINISHED },
    { .stage = MXS_STAGE_EHLO_TLS, .run = mxs_stage_ehlo_tls, .fatal = true, .edits = true },
    { .stage = MXS_STAGE_CLIENT_VERDICT, .run = mxs_stage_client_verdict, .fatal = true },
    { .stage = MXS_STAGE_AUTH, .run = mxs_stage_auth, .fatal = true, .edits = true },
    { .stage = MXS_STAGE_MAIL, .run = mxs_stage_mail, .fatal = true, .edits = true },
    { .stage = MXS_STAGE_RCPT, .run = mxs_stage_rcpt, .fatal = true, .edits = true },
    { .stage = MXS_STAGE_QUIT, .run = mxs_stage_quit, .fatal = true, .edits = true },
};

const struct mxs_stage_row *mxs_stage_row(enum mxs_stage stage)
{
    return stage < MXS_STAGE_COUNT ? &rows[stage] : NULL;
}
