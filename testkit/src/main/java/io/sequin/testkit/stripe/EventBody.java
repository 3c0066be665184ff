package io.sequin.testkit.stripe;

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
            out.writeFieldName("object");
            JsonBytes.raw(out, object);
            if (previous != null) {
                out.writeFieldName("previous_attributes");
                JsonBytes.raw(out, previous);
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
}
