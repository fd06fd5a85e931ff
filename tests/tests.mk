# Each folder of tests has its own fragment. Shell tests get the source folder as $srcdir and run in
# the build folder; exit 77 is a skip, its first line of output the reason.
AM_TESTS_ENVIRONMENT = MXSCOPE_DATA='$(abs_top_srcdir)/share'; export MXSCOPE_DATA; \
	LC_ALL=C.UTF-8; export LC_ALL; CC='$(CC)'; export CC;
include tests/unit/unit.mk
include tests/matrix/matrix.mk
include tests/lib/lib.mk
include tests/lint/lint.mk
include tests/cli/cli.mk
include tests/fuzz/fuzz.mk
include tests/walk/walk.mk
include tests/screens/screens.mk
include tests/hostile/hostile.mk
include tests/interop/interop.mk
include tests/replay/replay.mk
include tests/bench/bench.mk
