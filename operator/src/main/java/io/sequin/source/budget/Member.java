package io.sequin.source.budget;

import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;

/**
 * A Sync that uses an account.
 *
 * @param ceiling below the account's budget
 */
record Member(ResourceKey sync, RateCeiling ceiling) {}
