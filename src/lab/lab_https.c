#include "config.h"

#include "lab/lab_https.h"

#include "base/buf.h"

#include <gnutls/gnutls.h>
#include <microhttpd.h>

#include <poll.h>
#include <string.h>
#include <unistd.h>

#define BODY_MAX (4u << 20)

struct mxs_lab_https {
    struct mxs_loop *loop;
    const struct mxs_lab_policy_plan *policy;
    struct MHD_Daemon *daemon; /* NULL: silent, connections wait in the backlog for ever */
    struct mxs_watch *watch;
    struct mxs_timer *timer;
    struct mxs_buf body;
    int fd;
};

/* RFC 8461 3.2 wants CRLF or LF; most publish CRLF. Padding is fields that a reader must ignore. */
static void make_body(struct mxs_lab_https *https)
{
    mxs_buf_init(&https->body, BODY_MAX);
    for (const char *p = https->policy->body; p && *p; p++)
        if (*p == '\n')
            mxs_buf_puts(&https->body, "\r\n");
        else
            mxs_buf_putc(&https->body, *p);
    while (https->body.n < (size_t)https->policy->size &&
           mxs_buf_puts(&https->body, "x-padding: of no meaning to anybody, but long enough\r\n") ==
               MXS_OK)
        ;
}

static struct MHD_Response *response_of(const struct mxs_lab_https *https, bool here)
{
    static const char nothing[] = "nothing here\n";
    const struct mxs_lab_policy_plan *policy = https->policy;
    struct mxs_bytes body = here ? mxs_buf_bytes(&https->body) : mxs_bytes_str(nothing);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY);
    if (response && here && policy->type)
        MHD_add_response_header(response, "Content-Type", policy->type);
    if (response && here && policy->location)
        MHD_add_response_header(response, "Location", policy->location);
    return response;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **state)
{
    (void)method;
    (void)version;
    (void)upload;
    (void)upload_n;
    (void)state;
    const struct mxs_lab_https *https = data;
    bool here = strcmp(url, "/.well-known/mta-sts.txt") == 0;
    struct MHD_Response *response = response_of(https, here);
    if (!response)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(
        connection, here ? (unsigned)https->policy->status : MHD_HTTP_NOT_FOUND, response);
    MHD_destroy_response(response);
    return result;
}

/* As in lab_tls.c: the library would write this session's secrets to $SSLKEYLOGFILE. */
static int no_keylog(gnutls_session_t session, const char *label, const gnutls_datum_t *secret)
{
    (void)session;
    (void)label;
    (void)secret;
    return 0;
}

static void on_connection(void *data, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    (void)data;
    (void)context;
    if (code != MHD_CONNECTION_NOTIFY_STARTED)
        return;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info && info->tls_session)
        gnutls_session_set_keylog_function(info->tls_session, no_keylog);
}

static void run(struct mxs_lab_https *https);

static void on_ready(void *data, short revents)
{
    (void)revents;
    run(data);
}

static void on_timer(void *data)
{
    run(data);
}

static void run(struct mxs_lab_https *https)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;
    MHD_run(https->daemon);
    mxs_timer_free(https->timer);
    https->timer = NULL;
    if (MHD_get_timeout(https->daemon, &ms) == MHD_YES)
        https->timer = mxs_loop_timer(https->loop, (int64_t)ms * 1000, on_timer, https);
}

static struct MHD_Daemon *start(struct mxs_lab_https *https, struct mxs_bytes chain,
                                struct mxs_bytes key, const char *priority)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_TLS, 0, NULL, NULL, on_request, https, MHD_OPTION_LISTEN_SOCKET,
        https->fd, MHD_OPTION_HTTPS_MEM_CERT, (const char *)chain.p, MHD_OPTION_HTTPS_MEM_KEY,
        (const char *)key.p, MHD_OPTION_HTTPS_PRIORITIES, priority, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, NULL, MHD_OPTION_CONNECTION_LIMIT, 64u, MHD_OPTION_CONNECTION_TIMEOUT, 60u,
        MHD_OPTION_END);
}

enum mxs_err mxs_lab_https_new(struct mxs_loop *loop, int fd, const struct mxs_lab_plan *plan,
                               const struct mxs_lab_host_plan *host, const struct mxs_lab_pki *pki,
                               struct mxs_lab_https **out, struct mxs_why *why)
{
    struct mxs_lab_https *https = mxs_alloc(sizeof *https);
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_bytes chain = mxs_lab_pki_chain(pki, arena, host->ec, host->tail);
    struct mxs_bytes key = mxs_lab_pki_key_pem(pki, arena, host->ec);
    *https = (struct mxs_lab_https){ .loop = loop, .policy = &plan->policy, .fd = fd };
    make_body(https);
    *out = https;
    enum mxs_err err = MXS_OK;
    if (!plan->policy.silent) {
        https->daemon = start(https, chain, key, host->priority);
        const union MHD_DaemonInfo *info =
            https->daemon ? MHD_get_daemon_info(https->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
        if (info)
            https->watch = mxs_loop_watch(loop, info->epoll_fd, POLLIN, on_ready, https);
        else
            err = mxs_why_set(why, MXS_ERR_IO, "lab: the policy server does not start");
    }
    mxs_arena_free(arena);
    if (err) {
        mxs_lab_https_free(https);
        *out = NULL;
    }
    return err;
}

void mxs_lab_https_free(struct mxs_lab_https *https)
{
    if (!https)
        return;
    mxs_watch_free(https->watch);
    mxs_timer_free(https->timer);
    if (https->daemon)
        MHD_stop_daemon(https->daemon); /* closes the listening socket */
    else
        close(https->fd);
    mxs_buf_fini(&https->body);
    mxs_realloc(https, 0);
}
