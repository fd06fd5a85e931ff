SCREEN_TESTS = tests/screens/lessons.sh tests/screens/live.sh tests/screens/manual.sh tests/screens/replay.sh \
	tests/screens/terminal.sh
SCREEN_TESTS += tests/screens/anonymise.sh tests/screens/offline.sh tests/screens/readme.sh
TESTS += $(SCREEN_TESTS)
EXTRA_DIST += $(SCREEN_TESTS) tests/screens/lib.sh \
	tests/screens/clean.keys tests/screens/mta.keys tests/screens/plan.keys tests/screens/refused.keys tests/screens/stripped.keys \
	tests/screens/whatif.keys \
	tests/screens/golden tests/screens/sessions

# README.md's screens, made anew
screens: all
	$(top_srcdir)/tools/make-screens $(abs_builddir)
.PHONY: screens
EXTRA_DIST += tools/make-screens
