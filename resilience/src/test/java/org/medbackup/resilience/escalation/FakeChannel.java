package org.medbackup.resilience.escalation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;

/** A channel that keeps what it was given, and fails where a test wants it to. For one thread. */
final class FakeChannel implements NotificationChannel {

    /** How it does. */
    enum Mode {
        UP,
        /** It does not answer. */
        AWAY,
        /** It takes nothing from us. */
        REFUSING,
        /** It is a program with a bug. */
        BROKEN
    }

    private final String name;
    private final List<Notification> taken = new ArrayList<>();
    private final Set<String> poison = new HashSet<>();
    private Mode mode = Mode.UP;
    private Runnable meanwhile = () -> {};
    private Runnable afterwards = () -> {};
    private int attempts;

    FakeChannel(String name) {
        this.name = name;
    }

    void is(Mode other) {
        mode = other;
    }

    boolean isUp() {
        return mode == Mode.UP;
    }

    /** It does not take what is about an incident. */
    void refuse(String incident) {
        poison.add(incident);
    }

    void refuseNothing() {
        poison.clear();
    }

    /** Something happens while it sends the next time. */
    void during(Runnable what) {
        meanwhile = what;
    }

    /** Something happens when it has taken the next one, before it says so. */
    void after(Runnable what) {
        afterwards = what;
    }

    int attempts() {
        return attempts;
    }

    List<Notification> taken() {
        return taken;
    }

    List<Kind> kinds() {
        return taken.stream().map(Notification::kind).toList();
    }

    List<Kind> kindsOf(String incident) {
        return taken.stream()
                .filter(each -> each.incident().equals(incident))
                .map(Notification::kind)
                .toList();
    }

    Notification last() {
        return taken.getLast();
    }

    @Override
    public String description() {
        return "a channel of a test";
    }

    @Override
    public String send(Notification notification) {
        attempts++;
        Runnable now = meanwhile;
        meanwhile = () -> {};
        now.run();
        switch (mode) {
            case AWAY -> throw ErrorCode.NOTIFICATION_UNDELIVERED.because("no answer");
            case REFUSING -> throw ErrorCode.NOTIFICATION_REFUSED.because("not from you");
            case BROKEN -> throw new IllegalStateException("a bug");
            case UP -> {
                if (poison.contains(notification.incident())) {
                    throw ErrorCode.NOTIFICATION_REFUSED.because("not this one");
                }
                taken.add(notification);
                Runnable then = afterwards;
                afterwards = () -> {};
                then.run();
            }
        }
        return name + "-" + taken.size();
    }

    @Override
    public void close() {
        mode = Mode.AWAY;
    }
}
