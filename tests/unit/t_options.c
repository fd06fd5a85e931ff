#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "report/wrap.h"

static int nothing(struct cli *cli)
{
    (void)cli;
    return 0;
}

/* The program's own table needs every subcommand's code; the frame under test needs only rows. */
const struct cli_command cli_commands[] = {
    { CLI_WORKBENCH, NULL, "TARGET", "the workbench", NULL, nothing },
    { CLI_CHECK, "check", "TARGET...", "walk", NULL, nothing },
    { CLI_VERIFY, "verify", "EVIDENCE", "judge", NULL, nothing },
    { CLI_WHATIF, "whatif", "EVIDENCE", "simulate", NULL, nothing },
    { CLI_PLAN, "plan", "EVIDENCE", "plan", NULL, nothing },
    { CLI_REPLAY, "replay", "FILE", "replay", NULL, nothing },
    { CLI_LAB, "lab", "[FAULT...]", "serve", NULL, nothing },
    { CLI_LEARN, "learn", "[LESSON]", "learn", NULL, nothing },
    { CLI_EXPLAIN, "explain", "WORDS...", "explain", NULL, nothing },
    { CLI_CATALOG, "catalog", "list", "catalog", NULL, nothing },
    { 0, NULL, NULL, NULL, NULL, NULL },
};

struct world {
    struct mxs_arena *arena;
    struct cli *cli;
    struct mxs_why why;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->arena = mxs_arena_new();
    w->cli = MXS_NEW(w->arena, struct cli);
    w->cli->arena = w->arena;
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    mxs_arena_free(w->arena);
    free(w);
    return 0;
}

/* "mxscope " and the words of line; a word holds no space but as '^'. */
static enum mxs_err parse(struct world *w, const char *line)
{
    char *words = mxs_arena_printf(w->arena, "mxscope %s", line);
    char **argv = mxs_arena_alloc(w->arena, 64 * sizeof *argv);
    int argc = 0;
    for (char *s = words; *s && argc < 63; s += strspn(s, " ")) {
        argv[argc++] = s;
        s += strcspn(s, " ");
        if (*s)
            *s++ = 0;
        for (char *p = argv[argc - 1]; *p; p++)
            *p = *p == '^' ? ' ' : *p;
    }
    *w->cli = (struct cli){ .arena = w->arena };
    return cli_parse(w->cli, argc, argv, &w->why);
}

static void good_words(void **state)
{
    struct world *w = *state;
    assert_int_equal(parse(w, "check -v a.test --at 2026-11-21 -4 b.test --json"), MXS_OK);
    assert_string_equal(w->cli->command->name, "check");
    assert_int_equal(w->cli->words.n, 2);
    assert_string_equal(w->cli->words.v[1], "b.test");
    assert_true(w->cli->json && w->cli->verbose && w->cli->at_given);
    assert_int_equal(w->cli->session.family, 4);
    assert_int_equal(w->cli->argv.n, 9);

    assert_int_equal(parse(w, "--lab=stale-tlsa,no-starttls"), MXS_OK);
    assert_null(w->cli->command->name);
    assert_true(w->cli->lab);
    assert_int_equal(w->cli->lab_faults.n, 2);
    assert_string_equal(w->cli->lab_faults.v[1], "no-starttls");

    assert_int_equal(parse(w, "verify --tlsa 3^1^1^ab --tlsa 2^1^1^cd --role client"), MXS_OK);
    assert_int_equal(w->cli->evidence.tlsa.n, 2);
    assert_string_equal(w->cli->evidence.tlsa.v[0], "3 1 1 ab");

    assert_int_equal(parse(w, "--auth external a.test"), MXS_OK);
    assert_string_equal(w->cli->session.auth_external, "");
    assert_int_equal(parse(w, "--auth external:joe a.test"), MXS_OK);
    assert_string_equal(w->cli->session.auth_external, "joe");

    assert_int_equal(parse(w, "check --connect-to MX.test:25:[::1]:2525 x"), MXS_OK);
    assert_string_equal(w->cli->session.connect_to.v[0].host, "mx.test");
    assert_string_equal(w->cli->session.connect_to.v[0].address, "::1");
    assert_int_equal(w->cli->session.connect_to.v[0].to_port, 2525);
    assert_int_equal(parse(w, "check -- --json"), MXS_OK);
    assert_string_equal(w->cli->words.v[0], "--json");
}

