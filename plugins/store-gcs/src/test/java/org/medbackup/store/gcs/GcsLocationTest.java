package org.medbackup.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;

/** How locations on Google Cloud Storage are read. */
class GcsLocationTest {

    private static final URI PUBLIC = URI.create("https://storage.googleapis.com");

    private static GcsLocation location(String text, Map<String, String> environment) {
        return GcsLocation.of(URI.create(text), environment::get);
    }

    private static GcsLocation location(String text) {
        return location(text, Map.of());
    }

    @Test
    void aLocationNamesBucketAndPrefix() {
        GcsLocation location = location("gs://clinic_2.backups-eu/ward-3/Main/one/");

        assertThat(location)
                .isEqualTo(new GcsLocation("clinic_2.backups-eu", "ward-3/Main/one/", PUBLIC, GcsLocation.Lock.NONE));
        assertThat(location).hasToString("gs://clinic_2.backups-eu/ward-3/Main/one");
        assertThat(location("gs://clinic")).hasToString("gs://clinic");
        assertThat(location("gs://clinic/").prefix()).isEmpty();
    }

    @Test
    void aLocationSaysHowObjectsAreLocked() {
        assertThat(location("gs://clinic/ward").lock()).isEqualTo(GcsLocation.Lock.NONE);
        assertThat(location("gs://clinic/ward?lock=governance").lock()).isEqualTo(GcsLocation.Lock.GOVERNANCE);
        GcsLocation both = location("gs://clinic/ward?lock=compliance&endpoint=https://a.example");
        assertThat(both.lock()).isEqualTo(GcsLocation.Lock.COMPLIANCE);
        assertThat(both.service()).isEqualTo(URI.create("https://a.example"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://storage.europe-west3.rep.googleapis.com, https://storage.europe-west3.rep.googleapis.com",
        "https://storage-clinic.p.googleapis.com/, https://storage-clinic.p.googleapis.com",
        "https://10.0.0.7:8443, https://10.0.0.7:8443",
        "http://127.0.0.1:4443, http://127.0.0.1:4443",
        "http://[::1]:4443, http://[::1]:4443",
        "http://localhost:4443/, http://localhost:4443",
    })
    void anEndpointIsThatOfTheService(String endpoint, String expected) {
        assertThat(location("gs://clinic/ward?endpoint=" + endpoint).service()).isEqualTo(URI.create(expected));
        assertThat(location("gs://clinic/ward", Map.of("MEDBACKUP_GCS_ENDPOINT", endpoint))
                        .service())
                .isEqualTo(URI.create(expected));
    }

    @Test
    void theLocationsOwnEndpointComesBeforeTheEnvironments() {
        Map<String, String> environment = Map.of("MEDBACKUP_GCS_ENDPOINT", "https://other.example");

        assertThat(location("gs://clinic/ward?endpoint=https%3A%2F%2Fone.example", environment)
                        .service())
                .isEqualTo(URI.create("https://one.example"));
        assertThat(location("gs://clinic/ward", Map.of("MEDBACKUP_GCS_ENDPOINT", " "))
                        .service())
                .isEqualTo(PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs:///ward",
                "gs://cl/ward",
                "gs://Clinic/ward",
                "gs://-clinic/ward",
                "gs://clinic-/ward",
                "gs://clinic..b/ward",
                "gs://clinic/a//b",
                "gs://clinic/../b",
                "gs://clinic/ward/%20",
                "gs://canary@clinic/ward",
                "gs://clinic/ward?token=canary",
                "gs://clinic/ward?endpoint=https://a.example&token=canary",
                "gs://clinic/ward#canary",
                "gs://clinic/ward?lock=canary",
                "gs://clinic/ward?lock",
                "gs://clinic/ward?lock=compliance&lock=governance",
                "gs://clinic/ward?",
                "gs://clinic/ward?endpoint=http://storage.hospital.example",
                "gs://clinic/ward?endpoint=http://10.0.0.7",
                "gs://clinic/ward?endpoint=http://999.0.0.1",
                "gs://clinic/ward?endpoint=ftp://127.0.0.1",
                "gs://clinic/ward?endpoint=http:canary",
                "gs://clinic/ward?endpoint=https:canary",
                "gs://clinic/ward?endpoint=https://canary:canary@a.example",
                "gs://clinic/ward?endpoint=https://a.example/canary",
                "gs://clinic/ward?endpoint=https://a.example%3Ftoken=canary",
                "gs://clinic/ward?endpoint=https://a.example%23canary",
                "gs://clinic/ward?endpoint=%20canary",
            })
    void whatIsNoLocationIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> location(text)).isInstanceOfSatisfying(UsageException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.LOCATION_UNSUPPORTED);
            assertThat(failure.describe()).doesNotContain("canary");
        });
    }
}
