# unit tests of the report room
