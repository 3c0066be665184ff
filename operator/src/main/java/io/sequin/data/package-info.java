/** Values shared by all: records, enums and sealed types only. */
@NullMarked
package io.sequin.data;

import org.jspecify.annotations.NullMarked;
