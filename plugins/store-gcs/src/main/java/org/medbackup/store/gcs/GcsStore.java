package org.medbackup.store.gcs;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** Each object is an object of the bucket. How they are made, {@link Puts} says. */
final class GcsStore implements ObjectStore {

    /** The most that the service names in one answer. */
    static final int PAGE = 1_000;

    private static final String API = "/storage/v1/b/";

    private static final int SMALL_PAGE = 2;
    private static final String DESCRIPTION = "size,crc32c";
    private static final int LONGEST_DESCRIPTION = 64 << 10;

    private final GcsLocation location;
    private final int page;
    private final Wire wire;
    private final TimeSource time;
    private final ObjectLocks locks;
    private final @Nullable Generations generations;
    private final Puts puts;

    GcsStore(GcsLocation location, Wire wire, TimeSource time, Entropy entropy, int page) {
        this.location = location;
        this.page = page;
        this.wire = wire;
        this.time = time;
        this.locks = new ObjectLocks(location.lock());
        this.generations = location.lock() == GcsLocation.Lock.NONE ? null : new Generations(this::generations);
        this.puts = new Puts(wire, entropy, objects("/upload"), locks, this::find);
    }

    @Override
    public String location() {
        return location.toString();
    }

    private URI objects(String way) {
        return URI.create(location.service() + way + API + location.bucket() + "/o");
    }

    /** The address of an object, whose name is one part of the path. */
    private URI object(String way, String full) {
        return URI.create(objects(way) + "/" + full.replace("/", "%2F"));
    }

