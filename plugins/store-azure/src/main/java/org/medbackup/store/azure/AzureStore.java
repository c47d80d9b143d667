package org.medbackup.store.azure;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;

/** Each object is a block blob of the container. How they are made, {@link Puts} says. */
final class AzureStore implements ObjectStore {

    /** The most that the service names in one answer. */
    static final int PAGE = 5_000;

    private static final int SMALL_PAGE = 2;

    private final AzureLocation location;
    private final int page;
    private final Wire wire;
    private final Puts puts;

    AzureStore(AzureLocation location, Wire wire, Throttle throttle, Entropy entropy, int page) {
        this.location = location;
        this.page = page;
        this.wire = wire;
        this.puts = new Puts(wire, throttle, entropy);
    }

    @Override
    public String location() {
        return location.toString();
    }

    private URI container() {
        return URI.create(location.service() + "/" + location.container());
    }

    private URI object(ObjectName name) {
        return URI.create(container() + "/" + location.prefix() + name.text());
    }

    /** A request, and what its answer means. */
    @FunctionalInterface
    private interface Work<T> {
        T done() throws IOException;
    }

    private <T> T call(String act, String about, Object what, Work<T> work) {
        try {
            return work.done();
        } catch (IOException unanswered) {
            throw Failures.unanswered(unanswered, act).with("store", location()).with(about, what);
        } catch (BackupException failure) {
            throw failure.with("store", location()).with(about, what);
        }
    }

    private <T> T call(String act, ObjectName name, Work<T> work) {
        return call(act, "object", name, work);
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        return call("put", name, () -> puts.make(object(name), content));
    }

    /** The length that a head tells. */
    static long length(Answer there) {
        long length = there.number("Content-Length");
        if (length < 0) {
            throw Failures.ended(new EOFException("the answer has no length"));
        }
        return length;
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        if (!target.hasRemaining()) {
            return call("read", name, () -> {
                lookUp(name).orElseThrow(() -> ErrorCode.OBJECT_MISSING.because("it is not in the container"));
                return 0;
            });
        }
        Ask range = new Ask("GET", object(name))
                .header("x-ms-range", "bytes=" + offset + "-" + (offset + target.remaining() - 1));
        return call("read", name, () -> {
            try (Answer answer = wire.send(range)) {
                if (answer.status() == 416) {
                    return 0;
                }
                if (!answer.isSuccess()) {
                    throw Failures.of(answer, "read");
                }
                return fill(target, answer, offset);
            }
        });
    }

    private static int fill(ByteBuffer target, Answer answer, long offset) {
        String range = answer.header("Content-Range").orElse("");
        if (offset > 0 && !range.startsWith("bytes " + offset + "-")) {
            throw ErrorCode.STORE_UNAVAILABLE.because("cannot read: the target does not serve ranges");
        }
        int start = target.position();
        var piece = new byte[Math.min(64 * 1024, target.remaining())];
        try {
            while (target.hasRemaining()) {
                int got = answer.body().read(piece, 0, Math.min(piece.length, target.remaining()));
                if (got < 0) {
                    break;
                }
                target.put(piece, 0, got);
            }
        } catch (IOException cut) {
            throw Failures.ended(cut);
        }
        int done = target.position() - start;
        if (target.hasRemaining() && done < answer.number("Content-Length")) {
            throw Failures.ended(new EOFException("the answer ended before its length"));
        }
        return done;
    }

    private OptionalLong lookUp(ObjectName name) throws IOException {
        try (Answer there = wire.send(new Ask("HEAD", object(name)))) {
            if (there.isSuccess()) {
                return OptionalLong.of(length(there));
            }
            BackupException failure = Failures.of(there, "look up");
            if (failure.code() == ErrorCode.OBJECT_MISSING) {
                return OptionalLong.empty();
            }
            throw failure;
        }
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return call("look up", name, () -> lookUp(name));
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        var last = new String[] {""};
        pages(prefix, listing -> {
            for (Listing.Blob blob : listing.blobs()) {
                String name = ours(blob);
                if (!ObjectName.isName(name)) {
                    continue;
                }
                if (name.compareTo(last[0]) <= 0) {
                    throw ErrorCode.LOCATION_UNSUPPORTED
                            .because(
                                    "the account does not list in the order of names; it may have a hierarchical namespace")
                            .with("store", location());
                }
                last[0] = name;
                visitor.accept(new ObjectInfo(ObjectName.of(name), blob.length()));
            }
            return true;
        });
    }

