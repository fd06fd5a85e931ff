/* The MX lookup (RFC 5321 5.1, RFC 7505). */
#include "config.h"

#include "session/dns_room.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "facts/dns_names.h"

/* A domain with more is hostile, or a mistake; nobody tries so many hosts for one mail. */
enum { MX_MAX = 50 };

struct mx_list {
    MXS_LIST(struct mxs_mx) v;
    bool null_mx; /* RFC 7505: one record, "." */
};

static bool known(const struct mx_list *list, const char *host)
{
    for (size_t i = 0; i < list->v.n; i++)
        if (strcmp(list->v.v[i].host, host) == 0)
            return true;
    return false;
}

bool mxs_dns_like_address(const char *host)
{
    return host[strspn(host, "0123456789.")] == 0;
}

static void read_mx(struct mxs_walk *walk, const struct mxs_probe *probe, const struct mxs_rr *rr,
                    struct mx_list *list)
{
    unsigned preference;
    const char *raw, *host;
    struct mxs_why why;
    if (!mxs_dns_mx(walk->arena, rr, &preference, &raw)) {
        mxs_walk_note(walk, probe, "mx-malformed", "an MX record is malformed: %s", rr->text);
    } else if (strcmp(raw, ".") == 0) {
        list->null_mx = true;
    } else if (mxs_dns_name(walk->arena, raw, &host, &why) != MXS_OK) {
        mxs_walk_note(walk, probe, "mx-bad-name", "an MX record names no host: %s", why.text);
    } else if (!known(list, host)) {
        if (mxs_dns_like_address(host))
            mxs_walk_note(walk, probe, "mx-is-address",
                          "MX %u %s: an address where a host name belongs", preference, host);
        *mxs_list_add(walk->arena, &list->v) = (struct mxs_mx){ host, preference };
    }
}

static int by_preference(const void *a, const void *b)
{
    const struct mxs_mx *x = a, *y = b;
    if (x->preference != y->preference)
        return x->preference < y->preference ? -1 : 1;
    return strcmp(x->host, y->host); /* equal ones at random for mail (5.1), in order for reports */
}

static void mx_event(struct mxs_walk *walk, const struct mxs_probe *probe, const struct mxs_mx *mx,
                     bool implicit)
{
    mxs_walk_emit(walk, probe, MXS_EVENT_MX, MXS_DIR_NONE, MXS_NO_DATA,
                  MXS_ATTRS({ "host", mx->host },
                            { "preference", mxs_walk_uint(walk, mx->preference) },
                            { "implicit", implicit ? "1" : NULL }),
                  implicit ? "MX %u %s (no MX record: the domain itself)" : "MX %u %s",
                  mx->preference, mx->host);
}

static void emit_hosts(struct mxs_walk *walk, const struct mxs_probe *probe,
                       const struct mxs_dns_answer *answer, struct mx_list *list)
{
    if (list->v.n)
        qsort(list->v.v, list->v.n, sizeof *list->v.v, by_preference);
    if (list->v.n > MX_MAX)
        mxs_walk_note(walk, probe, "mx-too-many", "%zu MX hosts: only the first %d are looked at",
                      list->v.n, MX_MAX);
    for (size_t i = 0; i < list->v.n && i < MX_MAX; i++)
        mx_event(walk, probe, &list->v.v[i], false);
    mxs_stage_say(walk, MXS_STAGE_OK, "%zu MX host%s, %s", list->v.n, list->v.n == 1 ? "" : "s",
                  mxs_security_name(answer->security));
}

/* RFC 7505 3: a null MX stands alone. Beside others it means nothing, and they are used. */
static enum mxs_err take_records(struct mxs_walk *walk, const struct mxs_probe *probe,
                                 const struct mxs_dns_answer *answer, struct mxs_why *why)
{
    struct mx_list list = { .null_mx = false };
    for (size_t i = 0; i < answer->rrs.n; i++)
        if (answer->rrs.v[i].type == MXS_DNS_MX)
            read_mx(walk, probe, &answer->rrs.v[i], &list);
    if (list.null_mx && list.v.n)
        mxs_walk_note(walk, probe, "null-mx-among-others",
                      "a null MX beside other MX records: it must stand alone (RFC 7505 3)");
    if (list.v.n) {
        emit_hosts(walk, probe, answer, &list);
        return MXS_OK;
    }
    if (!list.null_mx)
        return mxs_stage_fail(walk, why, MXS_ERR_DNS, "mx-unusable",
                              "no MX record of %s names a host", answer->qname);
    mxs_walk_emit(walk, probe, MXS_EVENT_NULL_MX, MXS_DIR_NONE, MXS_NO_DATA, NULL, 0,
                  "%s accepts no mail (null MX, RFC 7505)", answer->qname);
    mxs_stage_say(walk, MXS_STAGE_OK, "the domain accepts no mail (null MX)");
    return MXS_OK;
}

static enum mxs_err take_answer(struct mxs_walk *walk, const struct mxs_probe *probe,
                                const struct mxs_dns_answer *answer, struct mxs_why *why)
{
    switch (answer->security) {
    case MXS_SECURITY_BOGUS: /* RFC 7672 2.1.2: the mail waits */
        return mxs_stage_fail(walk, why, MXS_ERR_DNS, "mx-bogus", "%s; mail has to wait",
                              mxs_dns_trouble(walk, answer));
    case MXS_SECURITY_ERROR:
        return mxs_stage_fail(walk, why, MXS_ERR_DNS, "mx-error", "%s; mail has to wait",
                              mxs_dns_trouble(walk, answer));
    case MXS_SECURITY_ABSENT:
        if (answer->rcode == 3)
            return mxs_stage_fail(walk, why, MXS_ERR_NOT_FOUND, "nxdomain",
                                  "%s does not exist (%s denial)", walk->target.name,
                                  answer->denial_secure ? "secure" : "unsigned");
        /* RFC 5321 5.1: the domain is its own host, with preference 0 */
        mx_event(walk, probe, &(struct mxs_mx){ walk->target.name, 0 }, true);
        mxs_stage_say(walk, MXS_STAGE_OK, "no MX record: the domain itself is the host");
        return MXS_OK;
    default:
        return take_records(walk, probe, answer, why);
    }
}

enum mxs_err mxs_stage_mx(struct mxs_walk *walk, struct mxs_probe *probe, struct mxs_why *why)
{
    struct mxs_question question = { walk->target.name, MXS_DNS_MX };
    struct mxs_dns_answer answer;
    struct mxs_lookup *lookup =
        mxs_lookup_start(walk->resolver, walk->arena, &question, 1, &answer);
    mxs_ahead_start(walk, walk->target.name);
    enum mxs_err err = mxs_dns_wait(walk, lookup);
    mxs_lookup_free(lookup);
    if (err || mxs_dns_silence(walk, &answer, 1))
        return mxs_dns_cancelled(why);
    mxs_dns_event(walk, probe, "mx", &answer, NULL, NULL);
    if (mxs_dns_opinion(walk, probe, &answer) || mxs_zones(walk, probe, walk->target.name))
        return mxs_dns_cancelled(why);
    return take_answer(walk, probe, &answer, why);
}
