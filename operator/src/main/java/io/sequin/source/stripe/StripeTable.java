package io.sequin.source.stripe;

import io.sequin.data.TableShape;
import io.sequin.source.stripe.TableSpec.Parent;
import java.util.Optional;

/**
 * A table: what we say about it, and the columns that Stripe documents for version {@link StripeApi#VERSION}.
 *
 * @param created whether its list can be cut by when an object was made
 * @param addsParent whether the parent's id must be added to each row, since Stripe does not send it
 */
record StripeTable(TableSpec spec, TableShape shape, boolean created, boolean addsParent) {
    /** Of the table, not always what Stripe calls the object. */
    String name() {
        return spec.name();
    }

    /** What Stripe calls the object. */
    String object() {
        return spec.object();
    }

    ListPlace place() {
        return spec.place();
    }

    String permission() {
        return spec.permission();
    }

    /** The table of the object its rows belong to or are listed by. */
    Optional<String> parentTable() {
        return spec.parent().map(Parent::table);
    }

    /** Whether its rows come as sets of a parent. */
    boolean isChild() {
        return spec.parent().filter(Parent::owns).isPresent();
    }

    /** Whether its parent brings the rows along. */
    boolean isEmbedded() {
        return spec.parent().filter(p -> p.embedded() != null).isPresent();
    }

    /** Whether Stripe says that its list leaves out objects that are there. */
    boolean isPartial() {
        return !spec.unlisted().isEmpty();
    }

    @Override
    public String toString() {
        return name();
    }
}
