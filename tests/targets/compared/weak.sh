# A host that has been let go: each line is a weakness.
cat > /etc/ssh/sshd_config.d/10-weak.conf <<'X'
PermitRootLogin yes
MaxAuthTries 10
LoginGraceTime 0
PermitEmptyPasswords yes
IgnoreRhosts no
HostbasedAuthentication yes
PermitUserEnvironment yes
LogLevel QUIET
Ciphers aes256-ctr,aes128-cbc,3des-cbc
MACs hmac-sha2-256,hmac-md5
KexAlgorithms curve25519-sha256,diffie-hellman-group14-sha1
X
chmod 666 /etc/ssh/sshd_config.d/10-weak.conf
useradd -o -u 0 -m toor; usermod -p '' toor
useradd -m alt; usermod -p 'abJnggxhB/yWI' alt; chage -M 99999 alt
usermod -s /bin/bash www-data
echo 'audit ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/audit; chmod 440 /etc/sudoers.d/audit
sed -i '/^Defaults.*use_pty/d' /etc/sudoers
sed -i 's/^password.*pam_pwquality.so.*/# &/' /etc/pam.d/common-password
sed -i 's/yescrypt/md5/; s/use_authtok//' /etc/pam.d/common-password
sed -i 's/^#\?ENCRYPT_METHOD.*/ENCRYPT_METHOD MD5/; s/^UMASK.*/UMASK 000/' /etc/login.defs
chmod 644 /etc/shadow; chmod 666 /etc/crontab; chmod 755 /root /home/*; chmod 640 /etc/passwd- || true
echo '+ +' > /etc/hosts.equiv; echo '+ +' > /root/.rhosts
touch /var/log/auth.log; chmod 666 /var/log/auth.log
echo 'Debian GNU/Linux 12 \n \l \r' > /etc/issue
sed -i 's/^max_log_file_action.*/max_log_file_action = ignore/; s/^space_left_action.*/space_left_action = ignore/' /etc/audit/auditd.conf
for key in accept_redirects send_redirects accept_source_route; do
  for one in /proc/sys/net/ipv4/conf/*/$key; do echo 1 > "$one" || true; done
done
echo 1 > /proc/sys/net/ipv4/ip_forward || true; echo 0 > /proc/sys/net/ipv4/tcp_syncookies || true
nft add table ip old; nft 'add chain ip old input { type filter hook input priority 0; policy accept; }'
chmod 777 /etc/cron.d
