package org.medbackup.store.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Each object is an object of the bucket, made by {@code If-None-Match: *} with its CRC-32C, which the target checks. A put
 * whose outcome is unknown is looked up: what lies there is ours when it is the same bytes.
 */
final class S3Store implements ObjectStore {

    /** Amazon answers 409 while another put of the name is under way, and asks for another try. */
    private static final int CONFLICTS = 8;

    private static final Duration CONFLICT_PAUSE = Duration.ofMillis(50);

    /** The beginning of the names of packs of data, see docs/format.md. */
    private static final String DATA = "d/";

    /** A lock that ends sooner is as good as none, whatever the two clocks say. */
    private static final Duration SHORTEST_LOCK = Duration.ofMinutes(1);

    private final S3Location location;
    private final S3Client client;
    private final TimeSource time;
    private final Deletion deletion;
    private final @Nullable Versions versions;

    S3Store(S3Location location, S3Client client, TimeSource time) {
        this.versions = location.lock() == S3Location.Lock.NONE ? null : new Versions(client, location.bucket());
        this.location = location;
        this.client = client;
        this.time = time;
        this.deletion = new Deletion(client, location.bucket());
    }

    @Override
    public String location() {
        return location.toString();
    }

    private String key(ObjectName name) {
        return location.prefix() + name.text();
    }

    private <T> T call(String act, ObjectName name, Supplier<T> work) {
        return call(location, act, name, work);
    }

    /** A call, whose failures say what it was about. */
    static <T> T call(S3Location location, String act, ObjectName name, Supplier<T> work) {
        try {
            return work.get();
        } catch (SdkException failed) {
            throw Failures.of(failed, act).with("object", name).with("store", location);
        } catch (BackupException failure) {
            throw failure.with("object", name).with("store", location);
        }
    }

    private BackupException known(BackupException failure) {
        return failure.with("store", location());
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        if (isHidden(name)) {
            return PutOutcome.EXISTED;
        }
        try (var upload = new Upload(content)) {
            for (int tried = 1; ; tried++) {
                try {
                    return put(name, upload, content.keeping());
                } catch (SdkException failed) {
                    if (isAnswer(failed, 412)) {
                        return PutOutcome.EXISTED;
                    }
                    if (isAnswer(failed, 409) && tried < CONFLICTS) {
                        time.sleep(CONFLICT_PAUSE.multipliedBy(tried));
                        continue;
                    }
                    if (isAnswer(failed, 400) && locks(content.keeping())) {
                        throw ErrorCode.LOCKS_UNAVAILABLE.because("the bucket takes no object with a lock");
                    }
                    if (Failures.leavesOpen(failed) || isAnswer(failed, 409)) {
                        return outcome(name, upload, failed);
                    }
                    throw Failures.of(failed, "put");
                }
            }
        } catch (UncheckedIOException broken) {
            throw known(ErrorCode.STORE_UNAVAILABLE.because("the content could not be read"))
                    .with("object", name);
        } catch (BackupException failure) {
            throw known(failure).with("object", name);
        }
    }

    private boolean locks(Keeping keeping) {
        // A copy of what was locked once asks for a lock that has ended, which a target refuses.
        return versions != null && keeping.until().isAfter(time.now().plus(SHORTEST_LOCK));
    }

    /** Whether an object lies behind a marker that somebody else has set, so that the target would take another. */
    private boolean isHidden(ObjectName name) {
        Versions locked = versions;
        return locked != null
                && call("look up", name, () -> locked.of(key(name)).isPresent());
    }

    private PutOutcome put(ObjectName name, Upload upload, Keeping keeping) {
        var request = PutObjectRequest.builder()
                .bucket(location.bucket())
                .key(key(name))
                .ifNoneMatch("*")
                .contentLength(upload.length())
                .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                .checksumCRC32C(upload.checksum());
        if (locks(keeping)) {
            request.objectLockMode(BucketLocks.mode(location.lock()))
                    .objectLockRetainUntilDate(BucketLocks.rounded(keeping.until()));
        }
        // What every restore needs to be planned is never cold, whatever the bucket is for.
        if (!location.storageClass().isEmpty() && name.text().startsWith(DATA)) {
            request.storageClass(location.storageClass());
        }
        PutObjectResponse made = client.putObject(request.build(), upload.body());
        if (made.checksumCRC32C() != null && !made.checksumCRC32C().equals(upload.checksum())) {
            throw ErrorCode.OBJECT_DAMAGED.because("the target has other bytes than were sent to it");
        }
        return PutOutcome.CREATED;
    }

