package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * ZFS datasets without ZFS: the program {@code zfs} as a script over plain folders. Written from zfs-list(8),
 * zfs-snapshot(8) and zfs-destroy(8) of OpenZFS 2.1.
 *
 * <p>Kept as the real one is: snapshots of one call are taken all or none and are of one pool; a name is given once; an
 * unknown dataset or snapshot fails with 1, an unknown call with 2; a snapshot is seen below {@code .zfs/snapshot} of its
 * dataset and cannot be written to.
 */
public final class FakeDatasets {

    private static final String ZFS = """
        here=$(dirname -- "$0")/zfs.d
        fail() { echo "cannot do it: $2" >&2; exit "$1"; }
        place() {
            while IFS='|' read -r name at; do [ "$name" = "$1" ] && { echo "$at"; return 0; }; done <"$here/datasets"
            fail 1 "'$1': dataset does not exist"
        }
        case "$1 $2" in
            "list -H")
                if [ "$3 $4" = "-o name" ]; then
                    place "$5" >/dev/null || exit 1
                    echo "$5"
                elif [ "$3 $4 $5 $6 $7 $8" = "-t snapshot -o name -d 1" ]; then
                    at=$(place "$9") || exit 1
                    for s in "$at"/.zfs/snapshot/*; do [ -d "$s" ] && echo "$9@${s##*/}"; done
                    exit 0
                else
                    fail 2 "usage"
                fi ;;
            snapshot*)
                shift
                pool=
                for each in "$@"; do
                    at=$(place "${each%@*}") || exit 1
                    [ -z "$pool" ] || [ "$pool" = "${each%%[/@]*}" ] || fail 1 "not all in one pool"
                    pool=${each%%[/@]*}
                    [ -d "$at/.zfs/snapshot/${each#*@}" ] && fail 1 "'$each': dataset already exists"
                done
                for each in "$@"; do
                    at=$(place "${each%@*}")
                    to="$at/.zfs/snapshot/${each#*@}"
                    mkdir -p "$to"
                    find "$at" -mindepth 1 -maxdepth 1 ! -name .zfs -exec cp -a {} "$to" \\;
                done ;;
            destroy*)
                at=$(place "${2%@*}") || exit 1
                [ -d "$at/.zfs/snapshot/${2#*@}" ] || fail 1 "could not find any snapshots to destroy"
                rm -rf "$at/.zfs/snapshot/${2#*@}" ;;
            *) fail 2 "usage" ;;
        esac
        """;

    private final Path folder;

    /** A script among other programs of a folder. */
    public FakeDatasets(Path folder, FakePrograms programs) {
        this.folder = folder.resolve("zfs.d");
        programs.script("zfs", ZFS);
        try {
            Files.createDirectories(this.folder);
            Files.writeString(this.folder.resolve("datasets"), "");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Takes a folder for a mounted dataset, and adds it to a table of mounts. */
    public void add(String dataset, Path place, Path mountInfo) {
        add(dataset, place, mountInfo, "/");
    }

    /** As {@link #add(String, Path, Path)}, where only a part of the dataset is mounted. */
    public void add(String dataset, Path place, Path mountInfo, String root) {
        try {
            Files.createDirectories(place);
            Files.writeString(folder.resolve("datasets"), dataset + "|" + place + "\n", StandardOpenOption.APPEND);
            int device = Math.abs(dataset.hashCode() % 1000) + 1000;
            String line = "900 20 0:" + device + " " + root + " " + place + " rw - zfs " + dataset + " rw\n";
            if (!Files.exists(mountInfo)) {
                Files.write(mountInfo, Files.readAllLines(Path.of("/proc/self/mountinfo")));
            }
            Files.writeString(mountInfo, line, StandardOpenOption.APPEND);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
