# Measurements, not part of `make check`: make bench
check_PROGRAMS += tests/bench/measure tests/bench/whatif
tests_bench_measure_SOURCES = tests/bench/measure.c
tests_bench_whatif_SOURCES = tests/bench/whatif.c
tests_bench_whatif_LDADD = $(ENGINE_LIBS)
EXTRA_DIST += tests/bench/batch.sh tests/bench/check.sh tests/bench/crowd.py tests/bench/lib.sh \
	tests/bench/verify.sh tests/bench/whatif.sh

.PHONY: bench bench-batch bench-check bench-whatif
bench: bench-check bench-batch bench-whatif
bench-check: mxscope tests/bench/measure
	$(srcdir)/tests/bench/check.sh $(builddir)
bench-batch: mxscope tests/bench/measure
	$(srcdir)/tests/bench/batch.sh $(builddir)
bench-whatif: mxscope tests/bench/whatif
	$(srcdir)/tests/bench/whatif.sh $(builddir) $(srcdir)

# the proof of a rollover over a million states
check_PROGRAMS += tests/bench/plan
tests_bench_plan_SOURCES = tests/bench/plan.c tests/unit/plan_world.h
tests_bench_plan_LDADD = $(ENGINE_LIBS)
.PHONY: bench-plan
bench: bench-plan
bench-plan: tests/bench/plan
	srcdir=$(srcdir) tests/bench/plan
.PHONY: bench-verify
bench: bench-verify
bench-verify: mxscope tests/bench/measure
	$(srcdir)/tests/bench/verify.sh $(builddir)
