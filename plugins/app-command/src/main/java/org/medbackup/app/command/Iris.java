package org.medbackup.app.command;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.Connection;

/**
 * The commands of InterSystems IRIS (class reference of {@code Backup.General} in {@code %SYS}; "External Backup" in the
 * vendor's backup guide). From a script the exit code is 5 for success and 3 for failure. The write daemon alone is
 * suspended: users go on in memory and in the journal.
 *
 * <p>{@code ExternalFreeze(LogFile, Text, SwitchJournalFile, TimeOut, Hibernate, Verbose, ExternalFreezeTimeOut, Username,
 * Password, WDSuspendLimit, .RequiredFile)}: the seventh argument ends in suspended updates and refused logins, so it is
 * left at its default; the tenth ends in the write daemon going on, and is what thaws when everybody else is gone.
 */
final class Iris {

    static final int LIMIT = 15;
    private static final int POSITION_OF_LIMIT = 9;

    private Iris() {}

    private static String command(Connection connection, String call) {
        return String.join(
                "\n",
                connection.option("session", "/usr/bin/irissession"),
                connection.option("instance", "IRIS"),
                "-U",
                "%SYS",
                "##class(Backup.General)." + call);
    }

    static String freeze(Connection connection) {
        int limit = Call.number(connection.option("suspendLimit", String.valueOf(LIMIT)));
        return command(connection, "ExternalFreeze(\"\",\"medbackup {run}\",1,10,0,0,,,," + limit + ")");
    }

    static String thaw(Connection connection) {
        return command(connection, "ExternalThaw()");
    }

    static String status(Connection connection) {
        return command(connection, "IsWDSuspendedExt()");
    }

    static String finish(Connection connection) {
        return command(connection, "ExternalSetHistory()");
    }

    /** Whether the freeze, whoever has written it, ends by itself in time. */
    static Readiness limitCheck(Call freeze) {
        int limit = limit(freeze.arguments().getLast());
        boolean ok = limit >= 1 && limit <= LIMIT;
        return new Readiness(
                "wd_suspend_limit",
                ok,
                ok ? limit + " s" : "the freeze does not end by itself within " + LIMIT + " s",
                ok ? "" : "Give ExternalFreeze a tenth argument (WDSuspendLimit) of 1 to " + LIMIT);
    }

    private static int limit(String call) {
        int from = call.indexOf("ExternalFreeze(");
        int to = call.lastIndexOf(')');
        List<String> arguments = from < 0 || to < from ? List.of() : arguments(call.substring(from + 15, to));
        if (arguments.size() <= POSITION_OF_LIMIT
                || !arguments.get(POSITION_OF_LIMIT).matches("[0-9]{1,4}")) {
            return 0;
        }
        return Integer.parseInt(arguments.get(POSITION_OF_LIMIT));
    }

    private static List<String> arguments(String list) {
        List<String> arguments = new ArrayList<>();
        var argument = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < list.length(); i++) {
            char each = list.charAt(i);
            quoted ^= each == '"';
            if (each == ',' && !quoted) {
                arguments.add(argument.toString().strip());
                argument.setLength(0);
            } else {
                argument.append(each);
            }
        }
        arguments.add(argument.toString().strip());
        return arguments;
    }
}
