package org.medbackup.app.oracle;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.ApplicationContract;

/** The suite of every adapter, in every mode. */
@Timeout(180)
@ParameterizedClass
@CsvSource({
    "rman, full",
    "rman, differential",
    "rman, log",
    "image-copies, full",
    "backup-mode, full",
    "snapshot-time, full"
})
class OracleContractTest implements ApplicationContract {

    private final Stage stage = new Stage();
    private final String mode;
    private final String kind;

    OracleContractTest(String mode, String kind) {
        this.mode = mode;
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        stage.snapshots(true, () -> {});
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Override
    public Application open() {
        return stage.application(Settings.MODE, mode, Settings.KIND, kind);
    }
}
