/** Credentials: the port they come through and the type that never prints them. */
@NullMarked
package io.sequin.credentials;

import org.jspecify.annotations.NullMarked;
