package org.medbackup.corpus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A PDF 1.4 file of one page of text, its stream as it is, so that a search of the bytes finds what it says. */
final class PdfReport {

    private final StringBuilder file = new StringBuilder(8192);
    private final List<Integer> offsets = new ArrayList<>();

    private PdfReport() {}

    static byte[] of(List<String> lines) {
        var report = new PdfReport();
        // Four bytes above 127 tell transfer programs that the file is not text (ISO 32000-1, 7.5.2).
        report.file.append("%PDF-1.4\n%âãÏÓ\n");
        report.object("<< /Type /Catalog /Pages 2 0 R >>");
        report.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        report.object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
                + " /Resources << /Font << /F1 5 0 R >> >> >>");
        String content = content(lines);
        report.object("<< /Length " + content.length() + " >>\nstream\n" + content + "\nendstream");
        report.object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        report.trailer();
        // One char is one byte in this charset, so that positions in the text are positions in the file.
        return report.file.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String content(List<String> lines) {
        var content = new StringBuilder("BT\n/F1 9 Tf\n11 TL\n40 760 Td\n");
        for (String line : lines) {
            String text = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)");
            content.append('(').append(text).append(") Tj T*\n");
        }
        return content.append("ET").toString();
    }

    private void object(String body) {
        offsets.add(file.length());
        file.append(offsets.size()).append(" 0 obj\n").append(body).append("\nendobj\n");
    }

    private void trailer() {
        int start = file.length();
        int size = offsets.size() + 1;
        file.append("xref\n0 ").append(size).append("\n0000000000 65535 f \n");
        offsets.forEach(offset -> file.append(Identifiers.padded(offset, 10)).append(" 00000 n \n"));
        file.append("trailer\n<< /Size ").append(size).append(" /Root 1 0 R >>\nstartxref\n");
        file.append(start).append("\n%%EOF\n");
    }
}
