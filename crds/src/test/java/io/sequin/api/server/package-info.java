/** The CRDs, samples and rights on a real API server. */
@NullMarked
package io.sequin.api.server;

import org.jspecify.annotations.NullMarked;
