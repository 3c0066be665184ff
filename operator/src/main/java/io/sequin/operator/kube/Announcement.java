package io.sequin.operator.kube;

import java.util.Optional;

/**
 * What an Event is to tell.
 *
 * @param warning somebody should look
 * @param reason one CamelCase word
 * @param note what happened; never a secret
 * @param related the other object that it is about, of the resource's own namespace
 */
public record Announcement(boolean warning, String reason, String note, Optional<Related> related) {

    /** Another object. */
    public record Related(String apiVersion, String kind, String name) {}

    public static Announcement normal(String reason, String note) {
        return new Announcement(false, reason, note, Optional.empty());
    }

    public static Announcement warning(String reason, String note) {
        return new Announcement(true, reason, note, Optional.empty());
    }

    /** The same, about this object too. */
    public Announcement with(Related other) {
        return new Announcement(warning, reason, note, Optional.of(other));
    }
}
