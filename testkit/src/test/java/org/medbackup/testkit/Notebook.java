package org.medbackup.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;

/** The smallest application: one page that is written until it is frozen. */
final class Notebook implements Application {

    /** What all who have it open share. */
    static final class Page {
        private int words;
        private boolean frozen;

        boolean isFrozen() {
            return frozen;
        }
    }

    private final Page page;
    private int marked = -1;

    Notebook(Page page) {
        this.page = page;
    }

    @Override
    public String address() {
        return "notebook://desk";
    }

    @Override
    public Discovery discover(Deadline deadline) {
        return new Discovery("1.0", "notebook-1", Map.of("pages", "1"));
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        return List.of(new Readiness("pen", true, "there is ink", ""));
    }

    @Override
    public void prepare(String run, Deadline deadline) {
        page.words++;
    }

    @Override
    public boolean freezes() {
        return true;
    }

    @Override
    public void freeze(Deadline deadline) {
        page.frozen = true;
    }

    @Override
    public void mark(Deadline deadline) {
        if (!page.frozen) {
            throw ErrorCode.FREEZE_LOST.because("the page is being written");
        }
        marked = page.words;
    }

    @Override
    public void thaw(Deadline deadline) {
        page.frozen = false;
    }

    @Override
    public void copy(CopySink sink) {
        PathBytes folder = PathBytes.of("/notebook");
        PathBytes text = PathBytes.of("/notebook/page");
        sink.tree(new CopySink.TreeCopy(
                Path.of("/notebook"), folder, CopySink.Selection.ALL, CopySink.Cut.CONTENT, true));
        sink.file(Path.of("/notebook/page"), text, CopySink.Cut.CONTENT);
        sink.content(PathBytes.of("/notebook/mark"), new byte[] {(byte) marked}, text);
    }

    @Override
    public Consistency verify(Deadline deadline) {
        return new Consistency(
                ConsistencyLevel.APPLICATION_CONSISTENT, "word " + marked, Duration.ZERO, Map.of("words", "" + marked));
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        marked = -1;
    }

    @Override
    public void close() {
        page.frozen = false;
    }
}
