libmxscope_a_SOURCES += \
	src/learn/claim.c src/learn/claim.h \
	src/learn/claim_future.c \
	src/learn/claim_words.c src/learn/claim_words.h \
	src/learn/lesson.h \
	src/learn/lesson_fill.c \
	src/learn/lesson_of.c \
	src/learn/lesson_read.c \
	src/learn/lessons.c \
	src/learn/progress.c src/learn/progress.h
