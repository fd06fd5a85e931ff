/* What the files of --like share. */
#ifndef MXSCOPE_SRC_CLI_LIKE_ROOM_H
#define MXSCOPE_SRC_CLI_LIKE_ROOM_H

#include "cli/like.h"

struct setting {
    const char *name, *value;
    const char *transport; /* exim: of this one; NULL */
    bool used;
};

struct like {
    struct cli *cli;
    const char *path;
    const char *transport; /* exim: whose lines these are; NULL: no transport's */
    bool openssl;   /* exim: the file says that this library was built in */
    const char *base; /* the profile that the level is like; NULL: none of them */
    size_t named;     /* $names filled in so far, in one value */
    MXS_LIST(struct setting) settings;
    MXS_LIST(const char *) transports; /* exim: their names, in order */
};

/* The value of a setting that is there and not empty; marks it as used. */
const char *cli_like_take(struct like *l, const char *name);
/* It is there, whatever its value. */
bool cli_like_has(struct like *l, const char *name);
/* The same with $name, ${name} and $(name) of settings that the file has filled in; NULL when something is
 * left that only Postfix knows. */
const char *cli_like_value(struct like *l, const char *name);
/* It counts as ignored after all. */
void cli_like_leave(struct like *l, const char *name);
bool cli_like_yes(struct like *l, const char *name);

/* like_profile.c: the settings as profiles, mine/postfix and mine/postfix-smtpd, or mine/exim. */
void cli_like_postfix(struct like *l);
void cli_like_exim(struct like *l);

#endif
