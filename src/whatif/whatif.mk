# overlays, scenarios, chain rebuild, matrix, fallback, timeline, planner
libmxscope_a_SOURCES += \
	src/whatif/change.h \
	src/whatif/fallback.c src/whatif/fallback.h \
	src/whatif/keypool.c src/whatif/keypool.h \
	src/whatif/matrix.c src/whatif/matrix.h \
	src/whatif/overlay.h \
	src/whatif/rebuild.c src/whatif/rebuild.h \
	src/whatif/remedy.h \
	src/whatif/scenario.h \
	src/whatif/subject.h \
	src/whatif/tbs.c src/whatif/tbs.h \
	src/whatif/timeline.c src/whatif/timeline.h
