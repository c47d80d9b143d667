package org.medbackup.store.s3;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Tier;

/**
 * Objects of the classes of S3 that cannot be read at once (Glacier Flexible Retrieval and Deep Archive). The target itself
 * knows what was asked for, so that whoever is killed while he waits asks again and waits on.
 */
record BucketRecall(S3Client client, S3Location location, Head head) implements ObjectStore.Recall {

    private static final String DEEP = "DEEP_ARCHIVE";
    private static final Set<String> COLD = Set.of("GLACIER", DEEP);

    /** "Understanding archive retrieval options" of the S3 User Guide; expedited for objects below 250 MB, as packs are. */
    private static final Terms OF_GLACIER = terms(Map.of(
            Speed.EXPEDITED,
            Duration.ofMinutes(5),
            Speed.STANDARD,
            Duration.ofHours(5),
            Speed.BULK,
            Duration.ofHours(12)));

    /** The same page; there is no expedited retrieval. */
    private static final Terms OF_DEEP_ARCHIVE =
            terms(Map.of(Speed.STANDARD, Duration.ofHours(12), Speed.BULK, Duration.ofHours(48)));

    private static Terms terms(Map<Speed, Duration> longest) {
        return new Terms(Set.of(), longest.keySet(), longest);
    }

    /** What the target says of an object. */
    @FunctionalInterface
    interface Head {
        HeadObjectResponse of(ObjectName name);
    }

    /** Whether what is put into a class has to be asked for. */
    static boolean isCold(String storageClass) {
        return COLD.contains(storageClass);
    }

    @Override
    public Readiness readiness(ObjectName name) {
        HeadObjectResponse there = head.of(name);
        if (!isCold(String.valueOf(there.storageClassAsString()))) {
            return Readiness.READABLE;
        }
        String restore = there.restore();
        if (restore == null) {
            return Readiness.COLD;
        }
        return restore.contains("ongoing-request=\"true\"") ? Readiness.COMING : Readiness.READABLE;
    }

    @Override
    public void request(ObjectName name, Speed speed, Duration keep) {
        int days = (int)
                Math.max(1, Math.ceilDiv(keep.toSeconds(), Duration.ofDays(1).toSeconds()));
        Tier tier = switch (speed) {
            case EXPEDITED -> Tier.EXPEDITED;
            case STANDARD -> Tier.STANDARD;
            case BULK -> Tier.BULK;
        };
        S3Store.call(location, "bring back", name, () -> {
            try {
                client.restoreObject(restore -> restore.bucket(location.bucket())
                        .key(location.prefix() + name.text())
                        .restoreRequest(request -> request.days(days).glacierJobParameters(job -> job.tier(tier))));
            } catch (AwsServiceException answer) {
                String code = Failures.code(answer);
                if (code.equals("NoSuchKey")) {
                    throw ErrorCode.OBJECT_MISSING.because("it is not in the bucket");
                }
                if (!code.equals("RestoreAlreadyInProgress")) {
                    throw answer;
                }
            }
            return true;
        });
    }

    @Override
    public Terms terms(ObjectName name) {
        return location.storageClass().equals(DEEP) ? OF_DEEP_ARCHIVE : OF_GLACIER;
    }
}
