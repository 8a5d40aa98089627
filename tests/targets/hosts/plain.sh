# Debian as its packages leave it.
serve
