package org.medbackup.testreport.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Finds the modules of a Maven build in its POMs. */
final class MavenModules {

    private MavenModules() {}

    /** The folders of all modules relative to the root, those of an aggregator's modules after its own. */
    static List<String> of(Path root) throws IOException {
        List<String> modules = new ArrayList<>();
        collect(root, "", modules);
        return modules;
    }

    private static void collect(Path root, String folder, List<String> modules) throws IOException {
        for (String name : names(root.resolve(folder).resolve("pom.xml"))) {
            String module = folder.isEmpty() ? name : folder + "/" + name;
            modules.add(module);
            collect(root, module, modules);
        }
    }

    private static List<String> names(Path pom) throws IOException {
        List<String> names = new ArrayList<>();
        for (Element list : children(parse(pom), "modules")) {
            for (Element module : children(list, "module")) {
                names.add(module.getTextContent().strip());
            }
        }
        return names;
    }

    private static Element parse(Path pom) throws IOException {
        try (var in = Files.newInputStream(pom)) {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            // Its own handler would print to the console what is thrown anyway.
            builder.setErrorHandler(null);
            return builder.parse(in).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(pom + ": " + e.getMessage(), e);
        }
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }
}
