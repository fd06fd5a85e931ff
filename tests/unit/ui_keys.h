/* Keys and commands by name, as a script would give them, each painted. */
#ifndef MXSCOPE_TESTS_UNIT_UI_KEYS_H
#define MXSCOPE_TESTS_UNIT_UI_KEYS_H

static inline void keys(struct ui *ui, const char *line)
{
    struct mxs_why why = { MXS_OK, "" };
    struct ui_script script;
    assert_int_equal(ui_script_parse(&script, "test", line, &why), MXS_OK);
    for (const struct ui_script_item *item; (item = ui_script_next(&script));) {
        if (item->command)
            ui_command(ui, item->command);
        else
            ui_key(ui, item->key);
        ui_paint(ui);
    }
    ui_script_fini(&script);
}

#endif
