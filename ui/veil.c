#include "config.h"

#include "ui/veil.h"

#include "report/anon.h"

static struct mxs_anon *veil;

void ui_veil_set(struct mxs_anon *anon)
{
    veil = anon;
}

bool ui_veiled(void)
{
    return veil != NULL;
}

const char *ui_veil(struct mxs_arena *arena, const char *text)
{
    return veil ? mxs_anon_text(veil, arena, text) : text;
}
