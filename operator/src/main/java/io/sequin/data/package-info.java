/** Values shared by all: records, enums and sealed types only; and {@link SmallMap}, of which many have one. */
@NullMarked
package io.sequin.data;

import org.jspecify.annotations.NullMarked;
