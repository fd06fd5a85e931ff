/* Text: sanitising what peers send, hex and base64, ASCII case. */
#ifndef MXSCOPE_SRC_BASE_TEXT_H
#define MXSCOPE_SRC_BASE_TEXT_H

#include "base/arena.h"

/* Wire bytes as printable UTF-8: C0, DEL and C1 as \r \n \t or \xNN, invalid UTF-8 as U+FFFD, bidi
 * controls as \u{NNNN}. The one way from peer bytes to a screen, a log line, JSON or HTML. */
char *mxs_text_clean(struct mxs_arena *arena, struct mxs_bytes wire);
/* The same, at most max bytes of wire, with an ellipsis when cut. */
char *mxs_text_clip(struct mxs_arena *arena, struct mxs_bytes wire, size_t max);

/* In place: a ? for everything that mxs_text_clean would not leave as it is. */
void mxs_text_mask(char *s);

char *mxs_hex(struct mxs_arena *arena, struct mxs_bytes b); /* lower case, no separators */
/* Spaces and colons are skipped; odd digits or others are MXS_ERR_SYNTAX. */
enum mxs_err mxs_hex_parse(struct mxs_arena *arena, const char *s, struct mxs_bytes *out);

char *mxs_base64(struct mxs_arena *arena, struct mxs_bytes b);
enum mxs_err mxs_base64_parse(struct mxs_arena *arena, const char *s, size_t n,
                              struct mxs_bytes *out); /* white space is skipped (RFC 4648 3.3) */

/* ASCII only, whatever the locale: names and keywords of protocols. */
bool mxs_ascii_equal(const char *a, const char *b);
bool mxs_ascii_prefix(const char *s, const char *prefix);
char *mxs_ascii_lower(struct mxs_arena *arena, const char *s);

/* Shell-style match with * and ?, for --verifier and --scenario. */
bool mxs_glob(const char *pattern, const char *s);

/* "a, b, c" with ", " between; "" for an empty list. */
const char *mxs_text_joined(struct mxs_arena *arena, const struct mxs_strs *list, const char *between);

/* Edit distance of two short names, ASCII case ignored, for "did you mean"; 99 when b is longer than 63
 * bytes. */
size_t mxs_text_distance(const char *a, const char *b);

/* True when word is one of the words of list, separated by blanks. */
bool mxs_word_in(const char *list, const char *word);

#endif
