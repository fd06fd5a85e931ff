/* RFC 7672 2.1.2, 2.1.3, 2.2.2: what is asked, in which order, and what comes of it. Each row is a
 * small world; the test plays the DNS stage and writes down the questions. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "judge/dane_lookup.h"

#define HOST "mx.example.org"
#define CANON "mx.provider.net"

enum { NONE = MXS_SECURITY_NONE, SEC = MXS_SECURITY_SECURE, INS = MXS_SECURITY_INSECURE,
       BOG = MXS_SECURITY_BOGUS, ERR = MXS_SECURITY_ERROR, ABS = MXS_SECURITY_ABSENT,
       UNS = MXS_SECURITY_UNSUPPORTED };

struct world {
    const char *title;
    int address;
    const char *canon;
    int cname, tlsa_canon, tlsa_host; /* what the answers would be */
    const char *asked;                /* c = CNAME, x = TLSA at CANON, o = TLSA at HOST */
    int security;
    const char *base;
    bool literal;
};

static const struct world worlds[] = {
    /* title                             address canon  cname  x    o     asked security base */
    { "direct, secure TLSA",                SEC, NULL,  NONE, NONE, SEC,  "o",  SEC,  HOST, false },
    { "direct, canonname is the name",      SEC, "MX.example.ORG", NONE, NONE, SEC, "o", SEC, HOST,
      false },
    { "direct, no TLSA",                    SEC, NULL,  NONE, NONE, ABS,  "o",  ABS,  NULL, false },
    { "direct, insecure TLSA (2.2)",        SEC, NULL,  NONE, NONE, INS,  "o",  INS,  NULL, false },
    { "direct, TLSA alg unknown here",      SEC, NULL,  NONE, NONE, UNS,  "o",  UNS,  NULL, false },
    { "direct, TLSA bogus",                 SEC, NULL,  NONE, NONE, BOG,  "o",  BOG,  NULL, false },
    { "direct, TLSA SERVFAIL",              SEC, NULL,  NONE, NONE, ERR,  "o",  ERR,  NULL, false },
    { "direct, address insecure: not asked", INS, NULL, NONE, NONE, SEC,  "",   NONE, NULL, false },
    { "direct, address alg unknown",        UNS, NULL,  NONE, NONE, SEC,  "",   NONE, NULL, false },
    { "no address: unreachable",            ABS, NULL,  NONE, NONE, SEC,  "",   NONE, NULL, false },
    { "address bogus: TLSA not asked",      BOG, NULL,  NONE, NONE, SEC,  "",   NONE, NULL, false },
    { "address error: TLSA not asked",      ERR, NULL,  NONE, NONE, SEC,  "",   NONE, NULL, false },
    { "alias to bogus target",              BOG, CANON, SEC,  SEC,  SEC,  "",   NONE, NULL, false },
    { "nothing known yet",                 NONE, NULL,  NONE, NONE, SEC,  "",   NONE, NULL, false },
    { "address literal (2.2)",              SEC, NULL,  NONE, NONE, SEC,  "",   NONE, NULL, true },

    { "secure alias, TLSA at the target",   SEC, CANON, NONE, SEC,  SEC,  "x",  SEC, CANON, false },
    { "secure alias, TLSA at the name",     SEC, CANON, NONE, ABS,  SEC,  "xo", SEC,  HOST, false },
    { "secure alias, insecure at target",   SEC, CANON, NONE, INS,  SEC,  "xo", SEC,  HOST, false },
    { "secure alias, unsupported at target", SEC, CANON, NONE, UNS, SEC,  "xo", SEC,  HOST, false },
    { "secure alias, TLSA nowhere",         SEC, CANON, NONE, ABS,  ABS,  "xo", ABS,  NULL, false },
    { "secure alias, insecure and absent",  SEC, CANON, NONE, INS,  ABS,  "xo", INS,  NULL, false },
    { "secure alias, absent and insecure",  SEC, CANON, NONE, ABS,  INS,  "xo", INS,  NULL, false },
    { "secure alias, error at the target",  SEC, CANON, NONE, ERR,  SEC,  "x",  ERR,  NULL, false },
    { "secure alias, bogus at the target",  SEC, CANON, NONE, BOG,  SEC,  "x",  BOG,  NULL, false },
    { "secure alias, error at the name",    SEC, CANON, NONE, ABS,  ERR,  "xo", ERR,  NULL, false },

    { "insecure alias (2.1.3)",             INS, CANON, INS,  SEC,  SEC,  "c",  NONE, NULL, false },
    { "insecure alias, alg unknown",        INS, CANON, UNS,  SEC,  SEC,  "c",  NONE, NULL, false },
    { "alias gone in between",              INS, CANON, ABS,  SEC,  SEC,  "c",  NONE, NULL, false },
    { "CNAME query bogus",                  INS, CANON, BOG,  SEC,  SEC,  "c",  BOG,  NULL, false },
    { "CNAME query SERVFAIL",               INS, CANON, ERR,  SEC,  SEC,  "c",  ERR,  NULL, false },
    { "secure CNAME to insecure target",    INS, CANON, SEC,  SEC,  SEC,  "co", SEC,  HOST, false },
    { "secure CNAME, target alg unknown",   UNS, CANON, SEC,  SEC,  SEC,  "co", SEC,  HOST, false },
    { "secure CNAME, no TLSA at the name",  INS, CANON, SEC,  SEC,  ABS,  "co", ABS,  NULL, false },
    { "secure CNAME, bogus TLSA at name",   INS, CANON, SEC,  SEC,  BOG,  "co", BOG,  NULL, false },
};

