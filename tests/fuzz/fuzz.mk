# Fuzz targets: fuzz.h says how they run. A new one: fuzz_NAME.c, seeds/NAME/, and its name here
# with its SOURCES.
FUZZ_TARGETS = \
	tests/fuzz/fuzz_anon \
	tests/fuzz/fuzz_catalog \
	tests/fuzz/fuzz_cert \
	tests/fuzz/fuzz_crl \
	tests/fuzz/fuzz_dns \
	tests/fuzz/fuzz_ehlo \
	tests/fuzz/fuzz_explain \
	tests/fuzz/fuzz_journal \
	tests/fuzz/fuzz_keys \
	tests/fuzz/fuzz_lesson \
	tests/fuzz/fuzz_ocsp \
	tests/fuzz/fuzz_pem \
	tests/fuzz/fuzz_profile \
	tests/fuzz/fuzz_reply \
	tests/fuzz/fuzz_scenario \
	tests/fuzz/fuzz_screen \
	tests/fuzz/fuzz_script \
	tests/fuzz/fuzz_sts \
	tests/fuzz/fuzz_target \
	tests/fuzz/fuzz_tls_message \
	tests/fuzz/fuzz_tlsa
check_PROGRAMS += $(FUZZ_TARGETS)
check_LIBRARIES += tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = tests/fuzz/replay_main.c tests/fuzz/fuzz.h
tests_fuzz_libreplay_a_CPPFLAGS = $(FUZZ_INCLUDE)
FUZZ_INCLUDE = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
if FUZZING
# each has libFuzzer's main() and runs until stopped, so not by `make check`
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
FUZZ_LDADDS = $(ENGINE_LIBS)
else
FUZZ_LINK = $(AM_LDFLAGS)
FUZZ_LDADDS = tests/fuzz/libreplay.a $(ENGINE_LIBS)
TESTS += $(FUZZ_TARGETS)
endif
EXTRA_DIST += tests/fuzz/seeds

tests_fuzz_fuzz_anon_SOURCES = tests/fuzz/fuzz_anon.c
tests_fuzz_fuzz_anon_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_anon_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_anon_LDADD = $(FUZZ_LDADDS)
tests_fuzz_fuzz_catalog_SOURCES = tests/fuzz/fuzz_catalog.c
tests_fuzz_fuzz_catalog_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_catalog_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_catalog_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_cert_SOURCES = tests/fuzz/fuzz_cert.c
tests_fuzz_fuzz_cert_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_cert_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_cert_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_crl_SOURCES = tests/fuzz/fuzz_crl.c
tests_fuzz_fuzz_crl_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_crl_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_crl_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_dns_SOURCES = tests/fuzz/fuzz_dns.c
tests_fuzz_fuzz_dns_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_dns_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_dns_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_ehlo_SOURCES = tests/fuzz/fuzz_ehlo.c
tests_fuzz_fuzz_ehlo_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_ehlo_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ehlo_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_explain_SOURCES = tests/fuzz/fuzz_explain.c src/cli/explain_input.c
tests_fuzz_fuzz_explain_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_explain_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_explain_LDADD = $(FUZZ_LDADDS) $(ZLIB_LIBS)

tests_fuzz_fuzz_journal_SOURCES = tests/fuzz/fuzz_journal.c
tests_fuzz_fuzz_journal_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_journal_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_journal_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_keys_SOURCES = tests/fuzz/fuzz_keys.c
tests_fuzz_fuzz_keys_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_keys_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_keys_LDADD = libmxscopeui.a $(FUZZ_LDADDS) $(CURSES_LIBS)

tests_fuzz_fuzz_lesson_SOURCES = tests/fuzz/fuzz_lesson.c
tests_fuzz_fuzz_lesson_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_lesson_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_lesson_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_ocsp_SOURCES = tests/fuzz/fuzz_ocsp.c
tests_fuzz_fuzz_ocsp_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_ocsp_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ocsp_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_pem_SOURCES = tests/fuzz/fuzz_pem.c
tests_fuzz_fuzz_pem_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_pem_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_pem_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_profile_SOURCES = tests/fuzz/fuzz_profile.c
tests_fuzz_fuzz_profile_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_profile_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_profile_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_reply_SOURCES = tests/fuzz/fuzz_reply.c
tests_fuzz_fuzz_reply_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_reply_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_reply_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_scenario_SOURCES = tests/fuzz/fuzz_scenario.c
tests_fuzz_fuzz_scenario_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_scenario_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_scenario_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_screen_SOURCES = tests/fuzz/fuzz_screen.c
tests_fuzz_fuzz_screen_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_screen_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_screen_LDADD = libmxscopeui.a $(FUZZ_LDADDS) $(CURSES_LIBS)

tests_fuzz_fuzz_script_SOURCES = tests/fuzz/fuzz_script.c
tests_fuzz_fuzz_script_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_script_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_script_LDADD = libmxscopeui.a $(FUZZ_LDADDS) $(CURSES_LIBS)

tests_fuzz_fuzz_sts_SOURCES = tests/fuzz/fuzz_sts.c
tests_fuzz_fuzz_sts_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_sts_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_sts_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_target_SOURCES = tests/fuzz/fuzz_target.c
tests_fuzz_fuzz_target_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_target_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_target_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_tls_message_SOURCES = tests/fuzz/fuzz_tls_message.c
tests_fuzz_fuzz_tls_message_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_tls_message_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_tls_message_LDADD = $(FUZZ_LDADDS)

tests_fuzz_fuzz_tlsa_SOURCES = tests/fuzz/fuzz_tlsa.c
tests_fuzz_fuzz_tlsa_CPPFLAGS = $(FUZZ_INCLUDE)
tests_fuzz_fuzz_tlsa_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_tlsa_LDADD = $(FUZZ_LDADDS)
