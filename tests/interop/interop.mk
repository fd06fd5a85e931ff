# Against real programs from Debian, in namespaces (root). The fixed sample runs in `make check` of the
# plain build; `make check-interop` runs all.
INTEROP_SAMPLE = tests/interop/decode.py tests/interop/dnssec.py tests/interop/judge.py tests/interop/lab.py \
	tests/interop/refused.py tests/interop/tools.py tests/interop/walk.py
INTEROP_TESTS = $(INTEROP_SAMPLE) tests/interop/decode_mta.py
EXTRA_DIST += $(INTEROP_TESTS) tests/interop/compare.py tests/interop/departures.known tests/interop/departures.py tests/interop/host.py \
	tests/interop/pki.py tests/interop/senders.py tests/interop/servers.py \
	tests/interop/sink.py tests/interop/situations.py tests/interop/zones.py tests/interop/zoo.py
# prints our field trees for the comparison with tshark's
check_PROGRAMS += tests/interop/trees
tests_interop_trees_SOURCES = tests/interop/trees.c
tests_interop_trees_LDADD = $(ENGINE_LIBS)

if INTEROP
TESTS += $(INTEROP_SAMPLE)
endif

# INTEROP_SUITE=trixie: the servers and senders of Debian 13 in place of this system's, which tells what
# newer versions do otherwise than their profiles say.
RELEASE_TESTS = tests/interop/judge.py tests/interop/receive.py tests/interop/whatif_receive.py
check-interop: all
	tests='$(INTEROP_TESTS)'; test -z "$(INTEROP_SUITE)" || tests='$(RELEASE_TESTS)'; \
	INTEROP_ALL=1 INTEROP_RELEASE="$(INTEROP_SUITE)" $(MAKE) check TESTS="$$tests"
.PHONY: check-interop

# our rule sets against the libraries they are named after
INTEROP_SAMPLE += tests/interop/judge_libraries.py
EXTRA_DIST += tests/certs/anchors
check_PROGRAMS += tests/interop/paths
tests_interop_paths_SOURCES = tests/interop/paths.c
tests_interop_paths_LDADD = $(ENGINE_LIBS)

# client certificates of every kind shown to real receivers
INTEROP_SAMPLE += tests/interop/receive.py
EXTRA_DIST += tests/interop/receivers.py tests/interop/shapes.py
# and to those that read revocation lists
INTEROP_SAMPLE += tests/interop/crl.py

# the runbooks of plan, followed on real servers
INTEROP_SAMPLE += tests/interop/plan.py
INTEROP_TESTS += tests/interop/acme.py

# the archive for a classroom, in a bare root without a network
INTEROP_SAMPLE += tests/interop/bundle.py tests/interop/bundle_trixie.py
EXTRA_DIST += tests/interop/debian.py tests/interop/record_mta.py tests/interop/terminal.py

# the lines of remedies, fed to the programs they are for
INTEROP_SAMPLE += tests/interop/remedies.py

# the future, exported by whatif, in real receivers and met by real senders
INTEROP_SAMPLE += tests/interop/whatif_receive.py tests/interop/whatif_send.py

# receivers that come from another Debian, or are built here
EXTRA_DIST += tests/interop/receivers_more.py tests/interop/smtpserver.go
