# unit tests of the lab room
