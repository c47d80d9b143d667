package org.medbackup.store.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Trials of what a bucket refuses. */
record Trials(S3Client client, S3Location location) implements ObjectStore.Questions {

    private static final int PAGE = 2;

    @Override
    public boolean refusesWrongChecksum(ObjectName name) {
        try {
            client.putObject(
                    put -> put.bucket(location.bucket())
                            .key(location.prefix() + name.text())
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                            .checksumCRC32C(Upload.encoded(new CRC32C())),
                    RequestBody.fromString("bytes of another checksum"));
            return false;
        } catch (SdkException failed) {
            if (failed instanceof AwsServiceException answer && answer.statusCode() == 400) {
                return true;
            }
            throw Failures.of(failed, "put").with("object", name).with("store", location);
        }
    }

    @Override
    public Optional<List<ObjectName>> listInPages(String prefix) {
        var names = new ArrayList<ObjectName>();
        String last = "";
        try {
            for (List<S3Object> page = page(prefix, last); !page.isEmpty(); page = page(prefix, last)) {
                for (S3Object each : page) {
                    if (each.key().compareTo(last) <= 0) {
                        // It does not begin behind the name that it was told; who goes on may never come to an end.
                        return Optional.of(names);
                    }
                    last = each.key();
                    names.add(ObjectName.of(last.substring(location.prefix().length())));
                }
            }
        } catch (SdkException failed) {
            throw Failures.of(failed, "list").with("prefix", prefix).with("store", location);
        }
        return Optional.of(names);
    }

    private List<S3Object> page(String prefix, String after) {
        return client.listObjectsV2(list -> list.bucket(location.bucket())
                        .prefix(location.prefix() + prefix)
                        .startAfter(after.isEmpty() ? null : after)
                        .maxKeys(PAGE))
                .contents();
    }
}
