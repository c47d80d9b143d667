package org.medbackup.recovery.simulate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Runs activities on shared resources as fluids: at each moment everything that can go on does, at speeds that share what is
 * scarce in the way of max-min fairness (Bertsekas and Gallager, Data Networks, 6.5.2): all are raised together, as parts of
 * their own full speed, until a resource is used up; those that need it stay there, and the others are raised on. From one end
 * of an activity to the next nothing changes, so that the time to it is computed and not stepped through. For one run; of one
 * thread.
 */
public final class FluidSimulation {

    private static final double NOTHING = 1e-12;

    private final Map<String, Activity> activities = new LinkedHashMap<>();
    private final Map<Resource, Double> capacities;
    private final int places;
    private final List<String> priority;
    private final Map<String, Double> left = new HashMap<>();
    private final Map<String, Double> begun = new HashMap<>();
    private final Map<String, String> because = new HashMap<>();
    private final LinkedHashMap<String, Course.Span> ended = new LinkedHashMap<>();
    private final Map<Resource, Double> saturated = new EnumMap<>(Resource.class);
    private final Set<String> open = new LinkedHashSet<>();
    private String lastOfPlace = "";
    private double now;

    /**
     * One that has not run.
     *
     * @param activities with names of their own, without a cycle
     * @param capacities a second; a resource that is not named has no limit
     * @param places how many applications go on at the same time
     * @param priority applications, the first of which gets the next place
     */
    public FluidSimulation(
            List<Activity> activities, Map<Resource, Double> capacities, int places, List<String> priority) {
        if (places < 1 || capacities.values().stream().anyMatch(each -> !(each > 0))) {
            throw new IllegalArgumentException("there is at least one place, and capacities are above zero");
        }
        activities.forEach(each -> {
            if (this.activities.put(each.name(), each) != null) {
                throw new IllegalArgumentException("two activities have the name " + each.name());
            }
        });
        for (Activity each : activities) {
            if (!this.activities.keySet().containsAll(each.after())) {
                throw new IllegalArgumentException(each.name() + " waits for what there is not");
            }
        }
        this.capacities = new EnumMap<>(Resource.class);
        this.capacities.putAll(capacities);
        this.places = places;
        this.priority = List.copyOf(priority);
    }

    /**
     * Runs to the end.
     *
     * @throws IllegalStateException where activities wait for each other
     */
    public Course run() {
        while (ended.size() < activities.size()) {
            begin();
            if (begun.isEmpty()) {
                throw new IllegalStateException("activities wait for each other");
            }
            step();
        }
        return new Course(ended, saturated);
    }

    // What begins

    private void begin() {
        for (String application : candidates()) {
            boolean hasPlace = open.contains(application);
            for (Activity each : activities.values()) {
                boolean can = each.application().equals(application)
                        && !begun.containsKey(each.name())
                        && !ended.containsKey(each.name())
                        && ended.keySet().containsAll(each.after());
                if (can && (hasPlace || open.size() < places)) {
                    begin(each, hasPlace);
                    hasPlace = true;
                }
            }
        }
    }

    /** Those that have a place, and then the others in their order. */
    private List<String> candidates() {
        Set<String> all = new LinkedHashSet<>(open);
        all.addAll(priority);
        activities.values().forEach(each -> all.add(each.application()));
        return List.copyOf(all);
    }

    private void begin(Activity activity, boolean hadPlace) {
        open.add(activity.application());
        begun.put(activity.name(), now);
        left.put(activity.name(), activity.seconds());
        because.put(activity.name(), now == 0 ? "" : cause(activity, hadPlace));
    }

    /** The last of those that it waited for; where it waited for a place, the one that freed it. */
    private String cause(Activity activity, boolean hadPlace) {
        String last = "";
        for (String each : ended.keySet()) {
            if (activity.after().contains(each)) {
                last = each;
            }
        }
        boolean waitedForPlace = !hadPlace
                && (last.isEmpty() || Objects.requireNonNull(ended.get(last)).end() < now - NOTHING);
        return waitedForPlace ? lastOfPlace : last;
    }

    // How fast it goes on

    private void step() {
        Map<String, Double> speeds = speeds();
        double next = Double.POSITIVE_INFINITY;
        for (String each : begun.keySet()) {
            double speed = Objects.requireNonNull(speeds.get(each));
            double rest = Objects.requireNonNull(left.get(each));
            next = Math.min(next, rest <= NOTHING ? 0 : rest / speed);
        }
        used(speeds, next);
        now += next;
        List<String> over = new ArrayList<>();
        for (String each : new ArrayList<>(begun.keySet())) {
            double rest = Objects.requireNonNull(left.get(each)) - next * Objects.requireNonNull(speeds.get(each));
            left.put(each, rest);
            if (rest <= NOTHING * Math.max(1, activity(each).seconds())) {
                over.add(each);
            }
        }
        activities.keySet().stream().filter(over::contains).forEach(this::end);
    }

    private Activity activity(String name) {
        return Objects.requireNonNull(activities.get(name));
    }

    private void end(String name) {
        double began = Objects.requireNonNull(begun.remove(name));
        ended.put(name, new Course.Span(began, now, Objects.requireNonNull(because.get(name))));
        String application = activity(name).application();
        boolean done = activities.values().stream()
                .filter(each -> each.application().equals(application))
                .allMatch(each -> ended.containsKey(each.name()));
        if (done) {
            open.remove(application);
            lastOfPlace = name;
        }
    }

    private void used(Map<String, Double> speeds, double seconds) {
        for (Map.Entry<Resource, Double> each : capacities.entrySet()) {
            double use = begun.keySet().stream()
                    .mapToDouble(name -> use(name, each.getKey()) * Objects.requireNonNull(speeds.get(name)))
                    .sum();
            if (use >= each.getValue() * (1 - 1e-9)) {
                saturated.merge(each.getKey(), seconds, Double::sum);
            }
        }
    }

    private double use(String name, Resource resource) {
        return activity(name).use().getOrDefault(resource, 0.0);
    }

    /** The speed of each that goes on, as a part of its own full one. */
    private Map<String, Double> speeds() {
        Map<String, Double> speeds = new HashMap<>();
        Set<String> rising = new HashSet<>(begun.keySet());
        Map<Resource, Double> free = new EnumMap<>(capacities);
        Set<Resource> scarce = EnumSet.noneOf(Resource.class);
        scarce.addAll(capacities.keySet());
        double level = 0;
        while (!rising.isEmpty()) {
            double rise = 1 - level;
            Resource full = null;
            for (Resource each : scarce) {
                double use =
                        rising.stream().mapToDouble(name -> use(name, each)).sum();
                double most = use <= 0 ? Double.POSITIVE_INFINITY : Objects.requireNonNull(free.get(each)) / use;
                if (most < rise) {
                    rise = most;
                    full = each;
                }
            }
            level += rise;
            for (Resource each : scarce) {
                double use =
                        rising.stream().mapToDouble(name -> use(name, each)).sum();
                free.merge(each, -use * rise, Double::sum);
            }
            Resource stopped = full;
            double reached = level;
            Set<String> stay = new HashSet<>();
            for (String each : rising) {
                if (stopped == null || use(each, stopped) > 0) {
                    stay.add(each);
                    speeds.put(each, reached);
                }
            }
            rising.removeAll(stay);
            if (stopped != null) {
                scarce.remove(stopped);
            }
        }
        return speeds;
    }
}
