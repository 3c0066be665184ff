package io.sequin.testkit.stripe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A list as Stripe answers and embeds it. */
final class PageBody {
    private PageBody() {}

    static Body of(String url, List<Body> bodies, boolean hasMore) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(
                64 + bodies.stream().mapToInt(b -> b.length() + 1).sum());
        out.writeBytes("{\"object\":\"list\",\"data\":[".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < bodies.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeBytes(bodies.get(i).utf8());
        }
        out.writeBytes(("],\"has_more\":" + hasMore + ",\"url\":\"" + url + "\"}").getBytes(StandardCharsets.UTF_8));
        return new Body(out.toByteArray());
    }
}
