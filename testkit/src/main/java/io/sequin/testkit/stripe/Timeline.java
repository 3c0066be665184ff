package io.sequin.testkit.stripe;

/** Entries in order of time, oldest first; entries of the same second in order of arrival. */
interface Timeline {
    int size();

    /** Seconds since the epoch; never less than the entry before. */
    long createdAt(int index);

    /** The number of entries created before {@code second}. */
    default int countBefore(long second) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (createdAt(middle) < second) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
