libmxscope_a_SOURCES += \
	src/judge/assess.c \
	src/judge/assess.h \
	src/judge/dane_lookup.c \
	src/judge/dane_lookup.h \
	src/judge/find_session.c \
	src/judge/finding.c \
	src/judge/finding.h \
	src/judge/findings.def \
	src/judge/headline.c \
	src/judge/opportunistic.c \
	src/judge/store.c \
	src/judge/store.h \
	src/judge/transport.c \
	src/judge/verdict.c \
	src/judge/verdict.h \
	src/judge/verifier.h \
	src/judge/verifiers.c
