package io.sequin.operator.kube;

import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;

/** What can be wrong with a manifest that the API server took, and with our own handling of it. */
public enum SpecProblem implements ProblemCode {
    /** A combination or a value that this version does not know. */
    INVALID_SPEC("InvalidSpec", Remedy.INVALID),
    /** Our own mistake; the log has more. */
    INTERNAL_ERROR("InternalError", Remedy.BUG);

    private final String reason;
    private final Remedy remedy;

    SpecProblem(String reason, Remedy remedy) {
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
