/* The command line: what words and config set, and the frame that subcommands stand in. The only
 * room that knows standard output, exit status and the program's arguments. */
#ifndef MXSCOPE_SRC_CLI_CLI_H
#define MXSCOPE_SRC_CLI_CLI_H

#include "base/buf.h"
#include "facts/catalog.h"
#include "judge/profile.h"
#include "session/options.h"

/* One bit a subcommand; options.c says with them where an option belongs. */
enum cli_command_bit {
    CLI_WORKBENCH = 1u << 0,
    CLI_CHECK = 1u << 1,
    CLI_VERIFY = 1u << 2,
    CLI_WHATIF = 1u << 3,
    CLI_PLAN = 1u << 4,
    CLI_REPLAY = 1u << 5,
    CLI_LAB = 1u << 6,
    CLI_LEARN = 1u << 7,
    CLI_EXPLAIN = 1u << 8,
    CLI_CATALOG = 1u << 9
};

struct cli;
struct mxs_anon;

struct cli_command {
    unsigned bit;
    const char *name;     /* NULL: the workbench, which needs no word */
    const char *synopsis; /* behind "mxscope NAME [OPTIONS]" */
    const char *summary;  /* one line for `mxscope --help` */
    const char *more;     /* a paragraph for its own --help; NULL */
    int (*run)(struct cli *cli); /* gives the exit status */
};

extern const struct cli_command cli_commands[]; /* ends with run NULL; row 0 is the workbench */

enum { CLI_UNKNOWN = 3 }; /* exit status of a usage error, unreadable input, nothing learned */

/* EVIDENCE given as files and words (mxscope(1), Evidence); NULL: not given. */
struct cli_evidence {
    const char *session, *chain, *role, *host, *domain;
    struct mxs_strs tlsa, pins;
    const char *tlsa_security, *mx_security, *address_security;
    const char *sts, *sts_cached, *sts_fetched, *starttls, *tls_version;
};

/* What a rollover plan is made from, besides the evidence; NULL: not given. */
/* An operator's own settings as a verifier: like a product's mode but for some keys. */
struct cli_own_profile {
    const char *name, *base; /* "mine/postfix", "postfix/smtp/dane" */
    MXS_LIST(struct mxs_profile_key) keys;
};

struct cli_plan {
    const char *next_key, *next_cert, *next_csr, *next_issuer, *acme, *scheme, *window, *ttl;
    bool nsupdate, watch, may_deploy;
    struct mxs_strs servers; /* --server: ask these instead of the NS records' addresses */
};

struct cli {
    struct mxs_arena *arena; /* lives as long as the process works */
    const struct cli_command *command;
    struct mxs_strs words; /* what is no option: targets, a file, log lines */
    struct mxs_strs argv;  /* the whole line, for the header of a recorded session */

    struct mxs_session_options session;
    bool offer_given;
    const char *client_cert, *client_key; /* files; read by cli_client_cert */
    const char *trust_store;
    struct mxs_strs crl_files;
    int64_t at; /* the instant judged; now unless --at */
    bool at_given;
    struct mxs_strs verifiers, scenarios, like;
    const char *subject; /* lab: which of a session's to serve; NULL: all */
    const char *like_server_cert, *like_server_key; /* what --like says that its own MX shows */
    const char *like_verifier, *like_rfc; /* what --like says of the level, by product and RFC */
    MXS_LIST(struct cli_own_profile) own; /* what --like says in full */
    struct cli_evidence evidence;
    struct cli_plan plan;

    bool json, quiet, verbose, no_color, ascii, no_mouse, anonymise;
    struct mxs_anon *anon; /* cli_anon */
    const char *record, *keylog, *pcap, *html, *markdown;

    const char *from; /* --from FILE|- */
    unsigned jobs;    /* 0: not given */

    bool lab, real_ports;
    const char *lab_certificate; /* lessons: "client" "both" "server-only", of those the lab makes */
    struct mxs_strs lab_faults;
    const char *listen;

    const char *name, *output; /* catalog import: family, file */
    bool list, all, timeline, history, restart;
    const char *export_dir;

    bool step;
    struct mxs_strs breaks;
    const char *script, *theme;
    struct mxs_strs binds, mine;

    const char *config; /* --config FILE */
    bool help, version;
};

/* --- options.c: the one table of options --- */

struct cli_option {
    const char *name; /* long; NULL: only the letter */
    char letter;
    const char *arg;   /* name of its argument for the help; NULL: none; "[..]": may be missing */
    unsigned commands; /* where the help lists it */
    char group;        /* a letter of cli_groups */
    bool anywhere;     /* accepted (and without effect) by subcommands that do not list it */
    enum mxs_err (*set)(struct cli *cli, const struct cli_option *option, const char *value,
                        struct mxs_why *why);
    size_t offset; /* of the member of struct cli that `set` fills */
    const char *help;
};

struct cli_group {
    char letter;
    const char *title;
};

extern const struct cli_option cli_options[]; /* ends with set NULL */
extern const struct cli_group cli_groups[];   /* ends with letter 0 */

/* Words to cli: command, config files, options, rest. MXS_ERR_USAGE and others with why. */
enum mxs_err cli_parse(struct cli *cli, int argc, char **argv, struct mxs_why *why);
/* Sets one option by its long name, as a config line does. */
enum mxs_err cli_set(struct cli *cli, const char *name, const char *value, struct mxs_why *why);

/* --- config.c --- */

/* Reads one config file; errors name file and line. */
enum mxs_err cli_config_read(struct cli *cli, const char *path, struct mxs_why *why);
/* $XDG_CONFIG_HOME/mxscope/config, or NULL when there is none. */
const char *cli_config_default(struct cli *cli);

/* --- help.c --- */

void cli_help(const struct cli_command *command, struct mxs_buf *out);

/* --- common.c: what subcommands share --- */

/* "mxscope: TEXT" on standard error; gives CLI_UNKNOWN. */
int cli_fail(const char *text);
/* All of it to standard output; CLI_UNKNOWN (and said) when it cannot be written, else status. */
int cli_out(struct mxs_buf *out, int status);
/* Where a file of share/ is: $MXSCOPE_DATA, installed, or the build tree; NULL when nowhere. */
const char *cli_data(struct mxs_arena *arena, const char *name);
/* Exit status of a status, and the worse of two (a plugin's order: unknown hides no warning). */
int cli_exit(enum mxs_status status);
enum mxs_status cli_worse(enum mxs_status a, enum mxs_status b);
/* Reads --client-cert and --client-key into cli->session. */
enum mxs_err cli_client_cert(struct cli *cli, struct mxs_why *why);
/* The shipped catalog, and the operator's own: $XDG_DATA_HOME/mxscope/catalog. */
struct mxs_catalog_loader cli_catalog_loader(struct mxs_arena *arena);
bool cli_color(const struct cli *cli, int fd); /* a terminal, and nobody said no */

/* --- one file per subcommand --- */

int cli_catalog(struct cli *cli);
int cli_explain(struct cli *cli);
int cli_workbench(struct cli *cli);
int cli_check(struct cli *cli);
int cli_replay(struct cli *cli);
int cli_verify(struct cli *cli);
int cli_whatif(struct cli *cli);
int cli_lab(struct cli *cli);
int cli_plan(struct cli *cli);
int cli_learn(struct cli *cli);

#endif
