# overlays, scenarios, chain rebuild, matrix, fallback, timeline, planner
libmxscope_a_SOURCES += \
	src/whatif/change.h \
	src/whatif/fallback.c src/whatif/fallback.h \
	src/whatif/keypool.c src/whatif/keypool.h \
	src/whatif/matrix.c src/whatif/matrix.h \
	src/whatif/overlay.h \
	src/whatif/plan.h src/whatif/plan_room.h \
	src/whatif/plan_acme.c \
	src/whatif/plan_cause.c \
	src/whatif/plan_chain.c \
	src/whatif/plan_next.c \
	src/whatif/plan_proof.c \
	src/whatif/plan_records.c \
	src/whatif/plan_steps.c \
	src/whatif/rebuild.c src/whatif/rebuild.h \
	src/whatif/remedy.h \
	src/whatif/scenario.h \
	src/whatif/subject.h \
	src/whatif/tbs.c src/whatif/tbs.h \
	src/whatif/timeline.c src/whatif/timeline.h
