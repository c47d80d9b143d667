package org.medbackup.store.s3;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** Object lock of S3, on the version that is the object. */
record BucketLocks(S3Client client, S3Location location, Versions versions) implements ObjectStore.Locks {

    /** Targets keep whole seconds, and some refuse others. */
    static Instant rounded(Instant until) {
        Instant down = until.truncatedTo(ChronoUnit.SECONDS);
        return down.equals(until) ? until : down.plusSeconds(1);
    }

    /** How an object is locked with its bytes. */
    static ObjectLockMode mode(S3Location.Lock lock) {
        return lock == S3Location.Lock.COMPLIANCE ? ObjectLockMode.COMPLIANCE : ObjectLockMode.GOVERNANCE;
    }

    private Versions.Version version(ObjectName name) {
        return versions.of(location.prefix() + name.text())
                .orElseThrow(() -> ErrorCode.OBJECT_MISSING.because("it is not in the bucket"));
    }

    @Override
    public Optional<Instant> until(ObjectName name) {
        return S3Store.call(location, "look up the lock of", name, () -> {
            Versions.Version version = version(name);
            try {
                GetObjectRetentionResponse answer = client.getObjectRetention(get -> get.bucket(location.bucket())
                        .key(location.prefix() + name.text())
                        .versionId(version.id()));
                return Optional.ofNullable(answer.retention()).map(each -> each.retainUntilDate());
            } catch (AwsServiceException answer) {
                if (answer.statusCode() == 404 || Failures.code(answer).equals("NoSuchObjectLockConfiguration")) {
                    return Optional.empty();
                }
                throw answer;
            }
        });
    }

    @Override
    public void extend(ObjectName name, Instant until) {
        S3Location.Lock lock = location.lock();
        ObjectLockRetentionMode mode = lock == S3Location.Lock.COMPLIANCE
                ? ObjectLockRetentionMode.COMPLIANCE
                : ObjectLockRetentionMode.GOVERNANCE;
        S3Store.call(location, "lock", name, () -> {
            Versions.Version version = version(name);
            try {
                client.putObjectRetention(put -> put.bucket(location.bucket())
                        .key(location.prefix() + name.text())
                        .versionId(version.id())
                        .retention(each -> each.mode(mode).retainUntilDate(rounded(until))));
            } catch (SdkException refused) {
                // A lock that lasts longer cannot be made shorter, and need not.
                if (until(name).filter(end -> !end.isBefore(until)).isEmpty()) {
                    throw refused;
                }
            }
            return true;
        });
    }
}
