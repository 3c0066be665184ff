/**
 * A stateful fake of Stripe's API over real HTTP: every list of the published OpenAPI document, children by their parents, and the
 * events about them, with paging, keys, connected accounts, mutations and faults on demand.
 *
 * <p>What it knows comes from Stripe's published OpenAPI document and API reference. Where those are silent the choice is named in
 * the class that makes it.
 */
@NullMarked
package io.sequin.testkit.stripe;

import org.jspecify.annotations.NullMarked;
