/* What the files of the SMTP server share: one connection (lab_smtp.c has its course). */
#ifndef MXSCOPE_SRC_LAB_LAB_SMTP_ROOM_H
#define MXSCOPE_SRC_LAB_LAB_SMTP_ROOM_H

#include "base/buf.h"
#include "lab/lab_smtp.h"

struct mxs_lab_smtp {
    struct mxs_loop *loop;
    struct mxs_lab_server *server;
    const struct mxs_lab_host_plan *host;
    const struct mxs_lab_identity *identity;
    bool implicit_tls;
};

struct mxs_lab_talk {
    struct mxs_lab_smtp *smtp;
    const struct mxs_lab_host_plan *host;
    struct mxs_stream *s;    /* NULL once it was given up */
    struct mxs_arena *arena; /* of one command */
    struct mxs_buf in;
    bool tls, verified, greeted, sender, recipient, authenticated, over;
};

/* lab_smtp.c */
void mxs_lab_talk_reply(struct mxs_lab_talk *t, const char *text); /* without its CRLF */
/* One line without its end; NULL when the connection is over or the line too long. */
const char *mxs_lab_talk_line(struct mxs_lab_talk *t);
void mxs_lab_talk_tls(struct mxs_lab_talk *t); /* the handshake; `over` when it fails */

/* lab_smtp_command.c: false when there is no such command. */
bool mxs_lab_talk_command(struct mxs_lab_talk *t, const char *verb, const char *args);

#endif
