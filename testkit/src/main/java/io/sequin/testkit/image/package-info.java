/** The files of the operator's image: its Java runtime, its jars, and the AOT cache that a run of it records. */
@NullMarked
package io.sequin.testkit.image;

import org.jspecify.annotations.NullMarked;
