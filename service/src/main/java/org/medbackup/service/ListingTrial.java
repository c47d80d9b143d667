package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;

/** Makes a few objects whose names sort differently by other orders than that of their bytes, and lists them. */
final class ListingTrial {

    private static final List<String> NAMES =
            List.of("list/a", "list/a.b", "list/b/c", "list/b-c", "list/b.c", "list/c");
    private static final String CONTENT = "four";

    private ListingTrial() {}

    /** Tries the lists of a store. */
    static TargetCapabilities.Listing run(ObjectStore store) {
        var expected = new ArrayList<ObjectInfo>();
        for (ObjectName each : NAMES.stream().map(ObjectName::of).sorted().toList()) {
            store.putIfAbsent(each, ObjectContent.of(CONTENT.getBytes(StandardCharsets.US_ASCII)));
            expected.add(new ObjectInfo(each, CONTENT.length()));
        }
        var listed = new ArrayList<ObjectInfo>();
        store.list("list/", listed::add);
        List<ObjectName> names = listed.stream().map(ObjectInfo::name).toList();
        return new TargetCapabilities.Listing(
                listed.size() == expected.size() && new HashSet<>(listed).equals(new HashSet<>(expected)),
                names.equals(names.stream().sorted().toList()),
                store.questions()
                        .flatMap(questions -> questions.listInPages("list/"))
                        .filter(paged -> paged.equals(
                                expected.stream().map(ObjectInfo::name).toList()))
                        .isPresent());
    }
}
