# unit tests of the net room
