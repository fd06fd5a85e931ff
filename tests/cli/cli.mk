# What an operator meets on the command line: the binary itself, over the built-in lab where it walks.
CLI_TESTS = tests/cli/batch.sh tests/cli/catalog.sh tests/cli/check.sh tests/cli/completion.sh \
	tests/cli/explain.sh tests/cli/learn.sh tests/cli/future.sh tests/cli/handout.sh tests/cli/like.sh tests/cli/man.sh \
	tests/cli/pcap.sh tests/cli/plan.sh tests/cli/replay.sh tests/cli/verify.sh tests/cli/whatif.sh \
	tests/cli/words.sh
CLI_TESTS += tests/cli/anonymise.sh tests/cli/broken.sh
TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS) tests/cli/lib.sh tests/cli/report.shape tests/cli/whatif.shape

# Checks JSON lines against a shape file: members, their order, their words.
check_PROGRAMS += tests/cli/json_shape
tests_cli_json_shape_SOURCES = tests/cli/json_shape.c
tests_cli_json_shape_LDADD = $(JANSSON_LIBS)

# Which finding each fault of the lab must cause.
CLI_TESTS += tests/cli/faults.sh
check_PROGRAMS += tests/cli/fault_list
tests_cli_fault_list_SOURCES = tests/cli/fault_list.c
tests_cli_fault_list_LDADD = $(ENGINE_LIBS)
