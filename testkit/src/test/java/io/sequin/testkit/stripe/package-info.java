/** The fake Stripe, as Stripe's own Java client and its OpenAPI document see it. */
@NullMarked
package io.sequin.testkit.stripe;

import org.jspecify.annotations.NullMarked;
