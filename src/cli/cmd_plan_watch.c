#include "config.h"

#include "cli/cmd_plan.h"

#include "base/clock.h"
#include "base/text.h"
#include "facts/dns_names.h"
#include "net/resolver.h"
#include "net/stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* plan --watch: every authoritative name server is asked directly, since a resolver's answer says nothing
 * of the others. Since when all of them agree is kept in a small file between runs. */

enum { TYPE_NS = 2, TYPE_CNAME = 5, TYPE_A = 1, TYPE_AAAA = 28, TYPE_TLSA = 52 };
enum { ASK_SECONDS = 5, ALIASES_MAX = 4, SERVERS_MAX = 32 };

enum answer_state { SHOWS, DIFFERS, SILENT };

struct server {
    const char *name; /* "ns1.example.org 192.0.2.53" */
    struct mxs_endpoint endpoint;
    enum answer_state state;
    const char *why;  /* what is missing, too much, or why it does not answer */
};

struct watch {
    struct cli *cli;
    struct cli_world *world;
    const struct mxs_plan *plan;
    struct mxs_loop *loop;
    struct mxs_resolver *resolver;
    size_t host; /* the one at work */
    MXS_LIST(struct server) servers; /* of all hosts */
    size_t shows, differs, silent;
    const char *error;
};

/* --- who is asked ---------------------------------------------------------------------------------- */

static int64_t deadline(const struct watch *w)
{
    return mxs_loop_now(w->loop) + ASK_SECONDS * (int64_t)1000000;
}

static void add_server(struct watch *w, const char *name, const char *address, unsigned port)
{
    struct server s = { .name = name };
    for (size_t i = 0; i < w->cli->session.connect_to.n; i++) {
        const struct mxs_connect_to *c = &w->cli->session.connect_to.v[i];
        if (c->port == 53 && mxs_ascii_equal(c->host, name)) {
            address = *c->address ? c->address : address;
            port = c->to_port ? c->to_port : port;
        }
    }
    snprintf(s.endpoint.address, sizeof s.endpoint.address, "%s", address);
    s.endpoint.port = port;
    s.name = mxs_arena_printf(w->cli->arena, "%s [%s]", name,
                              mxs_endpoint_text(w->cli->arena, &s.endpoint));
    if (w->servers.n < SERVERS_MAX)
        *mxs_list_add(w->cli->arena, &w->servers) = s;
}

static void addresses_of(struct watch *w, struct mxs_coro *self, const char *name)
{
    static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
    size_t before = w->servers.n;
    for (size_t i = 0; i < MXS_COUNT(types); i++) {
        struct mxs_dns_answer answer = { 0 };
        const char *address;
        if (w->cli->session.family && w->cli->session.family != (types[i] == TYPE_A ? 4 : 6))
            continue;
        if (mxs_resolver_ask(w->resolver, self, w->cli->arena, name, types[i], deadline(w), &answer))
            continue;
        for (size_t r = 0; r < answer.rrs.n; r++)
            if (answer.rrs.v[r].type == types[i] &&
                mxs_dns_address(w->cli->arena, &answer.rrs.v[r], &address))
                add_server(w, name, address, 53);
    }
    if (w->servers.n == before)
        w->error = mxs_arena_printf(w->cli->arena, "name server %s: no address was found", name);
}

/* NS records stand at the zone's apex: label by label upwards. */
static void servers_of(struct watch *w, struct mxs_coro *self, const char *owner)
{
    for (const char *zone = owner; zone && *zone; zone = strchr(zone, '.') ? strchr(zone, '.') + 1 : NULL) {
        struct mxs_dns_answer answer = { 0 };
        size_t found = 0;
        if (mxs_resolver_ask(w->resolver, self, w->cli->arena, zone, TYPE_NS, deadline(w), &answer))
            break;
        for (size_t i = 0; i < answer.rrs.n; i++) {
            const char *text = answer.rrs.v[i].text;
            size_t n = text ? strlen(text) : 0;
            if (answer.rrs.v[i].type != TYPE_NS || n < 2)
                continue;
            found++;
            addresses_of(w, self, mxs_arena_strndup(w->cli->arena, text, text[n - 1] == '.' ? n - 1 : n));
        }
        if (found)
            return;
    }
    w->error = mxs_arena_printf(w->cli->arena, "the name servers of %s were not found", owner);
}

static void given_servers(struct watch *w)
{
    struct mxs_why why;
    for (size_t i = 0; i < w->cli->plan.servers.n; i++) {
        struct mxs_endpoint e;
        if (mxs_endpoint_parse(w->cli->plan.servers.v[i], 53, &e, &why))
            w->error = mxs_arena_printf(w->cli->arena, "--server: %s", why.text);
        else
            add_server(w, "server", e.address, e.port);
    }
}