    private String full(ObjectName name) {
        return location.prefix() + name.text();
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
        if (generations != null && generations.of(full(name)).isPresent()) {
            // Also where somebody has hidden it, so that the target would take another.
            return PutOutcome.EXISTED;
        }
        return call("put", name, () -> puts.make(full(name), content, time.now()));
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        if (!target.hasRemaining()) {
            return call("read", name, () -> {
                if (lookUp(name).isEmpty()) {
                    throw ErrorCode.OBJECT_MISSING.because("it is not in the bucket");
                }
                return 0;
            });
        }
        return call("read", name, () -> {
            Ask range = ask("GET", "/download", name)
                    .query("alt", "media")
                    .header("range", "bytes=" + offset + "-" + (offset + target.remaining() - 1));
            try (Answer answer = wire.send(range)) {
                if (answer.status() == 416) {
                    return 0;
                }
                if (!answer.isSuccess()) {
                    throw forgotten(name, failure(answer, "read"));
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

    /**
     * A request about an object: where the location asks for locks, about the generation that is the object.
     *
     * @throws BackupException with {@link ErrorCode#OBJECT_MISSING}
     */
    private Ask ask(String method, String way, ObjectName name) {
        var ask = new Ask(method, object(way, full(name)));
        return generations == null
                ? ask
                : ask.query(
                        "generation",
                        generations
                                .of(full(name))
                                .orElseThrow(() -> ErrorCode.OBJECT_MISSING.because("it is not in the bucket")));
    }

    /** What is not there is not remembered. */
    private BackupException forgotten(ObjectName name, BackupException failure) {
        if (generations != null && failure.code() == ErrorCode.OBJECT_MISSING) {
            generations.forget(full(name));
        }
        return failure;
    }

    private Optional<Found> lookUp(ObjectName name) throws IOException {
        if (generations != null && generations.of(full(name)).isEmpty()) {
            return Optional.empty();
        }
        try (Answer there = wire.send(ask("GET", "", name).query("fields", DESCRIPTION))) {
            if (there.isSuccess()) {
                return Optional.of(Found.of(there));
            }
            BackupException failure = forgotten(name, failure(there, "look up"));
            if (failure.code() == ErrorCode.OBJECT_MISSING) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private Optional<Found> find(String full) throws IOException {
        try (Answer there = wire.send(new Ask("GET", object("", full)).query("fields", DESCRIPTION))) {
            return there.isSuccess() ? Optional.of(Found.of(there)) : Optional.empty();
        }
    }

    /** What a refusal means, with another question where it does not say whether the object is missing or the bucket. */
    private BackupException failure(Answer answer, String act) throws IOException {
        BackupException failure = Failures.of(answer, act);
        if (!Failures.isUnclear(answer)) {
            return failure;
        }
        Ask one = new Ask("GET", objects("")).query("maxResults", "1").query("fields", "kind");
        try (Answer bucket = wire.send(one)) {
            return bucket.status() == 404 ? Failures.noBucket().with("http", 404) : failure;
        }
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return call(
                "look up",
                name,
                () -> lookUp(name).map(found -> OptionalLong.of(found.length())).orElseGet(OptionalLong::empty));
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        var last = new String[] {""};
        Consumer<Listing.Entry> each = entry -> {
            String name = ours(entry);
            if (!ObjectName.isName(name)) {
                return;
            }
            if (name.compareTo(last[0]) <= 0) {
                throw ErrorCode.LOCATION_UNSUPPORTED
                        .because("the target does not list in the order of names")
                        .with("store", location());
            }
            last[0] = name;
            visitor.accept(new ObjectInfo(ObjectName.of(name), entry.length()));
        };
        if (generations != null) {
            generations.list(location.prefix() + prefix, each);
            return;
        }
        pages(prefix, listing -> {
            listing.objects().forEach(each);
            return true;
        });
    }

    /** All generations of what begins with a prefix, which is as it is in the bucket. */
    private void generations(String prefix, Predicate<Listing.Entry> visitor) {
        pages(prefix.substring(location.prefix().length()), page, true, listing -> {
            for (Listing.Entry each : listing.objects()) {
                if (each.generation().isEmpty()) {
                    throw ErrorCode.STORE_UNAVAILABLE
                            .because("cannot list: the target says no generations")
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
    private String ours(Listing.Entry entry) {
        return entry.name().startsWith(location.prefix())
                ? entry.name().substring(location.prefix().length())
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
        Ask ask = new Ask("GET", objects(""))
                .query("fields", Listing.FIELDS)
                .query("maxResults", Integer.toString(size))
                .query("prefix", location.prefix() + prefix);
        if (all) {
            ask.query("versions", "true");
        }
        if (!marker.isEmpty()) {
            ask.query("pageToken", marker);
        }
        try (Answer answer = wire.send(ask)) {
            if (answer.isSuccess()) {
                return Listing.of(answer);
            }
            throw answer.status() == 404 ? Failures.noBucket().with("http", 404) : Failures.of(answer, "list");
        }
    }

    @Override
    public boolean delete(ObjectName name) {
        if (generations == null) {
            return delete(name, new Ask("DELETE", object("", full(name))));
        }
        boolean deleted = false;
        // The object first: where it is locked, nothing is taken away.
        for (String each : call("list", name, () -> generations.all(full(name)))) {
            deleted |= delete(name, new Ask("DELETE", object("", full(name))).query("generation", each));
        }
        generations.forget(full(name));
        return deleted;
    }

    private boolean delete(ObjectName name, Ask ask) {
        return call("delete", name, () -> {
            try (Answer answer = wire.send(ask)) {
                if (answer.isSuccess()) {
                    return true;
                }
                BackupException failure = Failures.isRefusedDeletion(answer)
                        ? Failures.refusedDeletion(answer)
                        : failure(answer, "delete");
                if (failure.code() == ErrorCode.OBJECT_MISSING) {
                    return false;
                }
                throw failure;
            }
        });
    }

    @Override
    public Optional<Locks> locks() {
        return location.lock() == GcsLocation.Lock.NONE ? Optional.empty() : Optional.of(new Retention());
    }

    /** The retention of objects, asked of the service and told to it. */
    private final class Retention implements Locks {

        @Override
        public Optional<Instant> until(ObjectName name) {
            return call("look up the lock of", name, () -> {
                try (Answer there = wire.send(ask("GET", "", name).query("fields", "retention"))) {
                    if (!there.isSuccess()) {
                        throw forgotten(name, failure(there, "look up the lock"));
                    }
                    return Optional.of(locks.until(there.document(LONGEST_DESCRIPTION)))
                            .filter(end -> end.isAfter(Instant.EPOCH));
                }
            });
        }

        @Override
        public void extend(ObjectName name, Instant until) {
            byte[] change = Json.write(JsonValue.of(Map.of("retention", locks.retention(until))))
                    .getBytes(StandardCharsets.UTF_8);
            boolean isSet = call("lock", name, () -> {
                Ask ask = ask("PATCH", "", name)
                        .query("fields", "retention")
                        .header("content-type", "application/json; charset=UTF-8");
                try (Answer answer = wire.send(ask, Body.of(change, change.length))) {
                    if (answer.isSuccess()) {
                        return true;
                    }
                    if (answer.status() == 400 || answer.status() == 403) {
                        return false;
                    }
                    throw forgotten(name, failure(answer, "lock"));
                }
            });
            // A lock that lasts longer cannot be made shorter, and need not.
            if (!isSet && until(name).filter(end -> !end.isBefore(until)).isEmpty()) {
                throw ErrorCode.STORE_DENIED
                        .because("the target does not set the lock")
                        .with("object", name)
                        .with("store", location());
            }
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
                    listing.objects().forEach(each -> names.add(ObjectName.of(ours(each))));
                    return true;
                });
                return Optional.of(names);
            }
        });
    }

    private boolean rejectsWrongChecksum(ObjectName name) {
        byte[] bytes = {1};
        return call("put", name, () -> {
            String wrong = Sums.of(new byte[] {2});
            try (Answer answer = puts.sendSummed(full(name), wrong, Body.of(bytes, bytes.length))) {
                if (answer.isSuccess() || answer.status() == 400) {
                    return !answer.isSuccess();
                }
                throw Failures.ofPut(answer);
            }
        });
    }

    /** What a probe could not take away again, since the target keeps it, is nobody's. */
    @Override
    public boolean isEmpty() {
        var isEmpty = new boolean[] {true};
        pages("", listing -> {
            isEmpty[0] =
                    listing.objects().stream().allMatch(entry -> ours(entry).startsWith(".probe/"));
            return isEmpty[0];
        });
        return isEmpty[0];
    }

    @Override
    public void close() {
        wire.close();
    }
}
