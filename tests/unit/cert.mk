# unit tests of the cert room
