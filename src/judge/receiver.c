/* Receivers: what a mail server does with the certificate a sending server shows it. The product is
 * data (share/verifiers); what is code is only the order of questions: is one asked for, did one come,
 * does it pass the check under the product's rule set, is it on the product's list. */
#include "config.h"

#include "judge/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "judge/alert.h"
#include "judge/path.h"

static const struct mxs_name checks[] = {
    { MXS_CHECK_NOTHING, "nothing" }, { MXS_CHECK_CHAIN, "chain" }, { MXS_CHECK_PEER, "peer" },
    { MXS_CHECK_KEY, "key" },         { 0, NULL },
};
static const struct mxs_name lists[] = {
    { MXS_LISTED_NOTHING, "no" }, { MXS_LISTED_CERT, "yes" }, { MXS_LISTED_NAME, "name" },
    { MXS_LISTED_EITHER, "either" },  { MXS_LISTED_ISSUER, "issuer" }, { 0, NULL },
};
static const struct mxs_name purposes[] = {
    { MXS_PURPOSE_ANY, "any" }, { MXS_PURPOSE_CLIENT, "client" }, { 0, NULL },
};
static const struct mxs_name cases[] = {
    { MXS_CASE_UNASKED, "unasked" }, { MXS_CASE_ABSENT, "absent" },     { MXS_CASE_PASSED, "passed" },
    { MXS_CASE_FAILED, "failed" },   { MXS_CASE_UNLISTED, "unlisted" }, { 0, NULL },
};

/* A number, "race", or the library whose alert follows from the reason. */
static bool alert_parse(const char *word, struct mxs_receiver_outcome *o, int *alert)
{
    const char *library = mxs_alert_library(word);
    if (library)
        o->library = library;
    *alert = library ? MXS_ALERT_BY_REASON : strcmp(word, "race") == 0 ? -1 : (int)strtol(word, NULL, 10);
    return *alert != 0;
}

/* "accept", "reject rcpt 554", "alert 40 116", "alert openssl", "alert 42 race", "alert go race" */
static bool outcome_parse(const char *text, struct mxs_receiver_outcome *o)
{
    char stage[32], a[16], b[16];
    *o = (struct mxs_receiver_outcome){ .action = MXS_ACTION_ACCEPT, .stage = MXS_STAGE_NONE,
                                        .alert12 = -1, .alert13 = -1 };
    if (strcmp(text, "accept") == 0)
        return true;
    if (sscanf(text, "reject %31s %d", stage, &o->reply) == 2) {
        o->action = MXS_ACTION_REJECT;
        o->stage = mxs_stage_parse(stage);
        return o->stage != MXS_STAGE_NONE && o->reply >= 400 && o->reply < 600;
    }
    o->action = MXS_ACTION_HANDSHAKE_FAILURE;
    o->stage = MXS_STAGE_CLIENT_VERDICT;
    if (strcmp(text, "close") == 0)
        return true;
    int words = sscanf(text, "alert %15s %15s", a, b);
    if (words == 1 && mxs_alert_library(a)) /* the same in both versions */
        return alert_parse(a, o, &o->alert12) && alert_parse(a, o, &o->alert13);
    return words == 2 && alert_parse(a, o, &o->alert12) && alert_parse(b, o, &o->alert13);
}

static bool yes(const struct mxs_profile *p, const char *key)
{
    const char *value = mxs_profile_get(p, key);
    return value && strcmp(value, "yes") == 0;
}

static bool cases_parse(struct mxs_arena *arena, const struct mxs_profile *p,
                        struct mxs_receiver_rules *r, struct mxs_why *why)
{
    for (const struct mxs_name *c = cases; c->name; c++) {
        const char *text = mxs_profile_get(p, c->name);
        if (!outcome_parse(text ? text : "accept", &r->outcome[c->value])) {
            mxs_why_set(why, MXS_ERR_SYNTAX, "%s: %s: not accept, reject STAGE REPLY, close or alert ..",
                        c->name, text);
            return false;
        }
        r->label[c->value] = mxs_profile_get(p, mxs_arena_printf(arena, "label-%s", c->name));
    }
    return true;
}

const struct mxs_receiver_rules *mxs_receiver_rules(struct mxs_arena *arena,
                                                    const struct mxs_profile *p,
                                                    struct mxs_why *why)
{
    struct mxs_receiver_rules *r = MXS_NEW(arena, struct mxs_receiver_rules);
    const char *check = mxs_profile_get(p, "check"), *rules = mxs_profile_get(p, "rules");
    const char *purpose = mxs_profile_get(p, "purpose"), *listed = mxs_profile_get(p, "listed");
    int l = mxs_name_value(lists, listed ? listed : "no");
    int c = mxs_name_value(checks, check ? check : "chain");
    r->purpose_unknown = purpose && strcmp(purpose, "unknown") == 0;
    int u = mxs_name_value(purposes, purpose && !r->purpose_unknown ? purpose : "client");
    r->asks = yes(p, "asks");
    r->late = yes(p, "late");
    r->rules = mxs_ruleset(rules ? rules : "rfc");
    if (c < 0 || u < 0 || l < 0 || !r->rules) {
        mxs_why_set(why, MXS_ERR_SYNTAX, "%s: not known here",
                    c < 0 ? "check" : u < 0 ? "purpose" : l < 0 ? "listed" : "rules");
        return NULL;
    }
    r->listed = (enum mxs_receiver_list)l;
    r->check = (enum mxs_receiver_check)c;
    r->purpose = (enum mxs_purpose)u;
    return cases_parse(arena, p, r, why) ? r : NULL;
}

