/* Edits of a plan: lines of words over tables of fields. */
#include "config.h"

#include "lab/lab_plan.h"

#include "base/text.h"

#include <ldns/ldns.h>
#undef dprintf

#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, FLAG, WORD };

struct field {
    const char *name;
    enum kind kind;
    size_t offset;
    const struct mxs_name *words;
};

static const struct mxs_name validities[] = {
    { MXS_LAB_CURRENT, "current" }, { MXS_LAB_EXPIRED, "expired" }, { MXS_LAB_FUTURE, "future" },
    { 0, NULL }
};
static const struct mxs_name ocsps[] = {
    { MXS_LAB_OCSP_NONE, "none" }, { MXS_LAB_OCSP_GOOD, "good" },
    { MXS_LAB_OCSP_REVOKED, "revoked" }, { 0, NULL }
};
static const struct mxs_name ends[] = {
    { MXS_LAB_END_NONE, "none" }, { MXS_LAB_END_ALERT, "alert" }, { MXS_LAB_END_CLOSE, "close" },
    { MXS_LAB_END_RESET, "reset" }, { 0, NULL }
};
static const struct mxs_name phases[] = {
    { MXS_LAB_ANY, "any" }, { MXS_LAB_CLEAR, "clear" }, { MXS_LAB_TLS, "tls" },
    { MXS_LAB_REFUSED, "refused" }, { 0, NULL }
};
static const struct mxs_name afters[] = {
    { MXS_LAB_GO_ON, "go-on" }, { MXS_LAB_CLOSE, "close" }, { MXS_LAB_RESET, "reset" },
    { MXS_LAB_SILENT, "silent" }, { MXS_LAB_FLOOD, "flood" },
    { MXS_LAB_PLAIN, "plain" }, { MXS_LAB_GARBAGE, "garbage" }, { 0, NULL }
};
static const struct mxs_name dns_hows[] = {
    { MXS_LAB_DNS_BADSIG, "badsig" }, { MXS_LAB_DNS_EXPIRED, "expired" },
    { MXS_LAB_DNS_EXPIRING, "expiring" },
    { MXS_LAB_DNS_NOSIG, "nosig" }, { MXS_LAB_DNS_NODENIAL, "nodenial" },
    { MXS_LAB_DNS_WILDREPLAY, "wildreplay" }, { MXS_LAB_DNS_FOREIGN, "foreign" },
    { MXS_LAB_DNS_SERVFAIL, "servfail" }, { MXS_LAB_DNS_REFUSED, "refused" },
    { MXS_LAB_DNS_DROP, "drop" }, { MXS_LAB_DNS_TRUNCATE, "truncate" }, { 0, NULL }
};

#define CERT(member) offsetof(struct mxs_lab_cert_plan, member)
static const struct field cert_fields[] = {
    { "cn", TEXT, CERT(cn), NULL },
    { "dns", TEXT, CERT(dns), NULL },
    { "issuer", TEXT, CERT(issuer), NULL },
    { "eku", TEXT, CERT(eku), NULL },
    { "validity", WORD, CERT(validity), validities },
    { "ocsp", WORD, CERT(ocsp), ocsps },
    { "padding", NUMBER, CERT(padding), NULL },
    { NULL, TEXT, 0, NULL },
};

#define HOST(member) offsetof(struct mxs_lab_host_plan, member)
static const struct field host_fields[] = {
    { "off", FLAG, HOST(off), NULL },
    { "closed", FLAG, HOST(closed), NULL },
    { "deaf", FLAG, HOST(deaf), NULL },
    { "ec", TEXT, HOST(ec), NULL },
    { "rsa", TEXT, HOST(rsa), NULL },
    { "tail", TEXT, HOST(tail), NULL },
    { "without-sni", TEXT, HOST(without_sni), NULL },
    { "priority", TEXT, HOST(priority), NULL },
    { "mute", FLAG, HOST(mute), NULL },
    { "client-cert", FLAG, HOST(client_cert), NULL },
    { "client-ca", TEXT, HOST(client_ca), NULL },
    { "refuse", WORD, HOST(refuse), ends },
    { "refuse-delay", NUMBER, HOST(refuse_delay), NULL },
    { "stop-at", TEXT, HOST(stop_at), NULL },
    { "stop-how", WORD, HOST(stop_how), ends },
    { "auth", FLAG, HOST(auth), NULL },
    { "hide", TEXT, HOST(hide), NULL },
    { "banner-delay", NUMBER, HOST(banner_delay), NULL },
    { NULL, TEXT, 0, NULL },
};

static const struct field zone_fields[] = {
    { "unsigned", FLAG, offsetof(struct mxs_lab_zone_plan, unsigned_), NULL },
    { NULL, TEXT, 0, NULL },
};

#define POLICY(member) offsetof(struct mxs_lab_policy_plan, member)
static const struct field policy_fields[] = {
    { "status", NUMBER, POLICY(status), NULL },
    { "type", TEXT, POLICY(type), NULL },
    { "location", TEXT, POLICY(location), NULL },
    { "body", TEXT, POLICY(body), NULL },
    { "size", NUMBER, POLICY(size), NULL },
    { "silent", FLAG, POLICY(silent), NULL },
    { NULL, TEXT, 0, NULL },
};

