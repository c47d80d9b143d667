package org.medbackup.engine.internal.archive;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class LogCatalogueTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"name", "name size abc", "name 1 abc fact", "name 1 abc %zz=1"})
    void aMalformedListIsDamage(String line) {
        assertThatThrownBy(() -> LogCatalogue.decode(Map.of("log.file.00000", line), Instant.EPOCH))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        damage -> org.assertj.core.api.Assertions.assertThat(damage.code())
                                .isEqualTo(ErrorCode.OBJECT_DAMAGED));
    }
}