struct asking {
    const struct mxs_judge *judge;
    const struct mxs_receiver_rules *rules;
    const struct mxs_receiver_input *input;
    struct mxs_verdict *out;
};

static const struct mxs_cert *leaf(const struct mxs_chain *chain)
{
    return chain && chain->certs.n ? chain->certs.v[0] : NULL;
}

/* Is the certificate (or, key = true, just its key) on file? Without pins the operator's own is. */
static bool on_file(const struct mxs_receiver_input *input, bool key)
{
    struct mxs_cert_identity own;
    const struct mxs_cert_identity *id =
        input->pins ? mxs_cert_identity(leaf(input->chain), &own) : NULL;
    for (size_t i = 0; input->pins && i < input->pins->certs.n; i++) {
        struct mxs_cert_identity other;
        const struct mxs_cert_identity *pin = mxs_cert_identity(input->pins->certs.v[i], &other);
        if (memcmp(key ? pin->spki_sha256 : pin->sha256, key ? id->spki_sha256 : id->sha256, 32) == 0)
            return true;
    }
    return !input->pins;
}

static bool cert_on_file(const struct mxs_receiver_input *input)
{
    return on_file(input, false);
}

static bool has_name(const struct mxs_cert *cert, const char *name)
{
    for (size_t i = 0; i < cert->san_dns.n; i++)
        if (strcasecmp(cert->san_dns.v[i], name) == 0)
            return true;
    return cert->cn && strcasecmp(cert->cn, name) == 0;
}

static bool names_meet(const struct mxs_cert *a, const struct mxs_cert *b)
{
    for (size_t i = 0; i < a->san_dns.n; i++)
        if (has_name(b, a->san_dns.v[i]))
            return true;
    return a->cn && has_name(b, a->cn);
}

/* Does the certificate share a name with one on file? */
static bool name_on_file(const struct mxs_receiver_input *input)
{
    for (size_t i = 0; input->pins && i < input->pins->certs.n; i++)
        if (names_meet(input->pins->certs.v[i], leaf(input->chain)))
            return true;
    return !input->pins;
}

static bool issuer_on_file(const struct mxs_receiver_input *input)
{
    for (size_t i = 0; input->pins && i < input->pins->certs.n; i++)
        if (mxs_bytes_equal(input->pins->certs.v[i]->issuer_raw, leaf(input->chain)->issuer_raw))
            return true;
    return !input->pins;
}

/* The lists that a certificate must be on, and what is said when it is not. */
static const struct {
    bool (*has)(const struct mxs_receiver_input *input);
    bool verified; /* it must pass the check too */
    const char *reason, *text;
} on_list[] = {
    [MXS_LISTED_CERT] = { cert_on_file, false, "not-listed", "its fingerprint is not on file" },
    [MXS_LISTED_NAME] = { name_on_file, true, "name-mismatch", "none of its names is on file" },
    [MXS_LISTED_EITHER] = { cert_on_file, false, "not-listed", "its fingerprint is not on file" },
    [MXS_LISTED_ISSUER] = { issuer_on_file, true, "not-listed", "its issuer is not on file" },
};

static bool keep_reasons(struct asking *a, const struct mxs_reasons *reasons)
{
    for (size_t i = 0; i < reasons->n; i++)
        *mxs_list_add(a->judge->arena, &a->out->reasons) = reasons->v[i];
    return reasons->n == 0;
}

static bool path_check(struct asking *a)
{
    struct mxs_path_query query = { .served = a->input->chain, .store = a->judge->store };
    struct mxs_paths paths = { { NULL, 0, 0 }, false };
    mxs_paths_build(a->judge->arena, a->judge->signatures, &query, &paths);
    struct mxs_path_choice choice = mxs_paths_choose(a->judge->arena, &paths, a->rules->rules,
                                                     a->rules->purpose, a->judge->at);
    return keep_reasons(a, &choice.reasons) && choice.path;
}

/* stunnel looks for the subject in its file and compares the keys (cert_check_local, src/verify.c): a
 * renewal with the same key passes. */
static bool peer_on_file(const struct mxs_receiver_input *input)
{
    struct mxs_cert_identity own;
    const struct mxs_cert_identity *id = mxs_cert_identity(leaf(input->chain), &own);
    for (size_t i = 0; input->pins && i < input->pins->certs.n; i++) {
        const struct mxs_cert *pin = input->pins->certs.v[i];
        struct mxs_cert_identity other; /* what is on file may be a replica as well */
        if (memcmp(mxs_cert_identity(pin, &other)->spki_sha256, id->spki_sha256, 32) == 0 &&
            mxs_bytes_equal(pin->subject_raw, leaf(input->chain)->subject_raw))
            return true;
    }
    return !input->pins;
}

