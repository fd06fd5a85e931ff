/* Sockets of the lab: listening, and one coroutine per accepted connection. */
#ifndef MXSCOPE_SRC_LAB_LAB_SERVER_H
#define MXSCOPE_SRC_LAB_LAB_SERVER_H

#include "net/stream.h"

/* A bound descriptor, non-blocking, close-on-exec. type: SOCK_STREAM (it listens) or SOCK_DGRAM.
 * *port 0 takes a free one and says which. -1 with why on failure. */
int mxs_lab_bind(int type, const char *address, unsigned *port, struct mxs_why *why);
/* Makes a listening descriptor deaf: its backlog is filled by connections of ours (*fill, to be
 * closed with it), so that the kernel drops every further SYN, as a filter would. */
enum mxs_err mxs_lab_deafen(int fd, int fill[2], struct mxs_why *why);
/* Whether this machine has the address (::1 is missing in many containers). */
bool mxs_lab_has_address(const char *address);

/* Runs on the connection's coroutine; the stream is closed for it afterwards unless it took it
 * over by setting *stream to NULL or to another stream on top. */
typedef void (*mxs_lab_talk_fn)(void *data, struct mxs_stream **stream, struct mxs_coro *self);

struct mxs_lab_server;
/* Owns fd. Not more than `max` connections at a time; others wait in the backlog. */
struct mxs_lab_server *mxs_lab_server_new(struct mxs_loop *loop, int fd, size_t max,
                                          mxs_lab_talk_fn talk, void *data);
void mxs_lab_server_free(struct mxs_lab_server *server); /* cancels what runs; NULL is fine */

#endif
