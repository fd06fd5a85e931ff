/* Key bindings of the config file and scripts of keys and commands. */
#include "config.h"

#include "fuzz/fuzz.h"
#include "ui/keymap.h"
#include "ui/script.h"

static void bind(const char *row)
{
    struct ui_keymap keymap;
    struct mxs_why why = { 0 };
    ui_keymap_init(&keymap);
    if (ui_keymap_bind(&keymap, row, &why) != MXS_OK) {
        FUZZ_MUST(why.text[0]);
        fuzz_clean(why.text);
    }
    ui_keymap_fini(&keymap);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_arena *arena = mxs_arena_new();
    const char *text = fuzz_text(arena, data, size);
    struct ui_script script = { 0 };
    struct mxs_why why = { 0 };
    bind(text);
    if (ui_script_parse(&script, "keys", text, &why) == MXS_OK) {
        const struct ui_script_item *item;
        while ((item = ui_script_next(&script)))
            FUZZ_MUST((item->key == UI_KEY_NONE) == (item->command != NULL));
    } else {
        FUZZ_MUST(strncmp(why.text, "keys:", 5) == 0);
        fuzz_clean(why.text);
    }
    ui_script_fini(&script);
    mxs_arena_free(arena);
    return 0;
}
