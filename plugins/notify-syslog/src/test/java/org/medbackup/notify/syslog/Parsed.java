package org.medbackup.notify.syslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A message read by the grammar of RFC 5424, 6, and nothing that it does not allow. Not made from the code that writes it.
 *
 * @param priority facility and severity
 * @param header the five words after the version
 * @param id of the structured data
 * @param parameters of it, unescaped
 * @param text after the byte order mark
 */
record Parsed(int priority, List<String> header, String id, Map<String, String> parameters, String text) {

    /** The only message of a frame as RFC 5425, 4.3 has it. */
    static Parsed frame(byte[] frame) {
        int space = 0;
        while (frame[space] != ' ') {
            space++;
        }
        String count = new String(frame, 0, space, US_ASCII);
        require(count.matches("[1-9][0-9]*"), "the count");
        require(Integer.parseInt(count) == frame.length - space - 1, "the length");
        return message(Arrays.copyOfRange(frame, space + 1, frame.length));
    }

    static Parsed message(byte[] bytes) {
        String whole;
        try {
            whole = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new AssertionError("no UTF-8", malformed);
        }
        String[] words = whole.split(" ", 7);
        require(words.length == 7, "the words of the header");
        require(words[0].matches("<[1-9][0-9]{0,2}>1"), "priority and version");
        require(words[1].matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z"), "the time");
        require(words[2].matches("[!-~]{1,255}"), "the host");
        require(words[3].matches("[!-~]{1,48}"), "the application");
        require(words[4].matches("[!-~]{1,128}"), "the process");
        require(words[5].matches("[!-~]{1,32}"), "the kind");
        String rest = words[6];
        require(rest.startsWith("["), "the structured data");
        int at = 1;
        while (rest.charAt(at) != ' ' && rest.charAt(at) != ']') {
            at++;
        }
        String id = rest.substring(1, at);
        Map<String, String> parameters = new TreeMap<>();
        while (rest.charAt(at) == ' ') {
            int equals = rest.indexOf("=\"", at);
            String name = rest.substring(at + 1, equals);
            require(name.matches("[!#-<>-\\\\^-~]{1,32}"), "the name of a parameter");
            var value = new StringBuilder();
            for (at = equals + 2; rest.charAt(at) != '"'; at++) {
                require(rest.charAt(at) != ']', "a bracket that is not escaped");
                if (rest.charAt(at) == '\\') {
                    at++;
                    require("\"\\]".indexOf(rest.charAt(at)) >= 0, "what is escaped");
                }
                value.append(rest.charAt(at));
            }
            at++;
            require(parameters.put(name, value.toString()) == null, "a parameter twice");
        }
        require(rest.startsWith("] \ufeff", at), "the end of the structured data");
        String text = rest.substring(at + 3);
        require(whole.codePoints().noneMatch(Character::isISOControl), "a control character");
        int priority = Integer.parseInt(words[0].substring(1, words[0].indexOf('>')));
        return new Parsed(priority, List.of(words[1], words[2], words[3], words[4], words[5]), id, parameters, text);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not as the RFC has it: " + what);
        }
    }
}
