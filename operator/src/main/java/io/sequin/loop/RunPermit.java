package io.sequin.loop;

/** Whether loops may run here: true on the leader. Asked before each turn and before each commit. */
@FunctionalInterface
public interface RunPermit {
    boolean granted();
}
