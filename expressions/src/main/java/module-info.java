/** Conditions in the Common Expression Language. */
module org.medbackup.expressions {
    requires transitive org.medbackup.core;
    requires com.google.common;
    requires com.google.protobuf;
    requires org.antlr.antlr4.runtime;
    requires org.threeten.extra;
    requires re2j;
    requires static transitive org.jspecify;

    exports org.medbackup.expressions;
}
