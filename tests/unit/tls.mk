# unit tests of the tls room
