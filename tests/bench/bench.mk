# Measurements, not part of `make check`: make bench
check_PROGRAMS += tests/bench/measure
tests_bench_measure_SOURCES = tests/bench/measure.c
EXTRA_DIST += tests/bench/batch.sh tests/bench/check.sh tests/bench/crowd.py tests/bench/lib.sh

.PHONY: bench bench-batch bench-check
bench: bench-check bench-batch
bench-check: mxscope tests/bench/measure
	$(srcdir)/tests/bench/check.sh $(builddir)
bench-batch: mxscope tests/bench/measure
	$(srcdir)/tests/bench/batch.sh $(builddir)
