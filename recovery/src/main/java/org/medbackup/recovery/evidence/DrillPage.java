package org.medbackup.recovery.evidence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.page.Block;
import org.medbackup.documents.page.Block.Facts;
import org.medbackup.documents.page.Block.Heading;
import org.medbackup.documents.page.Block.Notice;
import org.medbackup.documents.page.Block.Table;
import org.medbackup.documents.page.Block.Words;
import org.medbackup.documents.page.HtmlPage;
import org.medbackup.documents.page.Page;
import org.medbackup.documents.page.PdfPage;

/**
 * The evidence of a drill as a page for people. Its JSON document is the one truth: every number of the page stands there, and
 * what it does not say is left out or named as not said.
 */
public final class DrillPage {

    private DrillPage() {}

    /** As one HTML file. */
    public static String html(Members document) {
        return HtmlPage.write(of(document));
    }

    /** As PDF. */
    public static byte[] pdf(Members document) {
        return PdfPage.write(of(document));
    }

    /** The page of a document. */
    public static Page of(Members document) {
        List<Block> blocks = new ArrayList<>();
        summary(blocks, document);
        applications(blocks, document);
        TimePages.stages(blocks, document);
        checks(blocks, document);
        TimePages.history(blocks, document);
        obligations(blocks, document);
        environment(blocks, document);
        ProofPages.put(blocks, document);
        blocks.add(new Heading("Review"));
        blocks.add(new Words("To be filled in by those who answer for it. What stands above is unchanged by it."));
        blocks.add(new Block.Blanks(
                "Reviewed and certified",
                List.of("Results reviewed by (name, role)", "Certified by management", "Date", "Signature")));
        return new Page("Recovery drill " + Said.or(document, "drill", ""), "en", began(document), blocks);
    }

    private static Instant began(Members document) {
        try {
            return Instant.parse(Said.of(document, "began").orElse(""));
        } catch (DateTimeException unsaid) {
            return Instant.EPOCH;
        }
    }

