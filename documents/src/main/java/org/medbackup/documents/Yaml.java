package org.medbackup.documents;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * A YAML 1.2 document (its JSON schema) as JSON, which remembers where each value stands. One document of at most 1 MiB; keys
 * are texts and stand once; no tags of one's own, and no value that holds itself.
 *
 * <p>Immutable.
 *
 * @param value the document
 * @param positions by JSON pointer (RFC 6901): of a member its key, of an item its beginning
 */
public record Yaml(JsonValue value, Map<String, Position> positions) {

    private static final int LONGEST = 1 << 20;
    private static final int DEEPEST = 32;
    private static final int MOST_VALUES = 20_000;

    public Yaml {
        positions = Map.copyOf(positions);
    }

    /**
     * Reads a document; an empty one is an object without members.
     *
     * @throws DocumentException where it is none
     */
    public static Yaml parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel("document")
                .setAllowDuplicateKeys(false)
                .setAllowNonScalarKeys(true)
                .setCodePointLimit(LONGEST)
                .setUseMarks(true)
                .build();
        try {
            Optional<Node> root =
                    new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text))).getSingleNode();
            var reader = new Reader();
            JsonValue value = root.isEmpty() ? new JsonValue.Members(Map.of()) : reader.value(root.get(), "", 0);
            return new Yaml(value, reader.positions);
        } catch (MarkedYamlEngineException malformed) {
            throw new DocumentException(position(malformed.getProblemMark()), sentence(malformed.getProblem()));
        } catch (YamlEngineException malformed) {
            throw new DocumentException(Position.START, "it is no YAML document of at most 1 MiB");
        }
    }

    /** Where a value stands; of one that is not there, where the nearest one that holds it does. */
    public Position at(String pointer) {
        String nearest = pointer;
        while (!positions.containsKey(nearest) && !nearest.isEmpty()) {
            nearest = nearest.substring(0, nearest.lastIndexOf('/'));
        }
        return positions.getOrDefault(nearest, Position.START);
    }

    /** The pointer of a member or item of what another pointer names. */
    public static String pointer(String of, String name) {
        return of + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static Position position(Optional<Mark> mark) {
        return mark.map(place -> new Position(place.getLine() + 1, place.getColumn() + 1))
                .orElse(Position.START);
    }

    private static String sentence(String problem) {
        return problem.strip();
    }

    /** Turns nodes into values. */
    private static final class Reader {

        private final Map<String, Position> positions = new LinkedHashMap<>();
        private int count;

        JsonValue value(Node node, String pointer, int depth) {
            positions.putIfAbsent(pointer, position(node.getStartMark()));
            if (depth > DEEPEST || ++count > MOST_VALUES) {
                throw fault(node, "it is nested too deeply, or holds too many values");
            }
            return switch (node) {
                case ScalarNode scalar -> scalar(scalar);
                case SequenceNode sequence -> items(sequence, pointer, depth);
                case MappingNode mapping -> members(mapping, pointer, depth);
                default -> throw fault(node, "this kind of value is not known");
            };
        }

        private JsonValue items(SequenceNode sequence, String pointer, int depth) {
            requireCore(sequence, Tag.SEQ);
            List<JsonValue> values = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                values.add(value(item, pointer + "/" + values.size(), depth + 1));
            }
            return new JsonValue.Items(values);
        }

        private JsonValue members(MappingNode mapping, String pointer, int depth) {
            requireCore(mapping, Tag.MAP);
            Map<String, JsonValue> members = new LinkedHashMap<>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    throw fault(tuple.getKeyNode(), "a key is a text");
                }
                String below = pointer(pointer, key.getValue());
                if (members.containsKey(key.getValue())) {
                    throw fault(key, "the key " + key.getValue() + " stands twice");
                }
                positions.put(below, position(key.getStartMark()));
                members.put(key.getValue(), value(tuple.getValueNode(), below, depth + 1));
            }
            return new JsonValue.Members(members);
        }

        private static JsonValue scalar(ScalarNode node) {
            Tag tag = node.getTag();
            String text = node.getValue();
            if (tag.equals(Tag.STR)) {
                return new JsonValue.Text(text);
            }
            if (tag.equals(Tag.NULL)) {
                return new JsonValue.Null();
            }
            if (tag.equals(Tag.BOOL)) {
                return new JsonValue.Truth(Boolean.parseBoolean(text));
            }
            try {
                if (tag.equals(Tag.INT)) {
                    return new JsonValue.Whole(Long.parseLong(text));
                }
                if (tag.equals(Tag.FLOAT)) {
                    return new JsonValue.Decimal(Double.parseDouble(text));
                }
            } catch (IllegalArgumentException tooLarge) {
                throw fault(node, "this number is not finite, or needs more than 64 bits");
            }
            throw fault(node, "tags of one's own are not known");
        }

        private static void requireCore(Node node, Tag tag) {
            if (!node.getTag().equals(tag)) {
                throw fault(node, "tags of one's own are not known");
            }
        }

        private static DocumentException fault(Node node, String message) {
            return new DocumentException(position(node.getStartMark()), message);
        }
    }
}
