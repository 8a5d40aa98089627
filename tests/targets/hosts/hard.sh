# Hardened: everything that the products and the system can do.
cat > /etc/postgresql/15/main/conf.d/90-hard.conf <<'EOF'
log_connections = on
log_disconnections = yes
log_line_prefix = '%m [%p] %q%u@%d %h '
log_statement = 'ddl'
idle_session_timeout = 15min
shared_preload_libraries = 'passwordcheck, pgaudit'
pgaudit.log = 'ddl, role'
EOF
printf 'hostssl app app 192.0.2.0/24 scram-sha-256\n' >> /etc/postgresql/15/main/pg_hba.conf
cat > /etc/mysql/mariadb.conf.d/90-hard.cnf <<'EOF'
[mariadb]
plugin_load_add = server_audit
plugin_load_add = simple_password_check
plugin_load_add = password_reuse_check
server_audit_logging = ON
server_audit_events = CONNECT,QUERY_DDL,QUERY_DCL
simple_password_check_minimal_length = 8
default_password_lifetime = 90
max_password_errors = 5
wait_timeout = 900
interactive-timeout = 900
skip-local-infile
secure_file_priv = /var/lib/mysql-files
EOF
install -d -o mysql -g mysql -m 750 /var/lib/mysql-files
cat >> /etc/redis/redis.conf <<'EOF'
timeout 300
user default off
user app on >a-long-made-up-secret ~app:* +@all -@admin -@dangerous
EOF
cat > /etc/nginx/conf.d/hard.conf <<'EOF'
server_tokens off;
EOF
sed -i 's/ssl_protocols .*/ssl_protocols TLSv1.2 TLSv1.3;/' /etc/nginx/nginx.conf
cat > /etc/nginx/sites-available/default <<'EOF'
server { listen 80 default_server; server_name _; return 301 https://$host$request_uri; }
server {
  listen 443 ssl; # the site
  server_name www.example.org;
  ssl_certificate /etc/ssl/certs/ssl-cert-snakeoil.pem;
  ssl_certificate_key /etc/ssl/private/ssl-cert-snakeoil.key;
  ssl_ciphers "HIGH:!aNULL:!MD5:!3DES";
  add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
  location /status { stub_status; allow 192.0.2.10; deny all; }
}
EOF
cd /etc/tomcat10
sed -i 's|<Connector port="8080" protocol="HTTP/1.1"|& address="127.0.0.1"|; s|autoDeploy="true"|autoDeploy="false"|
  s|</Host>|<Valve className="org.apache.catalina.valves.ErrorReportValve" showReport="false" showServerInfo="false"/></Host>|' server.xml
sed -i 's|</tomcat-users>|<role rolename="ops"/><user username="ops-li" password="5c29a959abce4eda5f0e7a4e7ea53dce4fa0f0abbe8eaa63717e2fed5f193d31" roles="ops"/>&|' tomcat-users.xml
# the system
cat > /etc/ssh/sshd_config.d/10-hard.conf <<'EOF'
MaxAuthTries 4
LoginGraceTime 60
ClientAliveInterval 300
ClientAliveCountMax 3
X11Forwarding no
AllowTcpForwarding no
LogLevel VERBOSE
Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
KexAlgorithms curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256
EOF
sed -i 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 90/; s/^PASS_MIN_DAYS.*/PASS_MIN_DAYS 1/; s/^PASS_WARN_AGE.*/PASS_WARN_AGE 7/' /etc/login.defs
printf 'minlen = 10\nminclass = 3\nenforce_for_root\n' > /etc/security/pwquality.conf
printf 'readonly TMOUT=600\nexport TMOUT\n' > /etc/profile.d/timeout.sh
serve
until chmod 640 /var/log/redis/redis-server.log 2>/dev/null; do sleep 0.1; done
setpriv --reuid postgres --regid postgres --clear-groups psql -qX -c \
  "CREATE ROLE app LOGIN PASSWORD 'a-long-made-up-secret'" \
  -c "DO \$\$ BEGIN EXECUTE format('ALTER ROLE app VALID UNTIL %L', now() + interval '60 days'); END \$\$"
mariadb -e "CREATE USER 'app'@'192.0.2.%' IDENTIFIED BY 'A-long-made-up-1'"
