/* Documents in their two forms: what is text stays text in each. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "report/doc.h"

static struct mxs_arena *arena;
static struct mxs_buf out;

static int setup(void **state)
{
    (void)state;
    arena = mxs_arena_new();
    mxs_buf_init(&out, 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mxs_arena_free(arena);
    mxs_buf_fini(&out);
    return 0;
}

static void sample_table(struct mxs_doc *doc)
{
    static const struct mxs_doc_column columns[] = {
        { "who|what", MXS_DOC_HEAD }, { "said", MXS_DOC_MONO }, { "n", MXS_DOC_RIGHT },
    };
    mxs_doc_table(doc, columns, 3);
    mxs_doc_cell(doc, MXS_TONE_PLAIN, "server");
    mxs_doc_cell(doc, MXS_TONE_BAD, "454 `no` | <never>");
    mxs_doc_hint(doc, "a \"hint\"");
    mxs_doc_cell(doc, MXS_TONE_PLAIN, "7");
    mxs_doc_cell(doc, MXS_TONE_PLAIN, "client");
    mxs_doc_shade(doc);
    mxs_doc_cell(doc, MXS_TONE_GOOD, "first line\nsecond");
}

static struct mxs_doc *sample(void)
{
    struct mxs_doc *doc = mxs_doc_new(arena, "a <b> & c");
    mxs_doc_title(doc, 1, MXS_TONE_BAD, "CRITICAL", "%s", "example.org <script>");
    mxs_doc_para(doc, "%s", "1. not a list\n# no heading, *no* emphasis, [no](link), snake_case");
    mxs_doc_para(doc, "%s", "");
    mxs_doc_mark(doc, MXS_TONE_WARN, "Mind", "the %s", "gap");
    mxs_doc_item(doc, "one");
    mxs_doc_prose(doc, "run `postfix reload` twice, not ` once");
    mxs_doc_code(doc, "openssl s_client <x\n```\n");
    sample_table(doc);
    return doc;
}

static void has(const char *text)
{
    if (!strstr(mxs_buf_str(&out), text))
        fail_msg("no %s in\n%s", text, mxs_buf_str(&out));
}

static void html(void **state)
{
    (void)state;
    assert_int_equal(mxs_doc_html(sample(), &out), MXS_OK);
    has("<title>a &lt;b&gt; &amp; c</title>");
    has("<h1><span class=\"bad\">CRITICAL</span> example.org &lt;script&gt;</h1>");
    has("<ul>\n<li>one</li>\n</ul>\n<p>run <code>postfix reload</code> twice, not ` once</p>");
    has("<pre>openssl s_client &lt;x\n```\n</pre>");
    has("<td class=\"m\" title=\"a &quot;hint&quot;\"><span class=\"bad\">454 `no` | &lt;never&gt;");
    has("<tr class=\"s\"><th>client</th>");
    has("first line<br>second");
    assert_null(strstr(mxs_buf_str(&out), "<script"));
    assert_null(strstr(mxs_buf_str(&out), "://"));
}

static void markdown(void **state)
{
    (void)state;
    assert_int_equal(mxs_doc_markdown(sample(), &out), MXS_OK);
    has("# **CRITICAL** example.org \\<script\\>\n");
    has("\n1\\. not a list  \n\\# no heading, \\*no\\* emphasis, \\[no\\](link), snake_case\n");
    has("\n**Mind** the gap\n");
    has("\n- one\n\nrun `postfix reload` twice, not \\` once\n");
    has("\n````\nopenssl s_client <x\n```\n````\n");
    has("| who\\|what | said | n |\n|---|---|---:|\n");
    has("| server | ``454 `no` \\| <never>`` | 7 |\n");
    has("| client | `first line`<br>`second` |  |\n");
}

static const char *shout(void *data, const char *s)
{
    (void)s;
    ++*(int *)data;
    return "X";
}

static void map(void **state)
{
    int n = 0;
    (void)state;
    struct mxs_doc *doc = sample();
    mxs_doc_map(doc, shout, &n);
    assert_int_equal(n, 1 + 7 + 2 + 3 + 5 + 1); /* title, blocks, words, columns, cells, hint */
    assert_int_equal(mxs_doc_markdown(doc, &out), MXS_OK);
    assert_null(strstr(mxs_buf_str(&out), "example"));
}

/* A full buffer is told; hostile tables do no harm. */
static void bounds(void **state)
{
    static const struct mxs_doc_column wide[40] = { { "x", 0 } };
    struct mxs_buf small;
    (void)state;
    mxs_buf_init(&small, 64);
    assert_int_equal(mxs_doc_html(sample(), &small), MXS_ERR_LIMIT);
    mxs_buf_fini(&small);
    struct mxs_doc *doc = mxs_doc_new(arena, NULL);
    mxs_doc_cell(doc, MXS_TONE_PLAIN, "no table yet");
    mxs_doc_hint(doc, "x");
    mxs_doc_shade(doc);
    mxs_doc_table(doc, wide, 40);
    mxs_doc_cell(doc, MXS_TONE_PLAIN, "%s", "");
    assert_int_equal(mxs_doc_html(doc, &out), MXS_OK);
    assert_int_equal(mxs_doc_markdown(doc, &out), MXS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(html, setup, teardown),
        cmocka_unit_test_setup_teardown(markdown, setup, teardown),
        cmocka_unit_test_setup_teardown(map, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
