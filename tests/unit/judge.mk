# unit tests of the judge room
