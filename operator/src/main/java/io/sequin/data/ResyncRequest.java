package io.sequin.data;

import java.util.Set;

/**
 * That tables are to be synced again from the start, in place.
 *
 * @param token names the request: another one is another request
 * @param tables empty: all that are filled
 */
public record ResyncRequest(String token, Set<String> tables) {
    public ResyncRequest {
        tables = Set.copyOf(tables);
    }
}
