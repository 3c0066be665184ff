package io.sequin;

import io.sequin.testkit.proxy.CutPoint;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Versions and points of the tests that cut connections: each point on two versions, each version at several points. */
public final class CrashPoints {
    private static final List<CutPoint> ALL = List.of(CutPoint.values());

    private CrashPoints() {}

    /** Arguments: a version, a point. */
    public static Stream<Arguments> of(Collection<CutPoint> points) {
        return points.stream()
                .flatMap(at -> Thoroughness.majors(ALL.indexOf(at)).mapToObj(major -> Arguments.of(major, at)));
    }
}
