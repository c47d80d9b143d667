package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.resilience.escalation.EscalationRules;
import org.medbackup.service.config.ConfigurationFile.Reading;
import org.medbackup.testkit.SimulatedChannels;

class NotificationsSectionTest {

    private static final String CHANNELS = """
            channels:
              mail: {address: "told://desk", options: {loud: "yes"}, secrets: {word: "env:WORD"}}
              pager: {address: "told://pager"}
            """;

    @TempDir
    Path temp;

    private Reading read(String text) throws IOException {
        return new ConfigurationFile(List.of(), List.of(new SimulatedChannels()), Map.of("WORD", "canary"))
                .read(Files.writeString(temp.resolve("medbackup.yaml"), text));
    }

    private Configuration usable(String text) throws IOException {
        Reading reading = read(text);
        assertThat(reading.findings()).isEmpty();
        Configuration configuration = reading.configuration();
        if (configuration == null) {
            throw new AssertionError("it cannot be used");
        }
        return configuration;
    }

    private List<String> wrong(String text) throws IOException {
        return read(text).findings().stream().map(Finding::text).toList();
    }

    @Test
    void everythingThatIsSaidOfThoseWhoAreToldHolds() throws IOException {
        Configuration read = usable(CHANNELS + """
                governor:
                  timezone: Europe/Berlin
                  windows: [{name: nights, from: "22:00", to: "06:00", limits: {cpu: 4}}]
                escalation:
                  warning: [mail]
                  error: [mail]
                  critical: [pager, [mail, pager]]
                  quietWindow: nights
                  digestAt: "07:30"
                  raiseAfter: 45 min
                  stepAfter: 5 min
                  remindError: 6 h
                  remindCritical: 30 min
                  longestAcknowledgement: 12 h
                  hourlyLimit: 12
                """);

        ChannelEntry mail = Objects.requireNonNull(read.channels().get("mail"));
        assertThat(mail.options()).containsEntry("loud", "yes");
        assertThat(mail.connection(Map.of("WORD", "canary")).secret("word")).isNotNull();
        assertThat(read.escalation().tellsSomebody()).isTrue();
        EscalationRules rules = read.escalation().rules(read.governor());
        assertThat(rules.routes().critical()).containsExactly(List.of("pager"), List.of("mail", "pager"));
        assertThat(rules.quiet().window()).isEqualTo("nights");
        assertThat(rules.digestAt()).isEqualTo(LocalTime.of(7, 30));
        assertThat(rules.ladder().raiseAfter()).isEqualTo(Duration.ofMinutes(45));
        assertThat(rules.ladder().stepAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(rules.ladder().remindError()).isEqualTo(Duration.ofHours(6));
        assertThat(rules.ladder().remindCritical()).isEqualTo(Duration.ofMinutes(30));
        assertThat(rules.ladder().longestAcknowledgement()).isEqualTo(Duration.ofHours(12));
        assertThat(rules.delivery().hourlyLimit()).isEqualTo(12);
        assertThat(read.values())
                .extracting(Configuration.Value::key)
                .contains("channels.mail.address", "escalation.critical", "escalation.digestAt");
        assertThat(read.values().toString()).doesNotContain("canary");
    }

    @Test
    void withoutASectionNobodyIsTold() throws IOException {
        assertThat(usable("jobs: {}").escalation().tellsSomebody()).isFalse();
    }

    @Test
    void namesThatAreNotThereAreSaidWithTheNearest() throws IOException {
        assertThat(wrong(CHANNELS + "escalation: {error: [mial], critical: [pager]}"))
                .singleElement()
                .asString()
                .contains("there is no channel mial");
        assertThat(wrong(CHANNELS + "escalation: {error: [mail], critical: [[pager, desk]], quietWindow: nights}"))
                .hasSize(2)
                .anyMatch(each -> each.contains("there is no channel desk"))
                .anyMatch(each -> each.contains("there is no window nights"));
    }

    @Test
    void whoIsToldOfWarningsMustBeToldOfWhatIsWorse() throws IOException {
        assertThat(wrong(CHANNELS + "escalation: {warning: [mail]}"))
                .singleElement()
                .asString()
                .contains("nobody is told of errors");
    }

    @Test
    void channelsThatNobodyUsesAreAWarning() throws IOException {
        Reading reading = read(CHANNELS);

        assertThat(reading.isUsable()).isTrue();
        assertThat(reading.findings())
                .singleElement()
                .satisfies(each -> assertThat(each.severity()).isEqualTo(Finding.Severity.WARNING));
    }

    @Test
    void addressesOptionsAndSecretsAreCheckedAsThoseOfApplicationsAre() throws IOException {
        String rest = "escalation: {error: [mail], critical: [mail]}";
        assertThat(wrong("channels: {mail: {address: \"tolt://desk\"}}\n" + rest))
                .singleElement()
                .asString()
                .contains("no channel serves tolt://");
        assertThat(wrong("channels: {mail: {address: \"told://a:b@desk\"}}\n" + rest))
                .singleElement()
                .asString()
                .contains("the address holds a password");
        assertThat(wrong("channels: {mail: {address: \"told://de sk\"}}\n" + rest))
                .singleElement()
                .asString()
                .contains("it is no URI");
        assertThat(wrong("channels: {mail: {address: \"told://desk\", options: {word: x, lound: 1}}}\n" + rest))
                .hasSize(2)
                .anyMatch(each -> each.contains("this is a secret"))
                .anyMatch(each -> each.contains("lound"));
        assertThat(wrong("channels: {mail: {address: \"told://desk\", secrets: {word: \"env:GONE\"}}}\n" + rest))
                .singleElement()
                .asString()
                .contains("the variable is not set");
    }
}
