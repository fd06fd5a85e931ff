LINT_TESTS = tests/lint/banned.sh tests/lint/edges.sh tests/lint/headers.sh tests/lint/length.sh \
	tests/lint/symbols.sh
TESTS += $(LINT_TESTS)
EXTRA_DIST += $(LINT_TESTS) tests/lint/edges.tbl tests/lint/length.ok tests/run-check
