libmxscope_a_SOURCES += \
	src/judge/assess.h \
	src/judge/dane_lookup.c src/judge/dane_lookup.h \
	src/judge/store.h \
	src/judge/verdict.h
