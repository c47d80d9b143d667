package org.medbackup.store.azure;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/** Each object is a block blob of the container. How they are made, {@link Puts} says. */
final class AzureStore implements ObjectStore {

    /** The most that the service names in one answer. */
    static final int PAGE = 5_000;

    private static final int SMALL_PAGE = 2;
    private static final String VERSION = "versionid";

    private final AzureLocation location;
    private final int page;
    private final Wire wire;
    private final TimeSource time;
    private final @Nullable Versions versions;
    private final Puts puts;

    AzureStore(AzureLocation location, Wire wire, TimeSource time, Puts puts, int page) {
        this.location = location;
        this.page = page;
        this.wire = wire;
        this.time = time;
        this.versions = location.locks() ? new Versions(this::versions) : null;
        this.puts = puts;
    }

    @Override
    public String location() {
        return location.toString();
    }

    private URI container() {
        return URI.create(location.service() + "/" + location.container());
    }

    private String full(ObjectName name) {
        return location.prefix() + name.text();
    }

    private URI object(ObjectName name) {
        return URI.create(container() + "/" + full(name));
    }

    /**
     * A request about an object: where the location asks for locks, about the version that is the object.
     *
     * @throws BackupException with {@link ErrorCode#OBJECT_MISSING}
     */
    private Ask ask(String method, ObjectName name) {
        var ask = new Ask(method, object(name));
        return versions == null
                ? ask
                : ask.query(VERSION, versions.of(full(name)).orElseThrow(AzureStore::missing));
    }

    private static BackupException missing() {
        return ErrorCode.OBJECT_MISSING.because("it is not in the container");
    }

