/* SMTP replies and EHLO answers as facts (RFC 5321 4.2, 4.1.1.1). A push parser: bytes in, replies
 * out; nothing here does I/O. */
#ifndef MXSCOPE_SRC_FACTS_SMTP_H
#define MXSCOPE_SRC_FACTS_SMTP_H

#include "base/buf.h"
#include "facts/field.h"

enum { /* bounds of ours, far above RFC 5321 4.5.3.1.5 (512 octets a reply line) */
    MXS_SMTP_LINE_MAX = 4096,
    MXS_SMTP_LINES_MAX = 200
};

enum mxs_smtp_quirk { /* what a reply got wrong; it is still read */
    MXS_SMTP_BARE_LF = 1u << 0,
    MXS_SMTP_NUL = 1u << 1,
    MXS_SMTP_CODE_CHANGED = 1u << 2, /* lines of one reply with different codes */
    MXS_SMTP_LONG_LINE = 1u << 3     /* over 512 octets */
};

struct mxs_smtp_reply {
    int code;             /* of the last line, as senders take it */
    struct mxs_strs lines; /* texts after the code and separator, sanitised */
    const char *enhanced; /* "5.7.1" of the first line (RFC 2034), or NULL */
    unsigned quirks;
    struct mxs_bytes raw; /* all octets of the reply, line ends included */
};

/* Looks for one whole reply at the start of b. MXS_OK: *used octets are the reply. MXS_ERR_NOT_FOUND:
 * more octets are needed. MXS_ERR_SYNTAX: not SMTP; MXS_ERR_LIMIT: a line or a reply without end;
 * both with why. */
enum mxs_err mxs_smtp_reply_parse(struct mxs_arena *arena, struct mxs_bytes b,
                                  struct mxs_smtp_reply *out, size_t *used, struct mxs_why *why);
/* The length of an enhanced status code (RFC 2034 4) that the text begins with; 0 when it has none. */
size_t mxs_smtp_enhanced_length(struct mxs_bytes text);

/* Field trees; what breaks the grammar is marked. ehlo: the lines after the first are keywords. */
struct mxs_field *mxs_smtp_reply_fields(struct mxs_arena *arena, struct mxs_bytes raw, bool ehlo);
struct mxs_field *mxs_smtp_command_fields(struct mxs_arena *arena, struct mxs_bytes raw);

/* The parameter text of an EHLO keyword ("" when it has none), NULL when it is not offered. */
const char *mxs_smtp_keyword(const struct mxs_smtp_reply *ehlo, const char *keyword);
/* True when the keyword's parameters list the word (AUTH EXTERNAL). */
bool mxs_smtp_keyword_has(const struct mxs_smtp_reply *ehlo, const char *keyword, const char *word);

#endif