    /** By which a page on paper and a file are known to belong together. */
    private static String digest(Members document) {
        try {
            byte[] canonical = Json.canonical(document).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    private static void summary(List<Block> blocks, Members document) {
        Members cleanup = Said.object(document, "cleanup");
        List<Block.Fact> drill = new Said.Facts(document)
                .add("Drill", "drill")
                .add("Plan", "plan")
                .add("Plan's content (SHA-256)", "planDigest")
                .add("Began (UTC)", "began")
                .list();
        drill.add(new Block.Fact("This page's document, in canonical form (SHA-256)", digest(document)));
        blocks.add(new Facts("The drill", drill));
        Members actor = Said.object(document, "actor");
        if (!actor.values().isEmpty()) {
            blocks.add(new Facts(
                    "Who carried it out",
                    new Said.Facts(actor)
                            .add("Name", "name")
                            .add("Reason", "reason")
                            .add("Purpose of use", "purpose")
                            .list()));
        }
        blocks.add(new Heading("Result"));
        if (!Said.isTrue(document, "met")) {
            blocks.add(new Notice("An objective was missed, or not all was recovered."));
        }
        if (!Said.isTrue(cleanup, "ok")) {
            blocks.add(new Notice("Something of the drill may be left on the machine."));
        }
        if (document.find("notBegun").isPresent()
                && !Said.or(document, "notBegun", "").equals(Said.UNSAID)) {
            blocks.add(
                    new Notice("Not begun, since what they need was not there: " + Said.or(document, "notBegun", "")));
        }
        blocks.add(new Facts(
                "Predicted before, measured after",
                new Said.Facts(document)
                        .add("Predicted", "predicted", Said.SECONDS)
                        .add("Quicker only one time in ten", "low", Said.SECONDS)
                        .add("Slower only one time in ten", "high", Said.SECONDS)
                        .add("Measured", "actual", Said.SECONDS)
                        .add("Measured against predicted", "errorPercent", " %")
                        .add("Objective for all of it", "objective", Said.SECONDS)
                        .add("Objectives", "met", "all met", "MISSED")
                        .add("Seed of the prediction's draws", "seed")
                        .add("Earlier drills that were tidied up first", "reaped")
                        .list()));
        Members envelope = Said.object(document, "envelope");
        if (!envelope.values().isEmpty()) {
            blocks.add(new Facts(
                    "What it was allowed to use, as declared in the plan; 0 is no limit",
                    new Said.Facts(envelope)
                            .add("Applications at the same time", "parallel")
                            .add("Read", "read", " bytes/s")
                            .add("Written", "write", " bytes/s")
                            .add("Processors", "processors")
                            .list()));
        }
        blocks.add(new Facts(
                "Clean-up",
                new Said.Facts(cleanup)
                        .add("Nothing is left", "ok", "yes", "NO")
                        .add("Processes left", "processes")
                        .add("Files left", "files")
                        .add("Sockets left", "sockets")
                        .list()));
    }

    private static void applications(List<Block> blocks, Members document) {
        List<Members> applications = Said.objects(document, "applications");
        blocks.add(new Heading("Applications"));
        if (applications.isEmpty()) {
            blocks.add(new Notice("No application was recovered: nothing is shown by this drill."));
            return;
        }
        blocks.add(new Table(
                "Objectives in seconds: recovery time (RTO), recovery point (RPO; 0 where the plan does not say), maximum"
                        + " tolerable downtime (MTD), work recovery time (WRT)",
                List.of("Application", "There after", "RTO", "Lost", "RPO", "MTD", "WRT", "Result"),
                applications.stream()
                        .map(each -> List.of(
                                Said.or(each, "name", ""),
                                Said.or(each, "end", ""),
                                Said.or(each, "objective", ""),
                                Said.or(each, "lost", ""),
                                Said.or(each, "mayBeLost", ""),
                                Said.or(each, "mtd", ""),
                                Said.or(each, "wrt", ""),
                                Said.of(each, "met", "met", "MISSED")))
                        .toList()));
        blocks.add(new Table(
                "What was restored",
                List.of("Application", "Restore point", "Its moment (UTC)", "Files", "Bytes"),
                applications.stream()
                        .map(each -> List.of(
                                Said.or(each, "name", ""),
                                Said.or(each, "snapshot", ""),
                                Said.or(each, "time", ""),
                                Said.or(each, "files", ""),
                                Said.or(each, "bytes", "")))
                        .toList()));
    }

    private static void checks(List<Block> blocks, Members document) {
        List<List<String>> rows = new ArrayList<>();
        for (Members application : Said.objects(document, "applications")) {
            for (Members check : Said.objects(application, "checks")) {
                rows.add(List.of(
                        Said.or(application, "name", ""),
                        Said.or(check, "name", ""),
                        Said.of(check, "ok", "passed", "FAILED"),
                        Said.or(check, "message", "")));
            }
        }
        blocks.add(new Heading("Checks"));
        blocks.add(
                rows.isEmpty()
                        ? new Notice("Nothing was checked.")
                        : new Table("What was checked", List.of("Application", "Check", "Result", "Found"), rows));
    }

    private static void obligations(List<Block> blocks, Members document) {
        List<Members> requirements = Said.objects(document, "requirements");
        if (!requirements.isEmpty()) {
            blocks.add(new Heading("What it is evidence for"));
            blocks.add(new Table(
                    "Requirements, and what this drill contributes to them; whether they are met is not said here",
                    List.of("Requirement", "Standing", "Asks", "This drill"),
                    requirements.stream()
                            .map(each -> List.of(
                                    Said.or(each, "citation", ""),
                                    Said.or(each, "standing", ""),
                                    Said.or(each, "asks", ""),
                                    Said.or(each, "shows", "")))
                            .toList()));
        }
        Members profile = Said.object(document, "profile");
        if (!profile.values().isEmpty()) {
            blocks.add(new Facts(
                    "Profile",
                    new Said.Facts(profile)
                            .add("Profile", "name")
                            .add("Standing", "standing")
                            .add("Asks", "asks")
                            .add("Limit", "limit", Said.SECONDS)
                            .add("Measured", "seconds", Said.SECONDS)
                            .add("Within the limit, all checks passed", "within", "yes", "NO")
                            .list()));
        }
        blocks.add(new Heading("Corrective actions"));
        List<Members> actions = Said.objects(document, "correctiveActions");
        blocks.add(
                actions.isEmpty()
                        ? new Words("None were named.")
                        : new Table(
                                "Named with the drill",
                                List.of("Action", "Owner", "Due"),
                                actions.stream()
                                        .map(each -> List.of(
                                                Said.or(each, "action", ""),
                                                Said.or(each, "owner", ""),
                                                Said.or(each, "due", "")))
                                        .toList()));
    }

    private static void environment(List<Block> blocks, Members document) {
        Members environment = Said.object(document, "environment");
        if (environment.values().isEmpty()) {
            return;
        }
        blocks.add(new Heading("Environment"));
        var facts = new Said.Facts(environment)
                .add("Kernel", "kernel")
                .add("Architecture", "architecture")
                .add("Processors", "processors")
                .add("Memory in bytes", "memory")
                .add("Java", "java")
                .add("MedBackup", "medbackup")
                .add("Host, as the audit trail veils it", "host")
                .add("Fingerprint of the above (SHA-256)", "fingerprint");
        blocks.add(new Facts("Where it was carried out", facts.list()));
    }
}
