package org.medbackup.policy.internal.classify;

import java.util.ArrayList;
import java.util.List;

/** The words that say what a text is about, each in a group. Immutable; safe for use by several threads. */
final class Vocabulary {

    /** What a word is a sign of. */
    enum Group {
        RECORD_NUMBER(
                "mrn",
                "medical record",
                "med rec",
                "patient id",
                "patientid",
                "patient_id",
                "patient number",
                "chart number",
                "record no",
                "encounter id",
                "account number",
                "member id",
                "subscriber id"),
        BIRTH("dob", "d.o.b.", "date of birth", "birth date", "birthdate", "birth_date", "born:"),
        SOCIAL_SECURITY("ssn", "social security"),
        PROVIDER("npi", "dea no", "dea number", "dea:", "dea#"),
        MEDICARE("medicare", "mbi"),
        CLINICAL(
                "patient",
                "diagnosis",
                "diagnoses",
                "admitted",
                "discharged",
                "chief complaint",
                "history of present illness",
                "medications",
                "allergies",
                "vital signs",
                "blood pressure",
                "heart rate",
                "mg daily",
                "assessment and plan",
                "impression:",
                "findings:",
                "physical exam",
                "past medical history",
                "attending",
                "prescribed",
                "symptoms",
                "treatment plan",
                "progress note",
                "discharge summary",
                "lab results",
                "hemoglobin",
                "radiology",
                "icd-10"),
        PSYCHOTHERAPY_NOTE("psychotherapy note", "psychotherapy notes", "psychotherapy process note", "psythpn"),
        PART2_NOTICE(
                "42 cfr part 2", "42 c.f.r. part 2", "42 cfr 2.", "42cfrpart2", "part 2 of title 42", "42 cfr. part 2"),
        DRUG(
                "methadone",
                "buprenorphine",
                "suboxone",
                "naltrexone",
                "opioid use disorder",
                "substance use disorder",
                "alcohol use disorder",
                "substance abuse",
                "detoxification",
                "withdrawal protocol"),
        PROGRAMME(
                "opioid treatment program",
                "substance use disorder program",
                "recovery program",
                "treatment program",
                "methadone clinic",
                "substance abuse program",
                "rehabilitation program"),
        SECURITY_RESTRICTED("\"eth\"", "\"sud\"", "\"etoh\"", "\"opioidud\"", "\"ethud\""),
        SECURITY_PSYCHOTHERAPY("\"psythpn\"");

        @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable.
        private final List<String> words;

        Group(String... words) {
            this.words = List.of(words);
        }
    }

    private static final List<Group> GROUPS = new ArrayList<>();
    private static final WordSet WORDS = words();

    private Vocabulary() {}

    private static WordSet words() {
        List<String> words = new ArrayList<>();
        for (Group group : Group.values()) {
            for (String word : group.words) {
                words.add(word);
                GROUPS.add(group);
            }
        }
        return new WordSet(words);
    }

    /** Hears words. */
    @FunctionalInterface
    interface Visitor {

        /**
         * A whole word stands here.
         *
         * @param word a number of its own
         * @param before the place before it, or one after that where it has several blanks
         * @param end the place after it
         */
        void found(Group group, int word, int before, int end);
    }

    static void scan(byte[] text, Visitor visitor) {
        WORDS.scan(text, 0, text.length, (word, end) -> {
            boolean cut = end < text.length
                    && Character.isLetter(text[end] & 0x7f)
                    && text[end] != 's'
                    && text[end] > 0
                    && Character.isLetter(text[end - 1]);
            int before = end - WORDS.length(word) - 1;
            boolean grown = before >= 0
                    && text[before] > 0
                    && Character.isLetter(text[before])
                    && Character.isLetter(text[before + 1]);
            if (!cut && !grown) {
                visitor.found(GROUPS.get(word), word, before, end);
            }
        });
    }
}
