/* What an option's argument becomes: the setters that rows of cli_options name. All take the member
 * at option->offset; a wrong argument is MXS_ERR_USAGE with "--name: reason". */
#ifndef MXSCOPE_SRC_CLI_SETTERS_H
#define MXSCOPE_SRC_CLI_SETTERS_H

#include "cli/cli.h"

#include "base/clock.h"
#include "base/text.h"

typedef enum mxs_err cli_setter(struct cli *cli, const struct cli_option *option, const char *value,
                                struct mxs_why *why);

cli_setter set_flag, set_text, set_list;        /* bool, const char *, struct mxs_strs */
cli_setter set_count, set_timeout;              /* unsigned, int */
cli_setter set_at, set_date_text;               /* int64_t and at_given; const char *, checked */
cli_setter set_address, set_connect_to;
cli_setter set_family4, set_family6;
cli_setter set_tls_mode, set_offer, set_auth;
cli_setter set_role, set_security, set_starttls, set_tls_version;
cli_setter set_break, set_lab;
cli_setter set_scheme, set_window, set_seconds; /* const char *, checked */

#endif
