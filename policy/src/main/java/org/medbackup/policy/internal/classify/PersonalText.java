package org.medbackup.policy.internal.classify;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much a text looks as if it were about a patient: identifiers that hold by their check digits or their form, words that
 * stand beside them, words of the clinic. Nothing of what is found is kept but how often.
 */
final class PersonalText {

    /** From so many points on it counts as about a patient. What each is worth was set on the corpus of the tests. */
    static final double ENOUGH = 3;

    private static final int NEAR = 24;

    /** What stands before the name of a column. */
    private static final String COLUMNS = ",;\t|\"";

    private final Map<Vocabulary.Group, Integer> words = new EnumMap<>(Vocabulary.Group.class);
    private final BitSet seen = new BitSet();
    private final byte[] text;
    private final int firstLine;
    private int columns;
    private int numbered;
    private int dated;
    private int social;
    private int medicare;
    private int providers;
    private int phones;
    private int mails;

    private PersonalText(byte[] text) {
        this.text = text;
        int end = 0;
        while (end < text.length && text[end] != '\n' && text[end] != '\r') {
            end++;
        }
        this.firstLine = end;
    }

    static PersonalText of(byte[] text) {
        PersonalText personal = words(text);
        personal.numbers();
        return personal;
    }

    /** Of a text whose structure says already whom it is about: what its words say beside that. */
    static PersonalText words(byte[] text) {
        var personal = new PersonalText(text);
        Vocabulary.scan(text, personal::word);
        return personal;
    }

    private void word(Vocabulary.Group group, int word, int before, int end) {
        // A column that is named is no value; what repeats is no more than once.
        boolean first = !seen.get(word);
        seen.set(word);
        if (first) {
            words.merge(group, 1, Integer::sum);
        }
        switch (group) {
            case RECORD_NUMBER -> {
                numbered += Identifiers.hasNumber(text, end, NEAR) ? 1 : 0;
                columns += isColumn(before, end) ? 1 : 0;
            }
            case BIRTH -> {
                dated += Identifiers.hasDate(text, end, NEAR) ? 1 : 0;
                columns += isColumn(before, end) ? 1 : 0;
            }
            case SOCIAL_SECURITY -> columns += isColumn(before, end) ? 1 : 0;
            default -> {}
        }
    }

    /** Whether a word of the first line names a column: it stands after what separates columns. */
    private boolean isColumn(int before, int end) {
        return end <= firstLine && (before < 0 || COLUMNS.indexOf(text[before]) >= 0);
    }

    /** One pass over what begins with a digit, and over what may be a mail address. */
    private void numbers() {
        for (int i = 0; i < text.length; i++) {
            byte each = text[i];
            if (each == '@') {
                mails += Identifiers.isMail(text, i) ? 1 : 0;
            } else if (each >= '0' && each <= '9' && Identifiers.isStart(text, i)) {
                if (Identifiers.isSocialSecurity(text, i)) {
                    social++;
                    i += 10;
                } else if (Identifiers.isPhone(text, i)) {
                    phones++;
                    i += 11;
                } else if (Identifiers.isMedicare(text, i)) {
                    medicare++;
                    i += 10;
                } else if (Identifiers.isProvider(text, i)) {
                    providers++;
                    i += 9;
                }
            }
        }
    }

    private int distinct(Vocabulary.Group group) {
        return words.getOrDefault(group, 0);
    }

    boolean says(Vocabulary.Group group) {
        return distinct(group) > 0;
    }

    /** Treatment for a substance use disorder, and the programme that gives it. */
    boolean isTreatmentOfSubstanceUse() {
        return distinct(Vocabulary.Group.DRUG) >= 2 && says(Vocabulary.Group.PROGRAMME);
    }

    /** Points, of which {@link #ENOUGH} are needed. */
    double points() {
        double points = 0;
        points += 2.5 * Math.min(2, numbered);
        points += 2.0 * Math.min(2, dated);
        points += 1.5 * Math.min(3, social) + (says(Vocabulary.Group.SOCIAL_SECURITY) && social > 0 ? 1.0 : 0);
        points += Math.min(2, medicare) * (says(Vocabulary.Group.MEDICARE) ? 2.0 : 0.5);
        points += Math.min(2, providers) * (says(Vocabulary.Group.PROVIDER) ? 0.6 : 0.1);
        points += 0.3 * Math.min(3, phones);
        points += 0.2 * Math.min(2, mails);
        points += 0.3 * Math.min(7, distinct(Vocabulary.Group.CLINICAL));
        points += columns >= 2 ? 2.5 : 0;
        return points;
    }

    /** Between 0 and 1: a logistic curve, a half where the points are just enough. */
    double confidence() {
        return 1 / (1 + Math.exp(ENOUGH - 0.0001 - points()));
    }

    boolean isPersonal() {
        return points() >= ENOUGH;
    }
}
