package org.medbackup.cli;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;

/** Arguments as the product takes them. */
final class Paths {

    private Paths() {}

    /** A path of this machine, made absolute; {@code .} and {@code ..} are resolved by the text alone. */
    static PathBytes absolute(String argument) {
        if (argument.isEmpty()) {
            throw ErrorCode.USAGE.because("a path is empty");
        }
        String path = argument.startsWith("/") ? argument : System.getProperty("user.dir") + "/" + argument;
        var names = new java.util.ArrayDeque<String>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return PathBytes.of("/" + String.join("/", names));
    }

    /** An absolute path of a restore point. */
    static PathBytes inside(String argument) {
        if (!argument.startsWith("/")) {
            throw ErrorCode.USAGE.because("a path of a restore point begins with a slash: " + argument);
        }
        return PathBytes.of(argument);
    }

    /** Tags given as KEY=VALUE. */
    static SortedMap<String, String> tags(Map<String, String> given) {
        if (given.keySet().stream().anyMatch(String::isBlank)) {
            throw ErrorCode.USAGE.because("a tag is written KEY=VALUE");
        }
        return new TreeMap<>(given);
    }
}
