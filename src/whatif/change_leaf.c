#include "config.h"

#include "whatif/change_rows.h"

#include "base/clock.h"
#include "base/text.h"
#include "facts/oids.h"

#include <string.h>

/* --- eku -------------------------------------------------------------------------------------- */

enum who { LEAF = 1, ABOVE = 2 };

static const struct mxs_name whos[] = {
    { LEAF, "leaf" }, { ABOVE, "intermediates" }, { LEAF | ABOVE, "all" }, { 0, NULL },
};

static bool eku_known(const char *names, struct mxs_arena *arena)
{
    char *copy = mxs_arena_strdup(arena, names), *save = NULL, *name = strtok_r(copy, ",", &save);
    bool known = name != NULL;
    for (; name; name = strtok_r(NULL, ",", &save))
        known = known && mxs_oid_of_eku(name);
    return known;
}

MXS_CHANGE_CHECK(eku)
{
    struct mxs_arena *arena = mxs_arena_new();
    bool good = mxs_name_value(whos, change->words.v[0]) >= 0;
    (void)catalog;
    for (size_t i = 1; i < change->words.n && good; i++) {
        const char *w = change->words.v[i];
        good = strchr("+-=", *w) && *w && (strcmp(w, "=none") == 0 || eku_known(w + 1, arena));
    }
    mxs_arena_free(arena);
    return good ? MXS_OK : mxs_change_usage(change, why);
}

static bool listed(const struct mxs_strs *strs, const char *name)
{
    const char *oid = mxs_oid_of_eku(name);
    for (size_t i = 0; i < strs->n; i++) {
        const char *other = mxs_oid_of_eku(strs->v[i]);
        if (strcmp(strs->v[i], name) == 0 || (oid && other && strcmp(oid, other) == 0))
            return true;
    }
    return false;
}

static struct mxs_strs without(struct mxs_arena *arena, const struct mxs_strs *strs, const char *name)
{
    struct mxs_strs one = { 0 }, out = { 0 };
    *mxs_list_add(arena, &one) = name;
    for (size_t i = 0; i < strs->n; i++)
        if (!listed(&one, strs->v[i]))
            *mxs_list_add(arena, &out) = strs->v[i];
    return out;
}

/* One word: "+clientAuth", "-clientAuth", "=serverAuth,clientAuth", "=none". A certificate without the
 * extension may be used for everything (RFC 5280 4.2.1.12): adding changes nothing, and what a CA
 * leaves of it when it drops one purpose is the one for servers. */
static void edit_eku(struct mxs_arena *arena, const char *word, bool *has, struct mxs_strs *eku)
{
    char *copy = mxs_arena_strdup(arena, word + 1), *save = NULL;
    if (*word == '=') {
        memset(eku, 0, sizeof *eku);
        *has = strcmp(word, "=none") != 0;
    }
    for (char *name = strtok_r(copy, ",", &save); name && strcmp(word, "=none") != 0;
         name = strtok_r(NULL, ",", &save)) {
        if (*word == '-' && !*has) {
            *mxs_list_add(arena, eku) = "serverAuth";
            *has = true;
        }
        if (*word == '-')
            *eku = without(arena, eku, name);
        else if (*has && !listed(eku, name))
            *mxs_list_add(arena, eku) = name;
    }
}

static const char *words_of(struct mxs_arena *arena, bool has, const struct mxs_strs *eku)
{
    return has ? mxs_text_joined(arena, eku, ", ") : "none, so every purpose";
}

static bool same_eku(const struct mxs_strs *a, const struct mxs_strs *b)
{
    for (size_t i = 0; i < a->n; i++)
        if (!listed(b, a->v[i]))
            return false;
    return a->n == b->n;
}

/* What it would be; false: as it is. */
static bool eku_after(struct mxs_arena *arena, const struct mxs_change *change,
                      const struct mxs_blueprint *print, bool *has, struct mxs_strs *eku)
{
    struct mxs_strs was = { 0 };
    bool had = mxs_print_eku(arena, print, &was);
    *eku = (struct mxs_strs){ 0 };
    *has = had;
    for (size_t i = 0; i < was.n; i++)
        *mxs_list_add(arena, eku) = was.v[i];
    for (size_t i = 1; i < change->words.n; i++)
        edit_eku(arena, change->words.v[i], has, eku);
    return *has != had || !same_eku(&was, eku);
}

/* A root that is served is nobody's to issue again; an anchor's EKU is not what CAs change. */
static bool chosen(const struct mxs_draft *d, size_t i, int who)
{
    const struct mxs_blueprint *p = &d->prints.v[i];
    bool root = i > 0 && mxs_bytes_equal(mxs_print_subject(p), mxs_print_issuer(p));
    return !root && (who & (i == 0 ? LEAF : ABOVE));
}

