# The matrices of judge/: every row with its expected verdict and the section it rests on.
UNIT_TESTS += tests/matrix/m_dane tests/matrix/m_names tests/matrix/m_paths \
	tests/matrix/m_policies tests/matrix/m_purposes tests/matrix/t_receiver

tests_matrix_m_dane_SOURCES = tests/matrix/m_dane.c tests/unit/judge_certs.h tests/unit/judge_evidence.h
tests_matrix_m_dane_CFLAGS = $(UNIT_CFLAGS)
tests_matrix_m_dane_LDADD = $(UNIT_LIBS)
tests_matrix_m_names_SOURCES = tests/matrix/m_names.c
tests_matrix_m_names_CFLAGS = $(UNIT_CFLAGS)
tests_matrix_m_names_LDADD = $(UNIT_LIBS)
tests_matrix_m_paths_SOURCES = tests/matrix/m_paths.c
tests_matrix_m_paths_CFLAGS = $(UNIT_CFLAGS)
tests_matrix_m_paths_LDADD = $(UNIT_LIBS)
tests_matrix_m_policies_SOURCES = tests/matrix/m_policies.c
tests_matrix_m_policies_CFLAGS = $(UNIT_CFLAGS)
tests_matrix_m_policies_LDADD = $(UNIT_LIBS)
tests_matrix_m_purposes_SOURCES = tests/matrix/m_purposes.c
tests_matrix_m_purposes_CFLAGS = $(UNIT_CFLAGS)
tests_matrix_m_purposes_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/certs/judge

tests_matrix_t_receiver_SOURCES = tests/matrix/t_receiver.c tests/lib/cells.c tests/lib/cells.h
tests_matrix_t_receiver_CFLAGS = $(UNIT_CFLAGS)
tests_matrix_t_receiver_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/certs/receiver tests/matrix/receiver.known tests/matrix/receiver.tbl \
	tests/matrix/receiver_import.py

UNIT_TESTS += tests/matrix/t_sender
tests_matrix_t_sender_SOURCES = tests/matrix/t_sender.c tests/lib/cells.c tests/lib/cells.h \
	tests/unit/judge_words.h
tests_matrix_t_sender_CFLAGS = $(UNIT_CFLAGS)
tests_matrix_t_sender_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/matrix/sender.known tests/matrix/sender.tbl tests/matrix/sender_import.py \
	tests/matrix/sender_variants.tbl
