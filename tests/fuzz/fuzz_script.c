/* Scripts and key bindings of the workbench. */
#include "config.h"

#include "fuzz/fuzz.h"
#include "ui/actions.h"
#include "ui/keymap.h"
#include "ui/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    const char *text = fuzz_text(arena, data, size);
    struct mxs_why why = { 0 };
    struct ui_script script;
    struct ui_keymap keymap;
    if (ui_script_parse(&script, "script", text, &why) == MXS_OK) {
        for (const struct ui_script_item *item; (item = ui_script_next(&script));)
            FUZZ_MUST(item->line > 0 && (!item->command || item->key == UI_KEY_NONE));
    } else {
        FUZZ_MUST(why.err == MXS_ERR_SYNTAX && why.text[0]);
    }
    ui_script_fini(&script);
    ui_keymap_init(&keymap);
    size_t before = keymap.bindings.n;
    enum mxs_err err = ui_keymap_bind(&keymap, text, &why);
    FUZZ_MUST(keymap.bindings.n == before + (err == MXS_OK));
    if (err == MXS_OK && strcmp(keymap.bindings.v[before].action, "none") != 0)
        FUZZ_MUST(ui_keymap_find(&keymap, keymap.bindings.v[before].key) ==
                  &keymap.bindings.v[before]);
    ui_keymap_fini(&keymap);
    mxs_arena_free(arena);
    return 0;
}
