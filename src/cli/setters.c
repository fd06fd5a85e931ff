#include "config.h"

#include "cli/setters.h"

#include "whatif/plan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static void *member(struct cli *cli, const struct cli_option *option)
{
    return (char *)cli + option->offset;
}

static enum mxs_err wrong(const struct cli_option *option, const char *value, const char *expected,
                          struct mxs_why *why)
{
    return mxs_why_set(why, MXS_ERR_USAGE, "--%s: '%s' is not %s", option->name, value, expected);
}

enum mxs_err set_flag(struct cli *cli, const struct cli_option *option, const char *value,
                      struct mxs_why *why)
{
    (void)value;
    (void)why;
    *(bool *)member(cli, option) = true;
    return MXS_OK;
}

enum mxs_err set_text(struct cli *cli, const struct cli_option *option, const char *value,
                      struct mxs_why *why)
{
    if (!*value)
        return mxs_why_set(why, MXS_ERR_USAGE, "--%s: empty", option->name);
    *(const char **)member(cli, option) = mxs_arena_strdup(cli->arena, value);
    return MXS_OK;
}

enum mxs_err set_list(struct cli *cli, const struct cli_option *option, const char *value,
                      struct mxs_why *why)
{
    struct mxs_strs *list = member(cli, option);
    if (!*value)
        return mxs_why_set(why, MXS_ERR_USAGE, "--%s: empty", option->name);
    *mxs_list_add(cli->arena, list) = mxs_arena_strdup(cli->arena, value);
    return MXS_OK;
}

static enum mxs_err number(const struct cli_option *option, const char *value, long max, long *out,
                           struct mxs_why *why)
{
    char *end;
    errno = 0;
    *out = strtol(value, &end, 10);
    if (end == value || *end || errno || *out < 1 || *out > max)
        return mxs_why_set(why, MXS_ERR_USAGE, "--%s: '%s' is not a number from 1 to %ld",
                           option->name, value, max);
    return MXS_OK;
}

enum mxs_err set_count(struct cli *cli, const struct cli_option *option, const char *value,
                       struct mxs_why *why)
{
    long n;
    enum mxs_err err = number(option, value, 1000, &n, why);
    if (err == MXS_OK)
        *(unsigned *)member(cli, option) = (unsigned)n;
    return err;
}

enum mxs_err set_timeout(struct cli *cli, const struct cli_option *option, const char *value,
                         struct mxs_why *why)
{
    long n;
    enum mxs_err err = number(option, value, 86400, &n, why);
    if (err == MXS_OK)
        *(int *)member(cli, option) = (int)n;
    return err;
}

enum mxs_err set_at(struct cli *cli, const struct cli_option *option, const char *value,
                    struct mxs_why *why)
{
    if (mxs_time_parse(value, member(cli, option)) != MXS_OK)
        return wrong(option, value, "a date (2026-11-21 or 2026-11-21T23:53:12Z)", why);
    cli->at_given = true;
    return MXS_OK;
}

enum mxs_err set_date_text(struct cli *cli, const struct cli_option *option, const char *value,
                           struct mxs_why *why)
{
    int64_t ignored;
    if (mxs_time_parse(value, &ignored) != MXS_OK)
        return wrong(option, value, "a date (2026-11-21 or 2026-11-21T23:53:12Z)", why);
    return set_text(cli, option, value, why);
}

static bool is_address(const char *text)
{
    struct in6_addr bin;
    return inet_pton(AF_INET, text, &bin) == 1 || inet_pton(AF_INET6, text, &bin) == 1;
}

enum mxs_err set_address(struct cli *cli, const struct cli_option *option, const char *value,
                         struct mxs_why *why)
{
    if (!is_address(value))
        return wrong(option, value, "an IP address", why);
    return set_text(cli, option, value, why);
}

