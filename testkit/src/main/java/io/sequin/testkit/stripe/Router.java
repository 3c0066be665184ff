package io.sequin.testkit.stripe;

import java.util.function.BiFunction;

/** Finds what a path reads, checks the key's permission and answers. */
final class Router {
    private final BiFunction<String, Boolean, StripeData> dataOf;

    /** With the data set of an account id and a mode (live: true). */
    Router(BiFunction<String, Boolean, StripeData> dataOf) {
        this.dataOf = dataOf;
    }

    /** What a path reads. */
    sealed interface Route {
        StripePermission permission();
    }

    record ObjectList(StripeObjectType type) implements Route {
        @Override
        public StripePermission permission() {
            return type.permission();
        }
    }

    record ObjectById(StripeObjectType type, String id) implements Route {
        @Override
        public StripePermission permission() {
            return type.permission();
        }
    }

    record EventList() implements Route {
        @Override
        public StripePermission permission() {
            return StripePermission.EVENT_READ;
        }
    }

    record EventById(String id) implements Route {
        @Override
        public StripePermission permission() {
            return StripePermission.EVENT_READ;
        }
    }

    record Account() implements Route {
        @Override
        public StripePermission permission() {
            return StripePermission.ACCOUNT_READ;
        }
    }

    Route route(String method, String path) {
        if (!method.equals("GET")) {
            throw StripeError.unknownUrl(method, path).asAnswer();
        }
        if (path.equals("/v1/account")) {
            return new Account();
        }
        if (path.equals("/v1/events")) {
            return new EventList();
        }
        if (path.startsWith("/v1/events/")) {
            return new EventById(id(method, path, "/v1/events/"));
        }
        for (StripeObjectType type : StripeObjectType.values()) {
            if (path.equals(type.path())) {
                return new ObjectList(type);
            }
            if (path.startsWith(type.path() + "/")) {
                return new ObjectById(type, id(method, path, type.path() + "/"));
            }
        }
        throw StripeError.unknownUrl(method, path).asAnswer();
    }

    void checkPermission(ApiKey key, Route route) {
        if (!key.permissions().contains(route.permission())) {
            throw StripeError.forbidden(key.masked(), key.account(), route.permission())
                    .asAnswer();
        }
    }

    Body answer(ApiKey key, Route route, StripeQuery query) {
        Endpoints endpoints = new Endpoints(
                dataOf.apply(key.account(), key.livemode()), dataOf.apply(key.account(), !key.livemode()));
        return switch (route) {
            case ObjectList list -> endpoints.list(list.type(), query);
            case ObjectById one -> endpoints.retrieve(one.type(), one.id(), query);
            case EventList events -> endpoints.listEvents(query);
            case EventById one -> endpoints.retrieveEvent(one.id(), query);
            case Account account -> AccountBody.of(key.account());
        };
    }

    private static String id(String method, String path, String prefix) {
        String id = path.substring(prefix.length());
        if (id.isEmpty() || id.contains("/")) {
            throw StripeError.unknownUrl(method, path).asAnswer();
        }
        return id;
    }
}