static const struct mxs_blueprint *first_chosen(const struct mxs_draft *d, int who)
{
    for (size_t i = 0; i < d->prints.n; i++)
        if (chosen(d, i, who))
            return &d->prints.v[i];
    return NULL;
}

MXS_CHANGE_APPLY(eku)
{
    int who = mxs_name_value(whos, change->words.v[0]);
    bool any = false;
    if (!mxs_draft_need_leaf(draft, why))
        return MXS_ERR_NOT_FOUND;
    for (size_t i = 0; i < draft->prints.n; i++) {
        struct mxs_blueprint *p = &draft->prints.v[i];
        struct mxs_strs eku;
        bool has;
        if (!chosen(draft, i, who) || !eku_after(draft->arena, change, p, &has, &eku))
            continue;
        if (has && !eku.n)
            return mxs_draft_not(why, "%s has no other purpose: nobody would issue it without",
                                 mxs_print_name(draft, p));
        p->edits |= MXS_EDIT_EKU;
        p->eku = eku;
        any = true;
        mxs_draft_say(draft, "%s: extended key usage %s", i ? mxs_print_name(draft, p) : "leaf",
                      words_of(draft->arena, has, &eku));
    }
    if (any)
        return MXS_OK;
    struct mxs_strs eku;
    const struct mxs_blueprint *one = first_chosen(draft, who);
    if (!one)
        return mxs_draft_not(why, "no certificate above the leaf is served");
    bool has = mxs_print_eku(draft->arena, one, &eku);
    return mxs_draft_not(why, "it is so already: extended key usage of %s is %s",
                         one == mxs_draft_leaf(draft) ? "the leaf" : mxs_print_name(draft, one),
                         words_of(draft->arena, has, &eku));
}

MXS_CHANGE_HOLDS(eku)
{
    int who = mxs_name_value(whos, change->words.v[0]);
    bool any = false;
    for (size_t i = 0; i < draft->prints.n; i++) {
        struct mxs_strs eku;
        bool has;
        if (!chosen(draft, i, who))
            continue;
        any = true;
        if (eku_after(draft->arena, change, &draft->prints.v[i], &has, &eku))
            return false;
    }
    return any;
}

/* --- key, renew ------------------------------------------------------------------------------- */

static bool leaf_word(const struct mxs_change *change)
{
    return strcmp(change->words.v[0], "leaf") == 0;
}

MXS_CHANGE_CHECK(leaf)
{
    (void)catalog;
    return leaf_word(change) ? MXS_OK : mxs_change_usage(change, why);
}

static bool key_kind(const char *word)
{
    static const char *const known[] = { "RSA-2048", "RSA-3072", "RSA-4096", "ECDSA-P256",
                                         "ECDSA-P384", "Ed25519" };
    for (size_t i = 0; i < MXS_COUNT(known); i++)
        if (strcmp(known[i], word) == 0)
            return true;
    return false;
}

MXS_CHANGE_CHECK(key)
{
    const char *what = change->words.v[1], *kind = change->words.n > 2 ? change->words.v[2] : NULL;
    bool fresh = strcmp(what, "new") == 0;
    (void)catalog;
    if (!leaf_word(change) || (!fresh && strcmp(what, "same") != 0) || (kind && !fresh))
        return mxs_change_usage(change, why);
    if (kind && !key_kind(kind))
        return mxs_why_set(why, MXS_ERR_USAGE, "\"%.40s\" is no kind of key: one of RSA-2048, RSA-3072, "
                           "RSA-4096, ECDSA-P256, ECDSA-P384, Ed25519", kind);
    return MXS_OK;
}

MXS_CHANGE_APPLY(key)
{
    bool fresh = strcmp(change->words.v[1], "new") == 0;
    if (!mxs_draft_need_leaf(draft, why))
        return MXS_ERR_NOT_FOUND;
    draft->key = fresh ? MXS_DRAFT_KEY_NEW : MXS_DRAFT_KEY_SAME;
    draft->key_kind = change->words.n > 2 ? change->words.v[2] : NULL;
    draft->key_number = 1;
    draft->renewed = draft->renewed || fresh;
    mxs_draft_say(draft, fresh ? "leaf: a new key%s%s" : "leaf: the same key%s%s",
                  draft->key_kind ? " of kind " : "", draft->key_kind ? draft->key_kind : "");
    return MXS_OK;
}

static void set_dates(struct mxs_draft *d, struct mxs_blueprint *leaf, int64_t from, int64_t until)
{
    leaf->edits |= MXS_EDIT_DATES;
    leaf->not_before = from;
    leaf->not_after = until;
    mxs_draft_say(d, "leaf: valid from %.10s until %.10s", mxs_time_text(d->arena, from),
                  mxs_time_text(d->arena, until));
}

