/** The Stripe connector. */
@NullMarked
package io.sequin.source.stripe;

import org.jspecify.annotations.NullMarked;
