libmxscopeui_a_SOURCES += \
	ui/hexdump.c ui/hexdump.h \
	ui/key.c ui/key.h \
	ui/line.c ui/line.h \
	ui/list.c ui/list.h \
	ui/surface.c ui/surface.h \
	ui/table.c ui/table.h \
	ui/theme.c ui/theme.h \
	ui/tree.c ui/tree.h \
	ui/ui.h