/* One field of HOST:PORT:ADDR:PORT; brackets around IPv6. NULL at a missing colon or bracket. */
static const char *connect_field(struct mxs_arena *arena, const char **at, bool last)
{
    const char *s = *at;
    size_t n = *s == '[' ? strcspn(s, "]") : strcspn(s, ":");
    const char *field = mxs_arena_strndup(arena, s + (*s == '['), n - (*s == '['));
    if (*s == '[' && s[n++] != ']')
        return NULL;
    if (s[n] != (last ? 0 : ':'))
        return NULL;
    *at = s + n + !last;
    return field;
}

static bool connect_port(const char *text, unsigned *port)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    *port = (unsigned)n;
    return *end == 0 && n <= 65535 && text[0] != '-';
}

enum mxs_err set_connect_to(struct cli *cli, const struct cli_option *option, const char *value,
                            struct mxs_why *why)
{
    struct mxs_connect_to to;
    const char *at = value, *port = NULL, *to_port = NULL;
    to.host = connect_field(cli->arena, &at, false);
    port = to.host ? connect_field(cli->arena, &at, false) : NULL;
    to.address = port ? connect_field(cli->arena, &at, false) : NULL;
    to_port = to.address ? connect_field(cli->arena, &at, true) : NULL;
    if (!to_port || !connect_port(port, &to.port) || !connect_port(to_port, &to.to_port))
        return wrong(option, value, "HOST:PORT:ADDR:PORT", why);
    if (*to.address && !is_address(to.address))
        return mxs_why_set(why, MXS_ERR_USAGE, "--%s: '%s' is not an IP address", option->name,
                           to.address);
    to.host = mxs_ascii_lower(cli->arena, to.host);
    *mxs_list_add(cli->arena, &cli->session.connect_to) = to;
    return MXS_OK;
}

static enum mxs_err family(struct cli *cli, int value, struct mxs_why *why)
{
    if (cli->session.family && cli->session.family != value)
        return mxs_why_set(why, MXS_ERR_USAGE, "-4 and -6 exclude each other");
    cli->session.family = value;
    return MXS_OK;
}

enum mxs_err set_family4(struct cli *cli, const struct cli_option *option, const char *value,
                         struct mxs_why *why)
{
    (void)option;
    (void)value;
    return family(cli, 4, why);
}

enum mxs_err set_family6(struct cli *cli, const struct cli_option *option, const char *value,
                         struct mxs_why *why)
{
    (void)option;
    (void)value;
    return family(cli, 6, why);
}

/* The value of a word of the table, or -1 and why with the table's words listed by the help. */
static enum mxs_err word(const struct mxs_name *table, const struct cli_option *option,
                         const char *value, int *out, struct mxs_why *why)
{
    *out = mxs_name_value(table, value);
    return *out < 0 ? wrong(option, value, option->arg, why) : MXS_OK;
}

enum mxs_err set_tls_mode(struct cli *cli, const struct cli_option *option, const char *value,
                          struct mxs_why *why)
{
    static const struct mxs_name modes[] = {
        { MXS_TLS_STARTTLS, "starttls" }, { MXS_TLS_IMPLICIT, "implicit" },
        { MXS_TLS_NONE, "none" }, { 0, NULL },
    };
    int mode;
    enum mxs_err err = word(modes, option, value, &mode, why);
    if (err == MXS_OK)
        cli->session.tls = (enum mxs_tls_mode)mode;
    return err;
}

enum mxs_err set_offer(struct cli *cli, const struct cli_option *option, const char *value,
                       struct mxs_why *why)
{
    int offer = mxs_offer_parse(value);
    if (offer < 0)
        return wrong(option, value, option->arg, why);
    cli->session.offer = (enum mxs_offer)offer;
    cli->offer_given = true;
    return MXS_OK;
}

enum mxs_err set_auth(struct cli *cli, const struct cli_option *option, const char *value,
                      struct mxs_why *why)
{
    size_t n = strlen("external");
    if (!mxs_ascii_prefix(value, "external") || (value[n] && value[n] != ':'))
        return wrong(option, value, option->arg, why);
    cli->session.auth_external = mxs_arena_strdup(cli->arena, value + n + (value[n] == ':'));
    return MXS_OK;
}

