package org.medbackup.store.azure;

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

/** How locations on Azure are read. */
class AzureLocationTest {

    private static AzureLocation location(String text, Map<String, String> environment) {
        return AzureLocation.of(URI.create(text), environment::get);
    }

    private static AzureLocation location(String text) {
        return location(text, Map.of());
    }

    @Test
    void aLocationNamesAccountContainerAndPrefix() {
        AzureLocation location = location("azure://clinic2backups/ward-3/main/one/");

        assertThat(location)
                .isEqualTo(new AzureLocation(
                        "clinic2backups",
                        "ward-3",
                        "main/one/",
                        URI.create("https://clinic2backups.blob.core.windows.net"),
                        false));
        assertThat(location).hasToString("azure://clinic2backups/ward-3/main/one");
        assertThat(location("azure://clinic/ward")).hasToString("azure://clinic/ward");
        assertThat(location("azure://clinic/ward/").prefix()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://blob.core.chinacloudapi.cn, https://clinic.blob.core.chinacloudapi.cn",
        "https://clinic.blob.core.usgovcloudapi.net/, https://clinic.blob.core.usgovcloudapi.net",
        "https://blobs.hospital.example:8443, https://clinic.blobs.hospital.example:8443",
        "https://blobs.hospital.example/clinic, https://blobs.hospital.example/clinic",
        "http://127.0.0.1:10000, http://127.0.0.1:10000/clinic",
        "http://127.0.0.1:10000/clinic, http://127.0.0.1:10000/clinic",
        "http://[::1]:10000, http://[::1]:10000/clinic",
        "http://localhost:10000, http://localhost:10000/clinic",
        "https://10.0.0.7, https://10.0.0.7/clinic",
    })
    void anEndpointIsThatOfTheServiceWithOrWithoutTheAccount(String endpoint, String expected) {
        assertThat(location("azure://clinic/ward?endpoint=" + endpoint).service())
                .isEqualTo(URI.create(expected));
        assertThat(location("azure://clinic/ward", Map.of("MEDBACKUP_AZURE_ENDPOINT", endpoint))
                        .service())
                .isEqualTo(URI.create(expected));
    }

    @Test
    void theLocationsOwnEndpointComesBeforeTheEnvironments() {
        Map<String, String> environment = Map.of("MEDBACKUP_AZURE_ENDPOINT", "https://other.example");

        assertThat(location("azure://clinic/ward?endpoint=https%3A%2F%2Fone.example", environment)
                        .service())
                .isEqualTo(URI.create("https://clinic.one.example"));
        assertThat(location("azure://clinic/ward", Map.of("MEDBACKUP_AZURE_ENDPOINT", " "))
                        .service())
                .isEqualTo(URI.create("https://clinic.blob.core.windows.net"));
    }

    @Test
    void locksAreAskedForInTheLocationBesideAnEndpoint() {
        assertThat(location("azure://clinic/ward?lock=compliance").locks()).isTrue();
        AzureLocation both = location("azure://clinic/ward?lock=compliance&endpoint=https%3A%2F%2Fone.example");
        assertThat(both.locks()).isTrue();
        assertThat(both.service()).isEqualTo(URI.create("https://clinic.one.example"));
        assertThat(both).hasToString("azure://clinic/ward");
    }

    @Test
    void aLockThatCanBeTakenAwayIsRefusedWithTheReason() {
        assertThatThrownBy(() -> location("azure://clinic/ward?lock=governance"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("unlocked policy can be made to end sooner");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azure:///ward",
                "azure://clinic",
                "azure://clinic/",
                "azure://Clinic/ward",
                "azure://cl/ward",
                "azure://clinic/Ward",
                "azure://clinic/-ward",
                "azure://clinic/a--b",
                "azure://clinic/ward/a//b",
                "azure://clinic/ward/../b",
                "azure://clinic/ward/%20",
                "azure://clinic:canary@host/ward",
                "azure://clinic/ward?sv=2020&sig=canary",
                "azure://clinic/ward?endpoint=https://a.example&sig=canary",
                "azure://clinic/ward#canary",
                "azure://clinic/ward?canary",
                "azure://clinic/ward?lock=canary",
                "azure://clinic/ward?lock=governance",
                "azure://clinic/ward?lock=compliance&lock=compliance",
                "azure://clinic/ward?endpoint=http://blobs.hospital.example",
                "azure://clinic/ward?endpoint=http://10.0.0.7",
                "azure://clinic/ward?endpoint=http://999.0.0.1",
                "azure://clinic/ward?endpoint=ftp://127.0.0.1",
                "azure://clinic/ward?endpoint=http:canary",
                "azure://clinic/ward?endpoint=https://canary:canary@a.example",
                "azure://clinic/ward?endpoint=https://a.example%3Fsig=canary",
                "azure://clinic/ward?endpoint=%20canary",
            })
    void whatIsNoLocationIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> location(text)).isInstanceOfSatisfying(UsageException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.LOCATION_UNSUPPORTED);
            assertThat(failure.describe()).doesNotContain("canary");
        });
    }
}
