/* What the files of --like share. */
#ifndef MXSCOPE_SRC_CLI_LIKE_ROOM_H
#define MXSCOPE_SRC_CLI_LIKE_ROOM_H

#include "cli/like.h"

struct setting {
    const char *name, *value;
    bool used;
};

struct like {
    struct cli *cli;
    const char *path;
    bool transport; /* exim: the lines belong to an smtp transport */
    bool openssl;   /* exim: the file says that this library was built in */
    const char *base; /* the profile that the level is like; NULL: none of them */
    MXS_LIST(struct setting) settings;
};

/* The value of a setting that is there and not empty; marks it as used. */
const char *cli_like_take(struct like *l, const char *name);
/* It is there, whatever its value. */
bool cli_like_has(struct like *l, const char *name);

/* like_profile.c: the settings as profiles, mine/postfix and mine/postfix-smtpd, or mine/exim. */
void cli_like_postfix(struct like *l);
void cli_like_exim(struct like *l);

#endif
