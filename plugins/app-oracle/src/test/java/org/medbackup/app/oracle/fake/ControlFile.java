package org.medbackup.app.oracle.fake;

import java.util.List;
import java.util.stream.Collectors;

/** What a database knows of itself, as text. */
final class ControlFile {

    private ControlFile() {}

    /** What the control file knows. */
    static String of(FakeDatabase database) {
        var text = new StringBuilder("control\n");
        text.append("threads ")
                .append(database.state.current.keySet().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" ")))
                .append('\n');
        for (int each : List.of(1, 2)) {
            text.append("data ")
                    .append(each)
                    .append(' ')
                    .append(database.file(each))
                    .append('\n');
        }
        database.redo().forEach(each -> text.append("redo ").append(each).append('\n'));
        if (database.state.tracking) {
            text.append("tracking ").append(database.state.trackingFile).append('\n');
        }
        text.append("temp ").append(database.temporary()).append('\n');
        database.state.readOnly.forEach(
                each -> text.append("readonly ").append(each).append('\n'));
        database.rman
                .copies()
                .all()
                .forEach(each -> text.append("copy ").append(each.name()).append('\n'));
        database.rman
                .pieces()
                .forEach(each -> text.append("piece ").append(each.handle()).append('\n'));
        return text.toString();
    }
}
