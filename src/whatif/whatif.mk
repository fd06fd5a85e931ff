# overlays, scenarios, chain rebuild, matrix, fallback, timeline, planner
libmxscope_a_SOURCES += \
	src/whatif/keypool.c src/whatif/keypool.h \
	src/whatif/rebuild.c src/whatif/rebuild.h \
	src/whatif/tbs.c src/whatif/tbs.h
