/** What all Syncs of a process share: connectors, limits, memory. */
@NullMarked
package io.sequin.engine.parts;

import org.jspecify.annotations.NullMarked;
