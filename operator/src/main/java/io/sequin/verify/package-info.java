/** Verification of a Destination: a prober that does the I/O, pure checks that turn what it saw into problems and cures. */
@NullMarked
package io.sequin.verify;

import org.jspecify.annotations.NullMarked;
