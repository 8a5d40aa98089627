# Weakened where `weak` could not be at the same time.
cat > /etc/postgresql/15/main/conf.d/90-other.conf <<'EOF'
ssl = 'off'
listen_addresses = 'localhost,0.0.0.0'
log_destination = 'stderr'
EOF
printf 'host all all samenet ident\n' >> /etc/postgresql/15/main/pg_hba.conf
printf '[server]\nskip-grant-tables\n[mysqldump]\nrequire_secure_transport=ON\n' \
  > /etc/mysql/mariadb.conf.d/90-other.cnf
cat >> /etc/redis/redis.conf <<'EOF'
include /etc/redis/more.conf
EOF
cat > /etc/redis/more.conf <<'EOF'
tls-port 6380
tls-protocols "TLSv1.1 TLSv1.2"
tls-cert-file /etc/ssl/certs/ssl-cert-snakeoil.pem
tls-key-file /etc/redis/key.pem
tls-ca-cert-file /etc/ssl/certs/ssl-cert-snakeoil.pem
timeout 30
EOF
install -o redis -g redis -m 600 /etc/ssl/private/ssl-cert-snakeoil.key /etc/redis/key.pem
chown redis:redis /etc/redis/more.conf
chmod 640 /etc/redis/more.conf
# traps for who reads sshd: the first value wins, comments, a Match block that loosens
cat > /etc/ssh/sshd_config.d/10-other.conf <<'EOF'
# MaxAuthTries 3
MaxAuthTries 5
maxauthtries 20
X11Forwarding=no
AllowTcpForwarding no
Match Address 198.51.100.0/24
  PermitEmptyPasswords yes
EOF
serve