/* By then another CA will sign: what is served now ends before. */
static bool outlives_its_cas(const struct mxs_draft *d, int64_t date)
{
    for (size_t i = 1; i < d->prints.n; i++)
        if (mxs_print_not_after(&d->prints.v[i]) < date)
            return true;
    return false;
}

/* At the scenario's date, or now when that has passed or lies behind the end of the chain. An hour back,
 * as CAs do. */
MXS_CHANGE_APPLY(renew)
{
    struct mxs_blueprint *leaf = mxs_draft_need_leaf(draft, why);
    (void)change;
    if (!leaf)
        return MXS_ERR_NOT_FOUND;
    int64_t lasts = mxs_print_not_after(leaf) - mxs_print_not_before(leaf);
    int64_t date = draft->scenario ? draft->scenario->at : MXS_CATALOG_ALWAYS;
    if (date > draft->at && !outlives_its_cas(draft, date))
        draft->at = date;
    draft->renewed = true;
    mxs_draft_say(draft, "leaf: issued again");
    set_dates(draft, leaf, draft->at - 3600, draft->at - 3600 + lasts);
    return MXS_OK;
}

/* --- dates, lifetime, names ------------------------------------------------------------------- */

/* Its distance from the date of judging is what it says: "now", "+60d". */
static bool is_distance(const char *word)
{
    return *word == '+' || strcmp(word, "now") == 0;
}

MXS_CHANGE_CHECK(dates)
{
    const char *const *words = change->words.v;
    int64_t from = 0, until = 0;
    (void)catalog;
    if (!leaf_word(change))
        return mxs_change_usage(change, why);
    for (size_t i = 1; i < 3; i++)
        if (!mxs_change_date(NULL, words[i], i == 1 ? &from : &until))
            return mxs_why_set(why, MXS_ERR_USAGE, "\"%.40s\" is no date (YYYY-MM-DD, +60d, now)",
                               words[i]);
    bool comparable = is_distance(words[1]) == is_distance(words[2]) &&
                      strcmp(words[1], "expired") != 0 && strcmp(words[2], "expired") != 0;
    return comparable && from >= until
               ? mxs_why_set(why, MXS_ERR_USAGE, "%.80s: the end is not behind the beginning (dates leaf "
                             "FROM TO)", change->text)
               : MXS_OK;
}

MXS_CHANGE_APPLY(dates)
{
    struct mxs_blueprint *leaf = mxs_draft_need_leaf(draft, why);
    int64_t from, until;
    if (!leaf)
        return MXS_ERR_NOT_FOUND;
    mxs_change_date(draft, change->words.v[1], &from);
    mxs_change_date(draft, change->words.v[2], &until);
    if (from >= until)
        return mxs_draft_not(why, "the leaf would end on %.10s, before it begins on %.10s",
                             mxs_time_text(draft->arena, until), mxs_time_text(draft->arena, from));
    set_dates(draft, leaf, from, until);
    return MXS_OK;
}

MXS_CHANGE_CHECK(lifetime)
{
    int64_t seconds;
    (void)catalog;
    if (!leaf_word(change))
        return mxs_change_usage(change, why);
    if (!mxs_change_duration(change->words.v[1], &seconds))
        return mxs_why_set(why, MXS_ERR_USAGE, "\"%.40s\" is no lifetime (45d, 160h)",
                           change->words.v[1]);
    return MXS_OK;
}

MXS_CHANGE_APPLY(lifetime)
{
    struct mxs_blueprint *leaf = mxs_draft_need_leaf(draft, why);
    int64_t seconds = 0;
    if (!leaf)
        return MXS_ERR_NOT_FOUND;
    mxs_change_duration(change->words.v[1], &seconds);
    set_dates(draft, leaf, mxs_print_not_before(leaf), mxs_print_not_before(leaf) + seconds);
    return MXS_OK;
}

MXS_CHANGE_CHECK(names)
{
    (void)catalog;
    bool wrong = strcmp(change->words.v[1], "wrong") == 0;
    bool none = strcmp(change->words.v[1], "none") == 0;
    if (!leaf_word(change) || ((wrong || none) && change->words.n > 2))
        return mxs_change_usage(change, why);
    enum mxs_err err = MXS_OK;
    for (size_t i = 1; i < change->words.n && !err; i++)
        err = mxs_change_host(change->words.v[i], why);
    return err;
}

/* The host that it is for, beside the names that are there; false: it is one of them. */
static bool add_host_name(struct mxs_draft *d, struct mxs_blueprint *leaf)
{
    const char *host = d->evidence->shown ? mxs_future_host(d->base) : d->host->host;
    struct mxs_strs names = { NULL, 0, 0 };
    const struct mxs_strs *now = leaf->edits & MXS_EDIT_NAMES ? &leaf->dns : &leaf->cert->san_dns;
    *mxs_list_add(d->arena, &names) = host;
    for (size_t i = 0; i < now->n; i++) {
        if (mxs_ascii_equal(now->v[i], host))
            return false;
        *mxs_list_add(d->arena, &names) = now->v[i];
    }
    leaf->dns = names;
    return true;
}

