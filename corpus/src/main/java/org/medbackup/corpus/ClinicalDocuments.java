package org.medbackup.corpus;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.corpus.DicomImage.Place;
import org.medbackup.corpus.DicomImage.Size;

/**
 * Documents of clinical systems by seed. The n-th of a kind is always the same, whatever was made before it, and its path
 * is its own: {@code interface/oru/2025/03/14/…}, {@code documents/notes/2025/03/ICU/…},
 * {@code pacs/2025/03/14/<study>/<series>/…}.
 *
 * <p>All but images have 1 to 8 KiB. Immutable and safe for use by several threads.
 */
public final class ClinicalDocuments {

    private static final int POPULATION = 5_000;
    private static final int IMAGES_OF_A_SERIES = 20;
    private static final int SERIES_OF_A_STUDY = 3;
    private static final List<DocumentKind> HUNDRED = everydayMix();

    private final long seed;
    private final Patients patients;
    private final long imageBytes;

    private ClinicalDocuments(long seed, Patients patients, long imageBytes) {
        this.seed = seed;
        this.patients = patients;
        this.imageBytes = imageBytes;
    }

    /** Documents of the population of the same seed, with images of 128 KiB to 2 MiB. */
    public static ClinicalDocuments of(long seed) {
        return new ClinicalDocuments(seed, Patients.of(seed), 0);
    }

    /** The same documents of other people, such as those with a canary in their names. */
    public ClinicalDocuments withPatients(Patients others) {
        return new ClinicalDocuments(seed, others, imageBytes);
    }

    /**
     * The same documents with images of about so many bytes of pixels.
     *
     * @param bytes 8 KiB to 2 GiB
     */
    public ClinicalDocuments withImageBytes(long bytes) {
        if (bytes < 8 << 10 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("an image has 8 KiB to 2 GiB");
        }
        return new ClinicalDocuments(seed, patients, bytes);
    }

    /** The n-th document of the everyday mix, which has every kind but images; a hundred in a row have each kind's share. */
    public Document document(int number) {
        return document(kind(number), number);
    }

    /** The kind of the n-th document of the everyday mix. */
    public DocumentKind kind(int number) {
        // A stride prime to a hundred mixes the kinds, and keeps the shares exact.
        return HUNDRED.get((int) (number * 37L % HUNDRED.size()));
    }

    /** The n-th document of a kind, from 0 to 99,999,999. */
    public Document document(DocumentKind kind, int number) {
        if (kind == DocumentKind.DICOM) {
            return image(number);
        }
        var random = SeededRandom.of(seed ^ kind.name().hashCode(), number);
        Encounter encounter = encounter(random);
        byte[] content = content(kind, number, random, encounter);
        return new Document(path(kind, number, encounter), content);
    }

    private byte[] content(DocumentKind kind, int number, SeededRandom random, Encounter encounter) {
        String control = "MB" + Identifiers.padded(number, 8);
        return switch (kind) {
            case HL7_ADT -> Hl7Message.admission(random, encounter, control);
            case HL7_ORU -> Hl7Message.results(random, encounter, control);
            case FHIR_PATIENT -> FhirJson.patient(encounter);
            case FHIR_OBSERVATION -> FhirJson.observation(encounter);
            case FHIR_BUNDLE -> FhirJson.bundle(random, encounter);
            case FHIR_NDJSON -> FhirJson.lines(encounter);
            case CCDA -> ClinicalSummary.of(random, encounter);
            case X12_837 -> X12Claims.claims(number, several(random, encounter));
            case X12_835 -> X12Claims.payments(number, several(random, encounter));
            case PDF -> PdfReport.of(ClinicalNote.radiology(random, encounter));
            case NOTE -> ClinicalNote.progress(random, encounter);
            case PSYCHOTHERAPY_NOTE -> ClinicalNote.psychotherapy(random, encounter);
            case SUBSTANCE_USE_NOTE -> ClinicalNote.substanceUse(random, encounter);
            case DICOM -> throw new IllegalArgumentException("images are made elsewhere");
        };
    }

