#include "config.h"

#include "whatif/seat.h"

#include <string.h>

#include "judge/sender.h"

static bool accepts(const struct mxs_profile *p, enum mxs_receiver_case what)
{
    return p->receiver->outcome[what].action == MXS_ACTION_ACCEPT;
}

static bool pins(const struct mxs_profile *p)
{
    return p->receiver->check == MXS_CHECK_KEY || p->receiver->listed == MXS_LISTED_CERT;
}

/* It does so already, at least. */
static bool does(const struct mxs_profile *p, enum mxs_receivers mode)
{
    switch (mode) {
    case MXS_RECEIVERS_ASK: return p->receiver->asks;
    case MXS_RECEIVERS_REQUIRE: return !accepts(p, MXS_CASE_ABSENT);
    case MXS_RECEIVERS_IGNORE: return !p->receiver->asks;
    case MXS_RECEIVERS_PIN: return pins(p);
    default: return true;
    }
}

/* How well a mode is what is called for; 0: not at all. Plain modes before those with lists. */
static int fits(const struct mxs_profile *p, enum mxs_receivers mode)
{
    bool plain = p->receiver->check == MXS_CHECK_CHAIN && !p->receiver->listed;
    bool refuses = !accepts(p, MXS_CASE_ABSENT) && !accepts(p, MXS_CASE_FAILED);
    bool lenient = accepts(p, MXS_CASE_ABSENT) && accepts(p, MXS_CASE_FAILED);
    if (!does(p, mode))
        return 0;
    switch (mode) {
    case MXS_RECEIVERS_ASK: return !plain ? 0 : lenient ? 2 : 1;
    case MXS_RECEIVERS_REQUIRE: return !plain ? 0 : refuses ? 2 : 1;
    case MXS_RECEIVERS_PIN: return accepts(p, MXS_CASE_FAILED) ? 2 : 1;
    default: return 1;
    }
}

/* The product's own name, for an operator's own settings of it. */
static const char *name_of(const struct mxs_profile *p)
{
    const char *like = mxs_profile_get(p, "like");
    return like ? like : p->name;
}

/* In the same PRODUCT/PROGRAM. */
static bool same_program(const struct mxs_profile *a, const struct mxs_profile *b)
{
    const char *name = name_of(a), *slash = strrchr(name, '/');
    size_t n = slash ? (size_t)(slash - name) + 1 : 0;
    return slash && strncmp(name, b->name, n) == 0 && !strchr(b->name + n, '/');
}

const struct mxs_profile *mxs_seat_receiver(const struct mxs_profiles *profiles,
                                            const struct mxs_profile *p, enum mxs_receivers mode)
{
    const struct mxs_profile *best = NULL;
    if (does(p, mode))
        return p;
    for (size_t i = 0; profiles && i < mxs_profiles_count(profiles); i++) {
        const struct mxs_profile *other = mxs_profiles_at(profiles, i);
        if (other->receiver && same_program(p, other) &&
            fits(other, mode) > (best ? fits(best, mode) : 0))
            best = other;
    }
    return best;
}

static int likeness(const struct mxs_sender_rules *a, const struct mxs_sender_rules *b)
{
    return 1 + 4 * (a->dane == b->dane) + 2 * (a->verify == b->verify);
}

const struct mxs_profile *mxs_seat_requires_tls(const struct mxs_profiles *profiles,
                                                const struct mxs_profile *p)
{
    const struct mxs_profile *best = NULL;
    if (p->sender->tls_required)
        return p;
    for (size_t i = 0; profiles && i < mxs_profiles_count(profiles); i++) {
        const struct mxs_profile *other = mxs_profiles_at(profiles, i);
        const struct mxs_sender_rules *s = other->sender;
        bool fit = s && same_program(p, other) && s->tls_required && !s->pinned &&
                   s->dane != MXS_DANE_REQUIRE &&
                   (s->dane == MXS_DANE_NEVER || s->dnssec == p->sender->dnssec);
        if (fit && (!best || likeness(p->sender, s) > likeness(p->sender, best->sender)))
            best = other;
    }
    return best;
}