/* --- what they say --------------------------------------------------------------------------------- */

static void compare(struct watch *w, struct server *s, const struct mxs_dns_answer *dns)
{
    const mxs_plan_records *want = cli_plan_wanted(w->plan, w->host);
    mxs_plan_records have = { 0 };
    for (size_t i = 0; i < dns->rrs.n; i++) {
        struct mxs_tlsa t = { 0 };
        if (dns->rrs.v[i].type == TYPE_TLSA && mxs_tlsa_parse(w->cli->arena, &dns->rrs.v[i], &t))
            *mxs_list_add(w->cli->arena, &have) = t;
    }
    s->state = DIFFERS;
    for (size_t i = 0; i < want->n; i++)
        if (!mxs_plan_has(&have, &want->v[i])) {
            s->why = mxs_arena_printf(w->cli->arena, "lacks %s",
                                      mxs_tlsa_text(w->cli->arena, &want->v[i]));
            return;
        }
    for (size_t i = 0; i < have.n; i++)
        if (!mxs_plan_has(want, &have.v[i])) {
            s->why = mxs_arena_printf(w->cli->arena, "also shows %s",
                                      mxs_tlsa_text(w->cli->arena, &have.v[i]));
            return;
        }
    s->state = SHOWS;
}

static void ask(struct watch *w, struct mxs_coro *self, struct server *s, const char *owner)
{
    struct mxs_stub_question q = { .server = s->endpoint, .name = owner, .type = TYPE_TLSA };
    struct mxs_stub_answer answer = { 0 };
    struct mxs_why why = { 0 };
    s->state = SILENT;
    if (mxs_stub_ask(w->loop, self, w->cli->arena, &q, deadline(w), &answer, &why))
        s->why = mxs_arena_strdup(w->cli->arena, why.text);
    else if (answer.dns.rcode != 0 && answer.dns.rcode != 3)
        s->why = mxs_arena_printf(w->cli->arena, "answers with rcode %d", answer.dns.rcode);
    else if (!answer.authoritative)
        s->why = "is not authoritative for the zone";
    else
        compare(w, s, &answer.dns);
}

/* The name behind CNAMEs of the owner: its zone's servers are the ones to ask. Evidence from the network has
 * followed them already. */
static const char *expanded(struct watch *w, struct mxs_coro *self, const char *owner)
{
    struct mxs_dns_answer answer = { 0 };
    if (mxs_resolver_ask(w->resolver, self, w->cli->arena, owner, TYPE_TLSA, deadline(w), &answer))
        return owner;
    return answer.canonname ? answer.canonname : owner;
}

static void watch_host(struct watch *w, struct mxs_coro *self)
{
    const char *owner = w->plan->hosts.v[w->host].owner;
    size_t from = w->servers.n;
    if (w->cli->plan.servers.n) {
        given_servers(w);
    } else {
        owner = expanded(w, self, owner);
        servers_of(w, self, owner);
    }
    for (size_t i = from; i < w->servers.n && !w->error; i++)
        ask(w, self, &w->servers.v[i], owner);
}

static void watch_all(struct mxs_coro *self, void *data)
{
    struct watch *w = data;
    for (w->host = 0; w->host < w->plan->hosts.n && !w->error; w->host++)
        if (w->plan->hosts.v[w->host].touched && cli_plan_wanted(w->plan, w->host))
            watch_host(w, self);
}

static enum mxs_err run(struct watch *w, struct mxs_why *why)
{
    struct mxs_loop *own = w->world->loop ? NULL : mxs_loop_new(w->world->clock);
    const char *forward = w->cli->session.resolver;
    struct mxs_resolver_options options = { forward, forward == NULL, w->cli->session.trust_anchor };
    w->loop = own ? own : w->world->loop;
    enum mxs_err err = w->cli->plan.servers.n
                           ? MXS_OK : mxs_resolver_new(w->loop, &options, &w->resolver, why);
    if (err == MXS_OK) {
        struct mxs_coro *coro = mxs_coro_new(w->loop, watch_all, w);
        mxs_coro_resume(coro);
        while (!mxs_coro_done(coro) && mxs_loop_run_once(w->loop, -1))
            ;
        mxs_coro_free(coro);
    }
    mxs_resolver_free(w->resolver);
    mxs_loop_free(own);
    return err;
}

/* --- the answer ------------------------------------------------------------------------------------ */

