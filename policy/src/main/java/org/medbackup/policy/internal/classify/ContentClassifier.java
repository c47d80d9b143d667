package org.medbackup.policy.internal.classify;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.medbackup.policy.Classification;
import org.medbackup.policy.DataKind;
import org.medbackup.policy.Label;
import org.medbackup.policy.LabelFinding;
import org.medbackup.policy.Reason;

/** Looks at content in the order in which one format can be taken for another. Safe for use by several threads. */
public final class ContentClassifier {

    /** Structure says it. */
    private static final double CERTAIN = 0.99;

    /** It may be so, and it would be worse to be wrong the other way. */
    private static final double POSSIBLE = 0.5;

    private static final int GZIP_HEADER = 10;
    private static final int INFLATED = 4096;

    private final RecordNumbers recordNumbers;

    /**
     * One for a site.
     *
     * @param recordNumbers of the site
     */
    public ContentClassifier(RecordNumbers recordNumbers) {
        this.recordNumbers = recordNumbers;
    }

    /**
     * What a file is.
     *
     * @param size of the file
     * @param written when
     * @param bytes its first ones
     */
    public Classification classify(long size, LocalDate written, ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return size == 0
                    ? Classification.of(DataKind.OTHER, List.of())
                    : of(DataKind.OTHER, finding(Label.PHI, POSSIBLE, Reason.UNREADABLE));
        }
        return classify(Head.of(bytes), written, true);
    }

    private static Classification of(DataKind kind, LabelFinding... findings) {
        return Classification.of(kind, List.of(findings));
    }

    private static LabelFinding finding(Label label, double confidence, Reason reason) {
        return new LabelFinding(label, confidence, reason);
    }

    private Classification classify(Head head, LocalDate written, boolean outer) {
        if (DicomObject.is(head)) {
            return DicomObject.isWithoutIdentity(head)
                    ? of(DataKind.DICOM, finding(Label.RESEARCH, CERTAIN, Reason.DICOM_IDENTITY_REMOVED))
                    : dicom(head, written);
        }
        if (head.isText()) {
            Classification structured = structured(head.text(), written);
            if (structured != null) {
                return structured;
            }
        }
        Signature signature = Signatures.of(head);
        if (!signature.isNone()) {
            return signed(head, signature, written, outer);
        }
        return head.isText() ? plain(head.text()) : of(DataKind.OTHER, finding(Label.PHI, POSSIBLE, Reason.OPAQUE));
    }

    private static Classification dicom(Head head, LocalDate written) {
        LabelFinding patient = finding(Label.PHI, CERTAIN, Reason.DICOM_PATIENT);
        return DicomObject.isMinorIn(head, written)
                ? of(DataKind.DICOM, patient, minor())
                : of(DataKind.DICOM, patient);
    }

    private static LabelFinding minor() {
        return finding(Label.MINOR, CERTAIN, Reason.BORN_LATELY);
    }

    private Classification signed(Head head, Signature signature, LocalDate written, boolean outer) {
        return switch (signature.nature()) {
            case PROGRAM -> of(signature.kind());
            case ENCRYPTED -> of(signature.kind(), finding(Label.PHI, POSSIBLE, Reason.ENCRYPTED));
            case OPAQUE ->
                outer
                        ? opaque(head, signature, written)
                        : of(signature.kind(), finding(Label.PHI, POSSIBLE, Reason.OPAQUE));
        };
    }

    /** Into what was packed by gzip, and into what a PDF or RTF shows of itself, one can look a little. */
    private Classification opaque(Head head, Signature signature, LocalDate written) {
        if (head.has(0, 0x1F, 0x8B, 8)) {
            Head inflated = inflated(head);
            return inflated == null
                    ? of(signature.kind(), finding(Label.PHI, POSSIBLE, Reason.OPAQUE))
                    : Classification.of(
                            signature.kind(), classify(inflated, written, false).findings());
        }
        if (signature.kind() == DataKind.PDF || signature.kind() == DataKind.OFFICE && head.isText()) {
            Classification inner = plain(head.raw());
            if (inner.has(Label.PHI)) {
                return Classification.of(signature.kind(), inner.findings());
            }
        }
        return of(signature.kind(), finding(Label.PHI, POSSIBLE, Reason.OPAQUE));
    }

    /** The first bytes of what gzip (RFC 1952) packed; null where that cannot be told. */
    private static @Nullable Head inflated(Head head) {
        int flags = head.unsigned(3);
        int at = GZIP_HEADER;
        if ((flags & 4) != 0) {
            at += 2 + Math.max(0, head.two(at));
        }
        for (int part = 8; part <= 16; part *= 2) {
            if ((flags & part) != 0) {
                while (at < head.length() && head.unsigned(at) != 0) {
                    at++;
                }
                at++;
            }
        }
        if ((flags & 2) != 0) {
            at += 2;
        }
        if (at >= head.length()) {
            return null;
        }
        var content = new byte[INFLATED];
        try (var inflater = new Inflater(true)) {
            inflater.setInput(head.raw(), at, head.length() - at);
            int count = inflater.inflate(content);
            return count == 0 ? null : Head.of(ByteBuffer.wrap(content, 0, count));
        } catch (DataFormatException damaged) {
            return null;
        }
    }

    /** A text with a structure of its own; null for any other. */
    private static @Nullable Classification structured(byte[] text, LocalDate written) {
        int hl7 = Hl7Text.start(text);
        if (hl7 >= 0) {
            return Hl7Text.isAboutPatient(text, hl7)
                    ? withMore(DataKind.HL7V2, Reason.HL7_PATIENT, text, written)
                    : of(DataKind.HL7V2);
        }
        int x12 = X12Text.start(text);
        if (x12 >= 0) {
            return X12Text.isHealth(text, x12)
                    ? withMore(DataKind.X12, Reason.X12_HEALTH, text, written)
                    : of(DataKind.X12);
        }
        int root = Xml.root(text);
        if (root >= 0 && ClinicalXml.is(text, root)) {
            return withMore(DataKind.CCDA, Reason.CDA_PATIENT, text, written);
        }
        FhirText.Subject subject = root >= 0 ? FhirText.xml(text) : FhirText.json(text);
        return subject == null ? null : fhir(subject, text, written);
    }

    private static Classification fhir(FhirText.Subject subject, byte[] text, LocalDate written) {
        return switch (subject) {
            case PATIENT -> withMore(DataKind.FHIR, Reason.FHIR_PATIENT, text, written);
            case RESEARCH -> of(DataKind.FHIR, finding(Label.RESEARCH, CERTAIN, Reason.FHIR_RESEARCH));
            case DEFINITION -> of(DataKind.FHIR, finding(Label.PUBLIC, 0.9, Reason.FHIR_DEFINITION));
            case HOUSE -> of(DataKind.FHIR);
        };
    }

    /** Patient data by its structure; what it says may make it more. */
    private static Classification withMore(DataKind kind, Reason reason, byte[] text, LocalDate written) {
        List<LabelFinding> findings = new ArrayList<>(List.of(finding(Label.PHI, CERTAIN, reason)));
        if (BirthDates.isMinorIn(kind, text, written)) {
            findings.add(minor());
        }
        findings.addAll(restricted(PersonalText.words(text), kind == DataKind.FHIR || kind == DataKind.CCDA));
        return Classification.of(kind, findings);
    }

    private Classification plain(byte[] text) {
        DataKind kind = kind(text);
        if (kind == DataKind.DATABASE) {
            return of(kind, finding(Label.PHI, POSSIBLE, Reason.OPAQUE));
        }
        PersonalText personal = PersonalText.of(text);
        if (personal.isPersonal()) {
            List<LabelFinding> findings =
                    new ArrayList<>(List.of(finding(Label.PHI, personal.confidence(), Reason.IDENTIFIERS)));
            findings.addAll(restricted(personal, false));
            return Classification.of(kind, findings);
        }
        if (recordNumbers.areIn(text)) {
            List<LabelFinding> findings = new ArrayList<>(List.of(finding(Label.PHI, 0.9, Reason.RECORD_NUMBERS)));
            findings.addAll(restricted(personal, false));
            return Classification.of(kind, findings);
        }
        return isStudy(text) ? of(kind, finding(Label.RESEARCH, 0.9, Reason.STUDY_DATA)) : of(kind);
    }

    private static DataKind kind(byte[] text) {
        if (DatabaseFiles.isDump(text)) {
            return DataKind.DATABASE;
        }
        int root = Xml.root(text);
        return root >= 0 && Xml.name(text, root).equals("svg") ? DataKind.IMAGE : DataKind.TEXT;
    }

    /** Clinical data of studies: CDISC ODM, and transport files of SAS (version 5 and 8). */
    private static boolean isStudy(byte[] text) {
        int root = Xml.root(text);
        boolean odm = root >= 0
                && Xml.name(text, root).equals("ODM")
                && Head.find(text, root, text.length, "http://www.cdisc.org/ns/odm") >= 0;
        return odm || Head.has(text, 0, "HEADER RECORD*******LIB");
    }

    private static List<LabelFinding> restricted(PersonalText text, boolean coded) {
        List<LabelFinding> findings = new ArrayList<>();
        if (text.says(Vocabulary.Group.PSYCHOTHERAPY_NOTE)
                || coded && text.says(Vocabulary.Group.SECURITY_PSYCHOTHERAPY)) {
            findings.add(finding(Label.PSYCHOTHERAPY, 0.9, Reason.PSYCHOTHERAPY_NOTE));
        }
        if (text.says(Vocabulary.Group.PART2_NOTICE) || coded && text.says(Vocabulary.Group.SECURITY_RESTRICTED)) {
            findings.add(finding(Label.PART2, 0.95, Reason.PART2_NOTICE));
        } else if (text.isTreatmentOfSubstanceUse()) {
            findings.add(finding(Label.PART2, 0.8, Reason.PART2_TREATMENT));
        }
        return findings;
    }
}
