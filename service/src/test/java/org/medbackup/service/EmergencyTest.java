package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;

/** Who has to restore because a patient cannot wait may, at once, and somebody else looks at it afterwards. */
class EmergencyTest {

    @TempDir
    Path temp;

    private Clinic clinic;
    private String point = "";

    @BeforeEach
    void govern() {
        clinic = new Clinic(temp);
        clinic.govern();
        point = clinic.backup("one");
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private void restore(MedBackup product, String to) {
        product.restore(clinic.access, new RestoreOrder(point, PathBytes.of("/"), List.of(), temp.resolve(to)));
    }

    private String only() {
        return clinic.as("dora").access().show().emergencies().getLast().id();
    }

    @Test
    void whoHasTheRoleRestoresAndOthersDoNot() {
        restore(clinic.as("rosa"), "rosa");
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> restore(clinic.as("anna"), "anna"));
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> restore(clinic.as("nightly"), "nightly"));

        assertThat(temp.resolve("rosa")).exists();
        assertThat(temp.resolve("anna")).doesNotExist();
    }

    @Test
    void whoMayRestoreOneSourceRestoresNoOtherUnlessItIsAnEmergency() {
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> restore(clinic.as("rita"), "rita"));
        assertThat(temp.resolve("rita")).doesNotExist();
        restore(clinic.inEmergency("rita", "night"), "rita");

        assertThat(temp.resolve("rita")).exists();
        assertThat(clinic.as("dora").access().show().emergencies()).hasSize(1);
    }

    @Test
    void inAnEmergencyAPersonRestoresAndEverybodyIsTold() {
        restore(clinic.inEmergency("anna", "night"), "anna");

        assertThat(temp.resolve("anna")).exists();
        assertThat(clinic.as("dora").incidents().list())
                .anySatisfy(incident -> assertThat(incident.cause().failure()).isEqualTo("BREAK_GLASS_USED"));
        assertThat(clinic.events.all())
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                BackupEvent.Found.class,
                                found -> assertThat(found.code()).isEqualTo(ErrorCode.BREAK_GLASS_USED)));
        assertThat(clinic.as("dora").access().show().emergencies())
                .singleElement()
                .satisfies(seen -> {
                    assertThat(seen.person()).isEqualTo("anna");
                    assertThat(seen.action()).isEqualTo("restore");
                    assertThat(seen.reviewer()).isNull();
                    assertThat(Duration.between(seen.time(), seen.reviewBy())).isEqualTo(Duration.ofDays(3));
                });
    }

    @Test
    void anEmergencyIsForRestoresOfPersonsAlone() {
        Clinic.refused(
                ErrorCode.ACCESS_DENIED,
                () -> clinic.inEmergency("anna", "night")
                        .keys()
                        .list(clinic.access)
                        .keys()
                        .forEach(key -> {
                            throw new AssertionError(clinic.inEmergency("anna", "night")
                                    .keys()
                                    .exportRecovery(clinic.access, temp.resolve("k")));
                        }));
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> restore(clinic.inEmergency("nightly", "night"), "program"));
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> restore(clinic.inEmergency("eve", "night"), "stranger"));
    }

    @Test
    void somebodyElseReviewsItAndTheIncidentEnds() {
        restore(clinic.inEmergency("anna", "night"), "anna");
        String id = only();

        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> clinic.as("anna").access().review(id, "it was me"));
        Clinic.refused(
                ErrorCode.APPROVAL_NOT_FOUND, () -> clinic.as("dora").access().review("ffff", "none"));
        assertThat(clinic.as("dora").access().review(id, "the ward confirms it").reviewer())
                .isEqualTo("dora");
        assertThat(clinic.as("dora").incidents().list()).isEmpty();
    }

    @Test
    void whoOnlyLooksTakesCareOfNoIncident() {
        restore(clinic.inEmergency("anna", "night"), "anna");
        String id = clinic.as("dora").incidents().list().getFirst().id();

        Clinic.refused(
                ErrorCode.ACCESS_DENIED, () -> clinic.as("dora").incidents().acknowledge(id, "", Duration.ofHours(1)));
        assertThat(clinic.as("anna")
                        .incidents()
                        .acknowledge(id, "", Duration.ofHours(1))
                        .id())
                .isEqualTo(id);
    }

    @Test
    void whoHasOneThatNobodyReviewedInTimeHasNoOther() {
        restore(clinic.inEmergency("anna", "night"), "first");
        clinic.wait(Duration.ofHours(71));
        restore(clinic.inEmergency("anna", "night"), "second");
        clinic.wait(Duration.ofHours(2));

        Clinic.refused(ErrorCode.BREAK_GLASS_UNREVIEWED, () -> restore(clinic.inEmergency("anna", "night"), "third"));
        clinic.as("dora").access().review(only(), "the ward confirms it");
        assertThat(temp.resolve("third")).doesNotExist();
    }

    @Test
    void whereTheRulesAllowNoneThereIsNone() {
        String without =
                clinic.rules().replace("breakGlass: {reviewWithin: 72h}\n", "").replace("version: 1", "version: 2");
        clinic.as("carl").access().activate(clinic.signed(without, "bert", "dora"), clinic.access);

        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> restore(clinic.inEmergency("anna", "night"), "anna"));
    }
}
