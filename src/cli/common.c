#include "config.h"

#include "cli/cli.h"

#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cli_fail(const char *text)
{
    fprintf(stderr, "mxscope: %s\n", text);
    return CLI_UNKNOWN;
}

int cli_out(struct mxs_buf *out, int status)
{
    struct mxs_why why = { 0 };
    enum mxs_err err = mxs_file_write("-", mxs_buf_bytes(out), 0, &why);
    int failed = errno;
    mxs_buf_clear(out);
    if (err == MXS_OK)
        return status;
    /* A reader that has had enough (| head) is not told so. */
    return failed == EPIPE ? CLI_UNKNOWN : cli_fail(why.text);
}

const char *cli_data(struct mxs_arena *arena, const char *name)
{
    const char *const places[] = { getenv("MXSCOPE_DATA"), MXS_PKGDATADIR, MXS_BUILD_SHARE };
    for (size_t i = 0; i < MXS_COUNT(places); i++) {
        if (!places[i] || !*places[i])
            continue;
        char *path = mxs_arena_printf(arena, "%s/%s", places[i], name);
        if (access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}

static const struct mxs_name exits[] = {
    { MXS_STATUS_OK, "0" }, { MXS_STATUS_WARNING, "1" },
    { MXS_STATUS_CRITICAL, "2" }, { MXS_STATUS_UNKNOWN, "3" }, { 0, NULL },
};

int cli_exit(enum mxs_status status)
{
    const char *digit = mxs_name_of(exits, (int)status);
    return digit ? digit[0] - '0' : CLI_UNKNOWN;
}

enum mxs_status cli_worse(enum mxs_status a, enum mxs_status b)
{
    static const enum mxs_status order[] = { MXS_STATUS_CRITICAL, MXS_STATUS_WARNING,
                                             MXS_STATUS_UNKNOWN };
    for (size_t i = 0; i < MXS_COUNT(order); i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return MXS_STATUS_OK;
}

static enum mxs_err read_pem(struct cli *cli, const char *path, const char *marker,
                             const char *what, struct mxs_bytes *out, struct mxs_why *why)
{
    enum mxs_err err = mxs_file_read(cli->arena, path, 1 << 20, out, why);
    if (err == MXS_OK && !strstr((const char *)out->p, marker))
        err = mxs_why_set(why, MXS_ERR_SYNTAX, "%s: no %s in it", path, what);
    return err;
}

enum mxs_err cli_client_cert(struct cli *cli, struct mxs_why *why)
{
    if (!cli->client_cert)
        return cli->client_key ? mxs_why_set(why, MXS_ERR_USAGE, "--client-key needs --client-cert")
               : cli->session.client_cert_trial
                   ? mxs_why_set(why, MXS_ERR_USAGE, "--client-cert-trial needs --client-cert")
                   : MXS_OK;
    const char *key = cli->client_key ? cli->client_key : cli->client_cert;
    enum mxs_err err = read_pem(cli, cli->client_cert, "-----BEGIN CERTIFICATE-----",
                                "PEM certificate", &cli->session.client_cert_pem, why);
    return err ? err : read_pem(cli, key, "PRIVATE KEY-----", "PEM private key",
                                &cli->session.client_key_pem, why);
}

bool cli_color(const struct cli *cli, int fd)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return !cli->no_color && !(no && *no) && isatty(fd) && term && strcmp(term, "dumb") != 0;
}
