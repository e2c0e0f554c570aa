#!/bin/busybox sh
# The guest's first process: mounts what programs expect, loads PPP, and then runs the lines that come on the console.
# After each it prints what the line has printed, an octet 1, the exit status, and an octet 2.
/bin/busybox mkdir -p /sbin /usr/bin
/bin/busybox --install -s
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root OPENSSL_CONF=/dev/null
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
for module in /lib/modules/*.ko; do
    insmod "$module"
done
ip link set lo up
ln -sf /etc/ppp/resolv.conf /etc/resolv.conf
stty -F /dev/ttyS0 raw -echo
exec </dev/ttyS0 >/dev/ttyS0 2>&1
printf 'ready\0010\002'
while IFS= read -r line; do
    printf '%s' "$line" >/run/line
    sh /run/line </dev/null
    printf '\001%s\002' "$?"
done
