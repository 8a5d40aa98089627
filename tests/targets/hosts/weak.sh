# Weakened on purpose, a weakness a check.
cat > /etc/postgresql/15/main/conf.d/90-weak.conf <<'EOF'
listen_addresses = '*'
password_encryption = md5
ssl_min_protocol_version = 'TLSv1'
log_line_prefix = '%p '
log_file_mode = 0644
EOF
cat >> /etc/postgresql/15/main/pg_hba.conf <<'EOF'
host all postgres 192.0.2.0/24 trust
host all all 0.0.0.0/0 md5
EOF
cat > /etc/mysql/mariadb.conf.d/90-weak.cnf <<'EOF'
[mariadb]
bind-address = 0.0.0.0
tls_version = TLSv1.0,TLSv1.2
plugin_load_add = server_audit
server_audit_logging = OFF
server_audit_events = CONNECT
general_log = 1
EOF
sed -i 's/^bind .*/bind */; s/^protected-mode .*/protected-mode no/; s/^logfile .*/logfile ""/' /etc/redis/redis.conf
printf 'enable-debug-command yes\nrequirepass foobared\n' >> /etc/redis/redis.conf
sed -i 's/^user .*/user root;/; s/^error_log .*/error_log \/dev\/null crit;/; s/ssl_protocols .*/ssl_protocols TLSv1 TLSv1.1 TLSv1.2;/' /etc/nginx/nginx.conf
cat > /etc/nginx/sites-available/default <<'EOF'
server {
  listen 80 default_server; listen 443 ssl;
  ssl_certificate /etc/ssl/certs/ssl-cert-snakeoil.pem; ssl_certificate_key /etc/ssl/private/ssl-cert-snakeoil.key;
  ssl_ciphers "ALL:!aNULL";
  access_log off;
  location /files { autoindex on; dav_methods PUT DELETE; }
  location /status { stub_status; }
}
server { listen 8081; server_name short; access_log /var/log/nginx/short.log short;
  location /quiet { access_log off; } }
EOF
printf "log_format short '\$remote_addr \$request_uri';\n" > /etc/nginx/conf.d/weak.conf
touch /var/log/nginx/access.log && chmod 644 /var/log/nginx/access.log
cd /etc/tomcat10
sed -i 's|<Server port="-1"|<Server port="8005"|
  s|<Connector port="8080" protocol="HTTP/1.1"|<Connector protocol="AJP/1.3" port="8009" address="0.0.0.0" secretRequired="false"/><Connector port="8443" protocol="HTTP/1.1" SSLEnabled="true"><SSLHostConfig protocols="TLSv1,TLSv1.2"/></Connector>& allowTrace="true"|
  s|LockOutRealm"|LockOutRealm" failureCount="100"|; s|pattern="%h .*|pattern="%h %U"/>|
  s|</Engine>|<Host name="other.example.org" appBase="other"/></Engine>|' server.xml
sed -i 's|<session-timeout>30<|<session-timeout>-1<|
  /<param-name>listings</{s|<param-name>|<param-name>readonly</param-name><param-value>false</param-value></init-param><init-param>&|;n;s/false/true/}' web.xml
sed -i 's|</tomcat-users>|<user username="tomcat" password="tomcat" roles="manager-gui"/>&|' tomcat-users.xml
mkdir -p /var/lib/tomcat10/webapps/manager/META-INF /var/lib/tomcat10/webapps/examples
printf '<Context privileged="true"/>\n' > /var/lib/tomcat10/webapps/manager/META-INF/context.xml
# the system
cat > /etc/ssh/sshd_config.d/10-weak.conf <<'EOF'
MaxAuthTries 10
LoginGraceTime 0
PermitEmptyPasswords yes
X11Forwarding yes
Ciphers aes256-ctr,aes128-cbc,3des-cbc
MACs hmac-sha2-256,hmac-md5
EOF
useradd -o -u 0 -m toor && usermod -p '' toor
printf 'audit ALL=(ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/audit && chmod 440 /etc/sudoers.d/audit
chmod 644 /etc/shadow
serve root
setpriv --reuid postgres --regid postgres --clear-groups psql -qX \
  -c "CREATE ROLE old LOGIN PASSWORD 'made-up'" -c 'CREATE ROLE boss SUPERUSER LOGIN' \
  -c 'CREATE ROLE chief SUPERUSER LOGIN' -c 'GRANT CREATE ON SCHEMA public TO PUBLIC'
mariadb -e "CREATE USER ''@'localhost'; CREATE USER 'root'@'%' IDENTIFIED BY 'made-up';
  GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION; CREATE USER 'a'@'localhost'; GRANT SUPER ON *.* TO 'a'@'localhost'"
