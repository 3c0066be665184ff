package io.sequin.credentials;

import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;

/** What can be wrong with a credential before it is used. */
public enum CredentialProblem implements ProblemCode {
    /** The Secret that the manifest names does not exist in this namespace: create it. */
    SECRET_NOT_FOUND("SecretNotFound", Remedy.WAITING),
    /** The Secret lacks the key that is needed, or it is empty: add it; the message names it. */
    SECRET_KEY_MISSING("SecretKeyMissing", Remedy.WAITING),
    /** The Secret could not be read: the API server did not answer, or the operator lacks the right to read Secrets here. */
    SECRET_UNREADABLE("SecretUnreadable", Remedy.TRANSIENT),
    /** The ConfigMap that the manifest names does not exist in this namespace: create it. */
    CONFIG_MAP_NOT_FOUND("ConfigMapNotFound", Remedy.WAITING),
    /** The ConfigMap lacks the key that is needed, or it is empty: add it; the message names it. */
    CONFIG_MAP_KEY_MISSING("ConfigMapKeyMissing", Remedy.WAITING),
    /** The ConfigMap could not be read: the API server did not answer, or the operator lacks the right to read ConfigMaps here. */
    CONFIG_MAP_UNREADABLE("ConfigMapUnreadable", Remedy.TRANSIENT);

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
