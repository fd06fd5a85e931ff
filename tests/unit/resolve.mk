# unit tests of the resolve room
