package io.sequin.credentials;

import io.sequin.data.CredentialRef;

/** The port through which credentials come: the Kubernetes API in the operator, files in a worker. */
public interface CredentialSource {
    /**
     * The present value, read anew each time. Blocks on I/O; never call it from a reconcile.
     *
     * @throws io.sequin.data.ProblemException with a {@link CredentialProblem}; the message names Secret and key
     */
    SecretValue read(CredentialRef ref);
}
