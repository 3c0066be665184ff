package io.sequin.credentials;

import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;

/** What can be wrong with a credential before it is used. */
public enum CredentialProblem implements ProblemCode {
    SECRET_NOT_FOUND("SecretNotFound", Remedy.WAITING),
    SECRET_KEY_MISSING("SecretKeyMissing", Remedy.WAITING),
    SECRET_UNREADABLE("SecretUnreadable", Remedy.TRANSIENT);

    private final String reason;
    private final Remedy remedy;

    CredentialProblem(String reason, Remedy remedy) {
        this.reason = reason;
        this.remedy = remedy;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public Remedy remedy() {
        return remedy;
    }
}
