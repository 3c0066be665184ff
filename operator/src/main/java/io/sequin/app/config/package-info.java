/** One configuration record per feature, read from flags and environment; unknown or invalid values fail at start. */
@NullMarked
package io.sequin.app.config;

import org.jspecify.annotations.NullMarked;
