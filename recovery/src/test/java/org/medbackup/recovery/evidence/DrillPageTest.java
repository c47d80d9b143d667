package org.medbackup.recovery.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.UsageException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** The evidence of a drill for people. */
class DrillPageTest {

    private static final String DRILL = """
            {"drill":"38af36e2c57b4c9a","plan":"ward site","planDigest":"%s","began":"2026-03-04T05:06:07Z",
             "predicted":6.912,"low":6.601,"high":7.203,"seed":-7723345,"actual":7.811,"errorPercent":13.1,
             "objective":14400,"met":true,"reaped":3,
             "envelope":{"parallel":2,"read":104857600,"write":83886080,"processors":1.5},
             "applications":[
              {"name":"directory","snapshot":"0a1b2c3d","time":"2026-03-04T04:00:00Z","begin":0.013,"seconds":1.294,"end":1.307,
               "objective":3600,"lost":3967.5,"mayBeLost":7200,"mtd":28800,"wrt":5400,"met":true,"files":1841,"bytes":4193280,
               "predictedEnd":1.108,
               "predictedStages":[{"name":"RESTORE","begin":0.002,"end":1.106}],
               "stages":[{"name":"RESTORE","begin":0.014,"seconds":1.211},{"name":"CHECK","begin":1.225,"seconds":0.082}],
               "checks":[{"name":"hashes","ok":true,"message":"1841 files are as they were"}]},
              {"name":"records","snapshot":"4e5f6a7b","time":"2026-03-04T03:30:00Z","begin":1.309,"seconds":6.502,"end":7.811,
               "objective":14400,"lost":5767.25,"mayBeLost":0,"met":true,"files":29,"bytes":24117248,
               "predictedStages":[{"name":"START","begin":6.4,"end":6.9}],
               "stages":[{"stage":"RESTORE","begin":1.31,"end":7.75}],
               "checks":[{"name":"hashes","ok":true,"message":"29 files are as they were"}]}],
             "cleanup":{"ok":true,"processes":0,"files":0,"sockets":0}}
            """.formatted("ab".repeat(32));

    /** A document with all that it can have. */
    private static Members whole() {
        Members drill = Json.parseMembers(DRILL);
        var members = new LinkedHashMap<String, Object>(drill.values());
        List<JsonValue> history = List.of(
                JsonValue.of(Map.of(
                        "drill",
                        "11",
                        "began",
                        "2026-01-04T05:06:07Z",
                        "predicted",
                        61.5,
                        "actual",
                        63.25,
                        "errorPercent",
                        2.8,
                        "within",
                        true)),
                JsonValue.of(Map.of(
                        "drill",
                        "12",
                        "began",
                        "2026-02-04T05:06:07Z",
                        "predicted",
                        60.75,
                        "actual",
                        81.125,
                        "errorPercent",
                        33.5,
                        "within",
                        false)),
                JsonValue.of(Map.of(
                        "drill",
                        "13",
                        "began",
                        "2026-02-14T05:06:07Z",
                        "predicted",
                        60.25,
                        "actual",
                        61.375,
                        "errorPercent",
                        1.9,
                        "within",
                        true)));
        members.put("history", history);
        members.put("accuracy", Accuracy.of(history));
        members.put("requirements", Requirements.of(drill));
        members.put("profile", RestorationProfile.PROPOSED_2025.of(drill));
        members.put("actor", Map.of("name", "raj", "reason", "quarterly drill 4711", "purpose", "HOPERAT"));
        members.put(
                "correctiveActions",
                CorrectiveAction.parse("- {action: order a second link, owner: network team, due: 2026-06-01}\n")
                        .stream()
                        .map(CorrectiveAction::member)
                        .toList());
        members.put(
                "environment",
                Map.of(
                        "kernel",
                        "6.1.0-49",
                        "processors",
                        4,
                        "memory",
                        25769803776L,
                        "java",
                        "25.0.3",
                        "fingerprint",
                        "ef01"));
        members.put(
                "audit",
                Map.of(
                        "key", "medbackup/audit/0123+89ab+AAAA",
                        "checkpoint", "medbackup/audit/0123\n118\nroot=\n",
                        "entries",
                                List.of(Map.of(
                                        "index",
                                        112,
                                        "size",
                                        118,
                                        "record",
                                        "{\"action\":\"predict-plan\"}",
                                        "path",
                                        List.of("c0ffee", "beef77")))));
        return (Members) JsonValue.of(members);
    }

