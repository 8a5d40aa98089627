# Debian's databases and web servers, running; the packet filter closes one version of addresses.
nft add table ip filter; nft 'add chain ip filter input { type filter hook input priority 0; policy drop; }'
nft add rule ip filter input iif lo accept; nft add rule ip filter input ct state established,related accept
echo '*.* ~' > /etc/rsyslog.d/10.conf; echo '*.* @@192.0.2.9' > /etc/rsyslog.d/90.conf
rsyslogd
serve
