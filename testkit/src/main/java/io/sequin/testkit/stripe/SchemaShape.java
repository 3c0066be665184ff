package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sequin.testkit.stripe.StripeObjectType.Variant;
import java.io.IOException;

/** Any object, made from its schema in the OpenAPI document. */
final class SchemaShape implements Shape {
    private final StripeObjectType type;
    private final StripeOpenApi api;

    SchemaShape(StripeObjectType type, StripeOpenApi api) {
        this.type = type;
        this.api = api;
    }

    @Override
    public void write(JsonGenerator out, Origin origin, Draw draw) throws IOException {
        Variant variant = type.variants().get(origin.index() % type.variants().size());
        new SchemaWriter(api, type, origin, draw, out).write(variant.schema());
    }
}
