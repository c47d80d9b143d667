package org.medbackup.control;

/** Keeps who has called what. Safe for use by several threads. */
@FunctionalInterface
public interface ControlAudit {

    /** Takes a call before its effect. Where this fails, the call is not made, and its caller is told that it failed. */
    void before(ControlCall call);
}
