package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * InterSystems IRIS as far as an external backup sees it: {@code irissession} as a script over a clock of its own. Written
 * from the class reference of {@code Backup.General} and the "External Backup" page of the vendor; never compared with a
 * real one.
 *
 * <p>Kept as the real one is said to be: from a script 5 is success and 3 is failure; {@code ExternalFreeze} switches the
 * journal and suspends the write daemon, which outlives the session; with a tenth argument the write daemon goes on by
 * itself after so many seconds; without one, updates hang at the seventh (600 where it is 0) and nobody can log in any
 * more, so that a late watchdog is locked out; a second freeze, and a thaw of what is not frozen, fail.
 */
public final class FakeIris {

    /** What it keeps of the real one; each can be switched off, which the connector's tests have to notice. */
    public enum Rule {
        /** From a script success is 5. */
        SUCCESS_IS_FIVE,
        /** From a script failure, and no, is 3. */
        FAILURE_IS_THREE,
        /** A freeze switches the journal. */
        A_FREEZE_SWITCHES_THE_JOURNAL,
        /** The write daemon stays suspended when the session that froze it is gone. */
        A_FREEZE_OUTLIVES_ITS_SESSION,
        /** With a limit the write daemon goes on by itself. */
        THE_LIMIT_ENDS_A_FREEZE,
        /** Without one nobody can log in after a while. */
        LATE_LOGINS_ARE_LOCKED_OUT
    }

    private static final String SESSION = """
        here=$(dirname -- "$0")/iris.d
        [ "$2 $3" = "-U %SYS" ] || exit 1
        call=${4#'##class(Backup.General).'}
        [ "$call" != "$4" ] || exit 1
        method=${call%%(*}
        off() { [ -f "$here/off-$1" ]; }
        yes() { off SUCCESS_IS_FIVE && exit 0; exit 5; }
        no() { off FAILURE_IS_THREE && exit 5; exit 3; }
        echo "$method" >>"$here/calls"
        [ -f "$here/hangs-$method" ] && exec sleep 30
        now=$(cat "$here/now")
        since= limit= hang=
        if [ -f "$here/frozen" ]; then
            read -r since limit hang <"$here/frozen"
            if ! off THE_LIMIT_ENDS_A_FREEZE && [ "$limit" -gt 0 ] && [ $((since + limit)) -le "$now" ]; then
                rm "$here/frozen"
                since=
            elif ! off LATE_LOGINS_ARE_LOCKED_OUT && [ $((since + hang)) -le "$now" ]; then
                echo "Sign-on and updates are suspended" >&2
                exit 1
            fi
        fi
        case "$method" in
            ExternalFreeze)
                [ -z "$since" ] || no
                list=${call#*(}
                list=${list%)}
                old=$IFS; IFS=,; set -f; set -- $list; IFS=$old
                hang=${7:-0}
                [ "$hang" -gt 0 ] || hang=600
                [ "${3:-1}" = 1 ] && ! off A_FREEZE_SWITCHES_THE_JOURNAL && echo $(($(cat "$here/journal") + 1)) >"$here/journal"
                off A_FREEZE_OUTLIVES_ITS_SESSION || echo "$now ${10:-0} $hang" >"$here/frozen"
                yes ;;
            ExternalThaw) [ -n "$since" ] || no; rm "$here/frozen"; yes ;;
            IsWDSuspendedExt) [ -n "$since" ] && yes; no ;;
            ExternalSetHistory) yes ;;
        esac
        exit 1
        """;

    private final Path folder;
    private final Path session;

    /** A script among other programs of a folder. */
    public FakeIris(Path folder, FakePrograms programs) {
        this.folder = folder.resolve("iris.d");
        this.session = programs.script("irissession", SESSION);
        try {
            Files.createDirectories(this.folder);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        write("now", "1000");
        write("journal", "1");
        write("calls", "");
    }

    /** The program. */
    public Path session() {
        return session;
    }

    /** Lets time pass for the server. */
    public void pass(Duration time) {
        write("now", String.valueOf(Long.parseLong(read("now")) + time.toSeconds()));
    }

    /** A shell command that lets time pass for the server, for a script that stands for a slow snapshot. */
    public String passing(Duration time) {
        Path now = folder.resolve("now");
        return "echo $(($(cat " + now + ") + " + time.toSeconds() + ")) >" + now + ".new; mv " + now + ".new " + now;
    }

    /** The same without one of its rules. */
    public FakeIris without(Rule rule) {
        write("off-" + rule, "");
        return this;
    }

    /** From now on a method does not come back. */
    public void hang(String method) {
        write("hangs-" + method, "");
    }

    /** The methods that were called, one a line. */
    public String calls() {
        return read("calls");
    }

    /** Number of the journal that is written. */
    public int journal() {
        return Integer.parseInt(read("journal"));
    }

    /** Whether the write daemon is suspended, at the server's own time. */
    public boolean isFrozen() {
        if (!Files.exists(folder.resolve("frozen"))) {
            return false;
        }
        String[] frozen = read("frozen").split(" ", -1);
        long since = Long.parseLong(frozen[0]);
        long limit = Long.parseLong(frozen[1]);
        return limit == 0
                || Files.exists(folder.resolve("off-" + Rule.THE_LIMIT_ENDS_A_FREEZE))
                || since + limit > Long.parseLong(read("now"));
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name)).strip();
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
