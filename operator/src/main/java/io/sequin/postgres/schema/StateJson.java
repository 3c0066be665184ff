package io.sequin.postgres.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
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
        return read(json, JSON.constructType(type), type);
    }

    /** The same of a list of them. */
    static <T> List<T> readList(String json, Class<T> type) {
        return read(json, JSON.getTypeFactory().constructCollectionType(List.class, type), type);
    }

    private static <T> T read(String json, JavaType whole, Class<?> type) {
        try {
            return JSON.readValue(json, whole);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored " + type.getSimpleName() + " is not one that we wrote", e);
        }
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
