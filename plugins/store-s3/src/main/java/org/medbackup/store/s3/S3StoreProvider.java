package org.medbackup.store.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.store.common.StallWatch;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Opens buckets as stores. Credentials come from where the AWS tools look for them: AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY, a profile of the credentials file, or the machine's role.
 */
public final class S3StoreProvider implements StoreProvider {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private static final int CONNECTIONS = 64;

    /** For the service loader. */
    public S3StoreProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("s3");
    }

    @Override
    public ObjectStore open(URI location, Throttle throttle) {
        return open(S3Location.of(location, S3StoreProvider::setting), Silence.usual(), throttle);
    }

    /** A variable of the environment, or the system property that a program sets in its place. */
    private static @Nullable String setting(String variable) {
        String property = switch (variable) {
            case "AWS_ENDPOINT_URL_S3" -> "aws.endpointUrlS3";
            default -> "aws.endpointUrl";
        };
        String value = System.getProperty(property);
        return value == null ? System.getenv(variable) : value;
    }

    static S3Store open(S3Location location, Duration silence) {
        return open(location, Silence.of(silence), Throttle.none());
    }

    static S3Store open(S3Location location, Silence silence, Throttle throttle) {
        try {
            return new S3Store(location, client(location, silence, throttle), TimeSource.system());
        } catch (SdkClientException unusable) {
            // The libraries' message may quote what they found; only that they found nothing is said.
            throw ErrorCode.LOCATION_UNSUPPORTED.because("no region is known for it; set AWS_REGION");
        }
    }

    private static S3Client client(S3Location location, Silence silence, Throttle throttle) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(new GuardedHttpClient(
                        Apache5HttpClient.builder()
                                .maxConnections(CONNECTIONS)
                                .connectionTimeout(CONNECT)
                                .connectionAcquisitionTimeout(silence.longest())
                                // The watch is before it; it stays for what the watch might miss.
                                .socketTimeout(silence.longest().plus(StallWatch.LOOK.multipliedBy(4)))
                                .build(),
                        throttle,
                        new StallWatch(TimeSource.system(), silence)))
                .credentialsProvider(credentials(location.profile()))
                // One try a call; who calls knows whether another is wanted.
                .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                // A put is summed up here; ranges have no sum, and what is read is proven by the engine.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                .forcePathStyle(location.pathStyle());
        URI endpoint = location.endpoint();
        String region = location.region();
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        if (region != null) {
            builder.region(Region.of(region));
        } else if (endpoint != null && !isRegionSet()) {
            builder.region(Region.US_EAST_1);
        }
        return builder.build();
    }

    private static boolean isRegionSet() {
        return System.getProperty("aws.region") != null || System.getenv("AWS_REGION") != null;
    }

    /** A profile that is named comes before what the environment says, as with Amazon's own tools. */
    private static AwsCredentialsProvider credentials(@Nullable String profile) {
        return profile == null
                ? DefaultCredentialsProvider.builder().build()
                : ProfileCredentialsProvider.create(profile);
    }
}
