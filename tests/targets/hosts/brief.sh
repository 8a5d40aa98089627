# The first process of a host of a moment: settles it, shows its evidence, runs what comes after.
# $1: folder of the root below; $2: scratch folder, with settle.sh, collect.sh, perhaps after.sh.
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset TMPDIR # a folder of the machine around, which a host has not
low=$1 own=$2
root=$own/root
mkdir -p "$own/upper" "$root"
mount --make-rprivate /
mount -t tmpfs tmpfs "$own/upper" && mkdir "$own/upper/up" "$own/upper/work"
mount -t overlay overlay -o "lowerdir=$low,upperdir=$own/upper/up,workdir=$own/upper/work" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
hostname trap
ip link set lo up
ip address add 192.0.2.50/24 dev lo
mkdir -p "$root/run/sshd" "$root/root/out"
cp "$own"/*.sh "$own"/*.xml "$root/root/" 2>/dev/null || cp "$own"/*.sh "$root/root/"
chroot "$root" /bin/sh -eu /root/settle.sh
chroot "$root" /bin/sh -s <"$own/collect.sh" >"$own/evidence.txt"
if [ -f "$own/after.sh" ]; then
  chroot "$root" /bin/sh /root/after.sh
  cp -r "$root/root/out" "$own/out"
fi
