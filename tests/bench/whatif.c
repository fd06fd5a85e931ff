/* What-if by the clock.
 *   whatif matrix CHAIN.pem ROOT.pem SHARE FIRST-MS CACHED-MS: 12 scenarios x 40 verifiers on one chain,
 *       first with no replica made and no signature checked, then once more with both.
 *   whatif sessions SESSION SHARE N: N times a recorded session is read, folded, laid under one
 *       scenario, judged by every verifier and written as JSON.
 * Prints CPU milliseconds; the exit status says whether the budget held. */
#include "config.h"

#include "base/file.h"
#include "journal/fold.h"
#include "journal/record.h"
#include "judge/store.h"
#include "report/whatif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { VERIFIERS = 40, ROUNDS = 5 };

static const char *const ids[] = {
    "eku/any-ca", "eku/chrome-leaf", "failure/expired", "failure/misissued",
    "failure/missing-intermediate", "failure/starttls-stripped", "failure/tlsa-stale",
    "failure/wrong-name", "renewal/new-key", "renewal/same-key", "renewal/lifetime-47",
    "trust/ca-distrusted",
};

struct world {
    struct mxs_arena *arena;
    struct mxs_catalog *catalog;
    struct mxs_scenarios *scenarios;
    struct mxs_profiles *profiles;
    struct mxs_bytes keys;
    struct mxs_store *store;
    struct mxs_assess_options options;
};

static double cpu_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void must(enum mxs_err err, const struct mxs_why *why)
{
    if (err) {
        fprintf(stderr, "whatif: %s\n", why->text);
        exit(2);
    }
}

static struct mxs_chain chain(struct world *w, const char *path)
{
    struct mxs_chain out = { { NULL, 0, 0 } };
    struct mxs_bytes pem;
    struct mxs_why why;
    must(mxs_file_read(w->arena, path, 1 << 20, &pem, &why), &why);
    must(mxs_cert_pem(w->arena, path, pem, &out, &why), &why);
    return out;
}

static struct world world(const char *share, const char *root)
{
    struct world w = { .arena = mxs_arena_new() };
    struct mxs_why why;
#define IN(name) mxs_arena_printf(w.arena, "%s/" name, share)
    must(mxs_catalog_load(IN("catalog"), &w.catalog, &why), &why);
    must(mxs_scenarios_load(IN("scenarios"), w.catalog, &w.scenarios, &why), &why);
    must(mxs_profiles_load(IN("verifiers"), &w.profiles, &why), &why);
    must(mxs_file_read(w.arena, IN("keys/throw-away.pem"), 1 << 20, &w.keys, &why), &why);
#undef IN
    w.store = mxs_store_new("none");
    if (root)
        mxs_store_add(w.store, chain(&w, root).certs.v[0]);
    w.options.store = w.store;
    w.options.profiles = w.profiles;
    return w;
}

/* --- 12 x 40 --- */

/* A healthy mail server with DANE, that shows this chain. */
static struct mxs_evidence *evidence(struct world *w, const struct mxs_chain *shown)
{
    struct mxs_evidence *ev = MXS_NEW(w->arena, struct mxs_evidence);
    struct mxs_host_facts *host = MXS_NEW(w->arena, struct mxs_host_facts);
    struct mxs_session_facts *s = MXS_NEW(w->arena, struct mxs_session_facts);
    struct mxs_tlsa *tlsa = mxs_list_add(w->arena, &host->tlsa);
    *tlsa = (struct mxs_tlsa){ .usage = 3, .selector = 1, .matching_type = 1,
                               .data = mxs_bytes(shown->certs.v[0]->spki_sha256, 32) };
    mxs_tlsa_judge_usable(tlsa, false);
    ev->has_domain = true;
    ev->domain.name = "bench.example";
    ev->domain.mx_security = MXS_SECURITY_SECURE;
    ev->domain.sts.fetched = ev->domain.sts.has_policy = ev->domain.sts.parsed.valid = true;
    mxs_sts_policy_parse(w->arena, mxs_bytes_str("version: STSv1\nmode: enforce\nmx: mx.bench.example\n"
                                                 "max_age: 604800\n"), &ev->domain.sts.policy);
    *mxs_list_add(w->arena, &ev->domain.mx) = (struct mxs_mx){ "mx.bench.example", 10 };
    host->host = host->tlsa_base_domain = ev->target = "mx.bench.example";
    host->tlsa_security = host->address_security = MXS_SECURITY_SECURE;
    *s = (struct mxs_session_facts){ .id = 1, .address = "192.0.2.25", .port = 25, .reached = MXS_STAGE_QUIT,
                                     .end = MXS_END_DONE, .starttls = MXS_STARTTLS_OFFERED,
                                     .has_ehlo = true, .has_tls = true, .chain = *shown };
    s->ehlo.code = 250;
    s->tls.finished = true;
    s->tls.version = MXS_TLS_1_3;
    s->tls.client_auth.alert = s->tls.client_auth.required = -1;
    *mxs_list_add(w->arena, &host->sessions) = s;
    *mxs_list_add(w->arena, &ev->hosts) = host;
    ev->arena = w->arena;
    ev->finished = true;
    return ev;
}

