SCREEN_TESTS = tests/screens/lessons.sh tests/screens/live.sh tests/screens/manual.sh tests/screens/replay.sh \
	tests/screens/terminal.sh
SCREEN_TESTS += tests/screens/anonymise.sh tests/screens/offline.sh
TESTS += $(SCREEN_TESTS)
EXTRA_DIST += $(SCREEN_TESTS) tests/screens/lib.sh \
	tests/screens/clean.keys tests/screens/mta.keys tests/screens/plan.keys tests/screens/refused.keys tests/screens/stripped.keys \
	tests/screens/whatif.keys \
	tests/screens/golden tests/screens/sessions
