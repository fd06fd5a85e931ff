/* mxscope lab: the lab's servers in the foreground, for other programs to talk to. */
#include "config.h"

#include "cli/lab_future.h"

#include "base/clock.h"
#include "lab/lab.h"
#include "net/loop.h"

#include <jansson.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int list_faults(void)
{
    struct mxs_buf out;
    size_t n;
    const struct mxs_lab_fault *faults = mxs_lab_faults(&n);
    mxs_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || strcmp(faults[i].group, faults[i - 1].group) != 0)
            mxs_buf_printf(&out, "%s%s\n", i ? "\n" : "", faults[i].group);
        mxs_buf_printf(&out, "  %-34s %s\n", faults[i].name, faults[i].title);
    }
    int status = cli_out(&out, 0);
    mxs_buf_fini(&out);
    return status;
}

/* Faults are words, or lists of words with commas as after --lab. */
static void fault_words(struct cli *cli, struct mxs_strs *out)
{
    for (size_t i = 0; i < cli->words.n; i++)
        for (const char *s = cli->words.v[i]; *s;) {
            size_t n = strcspn(s, ",");
            if (n)
                *mxs_list_add(cli->arena, out) = mxs_arena_strndup(cli->arena, s, n);
            s += n + (s[n] == ',');
        }
}

/* --- how to reach it --- */

static const char *bracketed(struct mxs_arena *arena, const char *address)
{
    return strchr(address, ':') ? mxs_arena_printf(arena, "[%s]", address) : address;
}

/* "HOST:PORT:ADDR:PORT" as --connect-to takes it, curl's too. */
static const char *connect_to(struct mxs_arena *arena, const struct mxs_lab_connect *c)
{
    return mxs_arena_printf(arena, "%s:%u:%s:%u", c->host, c->port, bracketed(arena, c->address),
                            c->to_port);
}

static const struct mxs_lab_connect *row_of(const struct mxs_lab_info *info, const char *host)
{
    for (size_t i = 0; i < info->connect_to.n; i++)
        if (strcmp(info->connect_to.v[i].host, host) == 0)
            return &info->connect_to.v[i];
    return NULL;
}

/* The first MX host of the clean lab; of a session each that is served. */
static void put_openssl(struct cli *cli, const struct mxs_lab_info *info,
                        const struct mxs_lab_connect *c, bool future, struct mxs_buf *out)
{
    bool wanted = future ? strcmp(c->host, info->policy) != 0 : c == row_of(info, info->mx);
    if (wanted && *c->address)
        mxs_buf_printf(out, "  openssl s_client%s -connect %s:%u -servername %s -CAfile %s\n",
                       c->port == 465 ? "" : " -starttls smtp", bracketed(cli->arena, c->address),
                       c->to_port, c->host, info->ca_file);
}

/* What the session's own client shows then: to be shown by another, or to be judged by one that asks. */
static void put_client(const struct mxs_lab_info *info, struct mxs_buf *out)
{
    if (!info->future_cert)
        return;
    mxs_buf_printf(out, "\nYour client certificate then\n  %s\n  %s\n", info->future_cert,
                   info->future_key);
    mxs_buf_printf(out, "  Postfix: smtp_tls_chain_files = %s, %s\n", info->future_key,
                   info->future_cert);
    mxs_buf_printf(out, "  mxscope check --client-cert %s --client-key %s TARGET\n", info->future_cert,
                   info->future_key);
    mxs_buf_printf(out, "  a receiver that is to trust it: smtpd_tls_CAfile = %s\n", info->ca_file);
}

static void put_tries(struct cli *cli, const struct mxs_lab_info *info, bool future,
                      struct mxs_buf *out)
{
    struct mxs_arena *arena = cli->arena;
    const struct mxs_lab_connect *policy = row_of(info, info->policy);
    const char *colon = strrchr(info->resolver, ':');
    mxs_buf_printf(out, "\nTry\n  mxscope check --resolver %s --trust-anchor %s --trust-store %s",
                   info->resolver, info->trust_anchor, info->ca_file);
    for (size_t i = 0; i < info->connect_to.n; i++)
        mxs_buf_printf(out, " \\\n    --connect-to %s",
                       connect_to(arena, &info->connect_to.v[i]));
    mxs_buf_printf(out, " %s\n", info->domain);
    mxs_buf_printf(out, "  delv @%.*s -p %s -a %s +root +cd %s MX\n", (int)(colon - info->resolver),
                   info->resolver, colon + 1, info->delv_anchor, info->domain);
    for (size_t i = 0; i < info->connect_to.n; i++)
        put_openssl(cli, info, &info->connect_to.v[i], future, out);
    if (policy)
        mxs_buf_printf(out,
                       "  curl --cacert %s --connect-to %s https://%s/.well-known/mta-sts.txt\n",
                       info->ca_file, connect_to(arena, policy), policy->host);
}

