package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class ClinicalSummaryTest {

    private static final String HL7 = "urn:hl7-org:v3";

    static LongStream seeds() {
        return Seeds.of(50);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aSummaryIsWellFormedAndSaysWhichTemplatesItFollows(long seed) throws Exception {
        Element root = parse(ClinicalDocuments.of(seed).document(DocumentKind.CCDA, 2));

        assertThat(root.getNamespaceURI()).isEqualTo(HL7);
        assertThat(root.getLocalName()).isEqualTo("ClinicalDocument");
        assertThat(attributes(root, "templateId", "root"))
                .startsWith("2.16.840.1.113883.10.20.22.1.1", "2.16.840.1.113883.10.20.22.1.2")
                .contains("2.16.840.1.113883.10.20.22.2.6.1", "2.16.840.1.113883.10.20.22.2.4.1");
        assertThat(attributes(root, "typeId", "extension")).containsExactly("POCD_HD000040");
        assertThat(attributes(root, "birthTime", "value")).hasSize(1).allMatch(born -> born.matches("[0-9]{8}"));
        assertThat(elements(root, "section")).hasSize(4);
        assertThat(elements(root, "entry")).hasSize(5);
        assertThat(elements(root, "text"))
                .allSatisfy(text -> assertThat(text.getTextContent()).isNotBlank());
        assertThat(root.getTextContent()).doesNotContain("{");
    }

    private static Element parse(Document document) throws ParserConfigurationException, IOException, SAXException {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(document.content()))
                .getDocumentElement();
    }

    private static List<Node> elements(Element root, String name) {
        NodeList nodes = root.getElementsByTagNameNS(HL7, name);
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).toList();
    }

    private static List<String> attributes(Element root, String element, String attribute) {
        return elements(root, element).stream()
                .map(node -> ((Element) node).getAttribute(attribute))
                .toList();
    }
}
