package io.sequin.testkit.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an audit log of the API server: one line of JSON for each request, written right after its
 * answer.
 *
 * @param file the log
 */
public record AuditLog(Path file) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Everything logged so far, oldest first; a watch counts when it has started and again when it ends. */
    public List<AuditEntry> entries() {
        try {
            String text = Files.readString(file);
            // the last line may be half written
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(AuditLog::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the audit log " + file, e);
        }
    }

    /** The requests made with the rights of this user, impersonated or not. */
    public List<AuditEntry> entriesOf(String user) {
        return entries().stream().filter(entry -> entry.actor().equals(user)).toList();
    }

    private static AuditEntry parse(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            JsonNode object = event.path("objectRef");
            return new AuditEntry(
                    event.path("user").path("username").asText(),
                    text(event.path("impersonatedUser").path("username")),
                    event.path("verb").asText(),
                    object.path("apiGroup").asText(""),
                    text(object.path("resource")),
                    text(object.path("subresource")),
                    text(object.path("namespace")),
                    text(object.path("name")),
                    event.path("responseStatus").path("code").asInt());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a line of an audit log: " + line, e);
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? null : node.asText();
    }
}
