libmxscope_a_SOURCES += \
	src/judge/alert.c src/judge/alert.h \
	src/judge/assess.c src/judge/assess.h \
	src/judge/constraint.c src/judge/constraint.h \
	src/judge/crl.c src/judge/crl.h \
	src/judge/dane.c src/judge/dane.h \
	src/judge/dane_gnutls.c \
	src/judge/dane_lookup.c src/judge/dane_lookup.h \
	src/judge/dane_verdict.c \
	src/judge/find_chain.c \
	src/judge/find_client.c \
	src/judge/find_dane.c \
	src/judge/find_dns.c \
	src/judge/find_served.c \
	src/judge/find_session.c \
	src/judge/find_sts.c \
	src/judge/find_tls.c \
	src/judge/finding.c src/judge/finding.h \
	src/judge/findings.def \
	src/judge/glossary.c \
	src/judge/glossary.h \
	src/judge/headline.c \
	src/judge/library.c src/judge/library.h \
	src/judge/mta_sts.c src/judge/mta_sts.h \
	src/judge/ocsp.c src/judge/ocsp.h \
	src/judge/opportunistic.c \
	src/judge/panel.c src/judge/panel.h \
	src/judge/path.c src/judge/path.h \
	src/judge/path_judge.c \
	src/judge/path_search.c \
	src/judge/phrase.c src/judge/phrase.h \
	src/judge/profile.c \
	src/judge/profile.h \
	src/judge/purpose.c src/judge/purpose.h \
	src/judge/receiver.c \
	src/judge/receiver_rules.c \
	src/judge/requiretls.c \
	src/judge/ruleset.c src/judge/ruleset.h \
	src/judge/senders.c src/judge/senders.h \
	src/judge/sender.c src/judge/sender.h \
	src/judge/sender_cert.c \
	src/judge/sender_refused.c \
	src/judge/sender_room.h \
	src/judge/sender_rules.c \
	src/judge/signatures.c \
	src/judge/store.c src/judge/store.h \
	src/judge/submission.c \
	src/judge/transport.c \
	src/judge/trial.c src/judge/trial.h \
	src/judge/verdict.c src/judge/verdict.h \
	src/judge/verifier.h \
	src/judge/verifiers.c \
	src/judge/webpki.c src/judge/webpki.h
