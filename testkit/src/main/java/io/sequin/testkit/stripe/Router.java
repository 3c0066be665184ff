package io.sequin.testkit.stripe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Finds what a path reads, checks the key's permission and answers. */
final class Router {
    private final BiFunction<String, Boolean, StripeData> dataOf;
    private final List<Pattern> patterns = new ArrayList<>();

    /** With the data set of an account id and a mode (live: true). */
    Router(BiFunction<String, Boolean, StripeData> dataOf) {
        this.dataOf = dataOf;
        patterns.add(new Pattern(
                "/v1/account",
                "/v1/account",
                StripePermission.ACCOUNT_READ,
                Optional.empty(),
                (d, ids, query) -> AccountBody.of(d.account())));
        patterns.add(new Pattern(
                "/v1/events",
                "/v1/events",
                StripePermission.EVENT_READ,
                Optional.empty(),
                (d, ids, query) -> d.events().list(query)));
        patterns.add(new Pattern(
                "/v1/events/{id}",
                "/v1/events",
                StripePermission.EVENT_READ,
                Optional.empty(),
                (d, ids, query) -> d.events().retrieve(ids.getFirst(), query)));
        StripeObjectType.all().forEach(this::add);
        for (StripeCatalog.View view : StripeObjectType.catalog().views()) {
            patterns.add(new Pattern(
                    view.path(),
                    view.path(),
                    view.shown().permission(),
                    view.shown().product(),
                    (d, ids, query) -> d.objects().view(view, ids.getFirst(), query)));
        }
    }

    /** The answers of one account in one mode. */
    private record Answers(String account, Endpoints objects, EventEndpoints events) {}

    /** Answers a request, given the ids in its path. */
    private interface Answer {
        Body to(Answers answers, List<String> ids, StripeQuery query);
    }

    /**
     * One path of the API.
     *
     * @param endpoint what Stripe counts together for its rate limits
     * @param product what the account must be set up for
     */
    private record Pattern(
            List<String> segments,
            String endpoint,
            StripePermission permission,
            Optional<String> product,
            Answer answer) {
        Pattern(String path, String endpoint, StripePermission permission, Optional<String> product, Answer answer) {
            this(List.of(path.split("/", -1)), endpoint, permission, product, answer);
        }

        Optional<List<String>> idsIn(List<String> path) {
            if (path.size() != segments.size()) {
                return Optional.empty();
            }
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < path.size(); i++) {
                if (segments.get(i).startsWith("{") && !path.get(i).isEmpty()) {
                    ids.add(path.get(i));
                } else if (!segments.get(i).equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(ids);
        }
    }

    /** What a path reads. */
    static final class Route {
        private final Pattern pattern;
        private final List<String> ids;

        private Route(Pattern pattern, List<String> ids) {
            this.pattern = pattern;
            this.ids = ids;
        }

        StripePermission permission() {
            return pattern.permission();
        }

        /** The path of the list, which Stripe's rate limits count together. */
        String endpoint() {
            return pattern.endpoint();
        }
    }

    private void add(StripeObjectType type) {
        boolean parentInPath =
                type.parent().map(StripeObjectType.Parent::inPath).orElse(false);
        Answer list = type.parent().isEmpty()
                ? (d, ids, query) -> d.objects().list(type, query)
                : (d, ids, query) -> d.objects().children(type, ids.stream().findFirst(), query);
        patterns.add(new Pattern(type.path(), type.path(), type.permission(), type.product(), list));
        if (type.retrievable()) {
            Answer one = (d, ids, query) -> d.objects()
                    .retrieve(
                            type, parentInPath ? Optional.of(ids.getFirst()) : Optional.empty(), ids.getLast(), query);
            patterns.add(new Pattern(type.path() + "/{id}", type.path(), type.permission(), type.product(), one));
        }
    }

    Route route(String method, String path) {
        List<String> segments = List.of(path.split("/", -1));
        if (method.equals("GET")) {
            for (Pattern pattern : patterns) {
                Optional<List<String>> ids = pattern.idsIn(segments);
                if (ids.isPresent()) {
                    return new Route(pattern, ids.get());
                }
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

    Body answer(ApiKey key, String account, Route route, StripeQuery query) {
        StripeData mine = dataOf.apply(account, key.livemode());
        route.pattern.product().filter(p -> !mine.products().has(p)).ifPresent(p -> {
            throw StripeError.notSetUp(p).asAnswer();
        });
        Endpoints objects = new Endpoints(mine, dataOf.apply(account, !key.livemode()));
        return route.pattern.answer().to(new Answers(account, objects, new EventEndpoints(mine)), route.ids, query);
    }
}
