# Runs as the first process of a host: mounts what a host has, settles it, starts its services.
# $1: folder of the root below all hosts; $2: scratch folder of this host; $3: name; $4: address.
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset TMPDIR # a folder of the machine around, which a host has not
low=$1 own=$2 name=$3 address=$4
root=$own/root
mkdir -p "$own/upper" "$own/work" "$root"
mount --make-rprivate /
mount -t tmpfs tmpfs "$own/upper" && mkdir "$own/upper/up" "$own/upper/work"
mount -t overlay overlay -o "lowerdir=$low,upperdir=$own/upper/up,workdir=$own/upper/work" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
hostname "$name"
ip link set lo up
cp "$own/common.sh" "$own/settle.sh" "$root/root/"
chroot "$root" /bin/sh -eu /root/common.sh
chroot "$root" /bin/sh -eu /root/settle.sh
n=0
until ip link show eth0 >/dev/null 2>&1; do # the other end comes from outside
  n=$((n + 1)); [ $n -lt 300 ] || exit 1; sleep 0.1
done
ip address add "$address/24" dev eth0
ip address add "${address%.*}.1${address##*.}/24" dev eth0 # where an ordinary account is let in
ip link set eth0 up
: > "$own/settled"
exec chroot "$root" /usr/sbin/sshd -D -e
