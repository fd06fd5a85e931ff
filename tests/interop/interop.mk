# Against real programs from Debian, in namespaces (root). The fixed sample runs in `make check` of the
# plain build; `make check-interop` runs all.
INTEROP_SAMPLE = tests/interop/judge.py tests/interop/walk.py
INTEROP_TESTS = $(INTEROP_SAMPLE)
EXTRA_DIST += $(INTEROP_TESTS) tests/interop/host.py tests/interop/pki.py tests/interop/servers.py tests/interop/sink.py \
	tests/interop/zones.py
if INTEROP
TESTS += $(INTEROP_SAMPLE)
endif

check-interop: all
	$(MAKE) check TESTS='$(INTEROP_TESTS)'
.PHONY: check-interop
