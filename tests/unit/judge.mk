# unit tests of the judge room
UNIT_TESTS += tests/unit/t_judge_session
tests_unit_t_judge_session_SOURCES = tests/unit/t_judge_session.c tests/unit/judge_evidence.h
tests_unit_t_judge_session_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_judge_session_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/t_findings
tests_unit_t_findings_SOURCES = tests/unit/t_findings.c tests/unit/judge_certs.h \
	tests/unit/judge_evidence.h tests/unit/judge_words.h
tests_unit_t_findings_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_findings_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/t_crl
EXTRA_DIST += tests/certs/ca.sh tests/certs/crl
tests_unit_t_crl_SOURCES = tests/unit/t_crl.c tests/unit/judge_certs.h
tests_unit_t_crl_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_crl_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/t_senders
tests_unit_t_senders_SOURCES = tests/unit/t_senders.c
tests_unit_t_senders_CFLAGS = $(UNIT_CFLAGS) -DMXS_TEST_SHARE='"$(abs_top_srcdir)/share"'
tests_unit_t_senders_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/t_phrase
tests_unit_t_phrase_SOURCES = tests/unit/t_phrase.c tests/lib/cells.c tests/lib/cells.h
tests_unit_t_phrase_CFLAGS = $(UNIT_CFLAGS)
tests_unit_t_phrase_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/unit/phrases.tbl
