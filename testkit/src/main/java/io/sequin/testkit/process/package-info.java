/** Child processes that never outlive the JVM that started them. */
@NullMarked
package io.sequin.testkit.process;

import org.jspecify.annotations.NullMarked;
