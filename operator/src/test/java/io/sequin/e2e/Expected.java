package io.sequin.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/**
 * What one table must hold.
 *
 * @param rows by id
 * @param open rows of which nobody can say which version is there, if any
 * @param setAside of which record the table keeps no version, or an earlier one only
 */
record Expected(Map<String, JsonNode> rows, Set<String> open, Set<String> setAside) {}
