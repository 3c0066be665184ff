package io.sequin.data;

/** The account at the source that a credential belongs to. */
public record AccountId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
