# The real engine against scripted peers on loopback, with real TLS.
UNIT_TESTS += tests/walk/t_walk
tests_walk_t_walk_SOURCES = tests/walk/t_walk.c tests/walk/world.c tests/walk/world.h
tests_walk_t_walk_CPPFLAGS = $(PEER_CPPFLAGS)
tests_walk_t_walk_CFLAGS = $(UNIT_CFLAGS)
tests_walk_t_walk_LDADD = $(PEER_LIBS)

UNIT_TESTS += tests/walk/t_offers
tests_walk_t_offers_SOURCES = tests/walk/t_offers.c tests/walk/world.c tests/walk/world.h
tests_walk_t_offers_CPPFLAGS = $(PEER_CPPFLAGS)
tests_walk_t_offers_CFLAGS = $(UNIT_CFLAGS)
tests_walk_t_offers_LDADD = $(PEER_LIBS)

UNIT_TESTS += tests/walk/t_debugger
tests_walk_t_debugger_SOURCES = tests/walk/t_debugger.c tests/walk/world.c tests/walk/world.h
tests_walk_t_debugger_CPPFLAGS = $(PEER_CPPFLAGS)
tests_walk_t_debugger_CFLAGS = $(UNIT_CFLAGS)
tests_walk_t_debugger_LDADD = $(PEER_LIBS)

UNIT_TESTS += tests/walk/t_engine
tests_walk_t_engine_SOURCES = tests/walk/t_engine.c tests/walk/world.c tests/walk/world.h
tests_walk_t_engine_CPPFLAGS = $(PEER_CPPFLAGS)
tests_walk_t_engine_CFLAGS = $(UNIT_CFLAGS)
tests_walk_t_engine_LDADD = $(PEER_LIBS)

# the steps of a rollover plan on the lab, with a moved clock
UNIT_TESTS += tests/walk/t_plan
tests_walk_t_plan_SOURCES = tests/walk/t_plan.c tests/unit/plan_world.h
tests_walk_t_plan_CFLAGS = $(UNIT_CFLAGS)
tests_walk_t_plan_LDADD = $(UNIT_LIBS)
