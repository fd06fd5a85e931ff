#include "config.h"

#include "lab/lab.h"

#include "base/file.h"
#include "facts/cert.h"
#include "lab/lab_dns.h"
#include "lab/lab_future.h"
#include "lab/lab_https.h"
#include "lab/lab_server.h"
#include "lab/lab_smtp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct port { /* one listening socket of a host */
    unsigned asked, port;
    int fd; /* -1 once a server owns it, or nobody listens */
    int fill[2]; /* of a deaf one, else -1 */
};

struct host {
    const struct mxs_lab_host_plan *plan;
    const char *address;
    struct port ports[2]; /* asked 0: none */
    struct mxs_lab_identity *identity;
    struct mxs_lab_smtp *smtp[2];
    struct mxs_lab_https *https;
};

struct mxs_lab {
    struct mxs_arena *arena;
    struct mxs_loop *loop;
    const struct mxs_clock *clock;
    const struct mxs_lab_options *options;
    struct mxs_lab_plan plan;
    struct mxs_lab_pki *pki;
    struct mxs_lab_dns *dns;
    struct mxs_lab_zones *zones;
    MXS_LIST(struct host) hosts; /* those that are on */
    char *directory;
    struct mxs_strs files;
    struct mxs_lab_info info;
};

/* --- addresses and ports --- */

static const char *choose_address(struct mxs_lab *lab, const struct mxs_lab_host_plan *plan)
{
    if (lab->options->listen)
        return mxs_arena_strdup(lab->arena, lab->options->listen);
    return !plan->fallback || mxs_lab_has_address(plan->address) ? plan->address : plan->fallback;
}

/* Another address of the same name listens on the same port, so that one rule of --connect-to
 * reaches both. NULL: there is none. */
static const struct host *twin(const struct mxs_lab *lab, const struct host *host)
{
    for (size_t i = 0; i < lab->hosts.n; i++)
        if (&lab->hosts.v[i] != host &&
            strcmp(lab->hosts.v[i].plan->host, host->plan->host) == 0)
            return &lab->hosts.v[i];
    return NULL;
}

static enum mxs_err bind_port(struct mxs_lab *lab, struct host *host, size_t n,
                              struct mxs_why *why)
{
    struct port *port = &host->ports[n];
    const struct host *other = twin(lab, host);
    port->fd = -1;
    if (!port->asked)
        return MXS_OK;
    port->port = lab->options->real_ports ? port->asked : other ? other->ports[n].port : 0;
    port->fd = mxs_lab_bind(SOCK_STREAM, host->address, &port->port, why);
    if (port->fd < 0)
        return why ? why->err : MXS_ERR_IO;
    if (host->plan->closed) { /* the port was free: nobody listens there */
        close(port->fd);
        port->fd = -1;
    }
    return host->plan->deaf ? mxs_lab_deafen(port->fd, port->fill, why) : MXS_OK;
}

static enum mxs_err bind_host(struct mxs_lab *lab, struct host *host, struct mxs_why *why)
{
    host->address = choose_address(lab, host->plan);
    host->ports[0] = (struct port){ (unsigned)host->plan->port, 0, -1, { -1, -1 } };
    host->ports[1] = (struct port){ (unsigned)host->plan->tls_port, 0, -1, { -1, -1 } };
    enum mxs_err err = bind_port(lab, host, 0, why);
    return err ? err : bind_port(lab, host, 1, why);
}

/* One address has each port once: the second MX host is left out there. */
static bool taken(const struct mxs_lab *lab, const struct mxs_lab_host_plan *plan)
{
    if (!lab->options->listen || !lab->options->real_ports)
        return false;
    for (size_t i = 0; i < lab->hosts.n; i++)
        if (lab->hosts.v[i].plan->port == plan->port)
            return true;
    return false;
}

static enum mxs_err bind_hosts(struct mxs_lab *lab, struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    for (size_t i = 0; i < lab->plan.hosts.n && !err; i++) {
        const struct mxs_lab_host_plan *plan = &lab->plan.hosts.v[i];
        if (plan->off || taken(lab, plan))
            continue;
        struct host *host = mxs_list_add(lab->arena, &lab->hosts);
        host->plan = plan;
        err = bind_host(lab, host, why);
    }
    return err;
}

static const char *address_of(const void *data, const char *name)
{
    const struct mxs_lab *lab = data;
    if (strcmp(name, "dns") == 0)
        return lab->options->listen ? lab->options->listen : "127.0.0.1";
    for (size_t i = 0; i < lab->hosts.n; i++)
        if (strcmp(lab->hosts.v[i].plan->name, name) == 0)
            return lab->hosts.v[i].address;
    return NULL;
}

/* --- servers --- */

