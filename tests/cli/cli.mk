# What an operator meets on the command line: the binary itself, over the built-in lab where it walks.
CLI_TESTS = tests/cli/completion.sh tests/cli/explain.sh tests/cli/man.sh tests/cli/words.sh
TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS) tests/cli/lib.sh
