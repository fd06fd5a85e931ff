libmxscopeui_a_SOURCES += ui/ui.h
