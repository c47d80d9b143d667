package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Units without systemd: the program {@code systemctl} as a script. Written from systemctl(1) of systemd 252: a unit that
 * is not known is {@code not-found} and {@code inactive}, and its stop or start fails with 5; what is stopped twice stays
 * stopped; an unknown call fails with 1.
 */
public final class FakeSystemd {

    private static final String SYSTEMCTL = """
        units=$(dirname -- "$0")/units
        case "$1" in
            show)
                [ "$3 $4" = "--value --" ] || exit 1
                case "$2" in
                    --property=ActiveState) cat "$units/$5" 2>/dev/null || echo inactive ;;
                    --property=LoadState) [ -f "$units/$5" ] && echo loaded || echo not-found ;;
                    *) exit 1 ;;
                esac ;;
            stop | start | reload)
                [ "$2" = -- ] || exit 1
                [ -f "$units/$3" ] || { echo "Unit $3 not loaded." >&2; exit 5; }
                [ -f "$units/$3.fails-$1" ] && exit 1
                [ -f "$units/$3.hangs-$1" ] && exec sleep 30
                case "$1" in
                    stop) echo inactive >"$units/$3" ;;
                    start) [ -f "$units/$3.dies" ] && echo failed >"$units/$3" || echo active >"$units/$3" ;;
                esac ;;
            *) exit 1 ;;
        esac
        """;

    private final Path folder;

    /** A script among other programs of a folder. */
    public FakeSystemd(Path folder, FakePrograms programs) {
        this.folder = folder.resolve("units");
        programs.script("systemctl", SYSTEMCTL);
        try {
            Files.createDirectories(this.folder);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Sets the state of a unit, such as {@code active}. */
    public void set(String unit, String state) {
        write(unit, state + "\n");
    }

    /** The state of a unit. */
    public String state(String unit) {
        try {
            return Files.readString(folder.resolve(unit)).strip();
        } catch (IOException unknown) {
            throw new UncheckedIOException(unknown);
        }
    }

    /** From now on an act ({@code stop}, {@code start}) on a unit fails. */
    public void fail(String unit, String act) {
        write(unit + ".fails-" + act, "");
    }

    /** From now on an act on a unit does not come back. */
    public void hang(String unit, String act) {
        write(unit + ".hangs-" + act, "");
    }

    /** From now on a unit dies at once when it is started. */
    public void die(String unit) {
        write(unit + ".dies", "");
    }

    /** All acts do as they are told again. */
    public void heal() {
        try (var entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().matches(".*\\.(fails-.*|hangs-.*|dies)")) {
                    Files.delete(entry);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
