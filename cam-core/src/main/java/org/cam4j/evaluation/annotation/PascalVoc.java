package org.cam4j.evaluation.annotation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.cam4j.exception.AnnotationException;
import org.cam4j.exception.IoReason;
import org.cam4j.localization.BoundingBox;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.w3c.dom.Text;
import org.xml.sax.SAXException;

/**
 * Pascal VOC's annotations (Everingham et al., IJCV 2010), which ImageNet's boxes come in too: an XML file a photo, pixels counted
 * from 1, ends inclusive.
 *
 * <p>Files are not trusted: document types, and with them entities, are refused.
 */
final class PascalVoc {

    private static final int LARGEST = 8 << 20;

    private PascalVoc() {}

    static List<LabelledPhoto> readFolder(Path folder) {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(
                            file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".xml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AnnotationException("folder '" + folder + "' cannot be read: " + IoReason.of(e), e);
        }
        List<LabelledPhoto> photos = new ArrayList<>();
        files.forEach(file -> photos.addAll(read(file)));
        return photos;
    }

    static List<LabelledPhoto> read(Path file) {
        Element root = parse(file);
        if (!root.getTagName().equals("annotation")) {
            throw new AnnotationException(
                    "'" + file + "' begins with <" + root.getTagName() + ">: expected Pascal VOC's <annotation>.");
        }
        String photo = text(root, "filename", file);
        if (photo.isEmpty()) {
            throw new AnnotationException("'" + file + "' has an empty <filename>: expected the photo's.");
        }
        BoxCollector collector = new BoxCollector();
        for (Element object : children(root, "object")) {
            Element box = child(object, "bndbox", file);
            collector.add(
                    photo,
                    Optional.of(text(object, "name", file)),
                    OptionalInt.empty(),
                    box(
                            pixel(box, "xmin", file) - 1,
                            pixel(box, "ymin", file) - 1,
                            pixel(box, "xmax", file),
                            pixel(box, "ymax", file),
                            file));
        }
        return collector.photos();
    }

    private static Element parse(Path file) {
        byte[] bytes;
        try (InputStream in = TextFile.open(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (IOException e) {
            throw new AnnotationException("'" + file + "' cannot be read: " + IoReason.of(e), e);
        }
        if (bytes.length > LARGEST) {
            throw new AnnotationException("'" + file + "' has more than " + (LARGEST >> 20)
                    + " MiB: expected the Pascal VOC file of one photo, a few kilobytes.");
        }
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            // Without a handler the parser writes to standard error.
            builder.setErrorHandler(null);
            return builder.parse(new ByteArrayInputStream(bytes)).getDocumentElement();
        } catch (IOException | SAXException e) {
            throw new AnnotationException(
                    "'" + file + "' cannot be read as XML: " + e.getMessage()
                            + " Expected a Pascal VOC file without a document type.",
                    e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser cannot be made safe", e);
        }
    }

    private static BoundingBox box(int x0, int y0, int x1, int y1, Path file) {
        try {
            return new BoundingBox(x0, y0, x1, y1);
        } catch (IllegalArgumentException e) {
            throw new AnnotationException("'" + file + "': " + e.getMessage() + ".", e);
        }
    }

    private static int pixel(Element parent, String name, Path file) {
        return TextFile.pixel(text(parent, name, file), "<" + name + "> of '" + file + "'");
    }

    private static String text(Element parent, String name, Path file) {
        StringBuilder text = new StringBuilder();
        NodeList nodes = child(parent, name, file).getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element inner) {
                throw new AnnotationException("'" + file + "' has <" + inner.getTagName() + "> within <" + name
                        + ">: expected text, as Pascal VOC's annotation has it.");
            }
            if (nodes.item(i) instanceof Text part) {
                text.append(part.getData());
            }
        }
        return text.toString().strip();
    }

    private static Element child(Element parent, String name, Path file) {
        return children(parent, name).stream()
                .findFirst()
                .orElseThrow(() -> new AnnotationException("'" + file + "' has a <" + parent.getTagName()
                        + "> without <" + name + ">: expected Pascal VOC's annotation."));
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
