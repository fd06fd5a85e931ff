# overlays, scenarios, chain rebuild, matrix, fallback, timeline, planner
libmxscope_a_SOURCES += \
	src/whatif/change.c src/whatif/change.h \
	src/whatif/change_ca.c \
	src/whatif/change_leaf.c \
	src/whatif/change_published.c \
	src/whatif/change_rows.h \
	src/whatif/change_restore.c \
	src/whatif/change_served.c \
	src/whatif/change_world.c \
	src/whatif/crls.c src/whatif/crls.h \
	src/whatif/draft.c src/whatif/draft.h \
	src/whatif/draft_build.c \
	src/whatif/export.c src/whatif/export.h \
	src/whatif/fallback.c src/whatif/fallback.h \
	src/whatif/keypool.c src/whatif/keypool.h \
	src/whatif/matrix.c src/whatif/matrix.h \
	src/whatif/overlay.c src/whatif/overlay.h \
	src/whatif/plan.h src/whatif/plan_room.h \
	src/whatif/plan_acme.c \
	src/whatif/plan_cause.c src/whatif/plan_cell.c \
	src/whatif/plan_chain.c \
	src/whatif/plan_instants.c \
	src/whatif/plan_next.c src/whatif/plan_places.c \
	src/whatif/plan_proof.c src/whatif/plan_proof_room.h \
	src/whatif/plan_records.c src/whatif/plan_result.c \
	src/whatif/plan_steps.c \
	src/whatif/rebuild.c src/whatif/rebuild.h \
	src/whatif/rebuild_replica.c \
	src/whatif/rebuild_room.h \
	src/whatif/rebuild_signer.c \
	src/whatif/remedy.c src/whatif/remedy.h \
	src/whatif/remedy_lines.c \
	src/whatif/remedy_read.c src/whatif/remedy_room.h \
	src/whatif/scenario.c src/whatif/scenario.h \
	src/whatif/scenario_read.c \
	src/whatif/scenario_room.h \
	src/whatif/scenario_text.c \
	src/whatif/seat.c src/whatif/seat.h \
	src/whatif/subject.c src/whatif/subject.h \
	src/whatif/tbs.c src/whatif/tbs.h \
	src/whatif/timeline.c src/whatif/timeline.h
