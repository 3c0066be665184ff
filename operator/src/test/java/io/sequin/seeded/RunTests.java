package io.sequin.seeded;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs one test class, or one method {@code class#method}, in a JVM of its own; tells by its exit code how it came out. */
public final class RunTests {
    /** All passed. */
    static final int PASSED = 0;
    /** At least one failed. */
    static final int FAILED = 10;
    /** It could not be run. */
    static final int NONE = 11;

    private RunTests() {}

    /** @param arguments the test */
    public static void main(String[] arguments) {
        String test = arguments[0];
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(test.contains("#") ? selectMethod(test) : selectClass(test))
                                .build(),
                        listener);
        listener.getSummary()
                .getFailures()
                .forEach(failure -> System.out.println(
                        "FAILED " + failure.getTestIdentifier().getDisplayName() + ": " + failure.getException()));
        boolean ran = listener.getSummary().getTestsFoundCount() > 0
                && listener.getSummary().getContainersFailedCount() == 0;
        if (!ran) {
            System.exit(NONE);
        }
        System.exit(listener.getSummary().getTestsFailedCount() == 0 ? PASSED : FAILED);
    }
}
