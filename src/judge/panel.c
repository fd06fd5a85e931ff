#include "config.h"

#include "judge/panel.h"

#include "base/text.h"
#include "judge/profile.h"

static bool wanted(const struct mxs_assess_options *options, const char *name)
{
    for (size_t i = 0; i < options->verifiers.n; i++)
        if (mxs_glob(options->verifiers.v[i], name))
            return true;
    return options->verifiers.n == 0;
}

static void seat_rfc(const struct mxs_judge *judge, const struct mxs_assess_options *options,
                     struct mxs_panel *out)
{
    size_t n;
    const struct mxs_verifier *rows = mxs_verifiers(&n);
    for (size_t i = 0; i < n; i++)
        if (wanted(options, rows[i].name) && rows[i].applies(judge))
            *mxs_list_add(judge->arena, &out->seats) =
                (struct mxs_panel_seat){ rows[i].name, rows[i].role, &rows[i], NULL };
}

static void seat_profiles(const struct mxs_judge *judge, const struct mxs_assess_options *options,
                          enum mxs_role role, struct mxs_panel *out)
{
    for (size_t i = 0; options->profiles && i < mxs_profiles_count(options->profiles); i++) {
        const struct mxs_profile *profile = mxs_profiles_at(options->profiles, i);
        if (profile->role == role && wanted(options, profile->name))
            *mxs_list_add(judge->arena, &out->seats) =
                (struct mxs_panel_seat){ profile->name, role, NULL, profile };
    }
}

static bool is_first(const struct mxs_assess_options *options, const char *name)
{
    for (size_t i = 0; i < options->first.n; i++)
        if (mxs_glob(options->first.v[i], name))
            return true;
    return false;
}

/* Those that the operator named come first, else the order stays. */
static void put_first(const struct mxs_assess_options *options, struct mxs_panel *panel)
{
    size_t at = 0;
    for (size_t i = 0; i < panel->seats.n && options->first.n; i++) {
        struct mxs_panel_seat seat = panel->seats.v[i];
        if (!is_first(options, seat.name))
            continue;
        for (size_t k = i; k > at; k--)
            panel->seats.v[k] = panel->seats.v[k - 1];
        panel->seats.v[at++] = seat;
    }
}

void mxs_panel_of(const struct mxs_judge *judge, const struct mxs_assess_options *options,
                  struct mxs_panel *out)
{
    bool client = judge->evidence->client_role;
    *out = (struct mxs_panel){ 0 };
    if (!client) {
        seat_rfc(judge, options, out);
        seat_profiles(judge, options, MXS_ROLE_SENDER, out);
    }
    if (client || judge->session->tls.client_auth.sent == MXS_SENT_CERTIFICATE)
        seat_profiles(judge, options, MXS_ROLE_RECEIVER, out);
    put_first(options, out);
}

/* The certificate that a receiver sees: the one of the sending server, or the one the walk showed. */
static void judge_receiver(const struct mxs_judge *judge, const struct mxs_profile *profile,
                           struct mxs_verdict *out)
{
    const struct mxs_session_facts *session = judge->session;
    struct mxs_receiver_input input = {
        .chain = judge->evidence->client_role ? &session->chain : &session->tls.client_auth.chain,
        .tls_version = session->tls.version ? session->tls.version : MXS_TLS_1_3,
        .pins = judge->pins,
    };
    mxs_receiver_judge(judge, profile, &input, out);
}

void mxs_panel_judge(const struct mxs_judge *judge, const struct mxs_panel_seat *seat,
                     struct mxs_verdict *out)
{
    if (seat->profile && seat->role == MXS_ROLE_RECEIVER) {
        judge_receiver(judge, seat->profile, out);
    } else if (seat->profile) {
        mxs_sender_judge(judge, seat->profile, out);
    } else {
        *out = (struct mxs_verdict){ .verifier = seat->name, .role = seat->role,
                                     .grade = MXS_GRADE_MEASURED, .verified = -1, .alert = -1,
                                     .stage = MXS_STAGE_NONE };
        seat->rfc->check(judge, out);
    }
}