/* The first 40 that apply. */
static void forty(struct world *w, const struct mxs_whatif *whatif, const struct mxs_subject *subject)
{
    struct mxs_matrix *m = mxs_matrix_new(whatif, subject, NULL, 0);
    for (size_t i = 0; i < m->panel.seats.n && i < VERIFIERS; i++)
        *mxs_list_add(w->arena, &w->options.verifiers) = m->panel.seats.v[i].name;
    mxs_matrix_free(m);
}

static double run(const struct mxs_whatif *whatif, const struct mxs_subject *subject,
                  const struct mxs_scenario *const *scenarios, size_t *rows, size_t *cells)
{
    double began = cpu_ms();
    struct mxs_matrix *m = mxs_matrix_new(whatif, subject, scenarios, MXS_COUNT(ids));
    mxs_matrix_run(m);
    double took = cpu_ms() - began;
    *rows = *cells = 0;
    for (size_t i = 0; i < m->rows.n; i++) {
        *rows += m->rows.v[i].future != NULL;
        if (!m->rows.v[i].future)
            fprintf(stderr, "whatif: %s does not apply: %s\n", m->rows.v[i].scenario->id,
                    m->rows.v[i].overlay->why_not);
        *cells += m->rows.v[i].judged;
    }
    mxs_matrix_free(m);
    return took;
}

static double least(double a, double b)
{
    return a && a < b ? a : b;
}

static int matrix(char **argv)
{
    struct world w = world(argv[4], NULL);
    struct mxs_chain shown = chain(&w, argv[2]), root = chain(&w, argv[3]);
    struct mxs_evidence *ev = evidence(&w, &shown);
    w.options.at = shown.certs.v[0]->not_before + 86400;
    struct mxs_subject subject = { .name = "bench", .evidence = ev, .host = ev->hosts.v[0],
                                   .session = ev->hosts.v[0]->sessions.v[0] };
    const struct mxs_scenario *scenarios[MXS_COUNT(ids)];
    double first = 0, cached = 0;
    size_t rows = 0, cells = 0;
    for (size_t i = 0; i < MXS_COUNT(ids); i++)
        if (!(scenarios[i] = mxs_scenario_find(w.scenarios, ids[i])))
            return fprintf(stderr, "whatif: no scenario %s\n", ids[i]), 2;
    struct mxs_whatif whatif = { .catalog = w.catalog, .options = &w.options };
    for (int i = 0; i < ROUNDS; i++) {
        struct mxs_keypool *pool = mxs_keypool_new(w.keys);
        whatif.rebuild = mxs_rebuild_new(pool);
        mxs_store_free(w.store);
        w.options.store = w.store = mxs_store_new("none");
        mxs_store_add(w.store, root.certs.v[0]);
        if (!i)
            forty(&w, &whatif, &subject);
        first = least(first, run(&whatif, &subject, scenarios, &rows, &cells));
        cached = least(cached, run(&whatif, &subject, scenarios, &rows, &cells));
        mxs_rebuild_free(whatif.rebuild);
        mxs_keypool_free(pool);
    }
    printf("%-24s %2zu scenarios, %3zu rows x %zu verifiers: first %6.1f ms (budget %s), cached %6.1f ms "
           "(budget %s)\n", shown.certs.v[0]->key, MXS_COUNT(ids), rows, cells / (rows ? rows : 1), first,
           argv[5], cached, argv[6]);
    return first > atof(argv[5]) || cached > atof(argv[6]);
}