    private static String pdf(Members document) {
        try (PDDocument read = Loader.loadPDF(DrillPage.pdf(document))) {
            return new PDFTextStripper()
                    .getText(read)
                    .replaceAll("\\d+ / \\d+\\R", "")
                    .replaceAll("\\s", "");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String html(Members document) {
        String html = DrillPage.html(document);
        return html.substring(html.indexOf("<body>"))
                .replaceAll("<[^>]*>", " ")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("\\s", "");
    }

    private static void leaves(JsonValue value, List<String> found) {
        switch (value) {
            case JsonValue.Members members -> members.values().values().forEach(each -> leaves(each, found));
            case JsonValue.Items items -> items.values().forEach(each -> leaves(each, found));
            case JsonValue.Text text -> found.add(text.value());
            case JsonValue.Whole _, JsonValue.Decimal _ -> found.add(Json.canonical(value));
            case JsonValue.Truth _, JsonValue.Null _ -> {
                // Stands in words.
            }
        }
    }

    @Test
    void everythingThatTheDocumentSaysStandsInBothPages() {
        Members document = whole();
        List<String> leaves = new ArrayList<>();
        leaves(document, leaves);
        String html = html(document);
        String pdf = pdf(document);

        // How long an application took altogether is the difference of two others.
        leaves.removeAll(List.of("1.294", "6.502"));
        assertThat(leaves).hasSizeGreaterThan(80);
        for (String each : leaves) {
            String shown = each.replaceAll("\\s", "");
            assertThat(html).contains(shown);
            assertThat(pdf).contains(shown);
        }
        assertThat(pdf).isEqualTo(html);
    }

    @Test
    void noPageHasANumberThatTheDocumentDoesNotHave() {
        Members document = whole();
        String said = Json.canonical(document);
        // Names of standards and of hash functions in the words of the page.
        String own = "SHA-256 RFC 9162, 2.1.3 0";
        var number = Pattern.compile("\\d+(\\.\\d+)?")
                .matcher(DrillPage.html(document)
                        .replaceAll("(?s).*<body>", "")
                        .replaceAll("<[^>]*>", " ")
                        .replaceAll("\\b[0-9a-f]{64}\\b", "")
                        .replaceAll("&#39;", ""));
        while (number.find()) {
            assertThat(said + own).contains(number.group());
        }
    }

    @Test
    void theSameDocumentGivesTheSameBytes() {
        assertThat(DrillPage.pdf(whole())).isEqualTo(DrillPage.pdf(Json.parseMembers(Json.canonical(whole()))));
        assertThat(DrillPage.html(whole())).isEqualTo(DrillPage.html(Json.parseMembers(Json.canonical(whole()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"drill\":\"a\",\"applications\":[]}",
                "{\"drill\":7,\"began\":\"never\",\"applications\":[{}],\"history\":[{}],\"cleanup\":{}}",
                "{\"applications\":[{\"stages\":[{},{\"begin\":1}],\"checks\":[{}],\"name\":null}],\"audit\":{\"key\":\"k\"}}",
                "{\"applications\":\"none\",\"actual\":\"soon\",\"history\":7,\"audit\":[],\"environment\":{\"other\":1}}"
            })
    void whatIsNotSaidIsLeftOutOrNamedAsNotSaid(String document) {
        Members members = Json.parseMembers(document);

        assertThat(html(members)).contains("Applications", "Nonewerenamed.", "Reviewedandcertified");
        assertThat(pdf(members)).isEqualTo(html(members));
    }

    @Test
    void nothingIsShownByADrillOfNothing() {
        Members nothing =
                Json.parseMembers("{\"drill\":\"a\",\"met\":true,\"cleanup\":{\"ok\":true},\"applications\":[]}");

        assertThat(html(nothing)).contains("Noapplicationwasrecovered", "Nothingwaschecked.");
        assertThat(Json.canonical(Requirements.of(nothing))).contains("not assessed: no application was recovered");
        assertThat(Json.canonical(RestorationProfile.PROPOSED_2025.of(nothing))).contains("\"within\":false");
    }

    @Test
    void whatWentWrongIsSaidFirst() {
        Members missed = Json.parseMembers(
                "{\"met\":false,\"cleanup\":{\"ok\":false},\"notBegun\":[\"records\"],"
                        + "\"applications\":[{\"name\":\"directory\",\"met\":false,\"checks\":[{\"name\":\"tcp\",\"ok\":false}]}]}");

        assertThat(DrillPage.html(missed))
                .contains(
                        "An objective was missed",
                        "Something of the drill may be left",
                        "was not there: records",
                        ">MISSED<",
                        ">FAILED<",
                        ">NO<");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\"'><svg onload=alert(1)>",
                "a\r\nb & c \u202E d",
                "</table></body></html>"
            })
    void hostileNamesInThePlanBreakNothing(String name) {
        Members hostile = (Members) renamed(whole(), name);
        String html = DrillPage.html(hostile);

        assertThat(html).doesNotContain("<script", "onload=\"", "\u202E").doesNotContain("<svg onload");
        assertThat(html.split("</html>", -1)).hasSize(2);
        // Where a cell has several lines, its text is read between those of its neighbours; heads stand on each page of
        // a table.
        String pdf = pdf(hostile);
        html(hostile)
                .chars()
                .distinct()
                .forEach(each ->
                        assertThat(count(pdf, each)).as("%c", each).isGreaterThanOrEqualTo(count(html(hostile), each)));
    }

    private static long count(String text, int each) {
        return text.chars().filter(every -> every == each).count();
    }

    /** With that name of plan, applications, checks and people. */
    private static JsonValue renamed(JsonValue value, String name) {
        return switch (value) {
            case JsonValue.Members members -> {
                var renamed = new LinkedHashMap<String, JsonValue>();
                members.values()
                        .forEach((each, member) -> renamed.put(
                                each,
                                Set.of("name", "plan", "owner", "action", "reason")
                                                        .contains(each)
                                                && member instanceof JsonValue.Text
                                        ? new JsonValue.Text(name)
                                        : renamed(member, name)));
                yield new JsonValue.Members(renamed);
            }
            case JsonValue.Items items ->
                new JsonValue.Items(
                        items.values().stream().map(each -> renamed(each, name)).toList());
            default -> value;
        };
    }

    @Test
    void theLawInForceAndTheProposalAreToldApart() {
        String html = DrillPage.html(whole());

        assertThat(html)
                .contains(
                        "45 CFR 164.308(a)(7)(ii)(B)",
                        "45 CFR 164.308(a)(7)(ii)(D)",
                        "in force; addressable",
                        "a proposal (90 FR 898, 6 January 2025), not law",
                        "259200 s",
                        "is not confirmed")
                .doesNotContain("compliant");
        assertThat(RestorationProfile.named("proposed-2025")).contains(RestorationProfile.PROPOSED_2025);
        assertThat(RestorationProfile.named("final-2027")).isEmpty();
        assertThat(RestorationProfile.PROPOSED_2025.label()).isEqualTo("proposed-2025");
    }

    @Test
    void theProposalsLimitIsMissedByTimeByAFailedCheckAndByWhatWasNotBegun() {
        assertThat(within("{\"applications\":[{\"end\":259200,\"checks\":[{\"ok\":true}]}]}"))
                .isTrue();
        assertThat(within("{\"applications\":[{\"end\":259200.5,\"checks\":[{\"ok\":true}]}]}"))
                .isFalse();
        assertThat(within("{\"applications\":[{\"end\":1,\"checks\":[{\"ok\":false}]}]}"))
                .isFalse();
        assertThat(within("{\"applications\":[{\"end\":1,\"checks\":[]}]}")).isFalse();
        assertThat(within("{\"applications\":[{\"checks\":[{\"ok\":true}]}]}")).isFalse();
        assertThat(within("{\"notBegun\":[\"a\"],\"applications\":[{\"end\":1,\"checks\":[{\"ok\":true}]}]}"))
                .isFalse();
    }

    private static boolean within(String document) {
        var profile = (Members) RestorationProfile.PROPOSED_2025.of(Json.parseMembers(document));
        return Said.isTrue(profile, "within");
    }

    @Test
    void theShareOfGoodPredictionsIsCounted() {
        assertThat(Json.canonical(Said.object(whole(), "accuracy")))
                .isEqualTo("{\"drills\":3,\"tolerancePercent\":10,\"within\":2,\"withinPercent\":66.7}");
        assertThat(Json.canonical(Accuracy.of(List.of()))).doesNotContain("withinPercent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: b",
                "- {action: a, owner: b}",
                "- {action: a, owner: b, due: soon}",
                "- {action: a, owner: 7, due: 2026-06-01}",
                "- {action: a, owner: b, due: 2026-06-01, more: x}",
                "- text",
                "- {"
            })
    void aCorrectiveActionHasAnOwnerAndADate(String text) {
        assertThatThrownBy(() -> CorrectiveAction.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("corrective action");
    }
}
