#include "config.h"

#include "judge/verdict.h"

static const struct mxs_name roles[] = {
    { MXS_ROLE_SENDER, "sender" }, { MXS_ROLE_RECEIVER, "receiver" }, { 0, NULL },
};
static const struct mxs_name grades[] = {
    { MXS_GRADE_UNKNOWN, "unknown" },   { MXS_GRADE_DOCUMENTED, "documented" },
    { MXS_GRADE_SOURCE, "source" },     { MXS_GRADE_MEASURED, "measured" }, { 0, NULL },
};
static const struct mxs_name actions[] = {
    { MXS_ACTION_DELIVER, "deliver" }, { MXS_ACTION_DEFER, "defer" },
    { MXS_ACTION_BOUNCE, "bounce" },   { MXS_ACTION_ACCEPT, "accept" },
    { MXS_ACTION_REJECT, "reject" },   { MXS_ACTION_HANDSHAKE_FAILURE, "handshake-failure" },
    { 0, NULL },
};
static const struct mxs_name channels[] = {
    { MXS_CHANNEL_VERIFIED, "verified" }, { MXS_CHANNEL_ENCRYPTED, "encrypted" },
    { MXS_CHANNEL_CLEARTEXT, "cleartext" }, { 0, NULL },
};
static const struct mxs_name severities[] = {
    { MXS_SEVERITY_OK, "ok" }, { MXS_SEVERITY_INFO, "info" }, { MXS_SEVERITY_WARNING, "warning" },
    { MXS_SEVERITY_CRITICAL, "critical" }, { 0, NULL },
};
static const struct mxs_name faults[] = {
    { MXS_FAULT_NOBODY, "nobody" }, { MXS_FAULT_YOURS, "yours" }, { MXS_FAULT_THEIRS, "theirs" },
    { MXS_FAULT_DNS, "dns" },       { MXS_FAULT_CA, "ca" },       { MXS_FAULT_NETWORK, "network" },
    { 0, NULL },
};
static const struct mxs_name statuses[] = {
    { MXS_STATUS_OK, "OK" }, { MXS_STATUS_WARNING, "WARNING" },
    { MXS_STATUS_CRITICAL, "CRITICAL" }, { MXS_STATUS_UNKNOWN, "UNKNOWN" }, { 0, NULL },
};

const char *mxs_role_name(enum mxs_role role)
{
    return mxs_name_of(roles, (int)role);
}

const char *mxs_grade_name(enum mxs_grade grade)
{
    return mxs_name_of(grades, (int)grade);
}

const char *mxs_action_name(enum mxs_action action)
{
    return mxs_name_of(actions, (int)action);
}

const char *mxs_channel_name(enum mxs_channel channel)
{
    return mxs_name_of(channels, (int)channel);
}

const char *mxs_severity_name(enum mxs_severity severity)
{
    return mxs_name_of(severities, (int)severity);
}

const char *mxs_fault_name(enum mxs_fault fault)
{
    return mxs_name_of(faults, (int)fault);
}

const char *mxs_status_name(enum mxs_status status)
{
    return mxs_name_of(statuses, (int)status);
}