/* OpenSSL does not take a self-signed certificate whose key usage forbids signing certificates as its own
 * issuer, on file or not. */
static bool lone_self_signed(const struct mxs_cert *cert, bool filed)
{
    bool signs = !cert->has_key_usage || (cert->key_usage & MXS_KU_KEY_CERT_SIGN);
    return cert->self_issued && (!filed || !signs);
}

/* The leaf stands alone as its own anchor, so only its dates and purpose are left to judge; then it has
 * to be on file. */
static bool peer_check(struct asking *a)
{
    struct mxs_path alone = { .end = MXS_PATH_ANCHOR, .named = true };
    struct mxs_reasons reasons = { NULL, 0, 0 };
    *mxs_list_add(a->judge->arena, &alone.certs) = leaf(a->input->chain);
    mxs_path_judge(a->judge->arena, &alone, a->rules->rules, a->rules->purpose, a->judge->at,
                   &reasons);
    bool well = keep_reasons(a, &reasons), filed = peer_on_file(a->input);
    if (!filed)
        mxs_verdict_reason(a->judge, a->out, "not-listed", 0, NULL,
                           "no certificate of that subject and key is on file");
    if (!lone_self_signed(leaf(a->input->chain), filed))
        return well && filed;
    mxs_verdict_reason(a->judge, a->out, "self-signed", 0, NULL, "it is self-signed");
    return false;
}

static bool key_check(struct asking *a)
{
    if (on_file(a->input, true))
        return true;
    mxs_verdict_reason(a->judge, a->out, "key-unknown", 0, NULL, "the key is not the one on file");
    return false;
}

static bool check(struct asking *a)
{
    switch (a->rules->check) {
    case MXS_CHECK_NOTHING:
        return true;
    case MXS_CHECK_CHAIN:
        return path_check(a);
    case MXS_CHECK_PEER:
        return peer_check(a);
    case MXS_CHECK_KEY:
        return key_check(a);
    }
    return false;
}

static bool only_purpose(const struct mxs_verdict *v)
{
    for (size_t i = 0; i < v->reasons.n; i++)
        if (strcmp(v->reasons.v[i].id, "eku-missing") != 0 && strcmp(v->reasons.v[i].id, "key-usage") != 0)
            return false;
    return v->reasons.n > 0;
}

static int alert_of(const struct mxs_receiver_outcome *o, unsigned version, const struct mxs_verdict *v)
{
    int alert = version == MXS_TLS_1_2 ? o->alert12 : o->alert13;
    return alert == MXS_ALERT_BY_REASON ? mxs_alert_of(o->library, v) : alert;
}

static void apply(struct asking *a, enum mxs_receiver_case outcome_of, enum mxs_receiver_case label_of)
{
    const struct mxs_receiver_outcome *o = &a->rules->outcome[outcome_of];
    struct mxs_verdict *v = a->out;
    v->action = o->action;
    v->stage = o->stage;
    v->reply = o->reply;
    if (o->action == MXS_ACTION_HANDSHAKE_FAILURE)
        v->alert = alert_of(o, a->input->tls_version, v);
    v->label = a->rules->label[label_of];
}

void mxs_receiver_judge(const struct mxs_judge *judge, const struct mxs_profile *profile,
                        const struct mxs_receiver_input *input, struct mxs_verdict *out)
{
    struct asking a = { judge, profile->receiver, input, out };
    *out = (struct mxs_verdict){ .verifier = profile->name, .role = MXS_ROLE_RECEIVER,
                                 .grade = profile->grade, .verified = -1,
                                 .stage = MXS_STAGE_NONE, .alert = -1 };
    if (!a.rules->asks) {
        apply(&a, MXS_CASE_UNASKED, MXS_CASE_UNASKED);
        return;
    }
    if (!leaf(input->chain)) {
        out->verified = 0;
        mxs_verdict_reason(judge, out, "no-certificate", -1, NULL, "no certificate is sent");
        apply(&a, MXS_CASE_ABSENT, MXS_CASE_ABSENT);
        return;
    }
    bool passed = check(&a);
    enum mxs_receiver_case verified = passed ? MXS_CASE_PASSED : MXS_CASE_FAILED;
    out->verified = a.rules->check == MXS_CHECK_NOTHING ? -1 : passed;
    if (a.rules->purpose_unknown && only_purpose(out)) {
        out->grade = MXS_GRADE_UNKNOWN;
        out->verified = -1;
        return;
    }
    enum mxs_receiver_list list = a.rules->listed;
    if (list == MXS_LISTED_NOTHING || (list == MXS_LISTED_EITHER && passed) ||
        (on_list[list].verified && !passed)) {
        apply(&a, verified, verified);
        return;
    }
    bool listed = on_list[list].has(input);
    if (!listed)
        mxs_verdict_reason(judge, out, on_list[list].reason, 0, NULL, "%s", on_list[list].text);
    apply(&a, listed ? MXS_CASE_PASSED : MXS_CASE_UNLISTED, verified);
}
