package io.sequin.postgres.load.refusal;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Decides whether what a full pass did not find may be deleted; pure. */
public final class SweepGuard {
    /** So many rows may always go: of a small table a few are soon a large part. */
    static final long ALWAYS = 100;

    private static final int CODE_BYTES = 2;

    private SweepGuard() {}

    /**
     * One deletion.
     *
     * @param pass what tells this pass from all others of all data sets
     * @param gone rows that the pass did not find
     * @param rows all rows of the table that the list could bring: without those from before a {@code startDate}
     */
    public record Deletion(String table, String pass, long gone, long rows) {
        /** Fits this deletion only: another pass, or another number of rows, has another one. */
        public String code() {
            String what = pass + '\n' + table + '\n' + gone;
            byte[] digest = sha256().digest(what.getBytes(StandardCharsets.UTF_8));
            return table + "-" + HexFormat.of().formatHex(digest, 0, CODE_BYTES);
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /** Why it must wait for a person; empty where it may go on. */
    public static Optional<Problem> refuse(Deletion deletion, DeleteGuard guard) {
        boolean many = deletion.gone() > ALWAYS
                // as the share of whole rows: no rounding that lets more through
                && deletion.gone() * 100 > deletion.rows() * guard.maxPercent();
        if (!many || guard.confirm().filter(deletion.code()::equals).isPresent()) {
            return Optional.empty();
        }
        String text = "Table " + deletion.table() + ": " + deletion.gone() + " of " + deletion.rows()
                + " rows are gone at the source, more than spec.deleteGuard.maxPercent (" + guard.maxPercent()
                + "): nothing of it is deleted. If they are really gone, set spec.deleteGuard.confirm: "
                + deletion.code() + "; if not, look at the source's key and settings, then change spec.resync.token";
        return Optional.of(Problem.of(PostgresProblem.DELETES_NEED_CONFIRMATION, text));
    }
}
