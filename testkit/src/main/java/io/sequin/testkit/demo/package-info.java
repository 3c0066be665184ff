/** The demo: servers, the packaged operator, the samples, and a view of what happens. */
@NullMarked
package io.sequin.testkit.demo;

import org.jspecify.annotations.NullMarked;
