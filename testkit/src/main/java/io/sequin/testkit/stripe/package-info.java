/**
 * A stateful fake of Stripe's API over real HTTP: customers, products, charges and their events, with paging, keys, mutations and
 * faults on demand.
 *
 * <p>What it knows comes from Stripe's published OpenAPI document and API reference. Where those are silent the choice is named in
 * the class that makes it.
 */
@NullMarked
package io.sequin.testkit.stripe;

import org.jspecify.annotations.NullMarked;
