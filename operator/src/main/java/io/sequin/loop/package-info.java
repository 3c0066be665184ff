/** Managed loops: one supervisor per key, permits, backoff. Knows nothing of Kubernetes. */
@NullMarked
package io.sequin.loop;

import org.jspecify.annotations.NullMarked;
