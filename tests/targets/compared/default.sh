# Debian as its packages leave it; the daemons that a system would start run.
rsyslogd
