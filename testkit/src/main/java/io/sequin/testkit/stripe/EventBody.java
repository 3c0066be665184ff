package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An event as JSON, with the object as it was then. */
final class EventBody {
    private EventBody() {}

    static Body of(StoredObjects objects, EventLog events, int index, boolean livemode) {
        EventLog.Entry event = events.get(index);
        Body snapshot = event.snapshot();
        Body object = snapshot != null ? snapshot : objects.generated(event.objectType(), event.index());
        Body previous = event.previous();
        return JsonBytes.write(out -> {
            out.writeStartObject();
            out.writeStringField("id", events.id(index));
            out.writeStringField("object", "event");
            out.writeStringField("api_version", FakeStripe.API_VERSION);
            out.writeNumberField("created", event.created());
            out.writeObjectFieldStart("data");
            raw(out, "object", object);
            if (previous != null) {
                raw(out, "previous_attributes", previous);
            }
            out.writeEndObject();
            out.writeBooleanField("livemode", livemode);
            out.writeNumberField("pending_webhooks", 0);
            out.writeObjectFieldStart("request");
            out.writeStringField("id", events.id(index).replace("evt_", "req_"));
            out.writeNullField("idempotency_key");
            out.writeEndObject();
            out.writeStringField("type", event.type().wireName());
            out.writeEndObject();
        });
    }

    private static void raw(JsonGenerator out, String name, Body json) throws IOException {
        out.writeFieldName(name);
        out.writeRawValue(new String(json.utf8(), StandardCharsets.UTF_8));
    }
}