static enum mxs_err serve_host(struct mxs_lab *lab, struct host *host, struct mxs_why *why)
{
    enum mxs_err err = mxs_lab_identity_new(host->plan, lab->pki, &host->identity, why);
    for (size_t i = 0; i < MXS_COUNT(host->ports) && !err; i++) {
        int fd = host->ports[i].fd;
        if (fd < 0 || host->plan->deaf)
            continue;
        host->ports[i].fd = -1;
        if (host->plan->port == 443)
            err = mxs_lab_https_new(lab->loop, fd, &lab->plan, host->plan, lab->pki, &host->https,
                                    why);
        else
            host->smtp[i] =
                mxs_lab_smtp_new(lab->loop, fd, host->plan, host->identity, i == 1);
    }
    return err;
}

static enum mxs_err serve_hosts(struct mxs_lab *lab, struct mxs_why *why)
{
    enum mxs_err err = MXS_OK;
    for (size_t i = 0; i < lab->hosts.n && !err; i++)
        err = serve_host(lab, &lab->hosts.v[i], why);
    return err;
}

static const char *endpoint(struct mxs_lab *lab, const char *address, unsigned port)
{
    return mxs_arena_printf(lab->arena, strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, port);
}

static enum mxs_err serve_dns(struct mxs_lab *lab, struct mxs_why *why)
{
    unsigned port = lab->options->real_ports ? 53 : 0;
    const char *address = address_of(lab, "dns");
    enum mxs_err err = mxs_lab_dns_new(lab->loop, address, &port, &lab->dns, why);
    if (!err)
        err = mxs_lab_zones_new(&lab->plan, lab->pki, lab->clock, address_of, lab, &lab->zones,
                                why);
    if (err)
        return err;
    mxs_lab_dns_serve(lab->dns, lab->zones);
    lab->info.resolver = endpoint(lab, address, port);
    return MXS_OK;
}

/* --- what others need to reach it --- */

static enum mxs_err write_file(struct mxs_lab *lab, const char *name, struct mxs_bytes data,
                               const char **path, struct mxs_why *why)
{
    *path = mxs_arena_printf(lab->arena, "%s/%s", lab->directory, name);
    *mxs_list_add(lab->arena, &lab->files) = *path;
    return mxs_file_write(*path, data, 0600, why);
}

static enum mxs_err make_directory(struct mxs_lab *lab, struct mxs_why *why)
{
    char *directory = mxs_arena_strdup(lab->arena, "/tmp/mxscope-lab.XXXXXX");
    if (!mkdtemp(directory))
        return mxs_why_set(why, MXS_ERR_IO, "lab: no temporary directory under /tmp");
    lab->directory = directory;
    lab->info.directory = directory;
    return MXS_OK;
}

/* The lab's own, for the policy host; and those of the future that is served. */
static struct mxs_bytes roots(struct mxs_lab *lab)
{
    struct mxs_bytes own = mxs_lab_pki_chain(lab->pki, lab->arena, "root", NULL);
    const struct mxs_lab_future *f = lab->options->future;
    return f && f->roots ? mxs_bytes_str(mxs_arena_printf(lab->arena, "%.*s%s", (int)own.n,
                                                          (const char *)own.p, f->roots))
                         : own;
}

static enum mxs_err write_files(struct mxs_lab *lab, struct mxs_why *why)
{
    struct mxs_lab_info *info = &lab->info;
    struct mxs_arena *arena = lab->arena;
    const struct {
        const char *name, **path;
        struct mxs_bytes data;
    } files[] = {
        { "root.key", &info->trust_anchor,
          mxs_bytes_str(mxs_lab_zones_anchor(lab->zones, arena, false)) },
        { "delv.key", &info->delv_anchor,
          mxs_bytes_str(mxs_lab_zones_anchor(lab->zones, arena, true)) },
        { "ca.pem", &info->ca_file, roots(lab) },
        { "client.pem", &info->client_cert,
          mxs_lab_pki_chain(lab->pki, arena, "client", NULL) },
        { "client.key", &info->client_key, mxs_lab_pki_key_pem(lab->pki, arena, "client") },
        { "both.pem", &info->both_cert,
          mxs_lab_pki_chain(lab->pki, arena, "client-both", "issuer cross") },
        { "both.key", &info->both_key, mxs_lab_pki_key_pem(lab->pki, arena, "client-both") },
        { "server-only.pem", &info->server_only_cert,
          mxs_lab_pki_chain(lab->pki, arena, "client-server-only", "issuer cross") },
        { "server-only.key", &info->server_only_key,
          mxs_lab_pki_key_pem(lab->pki, arena, "client-server-only") },
    };
    const struct mxs_lab_future *f = lab->options->future;
    enum mxs_err err = make_directory(lab, why);
    for (size_t i = 0; i < MXS_COUNT(files) && !err; i++)
        err = write_file(lab, files[i].name, files[i].data, files[i].path, why);
    if (err || !f || !f->client.pem)
        return err;
    err = write_file(lab, "future.pem", mxs_bytes_str(f->client.pem), &info->future_cert, why);
    return err ? err : write_file(lab, "future.key", mxs_bytes_str(f->client.key), &info->future_key,
                                  why);
}

