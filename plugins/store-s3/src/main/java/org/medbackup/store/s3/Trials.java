package org.medbackup.store.s3;

import java.util.zip.CRC32C;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;

/** Trials of what a bucket refuses. */
record Trials(S3Client client, S3Location location) implements ObjectStore.Questions {

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
}