    private static boolean isAnswer(SdkException failed, int status) {
        return failed instanceof AwsServiceException answer && answer.statusCode() == status;
    }

    /** What became of a put that was not answered, or answered with a failure of the target. */
    private PutOutcome outcome(ObjectName name, Upload upload, SdkException failed) {
        HeadObjectResponse there;
        try {
            there = head(name);
        } catch (SdkException unknown) {
            throw Failures.of(failed, "put");
        }
        if (there == null) {
            throw Failures.of(failed, "put");
        }
        if (length(there) != upload.length()) {
            return PutOutcome.EXISTED;
        }
        String sum = there.checksumCRC32C() == null ? sumOf(name) : there.checksumCRC32C();
        return sum.equals(upload.checksum()) ? PutOutcome.CREATED : PutOutcome.EXISTED;
    }

    private String sumOf(ObjectName name) {
        var sum = new CRC32C();
        var piece = new byte[64 * 1024];
        try (InputStream in = client.getObject(get -> get.bucket(location.bucket())
                .key(key(name))
                .versionId(version(name).orElse(null)))) {
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                sum.update(piece, 0, got);
            }
        } catch (SdkException failed) {
            throw Failures.of(failed, "read");
        } catch (IOException cut) {
            throw Failures.ended(cut);
        }
        return Upload.encoded(sum);
    }

    /** An answer that was cut among its headers is taken for a whole one by who reads it for us. */
    private static long length(HeadObjectResponse there) {
        Long length = there.contentLength();
        if (length == null) {
            throw Failures.ended(new EOFException("the answer has no length"));
        }
        return length;
    }

    /** The version that is the object, where the bucket locks; empty where it does not, or there is none. */
    private Optional<String> version(ObjectName name) {
        return Optional.ofNullable(versions).flatMap(each -> each.of(key(name))).map(Versions.Version::id);
    }

    private @Nullable HeadObjectResponse head(ObjectName name) {
        Optional<String> version = version(name);
        if (versions != null && version.isEmpty()) {
            return null;
        }
        try {
            return client.headObject(head -> head.bucket(location.bucket())
                    .key(key(name))
                    .versionId(version.orElse(null))
                    .checksumMode(ChecksumMode.ENABLED));
        } catch (AwsServiceException answer) {
            if (answer.statusCode() == 404) {
                return null;
            }
            throw answer;
        }
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        if (!target.hasRemaining()) {
            if (length(name).isEmpty()) {
                throw known(ErrorCode.OBJECT_MISSING.because("it is not in the bucket"))
                        .with("object", name);
            }
            return 0;
        }
        return call("read", name, () -> {
            Optional<String> version = version(name);
            if (versions != null && version.isEmpty()) {
                throw ErrorCode.OBJECT_MISSING.because("it is not in the bucket");
            }
            GetObjectRequest range = GetObjectRequest.builder()
                    .bucket(location.bucket())
                    .key(key(name))
                    .versionId(version.orElse(null))
                    .range("bytes=" + offset + "-" + (offset + target.remaining() - 1))
                    .build();
            try (ResponseInputStream<GetObjectResponse> in = client.getObject(range)) {
                return fill(target, in, offset);
            } catch (AwsServiceException answer) {
                if (answer.statusCode() == 416) {
                    return 0;
                }
                if (Failures.code(answer).equals("InvalidObjectState")) {
                    throw ErrorCode.OBJECT_OFFLINE.because("it is in cold storage");
                }
                throw answer;
            } catch (IOException cut) {
                throw Failures.ended(cut);
            }
        });
    }

    private static int fill(ByteBuffer target, ResponseInputStream<GetObjectResponse> in, long offset)
            throws IOException {
        if (in.response().contentRange() == null && offset > 0) {
            in.abort();
            throw ErrorCode.STORE_UNAVAILABLE.because("cannot read: the target does not serve ranges");
        }
        int start = target.position();
        var piece = new byte[Math.min(64 * 1024, target.remaining())];
        while (target.hasRemaining()) {
            int got = in.read(piece, 0, Math.min(piece.length, target.remaining()));
            if (got < 0) {
                break;
            }
            target.put(piece, 0, got);
        }
        int done = target.position() - start;
        Long promised = in.response().contentLength();
        // Without a length, and not in chunks, nobody knows whether this is the end of the object or of the answer.
        boolean isShort = promised == null ? !isChunked(in.response()) : done < promised;
        if (target.hasRemaining() && isShort) {
            throw new EOFException("the answer ended before its length");
        }
        return done;
    }

    private static boolean isChunked(GetObjectResponse answer) {
        return answer.sdkHttpResponse().firstMatchingHeader("Transfer-Encoding").isPresent();
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return call("look up", name, () -> {
            HeadObjectResponse there = head(name);
            return there == null ? OptionalLong.empty() : OptionalLong.of(length(there));
        });
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        var request = ListObjectsV2Request.builder()
                .bucket(location.bucket())
                .prefix(location.prefix() + prefix)
                .build();
        int ours = location.prefix().length();
        try {
            if (versions != null) {
                versions.list(location.prefix() + prefix, (key, length) -> visit(key.substring(ours), length, visitor));
                return;
            }
            for (ListObjectsV2Response page : client.listObjectsV2Paginator(request)) {
                for (S3Object object : whole(page).contents()) {
                    visit(object.key().substring(ours), object.size(), visitor);
                }
            }
        } catch (SdkException failed) {
            throw known(Failures.of(failed, "list")).with("prefix", prefix);
        }
    }

    private static void visit(String name, long length, Consumer<ObjectInfo> visitor) {
        if (ObjectName.isName(name)) {
            visitor.accept(new ObjectInfo(ObjectName.of(name), length));
        }
    }

    private ListObjectsV2Response whole(ListObjectsV2Response page) {
        try {
            requireWhole(page.isTruncated());
        } catch (BackupException cut) {
            throw known(cut);
        }
        return page;
    }

    /** A page that was cut before its first line reads like one on which nothing is listed. */
    static void requireWhole(@Nullable Boolean truncated) {
        if (truncated == null) {
            throw Failures.ended(new EOFException("the answer says nothing"));
        }
    }

    @Override
    public boolean delete(ObjectName name) {
        return call("delete", name, () -> {
            HeadObjectResponse there = head(name);
            if (there == null) {
                return false;
            }
            deletion.delete(key(name), there.versionId());
            if (versions != null) {
                versions.forget(key(name));
            }
            return true;
        });
    }

    @Override
    public Optional<Locks> locks() {
        return Optional.ofNullable(versions).map(each -> new BucketLocks(client, location, each));
    }

    @Override
    public Optional<Recall> recall() {
        return BucketRecall.isCold(location.storageClass())
                ? Optional.of(new BucketRecall(client, location, this::there))
                : Optional.empty();
    }

    private HeadObjectResponse there(ObjectName name) {
        return call("look up", name, () -> {
            HeadObjectResponse there = head(name);
            if (there == null) {
                throw ErrorCode.OBJECT_MISSING.because("it is not in the bucket");
            }
            return there;
        });
    }

    @Override
    public Optional<Questions> questions() {
        return Optional.of(new Trials(client, location));
    }

    /** What a probe could not take away again, since the target keeps it, is nobody's. */
    @Override
    public boolean isEmpty() {
        String probes = location.prefix() + ".probe/";
        try {
            // The first name that sorts behind all below .probe/ begins with the character behind the slash.
            return first("").filter(key -> !key.startsWith(probes)).isEmpty()
                    && first(location.prefix() + ".probe0").isEmpty();
        } catch (SdkException failed) {
            throw known(Failures.of(failed, "list"));
        }
    }

    private Optional<String> first(String after) {
        return whole(client.listObjectsV2(list -> list.bucket(location.bucket())
                        .prefix(location.prefix())
                        .startAfter(after.isEmpty() ? null : after)
                        .maxKeys(1)))
                .contents()
                .stream()
                .map(S3Object::key)
                .findFirst();
    }

    @Override
    public void close() {
        client.close();
    }
}
