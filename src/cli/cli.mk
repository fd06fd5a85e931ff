mxscope_SOURCES += \
	src/cli/cli.h \
	src/cli/cmd_lab.c \
	src/cli/cmd_workbench.c \
	src/cli/common.c \
	src/cli/config.c \
	src/cli/help.c \
	src/cli/main.c \
	src/cli/options.c \
	src/cli/setters.c src/cli/setters.h
