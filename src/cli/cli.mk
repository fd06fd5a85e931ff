mxscope_SOURCES += \
	src/cli/batch.c src/cli/batch.h \
	src/cli/cli.h \
	src/cli/cmd_catalog.c \
	src/cli/cmd_check.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_lab.c \
	src/cli/cmd_learn.c \
	src/cli/cmd_plan.c src/cli/cmd_plan.h \
	src/cli/cmd_plan_watch.c \
	src/cli/cmd_replay.c \
	src/cli/cmd_verify.c \
	src/cli/cmd_workbench.c \
	src/cli/cmd_whatif.c \
	src/cli/common.c \
	src/cli/config.c \
	src/cli/evidence.c src/cli/evidence.h \
	src/cli/evidence_words.c \
	src/cli/explain.h \
	src/cli/explain_input.c \
	src/cli/help.c \
	src/cli/lab_future.c src/cli/lab_future.h \
	src/cli/learn.h \
	src/cli/learn_doc.c \
	src/cli/learn_progress.c \
	src/cli/learn_text.c \
	src/cli/learn_world.c \
	src/cli/like.c src/cli/like.h src/cli/like_room.h \
	src/cli/like_profile.c \
	src/cli/main.c \
	src/cli/options.c \
	src/cli/output.c \
	src/cli/plan_book.c \
	src/cli/screen.h \
	src/cli/setters.c src/cli/setters.h \
	src/cli/whatif.c src/cli/whatif.h \
	src/cli/world.c src/cli/world.h
