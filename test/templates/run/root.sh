# Makes the root file system of a container and becomes its program, as the first process of its own PID namespace.
# $1: an empty folder for the root; $2: a file with one mount a line (SOURCE TARGET ro|rw); $3: uid; $4: gid;
# $5: 1 for no new privileges; $6: ro or rw; $7: file with the groups' task files to join; $8: host for the network of
# this machine, or ipv6 for one of its own that has no address of IPv4 but 127.0.0.1; then `--` and the command.
set -e
root=$1 mounts=$2 uid=$3 gid=$4 nnp=$5 mode=$6 groups=$7 network=$8
shift 9
if [ "$network" = ipv6 ]; then ip link set lo up; fi
while read -r tasks; do echo 0 > "$tasks"; done < "$groups"
mount -t tmpfs -o mode=755 tmpfs "$root"
# The programs of this machine stand for those of the image; nothing else of it is seen.
for name in bin sbin lib lib32 lib64 usr opt; do
  if [ -L "/$name" ]; then cp -a "/$name" "$root/$name"
  elif [ -d "/$name" ]; then
    mkdir "$root/$name"
    mount --bind "/$name" "$root/$name"
    mount -o remount,bind,ro "$root/$name"
  fi
done
cp -a /etc "$root/etc"
mkdir "$root/proc" "$root/dev" "$root/tmp" "$root/image"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
# As the runtime does it: the place for a mount is made in what is mounted above it, which fails where that is read-only.
while read -r source target access; do
  if [ -d "$source" ]; then mkdir -p "$root$target"; else mkdir -p "$(dirname "$root$target")"; : >> "$root$target"; fi
  mount --bind "$source" "$root$target"
  if [ "$access" = ro ]; then mount -o remount,bind,ro "$root$target"; fi
done < "$mounts"
if [ "$mode" = ro ]; then mount -o remount,ro "$root"; fi
privileges=
if [ "$nnp" = 1 ]; then privileges=--no-new-privs; fi
exec chroot "$root" setpriv --reuid "$uid" --regid "$gid" --clear-groups --bounding-set=-all --inh-caps=-all $privileges "$@"
