package org.medbackup.testreport.gate;

import java.util.List;
import java.util.Set;

/**
 * Says how a gate is called.
 *
 * @param name the gate
 * @param required options that must be given once, with a value
 * @param optional options with a value that may be given, several times
 * @param flags options without a value
 * @param usage the line that explains it
 */
record Syntax(String name, List<String> required, Set<String> optional, Set<String> flags, String usage) {

    boolean takesValue(String option) {
        return required.contains(option) || optional.contains(option);
    }
}
