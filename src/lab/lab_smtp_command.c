/* The lab's SMTP commands, as a server that takes no mail answers them when the plan has no rule. */
#include "config.h"

#include "lab/lab_smtp_room.h"

#include <string.h>

#include "base/text.h"

enum { CLEAR = 1, INSIDE = 2, AUTH = 4 };

static const struct {
    const char *keyword;
    unsigned when;
} keywords[] = {
    { "PIPELINING", CLEAR | INSIDE },         { "SIZE 10485760", CLEAR | INSIDE },
    { "STARTTLS", CLEAR },                    { "AUTH EXTERNAL", AUTH },
    { "ENHANCEDSTATUSCODES", CLEAR | INSIDE }, { "8BITMIME", CLEAR | INSIDE },
};

/* Is the keyword one of those that the plan hides? */
static bool hidden(const char *hide, const char *keyword)
{
    size_t n = strcspn(keyword, " ");
    for (const char *p = hide; p && *p;) {
        size_t word = strcspn(p, " ");
        if (word == n && strncmp(p, keyword, n) == 0)
            return true;
        p += word + strspn(p + word, " ");
    }
    return false;
}

static void do_ehlo(struct mxs_lab_talk *t, const char *args)
{
    const char *shown[MXS_COUNT(keywords)];
    size_t n = 0;
    unsigned now = t->tls ? INSIDE : CLEAR;
    if (t->tls && t->host->auth && t->verified)
        now |= AUTH;
    for (size_t i = 0; i < MXS_COUNT(keywords); i++)
        if ((keywords[i].when & now) && !hidden(t->host->hide, keywords[i].keyword))
            shown[n++] = keywords[i].keyword;
    if (!*args) {
        mxs_lab_talk_reply(t, "501 5.5.4 EHLO needs a name");
        return;
    }
    t->greeted = true;
    t->sender = t->recipient = false;
    mxs_lab_talk_reply(t, mxs_arena_printf(t->arena, "250%c%s", n ? '-' : ' ', t->host->host));
    for (size_t i = 0; i < n; i++)
        mxs_lab_talk_reply(t, mxs_arena_printf(t->arena, "250%c%s", i + 1 < n ? '-' : ' ', shown[i]));
}

static void do_helo(struct mxs_lab_talk *t, const char *args)
{
    (void)args;
    t->greeted = true;
    mxs_lab_talk_reply(t, mxs_arena_printf(t->arena, "250 %s", t->host->host));
}

/* Submission needs TLS and a client certificate that verified (RFC 8314, RFC 6409 4.3). */
static bool may_send(struct mxs_lab_talk *t)
{
    if (!t->greeted)
        mxs_lab_talk_reply(t, "503 5.5.1 EHLO first");
    else if (t->host->auth && !t->tls)
        mxs_lab_talk_reply(t, "530 5.7.0 Must issue a STARTTLS command first");
    else if (t->host->auth && !t->authenticated)
        mxs_lab_talk_reply(t, "530 5.7.0 Authentication required");
    else
        return true;
    return false;
}

static void do_mail(struct mxs_lab_talk *t, const char *args)
{
    if (!may_send(t))
        return;
    t->sender = mxs_ascii_prefix(args, "FROM:<");
    t->recipient = false;
    mxs_lab_talk_reply(t, t->sender ? "250 2.1.0 Sender OK" : "501 5.5.4 Syntax: MAIL FROM:<address>");
}

static void do_rcpt(struct mxs_lab_talk *t, const char *args)
{
    if (!t->sender) {
        mxs_lab_talk_reply(t, "503 5.5.1 MAIL first");
        return;
    }
    bool syntax = mxs_ascii_prefix(args, "TO:<");
    t->recipient = t->recipient || syntax;
    mxs_lab_talk_reply(t, syntax ? "250 2.1.5 Recipient OK" : "501 5.5.4 Syntax: RCPT TO:<address>");
}

static void do_data(struct mxs_lab_talk *t, const char *args)
{
    (void)args;
    mxs_lab_talk_reply(t, t->recipient ? "451 4.3.0 The lab takes no mail" : "503 5.5.1 RCPT first");
}

static void do_rset(struct mxs_lab_talk *t, const char *args)
{
    (void)args;
    t->sender = t->recipient = false;
    mxs_lab_talk_reply(t, "250 2.0.0 OK");
}

static void do_noop(struct mxs_lab_talk *t, const char *args)
{
    (void)args;
    mxs_lab_talk_reply(t, "250 2.0.0 OK");
}

static void do_vrfy(struct mxs_lab_talk *t, const char *args)
{
    (void)args;
    mxs_lab_talk_reply(t, "252 2.1.5 Send some mail, and see");
}

static void do_quit(struct mxs_lab_talk *t, const char *args)
{
    (void)args;
    mxs_lab_talk_reply(t, "221 2.0.0 Bye");
    t->over = true;
}

/* RFC 4422 appendix A: the certificate says who it is; the response may name whom to act as. */
static void do_auth(struct mxs_lab_talk *t, const char *args)
{
    bool external = mxs_ascii_prefix(args, "EXTERNAL") && (!args[8] || args[8] == ' ');
    if (!t->tls || !t->host->auth) {
        mxs_lab_talk_reply(t, "503 5.5.1 AUTH is not available");
        return;
    }
    if (!external) {
        mxs_lab_talk_reply(t, "504 5.5.4 Unknown mechanism");
        return;
    }
    if (!args[8]) {
        mxs_lab_talk_reply(t, "334 ");
        const char *response = mxs_lab_talk_line(t);
        if (!response)
            return;
        if (strcmp(response, "*") == 0) {
            mxs_lab_talk_reply(t, "501 5.7.0 Cancelled");
            return;
        }
    }
    t->authenticated = t->verified;
    mxs_lab_talk_reply(t, t->verified ? "235 2.7.0 Authentication successful"
                         : "535 5.7.8 Authentication credentials invalid");
}

static void do_starttls(struct mxs_lab_talk *t, const char *args)
{
    (void)args;
    if (t->tls) {
        mxs_lab_talk_reply(t, "503 5.5.1 TLS is already active");
        return;
    }
    mxs_lab_talk_reply(t, "220 2.0.0 Ready to start TLS");
    mxs_buf_clear(&t->in); /* what came before TLS is not part of what follows */
    mxs_lab_talk_tls(t);
}

static const struct {
    const char *verb;
    void (*run)(struct mxs_lab_talk *t, const char *args);
} commands[] = {
    { "EHLO", do_ehlo }, { "HELO", do_helo }, { "STARTTLS", do_starttls }, { "MAIL", do_mail },
    { "RCPT", do_rcpt }, { "DATA", do_data }, { "RSET", do_rset },         { "NOOP", do_noop },
    { "VRFY", do_vrfy }, { "AUTH", do_auth }, { "QUIT", do_quit },
};

bool mxs_lab_talk_command(struct mxs_lab_talk *t, const char *verb, const char *args)
{
    for (size_t i = 0; i < MXS_COUNT(commands); i++)
        if (mxs_ascii_equal(commands[i].verb, verb)) {
            commands[i].run(t, args);
            return true;
        }
    return false;
}
