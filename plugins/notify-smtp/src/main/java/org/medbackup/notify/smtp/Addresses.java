package org.medbackup.notify.smtp;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.medbackup.notify.common.ChannelOptions;

/**
 * From whom mails are, and to whom.
 *
 * @param from with a domain
 * @param to at least one
 */
record Addresses(InternetAddress from, List<InternetAddress> to) {

    static Addresses of(ChannelOptions options) {
        List<InternetAddress> from = parse("from", options);
        if (from.size() != 1) {
            throw ChannelOptions.invalid("from is one address");
        }
        return new Addresses(from.getFirst(), parse("to", options));
    }

    private static List<InternetAddress> parse(String name, ChannelOptions options) {
        String text = options.text(name, "");
        try {
            List<InternetAddress> parsed = List.of(InternetAddress.parse(text, true));
            boolean plain = StandardCharsets.US_ASCII.newEncoder().canEncode(text)
                    && parsed.stream()
                            .noneMatch(each -> each.isGroup() || domain(each).isEmpty());
            if (plain && !parsed.isEmpty()) {
                return parsed;
            }
        } catch (AddressException quotesIt) {
            // Said below, without the address.
        }
        throw ChannelOptions.invalid(name + " holds what is no address of mail, such as name@host.example");
    }

    private static String domain(InternetAddress address) {
        String text = address.getAddress();
        int at = text.lastIndexOf('@');
        return at < 1 ? "" : text.substring(at + 1);
    }

    /** Of the sender. */
    String domain() {
        return domain(from);
    }

    /** To all of them. */
    InternetAddress[] recipients() {
        return to.toArray(InternetAddress[]::new);
    }
}
