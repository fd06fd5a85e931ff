# unit tests of the what-if room
WHATIF_CFLAGS = $(CERT_CFLAGS)
EXTRA_DIST += tests/certs/whatif

UNIT_TESTS += tests/unit/t_overlay
tests_unit_t_overlay_SOURCES = tests/unit/t_overlay.c tests/unit/whatif_bench.h tests/unit/whatif_states.h
tests_unit_t_overlay_CFLAGS = $(WHATIF_CFLAGS)
tests_unit_t_overlay_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_overlay_dates
tests_unit_t_overlay_dates_SOURCES = tests/unit/t_overlay_dates.c tests/unit/whatif_bench.h tests/unit/whatif_states.h
tests_unit_t_overlay_dates_CFLAGS = $(WHATIF_CFLAGS)
tests_unit_t_overlay_dates_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_export
tests_unit_t_export_SOURCES = tests/unit/t_export.c tests/unit/whatif_bench.h
tests_unit_t_export_CFLAGS = $(WHATIF_CFLAGS)
tests_unit_t_export_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_scenario
tests_unit_t_scenario_SOURCES = tests/unit/t_scenario.c tests/unit/catalog_world.h
tests_unit_t_scenario_CFLAGS = $(WHATIF_CFLAGS)
tests_unit_t_scenario_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/t_healed
tests_unit_t_healed_SOURCES = tests/unit/t_healed.c tests/unit/whatif_bench.h tests/unit/whatif_states.h
tests_unit_t_healed_CFLAGS = $(WHATIF_CFLAGS)
tests_unit_t_healed_LDADD = $(UNIT_LIBS)