MXS_CHANGE_APPLY(names)
{
    struct mxs_blueprint *leaf = mxs_draft_need_leaf(draft, why);
    bool wrong = strcmp(change->words.v[1], "wrong") == 0;
    bool none = strcmp(change->words.v[1], "none") == 0;
    bool host = change->words.n == 2 && strcmp(change->words.v[1], "host") == 0;
    if (!leaf)
        return MXS_ERR_NOT_FOUND;
    if (!host)
        memset(&leaf->dns, 0, sizeof leaf->dns);
    if (wrong)
        *mxs_list_add(draft->arena, &leaf->dns) = "another-host.invalid";
    for (size_t i = 1; !wrong && !none && !host && i < change->words.n; i++)
        *mxs_list_add(draft->arena, &leaf->dns) = change->words.v[i];
    if (host && !add_host_name(draft, leaf))
        return mxs_draft_not(why, "the leaf has the name of its host");
    leaf->edits |= MXS_EDIT_NAMES;
    if (none) {
        leaf->cn = "Postmaster"; /* a person's or a role's, as in certificates for e-mail */
        mxs_draft_say(draft, "leaf: no host name in it");
        return MXS_OK;
    }
    leaf->cn = leaf->cert && leaf->cert->cn && strlen(leaf->dns.v[0]) < 64 ? leaf->dns.v[0] : NULL;
    mxs_draft_say(draft, "leaf: named %s%s", leaf->dns.v[0], leaf->dns.n > 1 ? " and more" : "");
    return MXS_OK;
}

/* --- class, revoke ---------------------------------------------------------------------------- */

static const struct {
    const char *name, *oid; /* CA/Browser Forum Baseline Requirements 7.1.6.1, EV Guidelines 9.3.2 */
} classes[] = {
    { "DV", "2.23.140.1.2.1" }, { "OV", "2.23.140.1.2.2" }, { "EV", "2.23.140.1.1" },
};

static const char *class_oid(const char *name)
{
    for (size_t i = 0; i < MXS_COUNT(classes); i++)
        if (strcmp(classes[i].name, name) == 0)
            return classes[i].oid;
    return NULL;
}

MXS_CHANGE_CHECK(class)
{
    (void)catalog;
    return leaf_word(change) && class_oid(change->words.v[1]) ? MXS_OK
                                                              : mxs_change_usage(change, why);
}

MXS_CHANGE_APPLY(class)
{
    struct mxs_blueprint *leaf = mxs_draft_need_leaf(draft, why);
    const char *name = change->words.v[1];
    if (!leaf)
        return MXS_ERR_NOT_FOUND;
    if (leaf->cert->policy_class && strcmp(leaf->cert->policy_class, name) == 0)
        return mxs_draft_not(why, "the leaf is %s already", name);
    leaf->edits |= MXS_EDIT_POLICY;
    leaf->policy_oid = class_oid(name);
    mxs_draft_say(draft, "leaf: validated as %s", name);
    return MXS_OK;
}

MXS_CHANGE_CHECK(revoke)
{
    (void)catalog;
    const char *who = change->words.v[0];
    return strcmp(who, "leaf") == 0 || strcmp(who, "issuer") == 0 ? MXS_OK
                                                                  : mxs_change_usage(change, why);
}

MXS_CHANGE_APPLY(revoke)
{
    const struct mxs_blueprint *leaf = mxs_draft_need_leaf(draft, why), *issuer = NULL;
    if (!leaf)
        return MXS_ERR_NOT_FOUND;
    if (strcmp(change->words.v[0], "leaf") == 0) {
        draft->revoked = MXS_REVOKED_LEAF;
        mxs_draft_say(draft, "the leaf is revoked: it is on its CA's CRL");
        return MXS_OK;
    }
    for (size_t i = 1; i < draft->prints.n && !issuer; i++)
        if (mxs_bytes_equal(mxs_print_subject(&draft->prints.v[i]), mxs_print_issuer(leaf)))
            issuer = &draft->prints.v[i];
    if (!issuer || (issuer->cert && issuer->cert->self_issued))
        return mxs_draft_not(why, issuer ? "a root signed the leaf, and no list names roots"
                                         : "the leaf's issuer is not served");
    draft->revoked = MXS_REVOKED_ISSUER;
    mxs_draft_say(draft, "%s is revoked: it is on the CRL of the CA above it",
                  mxs_print_name(draft, issuer));
    return MXS_OK;
}
