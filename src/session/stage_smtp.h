/* The SMTP dialogue of one session: what its stages (stage_smtp.c), its words
 * (smtp_dialogue.c), TLS (stage_tls.c) and the order of
 * stages (run.c) share. Commands go out one at a time, never pipelined; a reply is read whole. */
#ifndef MXSCOPE_SRC_SESSION_STAGE_SMTP_H
#define MXSCOPE_SRC_SESSION_STAGE_SMTP_H

#include "session/walk.h"

struct mxs_smtp {
    struct mxs_buf in;
    struct mxs_smtp_reply reply; /* the last one */
    struct mxs_smtp_reply ehlo;  /* of the last EHLO that was answered with 2xx; lines.n 0: HELO */
    bool tls;
    bool closed;    /* the close event is written */
    bool unsynced;  /* an error after which a further command makes no sense */
};

/* One command: the operator may edit it, then it leaves and its reply comes. RFC 5321 4.5.3.2 gives
 * limit in seconds. what is the command's verb, for events; secret: the words stay out of the journal.
 * A reply of any code is MXS_OK; 421 ends the session: MXS_ERR_CLOSED with probe->end REPLY. */
enum mxs_err mxs_smtp_command(struct mxs_walk *walk, struct mxs_probe *probe, const char *what,
                              const char *line, bool secret, int limit, struct mxs_why *why);
/* The next reply. for_what: "banner", "the reply to EHLO". */
enum mxs_err mxs_smtp_await(struct mxs_walk *walk, struct mxs_probe *probe, const char *for_what,
                            int limit, bool ehlo, struct mxs_why *why);
/* A reply that ends the session: sets probe->end and reply; returns MXS_ERR_CLOSED with why. */
enum mxs_err mxs_smtp_refused(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why);
/* "554 5.7.1 no service": code and first line, clean, clipped; in the walk's arena. */
const char *mxs_smtp_reply_text(struct mxs_walk *walk, const struct mxs_smtp_reply *reply);
/* Takes what stands or waits behind the last reply, unparsed; in the walk's arena. */
struct mxs_bytes mxs_smtp_take_rest(struct mxs_walk *walk, struct mxs_probe *probe);

/* QUIT after a failure, as far as it makes sense. */
void mxs_smtp_farewell(struct mxs_walk *walk, struct mxs_probe *probe);
/* The close event, once. how NONE: nothing is written. */
void mxs_smtp_close_event(struct mxs_walk *walk, struct mxs_probe *probe, const char *by,
                          enum mxs_close_how how);

#endif
