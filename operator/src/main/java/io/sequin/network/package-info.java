/** Dialing: how a TCP connection to a host of the user is made, and how long it may be silent. */
@NullMarked
package io.sequin.network;

import org.jspecify.annotations.NullMarked;
