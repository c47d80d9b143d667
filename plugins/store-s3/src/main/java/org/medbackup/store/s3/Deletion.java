package org.medbackup.store.s3;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Deletes for good. In a bucket with versions a plain deletion only hides an object behind a marker, so every version is
 * deleted by its id; a target that does not let its versions be listed loses the newest.
 */
final class Deletion {

    private final S3Client client;
    private final String bucket;

    Deletion(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * Deletes an object.
     *
     * @param newest id of its newest version, null in a bucket without versions
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#DELETION_REFUSED}
     */
    void delete(String key, @Nullable String newest) {
        try {
            if (newest == null) {
                client.deleteObject(delete -> delete.bucket(bucket).key(key));
                return;
            }
            for (String version : versions(key, newest)) {
                client.deleteObject(delete -> delete.bucket(bucket).key(key).versionId(version));
            }
        } catch (AwsServiceException answer) {
            if (isRefusal(answer)) {
                throw ErrorCode.DELETION_REFUSED.because(
                        "cannot delete: " + answer.statusCode() + " " + Failures.code(answer));
            }
            throw answer;
        }
    }

    /** 403 with Amazon and most others; a retention lock is 400 with MinIO. */
    private static boolean isRefusal(AwsServiceException answer) {
        return answer.statusCode() == 403
                || answer.statusCode() == 400
                        && Set.of("InvalidRequest", "ObjectLocked").contains(Failures.code(answer));
    }

    private Set<String> versions(String key, String newest) {
        List<String> listed = new ArrayList<>();
        try {
            client.listObjectVersionsPaginator(list -> list.bucket(bucket).prefix(key))
                    .forEach(page -> {
                        page.versions().stream()
                                .filter(version -> version.key().equals(key))
                                .forEach(version -> listed.add(version.versionId()));
                        page.deleteMarkers().stream()
                                .filter(marker -> marker.key().equals(key))
                                .forEach(marker -> listed.add(marker.versionId()));
                    });
        } catch (AwsServiceException answer) {
            if (answer.statusCode() != 403) {
                throw answer;
            }
        }
        Set<String> versions = new LinkedHashSet<>(listed);
        versions.add(newest);
        return versions;
    }
}
