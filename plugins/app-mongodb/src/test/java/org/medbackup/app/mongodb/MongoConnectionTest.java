package org.medbackup.app.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.app.mongodb.fake.FakeMember;
import org.medbackup.app.mongodb.fake.Fault;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ConnectionOption;

@Timeout(60)
class MongoConnectionTest {

    private final Stage stage = new Stage();
    private final FakeMember member = stage.member("rs0");

    @AfterEach
    void close() {
        stage.close();
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void theProviderSaysItsKindAndItsOptions() {
        ApplicationProvider provider = new MongoProvider();

        assertThat(provider.kinds()).contains("mongodb");

        assertThat(provider.options()).extracting(ConnectionOption::name).contains("mode", "members", "password");
        assertThat(provider.options()).filteredOn(ConnectionOption::secret).hasSize(1);
    }

    @Test
    void aLoginWithTheRightPasswordWorksAndAWrongOneIsNoCaseForAnotherTry() {
        member.requireLogin();

        assertThat(stage.loggedIn(member, FakeMember.PASSWORD)
                        .discover(stage.soon())
                        .version())
                .isEqualTo("7.0.14");
        fails(
                ErrorCode.APPLICATION_NOT_READY,
                () -> stage.loggedIn(member, "wrong").discover(stage.soon()));
        fails(
                ErrorCode.APPLICATION_NOT_READY,
                () -> stage.application(member.place()).discover(stage.soon()));
    }

    @ParameterizedTest
    @CsvSource({
        "91, APPLICATION_UNREACHABLE",
        "189, APPLICATION_UNREACHABLE",
        "10107, APPLICATION_UNREACHABLE",
        "13435, APPLICATION_UNREACHABLE",
        "11600, APPLICATION_UNREACHABLE",
        "43, APPLICATION_STATE_LOST",
        "50, BUDGET_EXCEEDED",
        "13, APPLICATION_NOT_READY",
        "8000, APPLICATION_FAILED"
    })
    void failuresAreToldApartByTheirNumber(int number, ErrorCode code) {
        member.next("buildInfo", new Fault.Fails(number));

        assertThatThrownBy(() -> stage.application(member.place()).discover(stage.soon()))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure.describe()).doesNotContain("told to fail");
                });
    }

    @Test
    void aServerThatHangsOutlastsTheBudget() {
        member.next("buildInfo", new Fault.Hang());

        fails(
                ErrorCode.BUDGET_EXCEEDED,
                () -> stage.application(member.place()).discover(stage.within(Duration.ofMillis(400))));
    }

    @Test
    void aServerThatIsGoneIsUnreachable() {
        String place = member.place();
        member.close();

        fails(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> stage.application(place).discover(stage.within(Duration.ofMillis(300))));
    }

    @Test
    void aDeadlineThatHasPassedAsksNothing() {
        fails(ErrorCode.BUDGET_EXCEEDED, () -> stage.application(member.place()).discover(stage.within(Duration.ZERO)));
        assertThat(member.calls()).isEmpty();
    }

    @Test
    void aCursorWithoutItsServerEndsTheBackup() {
        var copy = stage.copy(member::close);

        fails(ErrorCode.APPLICATION_STATE_LOST, () -> stage.back(stage.application(member.place()), copy));
    }

    @Test
    void phasesInAnotherOrderAreAMistakeOfTheCaller() {
        Application application = stage.application(member.place());

        assertThatThrownBy(() -> application.check(stage.soon())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> application.copy(stage.copy(() -> {}))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> application.freeze(stage.soon())).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://127.0.0.1",
                "mongodb:nohost",
                "mongodb://a,b/",
                "mongodb://h:99999/",
                "mongodb://h:0/",
                "mongodb://h/database",
                "mongodb://h/?secret=1",
                "mongodb://h/?tls"
            })
    void anAddressThatCannotBeOneIsRefused(String address) {
        fails(ErrorCode.APPLICATION_URL_MALFORMED, () -> MongoAddress.parse(URI.create(address)));
    }

    @Test
    void anAddressIsShownWithoutAccount() {
        MongoAddress address = MongoAddress.parse(URI.create("mongodb://u:p%40ss@h/?tls=true&authMechanism=PLAIN"));

        assertThat(address.shown()).isEqualTo("mongodb://h:27017");
        assertThat(address.toString()).doesNotContain("u", "p@ss");
        assertThat(address.tls()).isTrue();
        assertThat(address.user()).isEqualTo("u");
    }

    @ParameterizedTest
    @CsvSource({
        "mode, fast",
        "maxLagSeconds, none",
        "maxLagSeconds, 0",
        "dataDirectory, relative/path",
        "members, h:1",
        "members, h:1=relative"
    })
    void anOptionThatCannotBeOneIsRefused(String option, String value) {
        fails(ErrorCode.USAGE, () -> stage.application(member.place(), option, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-256", "PLAIN"})
    void otherWaysToLogInAreTried(String mechanism) {
        member.requireLogin();
        var address = URI.create("mongodb://backup:horse%20staple@" + member.place() + "/?authMechanism=" + mechanism
                + "&authSource=" + (mechanism.equals("PLAIN") ? "$external" : "admin"));
        var application = new MongoProvider().open(address, stage.outside());

        try (application) {
            if (mechanism.equals("PLAIN")) {
                // The fake has no directory of accounts.
                assertThatThrownBy(() -> application.discover(stage.soon())).isInstanceOf(BackupException.class);
            } else {
                assertThat(application.discover(stage.soon()).version()).isEqualTo("7.0.14");
            }
        }
    }
}
