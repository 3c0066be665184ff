/** A TCP proxy whose faults can be switched on and off. */
@NullMarked
package io.sequin.testkit.proxy;

import org.jspecify.annotations.NullMarked;
