package org.medbackup.policy.internal.classify;

/**
 * Identifiers of people in text, as their issuers define them: social security numbers (SSA, areas that were never given),
 * national provider identifiers (CMS, Luhn with the prefix 80840), Medicare beneficiary identifiers (CMS, the form of each
 * place), telephone numbers of the North American plan, dates.
 */
final class Identifiers {

    private static final int PROVIDER_PREFIX = 24;
    private static final String MEDICARE_LETTERS = "ACDEFGHJKMNPQRTUVWXY";

    private Identifiers() {}

    private static boolean isDigit(byte[] text, int at) {
        return at >= 0 && at < text.length && text[at] >= '0' && text[at] <= '9';
    }

    private static boolean isWord(byte[] text, int at) {
        return at >= 0 && at < text.length && text[at] > 0 && (Character.isLetterOrDigit(text[at]) || text[at] == '_');
    }

    /** Whether a number may begin here: what stands before belongs to no longer one. */
    static boolean isStart(byte[] text, int at) {
        if (isWord(text, at - 1)) {
            return false;
        }
        boolean joined = at > 1 && (text[at - 1] == '.' || text[at - 1] == '-') && isWord(text, at - 2);
        return !joined;
    }

    private static boolean digits(byte[] text, int at, int count) {
        for (int i = 0; i < count; i++) {
            if (!isDigit(text, at + i)) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] text, int at, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value * 10 + text[at + i] - '0';
        }
        return value;
    }

    /** What stands after belongs to no longer number or name. */
    private static boolean isEnd(byte[] text, int at) {
        return !isWord(text, at) && !(at < text.length && (text[at] == '-' || text[at] == '.') && isWord(text, at + 1));
    }

    static boolean isSocialSecurity(byte[] text, int at) {
        if (!(digits(text, at, 3)
                && at + 11 <= text.length
                && text[at + 3] == '-'
                && digits(text, at + 4, 2)
                && text[at + 6] == '-'
                && digits(text, at + 7, 4)
                && isEnd(text, at + 11))) {
            return false;
        }
        int area = number(text, at, 3);
        return area != 0 && area != 666 && area < 900 && number(text, at + 4, 2) != 0 && number(text, at + 7, 4) != 0;
    }

    static boolean isPhone(byte[] text, int at) {
        if (!digits(text, at, 3) || text[at] < '2' || at + 12 > text.length) {
            return false;
        }
        int next = at + 3;
        if (text[next] == ')') {
            next++;
        }
        if (text[next] != '-' && text[next] != ' ' && text[next] != '.') {
            return false;
        }
        return digits(text, next + 1, 3)
                && next + 4 < text.length
                && (text[next + 4] == '-' || text[next + 4] == '.')
                && digits(text, next + 5, 4)
                && isEnd(text, next + 9);
    }

    /** Ten digits of which the last is the check digit, and the first is 1 or 2. */
    static boolean isProvider(byte[] text, int at) {
        // The first digit first: it says no to most of what a text holds.
        boolean begins = at < text.length && (text[at] == '1' || text[at] == '2');
        if (!begins || !digits(text, at, 10) || !isEnd(text, at + 10)) {
            return false;
        }
        int sum = PROVIDER_PREFIX;
        for (int i = 0; i < 10; i++) {
            int digit = text[at + i] - '0';
            if (i % 2 == 0) {
                digit *= 2;
                digit = digit > 9 ? digit - 9 : digit;
            }
            sum += digit;
        }
        return sum % 10 == 0;
    }

    /** Eleven places, each a digit, a letter that is not taken for a digit, or either. */
    static boolean isMedicare(byte[] text, int at) {
        String form = "9A#9A#9AA99";
        int place = at;
        for (int i = 0; i < form.length(); i++) {
            if ((i == 4 || i == 7) && place < text.length && text[place] == '-') {
                place++;
            }
            if (place >= text.length) {
                return false;
            }
            boolean digit = isDigit(text, place);
            boolean letter = MEDICARE_LETTERS.indexOf(text[place]) >= 0;
            boolean right = switch (form.charAt(i)) {
                case '9' -> digit;
                case 'A' -> letter;
                default -> digit || letter;
            };
            if (!right || i == 0 && text[place] == '0') {
                return false;
            }
            place++;
        }
        return isEnd(text, place);
    }

    /** A name, a sign, and a domain with an end. */
    static boolean isMail(byte[] text, int sign) {
        if (!isWord(text, sign - 1)) {
            return false;
        }
        int at = sign + 1;
        boolean dot = false;
        while (at < text.length && at - sign < 64 && (isWord(text, at) || text[at] == '-' || text[at] == '.')) {
            dot |= text[at] == '.' && at > sign + 1 && isWord(text, at + 1);
            at++;
        }
        return dot;
    }

    /** Whether a number of five to twelve digits, perhaps after letters of its own, stands soon after a word. */
    static boolean hasNumber(byte[] text, int from, int near) {
        int limit = Math.min(text.length, from + near);
        for (int i = from; i < limit; i++) {
            if (text[i] == '\n' && i > from + 2) {
                return false;
            }
            if (isDigit(text, i)) {
                int end = i;
                while (isDigit(text, end)) {
                    end++;
                }
                return end - i >= 5 && end - i <= 12;
            }
        }
        return false;
    }

    /** Whether a date of a life stands soon after a word. */
    static boolean hasDate(byte[] text, int from, int near) {
        int limit = Math.min(text.length, from + near);
        for (int i = from; i < limit; i++) {
            if (isDigit(text, i)) {
                return isDate(text, i);
            }
        }
        return false;
    }

    private static boolean isDate(byte[] text, int at) {
        if (digits(text, at, 4)) {
            int year = number(text, at, 4);
            boolean separated =
                    at + 10 <= text.length && (text[at + 4] == '-' || text[at + 4] == '/') && digits(text, at + 5, 2);
            return year >= 1890 && year <= 2100 && (separated || digits(text, at + 4, 4));
        }
        int first = digits(text, at, 2) ? 2 : 1;
        int middle = at + first;
        if (middle >= text.length || text[middle] != '/' && text[middle] != '-' && text[middle] != '.') {
            return false;
        }
        int second = digits(text, middle + 1, 2) ? 2 : 1;
        int last = middle + 1 + second;
        return isDigit(text, middle + 1)
                && last < text.length
                && text[last] == text[middle]
                && digits(text, last + 1, 2);
    }
}
