package io.sequin.source.stripe;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.http.Query;

/** Fetches one object as it is now. Only Stripe's own word that this very object is gone makes a Delete. */
final class ObjectFetch {
    private ObjectFetch() {}

    static Change fetch(StripeApi api, StripeTable table, Change.Hint hint) {
        String id = hint.key().parts().getFirst();
        Reply reply = api.get(table.path() + "/" + Query.pathSegment(id), Query.NONE, StripeApi.MAX_OBJECT_BYTES);
        if (reply.ok()) {
            StripeObject object = reply.read(StripeObject::parse);
            if (!object.is(table) || !object.id().equals(id)) {
                throw reply.unexpected("it is another object");
            }
            return object.deleted()
                    ? new Change.Delete(table.object(), hint.key())
                    : new Change.Upsert(table.object(), hint.key(), object.json());
        }
        if (reply.answer().status() == 404) {
            return missing(reply, table, hint);
        }
        throw StripeFailure.of(reply, table.permission(), table);
    }

    private static Change missing(Reply reply, StripeTable table, Change.Hint hint) {
        StripeError error = reply.error();
        // "a similar object exists in live mode, but a test mode key was used": the key changed, not the object
        if (error.message().contains("similar object exists")) {
            throw new SourceException(Problem.of(
                    SourceProblem.ACCOUNT_CHANGED,
                    "the API key is of the other mode (test or live) than the data; put a key of the same mode back"));
        }
        if (error.missing("id", table.object())) {
            return new Change.Delete(table.object(), hint.key());
        }
        throw StripeFailure.of(reply, table.permission(), table);
    }
}