/* --- many recorded sessions --- */

static size_t one_session(struct world *w, const char *path, const struct mxs_scenario *scenario)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_record_header header;
    struct mxs_journal *journal = mxs_journal_new(mxs_clock_real());
    struct mxs_subjects subjects;
    struct mxs_why why;
    struct mxs_buf out;
    mxs_buf_init(&out, 64 << 20);
    must(mxs_record_read(path, arena, &header, journal, &why), &why);
    struct mxs_evidence *ev = mxs_fold_new(journal);
    /* nothing is kept from one to the next, as for as many different servers */
    struct mxs_keypool *pool = mxs_keypool_new(w->keys);
    struct mxs_assess_options options = w->options;
    options.store = w->store; /* one for all, as --from has it: what it remembers may not pile up */
    options.at = header.at;
    struct mxs_whatif whatif = { .catalog = w->catalog, .options = &options,
                                 .rebuild = mxs_rebuild_new(pool) };
    mxs_subjects_of(arena, ev, false, &subjects);
    for (size_t i = 0; i < subjects.list.n; i++) {
        struct mxs_matrix *m = mxs_matrix_new(&whatif, &subjects.list.v[i], &scenario, 1);
        mxs_matrix_run(m);
        struct mxs_whatif_report report = { .base = { .profiles = w->profiles }, .matrix = m,
                                            .subject = &subjects.list.v[i], .at = header.at };
        must(mxs_report_whatif_json(&report, &out), &(struct mxs_why){ MXS_ERR_LIMIT, "too large" });
        mxs_matrix_free(m);
    }
    size_t n = subjects.list.n;
    mxs_buf_fini(&out);
    mxs_rebuild_free(whatif.rebuild);
    mxs_keypool_free(pool);
    mxs_fold_free(ev);
    mxs_journal_free(journal);
    mxs_arena_free(arena);
    return n;
}

/* The anchors of the recording, which is read again for each session. */
static struct mxs_store *anchors_of(struct world *w, const char *path)
{
    struct mxs_record_header header;
    struct mxs_journal *journal = mxs_journal_new(mxs_clock_real());
    struct mxs_store *store = mxs_store_new("none");
    struct mxs_why why;
    must(mxs_record_read(path, w->arena, &header, journal, &why), &why);
    for (size_t i = 0; i < header.anchors.certs.n; i++)
        mxs_store_add(store, header.anchors.certs.v[i]);
    mxs_journal_free(journal);
    return store;
}

/* Resident now. */
static double memory_mib(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%*s %ld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576;
}

static int sessions(char **argv)
{
    struct world w = world(argv[3], NULL);
    const struct mxs_scenario *scenario = mxs_scenario_find(w.scenarios, "renewal/new-key");
    long n = atol(argv[4]);
    size_t subjects = 0;
    w.store = anchors_of(&w, argv[2]);
    double began = cpu_ms(), early = 0;
    for (long i = 0; i < n; i++) {
        subjects += one_session(&w, argv[2], scenario);
        if (i == n / 10)
            early = memory_mib();
    }
    double took = cpu_ms() - began;
    printf("%ld recorded sessions, %zu chains, through %s: %.1f s of CPU, %.0f sessions a second and "
           "core\n", n, subjects, scenario->id, took / 1e3, (double)n / took * 1e3);
    printf("memory: %.1f MiB after a tenth of them, %.1f MiB after all\n", early, memory_mib());
    return subjects < (size_t)n || memory_mib() > early * 1.1 + 1;
}

int main(int argc, char **argv)
{
    if (argc == 7 && strcmp(argv[1], "matrix") == 0)
        return matrix(argv);
    if (argc == 5 && strcmp(argv[1], "sessions") == 0)
        return sessions(argv);
    fputs("usage: whatif matrix CHAIN ROOT SHARE FIRST-MS CACHED-MS | sessions SESSION SHARE N\n", stderr);
    return 2;
}
