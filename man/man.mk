# manual pages: dist_man_MANS += man/mxscope.1
