package org.medbackup.app.command;

import java.util.Locale;

/** What a command is called for. */
enum Step {
    FREEZE("Stops the writes.", "0"),
    THAW("Lets it write again; succeeds also when it is not frozen.", "0"),
    STATUS("Asks whether it is frozen; success means that it is.", "0"),
    MARK("Called while it is frozen; the first line that it prints is the position.", "0"),
    FINISH("Called when the data has been copied.", "0");

    private final String meaning;
    private final String usualSuccess;

    Step(String meaning, String usualSuccess) {
        this.meaning = meaning;
        this.usualSuccess = usualSuccess;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String meaning() {
        return meaning;
    }

    String usualSuccess() {
        return usualSuccess;
    }
}
