dist_man_MANS += man/mxscope.1 man/mxscope-scenario.5 man/mxscope-lesson.5 man/mxscope-session.5 man/mxscope-verifier.5 man/mxscope.conf.5
