/* What hides names, and what writes documents: applied twice is applied once, and hidden text is no
 * markup in any form. */
#include "config.h"

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "report/anon.h"
#include "report/doc.h"

static void written(struct mxs_arena *arena, const char *text)
{
    static const struct mxs_doc_column columns[] = { { "a", 0 }, { "b", MXS_DOC_MONO } };
    struct mxs_doc *doc = mxs_doc_new(arena, text);
    struct mxs_buf out;
    mxs_doc_para(doc, "%s", text);
    mxs_doc_prose(doc, text);
    mxs_doc_item(doc, "%s", text);
    mxs_doc_code(doc, text);
    mxs_doc_table(doc, columns, 2);
    mxs_doc_cell(doc, MXS_TONE_BAD, "%s", text);
    mxs_doc_cell(doc, MXS_TONE_PLAIN, "%s", text);
    mxs_doc_hint(doc, text);
    mxs_buf_init(&out, 1 << 24);
    mxs_doc_html(doc, &out);
    const char *page = strstr(mxs_buf_str(&out), "<body>"); /* its own tags have no quotes but class= */
    FUZZ_MUST(page && !strstr(page, "<script") && !strstr(page, "<img") && !strstr(page, "onerror=\""));
    mxs_buf_clear(&out);
    mxs_doc_markdown(doc, &out);
    mxs_buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    struct mxs_anon *anon = mxs_anon_new(NULL);
    const char *text = mxs_text_clean(arena, mxs_bytes(data, size < 4096 ? size : 4096));
    const char *once = mxs_anon_text(anon, arena, text);
    const char *twice = mxs_anon_text(anon, arena, once);
    /* a broken address may join with what stands for another one */
    if (strcmp(once, twice) != 0 && !strchr(text, ':')) {
        fprintf(stderr, "%s\n%s\n%s\n", text, once, twice);
        abort();
    }
    fuzz_clean(once);
    written(arena, once);
    mxs_anon_free(anon);
    mxs_arena_free(arena);
    return 0;
}