static void answer_tlsa(struct mxs_arena *arena, struct mxs_host_facts *host, const char *base,
                        const struct world *w)
{
    struct mxs_tlsa_candidate *c = mxs_list_add(arena, &host->candidates);
    c->base_domain = base;
    c->security = (enum mxs_security)(strcmp(base, CANON) == 0 ? w->tlsa_canon : w->tlsa_host);
}

static struct mxs_dane_plan play(struct mxs_arena *arena, const struct world *w, char *asked)
{
    struct mxs_host_facts host = { .host = HOST, .canonname = w->canon, .is_address = w->literal,
                                   .address_security = (enum mxs_security)w->address };
    struct mxs_dane_plan plan;
    for (int turn = 0; turn < 5; turn++) {
        plan = mxs_dane_lookup_next(&host);
        if (plan.step == MXS_DANE_DONE)
            return plan;
        if (plan.step == MXS_DANE_ASK_CNAME) {
            host.cname_security = (enum mxs_security)w->cname;
            *asked++ = 'c';
            continue;
        }
        answer_tlsa(arena, &host, plan.base, w);
        *asked++ = strcmp(plan.base, CANON) == 0 ? 'x' : 'o';
    }
    fail_msg("%s: the search does not end", w->title);
    return plan;
}

static void lookup_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < MXS_COUNT(worlds); i++) {
        const struct world *w = &worlds[i];
        struct mxs_arena *arena = mxs_arena_new();
        char asked[8] = "";
        struct mxs_dane_plan plan = play(arena, w, asked);
        if (strcmp(asked, w->asked) != 0 || (int)plan.tlsa_security != w->security)
            fail_msg("%s: asked \"%s\" (want \"%s\"), security %d (want %d)", w->title, asked,
                     w->asked, (int)plan.tlsa_security, w->security);
        if (!plan.tlsa_base_domain != !w->base ||
            (w->base && strcmp(w->base, plan.tlsa_base_domain) != 0))
            fail_msg("%s: base %s", w->title, plan.tlsa_base_domain ? plan.tlsa_base_domain : "-");
        if (!plan.tlsa_base_domain && !plan.why)
            fail_msg("%s: no reason given", w->title);
        mxs_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lookup_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