static void list_connect_to(struct mxs_lab *lab)
{
    for (size_t i = 0; i < lab->hosts.n && !lab->options->real_ports; i++) {
        const struct host *host = &lab->hosts.v[i], *other = twin(lab, host);
        for (size_t n = 0; n < MXS_COUNT(host->ports); n++) {
            if (!host->ports[n].asked || (other && other < host))
                continue;
            *mxs_list_add(lab->arena, &lab->info.connect_to) =
                (struct mxs_lab_connect){ host->plan->host, host->ports[n].asked,
                                          other ? "" : host->address, host->ports[n].port };
        }
    }
}

/* The zones name this address: one that stands for all of them would reach nobody. */
static enum mxs_err check_listen(const char *listen, struct mxs_why *why)
{
    bool any = listen && (strcmp(listen, "0.0.0.0") == 0 || strcmp(listen, "::") == 0);
    return any ? mxs_why_set(why, MXS_ERR_USAGE,
                             "%s: name the one address by which others reach the lab", listen)
               : MXS_OK;
}

static enum mxs_err start(struct mxs_lab *lab, struct mxs_why *why)
{
    mxs_lab_plan_clean(lab->arena, &lab->plan);
    enum mxs_err err = check_listen(lab->options->listen, why);
    if (!err)
        err = mxs_lab_plan_faults(&lab->plan, &lab->options->faults, why);
    if (!err && lab->options->future)
        err = mxs_lab_plan_future(&lab->plan, lab->options->future, why);
    if (!err)
        err = mxs_lab_pki_new(&lab->plan, lab->clock, &lab->pki, why);
    if (!err)
        err = bind_hosts(lab, why);
    if (!err)
        err = serve_dns(lab, why);
    if (!err)
        err = serve_hosts(lab, why);
    if (!err)
        err = write_files(lab, why);
    if (!err)
        list_connect_to(lab);
    return err;
}

static void name_targets(struct mxs_lab *lab)
{
    const struct mxs_lab_future *f = lab->options->future;
    lab->info.domain = "lab.test";
    lab->info.mx = "mx1.lab.test";
    lab->info.policy = "mta-sts.lab.test";
    if (!f || !f->hosts.n)
        return;
    lab->info.mx = mxs_arena_strdup(lab->arena, f->hosts.v[0].host);
    lab->info.domain = f->domain ? mxs_arena_strdup(lab->arena, f->domain) : lab->info.mx;
    lab->info.policy = mxs_arena_printf(lab->arena, "mta-sts.%s", lab->info.domain);
}

enum mxs_err mxs_lab_new(struct mxs_loop *loop, const struct mxs_clock *clock,
                         const struct mxs_lab_options *options, struct mxs_lab **out,
                         struct mxs_why *why)
{
    struct mxs_why local = { MXS_OK, "" };
    struct mxs_lab *lab = mxs_alloc(sizeof *lab);
    lab->arena = mxs_arena_new();
    lab->loop = loop;
    lab->clock = clock;
    lab->options = options;
    name_targets(lab);
    enum mxs_err err = start(lab, why ? why : &local);
    lab->options = NULL; /* the caller's, for the start only */
    *out = lab;
    if (err) {
        mxs_lab_free(lab);
        *out = NULL;
    }
    return err;
}

static void free_host(struct host *host)
{
    for (size_t i = 0; i < MXS_COUNT(host->ports); i++) {
        mxs_lab_smtp_free(host->smtp[i]);
        const int fds[] = { host->ports[i].fd, host->ports[i].fill[0], host->ports[i].fill[1] };
        for (size_t n = 0; n < MXS_COUNT(fds); n++)
            if (fds[n] >= 0)
                close(fds[n]);
    }
    mxs_lab_https_free(host->https);
    mxs_lab_identity_free(host->identity);
}

void mxs_lab_free(struct mxs_lab *lab)
{
    if (!lab)
        return;
    for (size_t i = 0; i < lab->hosts.n; i++)
        free_host(&lab->hosts.v[i]);
    mxs_lab_dns_free(lab->dns);
    mxs_lab_zones_free(lab->zones);
    mxs_lab_pki_free(lab->pki);
    for (size_t i = 0; i < lab->files.n; i++)
        unlink(lab->files.v[i]);
    if (lab->directory)
        rmdir(lab->directory);
    mxs_arena_free(lab->arena);
    mxs_realloc(lab, 0);
}

const struct mxs_lab_info *mxs_lab_info(const struct mxs_lab *lab)
{
    return &lab->info;
}

const char *mxs_lab_revoked(void *lab, const struct mxs_cert *cert)
{
    return mxs_lab_pki_revoked(((const struct mxs_lab *)lab)->pki, cert->der);
}