    private Document image(int number) {
        DicomImage image = dicom(number);
        byte[] head = image.head();
        var content = new byte[Math.toIntExact(image.length())];
        System.arraycopy(head, 0, content, 0, head.length);
        image.pixels(0, content, head.length, content.length - head.length);
        return new Document(imagePath(number), content);
    }

    DicomImage dicom(int number) {
        var random = SeededRandom.of(seed ^ DocumentKind.DICOM.name().hashCode(), number);
        long bytes = imageBytes > 0 ? imageBytes : random.pick(128L, 288L, 512L, 1152L, 2048L) << 10;
        return DicomImage.of(place(number), study(number), random.nextLong(), Size.ofBytes(bytes));
    }

    String imagePath(int number) {
        Place place = place(number);
        String folder = DocumentKind.DICOM.folder() + "/" + day(study(number).admitted());
        String file = "IM" + Identifiers.padded(number, 8) + "." + DocumentKind.DICOM.extension();
        return String.join("/", folder, place.study(), place.series(), file);
    }

    private Encounter study(int image) {
        return encounter(studyRandom(image));
    }

    private Place place(int image) {
        int series = image / IMAGES_OF_A_SERIES;
        String studyUid = Identifiers.uid(studyRandom(image));
        String seriesUid = Identifiers.uid(SeededRandom.of(seed ^ "series".hashCode(), series));
        String uid = Identifiers.uid(SeededRandom.of(seed ^ "image".hashCode(), image));
        return new Place(studyUid, seriesUid, uid, series % SERIES_OF_A_STUDY + 1, image % IMAGES_OF_A_SERIES + 1);
    }

    private SeededRandom studyRandom(int image) {
        return SeededRandom.of(seed ^ "study".hashCode(), image / (IMAGES_OF_A_SERIES * SERIES_OF_A_STUDY));
    }

    private Encounter encounter(SeededRandom random) {
        return patients.encounter(random.below(POPULATION), random.below(5));
    }

    private List<Encounter> several(SeededRandom random, Encounter first) {
        var encounters = new ArrayList<Encounter>();
        encounters.add(first);
        for (int more = random.between(2, 5); more > 0; more--) {
            encounters.add(encounter(random));
        }
        return encounters;
    }

    private static String path(DocumentKind kind, int number, Encounter encounter) {
        String day = day(encounter.discharged());
        String month = day.substring(0, "yyyy/mm".length());
        String folder = switch (kind) {
            case HL7_ADT, HL7_ORU -> day;
            case CCDA, PDF, NOTE, PSYCHOTHERAPY_NOTE, SUBSTANCE_USE_NOTE -> month + "/" + encounter.department();
            case FHIR_PATIENT, FHIR_OBSERVATION, FHIR_BUNDLE, FHIR_NDJSON, X12_837, X12_835, DICOM -> month;
        };
        return String.join("/", kind.folder(), folder, fileName(kind, number, encounter) + "." + kind.extension());
    }

    private static String fileName(DocumentKind kind, int number, Encounter encounter) {
        String serial = Identifiers.padded(number, 8);
        return switch (kind) {
            // Scanned and dictated papers are filed under the patient in practice: names occur in paths, too.
            case PDF, NOTE, PSYCHOTHERAPY_NOTE, SUBSTANCE_USE_NOTE ->
                encounter.patient().family().replaceAll("[^A-Za-z0-9]", "") + "_"
                        + encounter.patient().mrn() + "_" + serial;
            default -> kind.name() + "_" + serial;
        };
    }

    private static String day(LocalDateTime at) {
        return at.toLocalDate().toString().replace('-', '/');
    }

    private static List<DocumentKind> everydayMix() {
        var hundred = new ArrayList<DocumentKind>();
        for (DocumentKind kind : DocumentKind.values()) {
            for (int i = 0; i < kind.share(); i++) {
                hundred.add(kind);
            }
        }
        return List.copyOf(hundred);
    }
}
