mxscope_SOURCES += src/cli/main.c
