package org.medbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreProvider;

class S3LocationTest {

    private static S3Location of(String text, Map<String, String> environment) {
        return S3Location.of(URI.create(text), environment::get);
    }

    @Test
    void aBucketWithoutMoreIsAmazonsAndStandsInTheHostsName() {
        S3Location location = of("s3://clinic-backups", Map.of());

        assertThat(location)
                .isEqualTo(new S3Location("clinic-backups", "", null, null, null, false, S3Location.Lock.NONE, ""));
        assertThat(location).hasToString("s3://clinic-backups");
    }

    @Test
    void aPrefixEndsWithOneSlash() {
        assertThat(of("s3://clinic-backups//ward/3/", Map.of()).prefix()).isEqualTo("ward/3/");
        assertThat(of("s3://clinic-backups/ward/3/", Map.of())).hasToString("s3://clinic-backups/ward/3");
    }

    @Test
    void anEndpointOfTheEnvironmentIsAskedWithTheBucketInThePath() {
        var environment = Map.of("AWS_ENDPOINT_URL", "https://any", "AWS_ENDPOINT_URL_S3", "https://s3.clinic:9000");

        S3Location location = of("s3://bucket", environment);

        assertThat(location.endpoint()).isEqualTo(URI.create("https://s3.clinic:9000"));
        assertThat(location.pathStyle()).isTrue();
        assertThat(of("s3://bucket", Map.of("AWS_ENDPOINT_URL", "https://any")).endpoint())
                .isEqualTo(URI.create("https://any"));
    }

    @Test
    void theLocationsOwnOptionsComeFirst() {
        S3Location location = of(
                "s3://bucket/p?endpoint=http://other:1&region=eu-west-1&profile=second&path-style=false",
                Map.of("AWS_ENDPOINT_URL", "https://any"));

        assertThat(location)
                .isEqualTo(new S3Location(
                        "bucket",
                        "p/",
                        URI.create("http://other:1"),
                        "eu-west-1",
                        "second",
                        false,
                        S3Location.Lock.NONE,
                        ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://canary:canary@bucket/x",
                "s3:///canary",
                "s3://b/canary",
                "s3://bucket/canary%20x",
                "s3://bucket/canary//x",
                "s3://bucket/x#canary",
                "s3://bucket/x?canary=1",
                "s3://bucket/x?endpoint=canary",
                "s3://bucket/x?endpoint=ftp://canary",
                "s3://bucket/x?endpoint=https://canary:canary@host",
                "s3://bucket/x?endpoint=https://canary%20host",
            })
    void whatIsNoLocationIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> of(text, Map.of())).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.LOCATION_UNSUPPORTED);
            assertThat(failure.toCaller()).doesNotContain("canary");
        });
    }

    @Test
    void theAdapterServesS3AndIsOfferedToTheServiceLoader() {
        var provider = new S3StoreProvider();

        assertThat(provider.schemes()).containsExactly("s3");
        assertThat(S3StoreProvider.class.getModule().getDescriptor().provides()).anySatisfy(offer -> {
            assertThat(offer.service()).isEqualTo(StoreProvider.class.getName());
            assertThat(offer.providers()).containsExactly(S3StoreProvider.class.getName());
        });
        try (ObjectStore store =
                provider.open(URI.create("s3://bucket/ward?endpoint=http://127.0.0.1:1&profile=none"))) {
            assertThat(store.location()).isEqualTo("s3://bucket/ward");
        }
    }
}
