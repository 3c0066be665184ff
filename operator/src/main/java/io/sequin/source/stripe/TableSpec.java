package io.sequin.source.stripe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a table is, but for its columns, which {@link Layouts} has.
 *
 * @param object what Stripe calls the object in its field {@code object}
 * @param name the table's: the object's in snake_case, singular, unless that would say too little
 * @param place where the rows are listed
 * @param permission what to allow a restricted key, as Stripe's dashboard words it
 * @param events prefixes of the types of events that carry such an object as {@code data.object}: {@code charge.dispute}
 *     is all of {@code charge.dispute.created}, {@code charge.dispute.closed} …, but not {@code charge.refunded}
 * @param exceptions event types of those prefixes that are about no row
 * @param related the events of other objects that change this one without an event of its own
 * @param staysWhenDeleted an event {@code *.deleted} means something else: the object is still there
 * @param rhythm what is read beside the events, since those don't tell all
 * @param parent whose rows these are, where Stripe lists them by that object only
 * @param unlisted what Stripe says that its list leaves out, whatever it is asked for; empty: nothing
 */
record TableSpec(
        String object,
        String name,
        ListPlace place,
        String permission,
        List<String> events,
        Set<String> exceptions,
        List<Related> related,
        boolean staysWhenDeleted,
        Rhythm rhythm,
        Optional<Parent> parent,
        String unlisted) {

    /** What several lists leave out unless they are asked for one clock. */
    static final String OF_TEST_CLOCKS = "those of test clocks";

    /** Events of this prefix name the row in this field of {@code data.object}. */
    record Related(String events, String field) {}

    /** How a table is followed where its events are not enough. */
    sealed interface Rhythm {
        /** Events tell all that Stripe tells. */
        record Events() implements Rhythm {}

        /**
         * New rows are looked for at the top of the list, and rows whose {@code status} is one of these are read again
         * until they leave it.
         *
         * @param open empty: a row never changes
         */
        record NewRows(Set<String> open) implements Rhythm {}

        /** Rows whose {@code status} is one of these are read again, no more often than this, until they leave it. */
        record OpenRows(Set<String> open, Duration every) implements Rhythm {}

        /** The whole list is read again, no more often than this. */
        record WholeList(Duration every) implements Rhythm {}
    }

    /**
     * The object whose rows these are.
     *
     * @param table its table
     * @param field the field of a row that holds the parent's id; where Stripe sends none it is added
     * @param embedded the parent's field with the list or its beginning; null: it must be asked for
     * @param owns whether the rows exist only in their parent; else they have events and a path of their own
     */
    record Parent(String table, String field, @Nullable String embedded, boolean owns) {}

    static Builder table(String object, String path, String permission) {
        return new Builder(object, path, permission);
    }

    /** Says what is special about a table. */
    static final class Builder {
        private final String object;
        private final String path;
        private final String permission;
        private final List<String> events = new ArrayList<>();
        private final Set<String> exceptions = new HashSet<>();
        private final List<Related> related = new ArrayList<>();
        private String name;
        private String parameter = "";
        private String rest = "";
        private boolean staysWhenDeleted;
        private Rhythm rhythm = new Rhythm.Events();
        private @Nullable Parent parent;
        private String unlisted = "";

        private Builder(String object, String path, String permission) {
            this.object = object;
            this.path = path;
            this.permission = permission;
            this.name = object.replace('.', '_');
        }

        Builder named(String other) {
            name = other;
            return this;
        }

        /** A parameter of the list beside the usual ones, such as {@code status=all}. */
        Builder with(String nameAndValue) {
            parameter = nameAndValue;
            return this;
        }

        /** A parameter that lists what the list leaves out without it, such as {@code active=false}. */
        Builder thenWith(String nameAndValue) {
            rest = nameAndValue;
            return this;
        }

        Builder events(String... prefixes) {
            events.addAll(List.of(prefixes));
            return this;
        }

        Builder except(String type) {
            exceptions.add(type);
            return this;
        }

        Builder related(String eventPrefix, String field) {
            related.add(new Related(eventPrefix, field));
            return this;
        }

        Builder staysWhenDeleted() {
            staysWhenDeleted = true;
            return this;
        }

        Builder newRows() {
            rhythm = new Rhythm.NewRows(Set.of());
            return this;
        }

        Builder newRowsUntilFinal(String... open) {
            rhythm = new Rhythm.NewRows(Set.of(open));
            return this;
        }

        Builder againUntilFinal(Duration every, String... open) {
            rhythm = new Rhythm.OpenRows(Set.of(open), every);
            return this;
        }

        Builder wholeList(Duration every) {
            rhythm = new Rhythm.WholeList(every);
            return this;
        }

        /** The parent's {@code embedded} field holds these rows, or the first of them. */
        Builder within(String table, String field, String embedded) {
            parent = new Parent(table, field, embedded, true);
            return this;
        }

        /** These rows belong to a parent and must be asked for by its id. */
        Builder under(String table, String field) {
            parent = new Parent(table, field, null, true);
            return this;
        }

        /** These rows stand for themselves, yet are listed only by the id of another object. */
        Builder listedBy(String table, String field) {
            parent = new Parent(table, field, null, false);
            return this;
        }

        /** Stripe's list leaves these out. */
        Builder withoutInList(String what) {
            unlisted = what;
            return this;
        }

        TableSpec build() {
            return new TableSpec(
                    object,
                    name,
                    new ListPlace(path, parameter, rest),
                    permission,
                    List.copyOf(events),
                    Set.copyOf(exceptions),
                    List.copyOf(related),
                    staysWhenDeleted,
                    rhythm,
                    Optional.ofNullable(parent),
                    unlisted);
        }
    }
}