    /** The part of a name behind our prefix. */
    private String ours(Listing.Blob blob) {
        return blob.name().startsWith(location.prefix())
                ? blob.name().substring(location.prefix().length())
                : "";
    }

    /** Takes a page, and says whether the next is wanted. */
    @FunctionalInterface
    private interface Pages {
        boolean take(Listing listing);
    }

    private void pages(String prefix, Pages pages) {
        pages(prefix, page, pages);
    }

    private void pages(String prefix, int size, Pages pages) {
        String marker = "";
        do {
            String from = marker;
            Listing listing = call("list", "prefix", prefix, () -> page(prefix, size, from));
            if (!pages.take(listing)) {
                return;
            }
            marker = listing.next();
        } while (!marker.isEmpty());
    }

    private Listing page(String prefix, int size, String marker) throws IOException {
        Ask ask = new Ask("GET", container())
                .query("restype", "container")
                .query("comp", "list")
                .query("maxresults", Integer.toString(size))
                .query("prefix", location.prefix() + prefix);
        if (!marker.isEmpty()) {
            ask.query("marker", marker);
        }
        try (Answer answer = wire.send(ask)) {
            if (!answer.isSuccess()) {
                throw Failures.of(answer, "list");
            }
            try {
                return Listing.read(answer.body());
            } catch (IOException cut) {
                throw Failures.ended(cut);
            }
        }
    }

    @Override
    public boolean delete(ObjectName name) {
        return call("delete", name, () -> {
            Ask ask = new Ask("DELETE", object(name)).header("x-ms-delete-snapshots", "include");
            try (Answer answer = wire.send(ask)) {
                if (answer.isSuccess()) {
                    return true;
                }
                BackupException failure = Failures.isRefusedDeletion(answer)
                        ? ErrorCode.DELETION_REFUSED.because("cannot delete: " + answer.status() + " " + answer.code())
                        : Failures.of(answer, "delete");
                if (failure.code() == ErrorCode.OBJECT_MISSING) {
                    return false;
                }
                throw failure;
            }
        });
    }

    @Override
    public Optional<Questions> questions() {
        return Optional.of(new Questions() {
            @Override
            public boolean refusesWrongChecksum(ObjectName name) {
                return rejectsWrongChecksum(name);
            }

            @Override
            public Optional<List<ObjectName>> listInPages(String prefix) {
                var names = new ArrayList<ObjectName>();
                pages(prefix, SMALL_PAGE, listing -> {
                    listing.blobs().forEach(each -> names.add(ObjectName.of(ours(each))));
                    return true;
                });
                return Optional.of(names);
            }
        });
    }

    private boolean rejectsWrongChecksum(ObjectName name) {
        byte[] bytes = {1};
        return call("put", name, () -> {
            Ask ask = new Ask("PUT", object(name))
                    .header("x-ms-blob-type", "BlockBlob")
                    .header("content-md5", Sums.of(bytes, 0))
                    .header("if-none-match", "*");
            try (Answer answer = wire.send(ask, Body.of(bytes, bytes.length))) {
                if (answer.isSuccess() || answer.status() == 400) {
                    return !answer.isSuccess();
                }
                throw Failures.of(answer, "put");
            }
        });
    }

    /** What a probe could not take away again, since the target keeps it, is nobody's. */
    @Override
    public boolean isEmpty() {
        var isEmpty = new boolean[] {true};
        pages("", listing -> {
            isEmpty[0] = listing.blobs().stream().allMatch(blob -> ours(blob).startsWith(".probe/"));
            return isEmpty[0];
        });
        return isEmpty[0];
    }

    @Override
    public void close() {
        wire.close();
    }
}
