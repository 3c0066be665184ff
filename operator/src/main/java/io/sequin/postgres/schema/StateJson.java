package io.sequin.postgres.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/** Records of plain values as our state tables hold them: what a later version has added to one is passed over. */
public final class StateJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private StateJson() {}

    /** @throws IllegalStateException for what we did not write */
    public static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw unreadable(type, e);
        }
    }

    /** The same of a list of them. */
    static <T> List<T> readList(String json, Class<T> type) {
        try {
            return JSON.readerForListOf(type).readValue(json);
        } catch (JsonProcessingException e) {
            throw unreadable(type, e);
        }
    }

    private static IllegalStateException unreadable(Class<?> type, JsonProcessingException e) {
        return new IllegalStateException("a stored " + type.getSimpleName() + " is not one that we wrote", e);
    }

    /** As it is stored. */
    public static String write(Object record) {
        try {
            return JSON.writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values must be writable as JSON", e);
        }
    }
}
