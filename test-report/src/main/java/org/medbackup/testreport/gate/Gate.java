package org.medbackup.testreport.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** One check of the build. */
interface Gate {

    /** How it is called. */
    Syntax syntax();

    /**
     * Checks; prints what is worth knowing also when all is well.
     *
     * @return what is wrong, a line each, with how to mend it; empty if the gate is passed
     */
    List<String> check(Options options, PrintStream out) throws IOException;
}