/* A word that stays a word, checked against the table. */
static enum mxs_err checked(struct cli *cli, const struct mxs_name *table,
                            const struct cli_option *option, const char *value, struct mxs_why *why)
{
    int ignored;
    enum mxs_err err = word(table, option, value, &ignored, why);
    return err ? err : set_text(cli, option, value, why);
}

enum mxs_err set_role(struct cli *cli, const struct cli_option *option, const char *value,
                      struct mxs_why *why)
{
    static const struct mxs_name roles[] = { { 0, "server" }, { 1, "client" }, { 0, NULL } };
    return checked(cli, roles, option, value, why);
}

enum mxs_err set_starttls(struct cli *cli, const struct cli_option *option, const char *value,
                          struct mxs_why *why)
{
    static const struct mxs_name states[] = {
        { 0, "offered" }, { 1, "absent" }, { 2, "refused" }, { 0, NULL },
    };
    return checked(cli, states, option, value, why);
}

enum mxs_err set_tls_version(struct cli *cli, const struct cli_option *option, const char *value,
                             struct mxs_why *why)
{
    static const struct mxs_name versions[] = { { 0, "1.2" }, { 1, "1.3" }, { 0, NULL } };
    return checked(cli, versions, option, value, why);
}

enum mxs_err set_security(struct cli *cli, const struct cli_option *option, const char *value,
                          struct mxs_why *why)
{
    static const struct mxs_name states[] = { /* as in the JSON */
        { 0, "secure" }, { 1, "insecure" }, { 2, "bogus" },
        { 3, "error" },  { 4, "absent" },   { 5, "unsupported" }, { 0, NULL },
    };
    int ignored;
    if (word(states, option, value, &ignored, NULL))
        return wrong(option, value, "secure, insecure, bogus, error, absent or unsupported", why);
    return set_text(cli, option, value, why);
}

enum mxs_err set_break(struct cli *cli, const struct cli_option *option, const char *value,
                       struct mxs_why *why)
{
    if (mxs_stage_parse(value) == MXS_STAGE_NONE)
        return wrong(option, value, "a stage (mx, address, tlsa, .. quit)", why);
    return set_list(cli, option, value, why);
}

enum mxs_err set_lab(struct cli *cli, const struct cli_option *option, const char *value,
                     struct mxs_why *why)
{
    (void)option;
    (void)why;
    cli->lab = true;
    for (const char *s = value; s && *s; s += strspn(s, ",")) {
        size_t n = strcspn(s, ",");
        *mxs_list_add(cli->arena, &cli->lab_faults) = mxs_arena_strndup(cli->arena, s, n);
        s += n;
    }
    return MXS_OK;
}

/* --- of plan --- */

enum mxs_err set_scheme(struct cli *cli, const struct cli_option *option, const char *value,
                        struct mxs_why *why)
{
    if (mxs_plan_scheme_parse(value) < 0)
        return wrong(option, value, "auto, 3-1-1, 3-1-1+2-1-1 or 2-1-1-issuers", why);
    return set_text(cli, option, value, why);
}

enum mxs_err set_window(struct cli *cli, const struct cli_option *option, const char *value,
                        struct mxs_why *why)
{
    const char *slash = strchr(value, '/');
    int64_t from, until;
    const char *first = slash ? mxs_arena_strndup(cli->arena, value, (size_t)(slash - value)) : value;
    if (mxs_time_parse(first, &from) || (slash && mxs_time_parse(slash + 1, &until)))
        return wrong(option, value, "DATE or DATE/DATE (ISO 8601)", why);
    if (slash && until <= from)
        return wrong(option, value, "a window (it ends before it begins)", why);
    return set_text(cli, option, value, why);
}

enum mxs_err set_seconds(struct cli *cli, const struct cli_option *option, const char *value,
                         struct mxs_why *why)
{
    long n;
    enum mxs_err err = number(option, value, 31557600, &n, why);
    return err ? err : set_text(cli, option, value, why);
}
