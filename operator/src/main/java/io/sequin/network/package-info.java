/** Dialing: how a TCP connection to a host of the user is made. */
@NullMarked
package io.sequin.network;

import org.jspecify.annotations.NullMarked;
