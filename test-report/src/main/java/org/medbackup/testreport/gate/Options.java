package org.medbackup.testreport.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The options of one call, by name without the dashes. */
final class Options {

    private final Map<String, List<String>> values;

    private Options(Map<String, List<String>> values) {
        this.values = values;
    }

    static Options parse(Syntax syntax, List<String> args) {
        var values = new HashMap<String, List<String>>();
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            String arg = rest.next();
            String name = arg.startsWith("--") ? arg.substring(2) : "";
            List<String> given = values.computeIfAbsent(name, _ -> new ArrayList<>());
            if (syntax.takesValue(name)) {
                if (!rest.hasNext()) {
                    throw new UsageException(arg + " needs a value", syntax.usage());
                }
                given.add(rest.next());
            } else if (!syntax.flags().contains(name)) {
                throw new UsageException("unknown option " + arg, syntax.usage());
            }
        }
        for (String name : syntax.required()) {
            if (values.getOrDefault(name, List.of()).size() != 1) {
                throw new UsageException("--" + name + " must be given once", syntax.usage());
            }
        }
        return new Options(values);
    }

    Path path(String name) {
        return Path.of(all(name).getFirst());
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
