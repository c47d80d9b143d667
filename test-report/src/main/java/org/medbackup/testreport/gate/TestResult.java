package org.medbackup.testreport.gate;

import java.util.Arrays;
import java.util.List;

/**
 * The result of one test.
 *
 * @param nodeid its name
 * @param outcome the word for how it ended
 * @param reason the first line of why it did not pass
 */
record TestResult(String nodeid, String outcome, String reason) {

    boolean passed() {
        return outcome.equals("passed");
    }

    boolean broken() {
        return outcome.equals("failed") || outcome.equals("error");
    }

    /** Classes from the outermost inwards, then the method; the same for all invocations of a method. */
    List<String> names() {
        String withoutInvocation = nodeid.split("\\[", 2)[0].replaceFirst("#\\d+$", "");
        List<String> parts = Arrays.asList(withoutInvocation.split("::"));
        return List.copyOf(parts.subList(1, parts.size()));
    }

    @Override
    public String toString() {
        return outcome + ": " + nodeid + (passed() ? "" : " (" + reason + ")");
    }
}
