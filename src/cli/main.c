#include "config.h"

#include "cli/cli.h"

#include <locale.h>
#include <signal.h>

const struct cli_command cli_commands[] = {
    { CLI_WORKBENCH, NULL, "TARGET | --lab[=FAULT,...]",
      "Step through a mail server's SMTP and TLS session, see every message, and compare what it "
      "presents with what DNS and policy promise.",
      "TARGET is a domain (its MX hosts are looked up), [HOST], [HOST]:PORT or [ADDRESS]:PORT. "
      "Without a terminal on standard output the report of `mxscope check` is printed.",
      cli_workbench },
    { CLI_CHECK, "check", "TARGET...",
      "Walk every stage, print the report, exit with its status.",
      "TARGET is a domain (its MX hosts are looked up), [HOST], [HOST]:PORT or [ADDRESS]:PORT. "
      "With --from each answer is one JSON object a line, as soon as it is known.",
      cli_check },
    { CLI_VERIFY, "verify", "EVIDENCE",
      "Judge evidence: each verifier's verdict, its reasons, and what to mend.",
      "EVIDENCE is a TARGET, --session FILE, or files and words (--chain and what stands beside it): "
      "then no network is touched. Without --host the first name of the certificate stands in.",
      cli_verify },
    { CLI_WHATIF, "whatif", "EVIDENCE",
      "The same evidence under scenarios: what changes, with whom, from which date, and what to do.",
      "EVIDENCE is a TARGET, --session FILE, or files and words (--chain and what stands beside it). "
      "With no --scenario all are tried that apply and are not history; --list names them. With "
      "--role client the certificate is judged as what a sending server shows.",
      cli_whatif },
    { CLI_PLAN, "plan", "EVIDENCE",
      "Plan a rollover in which no state fails: dated steps, the TLSA records, and the proof.",
      "EVIDENCE is a TARGET, --session FILE, or files and words (--chain, --host, --tlsa, --ttl). What is "
      "coming is one of --next-key, --next-cert, --next-csr, --next-issuer and --acme. The exit status "
      "is 0 when no state fails, 2 when one does. With --watch: 0 when the records have been out for two "
      "TTLs, 1 not yet, 2 when a record is missing or the plan does not hold.",
      cli_plan },
    { CLI_REPLAY, "replay", "FILE",
      "The workbench on a recorded session, or its report.",
      "Nothing is asked of any network. Without a terminal on standard output the report is "
      "printed, with the status it had.",
      cli_replay },
    { CLI_LAB, "lab", "[FAULT...]",
      "Serve the built-in lab in the foreground, for other programs to talk to.",
      "Signed DNS, SMTP with TLS and an MTA-STS policy host, on loopback and without privileges; "
      "keys and certificates are new at each start. FAULTs break it on purpose; --list names them. "
      "With --session FILE and --scenario S it serves that host's future instead.",
      cli_lab },
    { CLI_LEARN, "learn", "[LESSON|FILE.mxs|FILE.lesson]",
      "A guided walk through the lab in the workbench; without LESSON, the list of lessons.",
      "LESSON is its number, its id, or what only one id begins with; it goes on where it was left. "
      "A recorded session becomes a lesson of its own. Without a terminal on standard output the "
      "lesson is printed, with the answers that the walk proves.",
      cli_learn },
    { CLI_EXPLAIN, "explain", "WORDS...|-",
      "Say what a finding, an alert, a stage or a pasted log line means, and whose fault it is.",
      "- reads standard input: log lines, what `postqueue -j` prints, or a TLS report (RFC 8460, JSON, "
      "also compressed). What is alike is grouped.",
      cli_explain },
    { CLI_CATALOG, "catalog", "list [FAMILY] | show NAME | import CHAIN.pem",
      "List and show the known certification authorities, or add a private one.",
      "NAME is a CA (YR1), a certificate, a family (letsencrypt), or a digest as it stands in a TLSA "
      "record. import writes a file that the catalog reads from then on.",
      cli_catalog },
    { 0, NULL, NULL, NULL, NULL, NULL },
};

static int run(struct cli *cli, int argc, char **argv)
{
    struct mxs_why why = { 0 };
    struct mxs_buf out;
    if (cli_parse(cli, argc, argv, &why))
        return cli_fail(why.text);
    mxs_buf_init(&out, 1 << 20);
    int status = 0;
    if (cli->help)
        cli_help(cli->command, &out);
    else if (cli->version)
        mxs_buf_puts(&out, PACKAGE_STRING "\n");
    else
        status = cli->command->run(cli);
    if (out.n)
        status = cli_out(&out, status);
    mxs_buf_fini(&out);
    return status;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); /* UTF-8 or ASCII; numbers and messages are nobody's language here */
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write(2), told once */
    struct mxs_arena *arena = mxs_arena_new();
    struct cli *cli = MXS_NEW(arena, struct cli);
    cli->arena = arena;
    int status = run(cli, argc, argv);
    mxs_arena_free(arena);
    return status;
}
