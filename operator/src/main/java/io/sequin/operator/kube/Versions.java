package io.sequin.operator.kube;

import org.jspecify.annotations.Nullable;

/** Order of resource versions. Pure. */
final class Versions {
    private Versions() {}

    /**
     * Whether a version is later than another of the same resource. Kubernetes 1.35 made it part of its API that they are
     * decimal numbers that can be compared so (KEP-5504); a server whose versions are none gets no for an answer.
     */
    static boolean isLater(@Nullable String version, String than) {
        return version != null && isNumber(version) && isNumber(than) && compare(version, than) > 0;
    }

    private static boolean isNumber(String version) {
        return !version.isEmpty() && version.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Any number of digits, none of which leads with a zero. */
    private static int compare(String left, String right) {
        return left.length() == right.length() ? left.compareTo(right) : Integer.compare(left.length(), right.length());
    }
}
