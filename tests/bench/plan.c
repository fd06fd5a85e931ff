/* The proof of a rollover over a million states and more: eight MX hosts with RSA and ECDSA certificates, an
 * issuer chosen at random, an enforced MTA-STS policy. Prints a line; fails over its budget.
 *   usage: plan [SECONDS] */
#include "config.h"

#include "tests/unit/plan_world.h"

#include <time.h>

enum { HOSTS = 8 };

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct mxs_session_facts *session(struct plan_world *w, struct mxs_host_facts *host,
                                         const char *ca, const char *kind, enum mxs_offer offer)
{
    struct mxs_session_facts *s = mxs_arena_dup(w->arena, w->e.session, sizeof *s);
    memset(&s->chain, 0, sizeof s->chain);
    plan_served_by(w, s, ca, kind, 90 * PLAN_DAY);
    s->offer = offer;
    *mxs_list_add(w->e.ev.arena, &host->sessions) = s;
    return s;
}

static void add_host(struct plan_world *w, unsigned number)
{
    struct mxs_host_facts *host = mxs_arena_dup(w->arena, w->e.host, sizeof *host);
    host->host = host->tlsa_base_domain = "mx.example.org";
    memset(&host->sessions, 0, sizeof host->sessions);
    memset(&host->tlsa, 0, sizeof host->tlsa);
    struct mxs_session_facts *rsa = session(w, host, "YR1", "RSA-2048", MXS_OFFER_RSA);
    struct mxs_session_facts *ec = session(w, host, "YE1", "ECDSA-P256", MXS_OFFER_ECDSA);
    rsa->address = ec->address = mxs_arena_printf(w->arena, "192.0.2.%u", number + 1);
    w->e.host = host;
    w->e.session = rsa;
    plan_publish(w, "2 1 1", 1);
    w->e.session = ec;
    plan_publish(w, "2 1 1", 1);
    *mxs_list_add(w->e.ev.arena, &w->e.ev.hosts) = host;
}

/* A stand-in of the root that the chains of the catalog lead to. */
static void trust(struct plan_world *w, const char *name)
{
    struct mxs_blueprint print = { .catalog = mxs_catalog_cert(w->catalog, name) };
    struct mxs_rebuild_known known = { NULL, 0, NULL, 0 };
    struct mxs_chain chain;
    if (!print.catalog || mxs_rebuild_chain(w->rebuild, w->arena, &print, 1, &known, &chain, NULL))
        abort();
    mxs_store_add(w->options.store, chain.certs.v[0]);
}

int main(int argc, char **argv)
{
    double budget = argc > 1 ? strtod(argv[1], NULL) : 10, from;
    struct plan_world w;
    struct mxs_plan *plan = NULL;
    struct mxs_why why = { MXS_OK, "" };
    plan_world_open(&w, "good int");
    plan_enforce(&w);
    w.e.ev.hosts.n = 0;
    for (unsigned i = 0; i < HOSTS; i++)
        add_host(&w, i);
    trust(&w, "ISRG Root X1");
    w.in.next.issuer = "any";
    from = cpu();
    if (mxs_plan_make(w.arena, &w.in, MXS_PLAN_TA, &plan, &why)) {
        fprintf(stderr, "%s\n", why.text);
        return 99;
    }
    double made = cpu() - from;
    from = cpu();
    mxs_plan_prove(plan);
    double proved = cpu() - from;
    printf("plan: %llu states of %zu places in %.2f s (%.0f states a second), %zu judged, %zu fail; made in "
           "%.2f s\n", (unsigned long long)plan->proof.states, plan->places.n, proved,
           (double)plan->proof.states / proved, plan->proof.judged, plan->proof.failing.n, made);
    int status = plan->proof.states < 1000000 || proved > budget || plan->proof.failing.n;
    for (size_t i = 0; i < plan->proof.failing.n && i < 3; i++)
        printf("%s\n", plan->proof.failing.v[i].text);
    plan_world_close(&w);
    return status;
}
