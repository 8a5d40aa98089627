# A host as an administrator hardens it who follows the clauses: each step is one line of truth.
cat > /etc/ssh/sshd_config.d/10-hard.conf <<'X'
PermitRootLogin no
MaxAuthTries 4
LoginGraceTime 60
ClientAliveInterval 300
ClientAliveCountMax 1
X11Forwarding no
AllowTcpForwarding no
IgnoreRhosts yes
HostbasedAuthentication no
PermitEmptyPasswords no
PermitUserEnvironment no
LogLevel VERBOSE
UsePAM yes
MaxStartups 10:30:60
MaxSessions 4
Banner /etc/issue.net
Ciphers aes256-gcm@openssh.com,aes256-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
KexAlgorithms curve25519-sha256,ecdh-sha2-nistp256
X
rm -f /etc/ssh/sshd_config.d/05-collector.conf
echo 'Authorised use only.' | tee /etc/issue /etc/issue.net > /etc/motd
chmod 600 /etc/ssh/sshd_config
cat > /etc/pam.d/common-auth <<'X'
auth required pam_faillock.so preauth
auth [success=2 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail
auth requisite pam_deny.so
auth required pam_permit.so
X
sed -i '1i account required pam_faillock.so' /etc/pam.d/common-account
printf 'deny = 4\nunlock_time = 900\nfail_interval = 900\neven_deny_root\n' > /etc/security/faillock.conf
printf 'minlen = 14\nminclass = 4\ndcredit = -1\nucredit = -1\nlcredit = -1\nocredit = -1\nenforce_for_root\n' \
  > /etc/security/pwquality.conf
sed -i '0,/^password/s//password required pam_pwhistory.so remember=5 use_authtok\npassword/' /etc/pam.d/common-password
cat > /etc/pam.d/common-password <<'X'
password requisite pam_pwquality.so retry=3
password required pam_pwhistory.so remember=5 use_authtok enforce_for_root
password [success=1 default=ignore] pam_unix.so obscure use_authtok try_first_pass yescrypt
password requisite pam_deny.so
password required pam_permit.so
X
groupadd nosu; sed -i '1i auth sufficient pam_rootok.so\nauth required pam_wheel.so use_uid group=nosu' /etc/pam.d/su
sed -i 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 90/; s/^PASS_MIN_DAYS.*/PASS_MIN_DAYS 1/; s/^PASS_WARN_AGE.*/PASS_WARN_AGE 7/
  s/^UMASK.*/UMASK 027/; s/^#\?ENCRYPT_METHOD.*/ENCRYPT_METHOD YESCRYPT/' /etc/login.defs
for who in root audit; do chage -M 90 -m 1 -W 7 "$who"; done
useradd -D -f 30 >/dev/null
printf 'TMOUT=600\nreadonly TMOUT\nexport TMOUT\n' > /etc/profile.d/timeout.sh
printf 'umask 027\n' > /etc/profile.d/umask.sh; printf '\numask 027\n' >> /etc/bash.bashrc
printf '* hard core 0\n' > /etc/security/limits.d/10-core.conf
printf 'Defaults use_pty\nDefaults logfile="/var/log/sudo.log"\nDefaults timestamp_timeout=15\n' > /etc/sudoers.d/hard
chmod 440 /etc/sudoers.d/hard; chmod 750 /etc/sudoers.d
cat > /etc/audit/rules.d/50-hard.rules <<'X'
-w /etc/passwd -p wa -k identity
-w /etc/group -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/gshadow -p wa -k identity
-w /etc/security/opasswd -p wa -k identity
-w /etc/sudoers -p wa -k scope
-w /etc/sudoers.d -p wa -k scope
-w /etc/ssh/sshd_config -p wa -k sshd
-w /etc/pam.d -p wa -k pam
-w /etc/audit -p wa -k audit
-w /var/log/faillog -p wa -k logins
-w /var/log/lastlog -p wa -k logins
-w /var/run/faillock -p wa -k logins
-w /var/run/utmp -p wa -k session
-w /var/log/wtmp -p wa -k session
-w /var/log/btmp -p wa -k session
-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -k time
-a always,exit -F arch=b32 -S adjtimex,settimeofday,clock_settime -k time
-a always,exit -F arch=b64 -S mount -F auid>=1000 -F auid!=-1 -k mounts
-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -k modules
-a always,exit -F arch=b64 -S execve -C uid!=euid -F euid=0 -k priv
-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=-1 -k commands
X
printf -- '-e 2\n' > /etc/audit/rules.d/99-finalize.rules
augenrules >/dev/null 2>&1 || true
sed -i 's/^max_log_file_action.*/max_log_file_action = keep_logs/; s/^space_left_action.*/space_left_action = email/
  s/^admin_space_left_action.*/admin_space_left_action = halt/' /etc/audit/auditd.conf
printf '*.* @@192.0.2.9:514\n' > /etc/rsyslog.d/90-remote.conf
sed -i 's/^\$FileCreateMode.*/$FileCreateMode 0640/' /etc/rsyslog.conf
sed -i 's/rotate 4/rotate 30/' /etc/logrotate.d/rsyslog
mkdir -p /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=persistent\nCompress=yes\nForwardToSyslog=yes\n' > /etc/systemd/journald.conf.d/10.conf
printf 'server 192.0.2.1 iburst key 1\nserver 192.0.2.2 iburst key 1\nuser _chrony\n' > /etc/chrony/chrony.conf
rm -rf /etc/chrony/conf.d /etc/chrony/sources.d
chmod 700 /root /home/*; chmod 600 /etc/crontab; chmod 700 /etc/cron.*
rm -f /etc/cron.deny /etc/at.deny; : > /etc/cron.allow; chmod 600 /etc/cron.allow
chmod 640 /var/log/*.log 2>/dev/null || true
cat > /etc/sysctl.d/90-hard.conf <<'X'
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.default.accept_redirects = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
net.ipv4.conf.all.accept_source_route = 0
net.ipv4.conf.all.log_martians = 1
net.ipv4.tcp_syncookies = 1
net.ipv4.ip_forward = 0
kernel.randomize_va_space = 2
kernel.dmesg_restrict = 1
kernel.kptr_restrict = 1
X
for key in accept_redirects send_redirects; do
  for one in /proc/sys/net/ipv4/conf/*/$key; do echo 0 > "$one" || true; done
done
echo 1 > /proc/sys/net/ipv4/conf/all/log_martians || true
for one in /proc/sys/net/ipv6/conf/*/accept_redirects; do echo 0 > "$one" || true; done
cat > /etc/nftables.conf <<'X'
flush ruleset
table inet filter {
  chain input { type filter hook input priority 0; policy drop;
    ct state established,related accept
    iif "lo" accept
    ip saddr 192.0.2.0/24 tcp dport 22 accept
  }
  chain forward { type filter hook forward priority 0; policy drop; }
  chain output { type filter hook output priority 0; policy accept; }
}
X
nft -f /etc/nftables.conf
for unit in nftables rsyslog auditd chrony; do
  ln -sf "/lib/systemd/system/$unit.service" "/etc/systemd/system/multi-user.target.wants/$unit.service"
done
rsyslogd; chronyd -x 2>/dev/null || true
