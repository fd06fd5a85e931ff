# Measurements, not part of `make check`: make bench
check_PROGRAMS += tests/bench/measure
tests_bench_measure_SOURCES = tests/bench/measure.c
EXTRA_DIST += tests/bench/check.sh

.PHONY: bench bench-check
bench: bench-check
bench-check: mxscope tests/bench/measure
	$(srcdir)/tests/bench/check.sh $(builddir)
