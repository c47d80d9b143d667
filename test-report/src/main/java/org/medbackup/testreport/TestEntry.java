package org.medbackup.testreport;

import java.util.List;

/**
 * Reports one test.
 *
 * @param nodeid its name, unique in the report
 * @param lineno the line, counted from 0 as pytest does, of the first statement of its method; 0 if unknown
 * @param keywords the names of its method and its classes, and its tags
 * @param phases how it went
 */
record TestEntry(String nodeid, int lineno, List<String> keywords, Phases phases) {

    Json.Obj json() {
        var json = Json.Obj.empty()
                .with("nodeid", Json.of(nodeid))
                .with("lineno", Json.of(lineno))
                .with("outcome", Json.of(phases.outcome().word()))
                .with("keywords", Json.texts(keywords))
                .with("setup", phases.setup().json());
        Phase call = phases.call();
        if (call != null) {
            json = json.with("call", call.json());
        }
        return json.with("teardown", phases.teardown().json());
    }
}
