package org.medbackup.app.mariadb.binlog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transaction's global id (MariaDB manual, "Global Transaction ID").
 *
 * @param domain of replication
 * @param server that it was committed on first
 * @param sequence its number in the domain
 */
public record Gtid(long domain, long server, long sequence) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,10})-(\\d{1,10})-(\\d{1,19})");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where the text is none
     */
    public static Gtid parse(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("no GTID");
        }
        return new Gtid(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)));
    }

    @Override
    public String toString() {
        return domain + "-" + server + "-" + sequence;
    }
}