    /** What a refusal means; what is not there is not remembered. */
    private BackupException failure(ObjectName name, Answer answer, String act) {
        BackupException failure = Failures.of(answer, act);
        if (versions != null && failure.code() == ErrorCode.OBJECT_MISSING) {
            versions.forget(full(name));
        }
        return failure;
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
        if (versions != null && versions.of(full(name)).isPresent()) {
            // Also where somebody has hidden it, so that the target would take another.
            return PutOutcome.EXISTED;
        }
        return call("put", name, () -> puts.make(object(name), content, time.now()));
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
                lookUp(name).orElseThrow(AzureStore::missing);
                return 0;
            });
        }
        return call("read", name, () -> {
            Ask range =
                    ask("GET", name).header("x-ms-range", "bytes=" + offset + "-" + (offset + target.remaining() - 1));
            try (Answer answer = wire.send(range)) {
                if (answer.status() == 416) {
                    return 0;
                }
                if (!answer.isSuccess()) {
                    throw failure(name, answer, "read");
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
        if (versions != null && versions.of(full(name)).isEmpty()) {
            return OptionalLong.empty();
        }
        try (Answer there = wire.send(ask("HEAD", name))) {
            if (there.isSuccess()) {
                return OptionalLong.of(length(there));
            }
            BackupException failure = failure(name, there, "look up");
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
        Consumer<Listing.Blob> each = blob -> {
            String name = ours(blob);
            if (!ObjectName.isName(name)) {
                return;
            }
            if (name.compareTo(last[0]) <= 0) {
                throw ErrorCode.LOCATION_UNSUPPORTED
                        .because(
                                "the account does not list in the order of names; it may have a hierarchical namespace")
                        .with("store", location());
            }
            last[0] = name;
            visitor.accept(new ObjectInfo(ObjectName.of(name), blob.length()));
        };
        if (versions != null) {
            versions.list(location.prefix() + prefix, each);
            return;
        }
        pages(prefix, listing -> {
            listing.blobs().forEach(each);
            return true;
        });
    }

    /** All versions of what begins with a prefix, which is as it is in the container. */
    private void versions(String prefix, Predicate<Listing.Blob> visitor) {
        pages(prefix.substring(location.prefix().length()), page, true, listing -> {
            for (Listing.Blob each : listing.blobs()) {
                if (!each.version().isKnown()) {
                    throw ErrorCode.LOCKS_UNAVAILABLE
                            .because("the container keeps no versions")
                            .with("store", location());
                }
                if (!visitor.test(each)) {
                    return false;
                }
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
        pages(prefix, page, false, pages);
    }

    private void pages(String prefix, int size, boolean all, Pages pages) {
        String marker = "";
        do {
            String from = marker;
            Listing listing = call("list", "prefix", prefix, () -> page(prefix, size, all, from));
            if (!pages.take(listing)) {
                return;
            }
            marker = listing.next();
        } while (!marker.isEmpty());
    }

    private Listing page(String prefix, int size, boolean all, String marker) throws IOException {
        Ask ask = new Ask("GET", container())
                .query("restype", "container")
                .query("comp", "list")
                .query("maxresults", Integer.toString(size))
                .query("prefix", location.prefix() + prefix);
        if (all) {
            ask.query("include", "versions");
        }
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
        if (versions == null) {
            return call("delete", name, () -> deletePlainly(name));
        }
        List<Listing.Blob> all = versions.all(full(name));
        // Deleting what is current hides it even where it is locked, so that locks are asked for before anything is
        // done.
        all.forEach(each -> call("delete", name, () -> requireUnlocked(name, each)));
        boolean deleted = false;
        for (Listing.Blob each : all) {
            deleted |= call("delete", name, () -> delete(name, each.version()));
        }
        versions.forget(full(name));
        return deleted;
    }

    private boolean requireUnlocked(ObjectName name, Listing.Blob version) throws IOException {
        try (Answer there = wire.send(
                new Ask("HEAD", object(name)).query(VERSION, version.version().id()))) {
            if (!there.isSuccess() && there.status() != 404) {
                throw Failures.of(there, "look up the lock");
            }
            if (there.isSuccess() && BlobLocks.protects(there)) {
                throw ErrorCode.DELETION_REFUSED.because("cannot delete: it is locked at the target");
            }
            return there.isSuccess();
        }
    }

    /** The current version becomes a previous one by a plain deletion, and only such a one goes by its id. */
    private boolean delete(ObjectName name, Version version) throws IOException {
        if (version.isCurrent()) {
            deletePlainly(name);
        }
        return deleted(new Ask("DELETE", object(name)).query(VERSION, version.id()));
    }

    private boolean deletePlainly(ObjectName name) throws IOException {
        return deleted(new Ask("DELETE", object(name)).header("x-ms-delete-snapshots", "include"));
    }

    private boolean deleted(Ask ask) throws IOException {
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
    }

    @Override
    public Optional<Locks> locks() {
        return location.locks() ? Optional.of(new Retention()) : Optional.empty();
    }

    /** The retention of objects, asked of the service and told to it. */
    private final class Retention implements Locks {

        @Override
        public Optional<Instant> until(ObjectName name) {
            Instant end = head(name, BlobLocks::until);
            return Optional.of(end).filter(each -> each.isAfter(Instant.EPOCH));
        }

        private Instant head(ObjectName name, Function<Answer, Instant> time) {
            return call("look up the lock of", name, () -> {
                try (Answer there = wire.send(ask("HEAD", name))) {
                    if (!there.isSuccess()) {
                        throw failure(name, there, "look up the lock");
                    }
                    return time.apply(there);
                }
            });
        }

        @Override
        public void extend(ObjectName name, Instant until) {
            boolean isSet = set(name, until, head(name, BlobLocks::loose));
            // A lock that lasts longer cannot be made shorter, and need not.
            if (!isSet && until(name).filter(end -> !end.isBefore(until)).isEmpty()) {
                throw ErrorCode.STORE_DENIED
                        .because("the target does not set the lock")
                        .with("object", name)
                        .with("store", location());
            }
        }

        /** A retention that could be made shorter is not made so. */
        private boolean set(ObjectName name, Instant until, Instant loose) {
            return call("lock", name, () -> {
                Ask ask = ask("PUT", name).query("comp", "immutabilityPolicies");
                try (Answer answer = wire.send(BlobLocks.lock(ask, loose.isAfter(until) ? loose : until))) {
                    if (answer.isSuccess()) {
                        return true;
                    }
                    if (answer.status() == 400 || answer.status() == 403 || answer.status() == 409) {
                        return false;
                    }
                    throw failure(name, answer, "lock");
                }
            });
        }
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
                pages(prefix, SMALL_PAGE, false, listing -> {
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
        pages("", page, location.locks(), listing -> {
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
