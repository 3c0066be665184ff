package io.sequin.testkit.stripe;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of objects that the fake stores. */
public enum StripeObjectType {
    /** A customer; a deleted one stays retrievable as {@code {id, object, deleted: true}}. */
    CUSTOMER("customer", "cus_", 14, StripePermission.CUSTOMER_READ),
    /** A product; its id may be chosen by the client, so a deleted one may be created again. */
    PRODUCT("product", "prod_", 14, StripePermission.PRODUCT_READ),
    /** A charge; never deleted. */
    CHARGE("charge", "ch_", 24, StripePermission.CHARGE_READ);

    private final String wireName;
    private final String idPrefix;
    private final int idLength;
    private final StripePermission permission;

    StripeObjectType(String wireName, String idPrefix, int idLength, StripePermission permission) {
        this.wireName = wireName;
        this.idPrefix = idPrefix;
        this.idLength = idLength;
        this.permission = permission;
    }

    /** The value of the field {@code object}, for example {@code customer}. */
    public String wireName() {
        return wireName;
    }

    /** The path of the list, for example {@code /v1/customers}. */
    public String path() {
        return "/v1/" + wireName + "s";
    }

    /** What a restricted key needs to read this type. */
    public StripePermission permission() {
        return permission;
    }

    String idPrefix() {
        return idPrefix;
    }

    int idLength() {
        return idLength;
    }

    /** The type whose ids start as this one does; empty where none does. Ids chosen by the client are not recognised. */
    static Optional<StripeObjectType> ofId(String id) {
        return Arrays.stream(values()).filter(t -> id.startsWith(t.idPrefix)).findFirst();
    }
}
