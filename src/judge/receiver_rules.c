/* The keys of a receiver's profile (mxscope-verifier(5)). */
#include "config.h"

#include "judge/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/alert.h"

static const struct mxs_name checks[] = {
    { MXS_CHECK_NOTHING, "nothing" }, { MXS_CHECK_CHAIN, "chain" }, { MXS_CHECK_PEER, "peer" },
    { MXS_CHECK_KEY, "key" },         { 0, NULL },
};
static const struct mxs_name lists[] = {
    { MXS_LISTED_NOTHING, "no" }, { MXS_LISTED_CERT, "yes" }, { MXS_LISTED_NAME, "name" },
    { MXS_LISTED_EITHER, "either" },  { MXS_LISTED_ISSUER, "issuer" }, { 0, NULL },
};
static const struct mxs_name purposes[] = {
    { MXS_PURPOSE_ANY, "any" }, { MXS_PURPOSE_CLIENT, "client" }, { 0, NULL },
};
static const struct mxs_name cases[] = {
    { MXS_CASE_UNASKED, "unasked" }, { MXS_CASE_ABSENT, "absent" },     { MXS_CASE_PASSED, "passed" },
    { MXS_CASE_FAILED, "failed" },   { MXS_CASE_UNLISTED, "unlisted" },
    { MXS_CASE_UNUSABLE, "unusable" }, { 0, NULL },
};

/* A number, "race", or the library whose alert follows from the reason. */
static bool alert_parse(const char *word, struct mxs_receiver_outcome *o, int *alert)
{
    const char *library = mxs_alert_library(word);
    if (library)
        o->library = library;
    *alert = library ? MXS_ALERT_BY_REASON : strcmp(word, "race") == 0 ? -1 : (int)strtol(word, NULL, 10);
    return *alert != 0;
}

/* "accept", "reject rcpt 554 5.7.1 no", "alert 40 116", "alert openssl", "alert 42 race", "alert go race" */
static bool outcome_parse(const char *text, struct mxs_receiver_outcome *o)
{
    char stage[32], a[16], b[16];
    *o = (struct mxs_receiver_outcome){ .action = MXS_ACTION_ACCEPT, .stage = MXS_STAGE_NONE,
                                        .alert12 = -1, .alert13 = -1 };
    if (strcmp(text, "accept") == 0)
        return true;
    int at = 0;
    if (sscanf(text, "reject %31s %d%n", stage, &o->reply, &at) == 2) {
        o->text = text[at] == ' ' ? text + at + 1 : NULL;
        o->action = MXS_ACTION_REJECT;
        o->stage = mxs_stage_parse(stage);
        return o->stage != MXS_STAGE_NONE && o->reply >= 400 && o->reply < 600;
    }
    o->action = MXS_ACTION_HANDSHAKE_FAILURE;
    o->stage = MXS_STAGE_CLIENT_VERDICT;
    if (strcmp(text, "close") == 0)
        return true;
    int words = sscanf(text, "alert %15s %15s", a, b);
    if (words == 1 && mxs_alert_library(a)) /* the same in both versions */
        return alert_parse(a, o, &o->alert12) && alert_parse(a, o, &o->alert13);
    return words == 2 && alert_parse(a, o, &o->alert12) && alert_parse(b, o, &o->alert13);
}

static bool yes(const struct mxs_profile *p, const char *key)
{
    const char *value = mxs_profile_get(p, key);
    return value && strcmp(value, "yes") == 0;
}

static bool cases_parse(struct mxs_arena *arena, const struct mxs_profile *p,
                        struct mxs_receiver_rules *r, struct mxs_why *why)
{
    for (const struct mxs_name *c = cases; c->name; c++) {
        const char *text = mxs_profile_get(p, c->name);
        if (!outcome_parse(text ? text : "accept", &r->outcome[c->value])) {
            mxs_why_set(why, MXS_ERR_SYNTAX, "%s: %s: not accept, reject STAGE REPLY, close or alert ..",
                        c->name, text);
            return false;
        }
        const char *log = mxs_profile_get(p, mxs_arena_printf(arena, "log-%s", c->name));
        r->label[c->value] = mxs_profile_get(p, mxs_arena_printf(arena, "label-%s", c->name));
        r->log[c->value] = log ? log : mxs_profile_get(p, "log");
    }
    return true;
}

const struct mxs_receiver_rules *mxs_receiver_rules(struct mxs_arena *arena,
                                                    const struct mxs_profile *p,
                                                    struct mxs_why *why)
{
    struct mxs_receiver_rules *r = MXS_NEW(arena, struct mxs_receiver_rules);
    const char *check = mxs_profile_get(p, "check"), *store = mxs_profile_get(p, "store");
    const char *purpose = mxs_profile_get(p, "purpose"), *listed = mxs_profile_get(p, "listed");
    int l = mxs_name_value(lists, listed ? listed : "no");
    int c = mxs_name_value(checks, check ? check : "chain");
    r->purpose_unknown = purpose && strcmp(purpose, "unknown") == 0;
    int u = mxs_name_value(purposes, purpose && !r->purpose_unknown ? purpose : "client");
    r->asks = yes(p, "asks");
    r->late = yes(p, "late");
    r->no_store = store && strcmp(store, "none") == 0;
    r->curves12 = mxs_profile_get(p, "curves-1.2");
    r->nearest_error = yes(p, "nearest-error");
    r->rules = mxs_profile_rules(arena, p, why);
    if (!r->rules)
        return NULL;
    if (c < 0 || u < 0 || l < 0) {
        mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not known here",
                    c < 0 ? "check" : u < 0 ? "purpose" : "listed");
        return NULL;
    }
    r->listed = (enum mxs_receiver_list)l;
    r->check = (enum mxs_receiver_check)c;
    r->purpose = (enum mxs_purpose)u;
    return cases_parse(arena, p, r, why) ? r : NULL;
}
