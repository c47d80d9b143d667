package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class SftpLocationTest {

    private static SftpLocation of(String text) {
        return SftpLocation.of(URI.create(text));
    }

    @Test
    void partsOfALocation() {
        assertThat(of("sftp://ward-3@vault.clinic.example:2222/srv/backups/?key=/k%20e/y&known-hosts=/h"))
                .isEqualTo(new SftpLocation(
                        "ward-3", "vault.clinic.example", 2222, "/srv/backups", Path.of("/k e/y"), Path.of("/h")));
        assertThat(of("sftp://ward-3@vault/srv"))
                .isEqualTo(new SftpLocation("ward-3", "vault", 22, "/srv", null, null));
        assertThat(of("sftp://w@[2001:db8::1]/").host()).isEqualTo("2001:db8::1");
    }

    @ParameterizedTest
    @CsvSource({
        "sftp://w@vault/srv/x/, sftp://w@vault/srv/x",
        "sftp://w@vault:22/srv?key=/secret/place, sftp://w@vault/srv",
        "sftp://w@vault:23, sftp://w@vault:23/",
        "sftp://w@[2001:db8::1]:23/a, sftp://w@[2001:db8::1]:23/a"
    })
    void peopleSeeItWithoutFilesOfKeys(String location, String seen) {
        assertThat(of(location)).hasToString(seen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sftp://vault/srv",
                "sftp:///srv",
                "sftp://ward:canary@vault/srv",
                "sftp://ward@vault/srv/../etc",
                "sftp://ward@vault/srv/./a",
                "sftp://ward@vault//srv",
                "sftp://ward@vault/sr%0av",
                "sftp://ward@vault/srv#canary",
                "sftp://wa%20rd@vault/srv",
                "sftp://ward@vault/srv?canary=1",
                "sftp://ward@vault/srv?canary",
                "sftp://ward@vault/srv?key=%00",
                "sftp:ward@vault"
            })
    void whatIsNoLocationIsRefusedWithoutQuotingIt(String location) {
        assertThatThrownBy(() -> of(location)).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.LOCATION_UNSUPPORTED);
            assertThat(failure.describe()).doesNotContain("canary", "vault");
        });
    }
}
