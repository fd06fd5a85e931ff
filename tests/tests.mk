# Each folder of tests has its own fragment.
include tests/unit/unit.mk
