package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Logical volumes without a device mapper: {@code lvs}, {@code lvcreate}, {@code lvremove} and {@code mount} as scripts
 * over loop-mounted images. Written from lvs(8), lvcreate(8), lvremove(8) of LVM2 2.03 and fsfreeze(8).
 *
 * <p>Kept as the real ones are: an unknown volume fails with 5, an unknown call with 3; a snapshot freezes the mounted
 * file system for the instant it is taken; a name is given once; a thick snapshot needs {@code --size} and room in its
 * group, a thin one takes none and is not activated without {@code --setactivationskip n}; a device that is mounted is
 * not removed. Kernels before 6.8 refuse to snapshot what somebody has frozen: {@link #refuseFrozen}.
 */
public final class FakeVolumes {

    private static final String COMMON = """
        here=$(dirname -- "$0")/lvm
        fail() { echo "  $2" >&2; exit "$1"; }
        # path or vg/lv of a volume -> vg~lv
        key() {
            for f in "$here"/origin/* "$here"/snap/*; do
                [ -f "$f" ] || continue
                k=${f##*/}; vg=${k%%~*}; lv=${k#*~}
                case "$1" in
                    "$vg/$lv" | "/dev/$vg/$lv" | "/dev/mapper/$vg-$lv") echo "$k"; return 0 ;;
                esac
            done
            fail 5 "Failed to find logical volume \\"$1\\""
        }
        """;

    private static final String LVS = """
        fields= sep=' '
        while [ $# -gt 1 ]; do
            case "$1" in
                --noheadings | --nosuffix) shift ;;
                --units) shift 2 ;;
                --separator) sep=$2; shift 2 ;;
                -o) fields=$2; shift 2 ;;
                *) fail 3 "Run \\`lvs --help' for more information." ;;
            esac
        done
        case "$fields" in
            lv_name | vg_name,lv_name,lv_size,vg_free,pool_lv)
                k=$(key "$1") || exit 5
                [ "$fields" = lv_name ] && { echo "  ${k#*~}"; exit 0; }
                [ -f "$here/odd" ] && { echo "  something else"; exit 0; }
                IFS='|' read -r size pool image place <"$here/origin/$k"
                echo "  ${k%%~*}$sep${k#*~}$sep$size$sep$(cat "$here/free")$sep$pool" ;;
            lv_name,origin)
                for f in "$here"/origin/"$1"~*; do f=${f##*/}; echo "  ${f#*~}$sep"; done
                for f in "$here"/snap/"$1"~*; do
                    [ -f "$f" ] || continue
                    IFS='|' read -r origin image active <"$f"; f=${f##*/}; echo "  ${f#*~}$sep$origin"
                done ;;
            *) fail 3 "Unrecognised field: $fields" ;;
        esac
        """;

    private static final String LVCREATE = """
        snapshot= name= size= skip=y
        while [ $# -gt 1 ]; do
            case "$1" in
                --yes) shift ;;
                --snapshot) snapshot=yes; shift ;;
                --name) name=$2; shift 2 ;;
                --size) size=${2%b}; shift 2 ;;
                --setactivationskip) skip=$2; shift 2 ;;
                *) fail 3 "Run \\`lvcreate --help' for more information." ;;
            esac
        done
        [ -n "$snapshot" ] || fail 3 "only snapshots are made here"
        k=$(key "$1") || exit 5
        IFS='|' read -r _ pool image place <"$here/origin/$k"
        target="$here/snap/${k%%~*}~$name"
        [ -f "$target" ] && fail 5 "Logical Volume \\"$name\\" already exists in volume group"
        if [ -z "$pool" ]; then
            [ -n "$size" ] || fail 3 "Please specify either size or extents with snapshots."
            [ "$size" -le "$(cat "$here/free")" ] || fail 5 "insufficient free space"
        elif [ -n "$size" ]; then
            fail 5 "a thin snapshot of a size is a thick one"
        fi
        ours=yes
        if ! fsfreeze -f "$place" 2>/dev/null; then
            [ -f "$here/refuse" ] && fail 5 "device-mapper: suspend ioctl failed: Device or resource busy"
            ours=no
        fi
        sync "$image"
        cp --sparse=always "$image" "$target.img"
        [ "$ours" = yes ] && fsfreeze -u "$place"
        active=yes
        [ -n "$pool" ] && [ "$skip" = y ] && active=no
        echo "${k#*~}|$target.img|$active" >"$target"
        """;

    private static final String LVREMOVE = """
        [ "$1" = --yes ] || fail 5 "Do you really want to remove it? [y/n]: [n]"
        k=$(key "$2") || exit 5
        [ -f "$here/snap/$k" ] || fail 5 "an origin is not removed here"
        losetup -j "$here/snap/$k.img" | grep -q . && fail 5 "Logical volume contains a filesystem in use."
        rm -f "$here/snap/$k" "$here/snap/$k.img"
        """;

    private static final String MOUNT = """
        [ "$1" = -t ] && [ "$3" = -o ] || exec /bin/mount "$@"
        case "$5" in /dev/*/*) ;; *) exec /bin/mount "$@" ;; esac
        k=$(key "$5") || exit 32
        IFS='|' read -r _ image active <"$here/snap/$k"
        [ "$active" = yes ] || { echo "mount: special device $5 does not exist." >&2; exit 32; }
        device=$(losetup --find --show "$image") || exit 32
        /bin/mount -t "$2" -o "$4" "$device" "$6"
        rc=$?
        # Gone with the last that uses it.
        losetup -d "$device"
        exit $rc
        """;

    private final Path folder;
    private final FakePrograms programs;

    /** Scripts among other programs of a folder. */
    public FakeVolumes(Path folder, FakePrograms programs) {
        this.folder = folder.resolve("lvm");
        this.programs = programs;
        write("free", String.valueOf(1L << 30));
        programs.script("lvs", COMMON + LVS);
        programs.script("lvcreate", COMMON + LVCREATE);
        programs.script("lvremove", COMMON + LVREMOVE);
        programs.script("mount", COMMON + MOUNT);
    }

    /**
     * Takes a mounted disk for a logical volume {@code vg/NAME}.
     *
     * @param pool its thin pool, empty for a thick volume
     */
    public void add(LoopDisk disk, String name, String pool) {
        try {
            write(
                    "origin/vg~" + name,
                    Files.size(disk.image()) + "|" + pool + "|" + disk.image() + "|" + disk.place() + "\n");
            Files.createDirectories(folder.resolve("snap"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The table of mounts of this process, in which a disk is on its logical volume. */
    public Path mountInfo(LoopDisk disk, String name, Path before) {
        try {
            Path file = folder.resolve("mountinfo-" + name);
            var lines = Files.readAllLines(before).stream()
                    .map(line -> line.contains(" " + disk.place() + " ")
                            ? line.replaceFirst("/dev/loop[0-9]+", "/dev/mapper/vg-" + name)
                            : line)
                    .toList();
            return Files.write(file, lines);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Sets how many bytes of the group belong to nobody. */
    public void free(long bytes) {
        write("free", String.valueOf(bytes));
    }

    /** As on kernels before 6.8: no snapshot of a file system that somebody else has frozen. */
    public void refuseFrozen() {
        write("refuse", "");
    }

    /** From now on {@code lvs} answers in another form. */
    public void answerOddly() {
        write("odd", "");
    }

    /** How many snapshots there are. */
    public long snapshots() {
        try (var entries = Files.list(folder.resolve("snap"))) {
            return entries.filter(entry -> !entry.toString().endsWith(".img")).count();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The programs that it is among. */
    public FakePrograms programs() {
        return programs;
    }

    private void write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
