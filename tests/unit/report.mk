# unit tests of the report room
UNIT_TESTS += tests/unit/t_options
tests_unit_t_options_SOURCES = tests/unit/t_options.c src/cli/common.c src/cli/config.c \
	src/cli/help.c src/cli/options.c src/cli/setters.c
tests_unit_t_options_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_options_LDADD = $(UNIT_LIBS)