static void wrong_words(void **state)
{
    static const struct {
        const char *line, *text;
    } rows[] = {
        { "--foo", "unknown or ambiguous option '--foo' (see mxscope --help)" },
        { "check -z", "unknown option '-z' (see mxscope check --help)" },
        { "check --re x", "unknown or ambiguous option '--re' (see mxscope check --help)" },
        { "check --resolver", "--resolver needs an argument" },
        { "check --json=1", "--json takes no argument" },
        { "check --at soon", "--at: 'soon' is not a date (2026-11-21 or 2026-11-21T23:53:12Z)" },
        { "check --tls maybe", "--tls: 'maybe' is not starttls|implicit|none" },
        { "check --jobs 0", "--jobs: '0' is not a number from 1 to 1000" },
        { "check --timeout 9x", "--timeout: '9x' is not a number from 1 to 86400" },
        { "check --source mx.test", "--source: 'mx.test' is not an IP address" },
        { "check --connect-to a:25:b", "--connect-to: 'a:25:b' is not HOST:PORT:ADDR:PORT" },
        { "check --connect-to a:99999:::25", "--connect-to: 'a:99999:::25' is not HOST:PORT:ADDR:PORT" },
        { "check -4 -6", "-4 and -6 exclude each other" },
        { "check --break ehlo2", "--break: 'ehlo2' is not a stage (mx, address, tlsa, .. quit)" },
        { "check --export x", "--export is no option of mxscope check, but of mxscope whatif" },
        { "verify --tlsa-security good",
          "--tlsa-security: 'good' is not secure, insecure, bogus, error, absent or unsupported" },
        { "check --auth externals", "--auth: 'externals' is not external[:AUTHZID]" },
        { "check --config /nonexistent/x", "/nonexistent/x: No such file or directory" },
    };
    struct world *w = *state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        assert_int_not_equal(parse(w, rows[i].line), MXS_OK);
        assert_string_equal(w->why.text, rows[i].text);
    }
}

static void config_text(struct world *w, const char *text)
{
    assert_int_equal(mxs_file_write("t_options.conf", mxs_bytes_str(text), 0600, &w->why), MXS_OK);
}

static void config_good(void **state)
{
    struct world *w = *state;
    config_text(w, "# defaults\njson = yes\nascii = no\nehlo = mx.example.org\n"
                   "verifier = rfc/*\nverifier = postfix/*\nbind = F2 help\nmine = rfc/dane\n"
                   "theme = light\n");
    assert_int_equal(parse(w, "check --config t_options.conf x"), MXS_OK);
    assert_true(w->cli->json);
    assert_false(w->cli->ascii);
    assert_string_equal(w->cli->session.ehlo, "mx.example.org");
    assert_int_equal(w->cli->verifiers.n, 2);
    assert_string_equal(w->cli->binds.v[0], "F2 help");
    assert_string_equal(w->cli->theme, "light");
    /* the line wins, and a list on the line takes the place of the config's */
    assert_int_equal(parse(w, "check --config t_options.conf --ehlo b --verifier rfc/dane x"), MXS_OK);
    assert_string_equal(w->cli->session.ehlo, "b");
    assert_int_equal(w->cli->verifiers.n, 1);
    unlink("t_options.conf");
}

static void config_wrong(void **state)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        { "json = yes\nbogus = 1\n", "t_options.conf:2: unknown name 'bogus'" },
        { "\n\ntimeout = x\n", "t_options.conf:3: --timeout: 'x' is not a number from 1 to 86400" },
        { "json = maybe\n", "t_options.conf:1: json: yes or no, not 'maybe'" },
        { "json\n", "t_options.conf:1: not NAME = VALUE" },
        { "[a]\njson = yes\n", "t_options.conf:2: sections have no meaning here: [a]" },
        { "help = yes\n", "t_options.conf:1: unknown name 'help'" },
    };
    struct world *w = *state;
    for (size_t i = 0; i < MXS_COUNT(rows); i++) {
        config_text(w, rows[i].text);
        assert_int_not_equal(parse(w, "check --config t_options.conf x"), MXS_OK);
        assert_string_equal(w->why.text, rows[i].reason);
    }
    char line[600];
    memset(line, 'a', sizeof line);
    memcpy(line, "json = yes\nehlo = ", 18);
    line[sizeof line - 1] = 0;
    config_text(w, line);
    assert_int_not_equal(parse(w, "check --config t_options.conf x"), MXS_OK);
    assert_string_equal(w->why.text,
                        "t_options.conf:2: line longer than 198 bytes");
    unlink("t_options.conf");
}

/* Every help fits 80 columns, and names each option that the table gives to its subcommand. */
static void helps(void **state)
{
    struct world *w = *state;
    for (const struct cli_command *c = cli_commands; c->run; c++) {
        struct mxs_buf out;
        mxs_buf_init(&out, 1 << 16);
        cli_help(c, &out);
        char *text = mxs_arena_strdup(w->arena, mxs_buf_str(&out));
        for (const struct cli_option *o = cli_options; o->set; o++) {
            char *name = o->name ? mxs_arena_printf(w->arena, " --%s", o->name)
                                 : mxs_arena_printf(w->arena, " -%c ", o->letter);
            char *found = strstr(text, name);
            if (!(o->commands & c->bit) != !found && !(o->name && found))
                fail_msg("%s: %s", c->name ? c->name : "mxscope", name);
        }
        for (char *line = text, *end; *line; line = end + 1) {
            end = strchr(line, '\n');
            *end = 0;
            assert_true(mxs_columns(line) <= 80);
        }
        mxs_buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(good_words, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_words, setup, teardown),
        cmocka_unit_test_setup_teardown(config_good, setup, teardown),
        cmocka_unit_test_setup_teardown(config_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(helps, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