static const char *span(struct cli *cli, int64_t seconds)
{
    long long s = (long long)seconds;
    if (s >= 2 * 86400)
        return mxs_arena_printf(cli->arena, "%lld d %lld h", s / 86400, s % 86400 / 3600);
    if (s >= 7200)
        return mxs_arena_printf(cli->arena, "%lld h %lld min", s / 3600, s % 3600 / 60);
    return s >= 120 ? mxs_arena_printf(cli->arena, "%lld min", s / 60)
                    : mxs_arena_printf(cli->arena, "%lld s", s);
}

static int say(struct cli *cli, enum mxs_status status, const struct watch *w, const char *text)
{
    struct mxs_buf out;
    mxs_buf_init(&out, 1 << 20);
    mxs_buf_printf(&out, "%s %s\n", mxs_status_name(status), text);
    for (size_t i = 0; w && i < w->servers.n && !cli->quiet && !cli->plan.may_deploy; i++)
        if (w->servers.v[i].state != SHOWS || cli->verbose)
            mxs_buf_printf(&out, "  %s %s\n", w->servers.v[i].name,
                           w->servers.v[i].why ? w->servers.v[i].why : "shows them");
    int exit = cli_out(&out, cli_exit(status));
    mxs_buf_fini(&out);
    return exit;
}

static void count(struct watch *w)
{
    for (size_t i = 0; i < w->servers.n; i++) {
        w->shows += w->servers.v[i].state == SHOWS;
        w->differs += w->servers.v[i].state == DIFFERS;
        w->silent += w->servers.v[i].state == SILENT;
    }
}

static enum mxs_err keep_book(struct watch *w, int64_t now, struct mxs_why *why)
{
    bool out = w->servers.n && w->shows == w->servers.n;
    enum mxs_err err = MXS_OK;
    /* A server that is silent for once says nothing against the others' word of before. */
    if (!out && !w->differs)
        return MXS_OK;
    for (size_t h = 0; h < w->plan->hosts.n && err == MXS_OK; h++)
        err = cli_plan_note(w->cli, w->plan, h, out ? now : 0, why);
    return err;
}

static const struct mxs_plan_step *deployment(const struct mxs_plan *plan)
{
    for (size_t i = 0; i < plan->steps.n; i++)
        if (plan->steps.v[i].kind == MXS_STEP_DEPLOY)
            return &plan->steps.v[i];
    return NULL;
}

static int verdict(struct cli *cli, const struct watch *w, int64_t since)
{
    const struct mxs_plan *plan = w->plan;
    int64_t now = plan->input->now, at = deployment(plan)->at;
    const char *age = span(cli, now - since), *all = span(cli, plan->reach);
    if (w->differs)
        return say(cli, MXS_STATUS_CRITICAL, w, mxs_arena_printf(
            cli->arena, "%zu of %zu name servers do not show the records of the plan: do not deploy",
            w->differs, w->servers.n));
    if (w->silent)
        return say(cli, w->shows ? MXS_STATUS_WARNING : MXS_STATUS_UNKNOWN, w, mxs_arena_printf(
            cli->arena, "%zu of %zu name servers could not be asked", w->silent, w->servers.n));
    if (at <= now)
        return say(cli, MXS_STATUS_OK, w, mxs_arena_printf(
            cli->arena, "deploy: the records are out at all %zu name servers since %s (%s; two TTLs are "
            "%s)", w->servers.n, mxs_time_text(cli->arena, since), age, all));
    return say(cli, MXS_STATUS_WARNING, w, mxs_arena_printf(
        cli->arena, "wait until %s: the records are out at all %zu name servers since %s (%s of %s)",
        mxs_time_text(cli->arena, at), w->servers.n, mxs_time_text(cli->arena, since), age, all));
}

int cli_plan_watch(struct cli *cli, struct cli_world *world, const struct mxs_plan_result *result)
{
    struct watch w = { .cli = cli, .world = world, .plan = result->plan };
    struct mxs_why why = { 0 };
    int64_t now = result->plan->input->now, since = now;
    bool waits = false;
    if (!result->proved)
        return say(cli, MXS_STATUS_CRITICAL, NULL, mxs_arena_printf(
            cli->arena, "the plan does not hold: %s", result->plan->proof.failing.v[0].text));
    for (size_t h = 0; h < result->plan->hosts.n; h++)
        waits |= cli_plan_wanted(result->plan, h) != NULL;
    if (!waits)
        return say(cli, MXS_STATUS_OK, NULL, "deploy: no record has to be published before");
    if (run(&w, &why))
        return cli_fail(why.text);
    if (w.error || !w.servers.n)
        return cli_fail(w.error ? w.error : "no name server to ask");
    count(&w);
    if (keep_book(&w, now, &why))
        return cli_fail(why.text);
    cli_plan_since(cli, result->plan, &since);
    return verdict(cli, &w, since);
}
