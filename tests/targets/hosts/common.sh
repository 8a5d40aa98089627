# What all hosts have in common: folders of a running system, the accounts that audit.
mkdir -p /run/sshd /run/mysqld /run/redis /run/postgresql
chown mysql:mysql /run/mysqld
chown redis:redis /run/redis
chown postgres:postgres /run/postgresql
chmod 1777 /tmp
id audit >/dev/null 2>&1 || useradd -m -s /bin/bash audit
printf 'root:%s\naudit:%s\n' made-up-4-tests made-up-4-tests | chpasswd
printf 'PermitRootLogin yes\n' > /etc/ssh/sshd_config.d/05-collector.conf
cat > /usr/local/sbin/serve <<'EOF'
#!/bin/sh
# serve [root]: start the services; as root those that should not, if said
everybody=${1:-}
as() {
  who=$1
  shift
  [ "$everybody" = root ] || set -- setpriv --reuid "$who" --regid "$who" --init-groups "$@"
  "$@"
}
pg_ctlcluster 15 main start
as redis redis-server /etc/redis/redis.conf --daemonize yes >/dev/null
mariadbd --user="${everybody:-mysql}" >/var/log/mariadb.out 2>&1 </dev/null &
nginx
classes=/usr/share/tomcat10/bin/bootstrap.jar:/usr/share/tomcat10/bin/tomcat-juli.jar
as tomcat java -Xmx64m -Dcatalina.base=/var/lib/tomcat10 -Dcatalina.home=/usr/share/tomcat10 \
  -Djava.io.tmpdir=/tmp -classpath "$classes" org.apache.catalina.startup.Bootstrap start \
  >/var/log/tomcat.out 2>&1 </dev/null &
n=0
until mariadb -e 'SELECT 1' >/dev/null 2>&1 && grep -q 'Server startup in' /var/log/tomcat.out; do
  n=$((n + 1))
  [ $n -lt 2000 ] || { tail -n 20 /var/log/tomcat.out /var/log/mariadb.out; exit 1; }
  sleep 0.1
done
EOF
chmod 755 /usr/local/sbin/serve
