/* The domain's records that do not depend on the MX: MTA-STS, TLSRPT, CAA. They are asked for together
 * with the MX, since a walk would else pay a round trip for each. */
#include "config.h"

#include "session/dns_room.h"

#include <string.h>

#include "facts/dns_names.h"

enum { CAA_LEVELS_MAX = 8 };

struct mxs_ahead {
    struct mxs_lookup *sts, *rest;
    struct mxs_dns_answer sts_answer;
    struct mxs_dns_answer rest_answers[1 + CAA_LEVELS_MAX]; /* TLSRPT, then CAA upwards */
    size_t n_rest;
};

static void free_lookup(void *lookup)
{
    mxs_lookup_free(lookup);
}

/* The coroutine may end before the answers come; the arena they are for ends it at last. */
static struct mxs_lookup *start(struct mxs_walk *walk, const struct mxs_question *questions,
                                size_t n, struct mxs_dns_answer *answers)
{
    struct mxs_lookup *lookup =
        mxs_lookup_start(walk->resolver, walk->arena, questions, n, answers);
    mxs_arena_defer(walk->arena, free_lookup, lookup);
    return lookup;
}

static void start_rest(struct mxs_walk *walk, struct mxs_ahead *ahead, const char *domain)
{
    struct mxs_question rest[1 + CAA_LEVELS_MAX];
    size_t n = 0;
    rest[n++] = (struct mxs_question){ mxs_arena_printf(walk->arena, "_smtp._tls.%s", domain),
                                       MXS_DNS_TXT };
    for (const char *name = domain; name && n < MXS_COUNT(rest);) {
        rest[n++] = (struct mxs_question){ name, MXS_DNS_CAA };
        name = strchr(name, '.');
        name = name ? name + 1 : NULL;
    }
    ahead->rest = start(walk, rest, n, ahead->rest_answers);
    ahead->n_rest = n;
}

void mxs_ahead_start(struct mxs_walk *walk, const char *domain)
{
    struct mxs_ahead *ahead = MXS_NEW(walk->arena, struct mxs_ahead);
    struct mxs_question sts = { mxs_arena_printf(walk->arena, "_mta-sts.%s", domain), MXS_DNS_TXT };
    ahead->sts = start(walk, &sts, 1, &ahead->sts_answer);
    walk->ahead = ahead;
    if (walk->target.kind == MXS_TARGET_DOMAIN) /* who names a host asks about that host */
        start_rest(walk, ahead, domain);
}

enum mxs_err mxs_ahead_sts(struct mxs_walk *walk, const struct mxs_probe *probe,
                           const struct mxs_dns_answer **out)
{
    enum mxs_err err = mxs_dns_wait(walk, walk->ahead->sts);
    *out = &walk->ahead->sts_answer;
    if (err)
        return err;
    mxs_dns_event(walk, probe, "sts", *out, NULL, NULL);
    return mxs_dns_opinion(walk, probe, *out);
}

/* RFC 8659 3: upwards to the first name that has CAA records; a name that could not be looked up ends
 * the climb, as it does for a certification authority. */
enum mxs_err mxs_ahead_rest(struct mxs_walk *walk, const struct mxs_probe *probe)
{
    struct mxs_ahead *ahead = walk->ahead;
    enum mxs_err err = ahead->rest ? mxs_dns_wait(walk, ahead->rest) : MXS_OK;
    if (err || !ahead->rest)
        return err;
    mxs_dns_event(walk, probe, "tlsrpt", &ahead->rest_answers[0], NULL, NULL);
    for (size_t i = 1; i < ahead->n_rest; i++) {
        mxs_dns_event(walk, probe, "caa", &ahead->rest_answers[i], NULL, NULL);
        if (ahead->rest_answers[i].security != MXS_SECURITY_ABSENT)
            break;
    }
    return MXS_OK;
}
