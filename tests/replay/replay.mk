# Recorded sessions and what they come to; net/ takes no part.
check_PROGRAMS += tests/replay/replay_facts
tests_replay_replay_facts_SOURCES = tests/replay/replay_facts.c
tests_replay_replay_facts_LDADD = $(ENGINE_LIBS)
TESTS += tests/replay/replay.sh
EXTRA_DIST += tests/replay/replay.sh $(REPLAY_SESSIONS:=.session) $(REPLAY_SESSIONS:=.expect)
REPLAY_SESSIONS = tests/replay/banner-421 tests/replay/clean-domain \
	tests/replay/client-cert-late-alert tests/replay/client-cert-required \
	tests/replay/ehlo-broken tests/replay/glued tests/replay/mx-bogus tests/replay/null-mx \
	tests/replay/revoked tests/replay/starttls-stripped tests/replay/sts-stale \
	tests/replay/tls12 tests/replay/tlsa-stale
