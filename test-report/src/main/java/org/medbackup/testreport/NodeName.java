package org.medbackup.testreport;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names a test as pytest does: file, classes, method, and in brackets which of several invocations it is.
 *
 * @param file the source file below the root of the build
 * @param classes from the outermost class to the one that holds the test
 * @param method the method, or empty for a class as a whole
 * @param invocations from the outermost to the innermost
 */
record NodeName(String file, List<String> classes, String method, List<String> invocations) {

    /** The node id. All brackets stand at its end, also those of a class that runs several times. */
    String id() {
        return Stream.concat(Stream.of(file), names().stream()).collect(Collectors.joining("::"))
                + invocations.stream().map(each -> "[" + each + "]").collect(Collectors.joining());
    }

    /** From the innermost name to the outermost. */
    List<String> keywords() {
        List<String> names = new ArrayList<>(names());
        Collections.reverse(names);
        return names;
    }

    private List<String> names() {
        return Stream.concat(classes.stream(), Stream.of(method))
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
