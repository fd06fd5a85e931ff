/* The keys of a lesson. */
#include "config.h"

#include "ui/actions.h"
#include "ui/card.h"
#include "ui/workbench.h"

#include <string.h>

void ui_act_go_on(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_lesson_go_on(ui);
}

void ui_act_answer(struct ui *ui, const char *arg)
{
    size_t n = ui_lesson_step(&ui->lesson)->n_answers;
    if (strlen(arg) != 1 || *arg < 'a' || *arg >= 'a' + (int)n)
        ui_say(ui, UI_STYLE_WARN, "answer: a to %c", (int)('a' + n - 1));
    else
        ui_lesson_answer(ui, *arg - 'a');
}

void ui_act_next_step(struct ui *ui, const char *arg)
{
    (void)arg;
    if (ui->lesson.phase == UI_LESSON_END)
        ui_say(ui, UI_STYLE_DIM, "this is the end of the lesson");
    else
        ui_lesson_enter(ui, ui->lesson.step + 1);
}

void ui_act_previous_step(struct ui *ui, const char *arg)
{
    (void)arg;
    if (ui->lesson.phase == UI_LESSON_END)
        ui_lesson_enter(ui, ui->lesson.step);
    else if (ui->lesson.step == 0)
        ui_say(ui, UI_STYLE_DIM, "this is the first step");
    else
        ui_lesson_enter(ui, ui->lesson.step - 1);
}

void ui_act_restart(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_lesson_restart(ui);
}

void ui_act_lesson(struct ui *ui, const char *arg)
{
    (void)arg;
    ui_popup_open(&ui->popup, "The lesson");
    ui_card_whole(ui, &ui->popup.lines, ui_popup_width(&ui->surface));
}
