package org.medbackup.cli;

/** How the catalogue is shown. */
final class CatalogueAnswer {

    private CatalogueAnswer() {}

    /** A target as people name it. */
    static String target(String name) {
        return name.isEmpty() ? "repository" : name;
    }
}
