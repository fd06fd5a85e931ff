#include "config.h"

#include "facts/evidence.h"

#include <string.h>

static const struct mxs_name offers[] = {
    { MXS_OFFER_ANY, "any" }, { MXS_OFFER_RSA, "rsa" }, { MXS_OFFER_ECDSA, "ecdsa" }, { 0, NULL },
};
static const struct mxs_name dirs[] = {
    { MXS_DIR_OUT, "out" }, { MXS_DIR_IN, "in" }, { 0, NULL },
};
static const struct mxs_name starttls_names[] = {
    { MXS_STARTTLS_OFFERED, "offered" }, { MXS_STARTTLS_ABSENT, "absent" },
    { MXS_STARTTLS_REFUSED, "refused" }, { 0, NULL },
};
static const struct mxs_name epochs[] = {
    { MXS_EPOCH_CLEAR, "clear" }, { MXS_EPOCH_HANDSHAKE, "handshake" },
    { MXS_EPOCH_APPLICATION, "application" }, { 0, NULL },
};
static const struct mxs_name ends[] = {
    { MXS_END_OPEN, "open" },         { MXS_END_DONE, "done" },
    { MXS_END_CONNECT, "connect" },   { MXS_END_TIMEOUT, "timeout" },
    { MXS_END_CLOSED, "closed" },     { MXS_END_REPLY, "reply" },
    { MXS_END_PROTOCOL, "protocol" }, { MXS_END_ALERT, "alert" },
    { MXS_END_LOCAL_REFUSAL, "local-refusal" }, { MXS_END_CANCELLED, "cancelled" }, { 0, NULL },
};

const char *mxs_offer_name(enum mxs_offer offer)
{
    return mxs_name_of(offers, (int)offer);
}

int mxs_offer_parse(const char *name)
{
    return mxs_name_value(offers, name);
}

const char *mxs_dir_name(enum mxs_dir dir)
{
    return mxs_name_of(dirs, (int)dir);
}

const char *mxs_starttls_name(enum mxs_starttls starttls)
{
    return mxs_name_of(starttls_names, (int)starttls);
}

const char *mxs_epoch_name(enum mxs_epoch epoch)
{
    return mxs_name_of(epochs, (int)epoch);
}

const char *mxs_end_name(enum mxs_end end)
{
    return mxs_name_of(ends, (int)end);
}

int mxs_end_parse(const char *name)
{
    return mxs_name_value(ends, name);
}

bool mxs_session_lacks_kind(const struct mxs_session_facts *session)
{
    return session->offer != MXS_OFFER_ANY && session->end == MXS_END_DONE &&
           session->stages[MXS_STAGE_SERVER_HELLO].status == MXS_STAGE_SKIPPED;
}

struct mxs_host_facts *mxs_evidence_host(const struct mxs_evidence *ev, const char *host)
{
    for (size_t i = 0; i < ev->hosts.n; i++)
        if (strcmp(ev->hosts.v[i]->host, host) == 0)
            return ev->hosts.v[i];
    return NULL;
}

struct mxs_session_facts *mxs_evidence_session(const struct mxs_evidence *ev, uint32_t id,
                                               struct mxs_host_facts **host)
{
    for (size_t i = 0; i < ev->hosts.n; i++)
        for (size_t k = 0; k < ev->hosts.v[i]->sessions.n; k++)
            if (ev->hosts.v[i]->sessions.v[k]->id == id) {
                if (host)
                    *host = ev->hosts.v[i];
                return ev->hosts.v[i]->sessions.v[k];
            }
    return NULL;
}
