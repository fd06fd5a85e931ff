# unit tests of the ui room