static void put_text(struct cli *cli, const struct mxs_lab_info *info, bool future,
                     struct mxs_buf *out)
{
    mxs_buf_printf(out, "The lab is up: %s\n\n", info->domain);
    mxs_buf_printf(out, "  resolver            %s\n", info->resolver);
    mxs_buf_printf(out, "  trust anchor        %s\n", info->trust_anchor);
    mxs_buf_printf(out, "  the same for delv   %s\n", info->delv_anchor);
    mxs_buf_printf(out, "  CA file             %s\n", info->ca_file);
    mxs_buf_printf(out, "  client certificate  %s\n  its key             %s\n", info->client_cert,
                   info->client_key);
    mxs_buf_printf(out, "  of the public CA    %s\n  its key             %s\n", info->both_cert,
                   info->both_key);
    mxs_buf_printf(out, "  without clientAuth  %s\n  its key             %s\n",
                   info->server_only_cert, info->server_only_key);
    for (size_t i = 0; i < info->connect_to.n; i++) {
        const struct mxs_lab_connect *c = &info->connect_to.v[i];
        mxs_buf_printf(out, "%s%s:%u at %s:%u\n",
                       i ? "                      " : "\n  listens             ", c->host, c->port,
                       *c->address ? bracketed(cli->arena, c->address) : "its addresses",
                       c->to_port);
    }
    if (info->connect_to.n == 0)
        mxs_buf_puts(out, "\n  listens             on the real ports, where its names resolve to\n");
    put_tries(cli, info, future, out);
    put_client(info, out);
    mxs_buf_puts(out, "\nCtrl-C ends it and removes the files.\n");
}

static void put_json(struct cli *cli, const struct mxs_lab_info *info,
                     const struct mxs_lab_future *future, const char *note, struct mxs_buf *out)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < info->connect_to.n; i++) {
        const struct mxs_lab_connect *c = &info->connect_to.v[i];
        json_array_append_new(rows, json_pack("{s:s, s:i, s:s, s:i}", "host", c->host, "port",
                                              (int)c->port, "address", c->address, "to_port",
                                              (int)c->to_port));
    }
    json_t *top = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s?, s:s?, s:s?, s:s?}",
        "schema",
        "mxscope.lab/1",
        "domain", info->domain, "resolver", info->resolver, "trust_anchor", info->trust_anchor,
        "delv_anchor", info->delv_anchor, "ca_file", info->ca_file, "client_cert",
        info->client_cert, "client_key", info->client_key, "both_cert", info->both_cert,
        "both_key", info->both_key, "server_only_cert",
        info->server_only_cert, "server_only_key", info->server_only_key, "connect_to", rows,
        "future_cert", info->future_cert, "future_key", info->future_key, "simulated", note, "at",
        future ? mxs_time_text(cli->arena, future->at) : NULL);
    char *text = json_dumps(top, JSON_COMPACT);
    mxs_buf_printf(out, "%s\n", text);
    free(text);
    json_decref(top);
}

/* What is simulated, and when it is to be tested: the servers live in the machine's own time. */
static void put_future(struct cli *cli, const struct mxs_lab_future *future, const char *note,
                       struct mxs_buf *out)
{
    mxs_buf_printf(out, "Simulated: %s\n", note);
    mxs_buf_printf(out, "Its date is %s (mxscope --at, openssl -attime)\n\n",
                   mxs_time_text(cli->arena, future->at));
}

static bool announce(struct cli *cli, const struct mxs_lab_info *info,
                     const struct mxs_lab_future *future, const char *note)
{
    struct mxs_buf out;
    mxs_buf_init(&out, 1 << 20);
    if (future && !cli->json)
        put_future(cli, future, note, &out);
    if (cli->json)
        put_json(cli, info, future, note, &out);
    else
        put_text(cli, info, future != NULL, &out);
    bool ok = cli_out(&out, 0) == 0;
    mxs_buf_fini(&out);
    return ok;
}

static void warn_listen(const char *address)
{
    bool loopback = strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
    if (!loopback)
        fprintf(stderr,
                "mxscope: warning: the lab listens on %s: whoever reaches it can talk to it; its "
                "servers are wrong on purpose\n",
                address);
}

/* --- the loop --- */

static void on_signal(void *data, short revents)
{
    (void)revents;
    *(bool *)data = true;
}

/* SIGINT, SIGTERM and SIGHUP as a descriptor, so that the files are removed at the end. */
static int signal_fd(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int serve(struct cli *cli, struct mxs_loop *loop, const struct mxs_lab_options *options,
                 const char *note)
{
    struct mxs_why why = { MXS_OK, "" };
    struct mxs_lab *lab = NULL;
    bool stop = false;
    int fd = signal_fd();
    struct mxs_watch *watch = mxs_loop_watch(loop, fd, POLLIN, on_signal, &stop);
    if (mxs_lab_new(loop, mxs_clock_real(), options, &lab, &why)) {
        close(fd);
        return cli_fail(why.text);
    }
    int status = announce(cli, mxs_lab_info(lab), options->future, note) ? 0 : CLI_UNKNOWN;
    while (!stop && status == 0)
        mxs_loop_run_once(loop, -1);
    mxs_watch_free(watch);
    mxs_lab_free(lab);
    close(fd);
    return status;
}

int cli_lab(struct cli *cli)
{
    struct mxs_lab_options options = { .listen = cli->listen, .real_ports = cli->real_ports };
    struct mxs_lab_future future;
    struct mxs_why why = { MXS_OK, "" };
    const char *note = NULL;
    if (cli->list)
        return list_faults();
    fault_words(cli, &options.faults);
    if (cli->scenarios.n && !cli->evidence.session)
        return cli_fail("--scenario needs --session FILE: of what is it the future?");
    if (cli->evidence.session) {
        if (cli_lab_future(cli, &future, &note, &why) != MXS_OK)
            return cli_fail(why.text);
        options.future = &future;
    }
    if (options.listen)
        warn_listen(options.listen);
    struct mxs_loop *loop = mxs_loop_new(mxs_clock_real());
    int status = serve(cli, loop, &options, note);
    mxs_loop_free(loop);
    return status;
}
