package org.medbackup.app.mongodb;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.app.mongodb.fake.FakeMember;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.ApplicationContract;

/** The suite of every adapter, in every mode. */
@Timeout(60)
@ParameterizedClass
@ValueSource(strings = {"cursor", "snapshot", "lock"})
class MongoContractTest implements ApplicationContract {

    private final Stage stage = new Stage();
    private final String mode;
    private String place = "";

    MongoContractTest(String mode) {
        this.mode = mode;
    }

    @BeforeEach
    void start() {
        FakeMember member = stage.member("rs0");
        stage.snapshots(mode.equals("snapshot"), () -> {});
        place = member.place();
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Override
    public Application open() {
        return stage.application(place, Settings.MODE, mode);
    }
}
