/** Servers and faults for tests and the demo. */
@NullMarked
package io.sequin.testkit;

import org.jspecify.annotations.NullMarked;