/* One edit line, eaten word by word. */
struct edit {
    struct mxs_lab_plan *plan;
    const char *fault, *line;
    char *rest;
    struct mxs_why *why;
};

static char *word(struct edit *edit)
{
    char *start = edit->rest + strspn(edit->rest, " ");
    char *end = start + strcspn(start, " ");
    edit->rest = end + (*end != '\0');
    *end = '\0';
    return start;
}

static enum mxs_err broken(struct edit *edit, const char *what)
{
    return mxs_why_set(edit->why, MXS_ERR_SYNTAX, "fault %s: \"%s\": %s", edit->fault, edit->line,
                       what);
}

/* "\n" in a body is written as backslash and n, since a real one ends the edit line. */
static const char *text_value(struct mxs_arena *arena, const char *value)
{
    if (strcmp(value, "-") == 0)
        return NULL;
    char *out = mxs_arena_strdup(arena, value), *to = out;
    for (const char *p = value; *p; p++)
        if (p[0] == '\\' && p[1] == 'n') {
            *to++ = '\n';
            p++;
        } else {
            *to++ = *p;
        }
    *to = '\0';
    return out;
}

/* A second fault that sets the same field to something else would silently win. */
static enum mxs_err touch(struct edit *edit, const void *field, bool differs)
{
    struct mxs_lab_plan *plan = edit->plan;
    for (size_t i = 0; i < plan->touched.n; i++) {
        struct mxs_lab_touch *t = &plan->touched.v[i];
        if (t->field == field && differs && strcmp(t->fault, edit->fault) != 0)
            return mxs_why_set(edit->why, MXS_ERR_USAGE,
                               "faults %s and %s exclude each other", t->fault, edit->fault);
    }
    *mxs_list_add(plan->arena, &plan->touched) = (struct mxs_lab_touch){ field, edit->fault };
    return MXS_OK;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static enum mxs_err set_text(struct edit *edit, void *at, const char *value)
{
    const char *text = text_value(edit->plan->arena, value);
    enum mxs_err err = touch(edit, at, !same_text(*(const char **)at, text));
    *(const char **)at = text;
    return err;
}

static enum mxs_err set_int(struct edit *edit, void *at, int number)
{
    enum mxs_err err = touch(edit, at, *(int *)at != number);
    *(int *)at = number;
    return err;
}

static enum mxs_err set_flag(struct edit *edit, void *at, const char *value)
{
    bool on = strcmp(value, "yes") == 0;
    if (!on && strcmp(value, "no") != 0)
        return broken(edit, "yes or no expected");
    enum mxs_err err = touch(edit, at, *(bool *)at != on);
    *(bool *)at = on;
    return err;
}

static enum mxs_err set(struct edit *edit, const struct field *fields, void *object)
{
    const char *name = word(edit);
    for (; fields->name && strcmp(fields->name, name) != 0;)
        fields++;
    if (!fields->name)
        return broken(edit, "no such field");
    char *at = (char *)object + fields->offset;
    int value = fields->words ? mxs_name_value(fields->words, edit->rest) : 0;
    switch (fields->kind) {
    case TEXT:
        return set_text(edit, at, edit->rest);
    case NUMBER:
        return set_int(edit, at, (int)strtol(edit->rest, NULL, 10));
    case FLAG:
        return set_flag(edit, at, edit->rest);
    case WORD:
        return value < 0 ? broken(edit, "no such word") : set_int(edit, at, value);
    }
    return MXS_OK;
}

/* PHASE:VERB AFTER[,raw] TEXT */
static enum mxs_err add_rule(struct edit *edit, struct mxs_lab_host_plan *host)
{
    char *phase = word(edit), *after = word(edit), *verb = strchr(phase, ':');
    char *raw = strchr(after, ',');
    if (!verb)
        return broken(edit, "PHASE:VERB expected");
    *verb++ = '\0';
    if (raw)
        *raw = '\0';
    struct mxs_lab_reply_rule rule = {
        .phase = mxs_name_value(phases, phase),
        .verb = mxs_arena_strdup(edit->plan->arena, verb),
        .after = mxs_name_value(afters, after),
        .text = strcmp(edit->rest, "-") == 0 ? NULL
                                             : mxs_arena_strdup(edit->plan->arena, edit->rest),
        .raw = raw != NULL
    };
    if (rule.phase < 0 || rule.after < 0)
        return broken(edit, "no such phase, or no such word for what follows");
    *mxs_list_add(edit->plan->arena, &host->rules) = rule;
    return MXS_OK;
}

static enum mxs_err edit_host(struct edit *edit)
{
    const char *glob = word(edit), *rest = edit->rest;
    size_t hits = 0;
    for (size_t i = 0; i < edit->plan->hosts.n; i++) {
        struct mxs_lab_host_plan *host = &edit->plan->hosts.v[i];
        if (!mxs_glob(glob, host->name))
            continue;
        edit->rest = mxs_arena_strdup(edit->plan->arena, rest);
        bool rule = strncmp(edit->rest, "reply ", 6) == 0;
        if (rule)
            word(edit);
        enum mxs_err err = rule ? add_rule(edit, host) : set(edit, host_fields, host);
        if (err)
            return err;
        hits++;
    }
    return hits ? MXS_OK : broken(edit, "no such host");
}

static enum mxs_err edit_cert(struct edit *edit)
{
    const char *glob = word(edit), *rest = edit->rest;
    size_t hits = 0;
    for (size_t i = 0; i < edit->plan->certs.n; i++) {
        struct mxs_lab_cert_plan *cert = &edit->plan->certs.v[i];
        if (!mxs_glob(glob, cert->name))
            continue;
        edit->rest = mxs_arena_strdup(edit->plan->arena, rest);
        enum mxs_err err = set(edit, cert_fields, cert);
        if (err)
            return err;
        hits++;
    }
    return hits ? MXS_OK : broken(edit, "no such certificate");
}

static enum mxs_err edit_policy(struct edit *edit)
{
    return set(edit, policy_fields, &edit->plan->policy);
}

/* Does "owner type rdata" have this owner and type ("*": any)? */
static bool line_is(const char *line, const char *owner, const char *type)
{
    size_t n = strcspn(line, " ");
    if (n != strlen(owner) || strncmp(line, owner, n) != 0)
        return false;
    line += n + strspn(line + n, " ");
    n = strcspn(line, " ");
    return strcmp(type, "*") == 0 || (n == strlen(type) && strncmp(line, type, n) == 0);
}

static enum mxs_err remove_lines(struct edit *edit, struct mxs_lab_zone_plan *zone)
{
    const char *owner = word(edit), *type = word(edit);
    size_t kept = 0, before = zone->lines.n;
    for (size_t i = 0; i < before; i++)
        if (!line_is(zone->lines.v[i], owner, type))
            zone->lines.v[kept++] = zone->lines.v[i];
    zone->lines.n = kept;
    /* Two faults that replace the same RRset leave both replacements: not an error. */
    return MXS_OK;
}

static enum mxs_err edit_zone(struct edit *edit)
{
    const char *name = word(edit);
    for (size_t i = 0; i < edit->plan->zones.n; i++) {
        struct mxs_lab_zone_plan *zone = &edit->plan->zones.v[i];
        if (strcmp(zone->name, name) != 0)
            continue;
        if (edit->rest[0] != '-' && edit->rest[0] != '+')
            return set(edit, zone_fields, zone);
        bool add = *word(edit) == '+';
        if (!add)
            return remove_lines(edit, zone);
        *mxs_list_add(edit->plan->arena, &zone->lines) =
            mxs_arena_strdup(edit->plan->arena, edit->rest);
        return MXS_OK;
    }
    return broken(edit, "no such zone");
}

static enum mxs_err edit_dns(struct edit *edit)
{
    const char *owner = word(edit), *type = word(edit), *how = word(edit);
    struct mxs_lab_dns_rule rule = {
        .owner = mxs_arena_strdup(edit->plan->arena, owner),
        .type = strcmp(type, "*") == 0 ? 0 : (int)ldns_get_rr_type_by_name(type),
        .how = mxs_name_value(dns_hows, how)
    };
    if (rule.how < 0)
        return broken(edit, "no such word");
    *mxs_list_add(edit->plan->arena, &edit->plan->dns) = rule;
    return MXS_OK;
}

static enum mxs_err edit_line(struct mxs_lab_plan *plan, const char *fault, const char *line,
                              struct mxs_why *why)
{
    static const struct {
        const char *room;
        enum mxs_err (*apply)(struct edit *edit);
    } rooms[] = {
        { "cert", edit_cert }, { "host", edit_host }, { "policy", edit_policy },
        { "zone", edit_zone }, { "dns", edit_dns },
    };
    struct edit edit = { plan, fault, line, mxs_arena_strdup(plan->arena, line), why };
    const char *room = word(&edit);
    for (size_t i = 0; i < MXS_COUNT(rooms); i++)
        if (strcmp(rooms[i].room, room) == 0)
            return rooms[i].apply(&edit);
    return broken(&edit, "no such room");
}

enum mxs_err mxs_lab_plan_edit(struct mxs_lab_plan *plan, const char *fault, const char *edits,
                               struct mxs_why *why)
{
    while (*edits) {
        size_t n = strcspn(edits, "\n");
        enum mxs_err err =
            edit_line(plan, fault, mxs_arena_strndup(plan->arena, edits, n), why);
        if (err)
            return err;
        edits += n + (edits[n] == '\n');
    }
    return MXS_OK;
}

struct mxs_lab_host_plan *mxs_lab_plan_host(const struct mxs_lab_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->hosts.n; i++)
        if (strcmp(plan->hosts.v[i].name, name) == 0)
            return &plan->hosts.v[i];
    return NULL;
}
