package org.medbackup.app.sqlserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.ApplicationContract;

/** The suite of every adapter, in every mode. */
@Timeout(60)
@ParameterizedClass
@CsvSource({"streaming, group", "snapshot, group", "snapshot, database", "snapshot, server"})
class SqlServerContractTest implements ApplicationContract {

    private final Stage stage = new Stage();
    private final String mode;
    private final String scope;

    SqlServerContractTest(String mode, String scope) {
        this.mode = mode;
        this.scope = scope;
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
        return stage.application(Settings.MODE, mode, Settings.SCOPE, scope);
    }
}
