package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A Stripe account, read through its API. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.account) || self.account.matches(r'" + StripeSource.ACCOUNT + "')",
        message = "account must be the id of a Stripe account, such as acct_1A2b3C",
        fieldPath = ".account")
@ValidationRule(
        value = "!has(self.startDate) || self.startDate.matches(r'" + StripeSource.DATE + "')",
        message = "startDate must be a day that exists, from 2000-01-01 to 2099-12-31, written as 2020-01-31",
        fieldPath = ".startDate")
public record StripeSource(
        @JsonPropertyDescription(
                "The Secret and the key that hold the API key; a restricted key with read rights is enough.")
        @Required
        SecretKeyRef apiKeySecretRef,

        @JsonPropertyDescription(
                "The account to read, such as acct_1A2b3C: a connected account of the key's own, or the key's own."
                        + " Absent means the key's own account.")
        @Size(min = 6, max = 64)
        @Nullable
        String account,

        @JsonPropertyDescription(
                "The first day to read, in UTC, written as 2020-01-31: objects created before it are left out. A later"
                        + " day deletes nothing; with an earlier one, or none, the tables are listed again from there,"
                        + " in place. Absent means everything.")
        @Size(min = 10, max = 10)
        @Nullable
        String startDate) {

    /** The id of an account. */
    static final String ACCOUNT = "^acct_[A-Za-z0-9]+$";
    /** A day of this century that exists; in it every fourth year is a leap year. */
    static final String DATE =
            "^20([0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
                    + "|02-(0[1-9]|1[0-9]|2[0-8]))|([02468][048]|[13579][26])-02-29)$";
}
