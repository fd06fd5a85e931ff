#include "config.h"

#include "facts/stage.h"

#include <string.h>

static const struct {
    const char *name, *title;
    char scope;
} rows[] = {
#define X(id, name, scope, title) { name, title, scope },
    MXS_STAGES(X)
#undef X
};

static const struct mxs_name statuses[] = {
    { MXS_STAGE_SKIPPED, "skipped" }, { MXS_STAGE_OK, "ok" }, { MXS_STAGE_WARNING, "warning" },
    { MXS_STAGE_FAILED, "failed" },   { 0, NULL },
};

const char *mxs_stage_name(enum mxs_stage stage)
{
    return stage < MXS_STAGE_COUNT ? rows[stage].name : NULL;
}

const char *mxs_stage_title(enum mxs_stage stage)
{
    return stage < MXS_STAGE_COUNT ? rows[stage].title : NULL;
}

char mxs_stage_scope(enum mxs_stage stage)
{
    return stage < MXS_STAGE_COUNT ? rows[stage].scope : 0;
}

enum mxs_stage mxs_stage_parse(const char *name)
{
    for (int i = 0; i < MXS_STAGE_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0)
            return (enum mxs_stage)i;
    return MXS_STAGE_NONE;
}

const char *mxs_stage_status_name(enum mxs_stage_status status)
{
    return mxs_name_of(statuses, (int)status);
}

enum mxs_stage_status mxs_stage_status_parse(const char *name)
{
    int value = mxs_name_value(statuses, name);
    return value < 0 ? MXS_STAGE_NOT_REACHED : (enum mxs_stage_status)value;
}
